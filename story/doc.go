// Package story tells how a failing run came about, in plain words and in the
// order of time: who was cut off, crashed or stood still, who was elected and by
// whose votes, what clients asked of whom and who answered, and which promise was
// broken. It knows no protocol. What it tells is read off the recorded trace,
// in which each event names its cause, and off what checkers convict by.
//
// A run may hold thousands of events, so a [Story] chooses: the operations that
// convict, the handlers whose chain of causes ends in the harm, the last changes
// of role before it, and the faults that lasted while it came about. How much was
// left out, it says. [Episodes] are what lasted: the same for a picture.
//
//	result, err := scenario.Run(experiment.Config{Seed: 42, Record: true})
//	...
//	fmt.Print(story.Of(result))
package story
