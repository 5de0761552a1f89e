package history_test

import (
	"fmt"
	"os"
	"strings"
	"time"

	"seedbed.example/history"
)

// A simulation appends to a history while it runs; a history can be kept.
func Example() {
	var h history.History
	write := h.Invoke(1, 2*time.Millisecond, history.Input{F: history.Write, Key: "x", Value: "7"})
	read := h.Invoke(2, 3*time.Millisecond, history.Input{F: history.Read, Key: "x"})
	h.Return(read, 5*time.Millisecond, history.OK, history.Output{Value: "7", Found: true})
	h.Return(write, 9*time.Millisecond, history.Unknown, nil) // no answer came in time
	history.Encode(os.Stdout, &h, "kv")
	// Output:
	// {"seedbed-history":1,"model":"kv","events":4}
	// {"client":1,"at":2000000,"event":"invoke","f":"write","key":"x","value":"7"}
	// {"client":2,"at":3000000,"event":"invoke","f":"read","key":"x"}
	// {"client":2,"at":5000000,"event":"ok","value":"7","found":true}
	// {"client":1,"at":9000000,"event":"unknown"}
}

// A recording's format is told by how it begins.
func ExampleDecode() {
	recorded := `{:process 0, :type :invoke, :f :write, :value 3}
{:process 1, :type :invoke, :f :cas, :value [3 4]}
{:process 1, :type :info, :f :cas, :value [3 4], :error :timeout}
{:process 0, :type :ok, :f :write, :value 3}
`
	format, err := history.Detect([]byte(recorded))
	if err != nil {
		fmt.Println(err)
		return
	}
	recording, err := history.Decode(strings.NewReader(recorded), format)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(format, "for model", recording.Model)
	for _, op := range recording.History.Operations() {
		fmt.Printf("client %d: %v: %v\n", op.Client, op.Input, op.Outcome)
	}
	// Output:
	// jepsen-edn for model cas-register
	// client 0: write "3": ok
	// client 1: cas "3" to "4": unknown
}
