package quorum

import (
	"fmt"
	"time"

	"seedbed.example/protocols/tally"
	"seedbed.example/sim"
)

// Options says how a replica runs. Zero fields take the defaults.
type Options struct {
	Replicas []sim.NodeID // all of them

	// R and W are how many replicas a read and a write quorum have, at most all.
	// Reads see all writes if R + W is more than there are. Default a majority each.
	R, W int

	GiveUp  time.Duration // after which a phase is forgotten. Default 1 s
	Compact int           // records on disk that are out of date before the log is written anew. Default 100

	Rules    *Rules   // nil: the correct ones
	Observer Observer // nil: nobody
}

func (o Options) withDefaults() Options {
	if o.Rules == nil {
		o.Rules = Correct()
	}
	quorum := func(n *int) {
		if *n == 0 {
			*n = o.Rules.Quorum(len(o.Replicas))
		}
		*n = min(*n, len(o.Replicas))
	}
	quorum(&o.R)
	quorum(&o.W)
	if o.GiveUp == 0 {
		o.GiveUp = time.Second
	}
	if o.Compact == 0 {
		o.Compact = 100
	}
	return o
}

// Meet reports whether every read quorum meets every write quorum.
func (o Options) Meet() bool {
	o = o.withDefaults()
	return tally.Overlap(o.R, o.W, len(o.Replicas))
}

// Core returns how many replicas that reach each other can read and write.
func (o Options) Core() int {
	o = o.withDefaults()
	return max(o.R, o.W)
}

// A Replica holds a version of each key, and carries out phases for clients.
type Replica struct {
	options Options
	rules   *Rules
	env     sim.Env
	store   *store
	newest  uint64 // the greatest number that it holds

	life   uint64
	begun  uint64 // phases in this life
	rounds []*round
}

// New returns a replica that has not started.
func New(options Options) *Replica {
	options = options.withDefaults()
	return &Replica{options: options, rules: options.Rules}
}

// Start implements [sim.Node]: it recovers what the replica has acknowledged.
func (r *Replica) Start(env sim.Env) {
	r.env = env
	var err error
	if r.store, err = openStore(env.Disk()); err != nil {
		env.Halt(err)
	}
	if r.life, err = nextLife(env.Disk()); err != nil {
		env.Halt(err)
	}
	for _, version := range r.store.versions {
		r.newest = max(r.newest, version.Number)
	}
	env.Log("begins life %d with %d keys", r.life, len(r.store.versions))
}

// Receive implements [sim.Node].
func (r *Replica) Receive(from sim.NodeID, m sim.Message) {
	switch m := m.(type) {
	case *Get:
		r.env.Send(from, &GetReply{m.Round, r.store.versions[m.Key]})
	case *GetReply:
		r.getReply(from, m)
	case *Put:
		r.put(from, m)
	case *PutReply:
		r.putReply(from, m)
	case *Query:
		r.query(from, m)
	case *Propagate:
		r.propagate(from, m)
	}
}

// Values returns the values that the replica holds, by key.
func (r *Replica) Values() map[string]string {
	values := make(map[string]string, len(r.store.versions))
	for key, version := range r.store.versions {
		values[key] = version.Value
	}
	return values
}

// put takes a version in, unless a later one is there. To a phase it says so in
// either case: the replica then holds what was asked for, or something later.
func (r *Replica) put(from sim.NodeID, m *Put) {
	if held := r.store.versions[m.Key]; r.rules.Later(m.Version.Timestamp, held.Timestamp) {
		r.take(m.Key, m.Version)
	} else {
		r.env.Sometimes("a version came after a later one", held.Timestamp != m.Version.Timestamp)
	}
	if m.Round != (Round{}) {
		r.env.Send(from, &PutReply{m.Round})
	}
}

// take holds a version durably from now on. A disk that fails ends the replica:
// it does not know what is there.
func (r *Replica) take(key string, version Version) {
	r.newest = max(r.newest, version.Number)
	err := r.store.set(key, version)
	if err == nil && r.rules.SyncBeforeAck() {
		r.env.Point(versionWritten)
		err = r.store.log.Sync()
	}
	if err == nil {
		r.env.Point(versionTaken)
		err = r.store.compact(r.options.Compact)
	}
	if err != nil {
		r.env.Halt(err)
	}
	if r.options.Observer != nil {
		r.options.Observer.Taken(r.env.ID(), key, version)
	}
}

// Status tells in a line how the replica stands.
func (r *Replica) Status() string {
	return fmt.Sprintf("life %d, %d keys, newest number %d, %d rounds under way", r.life, len(r.store.versions), r.newest, len(r.rounds))
}
