package bank

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

// Books are what a bank keeps: how much it has, and what has moved it.
type Books struct {
	Amount  int64            `json:"amount"`
	Debited map[string]int64 `json:"debited"` // transfers that went out, by id
	Refused map[string]int64 `json:"refused"` // those for which there was not so much
	Credits []Entry          `json:"credits"` // those that came in, in order
}

// An Entry is what a transfer has brought.
type Entry struct {
	ID     string `json:"id"`
	Amount int64  `json:"amount"`
}

// A change of the books is a line: "debit 1.2 10", "refuse 1.2 10" or
// "credit 1.2 10". Credit is also what a bank tells the other one.
const (
	debit  = "debit"
	refuse = "refuse"
	credit = "credit"
)

// NewBooks returns the books of a bank that has so much.
func NewBooks(amount int64) Books {
	return Books{Amount: amount, Debited: make(map[string]int64), Refused: make(map[string]int64)}
}

func line(kind, id string, amount int64) string { return fmt.Sprintf("%s %s %d", kind, id, amount) }

func parse(text string) (kind string, e Entry, err error) {
	fields := strings.Fields(text)
	if len(fields) != 3 || fields[0] != debit && fields[0] != refuse && fields[0] != credit {
		return "", Entry{}, fmt.Errorf("%q: want debit, refuse or credit, an id and an amount", text)
	}
	e = Entry{ID: fields[1]}
	e.Amount, err = strconv.ParseInt(fields[2], 10, 64)
	return fields[0], e, err
}

// Apply implements [outbox.State].
func (b *Books) Apply(change string) error {
	kind, e, err := parse(change)
	switch {
	case err != nil:
		return err
	case kind == credit:
		b.Amount += e.Amount
		b.Credits = append(b.Credits, e)
	case kind == refuse:
		b.Refused[e.ID] = e.Amount
	default:
		b.Amount -= e.Amount
		b.Debited[e.ID] = e.Amount
	}
	return nil
}

// Snapshot implements [outbox.State].
func (b *Books) Snapshot() string {
	text, err := json.Marshal(b)
	if err != nil {
		panic(err) // numbers and text have a form
	}
	return string(text)
}

// Restore implements [outbox.State].
func (b *Books) Restore(snapshot string) error {
	*b = NewBooks(0)
	return json.Unmarshal([]byte(snapshot), b)
}
