package primarybackup

import (
	"slices"
	"time"

	"seedbed.example/protocols/replog"
	"seedbed.example/sim"
)

// A Replica is one server.
type Replica struct {
	options  Options
	rules    *Rules
	observer Observer
	env      sim.Env
	id       sim.NodeID
	tick     sim.Timer

	// On disk.
	view   View
	log    *replog.Store
	synced uint64 // up to here it is durable, and others may know of it

	// What has come of it: all up to commit is applied.
	machine machine
	commit  uint64

	role     role
	heardAt  time.Duration        // when a backup last heard from the primary
	gathered map[sim.NodeID]*Part // of a primary that gathers, what it lacks: looked up only

	// Of a primary.
	begin        uint64 // index of the entry that began the view
	acknowledged bool
	peers        []*peer
	round        uint64
	waiting      map[uint64]waiting // clients, by their session
	reads        []read
}

type role uint8

const (
	backup    role = iota // of the primary, in the view or not
	gathering             // to be primary, once it holds what was acknowledged
	primary
)

func (r role) String() string { return [...]string{"backup", "gathering", "primary"}[r] }

// New returns a replica that has not started.
func New(options Options) *Replica {
	options = options.withDefaults()
	return &Replica{options: options, rules: options.Rules, observer: options.Observer}
}

// Start implements [sim.Node]: it recovers what is on disk, and goes on in the
// view that it was in. What a primary has sent was durable before: it can.
func (n *Replica) Start(env sim.Env) {
	n.env, n.id = env, env.ID()
	n.waiting = make(map[uint64]waiting)
	for _, id := range n.options.Replicas {
		if id != n.id {
			n.peers = append(n.peers, &peer{id: id})
		}
	}
	n.must(n.recover())
	env.Log("recovered view %d, log %v", n.view.Number, n.log)
	n.tick = env.NewTimer(n.again)
	n.begins(false)
	n.again()
}

// Receive implements [sim.Node].
func (n *Replica) Receive(from sim.NodeID, m sim.Message) {
	switch m := m.(type) {
	case *Update:
		n.update(from, m)
	case *Updated:
		n.updated(from, m)
	case *Command:
		n.command(from, m)
	case *Read:
		n.read(from, m)
	case *CurrentView:
		n.enter(m.View)
	case *Gather:
		n.gather(from, m)
	case *Gathered:
		n.takeGathered(from, m)
	}
}

// enter enters a later view, and takes nothing of older ones any more, also
// after a restart.
func (n *Replica) enter(v View) {
	if v.Number <= n.view.Number {
		return
	}
	continues := n.role == primary && v.Primary == n.id && v.Number == n.view.Number+1
	if n.role == primary && v.Primary != n.id {
		n.env.Log("steps down in view %d", n.view.Number)
	}
	n.view = v
	n.note()
	n.persist()
	n.env.Point(viewEntered)
	n.begins(continues)
	n.ping()
}

// begins begins to be what the replica is in its view. A primary that continues
// from the view before holds everything.
func (n *Replica) begins(continues bool) {
	n.role, n.heardAt = backup, n.env.Elapsed()
	n.acknowledged, n.reads = false, nil
	for _, p := range n.peers {
		*p = peer{id: p.id, sent: n.log.Last()}
	}
	if !continues {
		clear(n.waiting)
	}
	if n.view.Primary != n.id {
		return
	}
	begun := n.follows() // before it restarted
	if begun || continues || len(n.view.Backups) == 0 || !n.rules.MustGather(n.options.Mode) {
		n.beginView()
		return
	}
	n.role, n.gathered = gathering, make(map[sim.NodeID]*Part)
	n.askForLogs()
}

// beginView begins the view, or goes on with it after a restart, by an entry of
// its epoch. Once enough hold that, they hold everything before. Rounds count from
// there: none is one that it may have asked for before it restarted.
func (n *Replica) beginView() {
	n.observer.Began(n.id, n.view.Number, n.log.LastIndex(), n.log.Digest)
	n.begin = n.append(Entry{})
	n.round = n.begin << 32
	n.persist()
	n.role, n.gathered = primary, nil
	n.env.Log("became primary of view %d", n.view.Number)
	n.env.Point(primaryBegins)
	n.broadcast()
	n.advance()
}

// again does what is done again and again: nothing that was said need arrive.
func (n *Replica) again() {
	n.tick.Reset(n.options.PingInterval)
	n.ping()
	switch n.role {
	case primary:
		for _, p := range n.peers {
			p.silent++
		}
		n.broadcast()
	case gathering:
		n.askForLogs()
	default:
		silence := n.env.Elapsed() - n.heardAt
		if slices.Contains(n.view.Backups, n.id) && n.rules.PromotesItself(silence, n.options.DeadAfter) {
			n.env.Log("has not heard from the primary for %v, and promotes itself", silence)
			n.enter(View{Number: n.view.Number + 1, Primary: n.id})
		}
	}
}

// ping tells the view service how the replica stands.
func (n *Replica) ping() {
	m := &Ping{View: n.view.Number, Last: n.log.Last(), Acknowledged: n.acknowledged}
	if n.role == primary {
		for _, p := range n.peers {
			silent := n.options.dead(p.silent)
			switch isBackup := slices.Contains(n.view.Backups, p.id); {
			case isBackup && silent:
				m.Silent = append(m.Silent, p.id)
			case !isBackup && !silent && p.caughtUp:
				m.CaughtUp = append(m.CaughtUp, p.id)
			}
		}
	}
	n.env.Send(n.options.ViewService, m)
}

// notPrimary sends a client on.
func (n *Replica) notPrimary(from sim.NodeID) {
	reply := &Reply{Status: NotPrimary, Primary: n.view.Primary}
	if n.view.Primary == n.id {
		reply = &Reply{Status: Busy}
	}
	n.env.Send(from, reply)
}
