package kv

import (
	"fmt"
	"testing"

	"seedbed.example/history"
	"seedbed.example/protocols/raft"
)

func TestMessagesAreDescribedByWhatTheyAskAndAnswer(t *testing.T) {
	write := encodeInput(history.Input{F: history.Write, Key: "a", Value: "1"})
	for want, m := range map[string]any{
		`session 7, number 2, write a "1"`: &raft.Propose{Session: 7, Sequence: 2, Command: write},
		"read a":                           &raft.Read{Query: encodeInput(history.Input{Key: "a"})},
		`ok, "1"`:                          &raft.Reply{Result: encodeOutput(history.Output{Found: true, Value: "1"})},
		"ok, applied":                      &raft.Reply{Result: encodeOutput(history.Output{Applied: true})},
		"ok, no value":                     &raft.Reply{Result: encodeOutput(history.Output{})},
		`"1"`:                              history.Output{Found: true, Value: "1"},
	} {
		expect(t, "description", Describe(m), want)
	}
	for _, other := range []any{&raft.AppendEntries{}, &raft.Propose{Command: []byte("noise")}, &raft.Reply{Session: 3}, nil} {
		expect(t, fmt.Sprintf("description of %T", other), Describe(other), "")
	}
}
