package allow

import (
	"time"

	"seedbed.example/sim"
)

func client(p *sim.Process) {
	_ = time.Now() //seedbed:allow the value is thrown away
	//seedbed:allow the value is thrown away
	_ = time.Now()

	//seedbed:allow it is one line too far away // want `//seedbed:allow silences nothing`

	_ = time.Now() // want `time.Now`
	//seedbed:allowed is another word
	_ = time.Now() // want `time.Now`
	_ = p.Now()    //seedbed:allow nothing is wrong here // want `//seedbed:allow silences nothing`
}

// Later may be called by simulated code of another package.
func Later() time.Time {
	return time.Now() //seedbed:allow it is for the log only
}
