package scenarios

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"seedbed.example/checkers"
	"seedbed.example/choice"
	"seedbed.example/experiment"
	"seedbed.example/history"
	"seedbed.example/sim"
)

// A store is what a client holds of a store: a session with its servers.
type store interface {
	// Do carries out one operation. An error leaves it unknown whether it took
	// effect, or may yet, unless it is the workload's notDone.
	Do(in history.Input) (history.Output, error)
}

// A workload is what all clients do, and when they have got on. Those of a store
// do the same whichever store it is: they ask at drawn times, in bursts, while
// faults strike; and once those are over each must get one more read answered.
type workload struct {
	// Of stores:
	open     func(p *sim.Process, patience patience) store // makes a client's store
	notDone  error                                         // of its store: the operation certainly had no effect
	mix      []history.Function                            // what is asked, each as often as it is there
	together bool                                          // whether all ask at the same times, and of some keys after others: where what matters happens while a key is new

	status  func(server sim.NodeID) string // says how a server stands that is up
	drained func() bool                    // whether nothing is left to do for servers; nil: no matter

	world   *sim.World
	values  experiment.Values
	clients []sim.NodeID
	healed  bool // the faults are over
	settled int  // clients that have got on since
}

// What is asked of stores of each model: a register's two functions in equal
// parts, of values by key those that read a little more than those that write, and
// of a consensus proposals above all.
var (
	registerMix = []history.Function{history.Read, history.Write}
	keyValueMix = []history.Function{
		history.Read, history.Read, history.Read, history.Read,
		history.Write, history.Write, history.Write,
		history.Append, history.Append,
		history.CAS,
	}
	consensusMix = []history.Function{history.Propose, history.Propose, history.Read}
	// versionMix makes versions of values that can be told apart, to measure how
	// old one is that is read.
	versionMix = []history.Function{
		history.Read, history.Read, history.Read, history.Read, history.Read,
		history.Write, history.Write, history.Write, history.Write,
		history.CAS,
	}
)

// storeParameters are the parameters of every scenario of a store.
func storeParameters(nodes experiment.Parameter) []experiment.Parameter {
	keys := experiment.Size("keys", "keys that they share", 3, 1, 1000)
	return slices.Insert(clientParameters(nodes, 5, 200), 3, keys)
}

// clientParameters are the parameters of every scenario with so many clients that
// ask for so much.
func clientParameters(nodes experiment.Parameter, clients, operations int) []experiment.Parameter {
	return []experiment.Parameter{
		nodes,
		experiment.Size("clients", "clients that ask at the same time", clients, 1, 50),
		experiment.Size("operations", "operations of all clients together", operations, 1, 100_000),
		experiment.Length("span", "how long faults may strike", 5*time.Second, 10*time.Millisecond, time.Hour),
		experiment.Length("bound", "within which every client must get on once the faults are over", 30*time.Second, time.Second, time.Hour),
		experiment.Faults("swarm"),
	}
}

// usually returns parameters with other defaults, by name.
func usually(parameters []experiment.Parameter, values map[string]string) []experiment.Parameter {
	for i := range parameters {
		if value, ok := values[parameters[i].ID]; ok {
			parameters[i].Default = value
		}
	}
	return parameters
}

// startWorkload adds the clients of a store to a world whose servers have been
// added.
func startWorkload(w *sim.World, values experiment.Values, l workload) *workload {
	return startClients(w, values, l, (*workload).client)
}

// startClients adds clients, each of which is a process that does so. It has
// settled when that returns.
func startClients(w *sim.World, values experiment.Values, l workload, client func(l *workload, p *sim.Process, number int)) *workload {
	l.world, l.values = w, values
	for i := range values.Whole("clients") {
		l.clients = append(l.clients, w.Go(fmt.Sprintf("client %d", i+1), func(p *sim.Process) {
			client(&l, p, i)
			l.settled++
		}))
	}
	return &l
}

// setup adds to what a scenario says of its servers what is said of all
// clients: how long they have, when they have got on, and who waits for what.
func (l *workload) setup(s experiment.Setup) experiment.Setup {
	s.Span, s.Bound = l.values.Duration("span"), l.bound()
	healServers := s.Heal
	s.Heal = func() {
		if healServers != nil {
			healServers()
		}
		l.healed = true
	}
	s.Done = func() bool { return l.settled == len(l.clients) && (l.drained == nil || l.drained()) }
	s.Waiting = func() string { return l.waiting(s.Nodes) }
	return s
}

// bound is how long clients may take to get on. One that has very much left to
// ask for may take longer.
func (l *workload) bound() time.Duration {
	const usual, each = 40, 500 * time.Millisecond
	more := l.values.Whole("operations")/l.values.Whole("clients") - usual
	return l.values.Duration("bound") + time.Duration(max(more, 0))*each
}

// share is how many operations are a client's own.
func (l *workload) share(number int) int {
	share := l.values.Whole("operations") / l.values.Whole("clients")
	if number < l.values.Whole("operations")%l.values.Whole("clients") {
		share++
	}
	return share
}

// client asks for its share of the operations, spread over the time in which
// faults strike. After that it must get one more read answered, unless it never
// asked for anything. When and what it asks are choices of their own: an
// operation that is left out moves no other.
func (l *workload) client(p *sim.Process, number int) {
	patience := l.drawPatience()
	c := client{workload: l, process: p, store: l.open(p, patience), insists: patience.insists, saw: make(map[string]string)}
	draw, asked := p.Rand("operation"), false
	l.spread(p, number, func(i int) {
		if in, ok := c.draw(draw, number, i); ok {
			c.operate(in)
			asked = true
		}
	})
	if asked {
		c.settle()
	}
}

// spread lets a client ask for its share of the operations, one after another,
// spread over the time in which faults strike.
func (l *workload) spread(p *sim.Process, number int, ask func(i int)) {
	share := l.share(number)
	when := times{burst: p.Rand("burst"), pause: p.Rand("pause"), pace: l.values.Duration("span") / time.Duration(share+1)}
	if l.together {
		when.burst = choice.NewStream(l.world.Choices(), "workload", "burst")
	}
	for i := range share {
		if wait := when.next(i) - p.Elapsed(); wait > 0 && !l.healed {
			p.Sleep(wait)
		}
		ask(i)
	}
}

// untilHealed waits until the faults are over.
func (l *workload) untilHealed(p *sim.Process) {
	for !l.healed {
		p.Sleep(l.values.Duration("span") - p.Elapsed() + time.Millisecond)
	}
}

// untilStill waits until the faults are over and nothing was left to do for
// servers for a while: for longer than any message is then under way. What was
// sent and is not known to anyone as unanswered has arrived by then, or is lost.
func (l *workload) untilStill(p *sim.Process) {
	const looks, pause = 10, 100 * time.Millisecond
	l.untilHealed(p)
	for still := 0; still < looks; still++ {
		if p.Sleep(pause); !l.drained() {
			still = -1
		}
	}
}

// A client is one of a workload's.
type client struct {
	*workload
	process *sim.Process
	store   store
	insists int               // how often it asks again for what it has given up on
	saw     map[string]string // of each key, when it last looked
}

// draw draws the i-th operation of a client, or none. Its value is one that no
// other operation writes, so that a read tells which write it saw.
func (c *client) draw(draw *choice.Stream, number, i int) (in history.Input, ok bool) {
	keys, kinds := uint64(c.values.Whole("keys")), uint64(len(c.mix))
	drawn := draw.N(1 + kinds*keys)
	if drawn == 0 {
		return in, false
	}
	in = history.Input{F: c.mix[(drawn-1)/keys], Key: keyName(c.key(number, i, int((drawn-1)%keys)))}
	value := fmt.Sprintf("%d.%d", number+1, i+1)
	switch in.F {
	case history.Write, history.Propose:
		in.Value = value
	case history.Append:
		in.Value = "+" + value
	case history.CAS:
		in.Old, in.Value = c.saw[in.Key], value
	}
	return in, true
}

// key returns which key the i-th operation of a client is about: the one drawn,
// or where all go on together, one of those whose time it is.
func (c *client) key(number, i, drawn int) int {
	if !c.together {
		return drawn
	}
	bursts := (c.share(number) + burstSize - 1) / burstSize
	each := max(c.values.Whole("keys")/bursts, 1)
	return (i/burstSize*each + drawn%each) % c.values.Whole("keys")
}

func keyName(i int) string {
	if i < 26 {
		return string(rune('a' + i))
	}
	return "key" + strconv.Itoa(i)
}

// operate carries out one operation and puts it into the history. The store
// asks with one id, until it gives up; a client that insists asks then again,
// with a new one.
func (c *client) operate(in history.Input) {
	for tries := 0; ; tries++ {
		op := c.process.Invoke(in)
		out, err := c.store.Do(in)
		switch {
		case err == nil:
			op.OK(out)
			if in.F == history.Read {
				c.saw[in.Key] = out.Value
			}
			return
		case errors.Is(err, c.notDone):
			op.Failed()
		default:
			op.Unknown()
		}
		if tries == c.insists {
			return
		}
	}
}

// settle waits until the faults are over, and then for the answer to a read.
func (c *client) settle() {
	c.untilHealed(c.process)
	read := history.Input{F: history.Read, Key: keyName(0)}
	for op := c.process.Invoke(read); ; {
		if out, err := c.store.Do(read); err == nil {
			op.OK(out)
			return
		}
	}
}

// checkStore returns a check that what clients saw is linearizable by a model,
// and that what was acknowledged is still there.
func checkStore(w *sim.World, model string) func() (checkers.Verdict, []checkers.Violation) {
	linearizable := experiment.Linearizable(w, model)
	return func() (checkers.Verdict, []checkers.Violation) {
		verdict, found := linearizable()
		if verdict != checkers.Holds {
			found = append(found, checkers.Durable(w.History())...)
		}
		return verdict, found
	}
}

// waiting says who waits for what: each client that has not finished, and each
// server, how it stands.
func (l *workload) waiting(servers []sim.NodeID) string {
	lines := experiment.WhoWaits(l.world, l.clients)
	for _, id := range servers {
		line := "down"
		switch reason := l.world.HaltReason(id); {
		case l.world.Up(id):
			line = l.status(id)
		case reason != nil:
			line += ", it halted: " + reason.Error()
		}
		lines = append(lines, fmt.Sprintf("%s: %s", l.world.Name(id), line))
	}
	return strings.Join(lines, "\n")
}
