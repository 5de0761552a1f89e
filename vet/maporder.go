package vet

import (
	"go/ast"
	"go/types"
)

// mapOrderIn finds where f takes an order from a map.
func (g *graph) mapOrderIn(f *function) []effect {
	var all []effect
	judge := func(what string, loop ast.Stmt, body *ast.BlockStmt) {
		if reason := g.orderMatters(loop, body, f); reason != "" {
			all = append(all, effect{loop.Pos(), mapOrder, what + ", in which " + reason + ","})
		}
	}
	inFunction(f, func(n ast.Node) {
		switch n := n.(type) {
		case *ast.RangeStmt:
			if what, ok := g.rangesOverMap(n); ok {
				judge(what, n, n.Body)
			}
		case *ast.ForStmt:
			if g.loopsOverIterator(n) {
				judge("a loop over reflect.Value.MapRange", n, n.Body)
			}
		case *ast.CallExpr:
			name := g.unordered(n)
			if name != "" && !g.orderIsLost(n, f) {
				all = append(all, effect{n.Pos(), mapOrder, name})
			}
		}
	})
	return all
}

// rangesOverMap reports whether a statement ranges over a map or an iterator
// over one, and says which.
func (g *graph) rangesOverMap(s *ast.RangeStmt) (string, bool) {
	if call, ok := ast.Unparen(s.X).(*ast.CallExpr); ok {
		if name := g.unordered(call); name != "" {
			return "a range over " + name, name != "reflect.Value.MapKeys"
		}
	}
	return "a range over a map", isMap(g.typeOf(s.X))
}

// loopsOverIterator reports whether a statement is of the form
//
//	for iter := v.MapRange(); iter.Next(); {
func (g *graph) loopsOverIterator(s *ast.ForStmt) bool {
	init, ok := s.Init.(*ast.AssignStmt)
	if !ok || len(init.Rhs) != 1 {
		return false
	}
	call, ok := ast.Unparen(init.Rhs[0]).(*ast.CallExpr)
	return ok && g.unordered(call) == "reflect.Value.MapRange"
}

func isMap(t types.Type) bool {
	if p, ok := t.Underlying().(*types.TypeParam); ok {
		t = p.Constraint()
	}
	if i, ok := t.Underlying().(*types.Interface); ok { // of a type parameter: the core type
		for embedded := range i.EmbeddedTypes() {
			if u, ok := embedded.(*types.Union); ok && u.Len() > 0 {
				return isMap(u.Term(0).Type())
			}
		}
		return false
	}
	_, ok := t.Underlying().(*types.Map)
	return ok
}

// unordered is the name of the function of the standard library that a call
// names, if it returns what is in a map, in the order of the map.
func (g *graph) unordered(call *ast.CallExpr) string {
	f := g.callee(call)
	if f == nil || f.Pkg() == nil {
		return ""
	}
	name, _ := nameInPackage(f)
	switch full := f.Pkg().Path() + "." + name; full {
	case "maps.Keys", "maps.Values", "maps.All", "reflect.Value.MapKeys", "reflect.Value.MapRange":
		return full
	}
	return ""
}

// orderIsLost reports whether nothing is made of the order in which a call
// returns what is in a map: a loop over it is judged as a loop, and else it
// must go straight into what sorts it, or what is a map again.
func (g *graph) orderIsLost(call *ast.CallExpr, f *function) bool {
	switch parent := g.parent[call].(type) {
	case *ast.RangeStmt:
		return g.unordered(call) != "reflect.Value.MapKeys"
	case *ast.CallExpr:
		callee := g.callee(parent)
		if callee == nil {
			return g.builtin(parent) == "len"
		}
		if callee.Pkg() == nil {
			return false
		}
		switch callee.Pkg().Path() + "." + callee.Name() {
		case "slices.Sorted", "slices.SortedFunc", "slices.SortedStableFunc", "maps.Collect", "maps.Insert":
			return true
		case "slices.Collect", "slices.AppendSeq":
			return g.orderIsLost(parent, f)
		}
	case *ast.AssignStmt:
		if loop, ok := g.parent[parent].(*ast.ForStmt); ok && loop.Init == parent {
			return g.loopsOverIterator(loop)
		}
		return len(parent.Lhs) == 1 && g.sortedAfter(parent.Lhs[0], parent, f)
	case *ast.ValueSpec:
		return len(parent.Names) == 1 && g.sortedAfter(parent.Names[0], parent, f)
	}
	return false
}

// sortedAfter reports whether the first thing that f does with a slice after a
// statement is to sort it.
func (g *graph) sortedAfter(slice ast.Expr, after ast.Node, f *function) bool {
	wanted := types.ExprString(slice)
	root := g.rootObject(slice)
	var first ast.Expr
	ast.Inspect(f.body, func(n ast.Node) bool {
		e, ok := n.(ast.Expr)
		if ok && first == nil && e.Pos() >= after.End() && types.ExprString(e) == wanted && g.rootObject(e) == root {
			first = e
		}
		return first == nil
	})
	return first != nil && g.isSorted(first)
}

// isSorted reports whether an expression is what a call sorts.
func (g *graph) isSorted(e ast.Expr) bool {
	call, ok := g.parent[e].(*ast.CallExpr)
	if !ok {
		return false
	}
	if g.info.Types[call.Fun].IsType() {
		return g.isSorted(call) // sort.Sort(byAge(people))
	}
	f := g.callee(call)
	if f == nil || f.Pkg() == nil {
		return false
	}
	switch f.Pkg().Path() {
	case "slices":
		switch f.Name() {
		case "Sort", "SortFunc", "SortStableFunc", "Sorted":
			return true
		}
	case "sort":
		switch f.Name() {
		case "Sort", "Stable", "Slice", "SliceStable", "Strings", "Ints", "Float64s":
			return true
		}
	}
	return false
}

// rootObject is the variable at which a path such as x.a[i].b begins.
func (g *graph) rootObject(e ast.Expr) types.Object {
	for {
		switch x := e.(type) {
		case *ast.ParenExpr:
			e = x.X
		case *ast.SelectorExpr:
			e = x.X
		case *ast.IndexExpr:
			e = x.X
		case *ast.SliceExpr:
			e = x.X
		case *ast.StarExpr:
			e = x.X
		case *ast.UnaryExpr:
			e = x.X
		case *ast.TypeAssertExpr:
			e = x.X
		case *ast.Ident:
			return g.info.ObjectOf(x)
		default:
			return nil
		}
	}
}
