package outbox

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"seedbed.example/protocols/backoff"
	"seedbed.example/protocols/wal"
	"seedbed.example/sim"
)

// A Binding says that a consumer is to have what is published on a topic.
type Binding struct {
	Topic    string
	Consumer sim.NodeID
}

// BrokerOptions are a broker's settings.
type BrokerOptions struct {
	Bindings   []Binding
	Prefetch   int           // how many messages may be under way to a consumer. Default 4
	Redelivery time.Duration // the least time after which one is delivered again. Default 30 ms
	Compacts   int           // the log is written anew every so many records. Default 64
}

// A Broker keeps messages on its disk until their consumers acknowledge them. It
// delivers each at least once, in the order of publication as far as the network
// keeps it, and knows nothing of what it has been sent twice.
type Broker struct {
	options BrokerOptions
	env     sim.Env
	log     *wal.Log
	records int
	queues  []*queue
	next    uint64 // number of the next message
}

// A queue is what one consumer has not acknowledged yet.
type queue struct {
	consumer sim.NodeID
	pending  []pending // in order
	timer    sim.Timer
	waits    *backoff.Backoff
	wait     time.Duration // until the next redelivery; 0: the timer is not set
}

type pending struct {
	number  uint64
	message Message
	sent    time.Duration // when last, by the monotonic clock
	tries   int           // since the broker's boot
}

// A brokerRecord is one of a broker's log.
type brokerRecord struct {
	Next     uint64     `json:"next,omitempty"`     // the number of the next message
	Number   uint64     `json:"number,omitempty"`   // of the message that follows
	Message  *Message   `json:"message,omitempty"`  // was published
	To       sim.NodeID `json:"to,omitempty"`       // for this consumer; 0: for all that are bound
	Consumer sim.NodeID `json:"consumer,omitempty"` // has acknowledged
	Done     uint64     `json:"done,omitempty"`     // this number
}

// NewBroker returns a broker that is about to boot.
func NewBroker(o BrokerOptions) *Broker {
	if o.Prefetch == 0 {
		o.Prefetch = 4
	}
	if o.Redelivery == 0 {
		o.Redelivery = 30 * time.Millisecond
	}
	if o.Compacts == 0 {
		o.Compacts = 64
	}
	return &Broker{options: o, next: 1}
}

// Start implements [sim.Node].
func (b *Broker) Start(env sim.Env) {
	b.env = env
	for _, binding := range b.options.Bindings {
		if b.queue(binding.Consumer) == nil {
			b.addQueue(binding.Consumer)
		}
	}
	log, payloads, err := wal.Open(env.Disk(), "broker")
	b.must(err)
	b.log, b.records = log, len(payloads)
	for i, payload := range payloads {
		var r brokerRecord
		if err := json.Unmarshal(payload, &r); err != nil {
			env.Halt(fmt.Errorf("record %d: %w", i+1, err))
		}
		b.take(r)
	}
	for _, q := range b.queues {
		b.deliver(q)
	}
}

func (b *Broker) addQueue(consumer sim.NodeID) {
	q := &queue{
		consumer: consumer,
		waits:    backoff.New(b.env.Rand(fmt.Sprintf("redelivery to %v", consumer)), b.options.Redelivery, 20*b.options.Redelivery),
	}
	q.timer = b.env.NewTimer(func() { b.redeliver(q) })
	b.queues = append(b.queues, q)
}

func (b *Broker) queue(consumer sim.NodeID) *queue {
	for _, q := range b.queues {
		if q.consumer == consumer {
			return q
		}
	}
	return nil
}

// Receive implements [sim.Node].
func (b *Broker) Receive(from sim.NodeID, m sim.Message) {
	switch m := m.(type) {
	case *Publish:
		b.publish(from, m)
	case *Acknowledge:
		b.acknowledged(from, m.Number)
	}
}

// publish takes a message: durably, before it says so or delivers it.
func (b *Broker) publish(from sim.NodeID, m *Publish) {
	r := brokerRecord{Number: b.next, Message: &m.Message}
	b.append(r)
	b.env.Point(messageWritten)
	b.must(b.log.Sync())
	b.env.Point(messageSynced)
	b.take(r)
	b.env.Send(from, &Published{m.ID})
	for _, q := range b.queues {
		b.deliver(q)
	}
	b.compact()
}

// acknowledged forgets a message that its consumer needs no more. That need not
// be durable: after a crash it is delivered again, which it may be at any time.
func (b *Broker) acknowledged(from sim.NodeID, number uint64) {
	q := b.queue(from)
	if q == nil || !slices.ContainsFunc(q.pending, func(p pending) bool { return p.number == number }) {
		return
	}
	r := brokerRecord{Consumer: from, Done: number}
	b.append(r)
	b.take(r)
	q.waits.Reset()
	b.deliver(q)
	b.compact()
}

// take brings what is in memory to where it is after a record.
func (b *Broker) take(r brokerRecord) {
	if r.Message != nil {
		for _, binding := range b.options.Bindings {
			if binding.Topic == r.Message.Topic && (r.To == 0 || r.To == binding.Consumer) {
				q := b.queue(binding.Consumer)
				q.pending = append(q.pending, pending{number: r.Number, message: *r.Message})
			}
		}
	}
	b.next = max(b.next, r.Next, r.Number+1)
	if q := b.queue(r.Consumer); q != nil {
		q.pending = slices.DeleteFunc(q.pending, func(p pending) bool { return p.number == r.Done })
	}
}

// window is which messages may be under way.
func (b *Broker) window(q *queue) []pending {
	return q.pending[:min(b.options.Prefetch, len(q.pending))]
}

// deliver sends what has come into a queue's window.
func (b *Broker) deliver(q *queue) {
	window := b.window(q)
	for i := range window {
		if window[i].tries == 0 {
			b.send(q, &window[i])
			if b.env.Buggify(deliverTwice) {
				b.send(q, &window[i])
			}
		}
	}
	if len(window) > 0 && q.wait == 0 {
		b.await(q)
	}
}

// redeliver sends once more what has not been acknowledged for so long.
func (b *Broker) redeliver(q *queue) {
	window := b.window(q)
	for i := range window {
		if b.env.Elapsed()-window[i].sent >= q.wait {
			b.env.Sometimes("a message is delivered for the third time", window[i].tries == 2)
			b.send(q, &window[i])
		}
	}
	if q.wait = 0; len(window) > 0 {
		b.await(q)
	}
}

func (b *Broker) send(q *queue, p *pending) {
	p.sent, p.tries = b.env.Elapsed(), p.tries+1
	b.env.Send(q.consumer, &Deliver{p.number, p.message})
}

func (b *Broker) await(q *queue) {
	q.wait = q.waits.Next()
	q.timer.Reset(q.wait)
}

// append hands a record to the disk.
func (b *Broker) append(r brokerRecord) {
	b.put(r)
	b.must(b.log.Write())
}

// put adds a record to the log.
func (b *Broker) put(r brokerRecord) {
	payload, err := json.Marshal(r)
	b.must(err)
	b.log.Append(payload)
	b.records++
}

// compact starts a new log of what is still pending, if the old one has grown
// long. Numbers are never used again: an acknowledgement may come late.
func (b *Broker) compact() {
	if b.records < max(b.options.Compacts, 2*b.Pending()) && !b.env.Buggify(compactEarly) {
		return
	}
	b.must(b.log.Replace(func() {
		b.records = 0
		b.put(brokerRecord{Next: b.next})
		for _, q := range b.queues {
			for i := range q.pending {
				b.put(brokerRecord{Number: q.pending[i].number, Message: &q.pending[i].message, To: q.consumer})
			}
		}
	}))
}

func (b *Broker) must(err error) {
	if err != nil {
		b.env.Halt(err)
	}
}

// Pending returns how many messages are not acknowledged yet, each counted for
// every consumer that is to have it.
func (b *Broker) Pending() int {
	n := 0
	for _, q := range b.queues {
		n += len(q.pending)
	}
	return n
}

// State implements [sim.Stated].
func (b *Broker) State() sim.State {
	own := uint64(0)
	for _, q := range b.queues {
		own = own<<2 | uint64(min(len(q.pending), 3))
	}
	return sim.State{Own: own}
}
