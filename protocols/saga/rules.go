package saga

// Rules are the decisions on which it rests that each saga ends with all of its
// steps, or with none. The rest of the package is mechanism. A planted mistake
// replaces one of them.
type Rules struct {
	// SavePosition says whether where a saga stands is written in the same
	// transaction as the command that follows from it. Else a crash of the
	// orchestrator leaves what was done as it is, and nobody to finish it
	// (Sagas, section 4: the saga's log).
	SavePosition func() bool

	// UndoAgain says whether a compensation has an effect when what it
	// compensates is compensated already. It must not: it is asked for again
	// when its answer is late.
	UndoAgain func() bool

	// Tombstone says whether a compensation that finds nothing to compensate
	// leaves a mark, so that its action, which it has overtaken, does not run.
	Tombstone func() bool

	// Lock says whether what a step has moved is nobody's until the saga can be
	// compensated no more. Else another saga takes it, and there is nothing to
	// compensate with (the semantic lock: Frank and Zahle, 1998; Richardson,
	// section 4.3).
	Lock func() bool
}

// Correct returns the rules as they should be.
func Correct() *Rules {
	yes := func() bool { return true }
	no := func() bool { return false }
	return &Rules{SavePosition: yes, UndoAgain: no, Tombstone: yes, Lock: yes}
}
