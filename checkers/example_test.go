package checkers_test

import (
	"fmt"
	"time"

	"seedbed.example/checkers"
	"seedbed.example/history"
	"seedbed.example/models"
)

// A client reads a value that had been overwritten before it asked.
func Example() {
	var h history.History
	do := func(client int, in history.Input, out history.Output) {
		now := time.Duration(h.Len()) * time.Millisecond
		h.Return(h.Invoke(client, now, in), now+time.Millisecond/2, history.OK, out)
	}
	do(1, history.Input{F: history.Write, Key: "x", Value: "old"}, history.Output{})
	do(1, history.Input{F: history.Write, Key: "y", Value: "other"}, history.Output{})
	do(1, history.Input{F: history.Write, Key: "x", Value: "new"}, history.Output{})
	do(2, history.Input{F: history.Read, Key: "x"}, history.Output{Value: "old", Found: true})

	model, _ := models.Find("kv")
	result := checkers.Linearizable(&h, model, time.Second)
	fmt.Println(result)
	fmt.Println(result.Offence)
	// Output:
	// not linearizable: key "x" has no order (of 2 keys)
	// key "x": client 2 read "old", although client 1's write x "new" had overwritten it before: it was called after client 1's write x "old" had returned.
	//   client 1: write x "old"  [0s, 500µs]
	//   client 1: write x "new"  [2ms, 2.5ms]
	//   client 2: read x -> "old"  [3ms, 3.5ms]
}

// What was acknowledged has to be there.
func ExampleDurable() {
	var h history.History
	write := h.Invoke(1, 0, history.Input{F: history.Append, Key: "log", Value: "paid"})
	h.Return(write, 2*time.Millisecond, history.OK, history.Output{})
	read := h.Invoke(2, 3*time.Millisecond, history.Input{F: history.Read, Key: "log"})
	h.Return(read, 4*time.Millisecond, history.OK, history.Output{})
	for _, v := range checkers.Durable(&h) {
		fmt.Println(v.Message)
	}
	// Output:
	// this was acknowledged, and no later read shows it:
	//   client 1: append log "paid"  [0s, 2ms]
	//   client 2: read log -> nothing  [3ms, 4ms]
}

// Two acceptors that had promised nothing of each other.
func ExampleAgreement() {
	proposed := []string{"blue", "green"}
	for _, v := range checkers.Agreement(proposed, []checkers.Decision{
		{Who: "node 1", Slot: 4, Value: "blue"},
		{Who: "node 3", Slot: 4, Value: "green"},
		{Who: "node 3", Slot: 5, Value: "red"},
	}) {
		fmt.Printf("%s: %s\n", v.Kind, v.Message)
	}
	// Output:
	// two values decided: node 1 learned that "blue" was decided in slot 4, and node 3 that it was "green"
	// never proposed: node 3 learned that "red" was decided in slot 5, which nobody has proposed
}

// Two replicas that have been told the same in another order.
func ExampleConverged() {
	for _, v := range checkers.Converged([]checkers.Replica{
		{Name: "node 1", State: map[string]string{"color": "blue", "size": "7"}},
		{Name: "node 2", State: map[string]string{"color": "green", "size": "7"}},
	}) {
		fmt.Println(v.Message)
	}
	// Output:
	// key "color": node 1 holds "blue", and node 2 holds "green"
}

// A client writes to the primary and reads from a backup.
func ExampleSessions() {
	var h history.History
	h.Return(h.Invoke(1, 0, history.Input{F: history.Write, Value: "a"}), 2*time.Millisecond, history.OK, history.Output{})
	h.Return(h.Invoke(1, 3*time.Millisecond, history.Input{F: history.Read}), 4*time.Millisecond, history.OK, history.Output{})
	for _, v := range checkers.Sessions(&h, checkers.ReadYourWrites, checkers.MonotonicReads) {
		fmt.Printf("%s: %s\n", v.Kind, v.Message)
	}
	// Output:
	// read your writes: client 1 found nothing, although it had written "a" before, which is newer.
	//   client 1: write "a"  [0s, 2ms]
	//   client 1: read -> nothing  [3ms, 4ms]
}

// How far behind are reads from a backup? Not more than 5 ms are allowed.
func ExampleMeasureStaleness() {
	var h history.History
	do := func(at int, in history.Input, out history.Output) {
		now := time.Duration(at) * time.Millisecond
		h.Return(h.Invoke(1, now, in), now+time.Millisecond, history.OK, out)
	}
	do(0, history.Input{F: history.Write, Value: "a"}, history.Output{})
	do(2, history.Input{F: history.Write, Value: "b"}, history.Output{})
	do(6, history.Input{F: history.Read}, history.Output{Value: "a", Found: true})
	do(9, history.Input{F: history.Read}, history.Output{Value: "a", Found: true})
	staleness := checkers.MeasureStaleness(&h)
	fmt.Println(staleness)
	for _, v := range staleness.OlderThan(5 * time.Millisecond) {
		fmt.Println(v.Message)
	}
	// Output:
	// 2 of 2 reads are stale, by 6ms and 1 version at most; the median of all is 3ms and 1 version
	// client 1 read "a", which was 6ms and 1 version behind: allowed is at most 5ms.
	//   client 1: write "a"  [0s, 1ms]
	//   client 1: write "b"  [2ms, 3ms]
	//   client 1: read -> "a"  [9ms, 10ms]
}

// Money was given back twice.
func ExampleConserved() {
	for _, v := range checkers.Conserved(100, []checkers.Reading{
		{When: "at 1s", Parts: []checkers.Part{{Name: "customer", Amount: 60}, {Name: "shop", Amount: 40}}},
		{When: "at 2s", Parts: []checkers.Part{{Name: "customer", Amount: 140}, {Name: "shop", Amount: 0}}},
	}) {
		fmt.Println(v.Message)
	}
	// Output:
	// at 2s: customer 140, shop 0 add up to 140, and there were 100: 40 created
}

// The orchestrator crashed, and has forgotten the order.
func ExampleAllOrCompensated() {
	sagas := []checkers.Saga{{ID: "order 7", Steps: []string{"reserve", "pay"}}}
	for _, v := range checkers.AllOrCompensated(sagas, []checkers.SagaRecord{
		{Saga: "order 7", Step: "reserve"},
	}) {
		fmt.Printf("%s: %s\n", v.Kind, v.Message)
	}
	// Output:
	// half done: saga "order 7" has ended half done, with "reserve" in place, but "pay" was not done
}

// An outbox is read again after a crash, and the broker does not know the event.
func ExampleEffects() {
	for _, v := range checkers.Effects([]string{"order 7 placed", "order 8 placed"}, nil, []checkers.Effect{
		{Intent: "order 7 placed", Where: "broker"},
		{Intent: "order 7 placed", Where: "broker"},
	}) {
		fmt.Printf("%s: %s\n", v.Kind, v.Message)
	}
	// Output:
	// doubled effect: "order 7 placed" took effect at broker, and again at broker
	// lost effect: "order 8 placed" was committed, and has never taken effect
}
