package encoding

import (
	"encoding/binary"
	"errors"
)

// ErrCorrupt says that bytes are not what was encoded: they end too early, or
// not at their end.
var ErrCorrupt = errors.New("corrupt encoding")

// A Reader takes values from the front of Data. After a mistake it returns
// zeros, and [Reader.End] tells: so that a whole record can be read before
// anyone looks.
type Reader struct {
	Data []byte // what has not been read
	bad  bool   // what came before it was no encoding
}

// Uvarint reads a number, as [AppendUvarint] appends it.
func (r *Reader) Uvarint() uint64 {
	v, n := binary.Uvarint(r.Data)
	if n <= 0 {
		r.bad, r.Data = true, nil
		return 0
	}
	r.Data = r.Data[n:]
	return v
}

// Count reads how many of something follow, each of at least a byte.
func (r *Reader) Count() int {
	n := r.Uvarint()
	if n > uint64(len(r.Data)) {
		r.bad, r.Data = true, nil
		return 0
	}
	return int(n)
}

// Bytes reads a byte string, as [AppendBytes] appends it, as its own copy.
func (r *Reader) Bytes() []byte { return append([]byte(nil), r.next()...) }

// Text reads a text, as [AppendText] appends it.
func (r *Reader) Text() string { return string(r.next()) }

func (r *Reader) next() []byte {
	n := r.Count()
	b := r.Data[:n]
	r.Data = r.Data[n:]
	return b
}

// End says whether everything was read, and well.
func (r *Reader) End() error {
	if r.bad || len(r.Data) > 0 {
		return ErrCorrupt
	}
	return nil
}

// Rest returns what has not been read, if what came before it was read well.
func (r *Reader) Rest() ([]byte, error) {
	if r.bad {
		return nil, ErrCorrupt
	}
	return r.Data, nil
}

// AppendUvarint appends numbers to b, each as a varint.
func AppendUvarint(b []byte, numbers ...uint64) []byte {
	for _, n := range numbers {
		b = binary.AppendUvarint(b, n)
	}
	return b
}

// AppendBytes appends p to b, with its length before it.
func AppendBytes(b, p []byte) []byte {
	return append(binary.AppendUvarint(b, uint64(len(p))), p...)
}

// AppendText appends s to b, with its length before it.
func AppendText(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}
