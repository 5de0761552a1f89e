package compare

import (
	"fmt"
	"time"

	"seedbed.example/history"
	"seedbed.example/sim"
)

// clients ask beside each replica: client i beside replica i.
type clients struct {
	deployment Deployment
	deadline   time.Duration // after which a client gives an operation up
	pace       time.Duration // between two operations of one client
	from       time.Duration // when they begin
	until      time.Duration // when they stop
}

// shared are the keys that all clients write and read.
var shared = []string{"a", "b", "c"}

// start adds the clients.
func (c *clients) start(w *sim.World) {
	for i, near := range c.deployment.Replicas {
		w.Go(fmt.Sprintf("client %d", i+1), func(p *sim.Process) { c.client(p, i+1, near) })
	}
}

// client reads and writes a shared key in turns; and every other write goes to a
// key of its own, that nobody else will write: it must be there in the end.
func (c *clients) client(p *sim.Process, number int, near sim.NodeID) {
	store := c.deployment.Open(p, near, c.deadline)
	key, pause := p.Rand("key"), p.Rand("pause")
	p.Sleep(c.from)
	for n := 1; ; n++ {
		p.Sleep(pause.Between(c.pace/2, c.pace*3/2))
		if p.Elapsed() >= c.until {
			return
		}
		value := fmt.Sprintf("%d.%d", number, n)
		in := history.Input{F: history.Read, Key: shared[key.N(uint64(len(shared)))]}
		switch n % 4 {
		case 0:
			in = history.Input{F: history.Write, Key: in.Key, Value: value}
		case 2:
			in = history.Input{F: history.Write, Key: value, Value: value}
		}
		ask(p, store, in)
	}
}

// ask lets a client do one operation and records what came of it.
func ask(p *sim.Process, store Store, in history.Input) (out history.Output, err error) {
	op := p.Invoke(in)
	if out, err = store.Do(in); err != nil {
		op.Unknown()
		return out, err
	}
	op.OK(out)
	return out, nil
}

// own reports whether a write went to a key that nobody else writes.
func own(in history.Input) bool { return in.F == history.Write && in.Key == in.Value }
