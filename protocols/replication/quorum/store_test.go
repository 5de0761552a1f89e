package quorum

import (
	"fmt"
	"testing"

	"seedbed.example/internal/stories"
	"seedbed.example/sim"
)

// onDisk lets a process use its disk, and returns its address.
func onDisk(t *testing.T, w *sim.World, f func(p *sim.Process)) sim.NodeID {
	t.Helper()
	done := false
	id := w.Go("process", func(p *sim.Process) {
		f(p)
		done = true
	})
	w.RunWhile(func() bool { return !done }, sim.MaxTime)
	if !done || len(w.Violations()) > 0 {
		t.Fatal("the process has not come to an end", w.Violations())
	}
	return id
}

// What is synced is there after a crash, once the log is written anew too.
func TestAStoreIsFoundAsItWasSynced(t *testing.T) {
	for _, spare := range []int{0, 3, 1000} {
		w := sim.NewWorld(sim.Options{Disk: stories.Losing})
		want := make(map[string]Version)
		id := onDisk(t, w, func(p *sim.Process) {
			s, err := openStore(p.Disk())
			for i := range 50 {
				key := fmt.Sprint("key", i%4)
				want[key] = Version{Timestamp{uint64(i + 1), Writer{sim.NodeID(i), 3}}, fmt.Sprint("value", i)}
				for _, step := range []func() error{
					func() error { return err },
					func() error { return s.set(key, want[key]) },
					func() error { return s.log.Sync() },
					func() error { return s.compact(spare) },
				} {
					if err := step(); err != nil {
						t.Fatal(err)
					}
				}
				if outdated := s.records - len(s.versions); outdated > spare {
					t.Errorf("%d records are out of date, of %d that may be", outdated, spare)
				}
			}
		})
		w.Crash(id)
		found, err := openStore(w.Disk(id))
		if err != nil || fmt.Sprint(found.versions) != fmt.Sprint(want) {
			t.Errorf("spare %d: found %v, %v, want %v", spare, found.versions, err, want)
		}
		if most := len(want) + spare; found.records > most {
			t.Errorf("spare %d: %d records, want at most %d", spare, found.records, most)
		}
	}
}

func TestEachLifeHasItsNumber(t *testing.T) {
	w := sim.NewWorld(sim.Options{Disk: stories.Losing})
	var lives []uint64
	id := w.Go("process", func(p *sim.Process) {
		life, err := nextLife(p.Disk())
		if err != nil {
			t.Error(err)
		}
		lives = append(lives, life)
	})
	for range 3 {
		w.RunFor(0)
		w.Crash(id)
		w.Restart(id)
	}
	w.RunFor(0)
	if fmt.Sprint(lives) != "[1 2 3 4]" {
		t.Errorf("lives %v", lives)
	}
}

func FuzzDecode(f *testing.F) {
	f.Add(encode(nil, "x", Version{Timestamp{3, Writer{4, 1}}, "one"}))
	f.Add([]byte{})
	f.Add([]byte{200, 1, 'x'})
	f.Fuzz(func(t *testing.T, record []byte) {
		key, version, err := decode(record)
		if err != nil {
			if key != "" || version != (Version{}) {
				t.Errorf("%q, %v with the error %v", key, version, err)
			}
			return
		}
		again, same, err := decode(encode(nil, key, version))
		if err != nil || again != key || same != version {
			t.Errorf("%q, %v is read again as %q, %v, %v", key, version, again, same, err)
		}
	})
}

func TestARecordThatIsCutShortIsNoVersion(t *testing.T) {
	whole := encode(nil, "x", Version{Timestamp{300, Writer{400, 500}}, ""})
	for n := range whole {
		if key, version, err := decode(whole[:n]); err == nil {
			t.Errorf("%d bytes of %d are %q, %v", n, len(whole), key, version)
		}
	}
}
