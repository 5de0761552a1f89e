package bank

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"seedbed.example/protocols/outbox"
)

// Books restored from a snapshot are those that it was made of, and go on so.
func TestASnapshotIsTheWholeBooks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		books := New(100, outbox.Options{}).Books
		for range rapid.IntRange(0, 10).Draw(t, "changes") {
			kind := rapid.SampledFrom([]string{debit, refuse, credit}).Draw(t, "kind")
			change := line(kind, rapid.StringMatching(`[0-9]\.[0-9]`).Draw(t, "id"), rapid.Int64Range(0, 10).Draw(t, "amount"))
			if err := books.Apply(change); err != nil {
				t.Fatal(err)
			}
		}
		var restored Books
		if err := restored.Restore(books.Snapshot()); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(books, restored); diff != "" {
			t.Error(diff)
		}
	})
}

// What is read as a change is written the same way again.
func FuzzChange(f *testing.F) {
	for _, text := range []string{"debit 1.2 10", "refuse 1.2 10", "credit x -1", "debit 1", "", "credit x 99999999999999999999", "lend x 1"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		kind, e, err := parse(text)
		if err != nil {
			return
		}
		if again, same, err := parse(line(kind, e.ID, e.Amount)); again != kind || same != e || err != nil {
			t.Errorf("%q: %s %v, and written again %s %v, %v", text, kind, e, again, same, err)
		}
	})
}
