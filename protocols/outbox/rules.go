package outbox

// Rules are the decisions on which it rests that each message takes effect
// exactly once. The rest of the package is mechanism. A planted mistake replaces
// one of them.
type Rules struct {
	// Records is as which records of the log a transaction is written, each
	// durable before the next. It is one: only a single record is there after a
	// crash whole or not at all. Else the state changes without the messages,
	// or a message counts as seen without its effect.
	Records func(Record) []Record

	// CommitFirst says whether a transaction is durable before its messages
	// leave. Else a crash takes back what others were told of.
	CommitFirst func() bool

	// KeepUntilPublished says whether a message stays in the outbox until the
	// broker has said that it is on its disk. Until then it may be lost on its
	// way, or with the broker's memory.
	KeepUntilPublished func() bool

	// Prune forgets what the inbox need not remember of one source: nothing
	// that may arrive again and would then be taken for new.
	Prune func(*Seen)
}

// Correct returns the rules as they should be.
func Correct() *Rules {
	yes := func() bool { return true }
	return &Rules{
		Records:            func(r Record) []Record { return []Record{r} },
		CommitFirst:        yes,
		KeepUntilPublished: yes,
		Prune:              pruneGapless,
	}
}

// pruneGapless keeps one number in place of all those up to the first that is
// missing. Sequences have no gaps, so it stays as short as messages overtake
// each other, and forgets nothing.
func pruneGapless(s *Seen) {
	n := 0
	for n < len(s.Beyond) && s.Beyond[n] == s.UpTo+1 {
		s.UpTo++
		n++
	}
	s.Beyond = s.Beyond[n:]
}
