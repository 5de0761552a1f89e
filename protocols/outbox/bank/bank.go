// Package bank is services on transactional outboxes: banks that transfer money
// to each other by messages. A transfer leaves one bank at once, and reaches the
// other when its message does.
package bank

import (
	"fmt"

	"seedbed.example/protocols/outbox"
	"seedbed.example/sim"
)

// A Bank is one service.
type Bank struct {
	*outbox.Endpoint
	Books   Books
	env     sim.Env
	options outbox.Options
}

// New returns a bank that is about to boot. At its first boot it has so much.
func New(amount int64, o outbox.Options) *Bank {
	return &Bank{options: o, Books: NewBooks(amount)}
}

// Topic is where a bank hears of the credits that others give it.
func Topic(bank sim.NodeID) string { return fmt.Sprintf("bank %v", bank) }

// Start implements [sim.Node].
func (b *Bank) Start(env sim.Env) {
	b.env = env
	b.Endpoint = outbox.Open(env, &b.Books, b.credited, b.options)
}

// Receive implements [sim.Node].
func (b *Bank) Receive(from sim.NodeID, m sim.Message) {
	switch m := m.(type) {
	case *Transfer:
		b.env.Send(from, &Transferred{m.ID, b.transfer(m)})
	case *Read:
		b.env.Send(from, &Balance{b.Books.Amount})
	default:
		b.Endpoint.Receive(from, m)
	}
}

// transfer lets money leave, once, and reports whether it has. A refusal is for
// good as well: a request that was late on its way must not move money of which
// somebody was told that it stays.
func (b *Bank) transfer(m *Transfer) bool {
	if _, done := b.Books.Debited[m.ID]; done {
		return true
	}
	if _, refused := b.Books.Refused[m.ID]; refused {
		return false
	}
	if m.Amount > b.Books.Amount {
		b.env.Log("refuses %d for %s", m.Amount, m.ID)
		b.Commit(outbox.Transaction{Change: line(refuse, m.ID, m.Amount)})
		return false
	}
	b.env.Log("debits %d for %s", m.Amount, m.ID)
	b.Commit(outbox.Transaction{
		Change:   line(debit, m.ID, m.Amount),
		Messages: []outbox.Draft{{Topic: Topic(m.To), Body: line(credit, m.ID, m.Amount)}},
	})
	return true
}

// credited is what a message from another bank changes.
func (b *Bank) credited(m outbox.Message) outbox.Transaction {
	b.env.Log("takes in: %s", m.Body)
	return outbox.Transaction{Change: m.Body}
}
