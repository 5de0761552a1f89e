package outbox

import "seedbed.example/mistake"

// Mistakes returns every mistake that can be planted.
func Mistakes() mistake.List[Rules] {
	no := func() bool { return false }
	return mistake.List[Rules]{
		{
			Mistake: mistake.Mistake{
				ID:      "outbox.publishBeforeCommit",
				Summary: "messages leave before their transaction is durable: a crash takes it back, and what others were told never happened",
				Source:  "Richardson, Microservices Patterns §3.3: a database transaction and a message that is sent within it are not atomic",
				SeenBy:  "effects, conservation",
				Needs:   []mistake.Setting{{Parameter: "faults", Value: "crash"}},
			},
			Plant: func(r *Rules) { r.CommitFirst = no },
		},
		{
			Mistake: mistake.Mistake{
				ID:      "outbox.deleteBeforeAck",
				Summary: "a row leaves the outbox when it was sent, not when the broker has it: what is lost on the way is lost",
				Source:  "after Richardson, Microservices Patterns §3.3: the message relay delivers at least once",
				SeenBy:  "effects, conservation",
			},
			Plant: func(r *Rules) { r.KeepUntilPublished = no },
		},
		{
			Mistake: mistake.Mistake{
				ID:      "outbox.dualWrite",
				Summary: "database and broker are written one after the other, without an outbox between them: a crash after the first loses the message",
				Source:  "Richardson, Microservices Patterns §3.3; the dual write that an outbox is to avoid",
				SeenBy:  "effects, conservation",
				Needs:   []mistake.Setting{{Parameter: "faults", Value: "crash"}},
			},
			Plant: func(r *Rules) {
				r.Records = func(r Record) []Record {
					r.Rows = nil
					return []Record{r}
				}
			},
		},
		{
			Mistake: mistake.Mistake{
				ID:      "outbox.dedupWindowShort",
				Summary: "the inbox remembers the last two messages of a source only: one that arrives again after those takes effect twice",
				Source:  "after Helland, Life beyond Distributed Transactions (CIDR 2007): at-least-once messages need a memory of what was processed",
				SeenBy:  "effects, conservation",
			},
			Plant: func(r *Rules) { r.Prune = pruneToTwo },
		},
		{
			Mistake: mistake.Mistake{
				ID:      "outbox.markBeforeEffect",
				Summary: "the inbox marks a message as seen in a transaction of its own, before the effect: a crash between them loses the effect",
				Source:  "after Richardson, Microservices Patterns §3.3: the id of a message is recorded in the transaction that it causes",
				SeenBy:  "effects, conservation",
				Needs:   []mistake.Setting{{Parameter: "faults", Value: "crash"}},
			},
			Plant: func(r *Rules) {
				r.Records = func(r Record) []Record {
					if r.Cause == nil {
						return []Record{r}
					}
					mark := Record{Cause: r.Cause}
					r.Cause = nil
					return []Record{mark, r}
				}
			},
		},
	}
}

// pruneToTwo keeps the two greatest numbers.
func pruneToTwo(s *Seen) {
	s.Beyond = s.Beyond[max(0, len(s.Beyond)-2):]
}
