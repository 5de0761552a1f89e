package driver

import (
	"math/rand"
	"os"
	"testing"
	"time"

	"seedbed.example/sim"
)

func TestItRuns(t *testing.T) {
	began := time.Now()
	done := make(chan int)
	for seed := range map[int]bool{1: true, 2: false} {
		go func() {
			w := &sim.World{}
			w.Go("client", func(p *sim.Process) {
				p.Sleep(time.Second)
				done <- seed // want `a send to a channel`
			})
			w.RunFor(time.Second)
			done <- rand.Int()
		}()
	}
	<-done
	_ = os.WriteFile("report", nil, 0o644)
	t.Log(time.Since(began))
	_ = time.Now() //seedbed:allow a driver needs no leave // want `silences nothing`
}
