package backoff

import (
	"fmt"
	"time"

	"seedbed.example/choice"
)

// A Backoff is the waits between the tries of one thing.
type Backoff struct {
	draws       *choice.Stream
	least, most time.Duration
	ceiling     time.Duration // of the wait drawn last
}

// New returns a backoff whose waits are drawn by draws, none shorter than
// least, which is above 0, and none longer than most.
func New(draws *choice.Stream, least, most time.Duration) *Backoff {
	if least <= 0 || most < least {
		panic(fmt.Sprintf("backoff: no waits between %v and %v", least, most))
	}
	return &Backoff{draws: draws, least: least, most: most, ceiling: least}
}

// Next returns how long to wait before the next try.
func (b *Backoff) Next() time.Duration {
	b.ceiling += min(b.ceiling, b.most-b.ceiling) // twice as much, without overflow
	return b.draws.Between(b.least, b.ceiling)
}

// Reset begins anew: the thing is done, or another is tried.
func (b *Backoff) Reset() { b.ceiling = b.least }
