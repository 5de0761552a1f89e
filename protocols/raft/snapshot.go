package raft

import (
	"fmt"

	"seedbed.example/protocols/encoding"
	"seedbed.example/protocols/wal"
	"seedbed.example/sim"
	"seedbed.example/storage"
)

// A snapshot replaces the log up to lastIndex (§7). Its data holds the
// configuration, the client sessions and the state machine.
type snapshot struct {
	lastIndex uint64
	lastTerm  uint64
	digest    uint64 // of the log up to lastIndex
	data      []byte
}

func (s *snapshot) encode() []byte {
	b := encoding.AppendUvarint(nil, s.lastIndex, s.lastTerm, s.digest)
	return encoding.AppendBytes(b, s.data)
}

func decodeSnapshot(b []byte) (*snapshot, error) {
	r := encoding.Reader{Data: b}
	s := &snapshot{lastIndex: r.Uvarint(), lastTerm: r.Uvarint(), digest: r.Uvarint(), data: r.Bytes()}
	return s, r.End()
}

// save makes the snapshot durable.
func (s *snapshot) save(disk storage.Disk) error { return wal.Save(disk, snapName, s.encode()) }

// loadSnapshot returns the durable snapshot, nil if there is none yet.
func loadSnapshot(disk storage.Disk) (*snapshot, error) {
	payload, err := wal.Load(disk, snapName)
	if payload == nil || err != nil {
		return nil, err
	}
	return decodeSnapshot(payload)
}

// takeSnapshot replaces the applied part of the log when that has grown long.
func (n *Node) takeSnapshot() {
	applied := n.lastApplied - n.log.base
	if applied == 0 || applied < uint64(n.options.SnapshotEvery) && !n.env.Buggify(earlySnapshot) {
		return
	}
	term, _ := n.log.term(n.lastApplied)
	digest, _ := n.log.digest(n.lastApplied)
	s := &snapshot{n.lastApplied, term, digest, n.machine.encode(n.configUpTo(n.lastApplied), n.rules.SnapshotSessions)}
	n.env.Log("snapshot of everything up to %d@%d", s.lastIndex, s.lastTerm)
	if err := s.save(n.disk); err != nil {
		n.env.Halt(err)
	}
	n.env.Point(snapshotSaved)
	n.snapshot = s
	n.log.compact(s.lastIndex)
	n.rewriteWAL()
}

// rewriteWAL starts a write-ahead log that begins behind the snapshot. It
// holds all that was in the buffer of the old one.
func (n *Node) rewriteWAL() {
	err := n.journal.replace(durable{base: n.log.base, baseTerm: n.log.baseTerm, term: n.term, vote: n.votedFor, entries: n.log.entries})
	if err != nil {
		n.env.Halt(err)
	}
	n.synced = n.log.lastIndex()
}

// sendSnapshot sends the chunk that the follower needs next (§7).
func (n *Node) sendSnapshot(p *progress) {
	if p.sending == nil || p.sending.lastIndex < n.snapshot.lastIndex && p.offset == 0 {
		p.sending, p.offset = n.snapshot, 0
	}
	s := p.sending
	end := min(p.offset+n.options.ChunkSize, len(s.data))
	n.env.Send(p.id, &InstallSnapshot{
		Term: n.term, LastIndex: s.lastIndex, LastTerm: s.lastTerm,
		Offset: p.offset, Data: s.data[p.offset:end:end], Done: end == len(s.data), Round: n.round,
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
			n.install(&snapshot{lastIndex: m.LastIndex, lastTerm: m.LastTerm, data: in.data})
			*in = incoming{}
			reply.Installed = true
		}
	}
	reply.Offset = len(in.data)
	n.promise(from, reply)
}

// install puts a whole snapshot in place of the state and the log. Entries
// that follow its last one are kept if the log agrees with it there (§7).
func (n *Node) install(s *snapshot) {
	config, digest, err := n.machine.decode(s.data)
	if err != nil {
		n.env.Halt(fmt.Errorf("snapshot from the leader: %w", err))
	}
	s.digest = digest
	n.env.Point(snapshotArrived)
	// The term first: a server that knew what is committed, but not yet the
	// term, could after a restart follow a leader that lacks it.
	n.persist(true)
	if err := s.save(n.disk); err != nil {
		n.env.Halt(err)
	}
	n.env.Point(snapshotSaved)
	n.snapshot = s
	if term, ok := n.log.term(s.lastIndex); ok && term == s.lastTerm {
		n.log.compact(s.lastIndex)
		n.configs = append([]configAt{{s.lastIndex, config}}, configsAfter(n.configs, s.lastIndex)...)
	} else {
		n.log.reset(s.lastIndex, s.lastTerm, digest)
		n.configs = []configAt{{s.lastIndex, config}}
	}
	n.rewriteWAL()
	n.commitIndex = max(n.commitIndex, s.lastIndex)
	n.lastApplied = s.lastIndex
	n.env.Sometimes("a snapshot was installed", true)
	n.env.Log("installed the snapshot up to %d@%d", s.lastIndex, s.lastTerm)
	if n.observer != nil {
		n.observer.Applied(n.id, s.lastIndex, digest)
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
