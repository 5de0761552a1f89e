// Package store is called by simulated code and by others; it knows no engine.
package store

import (
	"maps"
	"os"
	"slices"
	"time"
)

type Store struct{ entries map[string]string }

func (s *Store) Load() { s.read() }

func (s *Store) read() { _ = time.Now() }

func Open(name string) { _, _ = os.Open(name) }

func Any(m map[string]int) string {
	for k := range m {
		return k
	}
	return ""
}

func Keys(m map[string]int) []string { return slices.Sorted(maps.Keys(m)) }

func (s *Store) Len() int { return len(s.entries) }

func (s *Store) Put(k, v string) { s.entries[k] = v }

//seedbed:allow it is for the log only, which no hash is made of
func Stamp() int64 { return time.Now().UnixNano() }
