package sim_test

import (
	"slices"
	"testing"
	"time"

	"seedbed.example/choice"
	"seedbed.example/network"
	"seedbed.example/sim"
)

func TestACrashStrikesAtAPointInTheMidstOfAHandler(t *testing.T) {
	w := sim.NewWorld(sim.Options{})
	var steps []string
	server := w.AddNode("server", func() sim.Node {
		return &node{start: func(env sim.Env) {
			env.After(time.Second, func() {
				for _, step := range []string{"written", "synced", "written"} {
					steps = append(steps, step)
					env.Point(step)
				}
				steps = append(steps, "answered")
			})
		}}
	})
	var when time.Duration
	w.WhenPasses(server, 2, "written", func(now time.Duration) {
		when = now
		w.CrashAt(now, server)
	})
	w.WhenPasses(server, 2, "synced", func(time.Duration) { t.Error("it was passed once") })
	w.RunFor(2 * time.Second)
	if want := []string{"written", "synced", "written"}; !slices.Equal(steps, want) || w.Up(server) || when != time.Second {
		t.Errorf("steps %v, up %v, at %v; want %v, down, at 1s", steps, w.Up(server), when, want)
	}
}

func TestAPointThatIsCalledOffDoesNothing(t *testing.T) {
	w := sim.NewWorld(sim.Options{})
	server := w.AddNode("server", func() sim.Node {
		return &node{start: func(env sim.Env) { env.After(time.Second, func() { env.Point("here") }) }}
	})
	callOff := w.WhenPasses(server, 1, "here", func(time.Duration) { t.Error("it has happened") })
	w.WhenSends(server, 1, "here", func(time.Duration) { t.Error("a point was taken for a message") })
	callOff()
	w.RunFor(2 * time.Second)
}

func TestAProcessHasPointsAndAlternativesToo(t *testing.T) {
	w := sim.NewWorld(sim.Options{Choices: choice.Seed(1)})
	defer w.Close()
	w.Buggify("hurry", choice.Always)
	boots, hurried := 0, false
	client := w.Go("client", func(p *sim.Process) {
		boots++
		hurried = p.Buggify("hurry") && !p.Buggify("dawdle")
		p.Sleep(time.Second)
		p.Point("woken")
		if boots == 1 {
			t.Error("it went on beyond the point")
		}
	})
	w.WhenPasses(client, 1, "woken", func(now time.Duration) { w.CrashAt(now, client) })
	w.At(2*time.Second, func() { w.Restart(client) })
	w.RunFor(5 * time.Second)
	if boots != 2 || !hurried || !w.Finished(client) {
		t.Errorf("%d boots, hurried %v, finished %v", boots, hurried, w.Finished(client))
	}
}

// Nobody waits, and no alternative is on: both cost no memory.
func TestPointsAndAlternativesAllocateNothing(t *testing.T) {
	w := sim.NewWorld(sim.Options{})
	var env sim.Env
	w.AddNode("server", func() sim.Node { return &node{start: func(e sim.Env) { env = e }} })
	w.RunFor(0)
	if allocs := testing.AllocsPerRun(1000, func() {
		env.Point("here")
		if env.Buggify("small batch") {
			t.Error("an alternative is taken that nobody has turned on")
		}
	}); allocs > 0 {
		t.Errorf("%v allocations", allocs)
	}
}

// A point or an alternative that code names, and nobody uses, changes no run.
func TestNamingAPointChangesNothing(t *testing.T) {
	run := func(name func(env sim.Env)) sim.Hash {
		w := sim.NewWorld(sim.Options{Choices: choice.Seed(1), Record: true})
		w.Network().SetLatency(network.Uniform(time.Millisecond, 5*time.Millisecond))
		echo := w.AddNode("echo", func() sim.Node {
			return &node{receive: func(env sim.Env, from sim.NodeID, m sim.Message) { name(env); env.Send(from, m) }}
		})
		w.AddNode("starter", func() sim.Node {
			return &node{start: func(env sim.Env) { env.Send(echo, "go") }, receive: func(env sim.Env, from sim.NodeID, m sim.Message) { env.Send(from, m) }}
		})
		w.RunFor(time.Second)
		return w.Hash()
	}
	plain := run(func(sim.Env) {})
	if named := run(func(env sim.Env) { env.Point("received"); env.Buggify("answer twice") }); named != plain {
		t.Errorf("the hash is %v, and %v without the names", named, plain)
	}
}

func TestAlternativesAreTakenAtTheirRate(t *testing.T) {
	w := sim.NewWorld(sim.Options{Choices: choice.Seed(1), Record: true})
	w.Buggify("small batch", 30*choice.Percent)
	taken := map[string]int{}
	w.AddNode("server", func() sim.Node {
		return &node{start: func(env sim.Env) {
			for range 1000 {
				for _, name := range []string{"small batch", "early snapshot"} {
					if env.Buggify(name) {
						taken[name]++
					}
				}
			}
		}}
	})
	w.RunFor(time.Second)
	if n := taken["small batch"]; n < 250 || n > 350 || taken["early snapshot"] != 0 {
		t.Errorf("taken: %v of 1000 each, want about 300 small batches and no early snapshot", taken)
	}
	told := 0
	for _, e := range w.Trace().Events {
		if e.Kind == sim.FaultEvent && e.Name == "buggify" && e.Detail == "small batch" {
			told++
		}
	}
	if told != taken["small batch"] {
		t.Errorf("the trace tells of %d, and %d were taken", told, taken["small batch"])
	}
}

func TestARecordedTraceNamesThePointsThatWerePassed(t *testing.T) {
	w := sim.NewWorld(sim.Options{Record: true})
	w.AddNode("server", func() sim.Node {
		return &node{start: func(env sim.Env) { env.Point("recovered") }}
	})
	w.RunFor(time.Second)
	if !slices.ContainsFunc(w.Trace().Events, func(e sim.TraceEvent) bool {
		return e.Kind == sim.PointEvent && e.Name == "recovered" && e.Node == 1
	}) {
		t.Errorf("the trace is %v", w.Trace().Events)
	}
}
