package saga

import "fmt"

// An Order is what a customer asks for: a thing, paid for, and brought by a
// courier. Names are words without spaces.
type Order struct {
	ID      string `json:"id"`
	Item    string `json:"item"`
	Buyer   string `json:"buyer"`
	Seller  string `json:"seller"`
	Price   int64  `json:"price"`
	Courier string `json:"courier"`
}

// String returns the order as a trace tells it.
func (o Order) String() string {
	return fmt.Sprintf("order %s: a %s from %s for %s, at %d, by %s", o.ID, o.Item, o.Seller, o.Buyer, o.Price, o.Courier)
}

// Services are who carries out the steps of an order's saga, T1 to T3 in the
// paper's words, in that order. All three are the same [Participant]: each moves
// an amount from one place to another.
func Services() []string { return []string{"stock", "payment", "shipping"} }

// Where goods go, and couriers' time: the places that no order takes from.
const (
	Sold   = "sold"
	Booked = "booked"
)

// step is what an order is to do at each service.
func (o Order) step(service string) Command {
	c := Command{Action: Do, Saga: o.ID, Amount: 1}
	switch service {
	case "stock":
		c.From, c.To = o.Item, Sold
	case "payment":
		c.From, c.To, c.Amount = o.Buyer, o.Seller, o.Price
	default:
		c.From, c.To = o.Courier, Booked
	}
	return c
}

// A Status is how an order stands.
type Status string

// How an order may stand.
const (
	Unknown  Status = "not known" // to this orchestrator
	Pending  Status = "pending"
	Shipped  Status = "shipped"  // each step is done, for good
	Rejected Status = "rejected" // each step that was done is compensated
)

// What customers ask of an orchestrator, and what it answers.
type (
	// Place asks for an order to be carried out. It may be asked again, and happens once.
	Place struct{ Order }
	// Read asks how an order stands.
	Read struct{ ID string }
	// Answer answers both. Once an order is not [Unknown] it will not be again.
	Answer struct {
		ID     string
		Status Status
	}
)

// String returns what is asked, for traces.
func (p *Place) String() string { return "place " + p.Order.String() }

// String returns what is asked, for traces.
func (r *Read) String() string { return "read order " + r.ID }

// String returns the answer, for traces.
func (a *Answer) String() string { return fmt.Sprintf("order %s is %s", a.ID, a.Status) }
