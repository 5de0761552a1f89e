package vet

import (
	"fmt"
	"go/ast"
	"strings"

	"golang.org/x/tools/go/analysis"
)

// Analyzer reports what makes a run more than a function of its seed, in code
// that runs inside a simulation.
var Analyzer = &analysis.Analyzer{
	Name:      "seedbed",
	Doc:       "report what breaks \"one seed is one run\" in simulated code\n\nSee the documentation of package seedbed.example/vet.",
	Run:       run,
	FactTypes: []analysis.Fact{(*effects)(nil), (*simulated)(nil), (*conductFact)(nil)},
}

func run(pass *analysis.Pass) (any, error) {
	if !concerned(pass) {
		return nil, nil
	}
	g := newGraph(pass)
	allowed := readAllowances(pass)
	g.own(allowed)
	inside := g.inside()
	for _, f := range g.functions {
		if _, ok := inside[f]; ok {
			g.report(f, inside, allowed)
		}
	}
	g.export(inside, allowed)
	g.exportConducts()
	allowed.report(inside)
	return nil, nil
}

// concerned reports whether a package is looked into: those of the module that
// is vetted, and Seedbed's own. The standard library belongs to no module, and
// what of it matters is listed. Where no modules are known, paths tell it apart.
func concerned(pass *analysis.Pass) bool {
	if pass.Module != nil && pass.Module.Path != "" {
		return pass.Module.Version == "" || strings.HasPrefix(engine, pass.Module.Path+"/")
	}
	first, _, _ := strings.Cut(pass.Pkg.Path(), "/")
	return strings.Contains(first, ".")
}

// inside are the functions that run inside a simulation, each with the one that
// leads to it, nil for a root.
func (g *graph) inside() map[*function]*function {
	from := make(map[*function]*function)
	queue := g.roots()
	for _, root := range queue {
		from[root] = nil
	}
	for ; len(queue) > 0; queue = queue[1:] {
		for _, next := range g.next(queue[0]) {
			if _, ok := from[next]; !ok {
				from[next] = queue[0]
				queue = append(queue, next)
			}
		}
	}
	return from
}

// report tells what f does, itself and by functions of other packages.
func (g *graph) report(f *function, inside map[*function]*function, allowed *allowances) {
	origin := f
	for inside[origin] != nil {
		origin = inside[origin]
	}
	reached := ""
	if origin != f {
		reached = fmt.Sprintf("; reached from %s", origin.name)
	}
	for _, e := range f.does {
		g.pass.Reportf(e.at, "%s%s", e.subject.sentence(e.what), reached)
	}
	for _, m := range f.mentions {
		for _, d := range g.elsewhere(m.object) {
			if !allowed.take(m.at.Pos(), f) {
				g.pass.Reportf(m.at.Pos(), "%s%s", d.message(), reached)
			}
		}
	}
}

// inTest reports whether a node lies in a test file.
func (g *graph) inTest(n ast.Node) bool {
	return strings.HasSuffix(g.pass.Fset.File(n.Pos()).Name(), "_test.go")
}

// inFunction walks the body of f, without the literals in it.
func inFunction(f *function, visit func(ast.Node)) {
	ast.Inspect(f.body, func(n ast.Node) bool {
		if _, ok := n.(*ast.FuncLit); ok {
			return false
		}
		if n != nil {
			visit(n)
		}
		return true
	})
}
