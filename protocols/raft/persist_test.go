package raft

import (
	"errors"
	"testing"
	"time"

	"pgregory.net/rapid"

	"seedbed.example/choice"
	"seedbed.example/internal/stories"
	"seedbed.example/protocols/replog"
	"seedbed.example/protocols/wal"
	"seedbed.example/sim"
	"seedbed.example/storage"
)

func must(t rapid.TB, err error) {
	if err != nil {
		t.Fatal(err)
	}
}

// A server must not go on with a log or a snapshot that has changed on disk.
func TestRotEndsAServer(t *testing.T) {
	for _, name := range []string{replog.LogName, replog.SnapshotName} {
		c := newLedCluster(t, 1, func(o *Options) { o.SnapshotEvery = 3 })
		c.open(1)
		for range 5 {
			c.propose(1, "word")
		}
		c.Crash(1)
		file, err := c.Disk(1).Open(name)
		must(t, err)
		one := make([]byte, 1)
		_, err = file.ReadAt(one, 20)
		must(t, err)
		one[0] ^= 8
		_, err = file.WriteAt(one, 20)
		must(t, err)
		c.Restart(1)
		c.RunFor(time.Millisecond)
		if reason := c.HaltReason(1); c.Up(1) || !errors.Is(reason, wal.ErrRot) {
			t.Errorf("%s has rotted: up %v, %v", name, c.Up(1), reason)
		}
	}
}

func TestALogWithoutItsSnapshotEndsAServer(t *testing.T) {
	c := newCluster(1, nil, nil)
	s, err := replog.Open(c.Disk(1), encodeTerm(1, 0))
	must(t, err)
	must(t, s.Save(&replog.Snapshot{Position: Position{Term: 1, Index: 3}}))
	must(t, s.BeginBehindSnapshot())
	must(t, c.Disk(1).Remove(replog.SnapshotName))
	c.RunFor(time.Millisecond)
	if c.Up(1) || c.HaltReason(1) == nil {
		t.Error("a server runs without the state that its log begins behind")
	}
}

// A disk that fails ends the server, which starts again with what is durable.
func TestAFailedSyncEndsAServer(t *testing.T) {
	r := newRig(t, 3, nil)
	r.Disk(1).SetConditions(storage.Conditions{SyncFailure: choice.Always, Lose: choice.Always})
	expect(t, "answer", r.say(2, &AppendEntries{Term: 1, Entries: entries(1, 1)}), nil)
	expect(t, "up", r.Up(1), false)
	r.Disk(1).SetConditions(stories.Losing)
	r.RunFor(sim.DefaultRestartAfter)
	expect(t, "log", r.terms(), nil)
}
