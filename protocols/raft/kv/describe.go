package kv

import (
	"fmt"

	"seedbed.example/history"
	"seedbed.example/protocols/raft"
)

// Describe tells, for traces, what the messages between clients and servers
// ask for and answer, of which Raft knows only the bytes. Of anything else it
// knows nothing, and returns "".
func Describe(v any) string {
	switch m := v.(type) {
	case history.Output:
		return answer(m)
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
			return fmt.Sprintf("%v, %s", m.Status, answer(decodeOutput(m.Result)))
		}
	}
	return ""
}

// answer tells an output, as far as that is possible without the input.
func answer(out history.Output) string {
	switch {
	case out.Found:
		return fmt.Sprintf("%q", out.Value)
	case out.Applied:
		return "applied"
	default:
		return "no value"
	}
}
