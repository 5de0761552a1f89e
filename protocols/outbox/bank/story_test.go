package bank_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"

	"seedbed.example/internal/stories"
	"seedbed.example/protocols/outbox"
	"seedbed.example/protocols/outbox/bank"
	"seedbed.example/sim"
)

// A story is a file under testdata that teaches a part of the outbox: commands,
// and what comes of them. go test -run Stories -rewrite writes the latter anew.
// Beside the commands of a [stories.Stage] there are
//
//	banks N                a broker, which is server 1, and N banks that have 100 each,
//	                       with mistake=ID
//	transfer FROM TO N ID  a client asks a bank for a transfer; it waits for the answer
//	                       up to 100 ms
//	books                  what each bank has, and what is still to be sent and delivered
type story struct {
	*stories.Stage
	banks int
}

func TestStories(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("no stories", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			s := &story{}
			datadriven.RunTest(t, file, s.command)
		})
	}
}

func (s *story) command(t *testing.T, d *datadriven.TestData) string {
	number := func(i int) int { return stories.Number(t, d.CmdArgs[i].Key) }
	switch d.Cmd {
	case "banks":
		s.begin(t, d, number(0))
	case "transfer":
		heard := s.Ask(sim.NodeID(number(0)), &bank.Transfer{To: sim.NodeID(number(1)), Amount: int64(number(2)), ID: d.CmdArgs[3].Key})
		return s.Tell() + heard
	case "books":
		return s.books()
	default:
		if !s.Command(t, d) {
			d.Fatalf(t, "no such command: %s", d.Cmd)
		}
	}
	return s.Tell()
}

func (s *story) begin(t *testing.T, d *datadriven.TestData, banks int) {
	s.banks, s.Stage = banks, stories.NewStage(1+banks)
	options := outbox.Options{Broker: 1, Rules: outbox.Correct()}
	var mistake string
	if d.MaybeScanArgs(t, "mistake", &mistake) && !outbox.Mistakes().Plant(mistake, options.Rules) {
		d.Fatalf(t, "no such mistake: %s", mistake)
	}
	var broker outbox.BrokerOptions
	for i := range banks {
		broker.Bindings = append(broker.Bindings, outbox.Binding{Topic: bank.Topic(sim.NodeID(i + 2)), Consumer: sim.NodeID(i + 2)})
	}
	s.AddNode("broker", func() sim.Node { return outbox.NewBroker(broker) })
	for i := range banks {
		s.AddNode(fmt.Sprintf("bank %d", i+2), func() sim.Node { return bank.New(100, options) })
	}
	s.RunFor(0)
}

func (s *story) books() string {
	var b strings.Builder
	if broker, up := s.Node(1).(*outbox.Broker); up {
		fmt.Fprintf(&b, "broker: %d to be acknowledged\n", broker.Pending())
	} else {
		fmt.Fprintln(&b, "broker: down")
	}
	for i := range s.banks {
		id := sim.NodeID(i + 2)
		if node, up := s.Node(id).(*bank.Bank); up {
			fmt.Fprintf(&b, "%s: has %d, %d to be sent\n", s.Name(id), node.Books.Amount, node.Unsent())
		} else {
			fmt.Fprintf(&b, "%s: down\n", s.Name(id))
		}
	}
	return b.String()
}
