package rpc_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"seedbed.example/choice"
	"seedbed.example/network"
	"seedbed.example/protocols/rpc"
	"seedbed.example/sim"
)

// Ask is a request; Reply answers it.
type (
	Ask   struct{ Number int }
	Reply struct {
		Meaning rpc.Meaning
		Who     sim.NodeID
		Number  int
	}
)

func meaning(r *Reply) (rpc.Meaning, sim.NodeID) { return r.Meaning, r.Who }

// server answers by a function, which is told how many requests came before.
type server struct {
	env    sim.Env
	came   int
	answer func(before int) *Reply
	asked  *[]sim.NodeID
}

func (s *server) Start(env sim.Env) { s.env = env }

func (s *server) Receive(from sim.NodeID, m sim.Message) {
	*s.asked = append(*s.asked, s.env.ID())
	if reply := s.answer(s.came); reply != nil {
		reply.Number = m.(Ask).Number
		s.env.Send(from, reply)
	}
	s.came++
}

// world is servers that answer by these functions, and whom they saw asked.
func world(choices choice.Source, answers ...func(before int) *Reply) (*sim.World, []sim.NodeID, *[]sim.NodeID) {
	w := sim.NewWorld(sim.Options{Choices: choices})
	var servers, asked []sim.NodeID
	for _, answer := range answers {
		servers = append(servers, w.AddNode("server", func() sim.Node { return &server{answer: answer, asked: &asked} }))
	}
	return w, servers, &asked
}

// ask lets a client, whose first server is the second, ask so many times until
// it has no answer, and returns how the last went.
func ask(t *testing.T, w *sim.World, servers []sim.NodeID, times int) (reply *Reply, took time.Duration, err error) {
	t.Helper()
	for len(w.Clients()) == 0 || int(w.Clients()[len(w.Clients())-1]+1)%len(servers) != 1 {
		w.Go("nobody", func(*sim.Process) {})
	}
	done := false
	w.Go("client", func(p *sim.Process) {
		c := rpc.NewClient(p, servers, meaning)
		start := p.Elapsed()
		for i := 0; i < times && err == nil; i++ {
			reply, err = c.Ask(Ask{i}, c.Begin())
		}
		took, done = p.Elapsed()-start, true
	})
	if !w.RunWhile(func() bool { return !done }, w.Now()+time.Minute) {
		t.Fatal("the client has not come to an end")
	}
	return reply, took, err
}

func answers(int) *Reply { return &Reply{} }
func silent(int) *Reply  { return nil }
func names(who sim.NodeID) func(int) *Reply {
	return func(int) *Reply { return &Reply{Meaning: rpc.NotMe, Who: who} }
}

// then does one thing first, and another ever after.
func then(first, later func(int) *Reply) func(int) *Reply {
	return func(before int) *Reply {
		if before == 0 {
			return first(before)
		}
		return later(before)
	}
}

func TestWhomAClientAsks(t *testing.T) {
	busyTwice := func(before int) *Reply {
		if before < 2 {
			return &Reply{Meaning: rpc.Busy}
		}
		return &Reply{}
	}
	for name, c := range map[string]struct {
		servers []func(int) *Reply
		asked   []sim.NodeID
	}{
		"the first answers":                 {[]func(int) *Reply{silent, answers, silent}, []sim.NodeID{2}},
		"one that is silent":                {[]func(int) *Reply{silent, silent, answers}, []sim.NodeID{2, 3}},
		"one that names another":            {[]func(int) *Reply{answers, names(1), silent}, []sim.NodeID{2, 1}},
		"one that names nobody":             {[]func(int) *Reply{silent, names(0), answers}, []sim.NodeID{2, 3}},
		"one that names a stranger":         {[]func(int) *Reply{silent, names(9), answers}, []sim.NodeID{2, 3}},
		"one that names itself":             {[]func(int) *Reply{silent, names(2), answers}, []sim.NodeID{2, 3}},
		"two that name each other":          {[]func(int) *Reply{names(2), names(1), answers}, []sim.NodeID{2, 1, 3}},
		"a word that leads to one who died": {[]func(int) *Reply{silent, then(names(1), answers), names(2)}, []sim.NodeID{2, 1, 3, 2}},
		"one that is busy":                  {[]func(int) *Reply{silent, busyTwice, silent}, []sim.NodeID{2, 2, 2}},
	} {
		w, servers, asked := world(choice.Seed(1), c.servers...)
		if reply, _, err := ask(t, w, servers, 1); err != nil || reply.Number != 0 || !slices.Equal(*asked, c.asked) {
			t.Errorf("%s: asked %v, want %v: %v, %v", name, *asked, c.asked, reply, err)
		}
	}
}

// Where the last answer came from the next request goes, and if that server can
// serve no more, its word is followed like the first.
func TestAClientStaysWhereItHadAnAnswer(t *testing.T) {
	moved := func(before int) *Reply { // it serves twice, then 2 does
		if before < 2 {
			return &Reply{}
		}
		return &Reply{Meaning: rpc.NotMe, Who: 2}
	}
	w, servers, asked := world(choice.Seed(1), moved, then(names(1), answers), silent)
	if reply, _, err := ask(t, w, servers, 3); err != nil || reply.Number != 2 || !slices.Equal(*asked, []sim.NodeID{2, 1, 1, 1, 2}) {
		t.Errorf("asked %v: %v, %v", *asked, reply, err)
	}
}

// A client gives up at its deadline, and by one try at the most after it.
func TestAClientGivesUpAtItsDeadline(t *testing.T) {
	for name, answer := range map[string]func(int) *Reply{
		"silence": silent, "nobody's": names(0), "always busy": func(int) *Reply { return &Reply{Meaning: rpc.Busy} },
	} {
		for seed := range choice.Seed(20) {
			w, servers, asked := world(seed, answer, answer, answer)
			_, took, err := ask(t, w, servers, 1)
			if !errors.Is(err, rpc.ErrUnknown) || took < time.Second || took > 1250*time.Millisecond {
				t.Errorf("%s: %v after %v", name, err, took)
			}
			if slices.Sort(*asked); name != "always busy" && len(slices.Compact(*asked)) != 3 {
				t.Errorf("%s: asked only %v", name, *asked)
			}
		}
	}
}

// Requests and answers are lost and come twice, and only one server serves. A
// client that insists gets an answer, and it is the one to its request.
func TestAClientGetsAnAnswerThroughAnyNetwork(t *testing.T) {
	for seed := range choice.Seed(50) {
		w, servers, _ := world(seed, names(3), names(2), answers)
		w.Network().SetLatency(network.Uniform(time.Millisecond, 50*time.Millisecond))
		w.Network().Impose(network.Condition{Loss: 30 * choice.Percent, Duplicate: 30 * choice.Percent, Reorder: 30 * choice.Percent})
		answered := 0
		w.Go("client", func(p *sim.Process) {
			c := rpc.NewClient(p, servers, meaning)
			for i := range 20 {
				c.Roams = i%5 == 0
				reply, err := c.Ask(Ask{i}, c.Begin())
				for err != nil {
					reply, err = c.Ask(Ask{i}, c.Begin())
				}
				if reply.Number != i || reply.Meaning != rpc.Answered {
					t.Errorf("seed %d, request %d: %v, %v", seed, i, reply, err)
					return
				}
				answered++
			}
		})
		w.RunFor(10 * time.Minute)
		if answered != 20 {
			t.Errorf("seed %d: %d answers", seed, answered)
		}
	}
}

// A client that roams begins its operations at every server; another stays where it
// had an answer.
func TestAClientThatRoamsBeginsAnywhere(t *testing.T) {
	for _, roams := range []bool{false, true} {
		w, servers, asked := world(choice.Seed(1), answers, answers, answers)
		w.Go("client", func(p *sim.Process) {
			c := rpc.NewClient[*Reply](p, servers, nil)
			c.Roams = roams
			for i := range 30 {
				if _, err := c.Ask(Ask{i}, c.Begin()); err != nil {
					t.Error(err)
				}
			}
		})
		w.RunFor(time.Minute)
		slices.Sort(*asked)
		if begun := len(slices.Compact(*asked)); (begun == 3) != roams || len(*asked) != 30 {
			t.Errorf("roams %v: began at %d servers, %d requests", roams, begun, len(*asked))
		}
	}
}
