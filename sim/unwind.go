package sim

import (
	"fmt"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"strings"
)

// ending is how a running handler was ended in its midst.
type ending uint8

const (
	running ending = iota // it was not
	crashed               // a planned crash has struck
	halted                // by its own Halt
	stopped               // it would not end by itself; that is reported already
	killed                // its process has crashed while it was blocked
)

// interrupted is thrown to unwind a handler to the engine.
type interrupted struct{ a *actor }

// leave ends the running handler here. Whatever its deferred functions do has
// no effect: their calls of the Env end here too.
func (a *actor) leave(how ending) {
	a.ending, a.calls = how, callLimit
	if a.body != nil {
		runtime.Goexit() // of the coroutine: no recover can stop it, as it could a panic
	}
	panic(interrupted{a})
}

// settle lets the end of a handler in its midst take effect.
func (a *actor) settle() {
	switch a.ending {
	case crashed:
		a.world.cause = 0
		a.planned = slices.Delete(a.planned, 0, 1)
		a.die(a.crashAt, "crash")
	case halted:
		a.haltNow()
	}
	a.ending = running
}

// unwound settles what a handler threw: it was ended in its midst, or it
// panicked.
func (w *World) unwound(thrown any) {
	who := w.deciding
	w.deciding = nil
	if w.guard != nil {
		w.guard.ends(w)
	}
	if stop, ok := thrown.(interrupted); ok {
		who = stop.a
	}
	if who != nil && who.ending != running {
		who.settle() // whatever its deferred functions threw instead
		return
	}
	p, ok := thrown.(processPanic)
	if !ok {
		p = processPanic{thrown, callers(0)}
	}
	name := "the run itself"
	if who != nil {
		name = fmt.Sprintf("%s (node %v)", who.name, who.id)
	}
	frames := handlerFrames(p.stack)
	w.Violate("panic", where(frames), "%s panicked: %v\n%s", name, p.value, frames)
}

// where returns the function that the frames begin with: panics of one place are
// of one kind.
func where(frames string) string {
	first, _, _ := strings.Cut(frames, "\n")
	return strings.TrimSpace(first)
}

// processPanic carries a panic, and where it happened, out of a coroutine.
type processPanic struct {
	value any
	stack []uintptr
}

// callers returns the stack of its caller, without the innermost skip frames.
func callers(skip int) []uintptr {
	stack := make([]uintptr, 100)
	return stack[:runtime.Callers(2+skip, stack)]
}

// handlerFrames describes the part of a stack that is a handler's, the place
// of the panic, if there was one, first. It names functions and files, but no
// directories, which differ from machine to machine.
func handlerFrames(stack []uintptr) string {
	var all []runtime.Frame
	for frames, more := runtime.CallersFrames(stack), true; more; {
		var frame runtime.Frame
		frame, more = frames.Next()
		all = append(all, frame)
	}
	if i := slices.IndexFunc(all, func(f runtime.Frame) bool { return f.Function == "runtime.gopanic" }); i >= 0 {
		all = all[i:] // what is above has recovered it
	}
	if i := slices.IndexFunc(all, dispatches); i >= 0 {
		all = all[:i]
	}
	var lines []string
	for _, f := range all {
		if !strings.HasPrefix(f.Function, "runtime.") {
			lines = append(lines, fmt.Sprintf("  %s\n    %s:%d", f.Function, filepath.Base(f.File), f.Line))
		}
	}
	return strings.Join(lines, "\n")
}

// dispatches reports whether a frame is the engine's that calls handlers:
// beyond it there is nothing of a handler's on the stack.
func dispatches(f runtime.Frame) bool {
	name, ours := strings.CutPrefix(f.Function, engine)
	return ours && slices.ContainsFunc(dispatchers, func(d string) bool { return strings.HasPrefix(name, d) })
}

// engine is how the names of this package's functions begin.
var engine = reflect.TypeFor[World]().PkgPath() + "."

var dispatchers = []string{"(*World).deliver", "(*World).fire", "(*World).boot", "(*World).happen", "(*World).run", "(*World).Attempt", "newProcess"}
