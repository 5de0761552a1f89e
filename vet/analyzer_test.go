package vet

import (
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"
)

// The packages under testdata/src say by // want comments what is found. What
// has none must stay silent.
func TestPlantedFaultsAreFoundAndTheirNeighboursAreNot(t *testing.T) {
	analysistest.Run(diagnosticsOnly{t}, analysistest.TestData(), Analyzer, "seedbed.example/sim", "users.example/...")
}

// diagnosticsOnly leaves facts alone: they show in what is found by them.
type diagnosticsOnly struct{ *testing.T }

func (t diagnosticsOnly) Errorf(format string, arguments ...any) {
	t.Helper()
	if !strings.Contains(format, "unexpected %s") || len(arguments) < 2 || arguments[1] != "fact" {
		t.T.Errorf(format, arguments...)
	}
}
