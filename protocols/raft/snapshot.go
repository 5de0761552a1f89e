package raft

import (
	"fmt"

	"seedbed.example/protocols/replog"
	"seedbed.example/sim"
)

// takeSnapshot replaces the applied part of the log when that has grown long.
func (n *Node) takeSnapshot() {
	applied := n.lastApplied - n.log.Base().Index
	if applied == 0 || applied < uint64(n.options.SnapshotEvery) && !n.env.Buggify(earlySnapshot) {
		return
	}
	s := n.log.SnapshotAt(n.lastApplied, n.machine.encode(n.configUpTo(n.lastApplied), n.rules.SnapshotSessions))
	n.env.Log("snapshot of everything up to %v", s.Position)
	n.saveSnapshot(s)
}

// saveSnapshot makes a snapshot durable, and begins the log behind it (§7). That
// makes durable what was pending, too.
func (n *Node) saveSnapshot(s *replog.Snapshot) {
	n.must(n.log.Save(s))
	n.env.Point(snapshotSaved)
	n.must(n.log.BeginBehindSnapshot())
	n.synced = n.log.LastIndex()
}

// sendSnapshot sends the chunk that the follower needs next (§7).
func (n *Node) sendSnapshot(p *progress) {
	if p.sending == nil || p.sending.Index < n.log.Snapshot().Index && p.offset == 0 {
		p.sending, p.offset = n.log.Snapshot(), 0
	}
	s := p.sending
	end := min(p.offset+n.options.ChunkSize, len(s.Data))
	n.env.Send(p.id, &InstallSnapshot{
		Term: n.term, LastIndex: s.Index, LastTerm: s.Term,
		Offset: p.offset, Data: s.Data[p.offset:end:end], Done: end == len(s.Data), Round: n.round,
	})
}

// incoming is a snapshot that is arriving in chunks.
type incoming struct {
	lastIndex, lastTerm uint64
	data                []byte
}

// installSnapshot takes one chunk (figure 13).
func (n *Node) installSnapshot(from sim.NodeID, m *InstallSnapshot) {
	if m.Term < n.term {
		n.promise(from, &InstallSnapshotReply{Term: n.term})
		return
	}
	n.followLeader(from, m.Term)
	reply := &InstallSnapshotReply{Term: n.term, LastIndex: m.LastIndex, Round: m.Round}
	if m.LastIndex <= n.commitIndex {
		reply.Installed = true // it has all that already
		n.promise(from, reply)
		return
	}
	in := &n.incoming
	if in.lastIndex != m.LastIndex || in.lastTerm != m.LastTerm || m.Offset == 0 {
		*in = incoming{lastIndex: m.LastIndex, lastTerm: m.LastTerm}
	}
	if m.Offset == len(in.data) {
		in.data = append(in.data, m.Data...)
		if m.Done {
			n.install(&replog.Snapshot{Position: Position{Term: m.LastTerm, Index: m.LastIndex}, Data: in.data})
			*in = incoming{}
			reply.Installed = true
		}
	}
	reply.Offset = len(in.data)
	n.promise(from, reply)
}

// install puts a whole snapshot in place of the state and the log. Entries
// that follow its last one are kept if the log agrees with it there (§7).
func (n *Node) install(s *replog.Snapshot) {
	config, digest, err := n.machine.decode(s.Data)
	if err != nil {
		n.env.Halt(fmt.Errorf("snapshot from the leader: %w", err))
	}
	s.Digest = digest
	n.env.Point(snapshotArrived)
	// The term first: a server that knew what is committed, but not yet the
	// term, could after a restart follow a leader that lacks it.
	n.persist(true)
	later := []configAt(nil)
	if n.log.Has(s.Position) {
		later = configsAfter(n.configs, s.Index)
	}
	n.configs = append([]configAt{{s.Index, config}}, later...)
	n.saveSnapshot(s)
	n.commitIndex = max(n.commitIndex, s.Index)
	n.lastApplied = s.Index
	n.env.Sometimes("a snapshot was installed", true)
	n.env.Log("installed the snapshot up to %v", s.Position)
	if n.observer != nil {
		n.observer.Applied(n.id, s.Index, digest)
	}
}

func configsAfter(configs []configAt, index uint64) []configAt {
	for i, c := range configs {
		if c.index > index {
			return configs[i:]
		}
	}
	return nil
}
