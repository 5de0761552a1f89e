package wal

import (
	"bytes"
	"errors"
	"testing"

	"pgregory.net/rapid"

	"seedbed.example/choice"
	"seedbed.example/storage"
)

func TestWhatIsSavedIsLoaded(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		disk := newDisk(choice.Zero{}, losing)
		if payload, err := Load(disk, "state"); payload != nil || err != nil {
			t.Fatalf("before anything was saved: %q, %v", payload, err)
		}
		for _, payload := range drawPayloads(t) {
			must(t, Save(disk, "state", payload))
			disk.Crash()
			got, err := Load(disk, "state")
			if err != nil || got == nil || !bytes.Equal(got, payload) {
				t.Fatalf("%x, %v, want %x", got, err, payload)
			}
		}
	})
}

// It was synced before it got its name: it can't be torn.
func TestASavedRecordThatIsMissingIsRot(t *testing.T) {
	disk := newDisk(choice.Zero{}, storage.Conditions{})
	for _, cut := range []int64{0, 3, 600} {
		must(t, Save(disk, "state", make([]byte, 1000)))
		file, err := disk.Open("state")
		must(t, err)
		must(t, file.Truncate(cut))
		if payload, err := Load(disk, "state"); !errors.Is(err, ErrRot) {
			t.Errorf("cut to %d bytes: %d, %v", cut, len(payload), err)
		}
	}
}
