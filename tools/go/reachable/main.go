// Command reachable prints which functions of the standard library some functions of a module reach by x/tools' VTA call graph, for
// comparison with `cargo run --release --example go_reachable`.
//
//	cd tools/go && go run ./reachable DIR 40 > expected.tsv
//
// Lines: `entry <tab> holder <tab> path`, where entry and holder are functions of the module as `file:offset of the name`, and path
// is what the holder calls; `through` stands behind it where the way leads through code of other modules. Every n-th exported function is an entry, so that about as many as asked for are looked at.
package main

import (
	"bufio"
	"fmt"
	"go/types"
	"log"
	"os"
	"sort"
	"strconv"
	"strings"

	"golang.org/x/tools/go/callgraph"
	"golang.org/x/tools/go/callgraph/cha"
	"golang.org/x/tools/go/callgraph/vta"
	"golang.org/x/tools/go/packages"
	"golang.org/x/tools/go/ssa"
	"golang.org/x/tools/go/ssa/ssautil"

	"sparkproof.dev/tools/module"
)

func main() {
	wanted, err := strconv.Atoi(os.Args[2])
	if err != nil {
		log.Fatal(err)
	}
	looked, err := module.In(os.Args[1], packages.LoadAllSyntax)
	if err != nil {
		log.Fatal(err)
	}
	pkgs, err := looked.Load()
	if err != nil {
		log.Fatal(err)
	}
	program, _ := ssautil.AllPackages(pkgs, ssa.InstantiateGenerics)
	program.Build()
	functions := ssautil.AllFunctions(program)
	graph := vta.CallGraph(functions, cha.CallGraph(program))

	place := func(fn *ssa.Function) string {
		for fn.Parent() != nil {
			fn = fn.Parent()
		}
		if origin := fn.Origin(); origin != nil {
			fn = origin
		}
		if fn.Object() == nil || !fn.Object().Pos().IsValid() {
			return ""
		}
		return looked.Place(fn.Object().Pos())
	}
	byPlace := map[string][]*ssa.Function{}
	var entries []string
	for fn := range functions {
		if at := place(fn); at != "" && fn.Parent() == nil && fn.Object() != nil && fn.Object().Exported() && fn.Synthetic == "" {
			if byPlace[at] == nil {
				entries = append(entries, at)
			}
			byPlace[at] = append(byPlace[at], fn)
		}
	}
	sort.Strings(entries)
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	step := max(1, len(entries)/wanted)
	for i := 0; i < len(entries); i += step {
		var nodes []*callgraph.Node
		for _, fn := range byPlace[entries[i]] {
			if node := graph.Nodes[fn]; node != nil {
				nodes = append(nodes, node)
			}
		}
		leaves := reach(nodes, place, false)
		for leaf := range reach(nodes, place, true) {
			if !leaves[leaf] {
				leaves[leaf+"\tthrough"] = true
			}
		}
		fmt.Fprintf(out, "%s\n", entries[i])
		for _, leaf := range sorted(leaves) {
			fmt.Fprintf(out, "%s\t%s\n", entries[i], leaf)
		}
	}
}

// reach collects what is called below some functions; on request also where only code of other modules leads on to the module's.
func reach(open []*callgraph.Node, place func(*ssa.Function) string, through bool) map[string]bool {
	leaves := map[string]bool{}
	seen := map[*callgraph.Node]bool{}
	for len(open) > 0 {
		node := open[len(open)-1]
		open = open[:len(open)-1]
		if seen[node] {
			continue
		}
		seen[node] = true
		holder := place(node.Func)
		// Wrappers and instances have no place of their own, and belong to the module all the same.
		outside := holder == "" && node.Func.Pkg != nil
		if outside && !through {
			continue
		}
		for _, edge := range node.Out {
			open = append(open, edge.Callee)
			if edge.Site == nil {
				continue
			}
			if callee := edge.Site.Common().StaticCallee(); holder != "" && callee != nil {
				if path := standard(callee); path != "" {
					leaves[holder+"\t"+path] = true
				}
			}
		}
	}
	return leaves
}

// standard is the full name of a function of the standard library.
func standard(fn *ssa.Function) string {
	object, ok := fn.Object().(*types.Func)
	if !ok || object.Pkg() == nil {
		return ""
	}
	first, _, _ := strings.Cut(object.Pkg().Path(), "/")
	if strings.Contains(first, ".") {
		return ""
	}
	return module.Name(object)
}

func sorted(set map[string]bool) []string {
	all := make([]string, 0, len(set))
	for key := range set {
		all = append(all, key)
	}
	sort.Strings(all)
	return all
}
