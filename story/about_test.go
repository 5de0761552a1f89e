package story

import "testing"

func TestANameIsMentionedAsAWholeWord(t *testing.T) {
	for text, want := range map[string]bool{
		"order 1.2: doing stock": true, "undo 1.2": true, "1.2": true, "(1.2)": true, "it was 1.2.": true,
		"order 11.2": false, "order 1.23": false, "order 1.2.3": false, "order 2": false, "": false,
	} {
		if got := mentions(text, "1.2"); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}
