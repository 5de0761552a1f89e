package quorum

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"

	"seedbed.example/internal/stories"
	"seedbed.example/sim"
)

// A story is a file under testdata that teaches a part of the protocol: commands,
// and what comes of them. Beside the commands of [stories.Stage.Command]
// there are
//
//	replicas N        new replicas in the calmest of worlds: a message takes 1 ms, a
//	                  disk no time. With r=SIZE, w=SIZE, mistake=ID
//	write KEY=VALUE   a new client writes, at=(REPLICA ..); it waits up to 100 ms
//	read KEY          a new client reads, at=(REPLICA ..)
//	holdings          what each replica holds
type story struct {
	*cluster
	rules *Rules
}

func TestStories(t *testing.T) { stories.Run(t, (*story).command) }

// command carries out one command and tells what came of it.
func (s *story) command(t *testing.T, d *datadriven.TestData) string {
	words, at := stories.Words(d), stories.Named[sim.NodeID](t, d, "at")
	switch d.Cmd {
	case "replicas":
		s.begin(t, d, stories.Number[int](t, words[0]))
		return s.Tell()
	case "write":
		return s.write(d.CmdArgs[0].Key, d.CmdArgs[0].Vals[0], at)
	case "read":
		return s.read(words[0], at)
	case "holdings":
		return s.holdings()
	default:
		return s.Command(t, d)
	}
}

func (s *story) begin(t *testing.T, d *datadriven.TestData, replicas int) {
	s.rules = stories.Plant(t, d, Mistakes(), Correct())
	s.cluster = newCluster(t, replicas, func(o *Options) {
		d.MaybeScanArgs(t, "r", &o.R)
		d.MaybeScanArgs(t, "w", &o.W)
		o.Rules = s.rules
	})
	s.Column = 8
}

func (s *story) write(key, value string, at []sim.NodeID) string {
	result := "no end"
	s.ask(at, s.rules, func(c *Client) {
		result = "done"
		if err := c.Write(key, value); err != nil {
			result = err.Error()
		}
	})
	return s.Tell() + result + "\n"
}

func (s *story) read(key string, at []sim.NodeID) string {
	result := "no end"
	s.ask(at, s.rules, func(c *Client) {
		version, err := c.Read(key)
		result = version.String()
		if err != nil {
			result = err.Error()
		}
	})
	return s.Tell() + result + "\n"
}

// holdings shows what every replica holds.
func (s *story) holdings() string {
	var b strings.Builder
	for _, id := range s.Servers {
		r, up := s.Node(id).(*Replica)
		if !up {
			fmt.Fprintf(&b, "%v is down\n", id)
			continue
		}
		fmt.Fprintf(&b, "%v", id)
		for _, key := range slices.Sorted(maps.Keys(r.store.versions)) {
			fmt.Fprintf(&b, "  %s = %v", key, r.store.versions[key])
		}
		b.WriteByte('\n')
	}
	return b.String()
}
