package checkers

import (
	"fmt"
	"maps"
	"slices"
)

// A Replica is what one replica holds once all is quiet.
type Replica struct {
	Name  string            // "node 2"
	State map[string]string // values by key
}

// Converged finds replicas that do not hold what the first one holds. It is to
// be asked once nothing goes wrong any more and replicas have had the time they
// need to hear of everything: then those that have heard of the same updates hold
// the same (Shapiro, Preguiça, Baquero and Zawirski, "Conflict-free replicated
// data types", 2011, section 2.2).
//
// For each that differs there is one violation, with the first key in the order
// of their names, and how many other keys differ. Its kind is "missing key" if
// one of the two has nothing there, else "different value". It takes time in
// proportion to n log n for n keys.
func Converged(replicas []Replica) []Violation {
	var found []Violation
	for i := 1; i < len(replicas); i++ {
		if keys := differences(replicas[0].State, replicas[i].State); len(keys) > 0 {
			found = append(found, divergence(&replicas[0], &replicas[i], keys))
		}
	}
	return found
}

// differences returns the keys on which two states differ, in order.
func differences(a, b map[string]string) []string {
	keys := slices.AppendSeq(slices.Collect(maps.Keys(a)), maps.Keys(b))
	slices.Sort(keys)
	return slices.DeleteFunc(slices.Compact(keys), func(key string) bool {
		x, inA := a[key]
		y, inB := b[key]
		return inA == inB && x == y
	})
}

func divergence(a, b *Replica, keys []string) Violation {
	v := Violation{Checker: "convergence", Kind: "different value"}
	x, inA := held(a, keys[0])
	y, inB := held(b, keys[0])
	if !inA || !inB {
		v.Kind = "missing key"
	}
	v.Message = fmt.Sprintf("key %q: %s, and %s", keys[0], x, y)
	if more := len(keys) - 1; more > 0 {
		v.Message += fmt.Sprintf(" (and %d more keys differ)", more)
	}
	return v
}

// held says what a replica has at a key.
func held(r *Replica, key string) (said string, found bool) {
	value, found := r.State[key]
	if !found {
		return r.Name + " holds nothing", false
	}
	return fmt.Sprintf("%s holds %q", r.Name, value), true
}
