package simtest

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"time"

	"seedbed.example/doctor"
)

// The environment variables that change what a test runs.
const (
	seedVariable      = "SEEDBED_SEED"
	seedsVariable     = "SEEDBED_SEEDS"
	lengthVariable    = "SEEDBED_FOR"
	doctorVariable    = doctor.SeedsVariable
	doctorOutVariable = doctor.OutVariable
	traceVariable     = "SEEDBED_TRACE" // a file for the trace, as text, of the failing run that is told
)

// settings is what the environment asks for.
type settings struct {
	one       bool          // run the one seed, and nothing else
	seed      uint64        // which
	seeds     uint64        // how many to hunt through; 0 if it is not said
	length    time.Duration // how long to hunt, in real time; 0 if it is not said
	doctor    uint64        // run so many seeds twice instead; 0 for none
	doctorOut string        // file for what they came to
}

// readSettings reads the environment. Its error says of every bad value what
// would be right.
func readSettings(getenv func(string) string) (settings, error) {
	var s settings
	var bad []error
	whole := func(name string, least uint64, into *uint64) (set bool) {
		text := getenv(name)
		if text == "" {
			return false
		}
		n, err := strconv.ParseUint(text, 10, 64)
		if err != nil || n < least {
			bad = append(bad, fmt.Errorf("%s=%s: want a whole number from %d to %d", name, text, least, uint64(math.MaxUint64)))
		}
		*into = n
		return true
	}
	s.one = whole(seedVariable, 0, &s.seed)
	whole(seedsVariable, 1, &s.seeds)
	whole(doctorVariable, 1, &s.doctor)
	if text := getenv(lengthVariable); text != "" {
		d, err := time.ParseDuration(text)
		if err != nil || d <= 0 {
			bad = append(bad, fmt.Errorf("%s=%s: want a length of time above 0, such as 10m", lengthVariable, text))
		}
		s.length = d
	}
	if s.doctorOut = getenv(doctorOutVariable); s.doctorOut != "" && s.doctor == 0 {
		bad = append(bad, fmt.Errorf("%s names a file, and %s does not say how many seeds to run twice", doctorOutVariable, doctorVariable))
	}
	if s.one && s.doctor > 0 {
		bad = append(bad, fmt.Errorf("%s asks for one seed, and %s for a look at many: unset one of them", seedVariable, doctorVariable))
	}
	return s, errors.Join(bad...)
}
