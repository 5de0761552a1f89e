package sim

import (
	"fmt"
	"math/bits"
	"strconv"
)

// A Hash is the digest of a run: of every event in its order. Two runs with
// the same hash did the same things at the same times.
type Hash uint64

// String returns the hash as 16 hexadecimal digits.
func (h Hash) String() string { return fmt.Sprintf("%016x", uint64(h)) }

// MarshalText implements [encoding.TextMarshaler]: as text, because JSON
// numbers of 64 bits do not survive every reader.
func (h Hash) MarshalText() ([]byte, error) { return []byte(h.String()), nil }

// UnmarshalText implements [encoding.TextUnmarshaler].
func (h *Hash) UnmarshalText(text []byte) error {
	v, err := strconv.ParseUint(string(text), 16, 64)
	if err != nil || len(text) != 16 {
		return fmt.Errorf("trace hash %q: want 16 hexadecimal digits", text)
	}
	*h = Hash(v)
	return nil
}

// add folds two words into the rolling hash.
func (h *Hash) add(a, b uint64) {
	high, low := bits.Mul64(uint64(*h)^a^0xa0761d6478bd642f, b^0xe7037ed1a0b428db)
	*h = Hash(high ^ low ^ bits.RotateLeft64(uint64(*h), 23))
}

// hashText is FNV-1a.
func hashText(text string) uint64 {
	h := uint64(14695981039346656037)
	for i := range len(text) {
		h = (h ^ uint64(text[i])) * 1099511628211
	}
	return h
}
