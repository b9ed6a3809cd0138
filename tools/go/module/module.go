// Package module is a Go module as the oracles look at it: loaded for Linux on amd64, with names and places as sparkproof prints them.
package module

import (
	"fmt"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"golang.org/x/tools/go/packages"
)

var arguments = regexp.MustCompile(`\[[^\[\]]*\]`)

// Module is a folder that holds one.
type Module struct {
	root   string
	Config *packages.Config
}

// In is the module in a folder; mode says what of its packages is loaded.
func In(folder string, mode packages.LoadMode) (*Module, error) {
	root, err := filepath.Abs(folder)
	if err != nil {
		return nil, err
	}
	return &Module{root, &packages.Config{
		Mode: mode | packages.NeedModule,
		Dir:  root,
		Env:  append(os.Environ(), "CGO_ENABLED=0", "GOOS=linux", "GOARCH=amd64"),
		Fset: token.NewFileSet(),
	}}, nil
}

// Load loads all packages.
func (m *Module) Load() ([]*packages.Package, error) {
	return packages.Load(m.Config, "./...")
}

// Relative is a file's path from the module's root; empty for one of other modules.
func (m *Module) Relative(name string) string {
	rel, err := filepath.Rel(m.root, name)
	if err != nil || strings.HasPrefix(rel, "..") || strings.Contains("/"+rel, "/vendor/") {
		return ""
	}
	return rel
}

// Place is `file:offset` of a position; empty for one in other modules.
func (m *Module) Place(pos token.Pos) string {
	at := m.Config.Fset.PositionFor(pos, false)
	rel := m.Relative(at.Filename)
	if rel == "" {
		return ""
	}
	return fmt.Sprintf("%s:%d", rel, at.Offset)
}

// Name is a function's full name without type arguments.
func Name(function *types.Func) string {
	name := function.Origin().FullName()
	for arguments.MatchString(name) {
		name = arguments.ReplaceAllString(name, "")
	}
	return name
}
