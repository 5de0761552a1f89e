package paxos

import (
	"fmt"
	"testing"

	"seedbed.example/sim"
)

func TestMessagesReadWell(t *testing.T) {
	for _, test := range []struct {
		m    sim.Message
		want string
	}{
		{&Prepare{"a", Ballot{3, 1}}, "a, ballot 3.1"},
		{&Promise{"a", Ballot{3, 1}, Vote{}}, "a, ballot 3.1, has accepted nothing"},
		{&Promise{"a", Ballot{3, 1}, Vote{Ballot{2, 5}, "blue"}}, `a, ballot 3.1, has accepted "blue" in ballot 2.5`},
		{&Accept{"a", Ballot{3, 1}, "blue"}, `a, ballot 3.1: "blue"`},
		{&Accepted{"a", Ballot{3, 1}}, "a, ballot 3.1"},
		{&Nack{"a", Ballot{3, 1}, Ballot{4, 2}}, "a, ballot 3.1 is too low, has promised 4.2"},
		{&Chosen{"a", "blue"}, `a: "blue"`},
		{&Propose{"a", "blue"}, `a: "blue"`},
		{&Read{"a"}, "a"},
		{&Reply{Chosen: true, Value: "blue"}, `"blue" was chosen`},
		{&Reply{}, "nothing was chosen"},
	} {
		if got := fmt.Sprintf("%+v", test.m); got != test.want { // as traces print it
			t.Errorf("%T reads %q, want %q", test.m, got, test.want)
		}
	}
}
