package raft

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"seedbed.example/choice"
	"seedbed.example/internal/stories"
	"seedbed.example/protocols/wal"
	"seedbed.example/sim"
	"seedbed.example/storage"
)

// idle is a host whose disk takes it no time.
type idle struct{}

func (idle) Spend(time.Duration) {}

func newDisk() *storage.Simulated { return storage.New(choice.Zero{}, "node 1", idle{}) }

// opened is what a disk's write-ahead log holds.
func opened(t rapid.TB, disk storage.Disk) (*journal, durable) {
	j, d, err := openJournal(disk)
	if err != nil {
		t.Fatal(err)
	}
	return j, d
}

func sameDurable(got, want durable) string {
	return cmp.Diff(want, got, cmp.AllowUnexported(durable{}), cmpopts.IgnoreUnexported(Entry{}), cmpopts.EquateEmpty())
}

func drawEntry(t *rapid.T, index uint64) Entry {
	return Entry{
		Index: index, Term: rapid.Uint64().Draw(t, "term"),
		Kind:    EntryKind(rapid.IntRange(int(Noop), int(Query)).Draw(t, "kind")),
		Session: rapid.Uint64().Draw(t, "session"), Sequence: rapid.Uint64().Draw(t, "sequence"),
		Command: rapid.SliceOfN(rapid.Byte(), 0, 700).Draw(t, "command"),
	}
}

// Whatever is put into a write-ahead log and synced is found again after a
// crash; an entry takes the place of the one of its index and all after it.
func TestAWriteAheadLogHoldsWhatWasSynced(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		disk := newDisk()
		disk.SetConditions(stories.Losing)
		w, want := opened(t, disk)
		durable := want
		for range rapid.IntRange(1, 20).Draw(t, "steps") {
			switch rapid.IntRange(0, 5).Draw(t, "step") {
			case 0:
				want.term, want.vote = rapid.Uint64().Draw(t, "term"), sim.NodeID(rapid.Uint64().Draw(t, "vote"))
				w.state(want.term, want.vote)
			case 1, 2:
				kept := rapid.IntRange(0, len(want.entries)).Draw(t, "kept")
				e := drawEntry(t, want.base+uint64(kept)+1)
				want.entries = append(want.entries[:kept:kept], e)
				w.entry(&e)
			case 3:
				must(t, w.Sync())
				durable = want
			case 4:
				covered := rapid.IntRange(0, len(want.entries)).Draw(t, "covered")
				want.base += uint64(covered)
				want.baseTerm = rapid.Uint64().Draw(t, "base term")
				want.entries = want.entries[covered:]
				must(t, w.replace(want))
				durable = want
			case 5:
				disk.Crash()
				w, want = opened(t, disk)
				if diff := sameDurable(want, durable); diff != "" {
					t.Fatalf("after a crash (-want +got):\n%s", diff)
				}
			}
		}
	})
}

func must(t rapid.TB, err error) {
	if err != nil {
		t.Fatal(err)
	}
}

// A process that restarts on a machine that did not finds also what the old one
// had not synced. It must not rely on that before it is durable.
func TestWhatARestartFindsIsDurable(t *testing.T) {
	disk := newDisk()
	disk.SetConditions(stories.Losing)
	w, _ := opened(t, disk)
	w.state(3, 2)
	must(t, w.Write())
	_, found := opened(t, disk)
	disk.Crash()
	_, d := opened(t, disk)
	if diff := sameDurable(d, found); diff != "" || d.term != 3 {
		t.Errorf("after a crash (-want +got):\n%s", diff)
	}
}

// A server must not go on with a log or a snapshot that has changed on disk.
func TestRotEndsAServer(t *testing.T) {
	for _, name := range []string{walName, snapName} {
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
	w, _ := opened(t, c.Disk(1))
	must(t, w.replace(durable{base: 3, baseTerm: 1, term: 1}))
	c.RunFor(time.Millisecond)
	if c.Up(1) || c.HaltReason(1) == nil {
		t.Error("a server runs without the state that its log begins behind")
	}
}

func TestALogThatBeginsBehindItsSnapshotEndsAServer(t *testing.T) {
	c := newCluster(1, nil, nil)
	m := machine{state: &words{}}
	s := &snapshot{lastIndex: 2, lastTerm: 1, data: m.encode(Configuration{Voters: c.Servers}, Correct().SnapshotSessions)}
	must(t, s.save(c.Disk(1)))
	w, _ := opened(t, c.Disk(1))
	must(t, w.replace(durable{base: 3, baseTerm: 1, term: 1}))
	c.RunFor(time.Millisecond)
	if c.Up(1) || c.HaltReason(1) == nil {
		t.Error("a server runs without entry 3")
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

func TestAnEntryThatDoesNotFollowIsRefused(t *testing.T) {
	for index, ok := range map[uint64]bool{5: false, 6: true, 7: true, 8: true, 9: false} {
		disk := newDisk()
		w, _ := opened(t, disk)
		must(t, w.replace(durable{base: 5, entries: entries(6, 1, 1)}))
		w.entry(&Entry{Index: index, Term: 1})
		must(t, w.Write())
		if _, _, err := openJournal(disk); (err == nil) != ok {
			t.Errorf("entry %d behind 6..7 after 5: %v", index, err)
		}
	}
}

// FuzzRecord feeds a record, whole but written by someone else, to the reader:
// it must not panic, and what it takes it must take in the same way when a log
// is made of it again.
func FuzzRecord(f *testing.F) {
	f.Add(encodeBase(nil, 5, 2))
	f.Add(encodeState(nil, 3, 2))
	f.Add((&Entry{Index: 1, Term: 3, Command: []byte("word")}).encode([]byte{entryRecord}))
	f.Fuzz(func(t *testing.T, record []byte) {
		var d durable
		if d.take(record) != nil {
			return
		}
		disk := newDisk()
		w, _ := opened(t, disk)
		must(t, w.replace(d))
		if _, again := opened(t, disk); sameDurable(again, d) != "" {
			t.Errorf("taken, kept and taken (-want +got):\n%s", sameDurable(again, d))
		}
	})
}
