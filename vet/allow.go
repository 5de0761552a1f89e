package vet

import (
	"go/ast"
	"go/token"
	"strings"

	"golang.org/x/tools/go/analysis"
)

const allowDirective = "//seedbed:allow"

// An allowance is a comment that silences what is found on its line or the
// next; before the package clause, in its whole file.
type allowance struct {
	at     token.Pos
	reason string
	used   bool
}

// allowances are those of a package, by file and line.
type allowances struct {
	pass  *analysis.Pass
	lines map[line]*allowance
	files map[string]*allowance
	all   []*allowance
	// waiting are those that silence something in a function which is not
	// known yet to be of use to a simulation.
	waiting map[*allowance][]*function
}

type line struct {
	file string
	line int
}

func readAllowances(pass *analysis.Pass) *allowances {
	a := &allowances{pass: pass, lines: make(map[line]*allowance), files: make(map[string]*allowance), waiting: make(map[*allowance][]*function)}
	for _, file := range pass.Files {
		for _, group := range file.Comments {
			for _, c := range group.List {
				a.read(c, file)
			}
		}
	}
	return a
}

func (a *allowances) read(c *ast.Comment, file *ast.File) {
	rest, ok := strings.CutPrefix(c.Text, allowDirective)
	if !ok || rest != "" && rest[0] != ' ' && rest[0] != '\t' {
		return
	}
	one := &allowance{at: c.Pos(), reason: strings.TrimSpace(rest)}
	a.all = append(a.all, one)
	p := a.pass.Fset.Position(c.Pos())
	if c.Pos() < file.Package {
		a.files[p.Filename] = one
	} else {
		a.lines[line{p.Filename, p.Line}] = one
	}
}

// take reports whether a finding in f is allowed.
func (a *allowances) take(at token.Pos, f *function) bool {
	p := a.pass.Fset.Position(at)
	one := a.lines[line{p.Filename, p.Line}]
	if one == nil {
		one = a.lines[line{p.Filename, p.Line - 1}]
	}
	if one == nil {
		one = a.files[p.Filename]
	}
	if one == nil || one.reason == "" {
		return false
	}
	a.waiting[one] = append(a.waiting[one], f)
	return true
}

// report finds fault with allowances that give no reason or silence nothing: no
// function that runs inside a simulation, or might when another package calls
// it.
func (a *allowances) report(inside map[*function]*function) {
	for one, functions := range a.waiting {
		for _, f := range functions {
			if _, ok := inside[f]; ok || !f.test && a.pass.Pkg.Name() != "main" {
				one.used = true
			}
		}
	}
	for _, one := range a.all {
		switch {
		case one.reason == "":
			a.pass.Reportf(one.at, "%s gives no reason: say on the same line why one seed is still one run", allowDirective)
		case !one.used:
			a.pass.Reportf(one.at, "%s silences nothing: take it away, or put it on the line of the finding, the one before, or before the package clause", allowDirective)
		}
	}
}
