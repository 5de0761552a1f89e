package checkers

import (
	"fmt"
	"strconv"
	"testing"
	"time"

	"seedbed.example/choice"
	"seedbed.example/history"
	"seedbed.example/models"
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
	}
	return history.Output{}
}

// BenchmarkLinearizable measures the check that follows every run of a hunt:
// 200 operations of 5 clients on 5 keys. The budget is 300 µs.
func BenchmarkLinearizable(b *testing.B) {
	model, _ := models.Find("kv")
	for _, unknown := range []choice.Rate{0, 10 * choice.Percent, 30 * choice.Percent} {
		b.Run(fmt.Sprint("unknown ", unknown), func(b *testing.B) {
			histories := make([]*history.History, 20)
			for i := range histories {
				histories[i] = simulated(choice.Seed(i), 200, 5, 5, unknown)
			}
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				if result := Linearizable(histories[i%len(histories)], model, time.Second); result.Verdict != Holds {
					b.Fatal(result.Verdict, result.Undecided, result.Offence)
				}
			}
		})
	}
}
