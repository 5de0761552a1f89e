package sim

import (
	"maps"
	"slices"
)

// A Situation is something worth testing, and how often it came up.
type Situation struct {
	Name  string `json:"name"`
	Asked uint64 `json:"asked"` // how often the code passed the question
	Held  uint64 `json:"held"`  // how often the answer was yes
}

// Sometimes notes whether a situation worth testing has come up.
func (w *World) Sometimes(situation string, ok bool) {
	s := w.sometimes[situation]
	if s == nil {
		if w.sometimes == nil {
			w.sometimes = make(map[string]*Situation)
		}
		s = &Situation{Name: situation}
		w.sometimes[situation] = s
	}
	s.Asked++
	if ok {
		s.Held++
	}
}

// Situations returns what [World.Sometimes] and [Env] have noted, by name.
func (w *World) Situations() []Situation {
	var all []Situation
	for _, name := range slices.Sorted(maps.Keys(w.sometimes)) {
		all = append(all, *w.sometimes[name])
	}
	return all
}
