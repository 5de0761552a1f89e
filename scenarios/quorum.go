package scenarios

import (
	"time"

	"seedbed.example/checkers"
	"seedbed.example/experiment"
	"seedbed.example/protocols/replication/quorum"
	"seedbed.example/sim"
)

// Quorum is registers on replicas without a leader, and clients that use them all
// at once.
func Quorum() *experiment.Scenario {
	return &experiment.Scenario{
		ID:       "quorum",
		Summary:  "registers on replicas without a leader (ABD): linearizable, durable and alive while quorums meet",
		Model:    "register",
		Checkers: []string{"linearizability", "durability", "written", "invariants", "liveness"},
		Parameters: append(storeParameters(experiment.Nodes(3, 1, 9)),
			experiment.Whole("r", "replicas in a read quorum, at most all; 0 for a majority. If r + w is not more than the replicas, all that is promised is that what is read was written", 0, 0, 9),
			experiment.Whole("w", "replicas in a write quorum, at most all; 0 for a majority", 0, 0, 9),
			experiment.Size("compact", "records on disk that are out of date before a log is written anew", 20, 1, 1_000_000),
			experiment.OneOf("tuning", "when replicas forget a phase, and how clients wait: drawn by each run, or fixed", "swarm", "fixed"),
		),
		Mistakes: quorum.Mistakes().Known(),
		Build:    buildQuorum,
	}
}

// quorumReplicas is the scenario in one world.
type quorumReplicas struct {
	world *sim.World
	rules *quorum.Rules
	nodes []sim.NodeID
}

func buildQuorum(w *sim.World, values experiment.Values, planted string) experiment.Setup {
	c := &quorumReplicas{world: w, rules: quorum.Correct()}
	c.nodes = serverIDs(values)
	options := quorum.Options{
		Replicas: c.nodes, R: values.Whole("r"), W: values.Whole("w"), Compact: values.Whole("compact"), Rules: c.rules,
	}
	check, meet := checkStore(w, "register"), options.Meet()
	quorum.Mistakes().Plant(planted, c.rules)
	if meet {
		options.Observer = quorum.NewInvariants(violatesAbout(w))
	} else {
		check = func() (checkers.Verdict, []checkers.Violation) {
			return checkers.VerdictOf(checkers.Written(w.History()))
		}
	}
	options.GiveUp = []time.Duration{1000, 100}[tuning(w, values, "quorum").N(2)] * time.Millisecond
	addServers(w, c.nodes, func() sim.Node { return quorum.New(options) })
	l := startWorkload(w, values, workload{open: c.open, notDone: quorum.ErrNotDone, mix: registerMix, status: c.status})
	return l.setup(experiment.Setup{
		Nodes:        c.nodes,
		Kinds:        []string{"Get", "GetReply", "Put", "PutReply", "Found", "Propagated"},
		Points:       quorum.Points(),
		Alternatives: quorum.Alternatives(),
		Core:         options.Core(),
		Check:        check,
	})
}

// open returns a client's session with the replicas.
func (c *quorumReplicas) open(p *sim.Process, patience patience) store {
	client := quorum.NewClient(p, c.nodes, c.rules)
	client.Patience = patience.Patience
	return client
}

// status says how a replica stands that is up.
func (c *quorumReplicas) status(id sim.NodeID) string {
	return c.world.Node(id).(*quorum.Replica).Status()
}
