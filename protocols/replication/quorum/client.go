package quorum

import (
	"errors"

	"seedbed.example/history"
	"seedbed.example/protocols/rpc"
	"seedbed.example/sim"
)

// Errors of a [Client].
var (
	// ErrUnknown says that no answer came in time: what was to be written may have
	// been, or may yet be.
	ErrUnknown = rpc.ErrUnknown
	// ErrNotDone says that the write certainly had no effect.
	ErrNotDone = errors.New("no read quorum was found: nothing was written")
)

// A Client reads and writes registers, for a process.
type Client struct {
	*rpc.Client[sim.Message]
	rules  *Rules
	writer Writer
	used   uint64 // the greatest number that this writer has used
}

// NewClient returns a client that lets one of these replicas carry out its phases:
// of all replicas, or in several regions of those that are near. Nil rules are the
// correct ones. It counts the lives of the process on its disk, and ends the process
// if that fails.
func NewClient(p *sim.Process, replicas []sim.NodeID, rules *Rules) *Client {
	life, err := nextLife(p.Disk())
	if err != nil {
		p.Halt(err)
	}
	if rules == nil {
		rules = Correct()
	}
	return &Client{
		Client: rpc.NewClient[sim.Message](p, replicas, nil),
		rules:  rules, writer: Writer{p.ID(), life},
	}
}

// Read returns what is at key, the zero [Version] if nothing was ever written.
func (c *Client) Read(key string) (Version, error) {
	until := c.Begin()
	answer, err := c.Ask(&Query{key}, until)
	if err != nil {
		return Version{}, err
	}
	found := answer.(*Found)
	if c.rules.WriteBack(found.Held) {
		if _, err := c.Ask(&Propagate{key, found.Version}, until); err != nil {
			return Version{}, err
		}
	}
	return found.Version, nil
}

// Write puts a value at key. However often it asks for that, it is the same write:
// its timestamp stays.
func (c *Client) Write(key, value string) error {
	until := c.Begin()
	answer, err := c.Ask(&Query{key}, until)
	if err != nil {
		return ErrNotDone
	}
	c.used = c.rules.NextNumber(answer.(*Found).Version.Number, c.used)
	_, err = c.Ask(&Propagate{key, Version{c.rules.Stamp(c.used, c.writer), value}}, until)
	return err
}

// Do carries out a read or a write, as an operation of a history.
func (c *Client) Do(in history.Input) (history.Output, error) {
	if in.F == history.Write {
		return history.Output{}, c.Write(in.Key, in.Value)
	}
	version, err := c.Read(in.Key)
	return history.Output{Value: version.Value, Found: version.Written()}, err
}
