package story

import "testing"

func TestNamesThatDifferInTheirNumberShareTheirWord(t *testing.T) {
	for _, c := range []struct {
		names []string
		want  string
	}{
		{nil, ""},
		{[]string{"node 1"}, "node 1"},
		{[]string{"node 1", "node 2"}, "nodes 1 and 2"},
		{[]string{"node 3", "client 6", "client 7", "client 8"}, "node 3 and clients 6, 7 and 8"},
		{[]string{"server (1)", "server (2)", "proxy"}, "server (1), server (2) and proxy"},
	} {
		if got := plural(c.names); got != c.want {
			t.Errorf("%q are called %q, want %q", c.names, got, c.want)
		}
	}
}
