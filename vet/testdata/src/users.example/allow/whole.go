//seedbed:allow all of this file is wrong on purpose

package allow

import (
	"time"

	"seedbed.example/sim"
)

func everywhere(*sim.Process) {
	_ = time.Now()
	_ = time.Now()
}
