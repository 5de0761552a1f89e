package primarybackup

import (
	"encoding/binary"
	"errors"

	"seedbed.example/history"
	"seedbed.example/sim"
)

var errCorrupt = errors.New("corrupt encoding")

// A reader takes values from the front of data. After a mistake it returns
// zeros, and end tells.
type reader struct {
	data []byte
	bad  bool
}

func (r *reader) uvarint() uint64 {
	v, n := binary.Uvarint(r.data)
	if n <= 0 {
		r.bad, r.data = true, nil
		return 0
	}
	r.data = r.data[n:]
	return v
}

// count reads how many of something follow, each of at least a byte.
func (r *reader) count() int {
	n := r.uvarint()
	if n > uint64(len(r.data)) {
		r.bad, r.data = true, nil
		return 0
	}
	return int(n)
}

func (r *reader) text() string {
	n := r.count()
	s := string(r.data[:n])
	r.data = r.data[n:]
	return s
}

// end says whether everything was read, and well.
func (r *reader) end() error {
	if r.bad || len(r.data) > 0 {
		return errCorrupt
	}
	return nil
}

func appendText(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

func appendPosition(b []byte, p Position) []byte {
	return binary.AppendUvarint(binary.AppendUvarint(b, p.Epoch), p.Index)
}

func (r *reader) position() Position { return Position{Epoch: r.uvarint(), Index: r.uvarint()} }

func (e *Entry) encode(b []byte) []byte {
	b = appendPosition(b, e.Position)
	b = binary.AppendUvarint(b, e.Session)
	b = binary.AppendUvarint(b, e.Sequence)
	b = append(b, byte(e.Input.F))
	return appendText(appendText(appendText(b, e.Input.Key), e.Input.Value), e.Input.Old)
}

func (r *reader) entry() Entry {
	e := Entry{Position: r.position(), Session: r.uvarint(), Sequence: r.uvarint()}
	e.Input.F = history.Function(r.uvarint())
	e.Input.Key, e.Input.Value, e.Input.Old = r.text(), r.text(), r.text()
	return e
}

func (v View) encode(b []byte) []byte {
	b = binary.AppendUvarint(binary.AppendUvarint(b, v.Number), uint64(v.Primary))
	for _, ids := range [][]sim.NodeID{v.Backups, v.Joined} {
		b = binary.AppendUvarint(b, uint64(len(ids)))
		for _, id := range ids {
			b = binary.AppendUvarint(b, uint64(id))
		}
	}
	return b
}

func (r *reader) view() View {
	v := View{Number: r.uvarint(), Primary: sim.NodeID(r.uvarint())}
	for _, ids := range []*[]sim.NodeID{&v.Backups, &v.Joined} {
		for range r.count() {
			*ids = append(*ids, sim.NodeID(r.uvarint()))
		}
	}
	return v
}
