package raft

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"seedbed.example/choice"
	"seedbed.example/internal/stories"
	"seedbed.example/protocols/replog"
	"seedbed.example/sim"
)

// words is a state machine that remembers every command, in order, and answers
// with all of them.
type words []string

func newWords() StateMachine { return &words{} }

func (w *words) Apply(command []byte) []byte {
	*w = append(*w, string(command))
	return w.Snapshot()
}
func (w *words) Query([]byte) []byte { return w.Snapshot() }
func (w *words) Snapshot() []byte    { return []byte(strings.Join(*w, " ")) }
func (w *words) Restore(snapshot []byte) error {
	*w = strings.Fields(string(snapshot))
	return nil
}

// cluster is servers numbered from 1, in a world where a message takes 1 ms and
// a disk no time. The invariants watch.
type cluster struct {
	*stories.Stage
	session Propose // what the client has last proposed
}

// newCluster returns servers that are about to boot. Nil choices are the
// calmest, and options may be nil.
func newCluster(servers int, choices choice.Source, options func(*Options)) *cluster {
	return newClusterIn(sim.NewWorld(sim.Options{Choices: choices}), servers, options)
}

func newClusterIn(w *sim.World, servers int, options func(*Options)) *cluster {
	c := &cluster{Stage: stories.NewStage(w, servers)}
	o := Options{
		Voters: c.Servers, Machine: newWords,
		Observer: NewInvariants(func(property, message string) { c.Violate("invariants", property, "%s", message) }),
	}
	if options != nil {
		options(&o)
	}
	for _, id := range c.Servers {
		c.AddNode(fmt.Sprintf("node %v", id), func() sim.Node { return New(o) })
	}
	return c
}

// newLedCluster returns a cluster that has elected server 1.
func newLedCluster(t testing.TB, servers int, options func(*Options)) *cluster {
	t.Helper()
	c := newCluster(servers, nil, options)
	c.RunFor(200 * time.Millisecond)
	expect(t, "leader", c.leader(), 1)
	return c
}

// server returns a server that is up.
func (c *cluster) server(id sim.NodeID) *Node { return c.Node(id).(*Node) }

// leader returns who leads the latest term, 0 if nobody does.
func (c *cluster) leader() sim.NodeID {
	var latest uint64
	var who sim.NodeID
	for _, id := range c.Servers {
		if n, up := c.Node(id).(*Node); up && n.role == leader && n.term > latest {
			latest, who = n.term, id
		}
	}
	return who
}

// writeLog makes a server that has not booted find entries of these terms.
func (c *cluster) writeLog(id sim.NodeID, term uint64, terms ...uint64) error {
	log, err := replog.Open(c.Disk(id), encodeTerm(term, 0))
	if err != nil {
		return err
	}
	for i, of := range terms {
		log.Append(Entry{Index: uint64(i + 1), Term: of})
	}
	return log.Sync()
}

// ask lets a client ask a server, and returns its answer; nil if there is none
// within 100 ms.
func (c *cluster) ask(to sim.NodeID, m sim.Message) *Reply {
	reply, _ := c.Call(to, m).(*Reply)
	return reply
}

// open opens a session for later proposals.
func (c *cluster) open(to sim.NodeID) *Reply {
	reply := c.ask(to, &OpenSession{})
	if reply != nil {
		c.session = Propose{Session: reply.Session}
	}
	return reply
}

// propose lets the session's next command be a word.
func (c *cluster) propose(to sim.NodeID, word string) *Reply {
	c.session.Sequence++
	c.session.Command = []byte(word)
	return c.again(to)
}

// again sends the last proposal once more.
func (c *cluster) again(to sim.NodeID) *Reply {
	m := c.session
	return c.ask(to, &m)
}

// expectHolds fails if an invariant was broken, or servers that are up have
// applied different words.
func (c *cluster) expectHolds(t rapid.TB) {
	t.Helper()
	expect(t, "violations", c.Violations(), nil)
	longest := ""
	for _, id := range c.Servers {
		if n, up := c.Node(id).(*Node); up {
			state := string(n.machine.state.Snapshot())
			if len(state) > len(longest) {
				longest, state = state, longest
			}
			if !strings.HasPrefix(longest, state) {
				t.Errorf("servers have applied %q and %q", longest, state)
			}
		}
	}
}

func expect[T any](t rapid.TB, what string, got, want T) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}
