package replog

import (
	"runtime"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"seedbed.example/choice"
	"seedbed.example/internal/stories"
	"seedbed.example/protocols/encoding"
	"seedbed.example/protocols/wal"
	"seedbed.example/storage"
)

// idle is a host whose disk takes it no time.
type idle struct{}

func (idle) Spend(time.Duration) {}

func newDisk() *storage.Simulated { return storage.New(choice.Zero{}, "node 1", idle{}) }

func open(t rapid.TB, disk storage.Disk) *Store {
	s, err := Open(disk, []byte("new"))
	must(t, err)
	return s
}

func must(t rapid.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// content is what a store holds.
type content struct {
	Base    Position
	Digest  uint64
	Entries []Entry
	Note    string
	Data    string // of the snapshot
}

func contentOf(s *Store) content {
	c := content{Base: s.Base(), Digest: s.baseDigest, Entries: append([]Entry(nil), s.entries...), Note: string(s.Noted())}
	if s.Snapshot() != nil {
		c.Data = string(s.Snapshot().Data)
	}
	return c
}

func difference(got, want content) string {
	return cmp.Diff(want, got, cmp.AllowUnexported(Entry{}), cmpopts.EquateEmpty())
}

func drawEntry(t *rapid.T, index uint64) Entry {
	return Entry{
		Index: index, Term: rapid.Uint64().Draw(t, "term"), Kind: rapid.Uint8().Draw(t, "kind"),
		Session: rapid.Uint64().Draw(t, "session"), Sequence: rapid.Uint64().Draw(t, "sequence"),
		Command: rapid.SliceOfN(rapid.Byte(), 0, 700).Draw(t, "command"),
	}
}

// Whatever is put into a store and synced is found again after a crash; an entry
// takes the place of the one of its index and all after it. Of a snapshot that is
// saved, and not yet begun behind, the log finds its beginning.
func TestAStoreHoldsWhatWasSynced(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		disk := newDisk()
		disk.SetConditions(stories.Losing)
		s := open(t, disk)
		durable := contentOf(s)
		for range rapid.IntRange(1, 20).Draw(t, "steps") {
			switch rapid.IntRange(0, 6).Draw(t, "step") {
			case 0:
				s.Note([]byte(rapid.String().Draw(t, "note")))
			case 1, 2:
				s.Truncate(rapid.Uint64Range(s.Base().Index, s.LastIndex()).Draw(t, "kept"))
				s.Append(drawEntry(t, s.LastIndex()+1))
			case 3:
				must(t, s.Sync())
				durable = contentOf(s)
			case 4:
				index := rapid.Uint64Range(s.Base().Index, s.LastIndex()).Draw(t, "covered")
				must(t, s.Save(s.SnapshotAt(index, []byte("state"))))
				must(t, s.BeginBehindSnapshot())
				durable = contentOf(s)
			case 5:
				far := Position{rapid.Uint64().Draw(t, "term"), s.LastIndex() + 1}
				must(t, s.Save(&Snapshot{far, 7, []byte("of another")}))
				durable = content{Base: far, Digest: 7, Note: durable.Note, Data: "of another"}
				disk.Crash()
				s = open(t, disk)
				if diff := difference(contentOf(s), durable); diff != "" {
					t.Fatalf("after a crash behind a snapshot (-want +got):\n%s", diff)
				}
			case 6:
				disk.Crash()
				s = open(t, disk)
				if diff := difference(contentOf(s), durable); diff != "" {
					t.Fatalf("after a crash (-want +got):\n%s", diff)
				}
			}
		}
	})
}

// Saved, and not yet begun behind: the entries that follow the snapshot's last one
// are kept if the log has that.
func TestACrashBetweenASnapshotAndTheLogBehindItDoesNoHarm(t *testing.T) {
	for term, kept := range map[uint64]uint64{1: 3, 2: 2} {
		disk := newDisk()
		s := open(t, disk)
		for index := uint64(1); index <= 3; index++ {
			s.Append(Entry{Index: index, Term: 1})
		}
		must(t, s.Sync())
		digest, _ := s.Digest(2)
		must(t, s.Save(&Snapshot{Position: Position{term, 2}, Digest: digest}))
		whole, _ := s.Digest(3)
		disk.Crash()
		s = open(t, disk)
		if s.Base() != (Position{term, 2}) || s.LastIndex() != kept {
			t.Errorf("a snapshot up to entry 2 of term %d: the log begins behind %v and ends at %v", term, s.Base(), s.Last())
		}
		if got, _ := s.Digest(3); kept == 3 && got != whole {
			t.Errorf("digest %x, and %x before", got, whole)
		}
	}
}

// A process that restarts on a machine that did not finds also what the old one
// had not synced. It must not rely on that before it is durable.
func TestWhatARestartFindsIsDurable(t *testing.T) {
	disk := newDisk()
	disk.SetConditions(stories.Losing)
	s := open(t, disk)
	s.Note([]byte("written"))
	must(t, s.Write())
	open(t, disk)
	disk.Crash()
	if got := string(open(t, disk).Noted()); got != "written" {
		t.Errorf("noted is %q", got)
	}
}

// breaking is a disk that goes down before one of its operations on names.
type breaking struct {
	storage.Disk
	operations int // that it still carries out
}

func (b *breaking) Rename(from, to string) error {
	if b.operations--; b.operations < 0 {
		return storage.ErrCrashed
	}
	return b.Disk.Rename(from, to)
}

func (b *breaking) SyncDir() error {
	if b.operations--; b.operations < 0 {
		return storage.ErrCrashed
	}
	return b.Disk.SyncDir()
}

// A snapshot may go back, where a server takes over the state of another. A crash
// at any moment leaves the old state or the new one, and nothing behind it.
func TestACrashWhileASnapshotGoesBackDoesNoHarm(t *testing.T) {
	found := make(map[string]bool)
	for stop := range 8 {
		under := newDisk()
		under.SetConditions(stories.Losing)
		disk := &breaking{under, 100}
		s := open(t, disk)
		for index := uint64(1); index <= 4; index++ {
			s.Append(Entry{Index: index, Term: 1})
		}
		digest, _ := s.Digest(3)
		must(t, s.Save(&Snapshot{Position{1, 3}, digest, []byte("old")}))
		must(t, s.BeginBehindSnapshot())
		disk.operations = stop
		if s.Save(&Snapshot{Position{1, 2}, 7, []byte("new")}) == nil {
			_ = s.BeginBehindSnapshot()
		}
		under.Crash()
		got := contentOf(open(t, under))
		found[got.Data] = true
		want := map[string]content{
			"old": {Base: Position{1, 3}, Digest: digest, Entries: got.Entries, Note: "new", Data: "old"},
			"new": {Base: Position{1, 2}, Digest: 7, Note: "new", Data: "new"},
		}[got.Data]
		if diff := difference(got, want); diff != "" {
			t.Errorf("after %d operations (-want +got):\n%s", stop, diff)
		}
	}
	if !found["old"] || !found["new"] {
		t.Error("not every outcome was reached:", found)
	}
}

func TestALogWithoutItsSnapshotIsRefused(t *testing.T) {
	for _, snapshot := range []*Snapshot{nil, {Position: Position{1, 2}}} {
		disk := newDisk()
		s := open(t, disk)
		must(t, s.Save(&Snapshot{Position: Position{1, 3}}))
		must(t, s.BeginBehindSnapshot())
		if snapshot == nil {
			must(t, disk.Remove(SnapshotName))
		} else {
			must(t, wal.Save(disk, SnapshotName, snapshot.Encode()))
		}
		if _, err := Open(disk, nil); err == nil {
			t.Errorf("opened a log that begins behind 3, with the snapshot %v", snapshot)
		}
	}
}

// The converse: what was noted is in the log alone, such as a vote.
func TestASnapshotWithoutItsLogIsRefused(t *testing.T) {
	disk := newDisk()
	s := open(t, disk)
	s.Note([]byte("a vote"))
	must(t, s.Save(&Snapshot{Position: Position{1, 3}}))
	must(t, s.BeginBehindSnapshot())
	must(t, disk.Remove(LogName))
	if _, err := Open(disk, nil); err == nil {
		t.Error("opened a snapshot whose log is gone")
	}
}

// Opening costs as much for each entry, however many there are.
func TestOpeningTakesTimeInProportion(t *testing.T) {
	allocated := func(entries int) uint64 {
		disk := newDisk()
		s := open(t, disk)
		for i := range entries {
			s.Append(Entry{Index: uint64(i + 1), Term: 1})
		}
		must(t, s.Sync())
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		open(t, disk)
		runtime.ReadMemStats(&after)
		return after.TotalAlloc - before.TotalAlloc
	}
	if few, many := allocated(1000), allocated(8000); many > 16*few {
		t.Errorf("%d bytes for 1,000 entries, and %d for 8,000", few, many)
	}
}

func TestAnEntryThatDoesNotFollowIsRefused(t *testing.T) {
	for index, ok := range map[uint64]bool{5: false, 6: true, 7: true, 8: true, 9: false} {
		disk := newDisk()
		s := open(t, disk)
		must(t, s.Save(&Snapshot{Position: Position{1, 5}}))
		must(t, s.BeginBehindSnapshot())
		s.Append(Entry{Index: 6, Term: 1})
		s.Append(Entry{Index: 7, Term: 1})
		s.write(&Entry{Index: index, Term: 1})
		must(t, s.Write())
		if _, err := Open(disk, nil); (err == nil) != ok {
			t.Errorf("entry %d behind 6..7 after 5: %v", index, err)
		}
	}
}

func TestEntriesAndSnapshotsAreReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := drawEntry(t, rapid.Uint64().Draw(t, "index"))
		r := encoding.Reader{Data: e.encode(nil)}
		if diff := cmp.Diff(e, readEntry(&r), cmpopts.IgnoreUnexported(Entry{}), cmpopts.EquateEmpty()); diff != "" || r.End() != nil {
			t.Fatalf("entry, %v (-want +got):\n%s", r.End(), diff)
		}
		s := &Snapshot{Position{rapid.Uint64().Draw(t, "term"), rapid.Uint64().Draw(t, "index")}, rapid.Uint64().Draw(t, "digest"), rapid.SliceOf(rapid.Byte()).Draw(t, "data")}
		read, err := DecodeSnapshot(s.Encode())
		if diff := cmp.Diff(s, read, cmpopts.EquateEmpty()); diff != "" || err != nil {
			t.Fatalf("snapshot, %v (-want +got):\n%s", err, diff)
		}
	})
}

// FuzzRecord feeds a record, whole but written by someone else, to the reader: it
// must not panic, and what it takes it must take in the same way when a log is made
// of it again.
func FuzzRecord(f *testing.F) {
	f.Add(encodeBase(nil, Position{2, 5}))
	f.Add([]byte{noteRecord, 3, 2})
	f.Add((&Entry{Index: 1, Term: 3, Command: []byte("word")}).encode([]byte{entryRecord}))
	f.Fuzz(func(t *testing.T, record []byte) {
		disk := newDisk()
		s := open(t, disk)
		if s.take(record) != nil {
			return
		}
		if s.base.Index > 0 {
			must(t, s.Save(&Snapshot{Position: s.base}))
		}
		must(t, s.rewrite())
		want := contentOf(s)
		if diff := difference(contentOf(open(t, disk)), want); diff != "" {
			t.Errorf("taken, kept and taken (-want +got):\n%s", diff)
		}
	})
}

func FuzzDecodeSnapshot(f *testing.F) {
	f.Add((&Snapshot{Position{2, 5}, 7, []byte("state")}).Encode())
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := DecodeSnapshot(data)
		if err != nil {
			return
		}
		if again, err := DecodeSnapshot(s.Encode()); err != nil || cmp.Diff(s, again) != "" {
			t.Errorf("decoded %v, and of that %v, %v", s, again, err)
		}
	})
}
