package outbox

import (
	"fmt"

	"seedbed.example/sim"
)

// An ID says which message it is, however often it arrives.
type ID struct {
	Topic    string     `json:"topic"`    // who is to have it, see [Binding]
	Source   sim.NodeID `json:"source"`   // the service that it is from
	Sequence uint64     `json:"sequence"` // its number among those of this source and topic, from 1 without a gap
}

// A Message is what one service tells others.
type Message struct {
	ID
	Body string `json:"body"`
}

// String returns the message as a trace tells it.
func (m Message) String() string { return fmt.Sprintf("%v: %s", m.ID, m.Body) }

// String returns "2#1 to bank 3": source, sequence, topic.
func (id ID) String() string { return fmt.Sprintf("%v#%d to %s", id.Source, id.Sequence, id.Topic) }

// What goes between services and the broker. They are sent by pointer and never
// changed afterwards.
type (
	// Publish asks the broker to take a message.
	Publish struct{ Message }
	// Published says that the broker has it on its disk.
	Published struct{ ID }
	// Deliver hands a message to a consumer.
	Deliver struct {
		Number uint64 // by which the broker knows it from now on
		Message
	}
	// Acknowledge says that the consumer needs it no more.
	Acknowledge struct{ Number uint64 }
)
