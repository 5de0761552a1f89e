package vet

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"
)

// branch judges a break, continue or goto. One that leaves the loop is an exit.
func (l *loop) branch(s *ast.BranchStmt, depth int) {
	switch {
	case s.Label != nil && s.Label.Name == l.label && s.Tok == token.CONTINUE, s.Label == nil && s.Tok == token.CONTINUE:
	case s.Label == nil && depth > 0:
	case s.Tok == token.BREAK, s.Tok == token.CONTINUE:
		if s.Label != nil && l.labelWithin(s.Label.Name) {
			return
		}
		l.leave(s, nil)
	default:
		l.fail(s, "%v jumps about", s.Tok)
	}
}

// labelWithin reports whether a label is in the loop's body.
func (l *loop) labelWithin(name string) bool {
	found := false
	ast.Inspect(l.body, func(n ast.Node) bool {
		if labeled, ok := n.(*ast.LabeledStmt); ok && labeled.Label.Name == name {
			found = true
		}
		return !found
	})
	return found
}

// leave judges an early end of the loop, with results: it must be the same
// whichever round it happens in.
func (l *loop) leave(s ast.Stmt, results []ast.Expr) {
	how := []string{l.kindOfExit(s)}
	for _, r := range results {
		l.looksOnly(r)
		if l.mentionsLocal(r) {
			l.fail(s, "the first round that gets here decides what is returned")
		}
		how = append(how, types.ExprString(r))
	}
	for _, before := range l.leadingTo(s) {
		how = append(how, l.asWritten(before))
	}
	l.exits[strings.Join(how, "\n")] = true
}

func (l *loop) kindOfExit(s ast.Stmt) string {
	switch s := s.(type) {
	case *ast.BranchStmt:
		if s.Label != nil && s.Label.Name != l.label {
			return s.Tok.String() + " " + s.Label.Name
		}
		return s.Tok.String()
	case *ast.ReturnStmt:
		return "return"
	}
	return "panic"
}

// leadingTo are the statements just before an exit, in the same block.
func (l *loop) leadingTo(exit ast.Stmt) []ast.Stmt {
	switch parent := l.parent[exit].(type) {
	case *ast.BlockStmt:
		return parent.List[:len(parent.List)-1]
	case *ast.CaseClause:
		return parent.Body[:len(parent.Body)-1]
	}
	return nil
}

// asWritten is an assignment as text, to compare exits.
func (l *loop) asWritten(s ast.Stmt) string {
	a, ok := s.(*ast.AssignStmt)
	if !ok || a.Tok != token.ASSIGN {
		return ""
	}
	var text []string
	for _, e := range append(a.Lhs[:len(a.Lhs):len(a.Lhs)], a.Rhs...) {
		text = append(text, types.ExprString(e))
	}
	return strings.Join(text, " = ")
}

// judgeExits wants that it makes no difference which round leaves the loop, and
// so how many there are: all exits must be alike, and nothing else be changed
// than what they set.
func (l *loop) judgeExits() {
	if len(l.exits) > 1 {
		l.fail(l.statement, "it is left in several ways, and the order decides which")
	}
	for exit := range l.exits {
		for name, w := range l.writes {
			if !slices.Contains(strings.Split(exit, "\n"), name+" "+w.way) {
				l.fail(l.statement, "it is left early, and the order decides what has been done by then")
			}
		}
	}
}
