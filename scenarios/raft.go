package scenarios

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"seedbed.example/checkers"
	"seedbed.example/choice"
	"seedbed.example/experiment"
	"seedbed.example/history"
	"seedbed.example/protocols/raft"
	"seedbed.example/protocols/raft/kv"
	"seedbed.example/sim"
)

// Raft is a key-value store on Raft, and clients that use it all at once.
func Raft() *experiment.Scenario {
	s := &experiment.Scenario{
		ID:       "raft",
		Summary:  "a replicated key-value store on Raft: linearizable, durable and alive under every fault",
		Model:    "kv",
		Checkers: []string{"linearizability", "durability", "invariants", "liveness"},
		Parameters: []experiment.Parameter{
			experiment.Nodes(5, 1, 9),
			experiment.Size("clients", "clients that ask at the same time", 5, 1, 50),
			experiment.Size("operations", "operations of all clients together", 200, 1, 100_000),
			experiment.Size("keys", "keys that they share", 3, 1, 1000),
			experiment.Length("span", "how long faults may strike", 5*time.Second, 10*time.Millisecond, time.Hour),
			experiment.Length("bound", "within which every client must get on once the faults are over", 30*time.Second, time.Second, time.Hour),
			experiment.Faults("swarm"),
			experiment.OneOf("reads", "how a leader makes sure that it may answer a read", "index", "lease", "log"),
			experiment.Whole("snapshot", "applied entries between snapshots", 40, 1, 1_000_000),
			experiment.OneOf("tuning", "sizes of batches, windows and chunks, and timeouts: drawn by each run; drawn, but for batches and windows of one; or fixed", "swarm", "small", "fixed"),
			experiment.OneOf("membership", "whether servers are replaced, and leadership is handed over, while clients go on", "no", "yes"),
		},
		Build: buildRaft,
	}
	for _, m := range raft.Mistakes() {
		planted := experiment.Mistake{ID: m.ID, Summary: m.Summary, Source: m.Source, SeenBy: m.SeenBy}
		for _, need := range m.Needs {
			planted.Needs = append(planted.Needs, experiment.Choose{Parameter: need[0], Value: need[1]})
		}
		s.Mistakes = append(s.Mistakes, planted)
	}
	return s
}

// raftCluster is the scenario in one world.
type raftCluster struct {
	world   *sim.World
	values  experiment.Values
	nodes   []sim.NodeID
	clients []sim.NodeID
	healed  bool
	settled int // clients that have got on since
	insist  int // how often clients ask again for what they have given up on
}

func buildRaft(w *sim.World, values experiment.Values, mistake string) experiment.Setup {
	c := &raftCluster{world: w, values: values}
	w.DescribeWith(kv.Describe)
	rules := raft.Correct()
	if m, ok := raft.FindMistake(mistake); ok {
		m.Plant(rules)
	}
	invariants := raft.NewInvariants(func(property, message string) { w.Violate("invariants", property, "%s", message) })
	c.addServers(rules, invariants)
	for i := range values.Whole("clients") {
		c.clients = append(c.clients, w.Go(fmt.Sprintf("client %d", i+1), func(p *sim.Process) { c.client(p, i) }))
	}
	if values["membership"] == "yes" {
		w.Go("operator", c.operator)
	}
	return experiment.Setup{
		Nodes:        c.nodes,
		Kinds:        []string{"AppendEntries", "AppendEntriesReply", "RequestVote", "RequestVoteReply", "PreVote", "PreVoteReply", "InstallSnapshot", "Reply"},
		Points:       raft.Points(),
		Alternatives: raft.Alternatives(),
		Core:         c.core(),
		Span:         values.Duration("span"),
		Bound:        c.bound(),
		Heal:         func() { c.healed = true },
		Done:         func() bool { return c.settled == len(c.clients) },
		Check:        c.check,
		Waiting:      c.waiting,
	}
}

// bound is how long clients may take to get on. One that has very much left to
// ask for may take longer.
func (c *raftCluster) bound() time.Duration {
	const usual, each = 40, 500 * time.Millisecond
	more := c.values.Whole("operations")/c.values.Whole("clients") - usual
	return c.values.Duration("bound") + time.Duration(max(more, 0))*each
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
	if c.values["tuning"] != "fixed" {
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
	if c.values["tuning"] == "small" {
		o.MaxEntries, o.MaxInFlight = 1, 1
	}
}

// tuneClient draws how patient the clients of this run are, when they give up,
// whether they stay with a server that answers, and whether they ask again, as a
// new operation, for what they have given up on.
func (c *raftCluster) tuneClient(client *kv.Client) {
	draw := choice.NewStream(c.world.Choices(), "tuning", "clients")
	client.Try = []time.Duration{100, 20, 5}[draw.N(3)] * time.Millisecond
	client.Roams = draw.N(2) == 1
	client.Deadline = []time.Duration{1000, 500}[draw.N(2)] * time.Millisecond
	c.insist = int(draw.N(4) / 3)
}

// client asks for its share of the operations, spread over the time in which
// faults strike. After that it must get one more read answered, unless it never
// asked for anything. When and what it asks are choices of their own: an
// operation that is left out moves no other.
func (c *raftCluster) client(p *sim.Process, number int) {
	store := kv.NewClient(p, c.nodes)
	if c.values["tuning"] != "fixed" {
		c.tuneClient(store)
	}
	share := c.values.Whole("operations") / c.values.Whole("clients")
	if number < c.values.Whole("operations")%c.values.Whole("clients") {
		share++
	}
	operation := p.Rand("operation")
	saw := make(map[string]string) // of each key, when it last looked
	asked := false
	when := times{burst: p.Rand("burst"), pause: p.Rand("pause"), pace: c.values.Duration("span") / time.Duration(share+1)}
	for i := range share {
		if wait := when.next(i) - p.Elapsed(); wait > 0 && !c.healed {
			p.Sleep(wait)
		}
		if in, ok := c.ask(operation, number, i, saw); ok {
			c.operate(p, store, in, saw)
			asked = true
		}
	}
	if !asked {
		c.settled++
		return
	}
	for !c.healed {
		p.Sleep(c.values.Duration("span") - p.Elapsed() + time.Millisecond)
	}
	read := history.Input{F: history.Read, Key: keyName(0)}
	for op := p.Invoke(read); ; {
		if out, err := store.Do(read); err == nil {
			op.OK(out)
			c.settled++
			return
		}
	}
}

// times draws when a client asks: in bursts, because races need operations close
// together. The zero pauses are none, and each burst has a time of its own, so
// that nothing that comes later hangs on what was drawn before.
type times struct {
	burst, pause *choice.Stream
	pace         time.Duration // on average between two operations
	at           time.Duration
}

// burstSize is how many operations are close together.
const burstSize = 5

// next returns when the i-th operation is due, by the client's clock.
func (t *times) next(i int) time.Duration {
	if i%burstSize == 0 {
		t.at = time.Duration(i)*t.pace + t.burst.Between(0, burstSize*t.pace)
	} else {
		t.at += t.pause.Between(0, t.pace/20)
	}
	return t.at
}

// ask draws the i-th operation of a client, or none. Its value is one that no
// other operation writes, so that a read tells which write it saw.
func (c *raftCluster) ask(draw *choice.Stream, client, i int, saw map[string]string) (in history.Input, ok bool) {
	keys := uint64(c.values.Whole("keys"))
	drawn := draw.N(1 + 10*keys)
	if drawn == 0 {
		return in, false
	}
	key := keyName(int((drawn - 1) % keys))
	value := fmt.Sprintf("%d.%d", client+1, i+1)
	switch (drawn - 1) / keys {
	default:
		return history.Input{F: history.Read, Key: key}, true
	case 4, 5, 6:
		return history.Input{F: history.Write, Key: key, Value: value}, true
	case 7, 8:
		return history.Input{F: history.Append, Key: key, Value: "+" + value}, true
	case 9:
		return history.Input{F: history.CAS, Key: key, Old: saw[key], Value: value}, true
	}
}

func keyName(i int) string {
	if i < 26 {
		return string(rune('a' + i))
	}
	return "key" + strconv.Itoa(i)
}

// operate carries out one operation and puts it into the history. What the
// client now knows of the key is in saw. The store's client asks with one id,
// until it gives up; one that insists asks then again, with a new one.
func (c *raftCluster) operate(p *sim.Process, store *kv.Client, in history.Input, saw map[string]string) {
	for tries := 0; ; tries++ {
		op := p.Invoke(in)
		out, err := store.Do(in)
		switch err {
		case nil:
			op.OK(out)
			if in.F == history.Read {
				saw[in.Key] = out.Value
			}
			return
		case kv.ErrNotDone:
			op.Failed()
		default:
			op.Unknown()
		}
		if tries == c.insist {
			return
		}
	}
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

func (c *raftCluster) check() (checkers.Verdict, []checkers.Violation) {
	verdict, found := experiment.Linearizable(c.world, "kv")()
	if verdict != checkers.Holds {
		found = append(found, checkers.Durable(c.world.History())...)
	}
	return verdict, found
}

// waiting says who waits for what.
func (c *raftCluster) waiting() string {
	lines := experiment.WhoWaits(c.world, c.clients)
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
