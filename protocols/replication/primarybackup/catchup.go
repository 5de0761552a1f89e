package primarybackup

import (
	"fmt"

	"seedbed.example/protocols/wal"
	"seedbed.example/sim"
)

// recover loads the state, and what the write-ahead log holds beyond it.
func (n *Replica) recover() error {
	j, d, err := openJournal(n.disk, n.options.first())
	if err != nil {
		return err
	}
	n.journal, n.view = j, d.view
	n.log = replicaLog{base: d.base, baseDigest: d.baseDigest}
	if err := n.loadState(); err != nil {
		return err
	}
	if n.log.base != d.base { // a crash came between the state and the log that follows it
		d.entries = entriesBehind(n.log.base, d.entries)
	}
	last := n.log.base.Index + uint64(len(d.entries))
	d.entries = d.entries[:n.rules.KeepsAtRestart(max(d.commit, n.log.base.Index), last)-n.log.base.Index]
	for i := range d.entries {
		e := &d.entries[i]
		before, _ := n.log.digest(n.log.last().Index)
		e.digest = chain(before, e.encode([]byte{entryRecord}))
		n.log.append(*e)
	}
	n.synced = n.log.last().Index
	if n.log.base != d.base {
		n.rewrite()
	}
	n.apply(min(d.commit, n.log.last().Index))
	if torn := j.Torn(); torn > 0 {
		n.env.Sometimes("a torn write was cut off", true)
		n.env.Log("cuts off %d bytes of a torn write", torn)
	}
	return nil
}

// entriesBehind returns the entries behind one at p, none if it is not there.
func entriesBehind(p Position, entries []Entry) []Entry {
	for i := range entries {
		if entries[i].Position == p {
			return entries[i+1:]
		}
	}
	return nil
}

// loadState restores the saved state, or that at the beginning. The log then
// begins there, without the entries that followed.
func (n *Replica) loadState() error {
	payload, err := wal.Load(n.disk, stateName)
	if err != nil {
		return err
	}
	n.machine, n.commit = newMachine(), 0
	if payload == nil {
		if n.log.base.Index > 0 {
			return fmt.Errorf("the log begins behind %v, but the state up to there is gone", n.log.base)
		}
		return nil
	}
	r := newReader(payload)
	at, digest := r.position(), r.Uvarint()
	rest, err := r.Rest()
	if err == nil {
		n.machine, err = decodeMachine(rest)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", stateName, err)
	}
	n.commit = at.Index
	if n.log.base != at {
		n.log = replicaLog{base: at, baseDigest: digest}
	}
	return nil
}

// save saves the state when many entries have been applied since it last was,
// and cuts the log.
func (n *Replica) save() {
	applied := n.commit - n.log.base.Index
	if applied == 0 || applied < uint64(n.options.SaveEvery) && !n.env.Buggify(earlyState) {
		return
	}
	at, _ := n.log.position(n.commit)
	digest, _ := n.log.digest(n.commit)
	n.env.Log("saves the state of everything up to %v", at)
	n.must(wal.Save(n.disk, stateName, n.encodeState(at, digest)))
	n.env.Point(stateSaved)
	n.log.compact(n.commit)
	n.rewrite()
}

func (n *Replica) encodeState(at Position, digest uint64) []byte {
	r := encodeBase(nil, at, digest)[1:]
	return append(r, n.machine.encode()...)
}

// rewrite starts a write-ahead log of what is in memory.
func (n *Replica) rewrite() {
	n.must(n.journal.replace(durable{base: n.log.base, baseDigest: n.log.baseDigest, view: n.view, commit: n.commit, entries: n.log.entries}))
}

// askOnce asks for what comes next, unless it has asked since the last tick: of
// what it then is sent much may come in the wrong order, and more than once.
func (n *Replica) askOnce(whom sim.NodeID) {
	if !n.asked {
		n.ask(whom)
	}
}

// ask asks who leads, or holds what is to be gathered, for what comes next.
func (n *Replica) ask(whom sim.NodeID) {
	n.asked = true
	n.env.Send(whom, &Follow{View: n.view.Number, Last: n.log.last(), Afresh: n.afresh})
}

// follow sends another replica what comes behind the end of its log, or says
// what of that has no place in this one: as primary, or to one that gathers.
func (n *Replica) follow(from sim.NodeID, m *Follow) {
	p := n.peer(from)
	if m.View != n.view.Number || p == nil || n.role == gathering || n.role == backup && from != n.view.Primary {
		return
	}
	to, known := n.log.endOf(m.Last.Epoch, m.Last.Index)
	switch {
	case m.Afresh, !known, n.env.Buggify(wholeState):
		at, _ := n.log.position(n.commit)
		digest, _ := n.log.digest(n.commit)
		n.env.Send(from, &State{View: n.view.Number, Last: m.Last, At: at, Data: n.encodeState(at, digest)})
		p.next = max(p.match, at.Index) + 1
	case n.log.has(m.Last):
		p.match = max(p.match, m.Last.Index) // what is in a log is durable
		p.next = m.Last.Index + 1
		n.send(p)
	default:
		n.env.Send(from, &Truncate{View: n.view.Number, Last: m.Last, To: to})
	}
}

// truncate takes away what the log of who was asked does not have.
func (n *Replica) truncate(from sim.NodeID, m *Truncate) {
	if m.View != n.view.Number || n.role == primary || n.following || m.Last != n.log.last() {
		return
	}
	to, known := n.log.endOf(m.To.Epoch, m.To.Index)
	if !known {
		n.env.Sometimes("a replica had to begin afresh", true)
		n.afresh = true
	} else {
		n.env.Log("truncates its log from %v to %v", n.log.last(), to)
		n.env.Sometimes("a divergent suffix was truncated", true)
		n.cut(to.Index)
	}
	n.ask(from)
}

// cut takes away everything after index. If some of that was applied, the state
// is made again of the saved one.
func (n *Replica) cut(index uint64) {
	n.observer.Truncated(n.id, index, n.commit)
	n.log.truncate(index)
	n.synced = index
	if commit := n.commit; index < commit {
		n.env.Sometimes("a replica took back what it had applied", true)
		n.must(n.loadState())
		n.apply(index)
		n.journal.commit(n.commit)
	}
	n.env.Point(logTruncated)
}

// install puts the whole state in place of a log that has no such beginning.
// What was applied it takes back only if that may be lost: else the message is
// one that was late.
func (n *Replica) install(from sim.NodeID, m *State) {
	if m.View != n.view.Number || n.role == primary || m.Last != n.log.last() || n.log.has(m.At) {
		return
	}
	if m.At.Index <= n.commit && (n.following || n.options.Mode.Lossless()) {
		return
	}
	n.must(wal.Save(n.disk, stateName, m.Data))
	n.env.Point(stateSaved)
	n.observer.Truncated(n.id, m.At.Index, n.commit)
	n.log, n.afresh = replicaLog{}, false
	n.must(n.loadState())
	n.rewrite()
	n.synced = n.log.last().Index
	n.env.Sometimes("a replica took over the whole state", true)
	n.env.Log("takes over the state of everything up to %v", m.At)
	n.observer.Applied(n.id, n.commit, n.log.baseDigest)
	n.ask(from)
}

// gather says where the log ends.
func (n *Replica) gather(from sim.NodeID, m *Gather) {
	if m.View == n.view.Number && from == n.view.Primary {
		n.env.Send(from, &Gathered{View: m.View, Last: n.log.last()})
	}
}

func (n *Replica) takeGathered(from sim.NodeID, m *Gathered) {
	if m.View == n.view.Number && n.role == gathering {
		n.gathered[from] = m.Last
		n.goOnGathering()
	}
}

// goOnGathering asks all backups where their logs end, and then the one with the
// latest for what this one lacks. None of them takes anything of an older view
// any more, so that what was acknowledged is in that log.
func (n *Replica) goOnGathering() {
	if n.role != gathering {
		return
	}
	for _, id := range n.view.Backups {
		if _, ok := n.gathered[id]; !ok {
			n.env.Send(id, &Gather{View: n.view.Number})
		}
	}
	if len(n.gathered) <= len(n.view.Backups) {
		return
	}
	n.gathered[n.id] = n.log.last()
	whom := latest(n.view.members(), func(id sim.NodeID) Position { return n.gathered[id] })
	n.env.Sometimes("a new primary had to gather what it lacked", whom != n.id)
	if whom == n.id {
		n.beginView()
	} else {
		n.askOnce(whom)
	}
}
