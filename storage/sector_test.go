package storage_test

import (
	"errors"
	"strings"
	"testing"

	"seedbed.example/choice"
	"seedbed.example/storage"
)

// sectors returns a text of whole sectors, each of one letter.
func sectors(letters string) string {
	var b strings.Builder
	for _, letter := range letters {
		b.WriteString(strings.Repeat(string(letter), storage.SectorSize))
	}
	return b.String()
}

func TestAnUnreadableSectorStaysSoUntilItIsWrittenWhole(t *testing.T) {
	d := newDisk(choice.Seed(1), storage.Conditions{})
	f := create(t, d, "file")
	write(t, f, sectors("abcd"))
	read := func(sector int) error {
		_, err := f.ReadAt(make([]byte, storage.SectorSize), int64(sector*storage.SectorSize))
		return err
	}
	d.SetConditions(storage.Conditions{Unreadable: choice.Always})
	for sector := range 2 {
		if err := read(sector); !errors.Is(err, storage.ErrIO) {
			t.Fatalf("sector %d: %v, want %v", sector, err, storage.ErrIO)
		}
	}
	d.SetConditions(storage.Conditions{})
	if read(2) != nil || read(3) != nil {
		t.Error("sectors that were not read have become unreadable")
	}
	d.Crash()
	f = open(t, d, "file")
	if _, err := f.WriteAt([]byte("a part"), 10); err != nil {
		t.Error(err)
	}
	if err := read(0); !errors.Is(err, storage.ErrIO) {
		t.Errorf("after a crash and a write of a part of it: %v, want %v", err, storage.ErrIO)
	}
	_, err := f.WriteAt([]byte(sectors("A")), 0)
	check(t, err)
	if err := read(0); err != nil {
		t.Errorf("written whole, it is still unreadable: %v", err)
	}
	if err := read(1); !errors.Is(err, storage.ErrIO) {
		t.Errorf("the one behind it was not written, and reads as %v", err)
	}
	check(t, f.Truncate(storage.SectorSize))
	write(t, f, "short")
	if got, want := content(t, d, "file"), sectors("A")+"short"; got != want {
		t.Error("a sector that was cut off is unreadable when it is there again")
	}
}

func TestSectorsBecomeUnreadableAtTheirRate(t *testing.T) {
	const count = 2000
	d := newDisk(choice.Seed(1), storage.Conditions{Unreadable: 10 * choice.Percent})
	f := create(t, d, "file")
	write(t, f, sectors(strings.Repeat("x", count)))
	bad := 0
	for sector := range count {
		if _, err := f.ReadAt(make([]byte, 1), int64(sector*storage.SectorSize)); err != nil {
			bad++
		}
	}
	if bad < count*8/100 || bad > count*12/100 {
		t.Errorf("%d of %d sectors are unreadable at 10%%", bad, count)
	}
}

// astray makes a file that is durable, lets change change it on a disk that
// misdirects all that is synced, and returns what the file holds before and
// after a crash.
func astray(t testing.TB, seed choice.Source, text string, change func(f storage.File)) (before, after string) {
	t.Helper()
	d := newDisk(seed, storage.Conditions{})
	f := create(t, d, "file")
	write(t, f, text)
	check(t, f.Sync())
	check(t, d.SyncDir())
	d.SetConditions(storage.Conditions{Misdirect: choice.Always, Lose: choice.Always})
	change(f)
	before = content(t, d, "file")
	d.Crash()
	return before, content(t, d, "file")
}

// One sector of a misdirected write is not where it belongs but in the place
// of another one; everything else is as if nothing had happened.
func TestAMisdirectedWriteOverwritesAnotherSector(t *testing.T) {
	found := make(map[string]bool)
	for seed := range choice.Seed(50) {
		before, after := astray(t, seed, sectors("abcd"), func(f storage.File) {
			_, err := f.WriteAt([]byte(sectors("BC")), storage.SectorSize)
			check(t, err)
			check(t, f.Sync())
		})
		if before != sectors("aBCd") {
			t.Fatalf("seed %d: it shows while the machine runs", seed)
		}
		for _, possible := range []string{"BbCd", "abCB", "CBcd", "aBcC"} {
			if after == sectors(possible) {
				found[possible] = true
			}
		}
	}
	if len(found) != 4 {
		t.Errorf("found %v, want a sector B or C in the place of a or d", found)
	}
}

// A part of a sector goes astray with the whole of it, because the medium
// writes no less.
func TestAMisdirectedAppendTakesItsWholeSectorAlong(t *testing.T) {
	_, after := astray(t, choice.Seed(1), sectors("a")+"begun", func(f storage.File) {
		write(t, f, ", ended")
		check(t, f.Sync())
	})
	rest := func(text string, length int) string { return text + strings.Repeat("\x00", length-len(text)) }
	if after != rest("begun, ended", storage.SectorSize)+rest("begun", len("begun, ended")) {
		t.Errorf("the file holds %q", after)
	}
}

func TestWhatIsNotSyncedDoesNotGoAstray(t *testing.T) {
	if _, after := astray(t, choice.Seed(1), sectors("ab"), func(f storage.File) { write(t, f, sectors("c")) }); after != sectors("ab") {
		t.Error("a write that was lost has overwritten another sector")
	}
}

func TestAFileOfOneSectorHasNoOtherToOverwrite(t *testing.T) {
	if _, after := astray(t, choice.Seed(1), "one, ", func(f storage.File) {
		write(t, f, "two")
		check(t, f.Sync())
	}); after != "one, two" {
		t.Errorf("the file holds %q", after)
	}
}

// A sector that is written again is right again; the one that was overwritten
// in its place is not.
func TestASectorThatIsWrittenAgainIsRightAgain(t *testing.T) {
	d := newDisk(choice.Seed(1), storage.Conditions{})
	f := create(t, d, "file")
	write(t, f, sectors("ab"))
	check(t, f.Sync())
	check(t, d.SyncDir())
	d.SetConditions(storage.Conditions{Misdirect: choice.Always})
	_, err := f.WriteAt([]byte(sectors("B")), storage.SectorSize)
	check(t, err)
	check(t, f.Sync())
	d.SetConditions(storage.Conditions{})
	_, err = f.WriteAt([]byte("B"), storage.SectorSize)
	check(t, err)
	check(t, f.Sync())
	d.Crash()
	if got := content(t, d, "file"); got != sectors("BB") {
		t.Errorf("the sectors are %c and %c, want B and B", got[0], got[storage.SectorSize])
	}
	f = open(t, d, "file")
	_, err = f.WriteAt([]byte(sectors("a")), 0)
	check(t, err)
	d.Crash() // which loses nothing
	if got := content(t, d, "file"); got != sectors("aB") {
		t.Error("written anew, the sector is still wrong")
	}
}

// What an earlier sync has written can't go astray in a later one.
func TestAWriteThatIsDurableDoesNotGoAstray(t *testing.T) {
	d := newDisk(choice.Seed(1), storage.Conditions{SyncFailure: choice.Always})
	f := create(t, d, "file")
	write(t, f, sectors("a"))
	if err := f.Sync(); err == nil {
		t.Fatal("the sync has not failed")
	}
	d.SetConditions(storage.Conditions{})
	write(t, f, sectors("bc"))
	check(t, f.Sync())
	d.SetConditions(storage.Conditions{Misdirect: choice.Always})
	check(t, f.Sync())
	d.Crash()
	if got, want := content(t, d, "file"), strings.Repeat("\x00", storage.SectorSize)+sectors("bc"); got != want {
		t.Errorf("the sectors begin with %q, %q, %q", got[0], got[storage.SectorSize], got[2*storage.SectorSize])
	}
}
