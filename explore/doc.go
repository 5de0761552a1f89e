// Package explore looks for failing runs of a scenario, and keeps them.
//
// A [Hunt] runs a scenario with one seed after another on all cores and
// reports the first that fails. What it finds does not depend on how many
// workers look, nor on how fast they are: results are taken in the order of
// their seeds.
//
// A [Repro] is a failing run as a file: the scenario, its parameters, a seed,
// the plan of its faults, and what it is expected to show. [Repro.Replay] runs
// it again and says whether it still does.
//
// Hunts of separate ranges of seeds have reports that can be merged.
package explore
