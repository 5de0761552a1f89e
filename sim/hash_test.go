package sim_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"seedbed.example/sim"
)

func TestHashesReadAsTheyPrint(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		hash := sim.Hash(rapid.Uint64().Draw(t, "hash"))
		text, err := hash.MarshalText()
		if err != nil {
			t.Fatal(err)
		}
		var got sim.Hash
		if err := got.UnmarshalText(text); err != nil || got != hash {
			t.Fatalf("%s read as %v, %v", text, got, err)
		}
	})
}

func FuzzHashUnmarshalText(f *testing.F) {
	for _, text := range []string{"0123456789abcdef", "0123456789ABCDEF", "               1", "0x23456789abcdef", "+123456789abcdef", "1234", "", "0123456789abcdefg"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		hash := sim.Hash(42)
		err := hash.UnmarshalText([]byte(text))
		if err == nil && hash.String() != strings.ToLower(text) {
			t.Errorf("%q read as %v", text, hash)
		}
		if err != nil && hash != 42 {
			t.Errorf("%q is refused and yet read as %v", text, hash)
		}
	})
}
