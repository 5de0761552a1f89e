package clock

import (
	"context"
	"time"

	"seedbed.example/sim"
)

func client(p *sim.Process) {
	began := time.Now()                    // want `time.Now`
	_ = time.Since(began)                  // want `time.Since`
	_ = time.Until(began)                  // want `time.Until`
	time.Sleep(time.Second)                // want `time.Sleep`
	_ = time.NewTimer(time.Second)         // want `time.NewTimer`
	_ = time.NewTicker(time.Second)        // want `time.NewTicker`
	time.AfterFunc(time.Second, func() {}) // want `time.AfterFunc`
	_ = time.After(time.Second)            // want `time.After `
	_ = time.Tick(time.Second)             // want `time.Tick`
	now := time.Now                        // want `time.Now`
	_ = now
	_, cancel := context.WithTimeout(context.Background(), 1) // want `context.WithTimeout`
	cancel()
	_ = began.Local() // want `time.Time.Local depends on the machine`

	p.Sleep(time.Second)
	mine := p.Now()
	_ = mine.Add(time.Second).Sub(began).Round(time.Millisecond)
	_ = time.Unix(0, 0).UTC().Before(mine)
	_ = context.WithValue(context.Background(), "key", time.Duration(1))
}
