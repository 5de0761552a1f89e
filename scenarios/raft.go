package scenarios

import (
	"slices"
	"time"

	"seedbed.example/choice"
	"seedbed.example/experiment"
	"seedbed.example/protocols/raft"
	"seedbed.example/protocols/raft/kv"
	"seedbed.example/sim"
)

// Raft is a key-value store on Raft, and clients that use it all at once.
func Raft() *experiment.Scenario {
	return &experiment.Scenario{
		ID:       "raft",
		Summary:  "a replicated key-value store on Raft: linearizable, durable and alive under every fault",
		Model:    "kv",
		Checkers: []string{"linearizability", "durability", "invariants", "liveness"},
		Parameters: append(storeParameters(experiment.Nodes(5, 1, 9)),
			experiment.OneOf("reads", "how a leader makes sure that it may answer a read", "index", "lease", "log"),
			experiment.Size("snapshot", "applied entries between snapshots", 40, 1, 1_000_000),
			experiment.OneOf("tuning", "sizes of batches, windows and chunks, and timeouts: drawn by each run; drawn, but for batches and windows of one; or fixed", "swarm", "small", "fixed"),
			experiment.OneOf("membership", "whether servers are replaced, and leadership is handed over, while clients go on", "no", "yes"),
		),
		Mistakes: raft.Mistakes().Known(),
		Build:    buildRaft,
	}
}

// raftCluster is the scenario in one world.
type raftCluster struct {
	world    *sim.World
	values   experiment.Values
	nodes    []sim.NodeID
	workload *workload
}

func buildRaft(w *sim.World, values experiment.Values, planted string) experiment.Setup {
	c := &raftCluster{world: w, values: values}
	w.DescribeWith(kv.Describe)
	rules := raft.Correct()
	raft.Mistakes().Plant(planted, rules)
	c.addServers(rules, raft.NewInvariants(violates(w)))
	c.workload = startWorkload(w, values, workload{open: c.open, notDone: kv.ErrNotDone, mix: keyValueMix, status: c.status})
	if values["membership"] == "yes" {
		w.Go("operator", c.operator)
	}
	return c.workload.setup(experiment.Setup{
		Nodes:        c.nodes,
		Kinds:        []string{"AppendEntries", "AppendEntriesReply", "RequestVote", "RequestVoteReply", "PreVote", "PreVoteReply", "InstallSnapshot", "Reply"},
		Points:       raft.Points(),
		Alternatives: raft.Alternatives(),
		Core:         c.core(),
		Check:        checkStore(w, "kv"),
	})
}

// open returns a client's session with the servers.
func (c *raftCluster) open(p *sim.Process, patience patience) store {
	client := kv.NewClient(p, c.nodes)
	client.Patience = patience.Patience
	return client
}

// status says how a server stands that is up.
func (c *raftCluster) status(id sim.NodeID) string { return c.world.Node(id).(*raft.Node).Status() }

// core is how many servers can decide: a majority, or where membership changes
// and so any of them may be needed, all.
func (c *raftCluster) core() int {
	if c.values["membership"] == "yes" {
		return len(c.nodes)
	}
	return len(c.nodes)/2 + 1
}

func (c *raftCluster) addServers(rules *raft.Rules, observer raft.Observer) {
	c.nodes = serverIDs(c.values)
	options := raft.Options{
		Voters: c.nodes, Machine: kv.NewStore, SnapshotEvery: c.values.Whole("snapshot"),
		Reads: map[string]raft.ReadMode{"index": raft.ReadIndex, "lease": raft.ReadLease, "log": raft.ReadLog}[c.values["reads"]],
		Rules: rules, Observer: observer,
	}
	c.tune(&options)
	addServers(c.world, c.nodes, func() sim.Node { return raft.New(options) })
}

// tune draws what would else be settings: batches and windows of one make
// other races than large ones do.
func (c *raftCluster) tune(o *raft.Options) {
	draw := tuning(c.world, c.values, "raft")
	o.MaxEntries = []int{64, 1, 2, 8}[draw.N(4)]
	o.MaxInFlight = []int{8, 1, 2}[draw.N(3)]
	o.BatchDelay = []time.Duration{500 * time.Microsecond, time.Microsecond, 5 * time.Millisecond}[draw.N(3)]
	o.ChunkSize = []int{256, 64, 4096}[draw.N(3)]
	o.ElectionTimeout = []time.Duration{150, 50, 20}[draw.N(3)] * time.Millisecond
	if c.values["tuning"] == "small" {
		o.MaxEntries, o.MaxInFlight = 1, 1
	}
}

// operator replaces voters one at a time and hands leadership over.
func (c *raftCluster) operator(p *sim.Process) {
	draw := p.Rand("operations")
	for !c.workload.healed {
		p.Sleep(draw.Between(100*time.Millisecond, time.Second))
		var m sim.Message = &raft.TransferLeadership{Target: c.nodes[draw.N(uint64(len(c.nodes)))]}
		if draw.N(3) > 0 {
			m = c.drawMembership(draw)
		}
		c.command(p, draw, m)
	}
}

// drawMembership draws a majority of the servers or more as voters; some of
// the others learn.
func (c *raftCluster) drawMembership(draw *choice.Stream) *raft.ChangeMembership {
	voters := slices.Clone(c.nodes)
	var learners []sim.NodeID
	for len(voters) > len(c.nodes)/2+1 && draw.N(2) == 1 {
		i := int(draw.N(uint64(len(voters))))
		if draw.N(2) == 1 {
			learners = append(learners, voters[i])
		}
		voters = slices.Delete(voters, i, i+1)
	}
	slices.Sort(learners)
	return &raft.ChangeMembership{Voters: voters, Learners: learners}
}

// command asks servers in turn until one takes m, and returns the last answer.
func (c *raftCluster) command(p *sim.Process, draw *choice.Stream, m sim.Message) raft.Status {
	status := raft.NotLeader
	for range c.nodes {
		answer, err := p.Call(c.nodes[draw.N(uint64(len(c.nodes)))], m, 200*time.Millisecond)
		if err != nil {
			continue
		}
		if status = answer.(*raft.Reply).Status; status != raft.NotLeader {
			return status
		}
	}
	return status
}
