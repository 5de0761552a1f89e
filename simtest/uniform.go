package simtest

import (
	"math/bits"

	"pgregory.net/rapid"
)

// mostBits is how many bits of rapid's decide one choice: more than 256 levels
// make no other runs worth speaking of.
const mostBits = 8

// uniform draws one of [0, n), all about equally likely. Rapid's own numbers
// are mostly small, and would have hardly any message lost; here each bit is
// drawn for itself, the highest first, so that rapid shrinks to 0 or as near to
// it as it can come. The greatest level is the greatest answer, for which the
// rarest things wait.
func uniform(rt *rapid.T, n uint64) uint64 {
	if n <= 1 {
		return 0
	}
	length := min(bits.Len64(n-1), mostBits)
	level := uint64(0)
	for range length {
		level <<= 1
		if coin.Draw(rt, "") {
			level++
		}
	}
	return spread(level, 1<<length, n)
}

var coin = rapid.Bool()

// spread turns a level, one of [0, levels), into an answer, one of [0, n), in
// proportion: 0 into 0, and the greatest into the greatest.
func spread(level, levels, n uint64) uint64 {
	if level == levels-1 {
		return n - 1
	}
	high, low := bits.Mul64(level, n)
	quotient, _ := bits.Div64(high, low, levels)
	return quotient
}
