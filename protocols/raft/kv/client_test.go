package kv_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"seedbed.example/choice"
	"seedbed.example/history"
	"seedbed.example/network"
	"seedbed.example/protocols/raft"
	"seedbed.example/protocols/raft/kv"
	"seedbed.example/sim"
)

// newStore returns three servers that keep a store.
func newStore(choices choice.Source, options func(*raft.Options)) (*sim.World, []sim.NodeID) {
	w := sim.NewWorld(sim.Options{Choices: choices})
	w.Network().SetLatency(network.Uniform(200*time.Microsecond, time.Millisecond))
	servers := []sim.NodeID{1, 2, 3}
	o := raft.Options{Voters: servers, Machine: kv.NewStore}
	if options != nil {
		options(&o)
	}
	for range servers {
		w.AddNode("server", func() sim.Node { return raft.New(o) })
	}
	return w, servers
}

// run lets one client do its work, to its end.
func run(t *testing.T, w *sim.World, work func(p *sim.Process)) {
	t.Helper()
	done := false
	w.Go("client", func(p *sim.Process) {
		work(p)
		done = true
	})
	if !w.RunWhile(func() bool { return !done }, w.Now()+time.Minute) {
		t.Fatalf("the client has not come to an end: %v", w.Violations())
	}
}

func TestAClientFindsTheLeader(t *testing.T) {
	w, servers := newStore(choice.Seed(1), nil)
	run(t, w, func(p *sim.Process) {
		c := kv.NewClient(p, servers)
		if _, err := c.Do(history.Input{F: history.Write, Key: "a", Value: "1"}); err != nil {
			t.Error(err)
		}
		out, err := c.Do(history.Input{F: history.Read, Key: "a"})
		if err != nil || out.Value != "1" || !out.Found {
			t.Error(out, err)
		}
	})
}

// redirecting is a server that knows who leads, or leads.
type redirecting struct {
	env    sim.Env
	leader sim.NodeID
	asked  *[]sim.NodeID
}

func (r *redirecting) Start(env sim.Env) { r.env = env }
func (r *redirecting) Receive(from sim.NodeID, _ sim.Message) {
	*r.asked = append(*r.asked, r.env.ID())
	if r.env.ID() != r.leader {
		r.env.Send(from, &raft.Reply{Status: raft.NotLeader, Leader: r.leader})
		return
	}
	r.env.Send(from, &raft.Reply{Session: 7, Result: []byte{0}})
}

func TestAClientGoesStraightToTheLeaderItIsToldOf(t *testing.T) {
	for leader := sim.NodeID(1); leader <= 5; leader++ {
		var asked []sim.NodeID
		w := sim.NewWorld(sim.Options{})
		var servers []sim.NodeID
		for range 5 {
			servers = append(servers, w.AddNode("server", func() sim.Node { return &redirecting{leader: leader, asked: &asked} }))
		}
		run(t, w, func(p *sim.Process) {
			if _, err := kv.NewClient(p, servers).Do(history.Input{F: history.Read, Key: "a"}); err != nil {
				t.Error(err)
			}
		})
		if len(asked) > 2 || asked[len(asked)-1] != leader {
			t.Errorf("leader %v: asked %v", leader, asked)
		}
	}
}

// Messages are lost and come twice, so requests are sent often, and servers
// crash and are restored from snapshots. Each append takes effect once.
func TestWhatAClientRetriesTakesEffectOnce(t *testing.T) {
	for seed := range choice.Seed(30) {
		w, servers := newStore(seed, func(o *raft.Options) { o.SnapshotEvery = 5 })
		w.Network().Impose(network.Condition{Loss: 10 * choice.Percent, Duplicate: 20 * choice.Percent, Reorder: 20 * choice.Percent})
		for i := range 10 {
			id := servers[i%len(servers)]
			w.At(time.Duration(i+1)*300*time.Millisecond, func() { w.Crash(id) })
			w.At(time.Duration(i+1)*300*time.Millisecond+100*time.Millisecond, func() { w.Restart(id) })
		}
		run(t, w, func(p *sim.Process) {
			c := kv.NewClient(p, servers)
			c.Try, c.Deadline = 20*time.Millisecond, 20*time.Second
			var want strings.Builder
			for i := range 100 {
				word := fmt.Sprint(" ", i)
				want.WriteString(word)
				if _, err := c.Do(history.Input{F: history.Append, Key: "a", Value: word}); err != nil {
					t.Fatal(err)
				}
			}
			if out, err := c.Do(history.Input{F: history.Read, Key: "a"}); out.Value != want.String() {
				t.Errorf("seed %d: %q, %v", seed, out.Value, err)
			}
		})
	}
}

func TestAClientSaysWhetherItMayHaveHadAnEffect(t *testing.T) {
	w, servers := newStore(choice.Seed(1), nil)
	write := history.Input{F: history.Write, Key: "a", Value: "1"}
	run(t, w, func(p *sim.Process) {
		c := kv.NewClient(p, servers)
		for _, id := range servers {
			w.Crash(id)
		}
		if _, err := c.Do(write); !errors.Is(err, kv.ErrNotDone) {
			t.Errorf("a write for which no session was to be had: %v", err)
		}
		if _, err := c.Do(history.Input{F: history.Read, Key: "a"}); !errors.Is(err, kv.ErrUnknown) {
			t.Errorf("a read that nobody answers: %v", err)
		}
		for _, id := range servers {
			w.Restart(id)
		}
		if _, err := c.Do(write); err != nil {
			t.Errorf("a write when all are up: %v", err)
		}
		for _, id := range servers {
			w.Crash(id)
		}
		if _, err := c.Do(write); !errors.Is(err, kv.ErrUnknown) {
			t.Errorf("a write that nobody answers: %v", err)
		}
	})
}

// The servers remember few sessions. A client whose session they have dropped
// does not know what became of its command, and goes on with a new one.
func TestAClientGoesOnWhenItsSessionIsGone(t *testing.T) {
	w, servers := newStore(choice.Seed(1), func(o *raft.Options) { o.MaxSessions = 1 })
	run(t, w, func(p *sim.Process) {
		append := func(c *kv.Client, value string) error {
			_, err := c.Do(history.Input{F: history.Append, Key: "a", Value: value})
			return err
		}
		one, other := kv.NewClient(p, servers), kv.NewClient(p, servers)
		if err := append(one, "1"); err != nil {
			t.Error(err)
		}
		if err := append(other, "2"); err != nil {
			t.Error(err)
		}
		if err := append(one, "3"); !errors.Is(err, kv.ErrUnknown) {
			t.Error("without its session:", err)
		}
		if err := append(one, "4"); err != nil {
			t.Error(err)
		}
		if out, err := one.Do(history.Input{F: history.Read, Key: "a"}); out.Value != "124" {
			t.Error(out, err)
		}
	})
}
