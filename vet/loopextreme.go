package vet

import (
	"go/ast"
	"go/token"
	"go/types"
)

// A pair is what an if statement keeps, and the value that it is taken from.
type pair struct{ target, value ast.Expr }

// extreme judges if v > most { most = v }, the greatest or least of all rounds.
// If more is kept than is compared, two rounds may tie and the first of them
// stays: unless the key is compared too, which no other round has. It reports
// whether the statement is of this form; if it ties, with a reason.
func (l *loop) extreme(s *ast.IfStmt) bool {
	pairs := l.kept(s)
	if s.Else != nil || len(pairs) == 0 {
		return false
	}
	compared := make(map[string]bool)
	decided := l.compares(s.Cond, pairs, compared) // by the key, so that no two rounds tie
	if !decided && len(compared) == 0 {
		return false
	}
	for _, p := range pairs {
		if !compared[types.ExprString(p.target)] && !decided && l.mentionsLocal(p.value) {
			l.fail(s, "two rounds may tie, and the first of them decides %s", types.ExprString(p.target))
			return true
		}
	}
	l.looksOnly(s.Cond)
	for _, p := range pairs {
		l.looksOnly(p.value)
		l.note(p.target, "extreme "+types.ExprString(s.Cond), s)
	}
	l.markOwn(s, pairs)
	return true
}

// kept are the assignments of an if statement that has nothing else.
func (l *loop) kept(s *ast.IfStmt) []pair {
	var pairs []pair
	for _, b := range s.Body.List {
		a, ok := b.(*ast.AssignStmt)
		if !ok || a.Tok != token.ASSIGN || len(a.Lhs) != len(a.Rhs) {
			return nil
		}
		for i := range a.Lhs {
			if l.local(l.rootObject(a.Lhs[i])) {
				return nil
			}
			pairs = append(pairs, pair{a.Lhs[i], a.Rhs[i]})
		}
	}
	return pairs
}

// compares reads a condition as a comparison of values with what is kept of
// them, and notes which are compared. It reports whether the key of the round
// is among them, so that there are no ties.
func (l *loop) compares(cond ast.Expr, pairs []pair, compared map[string]bool) (decided bool) {
	switch e := ast.Unparen(cond).(type) {
	case *ast.CallExpr: // t.Before(first)
		selector, ok := ast.Unparen(e.Fun).(*ast.SelectorExpr)
		if ok && len(e.Args) == 1 && (selector.Sel.Name == "Before" || selector.Sel.Name == "After") {
			return l.pairOf(selector.X, e.Args[0], pairs, compared)
		}
	case *ast.BinaryExpr:
		switch e.Op {
		case token.LSS, token.GTR, token.LEQ, token.GEQ:
			return l.pairOf(e.X, e.Y, pairs, compared)
		case token.LOR: // !found || ..., or a > b || a == b && ...
			if !l.mentionsLocal(e.X) {
				return l.compares(e.Y, pairs, compared)
			}
			first := l.compares(e.X, pairs, compared)
			return l.compares(e.Y, pairs, compared) || first
		case token.LAND:
			if tie, ok := ast.Unparen(e.X).(*ast.BinaryExpr); ok && tie.Op == token.EQL {
				return l.compares(e.Y, pairs, compared)
			}
		}
	}
	return false
}

// pairOf notes that a value is compared with what is kept of it, whichever side
// it is on, and reports whether it is the key.
func (l *loop) pairOf(x, y ast.Expr, pairs []pair, compared map[string]bool) bool {
	for _, p := range pairs {
		target, value := types.ExprString(p.target), types.ExprString(p.value)
		for _, side := range [][2]ast.Expr{{x, y}, {y, x}} {
			if types.ExprString(side[0]) == value && types.ExprString(side[1]) == target {
				compared[target] = true
				return l.is(p.value, l.key)
			}
		}
	}
	return false
}

// markOwn lets the statement read what it keeps.
func (l *loop) markOwn(s *ast.IfStmt, pairs []pair) {
	targets := make(map[string]bool)
	for _, p := range pairs {
		targets[types.ExprString(p.target)] = true
	}
	ast.Inspect(s, func(n ast.Node) bool {
		if e, ok := n.(ast.Expr); ok && targets[types.ExprString(e)] {
			l.own[e] = true
		}
		return true
	})
}
