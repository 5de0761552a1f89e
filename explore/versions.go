package explore

import (
	"runtime"
	"runtime/debug"
)

// Versions says what a repro was found with. Nothing rests on it: it tells a
// person where to look when a repro takes another course.
type Versions struct {
	Go   string `json:"go,omitempty"`   // of the compiler: "go1.26.0"
	Code string `json:"code,omitempty"` // of the program's own code, as far as it was built with it: a version, or a revision
}

func currentVersions() Versions {
	v := Versions{Go: runtime.Version()}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return v
	}
	v.Code = info.Main.Version
	for _, setting := range info.Settings {
		switch {
		case setting.Key == "vcs.revision":
			v.Code = setting.Value[:min(12, len(setting.Value))]
		case setting.Key == "vcs.modified" && setting.Value == "true":
			v.Code += ", with changes"
		}
	}
	return v
}
