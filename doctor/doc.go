// Package doctor finds out whether one seed is one run, and if not, why.
//
// An [Examination] runs each seed twice in this process, and once without
// recording, and once more in processes of their own on one, two and eight
// threads. Runs are compared by all that their traces tell, so that it shows too
// what is only in a message and has no consequence yet. At the first seed that
// takes two courses it stops, and makes a [Finding]: where the traces part, and
// what is the likely [Cause].
//
// The cause is found by experiments: the same seed several times with one thing
// held fixed. If runs agree when the wall clock stands still, it was the wall
// clock. What no experiment can hold fixed (the order of maps, the choice of a
// select, math/rand/v2) is told from how the traces part; that is a guess, and
// the finding says so.
//
//	report, err := doctor.Examination{Scenario: scenario, Seeds: 100}.Run(ctx)
//	if report.Finding != nil {
//		fmt.Println(report.Finding)
//	}
//
// Whatever every run does in the same way on every try goes unseen: an order of
// two that happened to be the same in all processes, a clock that is read once a
// day. Look at more seeds to be more certain.
package doctor
