package sim

// A ring is a first-in-first-out queue that reuses its memory.
type ring[T any] struct {
	values []T // a power of two long
	head   int
	count  int
}

func (r *ring[T]) len() int { return r.count }

func (r *ring[T]) push(v T) {
	if r.count == len(r.values) {
		grown := make([]T, max(8, 2*len(r.values)))
		for i := range r.count {
			grown[i] = r.values[(r.head+i)&(len(r.values)-1)]
		}
		r.values, r.head = grown, 0
	}
	r.values[(r.head+r.count)&(len(r.values)-1)] = v
	r.count++
}

// pop removes and returns the oldest value. The ring must not be empty.
func (r *ring[T]) pop() T {
	var none T
	v := r.values[r.head]
	r.values[r.head] = none
	r.head = (r.head + 1) & (len(r.values) - 1)
	r.count--
	return v
}
