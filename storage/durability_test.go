package storage_test

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"seedbed.example/choice"
	"seedbed.example/storage"
)

// promise is what a model knows of a disk: what is there, and what must be
// there after a crash.
type promise struct {
	live    map[string]*modelFile
	unnamed map[string]bool // names that have changed since the directory was synced
}

// modelFile is a file's content, whatever its name.
type modelFile struct {
	text    string
	synced  bool // all of it
	dropped bool // by a failed sync, something of it
}

// kept returns the files that must survive a crash as they are, by name, and
// the names that must stay absent.
func (p *promise) kept(names []string) map[string]string {
	kept := make(map[string]string)
	for _, name := range names {
		switch f := p.live[name]; {
		case p.unnamed[name]:
		case f == nil:
			kept[name] = "absent"
		case f.synced:
			kept[name] = f.text
		}
	}
	return kept
}

// act lets one random operation happen to a disk and to its model.
func (p *promise) act(t *rapid.T, d storage.Disk, names []string) {
	name, other := rapid.SampledFrom(names).Draw(t, "name"), rapid.SampledFrom(names).Draw(t, "other")
	f := p.live[name]
	switch operation := rapid.SampledFrom(strings.Split("create write write write sync sync sync rename remove syncdir syncdir", " ")).Draw(t, "operation"); operation {
	case "create":
		switch _, err := d.Create(name); {
		case err == nil && f != nil:
			*f = modelFile{} // what was dropped is cut off
		case err == nil:
			p.live[name], p.unnamed[name] = &modelFile{}, true
		case f != nil || !errors.Is(err, storage.ErrFull):
			t.Fatal(err)
		}
	case "write":
		file, err := d.Open(name)
		if errors.Is(err, storage.ErrNotExist) {
			return
		}
		text := rapid.StringMatching("[a-z]{1,700}").Draw(t, "text")
		offset := rapid.IntRange(0, len(f.text)).Draw(t, "offset")
		if _, err := file.WriteAt([]byte(text), int64(offset)); err != nil {
			if !errors.Is(err, storage.ErrFull) {
				t.Fatal(err)
			}
			return
		}
		f.text, f.synced = f.text[:offset]+text+f.text[min(offset+len(text), len(f.text)):], false
	case "sync":
		file, err := d.Open(name)
		if errors.Is(err, storage.ErrNotExist) {
			return
		}
		err = file.Sync()
		f.dropped = f.dropped || (err != nil && !f.synced)
		f.synced = f.synced || (err == nil && !f.dropped)
	case "rename":
		err := d.Rename(name, other)
		if f == nil != errors.Is(err, storage.ErrNotExist) {
			t.Fatal(err)
		}
		if f != nil {
			delete(p.live, name)
			p.live[other] = f
			p.unnamed[name], p.unnamed[other] = true, true
		}
	case "remove":
		err := d.Remove(name)
		if f == nil != errors.Is(err, storage.ErrNotExist) {
			t.Fatal(err)
		}
		if f != nil {
			delete(p.live, name)
			p.unnamed[name] = true
		}
	case "syncdir":
		if err := d.SyncDir(); err == nil {
			p.unnamed = make(map[string]bool)
		}
	}
}

func contents(t testing.TB, d storage.Disk, names []string) map[string]string {
	found := make(map[string]string)
	for _, name := range names {
		found[name] = content(t, d, name)
	}
	return found
}

// Whatever happens to a disk: before a crash it shows what was written, and
// after one all that was synced, bytes and name, is there. Only an error says
// otherwise, of a sync or for want of space.
func TestWhatWasSyncedSurvives(t *testing.T) {
	names := []string{"a", "b", "c"}
	rapid.Check(t, func(rt *rapid.T) {
		d := newDisk(choice.Seed(rapid.Uint64().Draw(rt, "seed")), storage.Conditions{})
		p := &promise{live: make(map[string]*modelFile), unnamed: make(map[string]bool)}
		rate := rapid.SampledFrom([]choice.Rate{0, 0, choice.Percent, choice.Always / 3, choice.Always})
		for range rapid.IntRange(1, 4).Draw(rt, "lives") {
			for range rapid.IntRange(1, 20).Draw(rt, "operations") {
				d.SetConditions(storage.Conditions{
					SyncFailure: rapid.SampledFrom([]choice.Rate{0, 0, 0, choice.Always}).Draw(rt, "sync failure"),
					Full:        rapid.IntRange(0, 9).Draw(rt, "full") == 0,
				})
				p.act(rt, d, names)
			}
			want := make(map[string]string)
			for _, name := range names {
				want[name] = "absent"
				if f := p.live[name]; f != nil {
					want[name] = f.text
				}
			}
			if diff := cmp.Diff(want, contents(t, d, names)); diff != "" {
				rt.Fatalf("before the crash (-want +got):\n%s", diff)
			}
			kept := p.kept(names)
			d.SetConditions(storage.Conditions{Lose: rate.Draw(rt, "lose"), Tear: rate.Draw(rt, "tear"), Reorder: rapid.Bool().Draw(rt, "reorder")})
			d.Crash()
			found := contents(t, d, names)
			for name, want := range kept {
				if found[name] != want {
					rt.Fatalf("after the crash %q is %q, and it was synced as %q", name, found[name], want)
				}
			}
			// What is left is durable.
			d.Crash()
			if diff := cmp.Diff(found, contents(t, d, names)); diff != "" {
				rt.Fatalf("a second crash changed what the first one had left:\n%s", diff)
			}
			p.live, p.unnamed = make(map[string]*modelFile), make(map[string]bool)
			for name, text := range found {
				if text != "absent" {
					p.live[name] = &modelFile{text: text, synced: true}
				}
			}
		}
	})
}

// found tells how a file of one byte a sector came out of a crash, for every
// fate of three writes that were not synced.
func fates(t *testing.T, c storage.Conditions) []string {
	seen := make(map[string]bool)
	for seed := range choice.Seed(500) {
		d := newDisk(seed, c)
		f := create(t, d, "file")
		for range 3 {
			write(t, f, strings.Repeat("-", storage.SectorSize))
		}
		check(t, f.Sync())
		check(t, d.SyncDir())
		for i := range 3 {
			if _, err := f.WriteAt([]byte{byte('1' + i)}, int64(i*storage.SectorSize)); err != nil {
				t.Fatal(err)
			}
		}
		d.Crash()
		text := content(t, d, "file")
		seen[text[:1]+text[storage.SectorSize:storage.SectorSize+1]+text[2*storage.SectorSize:2*storage.SectorSize+1]] = true
	}
	return slices.Sorted(maps.Keys(seen))
}

// Without reordering a crash leaves a beginning of what was written; with it,
// any part.
func TestEveryFateOfUnsyncedWritesComesUp(t *testing.T) {
	half := choice.Always / 2
	for name, c := range map[string]struct {
		conditions storage.Conditions
		want       []string
	}{
		"no loss":         {storage.Conditions{}, []string{"123"}},
		"loss":            {storage.Conditions{Lose: half}, []string{"---", "1--", "12-", "123"}},
		"certain loss":    {storage.Conditions{Lose: choice.Always}, []string{"---"}},
		"tearing":         {storage.Conditions{Tear: half}, []string{"---", "1--", "12-", "123"}},
		"loss, reordered": {storage.Conditions{Lose: half, Reorder: true}, []string{"---", "--3", "-2-", "-23", "1--", "1-3", "12-", "123"}},
	} {
		if diff := cmp.Diff(c.want, fates(t, c.conditions)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// What a failed sync has dropped is gone after a crash even where nothing else
// is ever lost.
func TestDroppedPagesDoNotSurviveEvenTheMildestCrash(t *testing.T) {
	d := newDisk(choice.Seed(1), storage.Conditions{})
	f := create(t, d, "file")
	write(t, f, "synced ")
	check(t, f.Sync())
	write(t, f, "dropped")
	d.SetConditions(storage.Conditions{SyncFailure: choice.Always})
	if err := f.Sync(); !errors.Is(err, storage.ErrIO) {
		t.Fatalf("sync: %v", err)
	}
	d.SetConditions(storage.Conditions{})
	check(t, f.Sync())
	d.Crash()
	if got := content(t, d, "file"); got != "synced " {
		t.Errorf("found %q", got)
	}
}

// A failed sync takes nothing back of what an earlier one has made durable.
func TestAFailedSyncLeavesAloneWhatIsDurable(t *testing.T) {
	d := newDisk(choice.Seed(1), storage.Conditions{})
	f := create(t, d, "file")
	for i, text := range []string{"dropped ", "durable", ""} {
		write(t, f, text)
		d.SetConditions(storage.Conditions{SyncFailure: choice.Rate(1-i%2) * choice.Always})
		if err := f.Sync(); (err == nil) != (i == 1) {
			t.Fatalf("sync %d: %v", i, err)
		}
	}
	d.SetConditions(storage.Conditions{})
	check(t, f.Sync())
	d.Crash()
	if got, want := content(t, d, "file"), strings.Repeat("\x00", 8)+"durable"; got != want {
		t.Errorf("found %q, want %q", got, want)
	}
}

func TestAFailedSyncOfTheDirectoryMakesNoNameDurable(t *testing.T) {
	d := newDisk(choice.Seed(1), storage.Conditions{SyncFailure: choice.Always, Lose: choice.Always})
	create(t, d, "file")
	if err := d.SyncDir(); !errors.Is(err, storage.ErrIO) {
		t.Fatalf("sync: %v", err)
	}
	d.Crash()
	if got := content(t, d, "file"); got != "absent" {
		t.Errorf("found %q", got)
	}
}

// Even of a write that is torn, the benign choice is that all of it is there.
func TestATearOfNoSectorsKeepsThemAll(t *testing.T) {
	torn := choice.Override{Key: choice.Key{Domain: "disk crash", Subject: "node 1 file"}, Value: uint64(choice.Always)}
	d := newDisk(choice.OverrideWith(choice.Zero{}, []choice.Override{torn}), storage.Conditions{Tear: choice.Percent})
	var torns int
	d.Observe(func(op, file string, bytes int, err error) {
		if op == "tear" {
			torns += bytes
		}
	})
	text := strings.Repeat("x", 3*storage.SectorSize)
	write(t, create(t, d, "file"), text)
	d.Crash()
	if got := content(t, d, "file"); got != text || torns != len(text) {
		t.Errorf("%d bytes were torn and %d are left", torns, len(got))
	}
}

// A truncation is one step: it is done or it is not.
func TestATruncationIsNeverTorn(t *testing.T) {
	for seed := range choice.Seed(50) {
		d := newDisk(seed, storage.Conditions{Tear: choice.Always})
		f := create(t, d, "file")
		write(t, f, strings.Repeat("x", 3*storage.SectorSize))
		check(t, f.Sync())
		check(t, d.SyncDir())
		check(t, f.Truncate(10))
		d.Crash()
		if got := content(t, d, "file"); got != "xxxxxxxxxx" {
			t.Fatalf("seed %d: %d bytes are left", seed, len(got))
		}
	}
}

// Changes of names are lost from the end, like an unwritten journal.
func TestChangesOfNamesAreLostFromTheEnd(t *testing.T) {
	seen := make(map[string]bool)
	for seed := range choice.Seed(100) {
		d := newDisk(seed, storage.Conditions{Lose: choice.Always / 3})
		for _, name := range []string{"a", "b", "c"} {
			check(t, create(t, d, name).Sync())
		}
		check(t, d.Rename("a", "d"))
		check(t, d.Remove("b"))
		d.Crash()
		names, err := d.List()
		check(t, err)
		seen[fmt.Sprint(names)] = true
	}
	want := []string{"[]", "[a b c]", "[a b]", "[a]", "[b c d]", "[c d]"}
	if diff := cmp.Diff(want, slices.Sorted(maps.Keys(seen))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestWhatIsNotThereIsAnError(t *testing.T) {
	d := newDisk(choice.Zero{}, storage.Conditions{})
	f := create(t, d, "file")
	write(t, f, "hello")
	_, openErr := d.Open("other")
	for what, err := range map[string]error{"open": openErr, "rename": d.Rename("other", "third"), "remove": d.Remove("other")} {
		if !errors.Is(err, storage.ErrNotExist) {
			t.Errorf("%s: %v", what, err)
		}
	}
	for offset, want := range map[int64]string{0: "hello", 3: "lo", 5: "", 9: ""} {
		p := make([]byte, 10)
		n, err := f.ReadAt(p, offset)
		if string(p[:n]) != want || !errors.Is(err, io.EOF) {
			t.Errorf("at %d: read %q, %v", offset, p[:n], err)
		}
	}
	p := make([]byte, 2)
	if n, err := f.ReadAt(p, 1); n != 2 || err != nil || string(p) != "el" {
		t.Errorf("read %q, %v", p[:n], err)
	}
}

func TestAFullDiskRefusesATruncationThatGrows(t *testing.T) {
	d := newDisk(choice.Zero{}, storage.Conditions{})
	f := create(t, d, "file")
	write(t, f, "hello")
	d.SetConditions(storage.Conditions{Full: true})
	if err := f.Truncate(6); !errors.Is(err, storage.ErrFull) {
		t.Errorf("truncation to 6: %v", err)
	}
	check(t, f.Truncate(4))
	d.SetConditions(storage.Conditions{})
	check(t, f.Truncate(6))
	if got := content(t, d, "file"); got != "hell\x00\x00" {
		t.Errorf("found %q", got)
	}
}

// An observer sees each operation with its outcome, and what befalls the bytes.
func TestAnObserverSeesEverything(t *testing.T) {
	d := newDisk(choice.Seed(1), storage.Conditions{})
	var seen []string
	d.Observe(func(op, file string, bytes int, err error) {
		seen = append(seen, fmt.Sprint(op, " ", file, " ", bytes, " ", err))
	})
	f := create(t, d, "file")
	check(t, d.SyncDir())
	write(t, f, strings.Repeat("x", 2*storage.SectorSize))
	check(t, f.Sync())
	_, _ = f.ReadAt(make([]byte, 4), 5000)
	d.SetConditions(storage.Conditions{BitRot: choice.Always})
	_, _ = f.ReadAt(make([]byte, 4), 0)
	d.SetConditions(storage.Conditions{SyncFailure: choice.Always, Full: true})
	_ = f.Sync()
	_, _ = f.Write([]byte("x"))
	_, _ = d.Open("other")
	_ = d.Remove("other")
	check(t, f.Truncate(7))
	d.SetConditions(storage.Conditions{Lose: choice.Always})
	check(t, d.Rename("file", "renamed"))
	d.Crash()
	want := []string{
		"create file 0 <nil>", "sync directory 0 <nil>", "write file 1024 <nil>", "sync file 0 <nil>",
		"read file 0 EOF", "rot file 1 <nil>", "read file 4 <nil>", "sync file 0 input/output error",
		"write file 1 no space left on disk", "open other 0 file does not exist", "remove other 0 file does not exist",
		"truncate file 7 <nil>", "rename file to renamed 0 <nil>", "lose directory 0 <nil>", "lose file 0 <nil>",
	}
	if diff := cmp.Diff(want, seen); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
