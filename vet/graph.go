package vet

import (
	"go/ast"
	"go/types"
	"slices"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/astutil"
)

// A function is a declared one or a literal: a node of the package's graph of
// calls.
type function struct {
	name     string
	object   *types.Func // nil for a literal
	node     ast.Node    // *ast.FuncDecl or *ast.FuncLit
	kind     *ast.FuncType
	body     *ast.BlockStmt
	literals []*function // that lie in it
	mentions []mention
	test     bool // declared in a test file
	does     []effect
}

// A mention is a place in a function that names a function, or a variable that
// may hold one.
type mention struct {
	at     *ast.Ident
	object types.Object
}

// A graph is one package: its functions, and who mentions whom.
type graph struct {
	pass      *analysis.Pass
	info      *types.Info
	functions []*function
	declared  map[*types.Func]*function
	literal   map[*ast.FuncLit]*function
	assigned  map[types.Object][]ast.Expr // function values, by the variable or field that they are put in
	parent    map[ast.Node]ast.Node
	following map[*function][]*function // what next has answered
	conducts  map[*types.Func]conduct
}

func newGraph(pass *analysis.Pass) *graph {
	g := &graph{
		pass: pass, info: pass.TypesInfo,
		declared: make(map[*types.Func]*function), literal: make(map[*ast.FuncLit]*function),
		assigned: make(map[types.Object][]ast.Expr), parent: make(map[ast.Node]ast.Node), conducts: make(map[*types.Func]conduct),
	}
	g.following = make(map[*function][]*function)
	for _, file := range pass.Files {
		g.readFile(file)
	}
	return g
}

// readFile enters the functions of a file, what each mentions, and what is put
// into variables.
func (g *graph) readFile(file *ast.File) {
	var within []*function
	astutil.Apply(file, func(c *astutil.Cursor) bool {
		n := c.Node()
		if n == nil {
			return false
		}
		g.parent[n] = c.Parent()
		switch n := n.(type) {
		case *ast.FuncDecl:
			object, _ := g.info.Defs[n.Name].(*types.Func)
			f := &function{name: functionName(object), object: object, node: n, kind: n.Type, body: n.Body}
			g.declared[object] = f
			within = append(within, g.add(f))
		case *ast.FuncLit:
			f := g.add(&function{node: n, kind: n.Type, body: n.Body, name: "a function literal"})
			g.literal[n] = f
			if len(within) > 0 {
				outer := within[len(within)-1]
				outer.literals = append(outer.literals, f)
				f.name = "a function literal in " + outer.name
			}
			within = append(within, f)
		case *ast.Ident:
			if object := g.info.Uses[n]; len(within) > 0 && (isFunction(object) || isVariable(object)) {
				f := within[len(within)-1]
				f.mentions = append(f.mentions, mention{n, origin(object)})
			}
		default:
			g.readAssignment(n)
		}
		return true
	}, func(c *astutil.Cursor) bool {
		if len(within) > 0 && within[len(within)-1].node == c.Node() {
			within = within[:len(within)-1]
		}
		return true
	})
}

func (g *graph) add(f *function) *function {
	f.test = g.inTest(f.node)
	g.functions = append(g.functions, f)
	return f
}

// readAssignment notes the function values that a statement or literal puts
// into variables and fields.
func (g *graph) readAssignment(n ast.Node) {
	switch n := n.(type) {
	case *ast.AssignStmt:
		if len(n.Lhs) == len(n.Rhs) {
			for i, target := range n.Lhs {
				g.assign(g.named(target), n.Rhs[i])
			}
		}
	case *ast.ValueSpec:
		if len(n.Names) == len(n.Values) {
			for i, target := range n.Names {
				g.assign(g.info.Defs[target], n.Values[i])
			}
		}
	case *ast.CompositeLit:
		structure, ok := g.typeOf(n).Underlying().(*types.Struct)
		if !ok {
			return
		}
		for i, element := range n.Elts {
			if pair, ok := element.(*ast.KeyValueExpr); ok {
				g.assign(g.named(pair.Key), pair.Value)
			} else if i < structure.NumFields() {
				g.assign(structure.Field(i), element)
			}
		}
	}
}

func (g *graph) assign(target types.Object, value ast.Expr) {
	if target == nil {
		return
	}
	if _, ok := g.typeOf(value).Underlying().(*types.Signature); ok {
		target = origin(target)
		g.assigned[target] = append(g.assigned[target], value)
	}
}

// named is the object that an expression names: x, p.x, or (p.x).
func (g *graph) named(e ast.Expr) types.Object {
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		return origin(g.info.ObjectOf(e))
	case *ast.SelectorExpr:
		return origin(g.info.Uses[e.Sel])
	case *ast.IndexExpr: // an instance of a generic function
		return g.named(e.X)
	case *ast.IndexListExpr:
		return g.named(e.X)
	}
	return nil
}

// typeOf is the type of an expression, never nil.
func (g *graph) typeOf(e ast.Expr) types.Type {
	if t := g.info.TypeOf(e); t != nil {
		return t
	}
	return types.Typ[types.Invalid]
}

// callee is the function or method that a call names, nil if it is a value, a
// conversion or built in.
func (g *graph) callee(call *ast.CallExpr) *types.Func {
	f, _ := g.named(call.Fun).(*types.Func)
	return f
}

// values are the functions of this package that an expression of function type
// may be, as far as it says so.
func (g *graph) values(e ast.Expr, seen map[types.Object]bool) []*function {
	if literal, ok := ast.Unparen(e).(*ast.FuncLit); ok {
		return []*function{g.literal[literal]}
	}
	return g.held(g.named(e), seen)
}

// held are the functions that an object is, or that are put into it.
func (g *graph) held(object types.Object, seen map[types.Object]bool) []*function {
	if object == nil || seen[object] {
		return nil
	}
	seen[object] = true
	if f, ok := object.(*types.Func); ok {
		if declared := g.declared[f]; declared != nil {
			return []*function{declared}
		}
		return nil
	}
	var all []*function
	for _, value := range g.assigned[object] {
		all = append(all, g.values(value, seen)...)
	}
	return all
}

// next are the functions of this package that run when f does.
func (g *graph) next(f *function) []*function {
	if known, ok := g.following[f]; ok {
		return known
	}
	all := slices.Clip(f.literals)
	for _, m := range f.mentions {
		all = append(all, g.held(m.object, make(map[types.Object]bool))...)
	}
	g.following[f] = all
	return all
}

func isFunction(object types.Object) bool { _, ok := object.(*types.Func); return ok }

func isVariable(object types.Object) bool { _, ok := object.(*types.Var); return ok }

// origin is the generic function, method or field of which object is an
// instance.
func origin(object types.Object) types.Object {
	switch o := object.(type) {
	case *types.Func:
		return o.Origin()
	case *types.Var:
		return o.Origin()
	}
	return object
}

// functionName is how messages call a function: raft.Node.Receive.
func functionName(f *types.Func) string {
	if f == nil {
		return "a function"
	}
	name := f.Name()
	if receiver := f.Signature().Recv(); receiver != nil {
		name = typeName(receiver.Type()) + "." + name
	}
	return f.Pkg().Name() + "." + name
}
