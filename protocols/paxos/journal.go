package paxos

import (
	"fmt"

	"seedbed.example/protocols/encoding"
	"seedbed.example/protocols/wal"
	"seedbed.example/sim"
)

// The write-ahead log holds, for each change, all of a decree that must survive
// a crash. Of the records of one decree the last one counts.
const logName = "wal"

// save puts a decree into the log's buffer.
func (n *Node) save(d *decree) {
	n.record = d.encode(n.record[:0], d.name)
	n.log.Append(n.record)
}

// persist makes everything in the buffer durable before anyone hears of it. Sync
// may be left out by a mistaken rule only. A disk that fails ends the node.
func (n *Node) persist(sync bool) {
	if !n.log.Pending() {
		return
	}
	err := n.log.Write()
	if err == nil && sync {
		n.env.Point(recordsWritten)
		err = n.log.Sync()
	}
	if err != nil {
		n.env.Halt(err)
	}
	if sync {
		n.env.Point(recordsSynced)
	}
}

// recover loads what the disk holds. What was chosen is not on it: a server that
// has voted asks the others.
func (n *Node) recover() error {
	log, records, err := wal.Open(n.env.Disk(), logName)
	if err != nil {
		return err
	}
	n.log = log
	var found []*decree
	for i, record := range records {
		name, state, err := decode(record)
		if err != nil {
			return fmt.Errorf("record %d of the write-ahead log: %w", i+1, err)
		}
		if n.decrees[name] == nil {
			found = append(found, n.decree(name))
		}
		n.decrees[name].durable = state
	}
	for _, d := range found {
		n.env.Log("%s: recovered round %d, promised %v, %v", d.name, d.round, d.promised, d.vote)
		d.round = n.rules.FirstRound(d.round)
		if d.vote.Cast() {
			n.catchUp(d)
		}
	}
	return nil
}

func (s *durable) encode(b []byte, name string) []byte {
	b = encoding.AppendText(b, name)
	b = encoding.AppendUvarint(b, s.round, s.promised.Round, uint64(s.promised.Proposer), s.vote.Ballot.Round, uint64(s.vote.Ballot.Proposer))
	return encoding.AppendText(b, s.vote.Value)
}

func decode(record []byte) (name string, s durable, err error) {
	r := encoding.Reader{Data: record}
	ballot := func() Ballot { return Ballot{r.Uvarint(), sim.NodeID(r.Uvarint())} }
	name = r.Text()
	s = durable{round: r.Uvarint(), promised: ballot(), vote: Vote{ballot(), r.Text()}}
	return name, s, r.End()
}
