package scenarios

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"seedbed.example/checkers"
	"seedbed.example/choice"
	"seedbed.example/experiment"
	"seedbed.example/protocols/outbox"
	"seedbed.example/protocols/rpc"
	"seedbed.example/protocols/saga"
	"seedbed.example/sim"
)

// Saga is orders that go through three services, and customers who place them.
func Saga() *experiment.Scenario {
	return &experiment.Scenario{
		ID:       "saga",
		Summary:  "orders as sagas over stock, payment and shipping: each is carried out wholly, or compensated",
		Checkers: []string{"compensation", "conservation", "effects", "always", "liveness"},
		Parameters: append(clientParameters(experiment.Nodes(6, 5, 13), 3, 12),
			experiment.OneOf("tuning", "how long a step may take, the broker's window and waits, how often logs are written anew, and how patient customers are: drawn by each run, or fixed", "swarm", "fixed"),
		),
		Mistakes: saga.Mistakes().Known(),
		Build:    buildSaga,
	}
}

// sagaCluster is the scenario in one world: the broker is node 1, then come the
// services, and all others are orchestrators.
type sagaCluster struct {
	world         *sim.World
	broker        sim.NodeID
	services      []sim.NodeID
	orchestrators []sim.NodeID
	begin         map[string]map[string]int64 // by service, what was where
	sagas         map[sim.NodeID]*saga.Sagas  // by orchestrator, as it has them
	placed        []string                    // every order that a customer has asked for
	accepted      []string                    // those of which one was told that they are known
}

func buildSaga(w *sim.World, values experiment.Values, planted string) experiment.Setup {
	c := &sagaCluster{world: w, sagas: make(map[sim.NodeID]*saga.Sagas)}
	rules := saga.Correct()
	saga.Mistakes().Plant(planted, rules)
	c.stockUp(values.Whole("operations"))
	c.addServers(values, rules)
	clients := startClients(w, values, workload{status: c.status, drained: c.drained}, c.customer)
	servers := slices.Concat([]sim.NodeID{c.broker}, c.services, c.orchestrators)
	return clients.setup(experiment.Setup{
		Nodes:        servers,
		Kinds:        outbox.Kinds(),
		Points:       outbox.Points(),
		Alternatives: outbox.Alternatives(),
		Core:         len(servers), // each keeps what no other has
		Check:        c.check,
	})
}

// What customers choose from.
var (
	items     = []string{"lamp", "chair"}
	customers = []string{"a", "b", "c"}
	couriers  = []string{"van", "bike"}
)

// stockUp gives the services so much that some of the orders must be refused:
// customer c has no money but what sold goods bring in.
func (c *sagaCluster) stockUp(orders int) {
	few, fewer := int64(1+orders/3), int64(1+orders/6)
	c.begin = map[string]map[string]int64{
		"stock":    {"lamp": few, "chair": fewer},
		"payment":  {"a": 20, "b": 10, "c": 0},
		"shipping": {"van": few, "bike": fewer},
	}
}

func (c *sagaCluster) addServers(values experiment.Values, rules *saga.Rules) {
	broker, options := tuneOutbox(c.world, values)
	c.broker = 1
	for id := c.broker + 1; len(c.services) < len(saga.Services()); id++ {
		c.services = append(c.services, id)
	}
	for id := c.services[len(c.services)-1] + 1; int(id) <= values.Whole("nodes"); id++ {
		c.orchestrators = append(c.orchestrators, id)
	}
	broker.Bindings = saga.Bindings(c.services, c.orchestrators)
	options.Broker = c.broker
	c.world.AddNode("broker", func() sim.Node { return outbox.NewBroker(broker) })
	for _, name := range saga.Services() {
		c.world.AddNode(name, func() sim.Node { return saga.NewParticipant(name, c.begin[name], rules, options) })
	}
	timeout := tuneSaga(c.world, values)
	for i, id := range c.orchestrators {
		c.world.Serve(fmt.Sprintf("orchestrator %d", i+1), saga.Orchestrator(saga.Options{
			Options: options, Saga: rules, Timeout: timeout,
			Watch: func(s *saga.Sagas) { c.sagas[id] = s },
		}))
	}
}

// tuneSaga draws how long a step may take before it is given up.
func tuneSaga(w *sim.World, values experiment.Values) time.Duration {
	return []time.Duration{300, 50, 10}[tuning(w, values, "saga").N(3)] * time.Millisecond
}

// customer places its share of the orders, and once the faults are over reads what
// has become of each.
func (c *sagaCluster) customer(l *workload, p *sim.Process, number int) {
	patience, draw := l.drawPatience(), p.Rand("order")
	orchestrator := c.orchestrators[number%len(c.orchestrators)]
	client := rpc.NewClient[*saga.Answer](p, []sim.NodeID{orchestrator}, nil)
	client.Patience = patience.Patience
	var mine []string
	l.spread(p, number, func(i int) {
		place, ok := drawOrder(draw, fmt.Sprintf("%d.%d", number+1, i+1))
		if !ok {
			return
		}
		mine, c.placed = append(mine, place.ID), append(c.placed, place.ID)
		for range 1 + patience.insists {
			op := p.Invoke(place)
			if answer, err := client.Ask(place, client.Begin()); err == nil {
				op.OK(answer)
				c.accepted = append(c.accepted, place.ID)
				return
			}
			op.Unknown()
		}
	})
	l.untilHealed(p)
	for _, id := range mine {
		op := p.Invoke(&saga.Read{ID: id})
		for {
			if answer, err := client.Ask(&saga.Read{ID: id}, client.Begin()); err == nil && answer.Status != saga.Pending {
				op.OK(answer)
				break
			}
			p.Sleep(20 * time.Millisecond)
		}
	}
	l.untilStill(p)
}

// drawOrder draws an order, or none.
func drawOrder(draw *choice.Stream, id string) (place *saga.Place, ok bool) {
	n := uint64(len(customers))
	price, buyer, seller := draw.N(16), draw.N(n), draw.N(n-1)
	return &saga.Place{Order: saga.Order{
		ID: id, Item: items[draw.N(uint64(len(items)))], Courier: couriers[draw.N(uint64(len(couriers)))],
		Price: int64(price), Buyer: customers[buyer], Seller: customers[(buyer+1+seller)%n],
	}}, price > 0
}

// drained reports whether all sagas have ended and no message is left to be sent
// or delivered.
func (c *sagaCluster) drained() bool {
	broker, up := c.world.Node(c.broker).(*outbox.Broker)
	if !up || broker.Pending() > 0 {
		return false
	}
	return !slices.ContainsFunc(c.services, func(id sim.NodeID) bool {
		s, up := c.world.Node(id).(*saga.Participant)
		return !up || s.Unsent() > 0
	}) && !slices.ContainsFunc(c.orchestrators, func(id sim.NodeID) bool {
		return !c.world.Up(id) || c.sagas[id] == nil || c.sagas[id].Unfinished() != nil
	})
}

// check judges what the servers have written down when all is over.
func (c *sagaCluster) check() (checkers.Verdict, []checkers.Violation) {
	found := checkers.AllOrCompensated(c.declared(), c.records())
	for i, name := range saga.Services() {
		total, reading := c.reading(i, name)
		found = append(found, checkers.Conserved(total, []checkers.Reading{reading})...)
	}
	found = append(found, checkers.Effects(c.promised(), nil, c.effects())...)
	return checkers.VerdictOf(found)
}

// participant returns a service.
func (c *sagaCluster) participant(i int) *saga.Participant {
	return c.world.Node(c.services[i]).(*saga.Participant)
}

// declared is all that any customer has asked for, known to an orchestrator or not.
func (c *sagaCluster) declared() (all []checkers.Saga) {
	for _, id := range c.placed {
		all = append(all, checkers.Saga{ID: id, Steps: saga.Services()})
	}
	return all
}

// records is what services have done and compensated.
func (c *sagaCluster) records() (all []checkers.SagaRecord) {
	for i, name := range saga.Services() {
		for _, e := range c.participant(i).Ledger.Journal {
			all = append(all, checkers.SagaRecord{Saga: e.Saga, Step: name, Compensated: e.Compensated})
		}
	}
	return all
}

// reading is what a service has where, and how much there was.
func (c *sagaCluster) reading(i int, name string) (total int64, r checkers.Reading) {
	ledger := c.participant(i).Ledger
	r.When = "at the end, " + name
	for _, place := range slices.Sorted(maps.Keys(ledger.Places)) {
		total += c.begin[name][place]
		r.Parts = append(r.Parts, checkers.Part{Name: place, Amount: ledger.Places[place]})
	}
	r.Parts = append(r.Parts, checkers.Part{Name: "held", Amount: ledger.Held()})
	return total, r
}

// promised is what must have happened once: each order that was accepted has
// ended, and each that has been shipped is done by every service.
func (c *sagaCluster) promised() (intents []string) {
	for _, id := range c.accepted {
		intents = append(intents, "the end of order "+id)
	}
	c.eachSaga(func(s *saga.Saga) {
		intents = append(intents, "the end of order "+s.ID)
		if s.Status() == saga.Shipped {
			for _, name := range saga.Services() {
				intents = append(intents, name+" of order "+s.ID)
			}
		}
	})
	return intents
}

// effects is what has happened.
func (c *sagaCluster) effects() (all []checkers.Effect) {
	c.eachSaga(func(s *saga.Saga) {
		if s.Ended() {
			all = append(all, checkers.Effect{Intent: "the end of order " + s.ID, Where: "its orchestrator"})
		}
	})
	for i, name := range saga.Services() {
		for _, id := range c.participant(i).Ledger.Standing() {
			all = append(all, checkers.Effect{Intent: name + " of order " + id, Where: name})
		}
	}
	return all
}

func (c *sagaCluster) eachSaga(f func(*saga.Saga)) {
	for _, id := range c.orchestrators {
		for _, s := range c.sagas[id].All() {
			f(s)
		}
	}
}

// status says how a server stands that is up.
func (c *sagaCluster) status(id sim.NodeID) string {
	switch node := c.world.Node(id).(type) {
	case *outbox.Broker:
		return fmt.Sprintf("%d messages are not acknowledged", node.Pending())
	case *saga.Participant:
		return fmt.Sprintf("%d are held, and %d messages to send", node.Ledger.Held(), node.Unsent())
	}
	waits := "waits in " + c.world.Waiting(id)
	if sagas := c.sagas[id]; sagas != nil && sagas.Unfinished() != nil {
		s := sagas.Unfinished()
		return fmt.Sprintf("order %s: %s, step %d; %s", s.ID, s.Phase, s.Step+1, waits)
	}
	return waits
}
