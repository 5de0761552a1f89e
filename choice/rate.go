package choice

import (
	"fmt"
	"strconv"
	"strings"
)

// A Rate is how often a thing happens, in parts per million: an integer, so
// that it means the same on every architecture. It reads and prints as a
// percentage, "2.5%".
type Rate int

// Rates to build others from.
const (
	Never   Rate = 0
	Percent Rate = 10_000
	Always  Rate = 1_000_000
)

// String returns the rate as a percentage with as many digits as it has.
func (r Rate) String() string {
	whole, rest := r/Percent, r%Percent
	if rest == 0 {
		return fmt.Sprintf("%d%%", whole)
	}
	return strings.TrimRight(fmt.Sprintf("%d.%04d", whole, rest), "0") + "%"
}

// MarshalText implements [encoding.TextMarshaler].
func (r Rate) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// UnmarshalText implements [encoding.TextUnmarshaler].
func (r *Rate) UnmarshalText(text []byte) error {
	parsed, err := ParseRate(string(text))
	if err != nil {
		return err
	}
	*r = parsed
	return nil
}

// ParseRate reads a rate as [Rate.String] prints it: a percentage between 0%
// and 100% with at most four decimals.
func ParseRate(text string) (Rate, error) {
	bad := fmt.Errorf("rate %q: want a percentage from 0%% to 100%% with at most four decimals, such as 2.5%%", text)
	number, ok := strings.CutSuffix(text, "%")
	if !ok {
		return 0, bad
	}
	whole, decimals, point := strings.Cut(number, ".")
	if whole == "" || (point && decimals == "") || len(decimals) > 4 {
		return 0, bad
	}
	ppm, err := strconv.ParseUint(whole+decimals+strings.Repeat("0", 4-len(decimals)), 10, 32)
	if err != nil || Rate(ppm) > Always {
		return 0, bad
	}
	return Rate(ppm), nil
}
