package sim

// Attempt calls f, a part of a test that is outside of any handler. If it
// panics, that is a violation of this run, with its stack, and not the end of
// the program.
func (w *World) Attempt(what string, f func()) {
	defer func() {
		if thrown := recover(); thrown != nil {
			w.Violate("panic", "", "%s panicked: %v\n%s", what, thrown, handlerFrames(callers(0)))
		}
	}()
	f()
}
