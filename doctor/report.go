package doctor

import (
	"fmt"
	"strings"

	"seedbed.example/checkers"
)

// A Report is what an examination has come to.
type Report struct {
	Scenario    string       `json:"scenario"`
	Mistake     string       `json:"mistake,omitempty"`
	From        uint64       `json:"seed"`      // the first one
	Wanted      uint64       `json:"wanted"`    // seeds asked for
	Seeds       uint64       `json:"seeds"`     // that did the same on every try in this process
	Processes   []Conditions `json:"processes"` // in which all of them did the same once more
	Finding     *Finding     `json:"finding"`   // nil if each seed was one run
	Interrupted bool         `json:"interrupted"`
}

// Verdict is what the examination as a whole came to: unknown if it was called
// off before it was done.
func (r *Report) Verdict() checkers.Verdict {
	switch {
	case r.Finding != nil:
		return checkers.Violated
	case r.Interrupted || r.Seeds == 0:
		return checkers.Unknown
	default:
		return checkers.Holds
	}
}

// A Finding is a seed that takes more than one course.
type Finding struct {
	Seed  uint64 `json:"seed"`
	Where string `json:"where"` // it was seen to differ
	Cause Cause  `json:"cause"`
	// Sure reports whether an experiment shows the cause. Else it is a guess,
	// from how two traces part.
	Sure       bool        `json:"sure"`
	Why        string      `json:"why"`        // how the cause is known
	Difference *Difference `json:"difference"` // nil if no two recordings in this process differed
	Samples    []Sample    `json:"samples"`    // the experiments
}

// String tells the finding for people.
func (f *Finding) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "Seed %d is not one run: %s it took another course.\n", f.Seed, f.Where)
	likely := "Cause"
	if !f.Sure {
		likely = "Likely cause"
	}
	fmt.Fprintf(&b, "%s: %s. %s\n%s\n", likely, f.Cause, f.Why, advice[f.Cause])
	if f.Difference != nil {
		fmt.Fprintf(&b, "\n%v\n", f.Difference)
	} else {
		fmt.Fprintf(&b, "\nTwo recordings in this process, %d times over, were alike.\n", pairs)
	}
	return b.String()
}
