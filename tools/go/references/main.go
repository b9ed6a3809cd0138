// Command references prints what go/types says about each name of another module or of the standard library that a module
// uses, for comparison with `cargo run --release --example go_references`.
//
//	cd tools/go && go run ./references DIR > expected.tsv
//
// Lines: `F <tab> file` for each file that was looked at, and `file <tab> end offset of the name <tab> path`. Fields of structs
// that have no name are left out on both sides: `?`.
package main

import (
	"bufio"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"log"
	"os"
	"sort"
	"strings"

	"golang.org/x/tools/go/packages"

	"sparkproof.dev/tools/module"
)

func main() {
	looked, err := module.In(os.Args[1], packages.NeedName|packages.NeedFiles|packages.NeedCompiledGoFiles|packages.NeedImports|
		packages.NeedDeps|packages.NeedTypes|packages.NeedSyntax|packages.NeedTypesInfo)
	if err != nil {
		log.Fatal(err)
	}
	looked.Config.Tests = true
	looked.Config.ParseFile = func(fset *token.FileSet, name string, src []byte) (*ast.File, error) {
		file, err := parser.ParseFile(fset, name, src, parser.SkipObjectResolution)
		if file != nil && looked.Relative(name) == "" {
			// Bodies of dependencies say nothing about what they declare.
			for _, decl := range file.Decls {
				if fn, ok := decl.(*ast.FuncDecl); ok {
					fn.Body = nil
				}
			}
		}
		return file, err
	}
	pkgs, err := looked.Load()
	if err != nil {
		log.Fatal(err)
	}
	owners := map[types.Object]string{}
	done := map[*types.Package]bool{}
	seen := map[string]bool{}
	var lines []string
	for _, p := range pkgs {
		for i, file := range p.Syntax {
			name := p.CompiledGoFiles[i]
			rel := looked.Relative(name)
			if rel == "" || p.IllTyped && hasErrors(p, name) {
				continue
			}
			if !seen["F"+rel] {
				seen["F"+rel] = true
				lines = append(lines, "F\t"+rel)
			}
			ast.Inspect(file, func(node ast.Node) bool {
				id, ok := node.(*ast.Ident)
				if !ok {
					return true
				}
				object := p.TypesInfo.Uses[id]
				if object == nil || object.Pkg() == nil {
					return true
				}
				if _, ok := object.(*types.PkgName); ok {
					return true
				}
				// What the repository declares itself, in whichever of its modules, is its own.
				if looked.Relative(looked.Config.Fset.Position(object.Pos()).Filename) != "" {
					return true
				}
				position := looked.Config.Fset.PositionFor(id.End(), false)
				key := fmt.Sprintf("%s\t%d", rel, position.Offset)
				if !seen[key] {
					seen[key] = true
					lines = append(lines, key+"\t"+path(object, owners, done))
				}
				return true
			})
		}
	}
	sort.Strings(lines)
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	for _, line := range lines {
		fmt.Fprintln(out, line)
	}
}

func hasErrors(p *packages.Package, name string) bool {
	for _, e := range p.Errors {
		if strings.HasPrefix(e.Pos, name) {
			return true
		}
	}
	return false
}

func path(object types.Object, owners map[types.Object]string, done map[*types.Package]bool) string {
	switch object := object.(type) {
	case *types.Func:
		return module.Name(object)
	case *types.Var:
		if !object.IsField() {
			break
		}
		if !done[object.Pkg()] {
			done[object.Pkg()] = true
			own(object.Pkg(), owners)
		}
		owner := owners[object.Origin()]
		if owner == "" {
			return "?"
		}
		return owner + "." + object.Name()
	}
	return object.Pkg().Path() + "." + object.Name()
}

// own finds the type that declares each field: the one whose name stands nearest before it.
func own(p *types.Package, owners map[types.Object]string) {
	at := map[types.Object]token.Pos{}
	for _, name := range p.Scope().Names() {
		object, ok := p.Scope().Lookup(name).(*types.TypeName)
		if !ok || object.IsAlias() {
			continue
		}
		s, ok := object.Type().Underlying().(*types.Struct)
		if !ok {
			continue
		}
		for i := range s.NumFields() {
			field := s.Field(i)
			if object.Pos() < field.Pos() && object.Pos() > at[field] {
				at[field] = object.Pos()
				owners[field] = p.Path() + "." + name
			}
		}
	}
}
