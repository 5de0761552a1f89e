package vet

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

// engine is the package whose types say what runs inside a simulation.
const engine = "seedbed.example/sim"

// A simulation is what a package sees of the engine: nil if it does not import
// it, not even by way of others.
type simulation struct{ node, env, process types.Type }

func (g *graph) simulation() *simulation {
	scope := findPackage(g.pass.Pkg, make(map[*types.Package]bool))
	if scope == nil {
		return nil
	}
	lookup := func(name string) types.Type {
		if object := scope.Lookup(name); object != nil {
			return object.Type()
		}
		return types.Typ[types.Invalid]
	}
	return &simulation{lookup("Node"), lookup("Env"), lookup("Process")}
}

// findPackage looks for the engine among what a package imports.
func findPackage(p *types.Package, seen map[*types.Package]bool) *types.Scope {
	if p.Path() == engine {
		return p.Scope()
	}
	seen[p] = true
	for _, imported := range p.Imports() {
		if !seen[imported] {
			if scope := findPackage(imported, seen); scope != nil {
				return scope
			}
		}
	}
	return nil
}

// roots are the functions of the package that a simulation calls.
func (g *graph) roots() []*function {
	var roots []*function
	sim := g.simulation()
	marked := g.marked()
	for _, f := range g.functions {
		switch {
		case g.pass.Pkg.Path() == engine && !f.test,
			sim != nil && (sim.hasParameter(g, f) || sim.isHandler(f)),
			f.object != nil && marked.has(f.object):
			roots = append(roots, f)
		}
	}
	for _, file := range g.pass.Files {
		ast.Inspect(file, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok {
				roots = append(roots, g.handedOver(call)...)
			}
			return true
		})
	}
	return roots
}

// hasParameter reports whether a function takes a process, or an Env.
func (s *simulation) hasParameter(g *graph, f *function) bool {
	for _, field := range f.kind.Params.List {
		t := types.Unalias(g.typeOf(field.Type))
		if p, ok := t.(*types.Pointer); ok && types.Identical(p.Elem(), s.process) {
			return true
		}
		if types.IsInterface(t) && implements(t, s.env) {
			return true
		}
	}
	return false
}

// isHandler reports whether a function is one of the methods of a node that
// the engine calls.
func (s *simulation) isHandler(f *function) bool {
	if f.object == nil || f.object.Signature().Recv() == nil || f.object.Name() != "Start" && f.object.Name() != "Receive" {
		return false
	}
	t := f.object.Signature().Recv().Type()
	if p, ok := t.(*types.Pointer); ok {
		t = p.Elem()
	}
	return implements(types.NewPointer(t), s.node)
}

// implements reports whether a type has the methods of an interface of the
// engine, which is not empty.
func implements(t, wanted types.Type) bool {
	i, ok := wanted.Underlying().(*types.Interface)
	return ok && !i.Empty() && types.Implements(t, i)
}

// handedOver are the functions that a call gives to the engine.
func (g *graph) handedOver(call *ast.CallExpr) []*function {
	f := g.callee(call)
	if f == nil || f.Pkg() == nil || f.Pkg().Path() != engine || g.pass.Pkg.Path() == engine {
		return nil
	}
	var all []*function
	for _, argument := range call.Args {
		if _, ok := g.typeOf(argument).Underlying().(*types.Signature); ok {
			all = append(all, g.values(argument, make(map[types.Object]bool))...)
		}
	}
	return all
}

// simulated marks a type whose methods, or an interface whose implementations'
// methods, run inside a simulation.
type simulated struct{}

func (*simulated) AFact()         {}
func (*simulated) String() string { return "simulated" }

const simulatedDirective = "//seedbed:simulated"

// markings are the types of this package, and of those it imports, that are
// declared to be simulated.
type markings []types.Type

// marked reads the package's own markings, and adds those of what it imports.
func (g *graph) marked() markings {
	var all markings
	for _, file := range g.pass.Files {
		for _, d := range file.Decls {
			declaration, ok := d.(*ast.GenDecl)
			if !ok || declaration.Tok != token.TYPE {
				continue
			}
			for _, s := range declaration.Specs {
				spec := s.(*ast.TypeSpec)
				if isMarked(spec.Doc) || isMarked(declaration.Doc) {
					g.pass.ExportObjectFact(g.info.Defs[spec.Name], &simulated{})
				}
			}
		}
	}
	for _, f := range g.pass.AllObjectFacts() {
		if _, ok := f.Fact.(*simulated); ok {
			all = append(all, f.Object.Type())
		}
	}
	return all
}

func isMarked(doc *ast.CommentGroup) bool {
	if doc == nil {
		return false
	}
	for _, c := range doc.List {
		if strings.TrimSpace(c.Text) == simulatedDirective {
			return true
		}
	}
	return false
}

// has reports whether a method is one that a marking speaks of.
func (all markings) has(method *types.Func) bool {
	receiver := method.Signature().Recv()
	if receiver == nil {
		return false
	}
	t := receiver.Type()
	if p, ok := t.(*types.Pointer); ok {
		t = p.Elem()
	}
	for _, marked := range all {
		i, ok := marked.Underlying().(*types.Interface)
		if !ok && types.Identical(t, marked) {
			return true
		}
		if ok && implements(types.NewPointer(t), marked) {
			if object, _, _ := types.LookupFieldOrMethod(i, false, method.Pkg(), method.Name()); object != nil {
				return true
			}
		}
	}
	return false
}
