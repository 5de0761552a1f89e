package scenarios

import (
	"fmt"
	"time"

	"seedbed.example/checkers"
	"seedbed.example/choice"
	"seedbed.example/experiment"
	"seedbed.example/protocols/replication/primarybackup"
	"seedbed.example/sim"
)

// PrimaryBackup is a key-value store that a primary and its backups keep, and
// clients that use it all at once. Faults strike the view service too.
func PrimaryBackup() *experiment.Scenario {
	return &experiment.Scenario{
		ID:       "primarybackup",
		Summary:  "a key-value store by primary and backups with a view service: linearizable and durable, unless its parameters promise less",
		Model:    "kv",
		Checkers: []string{"linearizability", "durability", "written", "convergence", "invariants", "liveness"},
		Parameters: append(storeParameters(experiment.Nodes(3, 1, 9)),
			experiment.OneOf("mode", "who must have an update before it is acknowledged: all backups of the view, one of them, or the primary alone, which may lose it", "sync", "semi-sync", "async"),
			experiment.OneOf("reads", "who answers reads: the primary once it has asked whether it still is, or any replica from what it has applied", "primary", "any"),
			experiment.Whole("snapshot", "applied entries after which the state is saved and the log cut", 40, 1, 1_000_000),
			experiment.OneOf("tuning", "sizes of messages, and timeouts: drawn by each run; or fixed", "swarm", "fixed"),
		),
		Mistakes: primarybackup.Mistakes().Known(),
		Besides:  1,
		Build:    buildPrimaryBackup,
	}
}

// viewService is the first server; the replicas follow.
const viewService sim.NodeID = 1

// primaryBackup is the scenario in one world.
type primaryBackup struct {
	world      *sim.World
	values     experiment.Values
	mode       primarybackup.Mode
	replicas   []sim.NodeID
	gone       sim.NodeID // it has failed for good; 0 while none has
	invariants *primarybackup.Invariants
}

func buildPrimaryBackup(w *sim.World, values experiment.Values, planted string) experiment.Setup {
	s := &primaryBackup{world: w, values: values, mode: map[string]primarybackup.Mode{
		"sync": primarybackup.Sync, "semi-sync": primarybackup.SemiSync, "async": primarybackup.Async,
	}[values["mode"]]}
	rules := primarybackup.Correct()
	primarybackup.Mistakes().Plant(planted, rules)
	s.invariants = primarybackup.NewInvariants(s.mode, violates(w))
	s.addServers(rules)
	mix := keyValueMix
	if values["reads"] == "any" {
		mix = versionMix
	}
	clients := startWorkload(w, values, workload{open: s.open, mix: mix, status: s.status, drained: s.quiet})
	servers := append([]sim.NodeID{viewService}, s.replicas...)
	setup := clients.setup(experiment.Setup{
		Nodes:        servers,
		Kinds:        []string{"Ping", "CurrentView", "Update", "Updated", "Gather", "Gathered", "Reply"},
		Points:       primarybackup.Points(),
		Alternatives: primarybackup.Alternatives(),
		Core:         len(servers), // any of them may be the only one that holds everything
		Check:        s.check(),
	})
	setup.Done = s.butOne(setup.Done)
	return setup
}

// butOne returns what asks for more: when all have got on, and rest, a replica may
// fail for good, and the others must get on without it. It fails alone: a view that
// begins while one does is left only once that is up again.
func (s *primaryBackup) butOne(allGotOn func() bool) (gotOn func() bool) {
	draw := choice.NewStream(s.world.Choices(), "primarybackup", "who fails for good at the end")
	const rest = time.Second // more than DeadAfter
	asked := len(s.replicas) == 1
	var restless time.Duration // until then not all had got on
	return func() bool {
		if restless == 0 || !allGotOn() {
			restless = s.world.Now()
			return false
		}
		if asked || s.world.Now() < restless+rest {
			return asked
		}
		asked = true
		if who := draw.N(uint64(len(s.replicas) + 1)); who > 0 {
			s.gone = s.replicas[who-1]
			s.world.Crash(s.gone)
		}
		return allGotOn()
	}
}

// open returns a client's session with the replicas.
func (s *primaryBackup) open(p *sim.Process, patience patience) store {
	client := primarybackup.NewClient(p, s.replicas)
	client.Patience = patience.Patience
	return client
}

func (s *primaryBackup) addServers(rules *primarybackup.Rules) {
	for i := range s.values.Whole("nodes") {
		s.replicas = append(s.replicas, viewService+sim.NodeID(i+1))
	}
	options := primarybackup.Options{
		ViewService: viewService, Replicas: s.replicas, Mode: s.mode, ReadsAny: s.values["reads"] == "any",
		SaveEvery: s.values.Whole("snapshot"), Rules: rules, Observer: s.invariants,
	}
	draw := tuning(s.world, s.values, "primarybackup")
	options.MaxEntries = []int{64, 1, 2, 8}[draw.N(4)]
	options.PingInterval = []time.Duration{20, 10, 50}[draw.N(3)] * time.Millisecond
	options.DeadAfter = []time.Duration{5, 3, 10}[draw.N(3)] * options.PingInterval
	s.world.AddNode("view service", func() sim.Node { return primarybackup.NewViewService(options) })
	for _, id := range s.replicas {
		s.world.AddNode(fmt.Sprintf("node %v", id), func() sim.Node { return primarybackup.New(options) })
	}
}

// replica returns a replica, nil while it is down.
func (s *primaryBackup) replica(id sim.NodeID) *primarybackup.Replica {
	n, _ := s.world.Node(id).(*primarybackup.Replica)
	return n
}

// status says how a server stands that is up.
func (s *primaryBackup) status(id sim.NodeID) string {
	return s.world.Node(id).(interface{ Status() string }).Status()
}

// quiet reports whether all replicas that can be are up, and in the view, and have
// applied equally much, with nothing under way.
func (s *primaryBackup) quiet() bool {
	service, _ := s.world.Node(viewService).(*primarybackup.ViewService)
	if service == nil || !service.Settled() {
		return false
	}
	view, members := service.View(), len(s.replicas)
	if s.gone != 0 {
		members--
	}
	if 1+len(view.Backups) != members {
		return false
	}
	var applied uint64
	for i, id := range append([]sim.NodeID{view.Primary}, view.Backups...) {
		n := s.replica(id)
		if n == nil || !n.Settled() || n.View().Number != view.Number {
			return false
		}
		index, _ := n.Applied()
		if i == 0 {
			applied = index
		}
		if index != applied {
			return false
		}
	}
	return true
}

// check returns a check of what is promised: that the store is linearizable and
// durable; or, where updates may be lost or reads old, that what is read was
// written. Always the replicas have converged.
func (s *primaryBackup) check() func() (checkers.Verdict, []checkers.Violation) {
	linearizable := checkStore(s.world, "kv")
	return func() (checkers.Verdict, []checkers.Violation) {
		if !s.mode.Lossless() {
			s.world.Sometimes("an acknowledged update was lost", s.invariants.Losses().Lost > 0)
		}
		found := checkers.Converged(s.states())
		if s.mode.Lossless() && s.values["reads"] == "primary" {
			verdict, broken := linearizable()
			if found = append(broken, found...); verdict != checkers.Holds {
				return verdict, found
			}
		} else {
			found = append(checkers.Written(s.world.History()), found...)
		}
		return checkers.VerdictOf(found)
	}
}

// states returns what the replicas hold.
func (s *primaryBackup) states() (all []checkers.Replica) {
	for _, id := range s.replicas {
		if n := s.replica(id); n != nil {
			_, values := n.Applied()
			all = append(all, checkers.Replica{Name: s.world.Name(id), State: values})
		}
	}
	return all
}
