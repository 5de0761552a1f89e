package scenarios

import (
	"time"

	"seedbed.example/checkers"
	"seedbed.example/choice"
	"seedbed.example/experiment"
	"seedbed.example/history"
	"seedbed.example/network"
	"seedbed.example/protocols/paxos"
	"seedbed.example/sim"
)

// Paxos is single decrees, several beside each other, and clients that propose
// values of their own and read what was chosen.
func Paxos() *experiment.Scenario {
	return &experiment.Scenario{
		ID:       "paxos",
		Summary:  "single-decree Paxos, a decree for each key: one value is chosen, which somebody proposed, and stays",
		Model:    "consensus",
		Checkers: []string{"linearizability", "agreement", "invariants", "liveness"},
		Parameters: append(usually(storeParameters(experiment.Nodes(5, 1, 9)), map[string]string{"operations": "60", "span": "2s"}),
			experiment.OneOf("tuning", "timeouts and distances: drawn by each run; drawn so that servers outbid each other all the time; or fixed", "swarm", "duels", "fixed"),
		),
		Mistakes: paxos.Mistakes().Known(),
		Build:    buildPaxos,
	}
}

// paxosCluster is the scenario in one world.
type paxosCluster struct {
	*paxos.Invariants
	world     *sim.World
	nodes     []sim.NodeID
	far       network.Handle    // of what makes servers far from each other
	slots     map[string]uint64 // of decrees, in the order in which they were first decided; looked up only
	decisions []checkers.Decision
}

func buildPaxos(w *sim.World, values experiment.Values, planted string) experiment.Setup {
	c := &paxosCluster{world: w, slots: make(map[string]uint64)}
	c.Invariants = paxos.NewInvariants(values.Whole("nodes"), violatesAbout(w))
	rules := paxos.Correct()
	paxos.Mistakes().Plant(planted, rules)
	c.addServers(values, rules)
	clients := startWorkload(w, values, workload{open: c.open, mix: consensusMix, together: true, status: c.status})
	return clients.setup(experiment.Setup{
		Nodes:        c.nodes,
		Kinds:        []string{"Prepare", "Promise", "Accept", "Accepted", "Nack", "Chosen", "Reply"},
		Points:       paxos.Points(),
		Alternatives: paxos.Alternatives(),
		Check:        c.check,
		Heal:         func() { w.Network().Lift(c.far) }, // for so far, clients would wait too short a time
	})
}

func (c *paxosCluster) addServers(values experiment.Values, rules *paxos.Rules) {
	c.nodes = serverIDs(values)
	options := paxos.Options{Servers: c.nodes, Rules: rules, Observer: c}
	c.tune(&options, values)
	addServers(c.world, c.nodes, func() sim.Node { return paxos.New(options) })
}

// tune draws what would else be settings. Far from each other, servers take so
// long for a ballot that faults find it under way. Where they duel, they ask so
// soon what was chosen that several always outbid each other, and take the rarer
// ways often.
func (c *paxosCluster) tune(o *paxos.Options, values experiment.Values) {
	draw := tuning(c.world, values, "paxos")
	o.Retry = []time.Duration{20, 5, 50}[draw.N(3)] * time.Millisecond
	o.CatchUp = []time.Duration{100, 20, 1000}[draw.N(3)] * time.Millisecond
	if far := []time.Duration{0, 10, 60}[draw.N(3)] * time.Millisecond; far > 0 {
		latency := network.Exponential(time.Millisecond, far)
		c.far = c.world.Network().Impose(network.Condition{Latency: &latency})
	}
	if values["tuning"] == "duels" {
		o.Retry = []time.Duration{5, 20, 50}[draw.N(3)] * time.Millisecond
		o.CatchUp = []time.Duration{5, 20, 50}[draw.N(3)] * time.Millisecond
		for _, alternative := range paxos.Alternatives() {
			c.world.Buggify(alternative, choice.Rate(draw.N(3))*25*choice.Percent)
		}
	}
}

// open returns a client of the servers.
func (c *paxosCluster) open(p *sim.Process, patience patience) store {
	client := paxos.NewClient(p, c.nodes)
	client.Patience = patience.Patience
	return client
}

// status says how a server stands that is up.
func (c *paxosCluster) status(id sim.NodeID) string { return c.world.Node(id).(*paxos.Node).Status() }

// Learned implements [paxos.Observer]: it keeps what was learned, for the check
// of agreement at the end.
func (c *paxosCluster) Learned(node sim.NodeID, decree, value string) {
	c.Invariants.Learned(node, decree, value)
	slot, known := c.slots[decree]
	if !known {
		slot = uint64(len(c.slots) + 1)
		c.slots[decree] = slot
	}
	c.decisions = append(c.decisions, checkers.Decision{Who: c.world.Name(node), Slot: slot, Value: value})
}

// check judges the whole run: what clients were told is linearizable, and what
// servers have learned is one of the values that clients have proposed.
func (c *paxosCluster) check() (checkers.Verdict, []checkers.Violation) {
	verdict, found := experiment.Linearizable(c.world, "consensus")()
	var proposed []string
	for _, op := range c.world.History().Operations() {
		if in := op.Input.(history.Input); in.F == history.Propose {
			proposed = append(proposed, in.Value)
		}
	}
	if disagree := checkers.Agreement(proposed, c.decisions); len(disagree) > 0 {
		return checkers.Violated, append(found, disagree...)
	}
	return verdict, found
}
