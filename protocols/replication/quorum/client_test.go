package quorum

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"seedbed.example/history"
	"seedbed.example/sim"
)

// A client crashes in the midst of a write of which one replica has heard, and
// comes back. It finds nothing, and takes the same number again: as another writer.
func TestAWriterThatComesBackIsAnother(t *testing.T) {
	c := newCluster(t, 3, nil)
	c.Late(1, "Put", 300*time.Millisecond)
	c.Late(1, "GetReply", 300*time.Millisecond, 2)
	var wrote []error
	life := 0
	client := c.Go("client", func(p *sim.Process) {
		life++
		at := c.Servers[life-1 : life] // replica 1, and then 2
		wrote = append(wrote, NewClient(p, at, nil).Write("x", fmt.Sprint("in life ", life)))
	})
	c.RunFor(20 * time.Millisecond)
	first := c.replica(1).store.versions["x"]
	c.Crash(client)
	c.Restart(client)
	c.RunFor(20 * time.Millisecond)
	second := c.replica(2).store.versions["x"]
	c.RunFor(time.Second)
	if first.String() != `"in life 1" (1 by 4)` || second.String() != `"in life 2" (1 by 4's life 2)` {
		t.Errorf("it wrote %v and %v", first, second)
	}
	if len(wrote) != 1 || wrote[0] != nil || len(c.Violations()) > 0 {
		t.Errorf("writes ended with %v, %v", wrote, c.Violations())
	}
	for _, id := range c.Servers {
		if held := c.replica(id).store.versions["x"]; held != second {
			t.Errorf("replica %v holds %v, want %v", id, held, second)
		}
	}
}

// A client that has given up a write does not use its timestamp again.
func TestANumberIsUsedOnce(t *testing.T) {
	for _, mistake := range []string{"", "quorum.numberUsedAgain"} {
		rules := Correct()
		Mistakes().Plant(mistake, rules)
		c := newCluster(t, 3, func(o *Options) { o.Rules = rules })
		c.Late(1, "Put", time.Second, 2, 3)
		c.Late(1, "GetReply", time.Second, 2)
		c.ask(c.Servers[:2], rules, func(client *Client) { // it begins with replica 1
			client.Try = client.Deadline
			if err := client.Write("x", "given up"); !errors.Is(err, ErrUnknown) {
				t.Error("the first write:", err)
			}
			if err := client.Write("x", "next"); err != nil {
				t.Error("the second write, by replica 2:", err)
			}
		})
		if violated := len(c.Violations()) > 0; violated != (mistake != "") {
			t.Errorf("%q: %v", mistake, c.Violations())
		}
	}
}

// Do tells what may have had an effect from what had none.
func TestAClientSaysWhetherItMayHaveHadAnEffect(t *testing.T) {
	c := newCluster(t, 3, nil)
	write, read := history.Input{F: history.Write, Key: "x", Value: "one"}, history.Input{F: history.Read, Key: "x"}
	c.ask(c.Servers, nil, func(client *Client) {
		if out, err := client.Do(read); err != nil || out.Found {
			t.Errorf("a read of nothing: %v, %v", out, err)
		}
		if _, err := client.Do(write); err != nil {
			t.Error("a write:", err)
		}
		if out, err := client.Do(read); err != nil || out != (history.Output{Value: "one", Found: true}) {
			t.Errorf("a read: %v, %v", out, err)
		}
		for _, id := range c.Servers {
			c.Late(id, "PutReply", time.Hour)
		}
		if _, err := client.Do(write); !errors.Is(err, ErrUnknown) {
			t.Error("a write that nobody acknowledges:", err)
		}
		c.Crash(1)
		c.Crash(2)
		if _, err := client.Do(write); !errors.Is(err, ErrNotDone) {
			t.Error("a write that finds no quorum:", err)
		}
		if _, err := client.Do(read); !errors.Is(err, ErrUnknown) {
			t.Error("a read that finds no quorum:", err)
		}
	})
}

// Of a phase that gets no quorum, and of one that has it, nothing is left after a
// while.
func TestAPhaseIsForgotten(t *testing.T) {
	c := newCluster(t, 3, func(o *Options) { o.GiveUp = 200 * time.Millisecond })
	c.Crash(3)
	for range 5 {
		c.ask(c.Servers[:1], nil, func(client *Client) { _, _ = client.Read("x") })
	}
	c.Cut(1)
	c.ask(c.Servers[:1], nil, func(client *Client) { _, _ = client.Read("x") })
	if open := len(c.replica(1).rounds); open != 6 {
		t.Errorf("%d rounds are remembered, want 6", open)
	}
	c.RunFor(200 * time.Millisecond)
	c.ask(c.Servers[:1], nil, func(client *Client) { _, _ = client.Read("x") })
	if open := len(c.replica(1).rounds); open != 1 {
		t.Errorf("%d rounds are remembered, want the last", open)
	}
}
