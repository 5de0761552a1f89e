package vet

import (
	"fmt"
	"go/token"
	"go/types"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// An effect is one place in a function that breaks the law if it runs inside a
// simulation.
type effect struct {
	at      token.Pos
	subject subject
	what    string
}

// effects is what is known of a function in packages that call it.
type effects struct{ All []distant }

func (*effects) AFact() {}

func (e *effects) String() string {
	var all []string
	for _, d := range e.All {
		all = append(all, fmt.Sprintf("%s via %s", d.What, strings.Join(d.Via, ", ")))
	}
	return strings.Join(all, "; ")
}

// A distant effect is one of a function in another package.
type distant struct {
	Subject subject
	What    string
	Where   string   // file and line
	Via     []string // the functions on the way to it, from the one that was called
}

// perFunction bounds how many effects of a function its callers hear of, and
// so what a fact takes.
const perFunction = 10

// message is what is said at a call that leads to the effect.
func (d distant) message() string {
	return fmt.Sprintf("%s (via %s, at %s)", d.Subject.sentence(d.What), strings.Join(d.Via, ", "), d.Where)
}

// own finds what each function of the package does itself, and takes what is
// allowed out of it.
func (g *graph) own(allowed *allowances) {
	for _, f := range g.functions {
		if f.body == nil {
			continue
		}
		for _, e := range slices.Concat(g.bannedIn(f), g.concurrencyIn(f), g.mapOrderIn(f), g.addressesIn(f)) {
			if !allowed.take(e.at, f) {
				f.does = append(f.does, e)
			}
		}
	}
}

// bannedIn finds the objects of the standard library that f must not mention.
func (g *graph) bannedIn(f *function) []effect {
	var all []effect
	for _, m := range f.mentions {
		if subject, name, ok := banned(m.object); ok {
			all = append(all, effect{m.at.Pos(), subject, name})
		}
	}
	return all
}

// elsewhere is what is known of a function of another package.
func (g *graph) elsewhere(object types.Object) []distant {
	f, ok := object.(*types.Func)
	if !ok || f.Pkg() == nil || f.Pkg() == g.pass.Pkg {
		return nil
	}
	var known effects
	g.pass.ImportObjectFact(f, &known)
	return known.All
}

// export tells other packages what each declared function does, itself and by
// what it calls. What is reported in this package already is left out.
func (g *graph) export(inside map[*function]*function, allowed *allowances) {
	for _, f := range g.functions {
		if f.object == nil || f.test {
			continue
		}
		if all := g.reaches(f, inside, allowed); len(all) > 0 {
			g.pass.ExportObjectFact(f.object, &effects{all})
		}
	}
}

// reaches collects the effects of f and of what runs when it does, the nearest
// first.
func (g *graph) reaches(f *function, inside map[*function]*function, allowed *allowances) []distant {
	if _, ok := inside[f]; ok {
		return nil
	}
	var all []distant
	via := map[*function][]string{f: {f.name}}
	for queue := []*function{f}; len(queue) > 0 && len(all) < perFunction; queue = queue[1:] {
		at := queue[0]
		for _, e := range at.does {
			all = append(all, distant{e.subject, e.what, g.place(e.at), via[at]})
		}
		for _, m := range at.mentions {
			for _, d := range g.elsewhere(m.object) {
				if !allowed.take(m.at.Pos(), at) {
					all = append(all, distant{d.Subject, d.What, d.Where, slices.Concat(via[at], d.Via)})
				}
			}
		}
		for _, next := range g.next(at) {
			if _, ok := inside[next]; ok || via[next] != nil {
				continue
			}
			via[next] = via[at]
			if next.object != nil {
				via[next] = append(slices.Clip(via[at]), next.name)
			}
			queue = append(queue, next)
		}
	}
	return all[:min(len(all), perFunction)]
}

// place is a position as a message names it: with the directory of its package
// and no more, because what is above differs from machine to machine.
func (g *graph) place(at token.Pos) string {
	p := g.pass.Fset.Position(at)
	return fmt.Sprintf("%s/%s:%d", path.Base(g.pass.Pkg.Path()), filepath.Base(p.Filename), p.Line)
}
