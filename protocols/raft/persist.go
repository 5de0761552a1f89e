package raft

import (
	"seedbed.example/protocols/encoding"
	"seedbed.example/protocols/replog"
	"seedbed.example/sim"
)

// An Entry is one entry of the log (§5.3), with what it is for in its Kind.
type Entry = replog.Entry

// What an entry can be for.
const (
	Noop    uint8 = iota // a new leader's first entry (§8)
	Command              // a client's
	Open                 // opens a client session
	Config               // a configuration (§6): the Command is its encoding
	Query                // a read that takes its turn in the log
)

// What figure 2 calls persistent state is in the replicated log: log[] as its
// entries, currentTerm and votedFor as its note.

// noteTerm notes the term and the vote, to be durable with what comes next.
func (n *Node) noteTerm() { n.log.Note(encodeTerm(n.term, n.votedFor)) }

func encodeTerm(term uint64, vote sim.NodeID) []byte {
	return encoding.AppendUvarint(nil, term, uint64(vote))
}

func decodeTerm(note []byte) (term uint64, vote sim.NodeID, err error) {
	r := encoding.Reader{Data: note}
	term, vote = r.Uvarint(), sim.NodeID(r.Uvarint())
	return term, vote, r.End()
}

// persist makes everything that is pending durable before a promise that rests
// on it leaves. Sync may be left out by a mistaken rule only. A disk that fails
// ends the node.
func (n *Node) persist(sync bool) {
	if n.log.Pending() {
		n.save(sync)
	}
}

// save writes what is pending, and syncs it.
func (n *Node) save(sync bool) {
	err := n.log.Write()
	if err == nil && sync {
		n.env.Point(recordsWritten)
		err = n.log.Sync()
	}
	n.must(err)
	n.synced = n.log.LastIndex()
	if sync {
		n.env.Point(recordsSynced)
	}
}

// must ends the node if there is an error.
func (n *Node) must(err error) {
	if err != nil {
		n.env.Halt(err)
	}
}
