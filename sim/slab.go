package sim

// A slab keeps values of one type by number and reuses the places of those
// that are gone, so that the queue can speak of them without pointers and
// steady traffic allocates nothing.
type slab[T any] struct {
	values []T
	free   []uint32
}

// place finds a place for a value, to be filled by the caller, and its number.
func (s *slab[T]) place() (ref uint32, value *T) {
	if n := len(s.free); n > 0 {
		ref = s.free[n-1]
		s.free = s.free[:n-1]
	} else {
		var none T
		ref = uint32(len(s.values))
		s.values = append(s.values, none)
	}
	return ref, &s.values[ref]
}

// take returns the value of that number and frees its place. What it points to
// lives on until the place is used again.
func (s *slab[T]) take(ref uint32) T {
	s.free = append(s.free, ref)
	return s.values[ref]
}
