package models

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"

	"seedbed.example/history"
)

// In the stories under testdata, each line is an operation and its answer:
//
//	read -> 1        or nothing, or ? where it is not known
//	write 1, append 1, delete, propose 1 -> 1, enqueue 1, dequeue -> 1, add 1,
//	deposit a 1, transfer a b 1 -> done
//	cas 1 2 -> done  or refused
//
// and what comes of it is how the model describes it, whether it is accepted,
// and the state after it.
func TestEveryModelStepsAsItsStoryTells(t *testing.T) {
	datadriven.Walk(t, "testdata/stories", func(t *testing.T, path string) {
		datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) string {
			model, ok := Find(d.Cmd)
			if !ok {
				d.Fatalf(t, "there is no model %q", d.Cmd)
			}
			var b strings.Builder
			state := model.Porcupine.Init()
			for _, line := range strings.Split(d.Input, "\n") {
				in, out := operation(line)
				accepted, after := model.Porcupine.Step(state, in, out)
				if !accepted {
					fmt.Fprintf(&b, "%s: no\n", model.Porcupine.DescribeOperation(in, out))
					continue
				}
				state = after
				fmt.Fprintf(&b, "%s: %s\n", model.Porcupine.DescribeOperation(in, out), model.Porcupine.DescribeState(state))
			}
			return b.String()
		})
	})
}

func operation(line string) (in, out any) {
	asked, answer, _ := strings.Cut(line, " -> ")
	words := strings.Fields(asked)
	input := history.Input{Key: "x"}
	for _, f := range history.Functions() {
		if f.String() == words[0] {
			input.F = f
		}
	}
	switch {
	case input.F == history.Add || input.F == history.Deposit || input.F == history.Transfer:
		last := len(words) - 1
		amount, err := strconv.ParseInt(words[last], 10, 64)
		if err != nil {
			panic(err)
		}
		input.Amount = amount
		if last > 1 {
			input.To = words[last-1]
		}
		if last > 2 {
			input.From = words[1]
		}
	case input.F == history.CAS:
		input.Old, input.Value = words[1], words[2]
	case len(words) > 1:
		input.Value = words[1]
	}
	switch answer {
	case "?":
		return input, nil
	case "", "nothing", "refused":
		return input, history.Output{}
	case "done":
		return input, history.Output{Applied: true}
	default:
		return input, history.Output{Value: answer, Found: true}
	}
}
