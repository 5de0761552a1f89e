package allow

import (
	"time"

	"seedbed.example/sim"
)

func another(p *sim.Process) {
	/* want `gives no reason` */ //seedbed:allow
	_ = time.Now()               // want `time.Now`
}
