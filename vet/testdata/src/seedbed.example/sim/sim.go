// Package sim stands in for the engine: the names by which the analyzer knows
// what runs inside a simulation.
package sim

import "time"

type (
	NodeID  uint64
	Message = any
	Stream  struct{}
	Process struct{}
	World   struct{}
)

func (*Stream) N(n int) int { return 0 }

type Node interface {
	Start(env Env)
	Receive(from NodeID, m Message)
}

type Timer interface {
	Reset(d time.Duration)
	Stop()
}

type Env interface {
	ID() NodeID
	Send(to NodeID, m Message)
	NewTimer(f func()) Timer
	After(d time.Duration, f func())
	Now() time.Time
	Elapsed() time.Duration
	Rand(purpose string) *Stream
	Log(format string, args ...any)
}

func (p *Process) Sleep(d time.Duration)          {}
func (p *Process) Now() time.Time                 { return time.Time{} }
func (p *Process) Rand(purpose string) *Stream    { return nil }
func (p *Process) Log(format string, a ...any)    {}
func (w *World) AddNode(s string, f func() Node)  {}
func (w *World) Go(s string, f func(*Process))    {}
func (w *World) Serve(s string, f func(*Process)) {}
func (w *World) At(at time.Duration, f func())    {}
func (w *World) RunFor(d time.Duration) bool      { return true }

// now is in the engine itself, all of which runs inside.
func (w *World) now() time.Time { return time.Now() } // want `time.Now goes by the machine's clock`
