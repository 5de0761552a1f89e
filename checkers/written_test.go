package checkers

import (
	"testing"
)

func TestWrittenEndsAsItsStoryTells(t *testing.T) {
	for _, story := range []struct {
		name, script string
		want         []string
	}{
		{"old values are no matter", `
			1 write x 7
			1 ok
			1 write x 8
			1 ok
			2 read x
			2 ok 7
			2 read x
			2 ok nothing`, nil},
		{"appends behind a value, and behind nothing", `
			1 write x 7
			1 unknown
			1 append x +1
			1 ok
			2 append x +2
			3 read x
			3 ok 7+2+1
			3 read x
			3 ok +1
			2 ok`, nil},
		{"a refused cas may have been tried twice", `
			1 cas x 7 8
			1 ok refused
			2 read x
			2 ok 8`, nil},
		{"nobody asked for it", `
			1 write x 7
			1 ok
			1 write y 9
			1 ok
			2 read x
			2 ok 9`, []string{"invented value: key \"x\": client 2 read \"9\", which nobody had asked to write, or to append once each.\n  client 2: read x -> \"9\"  [4ms, 5ms]"}},
		{"asked for later, or without effect", `
			1 write x 7
			1 fail
			2 read x
			2 ok 7
			1 write x 7
			1 ok`, []string{"invented value: key \"x\": client 2 read \"7\", which nobody had asked to write, or to append once each.\n  client 2: read x -> \"7\"  [2ms, 3ms]"}},
		{"one append twice", `
			1 append x +1
			1 ok
			2 read x
			2 ok +1+1`, []string{"invented value: key \"x\": client 2 read \"+1+1\", which nobody had asked to write, or to append once each.\n  client 2: read x -> \"+1+1\"  [2ms, 3ms]"}},
		{"the same text by two appends", `
			1 append x +1
			1 unknown
			1 append x +1
			1 ok
			2 read x
			2 ok +1+1`, nil},
	} {
		t.Run(story.name, func(t *testing.T) {
			checkSaid(t, "written", Written(script(t, story.script)), story.want)
		})
	}
}
