// Package explore looks for failing runs of a scenario, and keeps them.
//
// A [Hunt] makes runs on all cores and reports the first that fails. Which runs
// those are is for its [Strategy] to say: one seed after another, or seeds by
// which few things are late (pct), plans made out of others that brought the
// cluster into new states (guided), every deviation from the benign run
// (exhaustive), or what was found before (replay). All of them only fill in an
// [experiment.Config]: there is one engine. What a hunt finds does not depend on
// how many workers look, nor on how fast they are: results are taken in the
// order in which the runs were chosen, and a strategy that learns does so
// between generations of runs.
//
// A [Repro] is a failing run as a file: the scenario, its parameters, a seed,
// the plan of its faults, and what it is expected to show. [Repro.Replay] runs
// it again and says whether it still does. A [Corpus] is a directory of them.
//
// Hunts of separate ranges of seeds have reports that can be merged.
package explore
