package maps

import (
	"cmp"
	"maps"
	"reflect"
	"slices"
	"sort"
	"strings"

	"seedbed.example/sim"
)

type session struct {
	seen  map[uint64]bool
	count int
}

func (s *session) forget() { clear(s.seen); s.count = 0 }

func (s session) size() int { return len(s.seen) + s.count }

type timers struct {
	armed map[string]sim.Timer
	count int
}

// Every loop of this file comes to the same in any order.
func silent(env sim.Env, m map[string]int, sessions map[sim.NodeID]*session, t *timers) bool {
	sum, count, all, mask := 0, 0, true, uint(0)
	for k, v := range m {
		sum += v * len(k)
		count++
		all = all && v > 0
		mask |= 1 << uint(v)
		if strings.HasPrefix(k, "a") {
			continue
		}
		t.count -= v
	}
	inverse := make(map[int]bool, len(m))
	lengths := make(map[int]int)
	copied := make(map[string]int)
	for k, v := range m {
		inverse[v] = true
		lengths[len(k)]++
		copied[k] = v + 1
		delete(t.armed, k)
		if v == 0 {
			delete(m, k)
		}
		m[k] = v - 1
	}
	most, least := 0, 1<<30
	for _, v := range m {
		if v > most {
			most = v
		}
		least = min(least, v)
	}
	var leader sim.NodeID
	found := false
	for id := range sessions {
		if !found || id < leader {
			leader, found = id, true
		}
	}
	longest, owner := 0, sim.NodeID(0)
	for id, s := range sessions {
		if s.count > longest || s.count == longest && id < owner {
			longest, owner = s.count, id
		}
	}
	for id, s := range sessions {
		s.forget()
		s.count = len(m)
		sessions[id].count += int(id)
		again := sessions[id]
		again.seen = nil
		s.seen = make(map[uint64]bool)
		s.seen[uint64(id)] = true
	}
	for _, s := range sessions {
		size := s.size()
		var b strings.Builder
		for range size {
			b.WriteString("x")
		}
		local := []int{}
		local = append(local, size)
		local[0]++
		slices.Sort(local)
		sum += b.Len() + len(local)
	}
	for _, timer := range t.armed {
		timer.Stop()
	}
	big := false
	for _, v := range m {
		if v > 7 {
			big = true
			break
		}
	}
	var keys []string
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	var ids []sim.NodeID
	for id, s := range sessions {
		if s.count > 0 {
			ids = append(ids, id)
		}
	}
	sort.Slice(ids, func(i, j int) bool { return ids[i] < ids[j] })
	groups := make(map[string][]int)
	for k := range m {
		groups[k] = append(groups[k], len(k))
	}
	for range m {
	}
	for k, v := range m {
		if classify(k, v) == "bad" {
			return false
		}
	}
	for _, v := range m {
		switch {
		case v < 0:
			panic("negative")
		}
	}
	_ = []any{all, most, least, big, copied, inverse}
	return mask == 0
}

func classify(k string, v int) string {
	parts := strings.Split(k, ".")
	for i := range parts {
		parts[i] = strings.ToUpper(parts[i])
	}
	slices.IndexFunc(parts, func(p string) bool { return p == "" })
	return parts[0]
}

func silentIterators(env sim.Env, m map[string]int) int {
	for _, k := range slices.Sorted(maps.Keys(m)) {
		env.Log("%s", k)
	}
	for _, k := range slices.SortedFunc(maps.Keys(m), cmp.Compare[string]) {
		env.Log("%s", k)
	}
	values := slices.Collect(maps.Values(m))
	slices.Sort(values)
	keys := reflect.ValueOf(m).MapKeys()
	slices.SortFunc(keys, func(a, b reflect.Value) int { return cmp.Compare(a.String(), b.String()) })
	sum := len(values)
	for v := range maps.Values(m) {
		sum += v
	}
	var names []string
	for i := reflect.ValueOf(m).MapRange(); i.Next(); {
		names = append(names, i.Key().String())
	}
	slices.Sort(names)
	other := maps.Collect(maps.All(m))
	maps.Copy(other, m)
	return sum
}
