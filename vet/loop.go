package vet

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
)

// A loop is a range over a map while it is judged whether its order matters.
// Each statement of its body must be of a kind that comes to the same in every
// order; the first that is not gives the reason.
type loop struct {
	*graph
	f          *function
	statement  ast.Stmt // *ast.RangeStmt, or a for statement over a reflect.MapIter
	body       *ast.BlockStmt
	label      string
	key, value types.Object
	ranged     string            // the map, as written
	writes     map[string]write  // by what is written to, as written
	own        map[ast.Expr]bool // reads that belong to a write of the same variable
	exits      map[string]bool   // the ways in which the loop is left early
	reason     string
}

// A write is how a variable outside of the loop is changed, always in the same
// way.
type write struct {
	way  string
	root types.Object
}

// orderMatters gives the reason why the order of a loop matters, "" if it does
// not.
func (g *graph) orderMatters(s ast.Stmt, body *ast.BlockStmt, f *function) string {
	l := &loop{graph: g, f: f, statement: s, body: body,
		writes: make(map[string]write), own: make(map[ast.Expr]bool), exits: make(map[string]bool)}
	if labeled, ok := g.parent[s].(*ast.LabeledStmt); ok {
		l.label = labeled.Label.Name
	}
	if !l.bindVariables() {
		return "the last key stays in a variable"
	}
	l.block(body, 0)
	l.judgeExits()
	l.judgeReads()
	return l.reason
}

// bindVariables finds the loop's key and value, and reports whether they are
// its own.
func (l *loop) bindVariables() bool {
	s, ok := l.statement.(*ast.RangeStmt)
	if !ok {
		return true
	}
	key, value := s.Key, s.Value
	l.ranged = types.ExprString(s.X)
	if call, ok := ast.Unparen(s.X).(*ast.CallExpr); ok {
		switch l.unordered(call) {
		case "maps.Values":
			key, value = nil, key
			l.ranged = types.ExprString(call.Args[0])
		case "maps.Keys", "maps.All":
			l.ranged = types.ExprString(call.Args[0])
		}
	}
	for _, v := range []struct {
		e  ast.Expr
		to *types.Object
	}{{key, &l.key}, {value, &l.value}} {
		if v.e == nil || isBlank(v.e) {
			continue
		}
		name, ok := v.e.(*ast.Ident)
		if !ok || s.Tok != token.DEFINE {
			return false
		}
		*v.to = l.info.Defs[name]
	}
	return true
}

// fail keeps the first reason.
func (l *loop) fail(at ast.Node, format string, arguments ...any) {
	if l.reason == "" {
		l.reason = fmt.Sprintf(format, arguments...) + fmt.Sprintf(" (line %d)", l.pass.Fset.Position(at.Pos()).Line)
	}
}

// local reports whether an object is declared in the loop.
func (l *loop) local(o types.Object) bool {
	return o != nil && o.Pos() >= l.statement.Pos() && o.Pos() < l.statement.End()
}

// mentionsLocal reports whether an expression depends on which round it is in.
func (l *loop) mentionsLocal(e ast.Expr) bool {
	found := false
	ast.Inspect(e, func(n ast.Node) bool {
		if name, ok := n.(*ast.Ident); ok && l.local(l.info.ObjectOf(name)) {
			found = true
		}
		return !found
	})
	return found
}

// is reports whether an expression is just this variable, converted or not.
func (l *loop) is(e ast.Expr, o types.Object) bool {
	e = ast.Unparen(e)
	if call, ok := e.(*ast.CallExpr); ok && len(call.Args) == 1 && l.info.Types[call.Fun].IsType() {
		return l.is(call.Args[0], o)
	}
	name, ok := e.(*ast.Ident)
	return ok && o != nil && l.info.ObjectOf(name) == o
}

// block judges statements; depth counts the loops and switches within the loop
// that a plain break would leave.
func (l *loop) block(b *ast.BlockStmt, depth int) { l.statements(b.List, depth) }

func (l *loop) statements(list []ast.Stmt, depth int) {
	for _, s := range list {
		l.judge(s, depth)
	}
}

func (l *loop) judge(s ast.Stmt, depth int) {
	switch s := s.(type) {
	case nil, *ast.EmptyStmt:
	case *ast.BlockStmt:
		l.block(s, depth)
	case *ast.LabeledStmt:
		l.judge(s.Stmt, depth)
	case *ast.DeclStmt:
		l.declaration(s)
	case *ast.AssignStmt:
		l.assignment(s)
	case *ast.IncDecStmt:
		l.change(s.X, token.ADD_ASSIGN, nil, s)
	case *ast.ExprStmt:
		l.call(s)
	case *ast.IfStmt:
		l.judge(s.Init, depth)
		if l.extreme(s) {
			return
		}
		l.looksOnly(s.Cond)
		l.block(s.Body, depth)
		l.judge(s.Else, depth)
	case *ast.SwitchStmt:
		l.judge(s.Init, depth)
		l.looksOnly(s.Tag)
		l.cases(s.Body, depth+1)
	case *ast.TypeSwitchStmt:
		l.judge(s.Init, depth)
		l.cases(s.Body, depth+1)
	case *ast.ForStmt:
		l.judge(s.Init, depth)
		l.looksOnly(s.Cond)
		l.judge(s.Post, depth)
		l.block(s.Body, depth+1)
	case *ast.RangeStmt:
		l.looksOnly(s.X)
		l.block(s.Body, depth+1)
	case *ast.BranchStmt:
		l.branch(s, depth)
	case *ast.ReturnStmt:
		l.leave(s, s.Results)
	default:
		l.fail(s, "more is done than reading and adding up")
	}
}

func (l *loop) cases(body *ast.BlockStmt, depth int) {
	for _, c := range body.List {
		clause := c.(*ast.CaseClause)
		for _, e := range clause.List {
			l.looksOnly(e)
		}
		l.statements(clause.Body, depth)
	}
}

func (l *loop) declaration(s *ast.DeclStmt) {
	for _, spec := range s.Decl.(*ast.GenDecl).Specs {
		if values, ok := spec.(*ast.ValueSpec); ok {
			for _, e := range values.Values {
				l.looksOnly(e)
			}
		}
	}
}

// call judges a call whose result is not used.
func (l *loop) call(s *ast.ExprStmt) {
	call, ok := ast.Unparen(s.X).(*ast.CallExpr)
	if !ok {
		l.fail(s, "something is waited for")
		return
	}
	for _, a := range call.Args {
		l.looksOnly(a)
	}
	switch l.builtin(call) {
	case "delete":
		l.remove(call)
		return
	case "panic":
		l.leave(s, call.Args)
		return
	case "clear", "copy":
		l.change(&ast.StarExpr{X: call.Args[0]}, token.ASSIGN, nil, s)
		return
	}
	name := types.ExprString(call.Fun)
	switch l.callConduct(call) {
	case looks:
	case receiver:
		if changed := l.changed(call); !l.ofThisRound(changed) && !l.isTimer(changed) {
			l.fail(s, "%s changes the same thing in every round", name)
		}
	default:
		l.fail(s, "%s is called in that order", name)
	}
}

// isTimer reports whether a value is an alarm of the engine's: stopping any in
// any order is all the same.
func (l *loop) isTimer(e ast.Expr) bool {
	named, ok := types.Unalias(l.typeOf(e)).(*types.Named)
	return ok && named.Obj().Pkg() != nil && named.Obj().Pkg().Path() == engine && named.Obj().Name() == "Timer"
}

// remove judges a delete: the ranged map may lose the key of this round, and
// other maps any.
func (l *loop) remove(call *ast.CallExpr) {
	m := types.ExprString(call.Args[0])
	switch {
	case m == l.ranged && !l.is(call.Args[1], l.key):
		l.fail(call, "%s loses keys other than the one in hand, which may or may not have had their round", m)
	case m != l.ranged && !l.local(l.rootObject(call.Args[0])) && !l.is(call.Args[1], l.key):
		l.note(call.Args[0], "delete", call)
	}
}

// looksOnly wants an expression to change nothing.
func (l *loop) looksOnly(e ast.Expr) {
	if e == nil {
		return
	}
	ast.Inspect(e, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.UnaryExpr:
			if n.Op == token.ARROW {
				l.fail(n, "something is waited for")
			}
		case *ast.CallExpr:
			c := l.callConduct(n)
			if c == receiver && l.ofThisRound(l.changed(n)) {
				c = looks
			}
			if c != looks {
				l.fail(n, "%s is called in that order", types.ExprString(n.Fun))
			}
		case *ast.FuncLit:
			if l.conductOf(n.Body, n, nil) != looks {
				l.fail(n, "a function literal changes what is outside of it")
			}
			return false
		}
		return true
	})
}

// ofThisRound reports whether an expression is what only this round has to do
// with: a variable made in it, the value in hand, or what belongs to the key.
func (l *loop) ofThisRound(e ast.Expr) bool {
	e = ast.Unparen(e)
	root := l.rootObject(e)
	if root == nil {
		return false
	}
	if root == l.value || l.local(root) && (l.fresh(root, l.statement) || l.standsFor(root)) {
		return true
	}
	switch e := e.(type) {
	case *ast.IndexExpr:
		return l.is(e.Index, l.key) || l.ofThisRound(e.X)
	case *ast.SelectorExpr:
		return l.ofThisRound(e.X)
	case *ast.StarExpr:
		return l.ofThisRound(e.X)
	case *ast.Ident:
		return l.local(root) && !refersType(l.typeOf(e))
	}
	return false
}

// standsFor reports whether a variable of the loop is another name for what
// belongs to this round: s := sessions[id].
func (l *loop) standsFor(local types.Object) bool {
	found := false
	ast.Inspect(l.body, func(n ast.Node) bool {
		s, ok := n.(*ast.AssignStmt)
		if !ok || len(s.Rhs) != 1 || s.Tok != token.DEFINE {
			return true
		}
		if name, ok := s.Lhs[0].(*ast.Ident); ok && l.info.Defs[name] == local {
			index, isIndex := ast.Unparen(s.Rhs[0]).(*ast.IndexExpr)
			found = l.rootObject(s.Rhs[0]) == l.value && l.value != nil || isIndex && l.is(index.Index, l.key)
		}
		return !found
	})
	return found
}

// judgeReads wants that nothing written is read in the loop but to write it.
func (l *loop) judgeReads() {
	ast.Inspect(l.body, func(n ast.Node) bool {
		e, ok := n.(ast.Expr)
		if !ok {
			return true
		}
		if l.own[e] {
			return false
		}
		w, written := l.writes[types.ExprString(e)]
		if written && l.rootObject(e) == w.root {
			l.fail(e, "%s is read while other rounds change it", types.ExprString(e))
		}
		return true
	})
}

// note records that a variable outside of the loop is changed in a way that
// comes to the same in every order, if all its changes are of that way.
func (l *loop) note(target ast.Expr, way string, at ast.Node) {
	name := types.ExprString(target)
	l.own[target] = true
	if before, ok := l.writes[name]; ok && before.way != way {
		l.fail(at, "%s is changed in several ways", name)
	}
	l.writes[name] = write{way, l.rootObject(target)}
}
