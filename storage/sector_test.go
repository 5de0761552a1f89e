package storage_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

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

// One sector of a misdirected write is not where it belongs but in the place
// of another one; everything else is as if nothing had happened.
func TestAMisdirectedWriteOverwritesAnotherSector(t *testing.T) {
	for seed := range choice.Seed(50) {
		d := newDisk(seed, storage.Conditions{})
		f := create(t, d, "file")
		write(t, f, sectors("abcd"))
		d.SetConditions(storage.Conditions{Misdirect: choice.Always})
		_, err := f.WriteAt([]byte(sectors("BC")), storage.SectorSize)
		check(t, err)
		var got []byte
		for text := content(t, d, "file"); text != ""; text = text[storage.SectorSize:] {
			if text[:storage.SectorSize] != sectors(text[:1]) {
				t.Fatalf("seed %d: a sector is of two writes", seed)
			}
			got = append(got, text[0])
		}
		if want := []string{"BbCd", "abBd", "abCB", "CBcd", "aCcd", "aBcC"}; !slices.Contains(want, string(got)) {
			t.Fatalf("seed %d: the sectors are %s, want one of %v", seed, got, want)
		}
	}
}

// A part of a sector goes astray with the whole of it, because the medium
// writes no less.
func TestAMisdirectedAppendTakesItsWholeSectorAlong(t *testing.T) {
	d := newDisk(choice.Seed(1), storage.Conditions{})
	f := create(t, d, "file")
	write(t, f, sectors("a")+"begun")
	d.SetConditions(storage.Conditions{Misdirect: choice.Always})
	write(t, f, ", ended")
	want := "begun, ended" + strings.Repeat("\x00", storage.SectorSize-len("begun, ended")) + "begun" + strings.Repeat("\x00", len(", ended"))
	if got := content(t, d, "file"); got != want {
		t.Errorf("the file holds %q", got)
	}
}

func TestAFileOfOneSectorHasNoOtherToOverwrite(t *testing.T) {
	d := newDisk(choice.Seed(1), storage.Conditions{Misdirect: choice.Always})
	f := create(t, d, "file")
	write(t, f, "one, ")
	write(t, f, "two")
	if got := content(t, d, "file"); got != "one, two" {
		t.Errorf("the file holds %q", got)
	}
}

// What a misdirected write has changed is durable when it is synced, and gone
// after a crash that loses it.
func TestAMisdirectedWriteIsLostLikeAnyOther(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		seed := choice.Seed(rapid.Uint64().Draw(t, "seed"))
		d := storage.New(seed, "node 1", &machine{})
		f, err := d.Create("file")
		for _, step := range []func() error{
			func() error { return err },
			func() error { _, err := f.Write([]byte(sectors("abc"))); return err },
			f.Sync, d.SyncDir,
		} {
			if err := step(); err != nil {
				t.Fatal(err)
			}
		}
		d.SetConditions(storage.Conditions{Misdirect: choice.Always, Lose: choice.Always})
		text := strings.Repeat("w", rapid.IntRange(1, 3*storage.SectorSize).Draw(t, "length"))
		if _, err := f.WriteAt([]byte(text), int64(rapid.IntRange(0, 4*storage.SectorSize).Draw(t, "offset"))); err != nil {
			t.Fatal(err)
		}
		before, _ := storage.ReadAll(f)
		synced := rapid.Bool().Draw(t, "synced")
		if synced {
			if err := f.Sync(); err != nil {
				t.Fatal(err)
			}
		}
		d.Crash()
		f, _ = d.Open("file")
		after, _ := storage.ReadAll(f)
		if want := map[bool]string{true: string(before), false: sectors("abc")}[synced]; string(after) != want {
			t.Fatalf("synced %v: after the crash the file is another than it should be", synced)
		}
	})
}
