package encoding_test

import (
	"bytes"
	"errors"
	"testing"

	"pgregory.net/rapid"

	"seedbed.example/protocols/encoding"
)

// record is one value of each kind, and what comes behind them.
type record struct {
	number uint64
	bytes  []byte
	text   string
}

func (v record) encode() []byte {
	b := encoding.AppendUvarint(nil, v.number)
	b = encoding.AppendBytes(b, v.bytes)
	return encoding.AppendText(b, v.text)
}

func read(r *encoding.Reader) record {
	return record{number: r.Uvarint(), bytes: r.Bytes(), text: r.Text()}
}

func TestWhatIsEncodedIsRead(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := record{rapid.Uint64().Draw(t, "number"), rapid.SliceOf(rapid.Byte()).Draw(t, "bytes"), rapid.String().Draw(t, "text")}
		data := want.encode()
		r := encoding.Reader{Data: data}
		got := read(&r)
		if got.number != want.number || !bytes.Equal(got.bytes, want.bytes) || got.text != want.text || r.End() != nil {
			t.Fatalf("read %v, %v", got, r.End())
		}
		for i := range data { // what was read is the reader's own
			data[i]++
		}
		if !bytes.Equal(got.bytes, want.bytes) {
			t.Fatal("the bytes that were read have changed with the data")
		}
	})
}

func TestWhatIsCutShortOrTooLongIsRefused(t *testing.T) {
	data := record{300, []byte("bytes"), "text"}.encode()
	for length := range len(data) {
		r := encoding.Reader{Data: data[:length]}
		if read(&r); !errors.Is(r.End(), encoding.ErrCorrupt) {
			t.Errorf("%d of %d bytes: %v", length, len(data), r.End())
		}
		if rest, err := r.Rest(); err == nil {
			t.Errorf("%d of %d bytes leave %v", length, len(data), rest)
		}
	}
	r := encoding.Reader{Data: append(data, "rest"...)}
	if read(&r); !errors.Is(r.End(), encoding.ErrCorrupt) {
		t.Errorf("bytes behind the end: %v", r.End())
	}
	if rest, err := r.Rest(); string(rest) != "rest" || err != nil {
		t.Errorf("the rest is %q, %v", rest, err)
	}
}

// A count that the data cannot hold must not make anyone allocate for it.
func TestACountIsNoGreaterThanWhatIsLeft(t *testing.T) {
	r := encoding.Reader{Data: encoding.AppendUvarint(nil, 1<<40)}
	if n := r.Count(); n != 0 || r.End() == nil {
		t.Errorf("%d, %v", n, r.End())
	}
}
