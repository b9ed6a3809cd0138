// Command stdapi writes the exported declarations of the standard library as Go text without bodies, zlib-compressed.
// sparkproof reads it with its own Go reader where a file imports the standard library.
//
//	cd tools/go && go run ./stdapi ../../src/go/std.zz
//	cd tools/go && go run ./stdapi -stubs ../go-stubs ../../src/go/stubs.zz
//
// The second form writes the packages of other modules that the package in that folder imports, for repositories whose modules do not
// lie at hand.
//
// Each package begins with a form feed and its import path. Imports are named after the whole path, because two packages may
// share a name. Fields and methods that only the package itself can name are left out.
package main

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"go/ast"
	"go/build"
	"go/constant"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"log"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"sort"
	"strings"

	"golang.org/x/tools/go/packages"
)

// The names of these systems are joined, the first system's declaration counting where they differ.
var systems = []string{"linux", "windows", "darwin"}

type pkg struct {
	name    string
	imports map[string]bool
	lines   map[string]string // by the declared name, `Type.Method` for methods
}

type writer struct {
	pkgs map[string]*pkg
	todo []*types.Named // of this system, still to be written
	seen map[string]bool
	// Only packages of other modules are written.
	stubs bool
}

func main() {
	w := &writer{pkgs: map[string]*pkg{}}
	switch {
	case len(os.Args) == 2:
		for _, system := range systems {
			w.system(system)
		}
	case len(os.Args) == 4 && os.Args[1] == "-stubs":
		w.stubs = true
		w.imported(os.Args[2])
	default:
		log.Fatal("usage: stdapi [-stubs DIR] FILE")
	}
	file := os.Args[len(os.Args)-1]
	text := w.text()
	var packed bytes.Buffer
	z, err := zlib.NewWriterLevel(&packed, zlib.BestCompression)
	check(err)
	_, err = z.Write(text)
	check(err)
	check(z.Close())
	check(os.WriteFile(file, packed.Bytes(), 0o644))
	fmt.Printf("%s: %d packages, %d bytes, %d compressed\n", runtime.Version(), len(w.pkgs), len(text), packed.Len())
	if plain := os.Getenv("PLAIN"); plain != "" {
		check(os.WriteFile(plain, text, 0o644))
	}
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func (w *writer) system(system string) {
	build.Default.GOOS, build.Default.GOARCH, build.Default.CgoEnabled = system, "amd64", false
	list := exec.Command("go", "list", "std")
	list.Env = append(os.Environ(), "GOOS="+system, "GOARCH=amd64", "CGO_ENABLED=0")
	out, err := list.Output()
	check(err)
	imp := importer.ForCompiler(token.NewFileSet(), "source", nil)
	w.seen = map[string]bool{}
	for _, path := range strings.Fields(string(out)) {
		if strings.HasPrefix(path, "vendor/") || slices.Contains(strings.Split(path, "/"), "internal") || path == "unsafe" {
			continue
		}
		p, err := imp.Import(path)
		if err != nil {
			log.Printf("%s on %s: %v", path, system, err)
			continue
		}
		scope := p.Scope()
		for _, name := range scope.Names() {
			if token.IsExported(name) {
				w.object(scope.Lookup(name))
			}
		}
		w.of(p)
	}
	w.rest()
}

// imported writes what the package in a folder imports from other modules.
func (w *writer) imported(folder string) {
	w.seen = map[string]bool{}
	config := &packages.Config{
		Mode: packages.NeedName | packages.NeedImports | packages.NeedDeps | packages.NeedTypes | packages.NeedSyntax | packages.NeedFiles,
		Dir:  folder,
		Env:  append(os.Environ(), "GOOS=linux", "GOARCH=amd64", "CGO_ENABLED=0"),
		ParseFile: func(fset *token.FileSet, name string, src []byte) (*ast.File, error) {
			file, err := parser.ParseFile(fset, name, src, parser.SkipObjectResolution)
			if file != nil {
				for _, decl := range file.Decls {
					if fn, ok := decl.(*ast.FuncDecl); ok {
						fn.Body = nil
					}
				}
			}
			return file, err
		},
	}
	loaded, err := packages.Load(config, ".")
	check(err)
	for _, p := range loaded[0].Imports {
		scope := p.Types.Scope()
		for _, name := range scope.Names() {
			if token.IsExported(name) {
				w.object(scope.Lookup(name))
			}
		}
	}
	w.rest()
}

// rest writes what others need.
func (w *writer) rest() {
	for len(w.todo) > 0 {
		named := w.todo[len(w.todo)-1]
		w.todo = w.todo[:len(w.todo)-1]
		w.object(named.Obj())
	}
}

func standard(path string) bool {
	first, _, _ := strings.Cut(path, "/")
	return !strings.Contains(first, ".")
}

func (w *writer) of(p *types.Package) *pkg {
	known := w.pkgs[p.Path()]
	if known == nil {
		known = &pkg{name: p.Name(), imports: map[string]bool{}, lines: map[string]string{}}
		w.pkgs[p.Path()] = known
	}
	return known
}

func (w *writer) put(in *pkg, key, line string) {
	if _, ok := in.lines[key]; !ok {
		in.lines[key] = line
	}
}

func mangled(path string) string {
	return strings.NewReplacer("/", "_", ".", "_", "-", "_").Replace(path)
}

func (w *writer) object(object types.Object) {
	if object.Pkg() == nil || w.stubs && standard(object.Pkg().Path()) {
		return
	}
	key := object.Pkg().Path() + "." + object.Name()
	if w.seen[key] {
		return
	}
	w.seen[key] = true
	in := w.of(object.Pkg())
	switch object := object.(type) {
	case *types.Const:
		w.put(in, object.Name(), "const "+object.Name()+w.constant(object))
	case *types.Var:
		w.put(in, object.Name(), "var "+object.Name()+" "+w.typ(object.Type(), object.Pkg()))
	case *types.Func:
		signature := object.Type().(*types.Signature)
		w.put(in, object.Name(), "func "+object.Name()+w.parameters(signature.TypeParams(), object.Pkg())+w.signature(signature, object.Pkg()))
	case *types.TypeName:
		w.typeName(object)
	}
}

func (w *writer) constant(c *types.Const) string {
	basic, ok := c.Type().(*types.Basic)
	if !ok {
		return " " + w.typ(c.Type(), c.Pkg()) + " = 0"
	}
	if basic.Info()&types.IsUntyped == 0 {
		return " " + basic.Name() + " = 0"
	}
	switch c.Val().Kind() {
	case constant.Bool:
		return " = true"
	case constant.String:
		return ` = ""`
	case constant.Int:
		if basic.Kind() == types.UntypedRune {
			return " = 'a'"
		}
		if basic.Kind() == types.UntypedFloat {
			return " = 0.0"
		}
		return " = 0"
	default:
		return " = 0.0"
	}
}

func (w *writer) typeName(object *types.TypeName) {
	in := w.of(object.Pkg())
	if object.IsAlias() {
		alias, ok := object.Type().(*types.Alias)
		if !ok {
			w.put(in, object.Name(), "type "+object.Name()+" = "+w.typ(object.Type(), object.Pkg()))
			return
		}
		w.put(in, object.Name(), "type "+object.Name()+w.parameters(alias.TypeParams(), object.Pkg())+" = "+w.typ(alias.Rhs(), object.Pkg()))
		return
	}
	named := object.Type().(*types.Named)
	line := "type " + object.Name() + w.parameters(named.TypeParams(), object.Pkg()) + " "
	switch under := named.Underlying().(type) {
	case *types.Struct:
		line += w.structure(under, object.Pkg())
	case *types.Interface:
		line += w.iface(under, object.Pkg())
	default:
		line += w.typ(under, object.Pkg())
	}
	w.put(in, object.Name(), line)
	for i := range named.NumMethods() {
		method := named.Method(i)
		if !method.Exported() {
			continue
		}
		signature := method.Type().(*types.Signature)
		receiver := w.typ(signature.Recv().Type(), object.Pkg())
		w.put(in, object.Name()+"."+method.Name(), "func ("+receiver+") "+method.Name()+w.signature(signature, object.Pkg()))
	}
}

func (w *writer) structure(s *types.Struct, home *types.Package) string {
	var fields []string
	for i := range s.NumFields() {
		field := s.Field(i)
		switch {
		case field.Embedded():
			fields = append(fields, w.typ(field.Type(), home))
		case field.Exported():
			fields = append(fields, field.Name()+" "+w.typ(field.Type(), home))
		}
	}
	return "struct{" + strings.Join(fields, "; ") + "}"
}

func (w *writer) iface(i *types.Interface, home *types.Package) string {
	var parts []string
	for k := range i.NumExplicitMethods() {
		if method := i.ExplicitMethod(k); method.Exported() {
			parts = append(parts, method.Name()+w.signature(method.Type().(*types.Signature), home))
		}
	}
	for k := range i.NumEmbeddeds() {
		parts = append(parts, w.typ(i.EmbeddedType(k), home))
	}
	return "interface{" + strings.Join(parts, "; ") + "}"
}

func (w *writer) parameters(list *types.TypeParamList, home *types.Package) string {
	if list.Len() == 0 {
		return ""
	}
	var parts []string
	for i := range list.Len() {
		parts = append(parts, list.At(i).Obj().Name()+" "+w.typ(list.At(i).Constraint(), home))
	}
	return "[" + strings.Join(parts, ", ") + "]"
}

func (w *writer) signature(s *types.Signature, home *types.Package) string {
	tuple := func(t *types.Tuple, variadic bool) []string {
		var parts []string
		for i := range t.Len() {
			of := t.At(i).Type()
			if slice, ok := of.(*types.Slice); ok && variadic && i == t.Len()-1 {
				parts = append(parts, "..."+w.typ(slice.Elem(), home))
				continue
			}
			parts = append(parts, w.typ(of, home))
		}
		return parts
	}
	text := "(" + strings.Join(tuple(s.Params(), s.Variadic()), ", ") + ")"
	switch results := tuple(s.Results(), false); len(results) {
	case 0:
		return text
	case 1:
		return text + " " + results[0]
	default:
		return text + " (" + strings.Join(results, ", ") + ")"
	}
}

// typ writes a type and remembers what it needs: imports, and unexported or internal types that nothing else would list.
func (w *writer) typ(t types.Type, home *types.Package) string {
	in := w.of(home)
	w.need(t, map[types.Type]bool{})
	return types.TypeString(t, func(p *types.Package) string {
		if p == home {
			return ""
		}
		in.imports[p.Path()] = true
		return mangled(p.Path())
	})
}

func (w *writer) need(t types.Type, seen map[types.Type]bool) {
	if t == nil || seen[t] {
		return
	}
	seen[t] = true
	switch t := t.(type) {
	case *types.Alias:
		w.need(t.Rhs(), seen)
		if t.Obj().Pkg() != nil {
			w.object(t.Obj())
		}
	case *types.Named:
		if t.Obj().Pkg() != nil {
			w.todo = append(w.todo, t.Origin())
		}
		for i := range t.TypeArgs().Len() {
			w.need(t.TypeArgs().At(i), seen)
		}
	case *types.Pointer:
		w.need(t.Elem(), seen)
	case *types.Slice:
		w.need(t.Elem(), seen)
	case *types.Array:
		w.need(t.Elem(), seen)
	case *types.Chan:
		w.need(t.Elem(), seen)
	case *types.Map:
		w.need(t.Key(), seen)
		w.need(t.Elem(), seen)
	case *types.Signature:
		for i := range t.Params().Len() {
			w.need(t.Params().At(i).Type(), seen)
		}
		for i := range t.Results().Len() {
			w.need(t.Results().At(i).Type(), seen)
		}
	case *types.Struct:
		for i := range t.NumFields() {
			w.need(t.Field(i).Type(), seen)
		}
	case *types.Interface:
		for i := range t.NumExplicitMethods() {
			w.need(t.ExplicitMethod(i).Type(), seen)
		}
		for i := range t.NumEmbeddeds() {
			w.need(t.EmbeddedType(i), seen)
		}
	case *types.Union:
		for i := range t.Len() {
			w.need(t.Term(i).Type(), seen)
		}
	}
}

const unsafe = `package unsafe
type Pointer *int
func Alignof(any) uintptr
func Offsetof(any) uintptr
func Sizeof(any) uintptr
func Add(Pointer, int) Pointer
func Slice[T any](*T, int) []T
func SliceData[T any]([]T) *T
func String(*byte, int) string
func StringData(string) *byte
`

func (w *writer) text() []byte {
	var out bytes.Buffer
	paths := []string{}
	for path := range w.pkgs {
		paths = append(paths, path)
	}
	sort.Strings(paths)
	for _, path := range paths {
		p := w.pkgs[path]
		fmt.Fprintf(&out, "\f%s\npackage %s\n", path, p.name)
		for _, imported := range keys(p.imports) {
			fmt.Fprintf(&out, "import %s %q\n", mangled(imported), imported)
		}
		for _, key := range keys(p.lines) {
			out.WriteString(p.lines[key])
			out.WriteByte('\n')
		}
	}
	if !w.stubs {
		out.WriteString("\funsafe\n" + unsafe)
	}
	return out.Bytes()
}

func keys[V any](m map[string]V) []string {
	all := make([]string, 0, len(m))
	for key := range m {
		all = append(all, key)
	}
	sort.Strings(all)
	return all
}
