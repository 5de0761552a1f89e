package kv

import (
	"fmt"

	"seedbed.example/protocols/raft"
	"seedbed.example/sim"
)

// Describe tells, for traces, what the messages between clients and servers
// ask for and answer: Raft knows only the bytes. For other messages it returns
// "".
func Describe(m sim.Message) string {
	switch m := m.(type) {
	case *raft.Propose:
		if in, err := decodeInput(m.Command); err == nil {
			return fmt.Sprintf("session %d, number %d, %v", m.Session, m.Sequence, in)
		}
	case *raft.Read:
		if in, err := decodeInput(m.Query); err == nil {
			return in.String()
		}
	case *raft.Reply:
		if len(m.Result) > 0 {
			return fmt.Sprintf("%v, %s", m.Status, answer(m.Result))
		}
	}
	return ""
}

// answer tells an encoded output, as far as that is possible without the input.
func answer(result []byte) string {
	switch out := decodeOutput(result); {
	case out.Found:
		return fmt.Sprintf("%q", out.Value)
	case out.Applied:
		return "applied"
	default:
		return "no value"
	}
}
