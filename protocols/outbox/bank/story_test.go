package bank_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"

	"seedbed.example/internal/stories"
	"seedbed.example/protocols/outbox"
	"seedbed.example/protocols/outbox/bank"
	"seedbed.example/sim"
)

// A story is a file under testdata that teaches a part of the outbox: commands,
// and what comes of them. Beside the commands of [stories.Stage.Command]
// there are
//
//	banks N                a broker, which is server 1, and N banks that have 100 each,
//	                       with mistake=ID
//	transfer FROM TO N ID  a client asks a bank for a transfer; it waits for the answer
//	                       up to 100 ms
//	books                  what each bank has, and what is still to be sent and delivered
type story struct{ *stories.Stage }

func TestStories(t *testing.T) { stories.Run(t, (*story).command) }

func (s *story) command(t *testing.T, d *datadriven.TestData) string {
	words := stories.Words(d)
	server := func(i int) sim.NodeID { return stories.Number[sim.NodeID](t, words[i]) }
	switch d.Cmd {
	case "banks":
		return s.begin(t, d, stories.Number[int](t, words[0]))
	case "transfer":
		return s.TellAnswer(s.Call(server(0), &bank.Transfer{To: server(1), Amount: stories.Number[int64](t, words[2]), ID: words[3]}))
	case "books":
		return s.books()
	default:
		return s.Command(t, d)
	}
}

func (s *story) begin(t *testing.T, d *datadriven.TestData, banks int) string {
	s.Stage = stories.NewStage(sim.NewWorld(sim.Options{Record: true}), 1+banks)
	s.TellByName()
	options := outbox.Options{Broker: 1, Rules: stories.Plant(t, d, outbox.Mistakes(), outbox.Correct())}
	var broker outbox.BrokerOptions
	for _, id := range s.Servers[1:] {
		broker.Bindings = append(broker.Bindings, outbox.Binding{Topic: bank.Topic(id), Consumer: id})
	}
	s.AddNode("broker", func() sim.Node { return outbox.NewBroker(broker) })
	for _, id := range s.Servers[1:] {
		s.AddNode(fmt.Sprintf("bank %v", id), func() sim.Node { return bank.New(100, options) })
	}
	s.RunFor(0)
	return s.Tell()
}

func (s *story) books() string {
	var b strings.Builder
	if broker, up := s.Node(1).(*outbox.Broker); up {
		fmt.Fprintf(&b, "broker: %d to be acknowledged\n", broker.Pending())
	} else {
		fmt.Fprintln(&b, "broker: down")
	}
	for _, id := range s.Servers[1:] {
		if node, up := s.Node(id).(*bank.Bank); up {
			fmt.Fprintf(&b, "%s: has %d, %d to be sent\n", s.Name(id), node.Books.Amount, node.Unsent())
		} else {
			fmt.Fprintf(&b, "%s: down\n", s.Name(id))
		}
	}
	return b.String()
}
