package wal

import (
	"bytes"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"seedbed.example/choice"
	"seedbed.example/storage"
)

// losing is a disk that at a crash loses all that was not synced.
var losing = storage.Conditions{Lose: choice.Always}

// idle is a host whose disk takes it no time.
type idle struct{}

func (idle) Spend(time.Duration) {}

func newDisk(choices choice.Source, conditions storage.Conditions) *storage.Simulated {
	disk := storage.New(choices, "node 1", idle{})
	disk.SetConditions(conditions)
	return disk
}

func must(t rapid.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// opened is a disk's log, and what it holds.
func opened(t rapid.TB, disk storage.Disk) (*Log, [][]byte) {
	t.Helper()
	l, records, err := Open(disk, "wal")
	must(t, err)
	return l, records
}

func same(t rapid.TB, what string, got, want [][]byte) {
	t.Helper()
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
		t.Fatalf("%s (-want +got):\n%s", what, diff)
	}
}

// After a crash a log holds all that was synced, and of what was appended since
// a beginning: whole records, in order, whatever the disk does with its sectors.
func TestALogHoldsWhatWasSyncedAndABeginningOfTheRest(t *testing.T) {
	disks := []storage.Conditions{
		losing,
		{Lose: choice.Always / 3, Tear: choice.Always / 3},
		{Lose: choice.Always / 3, Tear: choice.Always / 3, Reorder: true},
	}
	rapid.Check(t, func(t *rapid.T) {
		disk := newDisk(choice.Seed(rapid.Uint64().Draw(t, "seed")), rapid.SampledFrom(disks).Draw(t, "disk"))
		l, has := opened(t, disk)
		durable := 0
		for range rapid.IntRange(1, 30).Draw(t, "steps") {
			switch rapid.IntRange(0, 7).Draw(t, "step") {
			case 0, 1, 2, 3:
				payload := make([]byte, rapid.IntRange(0, 1200).Draw(t, "length"))
				payload = append(payload, byte(len(has)))
				l.Append(payload)
				has = append(has, payload)
			case 4:
				must(t, l.Write())
			case 5:
				must(t, l.Sync())
				durable = len(has)
			case 6:
				has = has[rapid.IntRange(0, len(has)).Draw(t, "forgotten"):]
				must(t, l.Replace(func() {
					for _, payload := range has {
						l.Append(payload)
					}
				}))
				durable = len(has)
			case 7:
				disk.Crash()
				reopened, found := opened(t, disk)
				if len(found) < durable || len(found) > len(has) {
					t.Fatalf("%d records, of %d that were appended and %d that were synced", len(found), len(has), durable)
				}
				same(t, "after a crash", found, has[:len(found)])
				l, has, durable = reopened, found, len(found)
			}
		}
	})
}

func TestALogGoesOnBehindATornTail(t *testing.T) {
	disk := newDisk(choice.Zero{}, storage.Conditions{})
	l, _ := opened(t, disk)
	l.Append([]byte("first"))
	must(t, l.Sync())
	l.Append(make([]byte, 2000))
	lost := len(l.buffer)
	l.buffer = l.buffer[:2*storage.SectorSize-l.size] // two of its sectors are written
	must(t, l.Write())
	disk.Crash()
	l, records := opened(t, disk)
	same(t, "behind the crash", records, [][]byte{[]byte("first")})
	if l.Torn() == 0 || l.Torn() >= lost {
		t.Errorf("%d bytes cut off of %d", l.Torn(), lost)
	}
	l.Append([]byte("second"))
	must(t, l.Sync())
	disk.Crash()
	l, records = opened(t, disk)
	same(t, "at the end", records, [][]byte{[]byte("first"), []byte("second")})
	if l.Torn() != 0 {
		t.Errorf("%d bytes cut off where nothing was torn", l.Torn())
	}
}

// A process that restarts on a machine that did not finds also what the old one
// had not synced. It must not rely on that before it is durable.
func TestWhatARestartFindsIsDurable(t *testing.T) {
	disk := newDisk(choice.Zero{}, losing)
	l, _ := opened(t, disk)
	l.Append([]byte("record"))
	must(t, l.Write())
	_, found := opened(t, disk)
	same(t, "after a restart", found, [][]byte{[]byte("record")})
	disk.Crash()
	_, found = opened(t, disk)
	same(t, "after a crash", found, [][]byte{[]byte("record")})
}

func TestANewLogHoldsTheInitialRecords(t *testing.T) {
	disk := newDisk(choice.Zero{}, losing)
	initial := []byte("initial")
	l, records, err := Open(disk, "wal", initial)
	must(t, err)
	same(t, "at the first boot", records, [][]byte{initial})
	l.Append([]byte("next"))
	must(t, l.Sync())
	disk.Crash()
	_, records, err = Open(disk, "wal", initial)
	must(t, err)
	same(t, "at the second", records, [][]byte{initial, []byte("next")})
}

// syncs counts them.
type syncs struct {
	storage.File
	count int
}

func (s *syncs) Sync() error { s.count++; return s.File.Sync() }

func TestASyncOfWhatIsDurableCostsNothing(t *testing.T) {
	l, _ := opened(t, newDisk(choice.Zero{}, losing))
	file := &syncs{File: l.file}
	l.file = file
	must(t, l.Sync())
	if file.count != 0 {
		t.Error("a new log is synced again")
	}
	for range 2 {
		l.Append([]byte("record"))
		if !l.Pending() {
			t.Error("nothing is pending")
		}
		must(t, l.Write())
		if l.Pending() {
			t.Error("what was written is pending")
		}
		file.count = 0
		must(t, l.Sync())
		must(t, l.Sync())
		if file.count != 1 {
			t.Errorf("%d syncs of one write", file.count)
		}
	}
}

func TestAFailedSyncIsToldAndTriedAgain(t *testing.T) {
	disk := newDisk(choice.Zero{}, storage.Conditions{})
	l, _ := opened(t, disk)
	l.Append([]byte("record"))
	disk.SetConditions(storage.Conditions{SyncFailure: choice.Always})
	for range 2 {
		if err := l.Sync(); !errors.Is(err, storage.ErrIO) {
			t.Errorf("a sync that failed: %v", err)
		}
	}
}

func TestRotIsTold(t *testing.T) {
	disk := newDisk(choice.Zero{}, storage.Conditions{})
	l, _ := opened(t, disk)
	l.Append([]byte("record"))
	must(t, l.Sync())
	must(t, Save(disk, "snapshot", []byte("state")))
	for name, open := range map[string]func() error{
		"wal":      func() error { _, _, err := Open(disk, "wal"); return err },
		"snapshot": func() error { _, err := Load(disk, "snapshot"); return err },
	} {
		must(t, open())
		file, err := disk.Open(name)
		must(t, err)
		one := make([]byte, 1)
		_, err = file.ReadAt(one, 9)
		must(t, err)
		one[0] ^= 8
		_, err = file.WriteAt(one, 9)
		must(t, err)
		if err := open(); !errors.Is(err, ErrRot) {
			t.Errorf("%s has rotted: %v", name, err)
		}
	}
}

// FuzzParse feeds bytes to the parser: it must neither panic nor hang, and what
// it takes for whole must be whole when it is read again.
func FuzzParse(f *testing.F) {
	l := &Log{}
	l.Append([]byte("first"))
	l.Append([]byte{})
	l.Append(make([]byte, 600))
	f.Add(l.buffer)
	f.Add(l.buffer[:300])
	f.Add(bytes.Repeat([]byte{0}, 40))
	f.Fuzz(func(t *testing.T, data []byte) {
		records, end, err := parse(data)
		if err != nil {
			return
		}
		again, endAgain, err := parse(data[:end])
		if err != nil || endAgain != end {
			t.Fatalf("%d bytes are whole, but again: %d, %v", end, endAgain, err)
		}
		same(t, "read again", again, records)
		var file []byte
		for _, record := range records {
			file = appendRecord(file, 0, record)
		}
		rewritten, _, err := parse(file)
		must(t, err)
		same(t, "written and read", rewritten, records)
	})
}
