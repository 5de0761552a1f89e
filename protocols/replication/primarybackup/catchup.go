package primarybackup

import (
	"seedbed.example/protocols/replog"
	"seedbed.example/sim"
)

// behind returns the part of the log that another one lacks which may hold
// nothing of this one behind end; if they differ within what the other can no
// more cut, since its own log begins at base, or this one begins later, then the
// state too.
func (n *Replica) behind(end, base Position, most int) Part {
	from, known := n.log.EndOf(end)
	if known && !base.Later(from) && !n.env.Buggify(wholeState) {
		return Part{Prev: from, Entries: n.log.Behind(from.Index, most)}
	}
	state := n.state()
	return Part{Prev: state.Position, State: state, Entries: n.log.Behind(n.commit, most)}
}

// take puts a part of the log of who leads, or has the latest, into this one, in
// place of what differs, and makes it durable. It reports whether it fits: what
// this log holds up to the end of the part is then the same. What was applied is
// the same anyway, unless it may be lost: a part that goes back behind it is late.
func (n *Replica) take(p *Part) bool {
	stays := n.options.Mode.Lossless() || n.follows()
	if p.State != nil && !n.log.Has(p.Prev) && !(stays && p.Prev.Index <= n.commit) {
		n.install(p.State)
	}
	if !n.log.Has(p.Prev) && !(stays && p.Prev.Index < n.log.Base().Index) {
		return false
	}
	for _, e := range p.Entries {
		if e.Index <= n.log.Base().Index || n.log.Has(e.Position()) {
			continue
		}
		if e.Index <= n.log.LastIndex() {
			n.cut(e.Index - 1)
		}
		n.log.Append(e)
	}
	n.persist()
	return true
}

// follows reports whether the log is the beginning of the primary's, as it is if it
// ends with what was ordered in the view.
func (n *Replica) follows() bool { return n.log.Last().Term == n.view.Number }

// cut takes away everything after index, which another log does not have. If
// some of that was applied, the state is made again of the saved one.
func (n *Replica) cut(index uint64) {
	n.env.Log("truncates its log from %v to %d", n.log.Last(), index)
	n.env.Sometimes("a divergent suffix was truncated", true)
	n.observer.Truncated(n.id, index, n.commit)
	n.log.Truncate(index)
	n.synced = min(n.synced, index)
	if index < n.commit {
		n.env.Sometimes("a replica took back what it had applied", true)
		n.must(n.restore())
		n.apply(index)
		n.note()
	}
	n.env.Point(logTruncated)
}

// install puts the state in place of a log that has no such beginning.
func (n *Replica) install(state *replog.Snapshot) {
	n.observer.Truncated(n.id, state.Index, n.commit)
	n.save(state)
	n.must(n.restore())
	n.note()
	n.env.Sometimes("a replica took over the whole state", true)
	n.env.Log("takes over the state of everything up to %v", state.Position)
	n.observer.Applied(n.id, n.commit, state.Digest)
}

// askForLogs asks the backups that have not answered for what this replica
// lacks, to be primary.
func (n *Replica) askForLogs() {
	for _, id := range n.view.Backups {
		if n.gathered[id] == nil {
			n.env.Send(id, &Gather{View: n.view.Number, Last: n.log.Last(), Base: n.log.Base()})
		}
	}
}

// gather answers with all that who asks lacks.
func (n *Replica) gather(from sim.NodeID, m *Gather) {
	if m.View == n.view.Number && from == n.view.Primary {
		n.env.Send(from, &Gathered{View: m.View, Part: n.behind(m.Last, m.Base, len(n.log.Entries()))})
	}
}

// takeGathered takes over the latest log once all backups have answered, and
// begins the view. None of them takes anything of an older view any more, so that
// what was acknowledged is in that log.
func (n *Replica) takeGathered(from sim.NodeID, m *Gathered) {
	if m.View != n.view.Number || n.role != gathering {
		return
	}
	n.gathered[from] = &m.Part
	if len(n.gathered) < len(n.view.Backups) {
		return
	}
	whom := latest(n.view.Backups, func(id sim.NodeID) Position { return n.gathered[id].last() })
	if part := n.gathered[whom]; part.last().Later(n.log.Last()) {
		n.env.Sometimes("a new primary had to gather what it lacked", true)
		took := n.take(part)
		n.env.Always("a new primary can take over the latest log", took)
		if !took {
			clear(n.gathered)
			return
		}
	}
	n.beginView()
}
