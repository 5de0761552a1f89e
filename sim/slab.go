package sim

// A slab keeps values of one type by number and reuses the places of those
// that are gone, so that the queue can speak of them without pointers and
// steady traffic allocates nothing.
type slab[T any] struct {
	values []T
	free   []uint32
}

// put stores v and returns its number.
func (s *slab[T]) put(v T) uint32 {
	if n := len(s.free); n > 0 {
		ref := s.free[n-1]
		s.free = s.free[:n-1]
		s.values[ref] = v
		return ref
	}
	s.values = append(s.values, v)
	return uint32(len(s.values) - 1)
}

// take returns the value of that number and frees its place.
func (s *slab[T]) take(ref uint32) T {
	var none T
	v := s.values[ref]
	s.values[ref] = none
	s.free = append(s.free, ref)
	return v
}
