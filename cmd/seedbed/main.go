// Command seedbed runs scenarios, hunts for seeds that break them, replays
// what was found, and judges histories that others have recorded. Run it
// without arguments to see how.
package main

import (
	"context"
	"os"
	"os/signal"

	"seedbed.example/scenarios"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	go func() {
		<-ctx.Done()
		stop() // the first Ctrl-C lets a hunt report what it has found, a second one ends the program
	}()
	os.Exit(Main(ctx, scenarios.All(), os.Args[1:], os.Stdout, os.Stderr))
}
