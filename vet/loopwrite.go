package vet

import (
	"go/ast"
	"go/token"
	"go/types"
)

// assignment judges an assignment, or a declaration by one.
func (l *loop) assignment(s *ast.AssignStmt) {
	for i, target := range s.Lhs {
		var value ast.Expr
		if len(s.Lhs) == len(s.Rhs) {
			value = s.Rhs[i]
		} else if i == 0 {
			l.looksOnly(s.Rhs[0])
		}
		if name, ok := target.(*ast.Ident); ok && (name.Name == "_" || s.Tok == token.DEFINE && l.info.Defs[name] != nil) {
			l.looksOnly(value)
			continue
		}
		if value == nil && !l.ofThisRound(target) {
			l.fail(s, "the last round decides %s", types.ExprString(target))
			continue
		}
		tok := s.Tok
		if tok == token.DEFINE {
			tok = token.ASSIGN
		}
		l.change(target, tok, value, s)
	}
}

// classes are the operations that come to the same in every order, if all are
// of one class.
var classes = map[token.Token]string{
	token.ADD_ASSIGN: "sum", token.SUB_ASSIGN: "sum", token.MUL_ASSIGN: "product", token.OR_ASSIGN: "or",
	token.AND_ASSIGN: "and", token.AND_NOT_ASSIGN: "and", token.XOR_ASSIGN: "xor",
	token.LOR: "any", token.LAND: "all", token.GTR: "max", token.LSS: "min",
}

// extremes are the operators that stand for the built-in functions.
var extremes = map[string]token.Token{"max": token.GTR, "min": token.LSS}

// change judges a change of target by an operation and a value, nil for 1.
func (l *loop) change(target ast.Expr, op token.Token, value ast.Expr, at ast.Node) {
	name := types.ExprString(target)
	if !l.isAppend(value) {
		l.looksOnly(value)
	}
	if index, ok := ast.Unparen(target).(*ast.IndexExpr); ok {
		l.looksOnly(index.Index)
		base := types.ExprString(index.X)
		if base == l.ranged && !l.is(index.Index, l.key) && isMap(l.typeOf(index.X)) {
			l.fail(at, "%s gets keys other than the one in hand, which may or may not have their round", base)
			return
		}
		if l.is(index.Index, l.key) {
			l.ownOf(target, value)
			return
		}
	}
	root := l.rootObject(target)
	if isIdentifier(target) && l.local(root) || l.ofThisRound(target) {
		if l.isAppend(value) {
			l.looksOnly(value)
		}
		return
	}
	if op == token.ASSIGN {
		op, value = l.operation(target, value)
	}
	switch class := classes[op]; {
	case op == token.ASSIGN:
		l.replace(target, value, at)
	case op == token.GTR, op == token.LSS:
		l.note(target, class, at)
	case class == "":
		l.fail(at, "the order decides what %s becomes", name)
	case isText(l.typeOf(target)):
		l.fail(at, "%s is a text put together in that order", name)
	case !isIntegerOrBool(l.typeOf(target)):
		l.fail(at, "%s is a sum of floating-point numbers, which depends on their order", name)
	default:
		l.noteIndexed(target, class, at)
	}
}

// replace judges target = value: the value must be the same in each round, or
// the target a slice that is sorted later.
func (l *loop) replace(target, value ast.Expr, at ast.Node) {
	name := types.ExprString(target)
	switch {
	case value == nil:
		l.fail(at, "the order decides what %s becomes", name)
	case l.isAppend(value):
		call := ast.Unparen(value).(*ast.CallExpr)
		for _, element := range call.Args[1:] {
			l.looksOnly(element)
		}
		if types.ExprString(call.Args[0]) != name {
			l.fail(at, "the last round decides %s", name)
			return
		}
		if !l.sortedAfter(target, l.statement, l.f) {
			l.fail(at, "%s is collected in that order, and not sorted right after it", name)
			return
		}
		l.own[call.Args[0]] = true
		l.note(target, "append", at)
	case !l.mentionsLocal(value):
		l.noteIndexed(target, "= "+types.ExprString(value), at)
	default:
		l.fail(at, "the last round decides %s", name)
	}
}

// ownOf allows a change of what belongs to the key in hand, to read itself.
func (l *loop) ownOf(target, value ast.Expr) {
	if value != nil && l.isAppend(value) {
		for _, a := range ast.Unparen(value).(*ast.CallExpr).Args {
			l.looksOnly(a)
		}
	}
}

// noteIndexed notes a change of a variable, or of an element of one: then no
// other element may be read or changed in another way.
func (l *loop) noteIndexed(target ast.Expr, way string, at ast.Node) {
	if index, ok := ast.Unparen(target).(*ast.IndexExpr); ok {
		l.note(index.X, way, at)
		return
	}
	l.note(target, way, at)
}

// operation reads x = x + e, x = e || x and x = max(x, e) as operations on x.
func (l *loop) operation(target, value ast.Expr) (token.Token, ast.Expr) {
	name := types.ExprString(target)
	switch e := ast.Unparen(value).(type) {
	case *ast.BinaryExpr:
		op := e.Op
		if assign, ok := assigning[op]; ok {
			op = assign
		}
		if classes[op] == "" || op == token.GTR || op == token.LSS {
			break
		}
		if types.ExprString(e.X) == name {
			l.own[e.X] = true
			return op, e.Y
		}
		if types.ExprString(e.Y) == name && op != token.SUB_ASSIGN && op != token.AND_NOT_ASSIGN {
			l.own[e.Y] = true
			return op, e.X
		}
	case *ast.CallExpr:
		op := extremes[l.builtin(e)] // none is token.ILLEGAL
		for _, a := range e.Args {
			if op != token.ILLEGAL && types.ExprString(a) == name {
				l.own[a] = true
				return op, nil
			}
		}
	}
	return token.ASSIGN, value
}

// assigning are the assigning forms of operators.
var assigning = map[token.Token]token.Token{
	token.ADD: token.ADD_ASSIGN, token.SUB: token.SUB_ASSIGN, token.MUL: token.MUL_ASSIGN, token.OR: token.OR_ASSIGN,
	token.AND: token.AND_ASSIGN, token.AND_NOT: token.AND_NOT_ASSIGN, token.XOR: token.XOR_ASSIGN,
}

func (l *loop) isAppend(e ast.Expr) bool {
	if e == nil {
		return false
	}
	call, ok := ast.Unparen(e).(*ast.CallExpr)
	return ok && l.builtin(call) == "append" && len(call.Args) > 0
}

func isIdentifier(e ast.Expr) bool {
	_, ok := ast.Unparen(e).(*ast.Ident)
	return ok
}

func isText(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&types.IsString != 0
}

func isIntegerOrBool(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&(types.IsInteger|types.IsBoolean) != 0
}
