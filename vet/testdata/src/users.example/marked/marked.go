package marked

import (
	"time"

	"users.example/statemachine"
)

type counter struct{ at time.Time }

var _ statemachine.StateMachine = &counter{}

func (c *counter) Apply(command string) string {
	c.at = time.Now() // want `time.Now`
	return ""
}

func (c *counter) Report() { _ = time.Now() }

type tcp struct{}

var _ statemachine.Transport = tcp{}

func (tcp) Send(m string) { _ = time.Now() }
