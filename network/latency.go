package network

import (
	"fmt"
	"math/bits"
	"strconv"
	"strings"
	"time"
)

// A Latency is a model of how long a message takes, one way. It is sampled by
// quantile from an integer, so that answer 0 is the least latency, a greater
// answer is never earlier, and all platforms agree. Its times are from 0 to
// [MaxLatency]; what is beyond is cut off.
//
// In text: "constant 1ms", "uniform 1ms..5ms", "exponential 1ms+4ms" (least,
// and mean of what comes on top), "lognormal 2ms 50%" (median, and sigma).
type Latency struct {
	shape  shape
	least  time.Duration // constant, uniform and exponential; the median of lognormal
	spread time.Duration // uniform: most - least; exponential: the mean above least
	sigma  int           // lognormal: in hundredths
}

type shape uint8

const (
	constant shape = iota
	uniform
	exponential
	logNormal
)

// Constant takes d always.
func Constant(d time.Duration) Latency { return Latency{shape: constant, least: within(d)} }

// Uniform takes between least and most, all alike.
func Uniform(least, most time.Duration) Latency {
	least, most = within(least), within(most)
	return Latency{shape: uniform, least: least, spread: max(most-least, 0)}
}

// Exponential takes least and an exponentially distributed time with that
// mean on top: a link with a queue.
func Exponential(least, mean time.Duration) Latency {
	return Latency{shape: exponential, least: within(least), spread: within(mean)}
}

// LogNormal takes a log-normally distributed time, as measured between data
// centres: half of all messages are faster than median. Sigma is in
// hundredths, 0 to 200.
func LogNormal(median time.Duration, sigma int) Latency {
	return Latency{shape: logNormal, least: within(median), sigma: min(max(sigma, 0), 200)}
}

// MaxLatency bounds the times that a model may be given.
const MaxLatency = time.Hour

func within(d time.Duration) time.Duration { return min(max(d, 0), MaxLatency) }

// quantiles is how finely a message's luck is drawn.
const quantiles = 1 << 20

// sample returns the latency of a message whose luck is u of [0, quantiles):
// 0 is the luckiest.
func (l Latency) sample(u uint64) time.Duration {
	switch l.shape {
	case uniform:
		return l.least + l.spread*time.Duration(u)/(quantiles-1)
	case exponential:
		return l.least + times(l.spread, quantile(&exponentialQuantiles, u))
	case logNormal:
		return times(l.least, exp(quantile(&normalQuantiles, u)*int64(l.sigma)/100))
	default:
		return l.least
	}
}

// times returns d times a factor in fixed point.
func times(d time.Duration, factor int64) time.Duration {
	high, low := bits.Mul64(uint64(d), uint64(factor))
	return time.Duration(high<<(64-tableBits) | low>>tableBits)
}

// Equal reports whether two models are the same, for those who compare values
// of other packages.
func (l Latency) Equal(other Latency) bool { return l == other }

// String returns the model as [ParseLatency] reads it.
func (l Latency) String() string {
	switch l.shape {
	case uniform:
		return fmt.Sprintf("uniform %v..%v", l.least, l.least+l.spread)
	case exponential:
		return fmt.Sprintf("exponential %v+%v", l.least, l.spread)
	case logNormal:
		return fmt.Sprintf("lognormal %v %d%%", l.least, l.sigma)
	default:
		return fmt.Sprintf("constant %v", l.least)
	}
}

// MarshalText implements [encoding.TextMarshaler].
func (l Latency) MarshalText() ([]byte, error) { return []byte(l.String()), nil }

// UnmarshalText implements [encoding.TextUnmarshaler].
func (l *Latency) UnmarshalText(text []byte) error {
	parsed, err := ParseLatency(string(text))
	if err == nil {
		*l = parsed
	}
	return err
}

// ParseLatency reads a model as [Latency.String] prints it.
func ParseLatency(text string) (Latency, error) {
	name, rest, _ := strings.Cut(text, " ")
	var first, second, between string
	switch name {
	case "constant":
		first, second = rest, "0s"
	case "uniform":
		between = ".."
	case "exponential":
		between = "+"
	case "lognormal":
		first, second, _ = strings.Cut(rest, " ")
		sigma, err := strconv.Atoi(strings.TrimSuffix(second, "%"))
		if err != nil || sigma < 0 || sigma > 200 || !strings.HasSuffix(second, "%") {
			return Latency{}, badLatency(text)
		}
		median, err := parseTime(first)
		if err != nil {
			return Latency{}, badLatency(text)
		}
		return LogNormal(median, sigma), nil
	default:
		return Latency{}, badLatency(text)
	}
	if between != "" {
		var ok bool
		if first, second, ok = strings.Cut(rest, between); !ok {
			return Latency{}, badLatency(text)
		}
	}
	a, errA := parseTime(first)
	b, errB := parseTime(second)
	switch {
	case errA != nil || errB != nil:
		return Latency{}, badLatency(text)
	case name == "uniform" && b < a:
		return Latency{}, badLatency(text)
	case name == "uniform":
		return Uniform(a, b), nil
	case name == "exponential":
		return Exponential(a, b), nil
	default:
		return Constant(a), nil
	}
}

func parseTime(text string) (time.Duration, error) {
	d, err := time.ParseDuration(text)
	if err == nil && (d < 0 || d > MaxLatency) {
		err = fmt.Errorf("want 0 to %v", MaxLatency)
	}
	return d, err
}

func badLatency(text string) error {
	return fmt.Errorf("latency %q: want one of: constant 1ms; uniform 1ms..5ms; exponential 1ms+4ms; lognormal 2ms 50%% (times up to %v, sigma up to 200%%)", text, MaxLatency)
}
