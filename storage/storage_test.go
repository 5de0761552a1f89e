package storage_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"seedbed.example/choice"
	"seedbed.example/storage"
)

// machine is a host that only counts the time its disk takes.
type machine struct{ spent time.Duration }

func (m *machine) Spend(d time.Duration) { m.spent += d }

func newDisk(source choice.Source, c storage.Conditions) *storage.Simulated {
	d := storage.New(source, "node 1", &machine{})
	d.SetConditions(c)
	return d
}

// create makes a file; open and write go on with one.
func create(t testing.TB, d storage.Disk, name string) storage.File {
	t.Helper()
	f, err := d.Create(name)
	check(t, err)
	return f
}

func open(t testing.TB, d storage.Disk, name string) storage.File {
	t.Helper()
	f, err := d.Open(name)
	check(t, err)
	return f
}

func write(t testing.TB, f storage.File, text string) {
	t.Helper()
	_, err := f.Write([]byte(text))
	check(t, err)
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// content returns what a file holds, "absent" if there is none.
func content(t testing.TB, d storage.Disk, name string) string {
	t.Helper()
	f, err := d.Open(name)
	if errors.Is(err, storage.ErrNotExist) {
		return "absent"
	}
	check(t, err)
	size, err := f.Size()
	check(t, err)
	data := make([]byte, size)
	if _, err := f.ReadAt(data, 0); err != nil && !errors.Is(err, io.EOF) {
		t.Fatal(err)
	}
	return string(data)
}

// worst loses and tears whatever it can.
var worst = storage.Conditions{Lose: choice.Always / 3, Tear: choice.Always / 3, Reorder: true}

// Whatever is written, synced and crashed: each byte found afterwards is one
// that was written there, or the durable one from before, or a zero where
// nothing durable was; and durable bytes that nobody wrote over are untouched.
func TestAfterACrashEachByteIsOneThatWasWrittenThere(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		conditions := worst
		conditions.Reorder = rapid.Bool().Draw(rt, "reorder")
		d := newDisk(choice.Seed(rapid.Uint64().Draw(rt, "seed")), conditions)
		f := create(t, d, "file")
		check(t, d.SyncDir())
		var durable []byte           // as of the last sync
		var possible []map[byte]bool // by position: what may be found there
		var live []byte
		settle := func() {
			durable = bytes.Clone(live)
			possible = nil
			for _, b := range durable {
				possible = append(possible, map[byte]bool{b: true})
			}
		}
		for range rapid.IntRange(1, 30).Draw(rt, "operations") {
			switch rapid.IntRange(0, 9).Draw(rt, "operation") {
			default:
				offset := rapid.IntRange(0, len(live)+600).Draw(rt, "offset")
				if rapid.Bool().Draw(rt, "append") {
					offset = len(live)
				}
				p := bytes.Repeat([]byte{byte(rapid.IntRange(1, 255).Draw(rt, "byte"))}, rapid.IntRange(1, 1500).Draw(rt, "length"))
				if _, err := f.WriteAt(p, int64(offset)); err != nil {
					rt.Fatal(err)
				}
				for len(live) < offset+len(p) {
					live = append(live, 0)
				}
				copy(live[offset:], p)
				for len(possible) < len(live) {
					possible = append(possible, map[byte]bool{0: true})
				}
				for i := range p {
					possible[offset+i][p[0]] = true
				}
			case 7:
				check(t, f.Sync())
				settle()
			case 8:
				d.Crash()
				live = []byte(content(t, d, "file"))
				if len(live) < len(durable) || len(live) > len(possible) {
					rt.Fatalf("%d bytes are left, want %d to %d", len(live), len(durable), len(possible))
				}
				for i, b := range live {
					if !possible[i][b] {
						rt.Fatalf("byte %d is %d, and can only be one of %v", i, b, possible[i])
					}
				}
				settle()
				f = open(t, d, "file")
			case 9:
				if got := content(t, d, "file"); got != string(live) {
					rt.Fatal("a read does not see what was written")
				}
			}
		}
	})
}

func TestBenignChoicesKeepEverything(t *testing.T) {
	conditions := worst
	conditions.SyncFailure, conditions.BitRot = choice.Always/2, choice.Always/2
	d := newDisk(choice.Zero{}, conditions)
	f := create(t, d, "file")
	write(t, f, "hello")
	d.Crash()
	if got := content(t, d, "file"); got != "hello" {
		t.Errorf("found %q", got)
	}
}

// With losses only from the end, what is left is a prefix of what was written.
func TestWithoutReorderingTheLossIsASuffix(t *testing.T) {
	conditions := storage.Conditions{Lose: choice.Always / 4}
	lengths := map[int]bool{}
	for seed := range choice.Seed(200) {
		d := newDisk(seed, conditions)
		f := create(t, d, "file")
		check(t, d.SyncDir())
		const all = "abcdefgh"
		for i := range all {
			write(t, f, all[i:i+1])
		}
		d.Crash()
		got := content(t, d, "file")
		if !strings.HasPrefix(all, got) {
			t.Fatalf("seed %d: found %q, not the beginning of %q", seed, got, all)
		}
		lengths[len(got)] = true
	}
	if len(lengths) < 9 {
		t.Errorf("only the lengths %v came up in 200 seeds, want every one from 0 to 8", lengths)
	}
}

// A torn write is torn at sectors: each is whole, or missing.
func TestATornWriteLeavesWholeSectors(t *testing.T) {
	shapes := map[string]bool{}
	for seed := range choice.Seed(300) {
		d := newDisk(seed, storage.Conditions{Tear: choice.Always})
		f := create(t, d, "file")
		check(t, d.SyncDir())
		write(t, f, strings.Repeat("x", 3*storage.SectorSize))
		d.Crash()
		got := []byte(content(t, d, "file"))
		shape := ""
		for at := 0; at < 3*storage.SectorSize; at += storage.SectorSize {
			sector := got[min(at, len(got)):min(at+storage.SectorSize, len(got))]
			switch {
			case len(sector) == 0:
				shape += "-"
			case bytes.Count(sector, []byte("x")) == storage.SectorSize:
				shape += "x"
			case bytes.Count(sector, []byte{0}) == storage.SectorSize:
				shape += "0"
			default:
				t.Fatalf("seed %d: the sector at %d is neither whole nor missing", seed, at)
			}
		}
		shapes[shape] = true
	}
	if len(shapes) != 8 {
		t.Errorf("shapes %v, want all 8", shapes)
	}
}

// A failed sync drops its pages: what it was to write is lost at a crash even
// after a sync that succeeds, and what came after it is not.
func TestAFailedSyncDropsItsPagesForGood(t *testing.T) {
	d := newDisk(choice.Seed(1), storage.Conditions{SyncFailure: choice.Always})
	f := create(t, d, "file")
	write(t, f, "dropped ")
	if err := f.Sync(); !errors.Is(err, storage.ErrIO) {
		t.Fatalf("sync: %v", err)
	}
	d.SetConditions(storage.Conditions{Lose: choice.Always, Reorder: true})
	write(t, f, "written")
	check(t, f.Sync())
	check(t, d.SyncDir())
	if got := content(t, d, "file"); got != "dropped written" {
		t.Errorf("before the crash the page cache shows %q", got)
	}
	d.Crash()
	if got, want := content(t, d, "file"), "\x00\x00\x00\x00\x00\x00\x00\x00written"; got != want {
		t.Errorf("after the crash: %q, want %q", got, want)
	}
}

func TestNamesHaveADurabilityOfTheirOwn(t *testing.T) {
	store := func(d storage.Disk, name, text string) {
		f := create(t, d, name)
		write(t, f, text)
		check(t, f.Sync())
	}
	for _, c := range []struct {
		name   string
		do     func(d storage.Disk)
		before map[string]string // if the change is lost
		after  map[string]string // if it is kept
	}{
		{"create", func(d storage.Disk) { store(d, "new", "new") },
			map[string]string{"old": "old", "new": "absent"}, map[string]string{"old": "old", "new": "new"}},
		{"rename", func(d storage.Disk) { check(t, d.Rename("old", "new")) },
			map[string]string{"old": "old", "new": "absent"}, map[string]string{"old": "absent", "new": "old"}},
		{"remove", func(d storage.Disk) { check(t, d.Remove("old")) },
			map[string]string{"old": "old"}, map[string]string{"old": "absent"}},
		{"replace", func(d storage.Disk) {
			store(d, "temp", "better")
			check(t, d.SyncDir())
			check(t, d.Rename("temp", "old"))
		},
			map[string]string{"old": "old", "temp": "better"}, map[string]string{"old": "better", "temp": "absent"}},
	} {
		for _, synced := range []bool{false, true} {
			d := newDisk(choice.Seed(1), storage.Conditions{Lose: choice.Always})
			store(d, "old", "old")
			check(t, d.SyncDir())
			c.do(d)
			want := c.before
			if synced {
				check(t, d.SyncDir())
				want = c.after
			}
			d.Crash()
			got := map[string]string{}
			for name := range want {
				got[name] = content(t, d, name)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s, directory synced %v (-want +got):\n%s", c.name, synced, diff)
			}
		}
	}
}

func TestAFileOpenedBeforeACrashIsOfNoUseAfterIt(t *testing.T) {
	d := newDisk(choice.Seed(1), storage.Conditions{})
	f := create(t, d, "file")
	d.Crash()
	_, writeErr := f.Write([]byte("x"))
	_, readErr := f.ReadAt(make([]byte, 1), 0)
	_, sizeErr := f.Size()
	for what, err := range map[string]error{"write": writeErr, "read": readErr, "size": sizeErr, "sync": f.Sync(), "truncate": f.Truncate(0)} {
		if !errors.Is(err, storage.ErrCrashed) {
			t.Errorf("%s: %v, want %v", what, err, storage.ErrCrashed)
		}
	}
}

func TestAFullDiskTakesNothingMoreButOverwrites(t *testing.T) {
	d := newDisk(choice.Seed(1), storage.Conditions{})
	f := create(t, d, "file")
	write(t, f, "hello")
	d.SetConditions(storage.Conditions{Full: true})
	if _, err := f.Write([]byte("x")); !errors.Is(err, storage.ErrFull) {
		t.Errorf("append: %v", err)
	}
	if _, err := d.Create("another"); !errors.Is(err, storage.ErrFull) {
		t.Errorf("create: %v", err)
	}
	_, err := f.WriteAt([]byte("J"), 0)
	check(t, err)
	if got := content(t, d, "file"); got != "Jello" {
		t.Errorf("found %q", got)
	}
}

// A rotten bit is one bit, it stays, and it strikes at its rate.
func TestRotFlipsSingleBitsForGood(t *testing.T) {
	const sectors = 1000
	d := newDisk(choice.Seed(1), storage.Conditions{BitRot: 10 * choice.Percent})
	f := create(t, d, "file")
	original := make([]byte, sectors*storage.SectorSize)
	write(t, f, string(original))
	first := []byte(content(t, d, "file"))
	d.SetConditions(storage.Conditions{})
	if again := []byte(content(t, d, "file")); !bytes.Equal(first, again) {
		t.Error("what has rotted did not stay so")
	}
	rotten := 0
	for at := 0; at < len(first); at += storage.SectorSize {
		bits := 0
		for _, b := range first[at : at+storage.SectorSize] {
			for ; b > 0; b &= b - 1 {
				bits++
			}
		}
		if bits > 1 {
			t.Fatalf("%d bits flipped in the sector at %d", bits, at)
		}
		rotten += bits
	}
	if rotten < sectors/20 || rotten > sectors/5 {
		t.Errorf("%d of %d sectors have rotted at a rate of 10%%", rotten, sectors)
	}
}

func TestOperationsTakeTheirTime(t *testing.T) {
	var m machine
	d := storage.New(choice.Zero{}, "node 1", &m)
	d.SetConditions(storage.Conditions{
		WriteLatency: storage.Latency{Least: time.Millisecond},
		SyncLatency:  storage.Latency{Least: 10 * time.Millisecond, Extra: time.Hour},
	})
	f := create(t, d, "file")
	write(t, f, "x")
	check(t, f.Sync())
	if want := 12 * time.Millisecond; m.spent != want {
		t.Errorf("create, write and sync took %v, want %v", m.spent, want)
	}
}

// What was synced survives, what was not may not.
func Example() {
	d := storage.New(choice.Seed(1), "node 1", &machine{})
	d.SetConditions(storage.Conditions{Lose: choice.Always})
	f, _ := d.Create("log")
	_ = d.SyncDir()
	_, _ = f.Write([]byte("promised "))
	_ = f.Sync()
	_, _ = f.Write([]byte("forgotten"))
	d.Crash()
	f, _ = d.Open("log")
	data := make([]byte, 32)
	n, _ := f.ReadAt(data, 0)
	fmt.Printf("%q\n", data[:n])
	// Output: "promised "
}

// BenchmarkDiskWriteSync measures a log's append of 100 bytes and its sync.
func BenchmarkDiskWriteSync(b *testing.B) {
	d := newDisk(choice.Seed(1), storage.Conditions{Lose: choice.Percent, SyncLatency: storage.Latency{Least: 1, Extra: 100}})
	f := create(b, d, "file")
	record := make([]byte, 100)
	b.ReportAllocs()
	n := 0
	for b.Loop() {
		if n++; n%100 == 0 { // a log is cut now and then
			_ = f.Truncate(0)
		}
		if _, err := f.Write(record); err != nil {
			b.Fatal(err)
		}
		if err := f.Sync(); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkDiskWriteSyncFloor is the bare append to a slice, the note that it
// is not durable, and one choice.
func BenchmarkDiskWriteSyncFloor(b *testing.B) {
	var data []byte
	var pending []int
	record := make([]byte, 100)
	latency := choice.NewStream(choice.Seed(1), "disk latency", "node 1 file")
	b.ReportAllocs()
	n := 0
	for b.Loop() {
		if n++; n%100 == 0 {
			data = data[:0]
		}
		pending = append(pending, len(data))
		data = append(data, record...)
		latency.N(100)
		pending = pending[:0]
	}
}
