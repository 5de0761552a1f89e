package primarybackup

import (
	"fmt"

	"seedbed.example/protocols/encoding"
	"seedbed.example/protocols/replog"
	"seedbed.example/protocols/wal"
	"seedbed.example/sim"
)

// viewName is the view service's file: the view, and whether its primary has
// acknowledged it.
const viewName = "view"

// recover loads what is on disk.
func (s *ViewService) recover() error {
	s.view = s.options.first()
	saved, err := wal.Load(s.env.Disk(), viewName)
	if err != nil || saved == nil {
		return err
	}
	r := encoding.Reader{Data: saved}
	s.acknowledged, s.view = r.Uvarint() == 1, readView(&r)
	return r.End()
}

// save makes the view durable, before anybody is told.
func (s *ViewService) save() {
	acknowledged := uint64(0)
	if s.acknowledged {
		acknowledged = 1
	}
	b := appendView(encoding.AppendUvarint(nil, acknowledged), s.view)
	if err := wal.Save(s.env.Disk(), viewName, b); err != nil {
		s.env.Halt(err)
	}
}

// What a replica keeps on disk: the log, the state of everything up to where that
// begins, and a note of the latest view that it has entered, and of how far it knew
// of acknowledgement: its high watermark.

// recover loads what is on disk.
func (n *Replica) recover() (err error) {
	if n.log, err = replog.Open(n.env.Disk(), encodeNote(n.options.first(), 0)); err != nil {
		return err
	}
	view, highWatermark, err := decodeNote(n.log.Noted())
	if err != nil {
		return fmt.Errorf("view: %w", err)
	}
	n.view = view
	if err := n.restore(); err != nil {
		return err
	}
	n.log.Truncate(n.rules.KeepsAtRestart(max(highWatermark, n.commit), n.log.LastIndex()))
	n.synced = n.log.LastIndex()
	n.apply(min(highWatermark, n.synced))
	if torn := n.log.Torn(); torn > 0 {
		n.env.Sometimes("a torn write was cut off", true)
		n.env.Log("cuts off %d bytes of a torn write", torn)
	}
	return nil
}

// restore takes the state back to where the log begins.
func (n *Replica) restore() (err error) {
	n.machine, n.commit = newMachine(), 0
	if s := n.log.Snapshot(); s != nil {
		n.commit = s.Index
		n.machine, err = decodeMachine(s.Data)
	}
	return err
}

// state returns what has come of the log up to commit.
func (n *Replica) state() *replog.Snapshot { return n.log.SnapshotAt(n.commit, n.machine.encode()) }

// saveLater saves the state when many entries have been applied since it last was.
func (n *Replica) saveLater() {
	applied := n.commit - n.log.Base().Index
	if applied == 0 || applied < uint64(n.options.SaveEvery) && !n.env.Buggify(earlyState) {
		return
	}
	state := n.state()
	n.env.Log("saves the state of everything up to %v", state.Position)
	n.save(state)
}

// save makes a state durable, and begins the log behind it.
func (n *Replica) save(state *replog.Snapshot) {
	n.must(n.log.Save(state))
	n.env.Point(stateSaved)
	n.must(n.log.BeginBehindSnapshot())
	n.synced = n.log.LastIndex()
}

// note notes the view and the commit index, to be durable with what comes next.
func (n *Replica) note() { n.log.Note(encodeNote(n.view, n.commit)) }

// persist makes everything that is pending durable, before a promise that rests on
// it leaves. A disk that fails ends the replica.
func (n *Replica) persist() {
	if !n.log.Pending() {
		return
	}
	err := n.log.Write()
	if err == nil {
		n.env.Point(recordsWritten)
		err = n.log.Sync()
	}
	n.must(err)
	for ; n.synced < n.log.LastIndex(); n.synced++ {
		e := n.log.At(n.synced + 1)
		n.observer.Stored(n.id, e.Position(), e.Digest())
	}
	n.env.Point(recordsSynced)
}

// must ends the replica if there is an error.
func (n *Replica) must(err error) {
	if err != nil {
		n.env.Halt(err)
	}
}

func encodeNote(v View, highWatermark uint64) []byte {
	return appendView(encoding.AppendUvarint(nil, highWatermark), v)
}

func decodeNote(note []byte) (v View, highWatermark uint64, err error) {
	r := encoding.Reader{Data: note}
	highWatermark, v = r.Uvarint(), readView(&r)
	return v, highWatermark, r.End()
}

func appendView(b []byte, v View) []byte {
	b = encoding.AppendUvarint(b, v.Number, uint64(v.Primary))
	for _, ids := range [...][]sim.NodeID{v.Backups, v.Joined} {
		b = encoding.AppendUvarint(b, uint64(len(ids)))
		for _, id := range ids {
			b = encoding.AppendUvarint(b, uint64(id))
		}
	}
	return b
}

func readView(r *encoding.Reader) View {
	nodes := func() (ids []sim.NodeID) {
		for range r.Count() {
			ids = append(ids, sim.NodeID(r.Uvarint()))
		}
		return ids
	}
	return View{Number: r.Uvarint(), Primary: sim.NodeID(r.Uvarint()), Backups: nodes(), Joined: nodes()}
}
