package sim

// A ring is a first-in-first-out queue of events that reuses its memory.
type ring struct {
	events []event // a power of two long
	head   int
	count  int
}

func (r *ring) len() int { return r.count }

func (r *ring) push(e event) {
	if r.count == len(r.events) {
		grown := make([]event, max(8, 2*len(r.events)))
		for i := range r.count {
			grown[i] = r.events[(r.head+i)&(len(r.events)-1)]
		}
		r.events, r.head = grown, 0
	}
	r.events[(r.head+r.count)&(len(r.events)-1)] = e
	r.count++
}

func (r *ring) pop() event {
	e := r.events[r.head]
	r.head = (r.head + 1) & (len(r.events) - 1)
	r.count--
	return e
}
