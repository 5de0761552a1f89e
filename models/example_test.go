package models_test

import (
	"fmt"

	"seedbed.example/history"
	"seedbed.example/models"
)

// A model is stepped with an operation and its answer: it says whether the
// answer is possible, and gives the state after it.
func Example() {
	model, _ := models.Find("cas-register")
	state := model.Porcupine.Init()
	for _, op := range []struct {
		in  history.Input
		out any
	}{
		{history.Input{F: history.Write, Value: "1"}, history.Output{}},
		{history.Input{F: history.CAS, Old: "1", Value: "2"}, history.Output{Applied: true}},
		{history.Input{F: history.CAS, Old: "1", Value: "3"}, nil}, // nobody knows
		{history.Input{F: history.Read}, history.Output{Value: "2", Found: true}},
		{history.Input{F: history.Read}, history.Output{Value: "3", Found: true}},
	} {
		ok, after := model.Porcupine.Step(state, op.in, op.out)
		fmt.Printf("%-26s possible: %-5v %s\n", models.Describe(op.in, op.out), ok, model.Porcupine.DescribeState(after))
		state = after
	}
	// Output:
	// write "1"                  possible: true  "1"
	// cas "1" to "2" -> done     possible: true  "2"
	// cas "1" to "3" -> ?        possible: true  "2"
	// read -> "2"                possible: true  "2"
	// read -> "3"                possible: false "2"
}

// A model says which history it cannot judge, and why.
func ExampleModel_Accepts() {
	var h history.History
	h.Invoke(1, 0, history.Input{F: history.Delete, Key: "x"})
	register, _ := models.Find("register")
	fmt.Println(register.Accepts(&h))
	kv, _ := models.Find("kv")
	fmt.Println(kv.Accepts(&h))
	// Output:
	// operation 1 is delete x, and the model register knows only read, write
	// <nil>
}

// A bank is read as its model writes balances.
func ExampleBalances() {
	bank, _ := models.Find("bank")
	state := bank.Porcupine.Init()
	_, state = bank.Porcupine.Step(state, history.Input{F: history.Deposit, To: "alice", Amount: 10}, history.Output{})
	_, state = bank.Porcupine.Step(state, history.Input{F: history.Transfer, From: "alice", To: "bob", Amount: 4}, history.Output{Applied: true})
	read := models.Balances(map[string]int64{"bob": 4, "alice": 6})
	possible, _ := bank.Porcupine.Step(state, history.Input{F: history.Read}, read)
	fmt.Println(read.Value, possible)
	// Output:
	// alice=6 bob=4 true
}
