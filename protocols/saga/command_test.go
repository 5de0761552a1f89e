package saga

import "testing"

// What is read as a command or a reply is written the same way again.
func FuzzCommand(f *testing.F) {
	for _, text := range []string{
		"do 1.2 lamp sold 1", "undo 1.2", "confirm 1.2", "do 1.2 lamp sold -1", "undo", "", "do a b c d", "payment: do 1.2 ok", "stock: undo 1 refused", ": ok",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if c, err := parseCommand(text); err == nil {
			if again, err := parseCommand(c.String()); again != c || err != nil {
				t.Errorf("%q: %+v, and written again %+v, %v", text, c, again, err)
			}
		}
		if r, err := parseReply(text); err == nil {
			if again, err := parseReply(r.String()); again != r || err != nil {
				t.Errorf("%q: %+v, and written again %+v, %v", text, r, again, err)
			}
		}
	})
}
