package checkers

import (
	"fmt"
	"strings"
)

// A Reading is what all parts of a total held at one moment: the accounts of a
// bank, or what of a stock is free, reserved and sold.
type Reading struct {
	When  string // when and by whom it was read: "at 3s, by client 2"
	Parts []Part // in an order that the caller gives
}

// A Part is one of the places that something may be in.
type Part struct {
	Name   string
	Amount int64
}

// Conserved finds readings whose parts do not add up to what there is. The total
// is that of the beginning: nothing comes from outside, and nothing leaves. A
// reading has to be of one moment; parts that were read one after another add up
// only where nothing was under way.
//
// Its kind is "created" if there is more than the total, and "destroyed" if there
// is less. Of readings on end that say the same only the first is told. The sum
// of a reading has to fit into 64 bits.
func Conserved(total int64, readings []Reading) []Violation {
	var found []Violation
	before := total
	for _, r := range readings {
		sum := r.sum()
		if sum != total && sum != before {
			found = append(found, r.imbalance(total, sum))
		}
		before = sum
	}
	return found
}

func (r *Reading) sum() (sum int64) {
	for _, part := range r.Parts {
		sum += part.Amount
	}
	return sum
}

func (r *Reading) imbalance(total, sum int64) Violation {
	kind, much := "created", uint64(sum)-uint64(total)
	if sum < total {
		kind, much = "destroyed", -much
	}
	var parts []string
	for _, part := range r.Parts {
		parts = append(parts, fmt.Sprintf("%s %d", part.Name, part.Amount))
	}
	if parts == nil {
		parts = []string{"no parts"}
	}
	return Violation{Checker: "conservation", Kind: kind, Message: fmt.Sprintf(
		"%s: %s add up to %d, and there were %d: %d %s", r.When, strings.Join(parts, ", "), sum, total, much, kind)}
}
