package storage_test

import (
	"errors"
	"testing"

	"seedbed.example/choice"
	"seedbed.example/storage"
)

// A crash at any moment leaves the old bytes or the new ones, and the new ones
// once ReplaceFile has returned.
func TestAFileIsReplacedAtOneStroke(t *testing.T) {
	for seed := range choice.Seed(200) {
		for operations := range 8 {
			d := newDisk(seed, storage.Conditions{Lose: 50 * choice.Percent, Tear: 30 * choice.Percent, Reorder: true})
			if _, err := storage.ReplaceFile(d, "value", []byte("old")); err != nil {
				t.Fatal(err)
			}
			left := operations
			d.Observe(func(string, string, int, error) {
				if left--; left == 0 {
					d.Crash()
				}
			})
			_, err := storage.ReplaceFile(d, "value", []byte("new"))
			d.Observe(nil)
			d.Crash()
			file, openErr := d.Open("value")
			if openErr != nil {
				t.Fatalf("seed %d, crash at operation %d: %v", seed, operations, openErr)
			}
			data, readErr := storage.ReadAll(file)
			got := string(data)
			if readErr != nil || got != "old" && got != "new" || err == nil && got != "new" && operations > 5 {
				t.Fatalf("seed %d, crash at operation %d: %q, %v; replacing it returned %v", seed, operations, got, readErr, err)
			}
		}
	}
}

func TestReplacingAFileOnAFullDiskFails(t *testing.T) {
	d := newDisk(choice.Zero{}, storage.Conditions{Full: true})
	if _, err := storage.ReplaceFile(d, "value", []byte("new")); !errors.Is(err, storage.ErrFull) {
		t.Errorf("the error is %v", err)
	}
}
