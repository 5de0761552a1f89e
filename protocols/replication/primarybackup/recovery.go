package primarybackup

import (
	"fmt"

	"seedbed.example/protocols/wal"
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
	n.env.Log("saves the state of everything up to %v", at)
	n.must(wal.Save(n.disk, stateName, n.encodeState()))
	n.env.Point(stateSaved)
	n.log.compact(n.commit)
	n.rewrite()
}

// encodeState returns what has come of the log up to commit.
func (n *Replica) encodeState() []byte {
	at, _ := n.log.position(n.commit)
	digest, _ := n.log.digest(n.commit)
	return append(encodeBase(nil, at, digest)[1:], n.machine.encode()...)
}

// rewrite starts a write-ahead log of what is in memory.
func (n *Replica) rewrite() {
	n.must(n.journal.replace(durable{base: n.log.base, baseDigest: n.log.baseDigest, view: n.view, commit: n.commit, entries: n.log.entries}))
}
