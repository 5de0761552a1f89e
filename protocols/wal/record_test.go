package wal

import (
	"bytes"
	"errors"
	"testing"

	"pgregory.net/rapid"

	"seedbed.example/storage"
)

// readAll reads records to the end of data, or to the first that is damaged.
func readAll(data []byte) (records [][]byte, err error) {
	for offset := 0; ; {
		payload, next, err := readRecord(data, offset)
		if payload == nil || err != nil {
			return records, err
		}
		records, offset = append(records, payload), next
	}
}

// drawPayloads draws payloads, some longer than a sector, some all zeros.
func drawPayloads(t *rapid.T) [][]byte {
	payload := rapid.Custom(func(t *rapid.T) []byte {
		if rapid.Bool().Draw(t, "zeros") {
			return make([]byte, rapid.IntRange(0, 3*storage.SectorSize).Draw(t, "length"))
		}
		return rapid.SliceOfN(rapid.Byte(), 0, 600).Draw(t, "bytes")
	})
	return rapid.SliceOfN(payload, 1, 6).Draw(t, "payloads")
}

// encodeRecords returns a file of these records, and where each ends.
func encodeRecords(payloads [][]byte) (file []byte, ends []int) {
	for _, p := range payloads {
		file = append(file, appendRecord(nil, len(file), p)...)
		ends = append(ends, len(file))
	}
	return file, ends
}

func TestRecordsAreReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		payloads := drawPayloads(t)
		file, _ := encodeRecords(payloads)
		got, err := readAll(file)
		if err != nil || len(got) != len(payloads) {
			t.Fatalf("%d of %d records, %v", len(got), len(payloads), err)
		}
		for i := range got {
			if !bytes.Equal(got[i], payloads[i]) {
				t.Fatalf("record %d is %x, not %x", i, got[i], payloads[i])
			}
		}
	})
}

// A crash in the midst of a write leaves some sectors' shares of it, and zeros
// or nothing in place of the others.
func TestATornWriteIsCutOffAtTheFirstRecordThatIsNotWhole(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		payloads := drawPayloads(t)
		file, ends := encodeRecords(payloads)
		durable := rapid.IntRange(0, len(payloads)-1).Draw(t, "durable records")
		start := 0
		if durable > 0 {
			start = ends[durable-1]
		}
		torn := bytes.Clone(file[:start])
		missing := len(file)
		for at := start; at < len(file); {
			next := min(at+roomInSector(at), len(file))
			if rapid.Bool().Draw(t, "there") {
				torn = append(append(torn, make([]byte, at-len(torn))...), file[at:next]...)
			} else {
				missing = min(missing, at)
			}
			at = next
		}
		got, err := readAll(torn)
		whole := 0
		for whole < len(ends) && ends[whole] <= missing {
			whole++
		}
		if len(got) != whole {
			t.Fatalf("%d records, want %d", len(got), whole)
		}
		if err != nil && !errors.Is(err, errTorn) {
			t.Fatalf("a torn write was taken for %v", err)
		}
	})
}

// Fragments that are whole, but in an order that nobody has written.
func TestFragmentsOutOfOrderAreRot(t *testing.T) {
	long := appendRecord(nil, 0, make([]byte, 1000))
	short := appendRecord(nil, storage.SectorSize, []byte("x"))
	for name, file := range map[string][]byte{
		"a beginning and another": append(bytes.Clone(long[:storage.SectorSize]), short...),
		"an end":                  long[storage.SectorSize:],
	} {
		if _, err := readAll(file); !errors.Is(err, ErrRot) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A misdirected write puts a sector that is whole in the place of another.
func TestASectorInThePlaceOfAnotherIsRot(t *testing.T) {
	const sectors = 4
	var payloads [][]byte
	for i := range sectors {
		payloads = append(payloads, bytes.Repeat([]byte{byte(i)}, storage.SectorSize-headerSize))
	}
	file, _ := encodeRecords(payloads)
	for from := range sectors {
		for to := range sectors {
			misdirected := bytes.Clone(file)
			copy(misdirected[to*storage.SectorSize:], file[from*storage.SectorSize:(from+1)*storage.SectorSize])
			if _, err := readAll(misdirected); from != to && !errors.Is(err, ErrRot) {
				t.Errorf("sector %d in the place of %d: %v", from, to, err)
			}
		}
	}
}

func TestOneRottenBitIsNeverTakenForATornWrite(t *testing.T) {
	file, _ := encodeRecords([][]byte{
		[]byte("short"), make([]byte, 1200), bytes.Repeat([]byte("x"), 700), {}, []byte("the last one"),
	})
	for bit := range len(file) * 8 {
		rotten := bytes.Clone(file)
		rotten[bit/8] ^= 1 << (bit % 8)
		if _, err := readAll(rotten); !errors.Is(err, ErrRot) {
			t.Fatalf("bit %d of byte %d of %d: %v", bit%8, bit/8, len(file), err)
		}
	}
}
