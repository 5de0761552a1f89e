package scenarios

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"seedbed.example/checkers"
	"seedbed.example/choice"
	"seedbed.example/history"
	"seedbed.example/models"
	"seedbed.example/network"
	"seedbed.example/protocols/raft"
	"seedbed.example/protocols/raft/kv"
	"seedbed.example/sim"
	"seedbed.example/storage"
)

// ordinaryLatency and ordinaryDisk are a data centre on a good day: what holds
// while no fault worsens it.
var (
	ordinaryLatency = network.Exponential(200*time.Microsecond, 500*time.Microsecond)
	ordinaryDisk    = storage.Conditions{
		SyncLatency: storage.Latency{Least: 100 * time.Microsecond, Extra: 400 * time.Microsecond},
	}
)

// Raft is a key-value store on Raft, and clients that use it all at once.
func Raft() *Scenario {
	s := &Scenario{
		ID:       "raft",
		Summary:  "a replicated key-value store on Raft: linearizable, durable and alive under every fault",
		Model:    "kv",
		Checkers: []string{"linearizability", "durability", "invariants", "liveness"},
		Parameters: []Parameter{
			Nodes(5, 1, 9),
			{ID: "clients", Summary: "clients that ask at the same time", Default: "5", Whole: &Range[int]{1, 50}},
			{ID: "operations", Summary: "operations of all clients together", Default: "200", Whole: &Range[int]{1, 100_000}},
			{ID: "keys", Summary: "keys that they share", Default: "3", Whole: &Range[int]{1, 1000}},
			{ID: "span", Summary: "how long faults may strike", Default: "5s", Duration: &Range[time.Duration]{10 * time.Millisecond, time.Hour}},
			{ID: "bound", Summary: "within which every client must get on once the faults are over", Default: "30s", Duration: &Range[time.Duration]{time.Second, time.Hour}},
			Faults("swarm"),
			{ID: "reads", Summary: "how a leader makes sure that it may answer a read", Default: "index", OneOf: []string{"index", "lease", "log"}},
			{ID: "snapshot", Summary: "applied entries between snapshots", Default: "40", Whole: &Range[int]{1, 1_000_000}},
			{ID: "tuning", Summary: "whether each run draws its own sizes of batches, windows and chunks", Default: "swarm", OneOf: []string{"swarm", "fixed"}},
			{ID: "membership", Summary: "whether servers are replaced, and leadership is handed over, while clients go on", Default: "no", OneOf: []string{"no", "yes"}},
		},
		Build: buildRaft,
	}
	for _, m := range raft.Mistakes() {
		planted := Mistake{ID: m.ID, Summary: m.Summary, Source: m.Source, SeenBy: m.SeenBy}
		for _, need := range m.Needs {
			planted.Needs = append(planted.Needs, Choose{need[0], need[1]})
		}
		s.Mistakes = append(s.Mistakes, planted)
	}
	return s
}

// raftCluster is the scenario in one world.
type raftCluster struct {
	world   *sim.World
	values  Values
	nodes   []sim.NodeID
	clients []sim.NodeID
	healed  bool
	settled int // clients that have got on since
}

func buildRaft(w *sim.World, values Values, mistake string) *Experiment {
	c := &raftCluster{world: w, values: values}
	rules := raft.Correct()
	if m, ok := raft.FindMistake(mistake); ok {
		m.Plant(rules)
	}
	invariants := raft.NewInvariants(func(message string) { w.Violate("invariants", "%s", message) })
	c.addServers(rules, invariants)
	for i := range values.Whole("clients") {
		address := len(c.nodes) + i + 1
		c.clients = append(c.clients, w.Go(fmt.Sprintf("client %d", address), func(p *sim.Process) { c.client(p, i) }))
	}
	if values["membership"] == "yes" {
		w.Go("operator", c.operator)
	}
	return &Experiment{
		Nodes:   c.nodes,
		Kinds:   []string{"AppendEntries", "AppendEntriesReply", "RequestVote", "RequestVoteReply", "PreVote", "PreVoteReply", "InstallSnapshot", "Reply"},
		Core:    c.core(),
		Span:    values.Duration("span"),
		Bound:   values.Duration("bound"),
		Heal:    func() { c.healed = true },
		Done:    func() bool { return c.settled == len(c.clients) },
		Check:   c.check,
		Waiting: c.waiting,
	}
}

// core is how many servers can decide: a majority, or where membership changes
// and so any of them may be needed, all.
func (c *raftCluster) core() int {
	if c.values["membership"] == "yes" {
		return len(c.nodes)
	}
	return len(c.nodes)/2 + 1
}

func (c *raftCluster) addServers(rules *raft.Rules, observer raft.Observer) {
	for i := range c.values.Whole("nodes") {
		c.nodes = append(c.nodes, sim.NodeID(i+1))
	}
	options := raft.Options{
		Voters: c.nodes, Machine: kv.NewStore, SnapshotEvery: c.values.Whole("snapshot"), ChunkSize: 256,
		Reads: map[string]raft.ReadMode{"index": raft.ReadIndex, "lease": raft.ReadLease, "log": raft.ReadLog}[c.values["reads"]],
		Rules: rules, Observer: observer,
	}
	if c.values["tuning"] == "swarm" {
		c.tune(&options)
	}
	for _, id := range c.nodes {
		c.world.AddNode(fmt.Sprintf("node %v", id), func() sim.Node { return raft.New(options) })
	}
}

// tune draws what would else be settings: batches and windows of one make
// other races than large ones do.
func (c *raftCluster) tune(o *raft.Options) {
	draw := choice.NewStream(c.world.Choices(), "tuning", "raft")
	o.MaxEntries = []int{64, 1, 2, 8}[draw.N(4)]
	o.MaxInFlight = []int{8, 1, 2}[draw.N(3)]
	o.BatchDelay = []time.Duration{500 * time.Microsecond, time.Microsecond, 5 * time.Millisecond}[draw.N(3)]
	o.ChunkSize = []int{256, 64, 4096}[draw.N(3)]
	o.ElectionTimeout = []time.Duration{150, 50, 20}[draw.N(3)] * time.Millisecond
}

// tuneClient draws how patient the clients of this run are, and whether they
// stay with a server that answers.
func (c *raftCluster) tuneClient(client *kv.Client) {
	draw := choice.NewStream(c.world.Choices(), "tuning", "clients")
	client.Try = []time.Duration{100, 20, 5}[draw.N(3)] * time.Millisecond
	client.Roams = draw.N(2) == 1
}

// client asks for its share of the operations, spread over the time in which
// faults strike. After that it must get one more read answered.
func (c *raftCluster) client(p *sim.Process, number int) {
	store := kv.NewClient(p, c.nodes)
	if c.values["tuning"] == "swarm" {
		c.tuneClient(store)
	}
	draw := p.Rand("workload")
	share := c.values.Whole("operations") / c.values.Whole("clients")
	if number < c.values.Whole("operations")%c.values.Whole("clients") {
		share++
	}
	pace := c.values.Duration("span") / time.Duration(share+1)
	for i := range share {
		if !c.healed {
			p.Sleep(think(draw, pace))
		}
		c.operate(p, store, c.draw(draw, number, i))
	}
	for !c.healed {
		p.Sleep(c.values.Duration("span") - p.Elapsed() + time.Millisecond)
	}
	for key := 0; ; key = (key + 1) % c.values.Whole("keys") {
		if c.operate(p, store, history.Input{F: history.Read, Key: keyName(key)}) {
			c.settled++
			return
		}
	}
}

// think draws how long a client thinks before its next operation, pace on
// average: operations come in bursts, because races need them close together.
func think(draw *choice.Stream, pace time.Duration) time.Duration {
	if draw.N(5) > 0 {
		return draw.Between(0, pace/20)
	}
	return draw.Between(0, 10*pace*95/100)
}

// draw draws an operation whose value no other operation writes, so that a
// read tells which write it saw.
func (c *raftCluster) draw(draw *choice.Stream, client, i int) history.Input {
	key := keyName(int(draw.N(uint64(c.values.Whole("keys")))))
	name := func(client, i int) string { return fmt.Sprintf("%d.%d", len(c.nodes)+client+1, i+1) }
	value := name(client, i)
	switch draw.N(10) {
	default:
		return history.Input{F: history.Read, Key: key}
	case 4, 5, 6:
		return history.Input{F: history.Write, Key: key, Value: value}
	case 7, 8:
		return history.Input{F: history.Append, Key: key, Value: "+" + value}
	case 9:
		old := name(int(draw.N(uint64(c.values.Whole("clients")))), int(draw.N(uint64(i+1))))
		return history.Input{F: history.CAS, Key: key, Old: old, Value: value}
	}
}

func keyName(i int) string {
	if i < 26 {
		return string(rune('a' + i))
	}
	return "key" + strconv.Itoa(i)
}

// operate carries out one operation, puts it into the history, and reports
// whether it was answered.
func (c *raftCluster) operate(p *sim.Process, store *kv.Client, in history.Input) bool {
	op := p.Invoke(in)
	out, err := store.Do(in)
	switch err {
	case nil:
		op.OK(out)
	case kv.ErrNotDone:
		op.Failed()
	default:
		op.Unknown()
	}
	return err == nil
}

// operator replaces voters one at a time and hands leadership over.
func (c *raftCluster) operator(p *sim.Process) {
	draw := p.Rand("operations")
	for !c.healed {
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

// checkBudget is how much real time the linearizability of one run may take.
const checkBudget = 10 * time.Second

func (c *raftCluster) check() (checkers.Verdict, []checkers.Violation) {
	model, _ := models.Find("kv")
	result := checkers.Linearizable(c.world.History(), model, checkBudget)
	found := result.Violations()
	if result.Verdict != checkers.Holds {
		found = append(found, checkers.Durable(c.world.History())...)
	}
	return result.Verdict, found
}

// waiting says who waits for what.
func (c *raftCluster) waiting() string {
	var lines []string
	for _, id := range c.clients {
		if what := c.world.Waiting(id); what != "" {
			lines = append(lines, fmt.Sprintf("%s waits in %s", c.world.Name(id), what))
		}
	}
	for _, id := range c.nodes {
		line := fmt.Sprintf("node %v: ", id)
		switch node := c.world.Node(id).(type) {
		case *raft.Node:
			line += node.Status()
		default:
			line += "down"
			if reason := c.world.HaltReason(id); reason != nil {
				line += ", it halted: " + reason.Error()
			}
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}
