package bank

import (
	"fmt"

	"seedbed.example/sim"
)

// What clients ask of a bank, and what it answers.
type (
	// Transfer moves money to another bank. It may be asked for again under the
	// same id, and happens once.
	Transfer struct {
		ID     string
		To     sim.NodeID
		Amount int64
	}
	// Transferred answers a Transfer: it is done, or never will be, because the
	// bank had not so much.
	Transferred struct {
		ID   string
		Done bool
	}
	// Read asks how much the bank has.
	Read struct{}
	// Balance answers a Read.
	Balance struct{ Amount int64 }
)

// String returns what is asked, for traces.
func (t *Transfer) String() string {
	return fmt.Sprintf("transfer %s: %d to node %v", t.ID, t.Amount, t.To)
}

// String returns the answer, for traces.
func (t *Transferred) String() string {
	if t.Done {
		return "transfer " + t.ID + " is done"
	}
	return "transfer " + t.ID + " is refused: there is not so much"
}

// String returns what is asked, for traces.
func (*Read) String() string { return "read the balance" }

// String returns the answer, for traces.
func (b *Balance) String() string { return fmt.Sprint("the balance is ", b.Amount) }
