package primarybackup

import (
	"fmt"

	"seedbed.example/protocols/wal"
	"seedbed.example/sim"
)

// behind returns the part of the log that another one lacks which may hold
// nothing of this one behind end; if they differ within what the other can no
// more cut, since its own log begins at base, or this one begins later, then the
// state too.
func (n *Replica) behind(end, base Position, most int) Part {
	from, known := n.log.endOf(end)
	if known && !base.later(from) && !n.env.Buggify(wholeState) {
		return Part{Prev: from, Entries: n.log.behind(from.Index, most)}
	}
	applied, _ := n.log.position(n.commit)
	return Part{Prev: applied, State: n.encodeState(), Entries: n.log.behind(n.commit, most)}
}

// take puts a part of the log of who leads, or has the latest, into this one, in
// place of what differs, and makes it durable. It reports whether it fits: what
// this log holds up to the end of the part is then the same.
func (n *Replica) take(p *Part) bool {
	if p.State != nil && n.mayInstall(p.Prev) {
		n.install(p)
	}
	if !n.log.has(p.Prev) {
		return false
	}
	for _, e := range p.Entries {
		if e.Index <= n.log.base.Index || n.log.has(e.Position) {
			continue
		}
		if e.Index <= n.log.last().Index {
			n.cut(e.Index - 1)
		}
		n.store(e)
	}
	n.persist()
	return true
}

// store puts an entry into the log and, with the next persist, on disk.
func (n *Replica) store(e Entry) {
	before, _ := n.log.digest(n.log.last().Index)
	n.journal.entry(&e, before)
	n.log.append(e)
}

// cut takes away everything after index, which another log does not have. If
// some of that was applied, the state is made again of the saved one.
func (n *Replica) cut(index uint64) {
	n.env.Log("truncates its log from %v to %d", n.log.last(), index)
	n.env.Sometimes("a divergent suffix was truncated", true)
	n.observer.Truncated(n.id, index, n.commit)
	n.log.truncate(index)
	n.synced = min(n.synced, index)
	if index < n.commit {
		n.env.Sometimes("a replica took back what it had applied", true)
		n.must(n.loadState())
		n.apply(index)
		n.journal.commit(n.commit)
	}
	n.env.Point(logTruncated)
}

// mayInstall reports whether a state of everything up to p may take the place of
// the log. What was applied is taken back only if it may be lost: else the
// message is one that was late.
func (n *Replica) mayInstall(p Position) bool {
	return !n.log.has(p) && (p.Index > n.commit || !n.following && !n.options.Mode.Lossless())
}

// install puts the state in place of a log that has no such beginning.
func (n *Replica) install(p *Part) {
	n.must(wal.Save(n.disk, stateName, p.State))
	n.env.Point(stateSaved)
	n.observer.Truncated(n.id, p.Prev.Index, n.commit)
	n.log = replicaLog{}
	n.must(n.loadState())
	n.rewrite()
	n.synced = n.log.last().Index
	n.env.Sometimes("a replica took over the whole state", true)
	n.env.Log("takes over the state of everything up to %v", p.Prev)
	n.observer.Applied(n.id, n.commit, n.log.baseDigest)
}

// askForLogs asks the backups that have not answered for what this replica
// lacks, to be primary.
func (n *Replica) askForLogs() {
	for _, id := range n.view.Backups {
		if n.gathered[id] == nil {
			n.env.Send(id, &Gather{View: n.view.Number, Last: n.log.last(), Base: n.log.base})
		}
	}
}

// gather answers with all that who asks lacks.
func (n *Replica) gather(from sim.NodeID, m *Gather) {
	if m.View == n.view.Number && from == n.view.Primary {
		n.env.Send(from, &Gathered{View: m.View, Part: n.behind(m.Last, m.Base, len(n.log.entries))})
	}
}

// takeGathered takes over the latest log once all backups have answered, and
// begins the view. None of them takes anything of an older view any more, so that
// what was acknowledged is in that log.
func (n *Replica) takeGathered(from sim.NodeID, m *Gathered) {
	if m.View != n.view.Number || n.role != gathering {
		return
	}
	n.gathered[from] = m
	if len(n.gathered) < len(n.view.Backups) {
		return
	}
	ends := func(id sim.NodeID) Position {
		if id == n.id {
			return n.log.last()
		}
		return n.gathered[id].last()
	}
	whom := latest(n.view.members(), ends)
	n.env.Sometimes("a new primary had to gather what it lacked", whom != n.id)
	if whom != n.id && !n.take(&n.gathered[whom].Part) {
		n.env.Halt(fmt.Errorf("the log of %v, which is the latest, has nothing in common with this one", whom))
	}
	n.beginView()
}
