package jsonfile

import (
	"encoding/json"
	"testing"
)

func TestErrorsAreWordedForPeople(t *testing.T) {
	type file struct {
		Seed  uint64          `json:"seed"`
		Plan  []int           `json:"plan"`
		Inner struct{ N int } `json:"inner"`
		On    bool            `json:"on"`
	}
	for text, want := range map[string]string{
		"{\n\"seed\": \"x\"}":          "line 2: seed is a string: want a whole number",
		"{\n\n\"plan\": {}}":           "line 3: plan is an object: want an array",
		"{\"inner\": 1}":               "line 1: inner is a number: want an object",
		"{\"inner\": {\n\"N\": true}}": "line 2: N is a bool: want a whole number",
		"{\"on\": 3}":                  "line 1: on is a number: want true or false",
		"[]":                           "line 1: this is an array: want an object",
		"{\n\"seed\": 1,\n":            "line 3: the file ends in its midst",
		"{\n\"seed\" 1}":               "line 2: invalid character '1' after object key",
		"":                             "line 1: the file ends in its midst",
	} {
		var f file
		err := json.Unmarshal([]byte(text), &f)
		if err == nil {
			t.Fatalf("%q was read", text)
		}
		if got := At([]byte(text), 0, err).Error(); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}
