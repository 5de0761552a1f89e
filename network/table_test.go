package network

import (
	"math"
	"testing"
)

// The tables are literal because math.Log differs by a bit between platforms.
// They must agree with it all the same.
func TestTablesAgreeWithMath(t *testing.T) {
	const one = 1 << tableBits
	for i := range tableSize + 1 {
		p := min(float64(i)/tableSize, 1-1.0/4096)
		for _, c := range []struct {
			name string
			got  int32
			want float64
		}{
			{"exponential", exponentialQuantiles[i], -math.Log(1 - p)},
			{"normal", normalQuantiles[i], math.Sqrt2 * math.Erfinv(2*max(p, 1.0/4096)-1)},
			{"power of two", powersOfTwo[i], math.Pow(2, float64(i)/tableSize)},
		} {
			if off := float64(c.got) - c.want*one; math.Abs(off) > 1 {
				t.Errorf("%s, entry %d: %d, want %.1f", c.name, i, c.got, c.want*one)
			}
		}
	}
}

func TestExpAgreesWithMath(t *testing.T) {
	const one = 1 << tableBits
	for x := -6.0; x <= 7; x += 0.013 {
		got, want := float64(exp(int64(x*one)))/one, math.Exp(x)
		if math.Abs(got-want) > want*0.0001+2.0/one {
			t.Errorf("exp(%.3f) = %.6f, want %.6f", x, got, want)
		}
	}
}
