package scenarios

import (
	"time"

	"seedbed.example/choice"
)

// times draws when a client asks: in bursts, because races need operations close
// together. The zero pauses are none, and each burst has a time of its own, so
// that nothing that comes later hangs on what was drawn before.
type times struct {
	burst, pause *choice.Stream
	pace         time.Duration // on average between two operations
	at           time.Duration
}

// burstSize is how many operations are close together.
const burstSize = 5

// next returns when the i-th operation is due, by the client's clock.
func (t *times) next(i int) time.Duration {
	if i%burstSize == 0 {
		t.at = time.Duration(i)*t.pace + t.burst.Between(0, burstSize*t.pace)
	} else {
		t.at += t.pause.Between(0, t.pace/20)
	}
	return t.at
}
