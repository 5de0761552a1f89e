package checkers

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"seedbed.example/history"
)

// script makes a history of lines, each a millisecond after the one before:
//
//	1 write x 7      client 1 begins an operation: read, write, append, cas, delete, ...
//	1 cas x 7 8
//	1 add x 3
//	1 transfer x 3 a b
//	1 ok             it took effect; what was read, or "nothing", or "done" or "refused" follows
//	1 fail           it did not
//	1 unknown        it may have
func script(t testing.TB, text string) *history.History {
	t.Helper()
	h := new(history.History)
	open := make(map[int]history.ID)
	for number, line := range strings.Split(strings.TrimSpace(text), "\n") {
		words := strings.Fields(line)
		client, err := strconv.Atoi(words[0])
		if err != nil || len(words) < 2 {
			t.Fatalf("line %q: want a client and what it does", line)
		}
		now := time.Duration(number) * time.Millisecond
		if in, ok := scriptInput(words[1:]); ok {
			open[client] = h.Invoke(client, now, in)
			continue
		}
		id, ok := open[client]
		if !ok {
			t.Fatalf("line %q: client %d has nothing under way", line, client)
		}
		delete(open, client)
		switch words[1] {
		case "ok":
			h.Return(id, now, history.OK, scriptOutput(function(h.Operations()[id].Input), words[2:]))
		case "fail":
			h.Return(id, now, history.Failed, nil)
		case "unknown":
			h.Return(id, now, history.Unknown, nil)
		default:
			t.Fatalf("line %q: what is %q?", line, words[1])
		}
	}
	return h
}

func scriptInput(words []string) (in history.Input, ok bool) {
	for _, f := range history.Functions() {
		if f.String() == words[0] {
			in.F, in.Key, ok = f, words[1], true
		}
	}
	if !ok || len(words) < 3 {
		return in, ok
	}
	amount, _ := strconv.ParseInt(words[2], 10, 64)
	switch in.F {
	case history.CAS:
		in.Old, in.Value = words[2], words[3]
	case history.Add:
		in.Amount = amount
	case history.Deposit:
		in.Amount, in.To = amount, words[3]
	case history.Transfer:
		in.Amount, in.From, in.To = amount, words[3], words[4]
	default:
		in.Value = words[2]
	}
	return in, ok
}

func scriptOutput(f history.Function, words []string) history.Output {
	answer := strings.Join(words, " ")
	switch f {
	case history.CAS, history.Transfer:
		return history.Output{Applied: answer == "done"}
	case history.Read, history.Propose, history.Dequeue:
		if answer != "nothing" {
			return history.Output{Value: answer, Found: true}
		}
	}
	return history.Output{}
}

// show tells a history for a failure.
func show(h *history.History) string {
	var b strings.Builder
	for _, op := range h.Operations() {
		fmt.Fprintf(&b, "%d-%d %v %s\n", op.Invoked, op.Returned, op.Outcome, describe(&op))
	}
	return b.String()
}
