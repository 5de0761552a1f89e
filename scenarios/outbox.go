package scenarios

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"seedbed.example/checkers"
	"seedbed.example/experiment"
	"seedbed.example/protocols/outbox"
	"seedbed.example/protocols/outbox/bank"
	"seedbed.example/protocols/rpc"
	"seedbed.example/sim"
)

// Outbox is banks that transfer money to each other through a broker, and
// clients that ask them to.
func Outbox() *experiment.Scenario {
	return &experiment.Scenario{
		ID:       "outbox",
		Summary:  "services with transactional outboxes and inboxes over an at-least-once broker: each message takes effect exactly once",
		Checkers: []string{"effects", "conservation", "liveness"},
		Parameters: append(clientParameters(experiment.Nodes(3, 3, 9), 3, 40),
			experiment.OneOf("tuning", "the broker's window and waits, how often logs are written anew, and how patient clients are: drawn by each run, or fixed", "swarm", "fixed"),
		),
		Mistakes: outbox.Mistakes().Known(),
		Build:    buildOutbox,
	}
}

// deposit is what each bank has in the beginning.
const deposit = 100

// outboxCluster is the scenario in one world: the broker is node 1, and all others
// are banks.
type outboxCluster struct {
	world    *sim.World
	broker   sim.NodeID
	banks    []sim.NodeID
	answered []string // transfers of which a client was told that they are done
	refused  []string // and those of which one was told that they never will be
}

func buildOutbox(w *sim.World, values experiment.Values, planted string) experiment.Setup {
	c := &outboxCluster{world: w}
	rules := outbox.Correct()
	outbox.Mistakes().Plant(planted, rules)
	c.addServers(values, rules)
	clients := startClients(w, values, workload{status: c.status, drained: c.drained}, c.client)
	servers := append([]sim.NodeID{c.broker}, c.banks...)
	return clients.setup(experiment.Setup{
		Nodes:        servers,
		Kinds:        outbox.Kinds(),
		Points:       outbox.Points(),
		Alternatives: outbox.Alternatives(),
		Core:         len(servers), // each bank keeps what no other has
		Check:        c.check,
	})
}

func (c *outboxCluster) addServers(values experiment.Values, rules *outbox.Rules) {
	c.broker = 1
	broker, options := tuneOutbox(c.world, values)
	options.Broker, options.Rules = c.broker, rules
	for id := c.broker + 1; len(c.banks) < values.Whole("nodes")-1; id++ {
		c.banks = append(c.banks, id)
		broker.Bindings = append(broker.Bindings, outbox.Binding{Topic: bank.Topic(id), Consumer: id})
	}
	c.world.AddNode("broker", func() sim.Node { return outbox.NewBroker(broker) })
	for i := range c.banks {
		c.world.AddNode(fmt.Sprintf("bank %d", i+1), func() sim.Node { return bank.New(deposit, options) })
	}
}

// tuneOutbox draws what would else be settings of a broker and its services.
func tuneOutbox(w *sim.World, values experiment.Values) (outbox.BrokerOptions, outbox.Options) {
	draw := tuning(w, values, "outbox")
	broker := outbox.BrokerOptions{
		Prefetch:   []int{4, 1, 16}[draw.N(3)],
		Redelivery: []time.Duration{30, 5, 100}[draw.N(3)] * time.Millisecond,
		Compacts:   []int{64, 8}[draw.N(2)],
	}
	return broker, outbox.Options{Compacts: []int{64, 8}[draw.N(2)]}
}

// client asks banks for its share of the transfers, and once the faults are over
// for one balance.
func (c *outboxCluster) client(l *workload, p *sim.Process, number int) {
	patience, draw := l.drawPatience(), p.Rand("transfer")
	to := make(map[sim.NodeID]*rpc.Client[sim.Message])
	for _, id := range c.banks {
		to[id] = rpc.NewClient[sim.Message](p, []sim.NodeID{id}, nil)
		to[id].Patience = patience.Patience
	}
	l.spread(p, number, func(i int) {
		banks := uint64(len(c.banks))
		from, other, amount := draw.N(banks), draw.N(banks-1), draw.N(10)
		if amount == 0 {
			return
		}
		transfer := &bank.Transfer{
			ID: fmt.Sprintf("%d.%d", number+1, i+1), To: c.banks[(from+1+other)%banks], Amount: int64(amount),
		}
		for range 1 + patience.insists {
			op := p.Invoke(transfer)
			answer, err := to[c.banks[from]].Ask(transfer, to[c.banks[from]].Begin())
			if err != nil {
				op.Unknown()
				continue
			}
			if op.OK(answer); answer.(*bank.Transferred).Done {
				c.answered = append(c.answered, transfer.ID)
			} else {
				c.refused = append(c.refused, transfer.ID)
			}
			return
		}
	})
	l.untilHealed(p)
	first := to[c.banks[0]]
	op := p.Invoke(&bank.Read{})
	for {
		if answer, err := first.Ask(&bank.Read{}, first.Begin()); err == nil {
			op.OK(answer)
			break
		}
	}
	l.untilStill(p)
}

// drained reports whether no message is left to be sent or delivered.
func (c *outboxCluster) drained() bool {
	broker, up := c.world.Node(c.broker).(*outbox.Broker)
	if !up || broker.Pending() > 0 {
		return false
	}
	return !slices.ContainsFunc(c.banks, func(id sim.NodeID) bool {
		b, up := c.world.Node(id).(*bank.Bank)
		return !up || b.Unsent() > 0
	})
}

// check judges what the banks' books say when all has been delivered: each
// transfer that went out came in once, none was refused, and no money was made or
// lost.
func (c *outboxCluster) check() (checkers.Verdict, []checkers.Violation) {
	committed := slices.Clone(c.answered)
	var effects []checkers.Effect
	reading := checkers.Reading{When: "when all was delivered"}
	for _, id := range c.banks {
		name, books := c.world.Name(id), c.world.Node(id).(*bank.Bank).Books
		committed = slices.AppendSeq(committed, maps.Keys(books.Debited))
		for _, entry := range books.Credits {
			effects = append(effects, checkers.Effect{Intent: entry.ID, Where: name})
		}
		reading.Parts = append(reading.Parts, checkers.Part{Name: name, Amount: books.Amount})
	}
	committed = slices.DeleteFunc(committed, func(id string) bool { return slices.Contains(c.refused, id) })
	slices.Sort(committed)
	found := checkers.Effects(committed, nil, effects)
	found = append(found, checkers.Conserved(int64(deposit*len(c.banks)), []checkers.Reading{reading})...)
	return checkers.VerdictOf(found)
}

// status says how a server stands that is up.
func (c *outboxCluster) status(id sim.NodeID) string {
	if id == c.broker {
		return fmt.Sprintf("%d messages are not acknowledged", c.world.Node(id).(*outbox.Broker).Pending())
	}
	b := c.world.Node(id).(*bank.Bank)
	return fmt.Sprintf("has %d, and %d messages to send", b.Books.Amount, b.Unsent())
}
