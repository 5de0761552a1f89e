package vet

import (
	"go/ast"
	"go/token"
	"go/types"
)

// concurrencyIn finds goroutines and whatever is done with channels. A select
// speaks for the operations in its cases.
func (g *graph) concurrencyIn(f *function) []effect {
	var all []effect
	found := func(n ast.Node, what string) { all = append(all, effect{n.Pos(), threads, what}) }
	inFunction(f, func(n ast.Node) {
		switch n := n.(type) {
		case *ast.GoStmt:
			found(n, "a goroutine")
		case *ast.SelectStmt:
			found(n, "a select")
		case *ast.SendStmt:
			if !g.isCase(n) {
				found(n, "a send to a channel")
			}
		case *ast.UnaryExpr:
			if n.Op == token.ARROW && !g.isCase(n) {
				found(n, "a receive from a channel")
			}
		case *ast.RangeStmt:
			if isChannel(g.typeOf(n.X)) {
				found(n, "a range over a channel")
			}
		case *ast.CallExpr:
			switch name := g.builtin(n); {
			case name == "make" && isChannel(g.typeOf(n)):
				found(n, "a channel")
			case name == "close":
				found(n, "the closing of a channel")
			}
		}
	})
	return all
}

// isCase reports whether an operation on a channel is that of a case.
func (g *graph) isCase(n ast.Node) bool {
	for {
		switch parent := g.parent[n].(type) {
		case *ast.CommClause:
			return parent.Comm == n
		case *ast.ExprStmt, *ast.AssignStmt, *ast.ParenExpr:
			n = parent
		default:
			return false
		}
	}
}

// builtin is the name of the built-in function that is called, or "".
func (g *graph) builtin(call *ast.CallExpr) string {
	if name, ok := ast.Unparen(call.Fun).(*ast.Ident); ok {
		if _, ok := g.info.Uses[name].(*types.Builtin); ok {
			return name.Name
		}
	}
	return ""
}

func isChannel(t types.Type) bool {
	_, ok := t.Underlying().(*types.Chan)
	return ok
}
