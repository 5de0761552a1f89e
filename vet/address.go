package vet

import (
	"go/ast"
	"go/constant"
	"go/types"
	"strings"
	"unicode/utf8"
)

// addressesIn finds where an address becomes text or a number. A conversion to
// uintptr that is only a step to another unsafe.Pointer is arithmetic.
func (g *graph) addressesIn(f *function) []effect {
	var all []effect
	inFunction(f, func(n ast.Node) {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return
		}
		if g.addressAsNumber(call) {
			all = append(all, effect{call.Pos(), addresses, "an address as a number"})
		}
		for _, argument := range g.printed(call) {
			if argument.verb == 'p' || argument.verb != 'T' && showsAddress(g.typeOf(argument.value), 0, nil) {
				all = append(all, effect{argument.value.Pos(), addresses, "the address that is printed for " + types.ExprString(argument.value)})
			}
		}
	})
	return all
}

func (g *graph) addressAsNumber(call *ast.CallExpr) bool {
	if !g.info.Types[call.Fun].IsType() || len(call.Args) != 1 || !isBasic(g.typeOf(call), types.Uintptr) || !isBasic(g.typeOf(call.Args[0]), types.UnsafePointer) {
		return false
	}
	for n := g.parent[call]; ; n = g.parent[n] {
		switch n := n.(type) {
		case *ast.BinaryExpr, *ast.ParenExpr:
		case *ast.CallExpr:
			return !isBasic(g.typeOf(n), types.UnsafePointer)
		default:
			return true
		}
	}
}

func isBasic(t types.Type, kind types.BasicKind) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Kind() == kind
}

// A printedValue is an argument of a call that prints, with its verb.
type printedValue struct {
	value ast.Expr
	verb  rune
}

// printed are the arguments that a call of fmt, or of the engine's Log and
// Violate, turns into text. A format that is not constant, or counts its
// arguments itself, is not read.
func (g *graph) printed(call *ast.CallExpr) []printedValue {
	f := g.callee(call)
	if f == nil || f.Pkg() == nil || call.Ellipsis.IsValid() || !f.Signature().Variadic() {
		return nil
	}
	if path := f.Pkg().Path(); path != "fmt" && path != engine || strings.Contains(f.Name(), "can") {
		return nil
	}
	fixed := f.Signature().Params().Len() - 1
	if len(call.Args) < fixed {
		return nil
	}
	arguments := call.Args[fixed:]
	var all []printedValue
	if fixed == 0 || f.Signature().Params().At(fixed-1).Name() != "format" {
		for _, a := range arguments {
			if f.Pkg().Path() == "fmt" {
				all = append(all, printedValue{a, 'v'})
			}
		}
		return all
	}
	format := g.info.Types[call.Args[fixed-1]].Value
	if format == nil || format.Kind() != constant.String {
		return nil
	}
	for i, verb := range verbs(constant.StringVal(format)) {
		if i < len(arguments) {
			all = append(all, printedValue{arguments[i], verb})
		}
	}
	return all
}

// verbs are the verbs of a format, one for each argument that it prints; none
// if one takes its width or its index from the arguments.
func verbs(format string) []rune {
	var all []rune
	for {
		_, rest, found := strings.Cut(format, "%")
		if !found {
			return all
		}
		rest = strings.TrimLeft(rest, "+-# 0")
		rest = afterNumber(rest)
		if precision, ok := strings.CutPrefix(rest, "."); ok && precision != "" {
			rest = afterNumber(precision)
		}
		verb, size := utf8.DecodeRuneInString(rest)
		switch {
		case size == 0:
			return all
		case verb == '*' || verb == '[':
			return nil
		case verb != '%':
			all = append(all, verb)
		}
		format = rest[size:]
	}
}

// afterNumber is what follows a number, as fmt reads it: nothing after one that
// goes on beyond a million.
func afterNumber(text string) string {
	number := 0
	for i, r := range text {
		if r < '0' || r > '9' {
			return text[i:]
		}
		if number > 1_000_000 {
			break
		}
		number = number*10 + int(r-'0')
	}
	return ""
}

// showsAddress reports whether fmt prints an address somewhere in a value of
// this type: a pointer inside of a value, a function or a channel, unless a
// method makes its text.
func showsAddress(t types.Type, depth int, within []types.Type) bool {
	for _, outer := range within {
		if types.Identical(outer, t) {
			return false
		}
	}
	if makesItsText(t) {
		return false
	}
	within = append(within, t)
	switch u := t.Underlying().(type) {
	case *types.Pointer:
		switch u.Elem().Underlying().(type) {
		case *types.Struct, *types.Slice, *types.Array, *types.Map:
			return depth > 0 || showsAddress(u.Elem(), depth+1, within)
		}
		return true
	case *types.Signature, *types.Chan:
		return true
	case *types.Basic:
		return u.Kind() == types.UnsafePointer
	case *types.Slice:
		return showsAddress(u.Elem(), depth+1, within)
	case *types.Array:
		return showsAddress(u.Elem(), depth+1, within)
	case *types.Map:
		return showsAddress(u.Key(), depth+1, within) || showsAddress(u.Elem(), depth+1, within)
	case *types.Struct:
		for field := range u.Fields() {
			if showsAddress(field.Type(), depth+1, within) {
				return true
			}
		}
	}
	return false
}

// makesItsText reports whether a type has one of the methods that fmt calls.
func makesItsText(t types.Type) bool {
	methods := types.NewMethodSet(t)
	for _, name := range []string{"Format", "Error", "String"} {
		if methods.Lookup(nil, name) != nil {
			return true
		}
	}
	return false
}
