package faults

import (
	"fmt"
	"time"
)

// A Duration is a time.Duration that reads and writes as text: "1.5s".
type Duration time.Duration

// String returns the duration as text.
func (d Duration) String() string { return time.Duration(d).String() }

// MarshalText implements [encoding.TextMarshaler].
func (d Duration) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText implements [encoding.TextUnmarshaler].
func (d *Duration) UnmarshalText(text []byte) error {
	parsed, err := time.ParseDuration(string(text))
	if err != nil {
		return fmt.Errorf("%q is not a duration such as 300ms", text)
	}
	*d = Duration(parsed)
	return nil
}
