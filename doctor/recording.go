package doctor

import (
	"fmt"
	"hash/fnv"

	"seedbed.example/experiment"
	"seedbed.example/sim"
)

// A recording is one run of a seed with all that it told.
type recording struct {
	hash    sim.Hash // of all of it, not only of its events
	course  sim.Hash // the run's own hash, which a run that is not recorded has too
	events  []sim.TraceEvent
	verdict string
}

func record(s *experiment.Scenario, config experiment.Config) (*recording, error) {
	config.Record = true
	result, err := s.Run(config)
	if err != nil {
		return nil, err
	}
	r := &recording{course: result.Hash, events: result.World.Trace().Events, verdict: fmt.Sprint(result.Verdict)}
	for _, v := range result.Violations {
		r.verdict += fmt.Sprintf("\n%s: %s", v.Checker, v.Message)
	}
	r.hash = r.digest()
	return r, nil
}

func (r *recording) digest() sim.Hash {
	h := fnv.New64a()
	fmt.Fprintln(h, r.course, r.verdict)
	for i := range r.events {
		e := &r.events[i]
		fmt.Fprintln(h, e.Cause, int64(e.At), e.Kind, uint64(e.Node), uint64(e.Peer), e.Name, e.Detail)
	}
	return sim.Hash(h.Sum64())
}

// Hash runs a scenario once and returns the digest of all that its trace tells
// and of its verdict: more than [sim.World.Hash] takes in, which does not look
// into messages. Two runs of one seed that did the same have one hash, in every
// process.
func Hash(s *experiment.Scenario, config experiment.Config) (sim.Hash, error) {
	r, err := record(s, config)
	if err != nil {
		return 0, err
	}
	return r.hash, nil
}
