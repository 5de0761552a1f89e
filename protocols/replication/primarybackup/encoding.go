package primarybackup

import (
	"seedbed.example/protocols/encoding"
	"seedbed.example/protocols/values"
	"seedbed.example/sim"
)

// A reader reads what is encoded here, from the front.
type reader struct{ encoding.Reader }

func newReader(data []byte) *reader { return &reader{encoding.Reader{Data: data}} }

func appendPosition(b []byte, p Position) []byte {
	return encoding.AppendUvarint(b, p.Epoch, p.Index)
}

func (r *reader) position() Position { return Position{Epoch: r.Uvarint(), Index: r.Uvarint()} }

func (e *Entry) encode(b []byte) []byte {
	return values.AppendInput(encoding.AppendUvarint(appendPosition(b, e.Position), e.Session, e.Sequence), e.Input)
}

func (r *reader) entry() Entry {
	return Entry{Position: r.position(), Session: r.Uvarint(), Sequence: r.Uvarint(), Input: values.ReadInput(&r.Reader)}
}

func (v View) encode(b []byte) []byte {
	b = encoding.AppendUvarint(b, v.Number, uint64(v.Primary))
	for _, ids := range [...][]sim.NodeID{v.Backups, v.Joined} {
		b = encoding.AppendUvarint(b, uint64(len(ids)))
		for _, id := range ids {
			b = encoding.AppendUvarint(b, uint64(id))
		}
	}
	return b
}

func (r *reader) view() View {
	return View{Number: r.Uvarint(), Primary: sim.NodeID(r.Uvarint()), Backups: r.nodes(), Joined: r.nodes()}
}

func (r *reader) nodes() (ids []sim.NodeID) {
	for range r.Count() {
		ids = append(ids, sim.NodeID(r.Uvarint()))
	}
	return ids
}
