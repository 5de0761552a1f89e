package simtest

import (
	"context"

	"seedbed.example/experiment"
	"seedbed.example/explore"
)

// shrink makes a failing run as small as it can be.
func shrink(ctx context.Context, s *experiment.Scenario, c experiment.Config) (*explore.Shrunk, error) {
	return explore.Shrink{Scenario: s}.Run(ctx, c)
}
