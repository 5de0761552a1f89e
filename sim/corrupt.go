package sim

// A Corruptible message is one whose protocol has no checksum that catches
// every damage. Any other message that is damaged on its way is dropped by its
// receiver, as a packet of TCP or UDP is, or a frame with a checksum of its own.
type Corruptible interface {
	// Corrupt returns a message of the same type, as its receiver reads it
	// after its bytes were damaged, or nil if the receiver notices. Way is any
	// number above 0, and says which of all possible damages it is: a bit to
	// flip, say. The message itself stays as it is.
	Corrupt(way uint64) Message
}

// damage returns m as it arrives after it was damaged, or that it is spoiled:
// its receiver notices.
func (w *World) damage(m Message, way uint64) (arrives Message, spoiled bool) {
	w.counts.Damaged++
	w.hash.add(way, uint64(w.now))
	if weak, ok := m.(Corruptible); ok {
		if read := weak.Corrupt(way); read != nil {
			return read, false
		}
	}
	return m, true
}
