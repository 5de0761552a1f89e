package vet

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"
)

// A conduct is what a call of a function may change: a loop in no particular
// order may call one that only looks.
type conduct int

const (
	unknown  conduct = iota
	looks            // changes nothing that outlives it
	receiver         // changes nothing but what its receiver, or else its first argument, refers to
)

// conductFact tells other packages a function's conduct.
type conductFact struct{ Conduct conduct }

func (*conductFact) AFact() {}

func (c *conductFact) String() string { return [...]string{"unknown", "looks", "receiver"}[c.Conduct] }

func (g *graph) exportConducts() {
	for _, f := range g.functions {
		if f.object != nil && !f.test && f.body != nil {
			if c := g.conduct(f.object); c != unknown {
				g.pass.ExportObjectFact(f.object, &conductFact{c})
			}
		}
	}
}

// lookingPackages are those of the standard library whose functions change
// nothing but what they are given by pointer.
var lookingPackages = []string{"bytes", "cmp", "encoding/base64", "encoding/hex", "errors", "fmt", "hash/crc32", "maps", "math", "math/bits",
	"net/netip", "path", "reflect", "slices", "sort", "strconv", "strings", "time", "unicode", "unicode/utf16", "unicode/utf8"}

// reaching are those of their functions that reach further.
var reaching = []string{"reflect.Value.Call", "reflect.Value.CallSlice", "reflect.Value.Clear", "reflect.Value.Grow",
	"reflect.Value.Send", "reflect.Value.TrySend", "reflect.Value.Recv", "reflect.Value.TryRecv", "reflect.Select",
	"fmt.Print", "fmt.Printf", "fmt.Println", "fmt.Fprint", "fmt.Fprintf", "fmt.Fprintln", "fmt.Scan", "fmt.Scanf", "fmt.Scanln"}

// changing are those that change what their first argument refers to.
var changing = []string{"slices.Sort", "slices.SortFunc", "slices.SortStableFunc", "slices.Reverse", "slices.Delete", "slices.DeleteFunc",
	"slices.Insert", "slices.Replace", "slices.Compact", "slices.CompactFunc", "maps.Copy", "maps.Insert", "maps.DeleteFunc", "reflect.Copy",
	"sort.Sort", "sort.Stable", "sort.Slice", "sort.SliceStable", "sort.Strings", "sort.Ints", "sort.Float64s"}

// conduct is that of a function, declared here or elsewhere.
func (g *graph) conduct(f *types.Func) conduct {
	if f == nil || f.Pkg() == nil {
		return unknown
	}
	if types.IsInterface(receiverType(f)) {
		return interfaceConduct(f)
	}
	if f.Pkg() != g.pass.Pkg {
		return g.conductElsewhere(f)
	}
	if known, ok := g.conducts[f]; ok {
		return known
	}
	g.conducts[f] = looks // of a recursive call, while it is found out
	declared := g.declared[f]
	found := unknown
	if declared != nil && declared.body != nil {
		found = g.conductOf(declared.body, declared.node, f.Signature().Recv())
	}
	g.conducts[f] = found
	return found
}

func receiverType(f *types.Func) types.Type {
	if receiver := f.Signature().Recv(); receiver != nil {
		return receiver.Type()
	}
	return types.Typ[types.Invalid]
}

// interfaceConduct trusts the names of methods that everybody writes alike, and
// knows the engine's own.
func interfaceConduct(f *types.Func) conduct {
	switch name := f.Name(); {
	case name == "Error", name == "String", f.Pkg().Path() == "reflect",
		f.Pkg().Path() == engine && slices.Contains([]string{"ID", "Now", "Elapsed"}, name):
		return looks
	case f.Pkg().Path() == engine && name == "Stop": // a Timer's
		return receiver
	}
	return unknown
}

func (g *graph) conductElsewhere(f *types.Func) conduct {
	if slices.Contains(lookingPackages, f.Pkg().Path()) {
		_, byPointer := receiverType(f).(*types.Pointer)
		_, _, forbidden := banned(f)
		name, _ := nameInPackage(f)
		name = f.Pkg().Path() + "." + name
		switch {
		case forbidden || slices.Contains(reaching, name) || strings.HasPrefix(name, "reflect.Value.Set"):
			return unknown
		case slices.Contains(changing, name), byPointer && !strings.HasPrefix(name, "reflect.MapIter."):
			return receiver
		}
		return looks
	}
	var fact conductFact
	g.pass.ImportObjectFact(f, &fact)
	return fact.Conduct
}

// conductOf is that of a body: what lies within scope dies with the call.
func (g *graph) conductOf(body *ast.BlockStmt, scope ast.Node, own *types.Var) conduct {
	c := looks
	change := func(target ast.Expr) {
		switch root := g.rootObject(target); {
		case isBlank(target):
		case root != nil && own != nil && root == types.Object(own):
			if _, ok := own.Type().Underlying().(*types.Pointer); ok || refers(g, target) {
				c = max(c, receiver)
			}
		case root == nil || root.Pos() < scope.Pos() || root.Pos() >= scope.End(), refers(g, target) && !g.fresh(root, scope):
			c = impure
		}
	}
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			if n.Tok != token.DEFINE {
				for _, target := range n.Lhs {
					change(target)
				}
			}
		case *ast.IncDecStmt:
			change(n.X)
		case *ast.GoStmt, *ast.SendStmt, *ast.SelectStmt:
			c = impure
		case *ast.CallExpr:
			switch g.callConduct(n) {
			case unknown:
				c = impure
			case receiver:
				change(&ast.StarExpr{X: g.changed(n)})
			}
		}
		return true
	})
	if c == impure {
		return unknown
	}
	return c
}

// impure outweighs every other conduct while a body is read.
const impure conduct = receiver + 1

// changed is what a call of conduct receiver changes: the receiver of a method,
// else the first argument.
func (g *graph) changed(call *ast.CallExpr) ast.Expr {
	if selector, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr); ok && g.info.Selections[selector] != nil {
		return selector.X
	}
	return call.Args[0]
}

// callConduct is the conduct of a call: receiver also for a function that
// changes its first argument.
func (g *graph) callConduct(call *ast.CallExpr) conduct {
	if g.info.Types[call.Fun].IsType() {
		return looks
	}
	switch g.builtin(call) {
	case "":
	case "delete", "clear", "copy":
		return receiver
	case "close", "print", "println", "recover":
		return unknown
	default:
		return looks
	}
	if literal, ok := ast.Unparen(call.Fun).(*ast.FuncLit); ok {
		return g.conductOf(literal.Body, literal, nil)
	}
	return g.conduct(g.callee(call))
}

// refers reports whether a target is not a variable itself, but what is reached
// through a pointer, a slice or a map.
func refers(g *graph, target ast.Expr) bool {
	switch x := ast.Unparen(target).(type) {
	case *ast.StarExpr:
		return true
	case *ast.SelectorExpr:
		_, pointer := g.typeOf(x.X).Underlying().(*types.Pointer)
		return pointer || refers(g, x.X)
	case *ast.IndexExpr:
		_, array := g.typeOf(x.X).Underlying().(*types.Array)
		return !array || refers(g, x.X)
	}
	return false
}

// fresh reports whether all that a local variable refers to was made within
// scope: it is only ever set to what is made on the spot.
func (g *graph) fresh(local types.Object, scope ast.Node) bool {
	made := false
	ok := true
	ast.Inspect(scope, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for i, target := range n.Lhs {
				if name, isName := target.(*ast.Ident); isName && g.info.ObjectOf(name) == local {
					made = true
					ok = ok && len(n.Lhs) == len(n.Rhs) && g.makes(n.Rhs[i], local)
				}
			}
		case *ast.ValueSpec:
			for i, name := range n.Names {
				if g.info.Defs[name] == local {
					made = true
					ok = ok && (len(n.Values) == 0 || len(n.Values) == len(n.Names) && g.makes(n.Values[i], local))
				}
			}
		}
		return true
	})
	return made && ok
}

// makes reports whether an expression makes something new, or goes on with
// what local was.
func (g *graph) makes(e ast.Expr, local types.Object) bool {
	switch e := ast.Unparen(e).(type) {
	case *ast.CompositeLit:
		return true
	case *ast.UnaryExpr:
		_, literal := ast.Unparen(e.X).(*ast.CompositeLit)
		return e.Op == token.AND && literal
	case *ast.CallExpr:
		switch g.builtin(e) {
		case "make", "new":
			return true
		case "append":
			return g.rootObject(e.Args[0]) == local || g.makes(e.Args[0], local)
		}
		if g.info.Types[e.Fun].IsType() {
			return len(e.Args) == 1 && g.makes(e.Args[0], local) // []byte(nil)
		}
		f := g.callee(e)
		return f != nil && f.Pkg() != nil && (f.Pkg().Path() == "strings" || slices.Contains(making, f.Pkg().Path()+"."+f.Name()))
	case *ast.Ident:
		return g.info.Types[e].IsNil()
	}
	return !refersType(g.typeOf(e))
}

// making are functions of the standard library whose result is new, besides
// all of package strings.
var making = []string{"slices.Clone", "slices.Collect", "slices.Sorted", "slices.SortedFunc", "slices.SortedStableFunc", "slices.Concat",
	"slices.Repeat", "maps.Clone", "maps.Collect", "bytes.Clone"}

// refersType reports whether a value of this type refers to other memory.
func refersType(t types.Type) bool {
	switch t.Underlying().(type) {
	case *types.Basic:
		return false
	}
	return true
}

func isBlank(e ast.Expr) bool {
	name, ok := e.(*ast.Ident)
	return ok && name.Name == "_"
}
