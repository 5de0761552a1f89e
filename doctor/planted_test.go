//seedbed:allow the doctor is to find all of it

package doctor_test

import (
	"fmt"
	"hash/maphash"
	"maps"
	"math/rand"
	randv2 "math/rand/v2"
	"os"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"seedbed.example/doctor"
	"seedbed.example/experiment"
	"seedbed.example/sim"
)

// A planted is a way in which a run may not be a function of its seed, and its
// correct twin. Each returns what a node sends, one message for each word.
type planted struct {
	name         string
	wrong, right func(env sim.Env) []string
	causes       []doctor.Cause // of which one is found, the first if there is no choice
}

var words = map[string]bool{"a": true, "b": true, "c": true, "d": true, "e": true, "f": true, "g": true, "h": true}

func sorted(sim.Env) []string { return slices.Sorted(maps.Keys(words)) }

var (
	runsSoFar   atomic.Int64
	begun       atomic.Bool
	processSeed = maphash.MakeSeed()
	buffers     = sync.Pool{New: func() any { return new(int) }}
)

// number is a correct draw.
func number(env sim.Env) []string { return []string{fmt.Sprint(env.Rand("number").N(1000))} }

var allPlanted = []planted{
	{"the order of a map", func(sim.Env) []string { return slices.Collect(maps.Keys(words)) }, sorted,
		[]doctor.Cause{doctor.Order}},
	{"the first key of a map", func(sim.Env) []string {
		for word := range words {
			return []string{word}
		}
		return nil
	}, func(env sim.Env) []string { return sorted(env)[:1] },
		[]doctor.Cause{doctor.Randomness}}, // nothing tells it from a draw
	{"the order of a sync.Map", func(sim.Env) []string {
		var all sync.Map
		for word := range words {
			all.Store(word, true)
		}
		var order []string
		all.Range(func(word, _ any) bool { order = append(order, word.(string)); return true })
		return order
	}, sorted, []doctor.Cause{doctor.Order}},
	{"the wall clock in a decision", func(sim.Env) []string {
		if time.Now().Nanosecond()/100%2 == 0 {
			return []string{"even"}
		}
		return []string{"odd"}
	}, func(env sim.Env) []string {
		if env.Now().Nanosecond()/100%2 == 0 {
			return []string{"even"}
		}
		return []string{"odd"}
	}, []doctor.Cause{doctor.WallClock}},
	{"the wall clock in a message", func(sim.Env) []string { return []string{time.Now().String()} },
		func(env sim.Env) []string { return []string{env.Now().String()} }, []doctor.Cause{doctor.WallClock}},
	{"the global source of math/rand", func(sim.Env) []string { return []string{fmt.Sprint(rand.Intn(1000))} }, number,
		[]doctor.Cause{doctor.GlobalRand}},
	{"math/rand/v2", func(sim.Env) []string { return []string{fmt.Sprint(randv2.IntN(1000))} }, number,
		[]doctor.Cause{doctor.Randomness}},
	{"goroutines", func(sim.Env) []string {
		answers := make(chan string)
		for i := range 20 {
			go func() { answers <- fmt.Sprint(i) }()
		}
		var order []string
		for range 20 {
			order = append(order, <-answers)
		}
		return order
	}, func(sim.Env) []string {
		answers := make([]string, 20)
		var all sync.WaitGroup
		for i := range 20 {
			all.Go(func() { answers[i] = fmt.Sprint(i) })
		}
		all.Wait() // nothing depends on their order
		return answers
	}, []doctor.Cause{doctor.Goroutines, doctor.Order}}, // on a busy machine one thread is not enough to hold them
	{"a package's variable", func(sim.Env) []string {
		return []string{fmt.Sprint(runsSoFar.Add(1))}
	}, func(sim.Env) []string {
		runs := 0
		runs++
		return []string{fmt.Sprint(runs)}
	}, []doctor.Cause{doctor.KeptState}},
	{"a package's variable that is set once", func(sim.Env) []string {
		if begun.Swap(true) {
			return nil
		}
		return []string{"first"}
	}, func(sim.Env) []string { return []string{"first"} }, []doctor.Cause{doctor.KeptState}},
	{"a sync.Pool", func(sim.Env) []string {
		n := buffers.Get().(*int)
		*n++
		buffers.Put(n)
		return []string{fmt.Sprint(*n)}
	}, func(sim.Env) []string {
		n := buffers.Get().(*int)
		*n = 1
		buffers.Put(n)
		return []string{fmt.Sprint(*n)}
	}, []doctor.Cause{doctor.KeptState, doctor.Goroutines, doctor.Randomness}}, // the race detector lets it forget at random
	{"an address in a message", func(sim.Env) []string { return []string{fmt.Sprintf("%p", new([100]int))} },
		func(sim.Env) []string { return []string{fmt.Sprint(*new(int))} }, []doctor.Cause{doctor.Address}},
	{"a select with two channels ready", func(sim.Env) []string {
		left, right := make(chan bool, 1), make(chan bool, 1)
		left <- true
		right <- true
		select {
		case <-left:
			return []string{"left"}
		case <-right:
			return []string{"right"}
		}
	}, func(sim.Env) []string {
		left := make(chan bool, 1)
		left <- true
		<-left
		return []string{"left"}
	}, []doctor.Cause{doctor.Randomness}},
	{"the process id", func(sim.Env) []string { return []string{fmt.Sprint(os.Getpid())} },
		func(env sim.Env) []string { return []string{fmt.Sprint(env.ID())} }, []doctor.Cause{doctor.OwnProcess}},
	{"a hash that each process seeds", func(sim.Env) []string { return []string{fmt.Sprint(maphash.String(processSeed, "key"))} },
		sorted, []doctor.Cause{doctor.OwnProcess}},
	{"a hash that each run seeds", func(sim.Env) []string { return []string{fmt.Sprint(maphash.String(maphash.MakeSeed(), "key"))} },
		sorted, []doctor.Cause{doctor.Randomness}},
	{"the number of threads", func(sim.Env) []string { return []string{fmt.Sprint(runtime.GOMAXPROCS(0))} },
		sorted, []doctor.Cause{doctor.ThreadCount}},
	{"the number of goroutines, of which some are left behind", func(sim.Env) []string {
		go func() { select {} }()
		return []string{fmt.Sprint(runtime.NumGoroutine())}
	}, sorted, []doctor.Cause{doctor.KeptState}},
	{"a log that draws", func(env sim.Env) []string {
		n := 0
		env.Log("%v", telling(func() { n++ }))
		return slices.Repeat([]string{"told"}, n)
	}, func(env sim.Env) []string {
		env.Log("%v", telling(func() {}))
		return []string{"told"}
	}, []doctor.Cause{doctor.Recording}},
}

// telling is a Stringer that does something when it is asked.
type telling func()

func (t telling) String() string { t(); return "told" }

// scenario is two nodes, of which one says ten times what the planted one says,
// and the other listens.
func (p planted) scenario(says func(env sim.Env) []string) *experiment.Scenario {
	return &experiment.Scenario{ID: "planted", Build: func(w *sim.World, _ experiment.Values, _ string) experiment.Setup {
		id := w.AddNode("teller", func() sim.Node { return &teller{says: says} })
		w.AddNode("listener", func() sim.Node { return &teller{} })
		return experiment.Setup{Nodes: []sim.NodeID{id}, Faults: "calm", Span: time.Second}
	}}
}

type teller struct {
	says func(env sim.Env) []string
	env  sim.Env
	left int
}

func (n *teller) Start(env sim.Env) {
	n.env, n.left = env, 10
	if n.says != nil {
		n.tell()
	}
}

func (n *teller) tell() {
	for _, word := range n.says(n.env) {
		n.env.Send(2, word)
	}
	if n.left--; n.left > 0 {
		n.env.After(10*time.Millisecond, n.tell)
	}
}

func (n *teller) Receive(sim.NodeID, sim.Message) {}
