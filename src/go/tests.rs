use super::graph::{self, Root};
use super::{Asked, Depth, Function, Given, Handed, Package, Resolved, Syntax, parse, resolve};
use crate::read::{Extent, Reading};
use crate::source::FileId;
use std::collections::BTreeMap;

fn syntax(number: usize, text: &str) -> Reading<Syntax> {
    parse(FileId(number as u32), text, Depth::Whole)
}

/// Resolves files of a module `m`, with other modules beside it.
fn world(files: &[(&str, &str)], others: &[(&str, &str)], asked: &Asked) -> Resolved {
    let mut packages: BTreeMap<String, Package> = BTreeMap::new();
    for (number, (name, text)) in files.iter().enumerate() {
        let folder = name.rsplit_once('/').map_or("m".to_owned(), |(folder, _)| format!("m/{folder}"));
        let given = Given { name: (*name).to_owned(), syntax: syntax(number, text).body };
        let key = format!("{folder} {}", given.syntax.package_name());
        let package = Package { path: folder, importable: !key.ends_with("_test"), files: Vec::new() };
        packages.entry(key).or_insert(package).files.push(given);
    }
    let loader = |path: &str| {
        let own = others.iter().filter(|(own, _)| *own == path);
        let texts = own.map(|(_, text)| ("a.go".to_owned(), (*text).to_owned())).collect();
        super::Loaded { ours: false, texts }
    };
    let mut resolved = resolve(packages.into_values().collect(), Box::new(loader), asked);
    for function in &mut resolved.functions {
        for reference in &function.references {
            let text = files[reference.span.file.0 as usize].1;
            assert!(text.get(reference.span.range()).is_some(), "{reference:?}");
        }
    }
    resolved
}

fn of(files: &[(&str, &str)]) -> Resolved {
    world(files, &[], &Asked::default())
}

fn all(resolved: &Resolved) -> Vec<String> {
    let mut found: Vec<_> = resolved.functions.iter().flat_map(|f| &f.references).collect();
    found.sort_by_key(|r| (r.span.file, r.span.start, r.span.end));
    found.into_iter().map(|r| r.path.to_string()).collect()
}

fn paths(text: &str) -> Vec<String> {
    all(&of(&[("a.go", text)]))
}

fn within(body: &str) -> Vec<String> {
    let imports = "import (\"fmt\"; \"net\"; \"net/http\"; \"os\"; \"os/exec\"; \"reflect\"; \"slices\"; \"sync\"; \"io\"; \"time\"; \"maps\")";
    paths(&format!("package p\n{imports}\nfunc f() {{\n{body}\n}}\n"))
}

fn function<'r>(resolved: &'r Resolved, name: &str) -> (u32, &'r Function) {
    let number = resolved.functions.iter().position(|f| f.name == name).expect(name);
    (number as u32, &resolved.functions[number])
}

/// The outside names that a function reaches, with the functions they stand in.
fn reached(resolved: &Resolved, from: &str) -> Vec<String> {
    let root = Root { function: function(resolved, from).0, within: None };
    let reached = graph::reach(&resolved.functions, &[root]);
    let here = resolved.functions.iter().zip(&reached).filter(|(_, how)| how.is_some());
    here.flat_map(|(f, _)| f.references.iter().map(|r| format!("{} in {}", r.path, f.name))).collect()
}

#[test]
fn names_follow_imports_aliases_and_dots() {
    let text = "package p\nimport (\n\t\"C\"\n\tweb \"net\"\n\t. \"os\"\n\t_ \"net/http/pprof\"\n\t\"math/rand/v2\"\n\t\"github.com/acme/go-widget/v3\"\n\t\"gopkg.in/yaml.v3\"\n)\n\
        func f() { web.Dial(\"\", \"\"); StartProcess(\"\", nil, nil); widget.Do(rand.IntN(3)); yaml.Marshal(1); C.puts(nil); unknown.Thing() }\n";
    assert_eq!(
        paths(text),
        [
            "net.Dial",
            "os.StartProcess",
            "github.com/acme/go-widget/v3.Do",
            "math/rand/v2.IntN",
            "gopkg.in/yaml.v3.Marshal",
            "C.puts"
        ]
    );
}

#[test]
fn a_package_that_lies_at_hand_says_its_own_name() {
    let others = [
        (
            "a.b/go-odd",
            "package strange\ntype T struct{ *Inner }\ntype Inner struct{}\nfunc (*Inner) Go() error { return nil }\nfunc New() T { return T{} }\n",
        ),
        ("a.b/odd", "package other\nfunc New() int\n"),
    ];
    let text = "package p\nimport (\"a.b/odd\"; \"a.b/go-odd\")\nfunc f() { strange.New().Go().Error(); odd.New(); other.New() }\n";
    let resolved = world(&[("a.go", text)], &others, &Asked::default());
    assert_eq!(all(&resolved), ["a.b/go-odd.New", "(*a.b/go-odd.Inner).Go", "a.b/odd.New"]);
}

#[test]
fn modules_that_rules_ask_for_are_known_without_lying_at_hand() {
    let text = "package p\nimport (\"google.golang.org/grpc\"; \"google.golang.org/grpc/credentials/insecure\"; \"github.com/prometheus/client_golang/prometheus\"; \"google.golang.org/grpc/metadata\")\n\
        func f() {\nc, err := grpc.NewClient(\"x\", grpc.WithTransportCredentials(insecure.NewCredentials()))\nc.Connect()\nerr.Error()\n\
        prometheus.NewCounterVec(prometheus.CounterOpts{Name: \"x\"}, nil).WithLabelValues(\"a\").Inc()\nmetadata.Pairs(\"a\", \"b\").Get(\"a\")\n}\n";
    let found = paths(text);
    for name in [
        "google.golang.org/grpc/credentials/insecure.NewCredentials",
        "(*google.golang.org/grpc.ClientConn).Connect",
        "github.com/prometheus/client_golang/prometheus.CounterOpts.Name",
        "(*github.com/prometheus/client_golang/prometheus.CounterVec).WithLabelValues",
        "(github.com/prometheus/client_golang/prometheus.Counter).Inc",
        "google.golang.org/grpc/metadata.Pairs",
    ] {
        assert!(found.iter().any(|path| path == name), "{name} in {found:?}");
    }
}

#[test]
fn blocks_hide_imports() {
    assert_eq!(within("if http := 1; http > 0 { http.Get() } else { http.Get() }\nhttp.Get(\"\")"), ["net/http.Get"]);
    assert_eq!(within("for _, os := range os.Args { os.Exit(1) }\nos.Exit(1)"), ["os.Args", "os.Exit"]);
    assert_eq!(within("exec := exec.Command(\"a\")\nexec.Wait()"), ["os/exec.Command", "(*os/exec.Cmd).Wait"]);
    assert_eq!(
        within("var x any\nswitch exec := x.(type) { case *exec.Cmd: exec.Run(); case net.Conn: exec.Close() }"),
        ["os/exec.Cmd", "(*os/exec.Cmd).Run", "net.Conn", "(net.Conn).Close"]
    );
    assert_eq!(within("select { case os := <-c: os.Exit(1); case <-d: os.Exit(2) }"), ["os.Exit"]);
    assert_eq!(within("var fmt, os = fmt.Sprint, os.Args\nfmt(os)"), ["fmt.Sprint", "os.Args"]);
    assert_eq!(within("type os struct{}\n_ = os.Exit"), [""; 0]);
    assert_eq!(within("const net = 1\nnet.Dial()"), [""; 0]);
    assert_eq!(within("func(net int) { net.Dial() }(1)\nnet.Dial(\"\", \"\")"), ["net.Dial"]);
    assert_eq!(within("os:\n for { break os }\n os.Exit(1)"), ["os.Exit"]);
    assert_eq!(paths("package p\nimport \"os\"\nfunc f() { os.Exit(1) }\nfunc os() {}\n"), [""; 0]);
    assert_eq!(paths("package p\nimport \"os\"\nfunc f() (os int) { os.Exit(1); return }\n"), [""; 0]);
    // A parameter's name begins to count in the body.
    let text = "package p\nimport \"os\"\nfunc f(os os.File) os.File { return os }\nfunc (os T) g(f *os.File) { os.Exit(1) }\ntype T int\n";
    assert_eq!(paths(text), ["os.File", "os.File", "os.File"]);
}

#[test]
fn types_follow_results_chains_and_fields() {
    assert_eq!(within("c, err := net.Dial(\"\", \"\")\nc.Close()\nerr.Error()"), ["net.Dial", "(net.Conn).Close"]);
    assert_eq!(
        within("exec.Command(\"a\").Process.Kill()"),
        ["os/exec.Command", "os/exec.Cmd.Process", "(*os.Process).Kill"]
    );
    assert_eq!(
        within("(&http.Client{Timeout: time.Second * 2}).Get(\"\")\nnew(http.Client).Head(\"\")"),
        [
            "net/http.Client",
            "net/http.Client.Timeout",
            "time.Second",
            "(*net/http.Client).Get",
            "net/http.Client",
            "(*net/http.Client).Head"
        ]
    );
    assert_eq!(within("reflect.Value.Call(v, nil)"), ["reflect.Value", "(reflect.Value).Call"]);
    assert_eq!(within("var c any = exec.Command(\"\")\nc.Run()"), ["os/exec.Command"]);
    assert_eq!(within("m := map[string][]*exec.Cmd{}\nm[\"\"][0].Run()"), ["os/exec.Cmd", "(*os/exec.Cmd).Run"]);
    assert_eq!(
        within("for _, c := range []struct{ c *exec.Cmd }{{exec.Command(\"\")}} { c.c.Run() }"),
        ["os/exec.Cmd", "os/exec.Command", "(*os/exec.Cmd).Run"]
    );
    assert_eq!(within("d := 2 * time.Second\nd.String()"), ["time.Second", "(time.Duration).String"]);
    assert_eq!(within("p := new(time.Now())\np.Unix()"), ["time.Now", "(time.Time).Unix"]);
    assert_eq!(
        within("var l struct{ sync.Mutex; io.Reader }\nl.Lock()\nl.Read(nil)"),
        ["sync.Mutex", "io.Reader", "(*sync.Mutex).Lock", "(io.Reader).Read"]
    );
    assert_eq!(
        within(
            "type local struct{ cmd exec.Cmd }\nvar x = []local{{}}\nx[0].cmd.Run()\nrun := (*exec.Cmd).Run\nrun(nil).Error()"
        ),
        ["os/exec.Cmd", "(*os/exec.Cmd).Run", "os/exec.Cmd", "(*os/exec.Cmd).Run"]
    );
}

#[test]
fn generics_are_replaced_and_inferred() {
    assert_eq!(
        within("var p sync.Map\n_ = p\ncs := []*exec.Cmd{}\ni := slices.IndexFunc(cs, nil)\nslices.Clone(cs)[i].Run()"),
        ["sync.Map", "os/exec.Cmd", "slices.IndexFunc", "slices.Clone", "(*os/exec.Cmd).Run"]
    );
    assert_eq!(
        within("m := map[string]*exec.Cmd{}\nfor k, c := range maps.All(m) { c.Run(); k.Run() }"),
        ["os/exec.Cmd", "maps.All", "(*os/exec.Cmd).Run"]
    );
    let text = "package p\nimport \"os/exec\"\n\
        type List[T any] struct{ items []T; next *List[T] }\n\
        func (l *List[E]) First() E { return l.items[0] }\n\
        func Map[A, B any](in []A, f func(A) B) []B { return nil }\n\
        type Pair[K comparable, V any] struct { Key K; Value V }\n\
        type Alias = List[*exec.Cmd]\n\
        func first[S ~[]E, E any](s S) E { return s[0] }\n\
        type Cmds []*exec.Cmd\n\
        func f(a Alias, p Pair[string, exec.Cmd]) {\n\
        a.First().Run()\na.next.next.items[0].Wait()\np.Value.Start()\n\
        Map([]int{1}, func(int) *exec.Cmd { return nil })[0].Output()\n\
        Map[int, *exec.Cmd](nil, nil)[0].String()\n\
        first(Cmds{}).Environ()\n}\n";
    let methods: Vec<String> = paths(text).into_iter().filter(|p| p.starts_with('(')).collect();
    assert_eq!(
        methods,
        ["Run", "Wait", "Start", "Output", "String", "Environ"].map(|name| format!("(*os/exec.Cmd).{name}"))
    );
}

#[test]
fn declarations_are_seen_across_files_and_packages() {
    let files = [
        (
            "a.go",
            "package m\nimport \"m/sub\"\nvar client = sub.New()\nfunc f() { client.Do(nil); kept[0].Get(\"\"); sub.Kept.Inner.Run() }\n",
        ),
        ("b.go", "package m\nvar kept = []T{{}}\n"),
        ("c.go", "package m\nimport \"net/http\"\ntype T struct{ *http.Client }\n"),
        (
            "sub/x.go",
            "package sub\nimport (\"net/http\"; \"os/exec\")\nfunc New() (c *http.Client) { return nil }\nvar Kept = struct{ Inner exec.Cmd }{}\n",
        ),
        ("sub/x_test.go", "package sub_test\nimport \"m/sub\"\nfunc g() { sub.New().Head(\"\") }\n"),
    ];
    let resolved = of(&files);
    let names: Vec<String> = function(&resolved, "f").1.references.iter().map(|r| r.path.to_string()).collect();
    assert_eq!(names, ["(*net/http.Client).Do", "(*net/http.Client).Get", "(*os/exec.Cmd).Run"]);
    let (_, test) = function(&resolved, "g");
    assert!(test.is_test && test.references.len() == 1);
}

#[test]
fn what_a_system_has_of_its_own_counts_there() {
    let files = [
        ("a.go", "package m\nfunc f() { open().Run() }\n"),
        ("a_linux.go", "package m\nimport \"os/exec\"\nfunc open() *exec.Cmd { return nil }\n"),
        (
            "a_windows.go",
            "package m\nimport \"net/http\"\nfunc open() *http.Client { return nil }\nfunc g() { open().Get(\"\") }\n",
        ),
    ];
    let resolved = of(&files);
    let names =
        |name: &str| function(&resolved, name).1.references.iter().map(|r| r.path.to_string()).collect::<Vec<_>>();
    assert_eq!(names("f"), ["(*os/exec.Cmd).Run"]);
    assert_eq!(names("g"), ["(*net/http.Client).Get"]);
    assert_eq!(function(&resolved, "g").1.tags.as_ref(), ["windows"]);
}

#[test]
fn a_file_tells_what_it_is() {
    let text = "// Code generated by hand. DO NOT EDIT.\n//go:build linux && cgo\n\npackage udf\nimport _ \"unsafe\"\n\
        //export Twice\nfunc Twice() {}\n//go:linkname now runtime.nanotime\nfunc now() int64\n\
        // sparkproof:udf\n\n// words\nfunc (t T) a() {}\nfunc b() {}\n//sparkproof:udf\nvar c = func() {}\ntype T int\n";
    let resolved = of(&[("a.go", text)]);
    let (_, twice) = function(&resolved, "Twice");
    assert!(twice.generated && twice.tags.as_ref() == ["linux && cgo"]);
    assert_eq!(twice.export.as_ref().map(|e| (e.verb, e.name.as_str())), Some(("export", "Twice")));
    assert_eq!(&*function(&resolved, "now").1.references[0].path, "//go:linkname");
    let marked: Vec<_> = resolved.functions.iter().filter(|f| f.marked.is_some()).map(|f| f.name.as_str()).collect();
    assert_eq!(marked, ["(T).a", "c"]);
    assert!(!syntax(0, "package a\n// Code generated by x. DO NOT EDIT.\n").body.generated);
}

#[test]
fn a_call_reaches_through_helpers_values_and_interfaces() {
    let text = "package m\nimport (\"os\"; \"sort\"; \"fmt\")\n\
        type Step interface{ Do() }\n\
        type run struct{}\nfunc (run) Do() { os.Exit(1) }\n\
        type two struct{}\nfunc (*two) Do() { os.Exit(2) }\nfunc (two) Other() { os.Exit(9) }\n\
        type unused struct{}\nfunc (unused) Do() { os.Exit(3) }\n\
        type list []int\nfunc (list) Len() int { os.Exit(4); return 0 }\nfunc (list) Less(i, j int) bool { return true }\nfunc (list) Swap(i, j int) {}\n\
        var table = map[string]func(){ \"a\": stop }\nfunc stop() { os.Exit(5) }\n\
        func Entry(s Step) { s.Do(); sort.Sort(list{}); table[\"a\"]() }\n\
        func Direct() { func() { helper() }() }\nfunc helper() { other := stop; other() }\n\
        func main() { fmt.Println(run{}, &two{}) }\n";
    let resolved = of(&[("a.go", text)]);
    assert_eq!(
        reached(&resolved, "Entry"),
        [
            "os.Exit in (run).Do",
            "os.Exit in (*two).Do",
            "os.Exit in (list).Len",
            "os.Exit in stop",
            "sort.Sort in Entry"
        ]
    );
    assert_eq!(reached(&resolved, "Direct"), ["os.Exit in stop"]);
    let roots = [Root { function: function(&resolved, "Direct").0, within: None }];
    let how = graph::reach(&resolved.functions, &roots);
    let steps = graph::path(&how, function(&resolved, "stop").0);
    let shown: Vec<&str> = steps.iter().map(|(span, _)| &text[span.range()]).collect();
    assert_eq!(shown, ["helper", "stop"]);
}

#[test]
fn what_is_handed_to_a_registration_is_known() {
    let beam = "package beam\nfunc RegisterFunction(fn any)\nfunc ParDo(s int, fn any)\n";
    let text = "package m\nimport (\"a.b/beam\"; \"os\")\ntype fn struct{}\nfunc (f *fn) ProcessElement() { os.Exit(1) }\n\
        func plain() { os.Exit(2) }\nfunc init() { beam.RegisterFunction(plain); beam.ParDo(1, &fn{}); beam.RegisterFunction(func() { os.Exit(3) }); plain() }\n";
    let asked = Asked { registrations: vec!["a.b/beam.Register*".into(), "a.b/beam.ParDo".into()], ..Asked::default() };
    let resolved = world(&[("a.go", text)], &[("a.b/beam", beam)], &asked);
    let handed: Vec<String> = resolved
        .registrations
        .iter()
        .map(|r| match r.handed {
            Handed::Function(number) => resolved.functions[number as usize].name.clone(),
            Handed::Closure(span) => text[span.range()].to_owned(),
        })
        .collect();
    assert_eq!(handed, ["plain", "(*fn).ProcessElement", "func() { os.Exit(3) }"]);
}

#[test]
fn broken_syntax_loses_itself() {
    let text = "package p\nimport \"os\"\nfunc a() { x := ) ( ) }\nfunc b() { os.Exit(1) }\nfunc c() { 1 + }\nfunc d() {\n\tif x {\n}\nfunc e() { os.Getpid() }\n";
    let Reading { losses, .. } = syntax(0, text);
    assert!(losses.len() > 1 && losses.iter().all(|l| l.extent == Extent::Part), "{losses:?}");
    let found = paths(text);
    assert_eq!(found, ["os.Exit", "os.Getpid"]);
    assert_eq!(syntax(0, "").losses, []);
    assert_eq!(paths("\u{feff}package p\r\nimport \"os\"\r\nfunc f() {\r\n\tos.Exit(1)\r\n}\r\n"), ["os.Exit"]);
}

#[test]
fn nesting_does_not_hurt() {
    for (open, close) in [
        ("(", ")"),
        ("{", "}"),
        ("if x { ", "}"),
        ("func() { ", "}()"),
        ("f(", ")"),
        ("[]", "int{}"),
        ("!", "x"),
        ("[]T{{", "}}"),
        ("struct{ a ", "}"),
        ("func(func(", "))"),
        ("map[", "]int"),
        ("*", "x"),
        ("if x {} else ", "{}"),
        ("a[", "]"),
        ("interface{ m(", ") }"),
        ("<-chan ", "int"),
    ] {
        let text = format!(
            "package p\nfunc f() {{ _ = {}{} }}\nfunc g() {{ {0}{1} }}\n",
            open.repeat(10_000),
            close.repeat(10_000)
        );
        super::with_deep_stack(|| of(&[("a.go", &text)])).expect("no panic");
    }
    for link in [".a()", "[0]", " + x", ".(T)", "()"] {
        let text = format!("package p\nfunc f() {{ _ = x{} }}\n", link.repeat(10_000));
        super::with_deep_stack(|| of(&[("a.go", &text)])).expect("no panic");
    }
}

#[test]
fn mutations_do_no_harm() {
    const SAMPLE: &str = "//go:build linux\npackage p\nimport (\n\t\"os\"\n\tx \"sync\"\n)\ntype T[P any] struct { *x.Mutex `a:\"b\"`; f []P }\n\
        func (t *T[P]) M(a, b int, c ...string) (r P, err error) {\n\tfor i, v := range t.f { switch y := any(v).(type) { case int: os.Exit(y); default: } ; _ = i }\n\
        \tdefer func() { go t.Lock() }()\n\tif a := b << 2; a > 1 { return } else if c[1:2] != nil { select { case <-d: case e <- 1: } }\n\treturn r, map[string]*T[int]{\"a\": {f: nil}}[\"a\"]\n}\n";
    crate::read::mutation::each(&[SAMPLE], |text| {
        let Reading { comments, losses, .. } = syntax(0, text);
        for span in comments.into_iter().chain(losses.iter().map(|l| l.span)) {
            crate::read::mutation::inside(text, span);
        }
        let resolved = of(&[("a.go", text)]);
        for function in &resolved.functions {
            crate::read::mutation::inside(text, function.span);
            crate::read::mutation::inside(text, function.body);
        }
    });
}
