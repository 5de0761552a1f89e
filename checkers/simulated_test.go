package checkers

import (
	"fmt"
	"strconv"
	"time"

	"seedbed.example/choice"
	"seedbed.example/history"
)

// simulated is a history as a correct store gives it: clients ask at random,
// each operation takes effect at one moment between its call and its return,
// and of some the outcome is never known.
func simulated(seed choice.Seed, operations, clients, keys int, unknown choice.Rate) *history.History {
	draw := choice.NewStream(seed, "test", "simulated")
	h := new(history.History)
	store := make(map[string]history.Output)
	type pending struct {
		id      history.ID
		in      history.Input
		out     history.Output
		applied bool
		busy    bool
	}
	open := make([]pending, clients)
	for now := time.Duration(0); h.Len() < operations; now += time.Microsecond {
		client := int(draw.N(uint64(clients)))
		switch p := &open[client]; {
		case !p.busy:
			in := history.Input{Key: "key" + strconv.Itoa(int(draw.N(uint64(keys)))), Value: fmt.Sprint(client, ".", h.Len())}
			switch draw.N(10) {
			default:
				in.F, in.Value = history.Read, ""
			case 4, 5, 6:
				in.F = history.Write
			case 7, 8:
				in.F, in.Value = history.Append, "+"+in.Value
			case 9:
				in.F, in.Old = history.CAS, fmt.Sprint(draw.N(uint64(clients)), ".", draw.N(uint64(h.Len()+1)))
			}
			*p = pending{id: h.Invoke(client, now, in), in: in, busy: true}
		case !p.applied:
			p.out, p.applied = apply(store, p.in), true
		default:
			p.busy = false
			if draw.Strikes(unknown) {
				h.Return(p.id, now, history.Unknown, nil)
			} else {
				h.Return(p.id, now, history.OK, p.out)
			}
		}
	}
	return h
}

// apply is the store that the histories of these tests come from.
func apply(store map[string]history.Output, in history.Input) history.Output {
	at := store[in.Key]
	switch in.F {
	case history.Read:
		return at
	case history.Write:
		store[in.Key] = history.Output{Value: in.Value, Found: true}
	case history.Append:
		store[in.Key] = history.Output{Value: at.Value + in.Value, Found: true}
	case history.Delete:
		delete(store, in.Key)
	case history.CAS:
		if at.Found && at.Value == in.Old {
			store[in.Key] = history.Output{Value: in.Value, Found: true}
			return history.Output{Applied: true}
		}
	case history.Propose:
		if !at.Found {
			store[in.Key] = history.Output{Value: in.Value, Found: true}
		}
		return store[in.Key]
	}
	return history.Output{}
}

// stale is a history of a correct store, but for one read near the end, which
// got the answer of an earlier one of its key.
func stale(seed int, operations int, unknown choice.Rate) *history.History {
	h := simulated(choice.Seed(seed), operations, 5, 3, unknown)
	answered := func(op *history.Operation) bool {
		return function(op.Input) == history.Read && op.Outcome == history.OK
	}
	all := h.Operations()
	for i := len(all) * 3 / 4; i < len(all); i++ {
		for j := range i / 2 {
			late, early := &all[i], &all[j]
			if answered(late) && answered(early) && input(late).Key == input(early).Key && late.Output != early.Output {
				late.Output = early.Output
				return h
			}
		}
	}
	return h
}
