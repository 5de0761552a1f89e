package simtest

import (
	"context"

	"seedbed.example/experiment"
)

// A shrunk is a failing run made smaller: the smallest found that still shows
// the violation.
type shrunk struct {
	Result        *experiment.Result
	Runs          int  // it took to find it
	Minimal       bool // nothing that is left can be spared
	Before, After size
}

// A size is how much there is in a run to look at.
type size struct{ Faults, Operations int }

// shrink makes a failing run smaller, within ctx.
func shrink(_ context.Context, scenario *experiment.Scenario, config experiment.Config) (*shrunk, error) {
	result, err := scenario.Run(config)
	if err != nil {
		return nil, err
	}
	whole := size{Faults: len(result.Plan), Operations: result.Operations}
	return &shrunk{Result: result, Before: whole, After: whole}, nil
}
