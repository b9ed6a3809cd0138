use super::graph;
use super::{Crate, Function, Given, Reference, Resolved, Usage, read, resolve};
use crate::read::{Extent, Reading};
use crate::source::FileId;

const SAMPLE: &str = r#"//! Crate words.
extern crate libc as c;
use std::{fs::{self, File}, process::{self, Command as Cmd, Stdio}};
use core::mem::transmute;
use ::std::env::*;
use std::arch::asm;

type Alias = std::net::TcpStream;
static LISTENER: fn() = || { std::net::TcpListener::bind("x"); };

/// Doc of map.
// sparkproof:udf
#[inline]
pub fn map(mut given: Cmd, other: &mut std::process::Child) -> Alias {
    let child = Cmd::new("ls").arg("-l").stdin(Stdio::null()).spawn().unwrap();
    child.wait();
    given.status();
    other.kill();
    let c = Cmd::new("x");
    let f = move || c.output();
    process::exit(1);
    unsafe { transmute::<u32, i32>(1); asm!("nop") };
    set_var("a", "b");
    println!("{:?} {}", Cmd::new("y").spawn(), fs::read("x")?);
    c::fork();
    let g = File::open;
    <Cmd>::spawn(&mut c);
    Alias::connect("x");
    use tokio::process as p;
    p::Command::new("z").spawn();
    vec![1; unknown.len()];
    select! { x = std::net::UdpSocket::bind("y") => { Cmd::new("m"); } }
    todo()
}

struct Shadow;
mod inner {
    use super::*;
    pub fn f() { Cmd::new("x"); Shadow::new(); self::g(); super::map(); }
    fn g() { Command::new("x"); }
    mod deeper { fn h() { Cmd::new("no"); super::super::Cmd::new("yes"); } }
}

impl Drop for Shadow {
    fn drop(&mut self) { let process = 1; process.exit(); { mod process { pub fn exit() {} } process::exit(); } }
}
"#;

/// A file on its own, resolved.
fn alone(text: &str) -> Resolved {
    let given = Given { path: "src/lib.rs".to_owned(), syntax: read(FileId(0), text).body };
    resolve(vec![given], vec![Crate { name: "own".to_owned(), root: "src/lib.rs".to_owned(), others: Vec::new() }])
}

/// All references of functions, in order.
fn references(build: &Resolved) -> Vec<&Reference> {
    let mut all: Vec<&Reference> = build.functions.iter().flat_map(|f| &f.references).collect();
    all.sort_by_key(|r| (r.span.start, r.span.end));
    all
}

fn found(text: &str) -> Vec<String> {
    references(&alone(text)).into_iter().map(|r| r.path.clone()).collect()
}

fn within(body: &str) -> Vec<String> {
    found(&format!("use std::process::{{self, Command}};\nuse std::net;\nfn f() {{\n{body}\n}}\n"))
}

fn of_function(name: &str) -> Vec<String> {
    let build = alone(SAMPLE);
    let function = build.functions.into_iter().find(|f| f.name == name).expect(name);
    function.references.into_iter().map(|r| r.path).collect()
}

#[test]
fn references_are_resolved_through_imports_and_certain_types() {
    assert_eq!(read(FileId(0), SAMPLE).losses, []);
    assert_eq!(
        of_function("map"),
        [
            "std::process::Command",
            "std::process::Child",
            "std::net::TcpStream",
            "std::process::Command::new",
            "std::process::Command::arg",
            "std::process::Command::stdin",
            "std::process::Stdio::null",
            "std::process::Command::spawn",
            "std::process::Child::wait",
            "std::process::Command::status",
            "std::process::Child::kill",
            "std::process::Command::new",
            "std::process::Command::output",
            "std::process::exit",
            "unsafe block",
            "std::mem::transmute",
            "std::arch::asm",
            "std::env::set_var",
            "std::println",
            "std::process::Command::new",
            "std::process::Command::spawn",
            "std::fs::read",
            "libc::fork",
            "std::fs::File::open",
            "std::process::Command",
            "std::process::Command::spawn",
            "std::net::TcpStream::connect",
            "tokio::process::Command::new",
            "tokio::process::Command::spawn",
            "std::net::UdpSocket::bind",
            "std::process::Command::new",
        ]
    );
    assert_eq!(of_function("LISTENER"), ["std::net::TcpListener::bind"]);
}

#[test]
fn modules_do_not_inherit_names() {
    assert_eq!(of_function("inner::f"), ["std::process::Command::new"]);
    assert_eq!(of_function("inner::g"), Vec::<String>::new());
    assert_eq!(of_function("inner::deeper::h"), ["std::process::Command::new"]);
    assert_eq!(of_function("Shadow::drop"), Vec::<String>::new());
}

#[test]
fn items_and_variables_hide_imports() {
    assert_eq!(within("fn exit() {} process::exit(1); exit();"), ["std::process::exit"]);
    assert_eq!(within("struct Command; Command::new();"), Vec::<String>::new());
    assert_eq!(within("{ struct Command; } Command::new(1);"), ["std::process::Command::new"]);
    assert_eq!(within("mod process { pub fn exit() {} } process::exit();"), Vec::<String>::new());
    assert_eq!(within("use process::exit; let exit = |x| x; exit(1);"), Vec::<String>::new());
    assert_eq!(within("use process::exit; exit(1); if let Some(exit) = y { exit(2) }"), ["std::process::exit"]);
    assert_eq!(within("match x { exit => exit(1) }"), Vec::<String>::new());
    assert_eq!(within("let c = Command::new(1); let c = 2; c.spawn();"), ["std::process::Command::new"]);
    assert_eq!(within("if let Ok(mut c) = Command::new(1).spawn() { c.kill(); }")[2], "std::process::Child::kill");
    assert_eq!(
        found("fn f() { Command::new(1) } struct Command; use std::process::Command as C;"),
        Vec::<String>::new()
    );
    assert_eq!(found("use crate::process::Command; fn f() { Command::new(1) }"), Vec::<String>::new());
    assert_eq!(
        found("use process::Command; fn f() { Command::new(1) } use std::process;"),
        ["std::process::Command::new"]
    );
    assert_eq!(
        found("mod a { pub use std::process::Command as C; } use a::C; fn f() { C::new(1); self::a::C::new(2); }")
            .len(),
        2
    );
    assert_eq!(found("use libc; fn f() { libc::fork(); }"), ["libc::fork"]);
    assert_eq!(
        found("impl X for std::process::Command { fn f() { Self::new(1); } }").last().map(String::as_str),
        Some("std::process::Command::new")
    );
    assert_eq!(found("macro_rules! asm { () => {} } fn f() { asm!(std::process::exit(1)) }"), ["std::process::exit"]);
}

#[test]
fn a_mark_speaks_of_the_item_below() {
    let text = "#!/usr/bin/env run\r\n// sparkproof:udf\r\n/// doc\r\n#[no_mangle]\r\nextern \"C\" fn a() { fn b() {} }\r\nfn c() {}\r\n// sparkproof:udf\r\nimpl T { fn d(&self) {} }\r\n#[inline]\r\n// sparkproof:udf\r\nfn e() {}\r\n#[inline]\r\n// sparkproof:udf\r\n#[allow(dead_code)]\r\nfn g() {}\r\n";
    let body = alone(text);
    let marked: Vec<_> = body.functions.iter().filter(|f| f.marked.is_some()).map(|f| f.name.as_str()).collect();
    assert_eq!(marked, ["a", "a::b", "T::d", "e", "g"]);
    assert_eq!(body.functions.len(), 6);
    assert!(
        body.functions.iter().all(|f| text[f.body.range()].contains("fn ") && f.name.ends_with(&text[f.span.range()]))
    );
}

#[test]
fn spans_are_those_of_the_original_file() {
    for head in ["\u{feff}", "#!/bin/run\n", "\u{feff}#!/bin/run é\r\n", "/* é */ "] {
        let text = format!("{head}fn é() {{ std::process::exit(1) }}\r\n");
        assert_eq!(read(FileId(0), &text).losses, []);
        let body = alone(&text);
        let first = references(&body)[0];
        assert_eq!(&text[first.span.range()], "std::process::exit");
        assert_eq!(first.usage, Usage::Call);
        assert_eq!(&text[body.functions[0].span.range()], "é");
    }
}

#[test]
fn one_broken_item_loses_itself() {
    let text = "#![allow(x)]\nuse std::process;\nfn a() { let = ; }\nconst X: T = T { a: 1 };\nfn b() { process::exit(1) }\nfn c(x: 1) { }\nstruct";
    let losses = read(FileId(0), text).losses;
    let shown: Vec<_> = losses.iter().map(|l| (l.extent, &text[l.span.range()])).collect();
    assert_eq!(shown, [(Extent::Part, "="), (Extent::Part, "1"), (Extent::Part, "struct")]);
    assert_eq!(found(text).len(), 1);
    let text = "use std::process;\nfn a() { let = ; }\nfn b() { process::exit(1) }\n";
    let losses = read(FileId(0), text).losses;
    assert_eq!((losses.len(), found(text).len()), (1, 1));
    assert_eq!(read(FileId(0), "fn a() { \"").losses[0].extent, Extent::Whole);
    assert_eq!(read(FileId(0), "").losses, []);
}

#[test]
fn comments_and_brackets_in_text_do_not_count() {
    let text = "// one\nfn f<'a>() { let s = \"// no {{{\"; let r = r#\"/* \" no */\"#; let c = '\"'; let d = '\\''; let e = b'{'; /* two /* in */ */ }\n/// three\nfn g() {}";
    let Reading { comments, losses, .. } = read(FileId(0), text);
    assert_eq!(losses, []);
    assert_eq!(
        comments.iter().map(|c| &text[c.range()]).collect::<Vec<_>>(),
        ["// one", "/* two /* in */ */", "/// three"]
    );
    let text = format!("fn f() {{ let s = \"{}\"; }}", "(".repeat(5000));
    assert_eq!(read(FileId(0), &text).losses, []);
}

#[test]
fn deep_code_is_a_limit() {
    let shapes = [
        ("(", ")"),
        ("{", "}"),
        ("[", "]"),
        ("if x { ", "}"),
        ("|| ", "1"),
        ("!", "x"),
        ("&", "x"),
        ("return ", "1"),
        ("A<", ""),
        ("|a, b| ", "1"),
        ("x + ", "1"),
        ("x = ", "1"),
        ("if a {} else ", "{}"),
        ("m!(", ")"),
    ];
    for (open, close) in shapes {
        let times = if close.len() == 1 && ")}]".contains(close) { close.repeat(20_000) } else { close.to_owned() };
        let text = format!("fn f() {{ let _ = {}{times}; }}", open.repeat(20_000));
        let losses = read(FileId(0), &text).losses;
        assert_eq!(losses.first().map(|l| l.extent), Some(Extent::Limit), "{open}");
    }
    for link in [".a()", ".a", "?", " as T", "[0]", "()", "::a", " == y", "::<A, B>::c"] {
        alone(&format!("fn f() {{ x{}; }}", link.repeat(20_000)));
    }
}

#[test]
fn what_is_within_the_limit_is_parsed() {
    for (open, close, times) in [
        ("(", ")", 250),
        ("{", "}", 250),
        ("!", "", 1000),
        ("&", "", 500),
        ("|a| ", "", 500),
        ("x + ", "", 1000),
        ("return ", "", 1000),
        ("x = ", "", 1000),
        ("if a {} else ", "", 250),
        ("x.a().", "", 330),
        ("m!(", ")", 250),
        ("*", "", 1000),
    ] {
        let text = format!(
            "fn f() {{ let _ = {}{}{}; }}",
            open.repeat(times),
            if open.starts_with("if") { "{}" } else { "x" },
            close.repeat(times)
        );
        assert!(read(FileId(0), &text).losses.iter().all(|l| l.extent != Extent::Limit), "{open}");
    }
    let items = "#[cfg(x)] impl A for B { fn f(&self) -> bool { self.a == other.b && c <= d } }\n".repeat(2000);
    assert_eq!(read(FileId(0), &items).losses, []);
    read(FileId(0), &format!("type X = {}A{};", "A<".repeat(250), ">".repeat(250)));
    read(FileId(0), &format!("type X = {}A;", "fn() -> ".repeat(300)));
    read(FileId(0), &format!("type X = {}A;", "*const ".repeat(500)));
    read(FileId(0), &format!("use {}a;", "a::".repeat(500)));
}

#[test]
fn mutations_do_no_harm() {
    crate::read::mutation::each(&[SAMPLE], |text| {
        let Reading { comments, losses, .. } = read(FileId(0), text);
        let body = alone(text);
        let spans = body.functions.iter().flat_map(|f: &Function| {
            let own = f.references.iter().map(|r| r.span).chain(f.edges.iter().map(|e| e.span));
            own.chain([f.span, f.body]).collect::<Vec<_>>()
        });
        for span in spans.chain(comments).chain(losses.iter().map(|l| l.span)) {
            crate::read::mutation::inside(text, span);
        }
    });
}

/// A crate: its name, its first file, and others by their names and first files.
type Known<'a> = (&'a str, &'a str, &'a [(&'a str, &'a str)]);

/// Files of crates, resolved: each crate by its name, its first file and the crates it knows.
fn build(files: &[(&str, &str)], crates: &[Known]) -> Resolved {
    let files = files.iter().enumerate().map(|(number, (path, text))| {
        let reading = read(FileId(number as u32), text);
        assert_eq!(reading.losses, [], "{path}");
        Given { path: (*path).to_owned(), syntax: reading.body }
    });
    let crates = crates.iter().map(|(name, root, others)| Crate {
        name: (*name).to_owned(),
        root: (*root).to_owned(),
        others: others.iter().map(|(name, root)| ((*name).to_owned(), (*root).to_owned())).collect(),
    });
    resolve(files.collect(), crates.collect())
}

/// What is reached from the function of this name: each reference with the functions on the way.
fn reached(build: &Resolved, from: &str) -> Vec<String> {
    let root = build.functions.iter().position(|f| f.name == from).expect(from) as u32;
    let reached = graph::reach(build, &[root]);
    let mut shown = Vec::new();
    for (number, function) in build.functions.iter().enumerate().filter(|(number, _)| reached[*number].is_some()) {
        let way = graph::path(&reached, number as u32);
        let way: Vec<&str> = way.iter().map(|(_, to)| build.functions[*to as usize].name.as_str()).collect();
        for reference in function.references.iter().filter(|r| r.path.starts_with("std::process::")) {
            shown.push(format!("{} {}", way.join(" > "), reference.path).trim_start().to_owned());
        }
    }
    shown
}

fn from_entry(text: &str) -> Vec<String> {
    let text = format!("use std::process::{{abort, exit}};\n{text}");
    reached(&build(&[("src/lib.rs", &text)], &[("own", "src/lib.rs", &[])]), "entry")
}

#[test]
fn functions_lead_to_functions() {
    assert_eq!(
        from_entry("fn entry() { a() } fn a() { b::c() } mod b { pub fn c() { std::process::exit(1) } }"),
        ["a > b::c std::process::exit"]
    );
    assert_eq!(
        from_entry("fn entry() { let f = a; [1].iter().for_each(f) } fn a(_: &i32) { exit(1) } fn z() { abort() }"),
        ["a std::process::exit"]
    );
    assert_eq!(
        from_entry("fn entry() { let run = || a(); run() } fn a() { b(a()) } fn b(_: ()) { exit(1) }"),
        ["a > b std::process::exit"]
    );
    assert_eq!(
        from_entry(
            "fn entry() { X.x() } static X: S = S::new(); struct S; impl S { const fn new() -> S { exit(1); S } fn x(&self) { abort() } }"
        ),
        ["X > S::new std::process::exit", "S::x std::process::abort",]
    );
    assert_eq!(
        from_entry(
            "macro_rules! m { ($x:expr) => { $crate::a($x) } } fn entry() { m!(1); } pub fn a(_: i32) { exit(1) }"
        ),
        ["m > a std::process::exit"]
    );
    assert_eq!(from_entry("fn entry() { assert!(matches!(a(), Some(1)), \"{}\", b()); } fn a() -> Option<i32> { exit(1) } fn b() { abort() }").len(), 2);
    assert_eq!(
        from_entry("#[cfg(unix)] fn a() { exit(1) } #[cfg(not(unix))] fn a() { abort() } fn entry() { a() }").len(),
        2
    );
    assert_eq!(from_entry("fn entry() { let a = 1; a(); } fn a() { exit(1) }"), Vec::<String>::new());
    assert_eq!(
        from_entry("lazy_static! { static ref T: i32 = a(); } fn entry() -> i32 { *T } fn a() -> i32 { exit(1) }"),
        ["lazy_static > a std::process::exit"]
    );
}

#[test]
fn methods_are_found_by_light_types() {
    let types = "struct S { inner: T, list: Vec<T>, map: std::collections::HashMap<String, Box<T>>, shared: std::sync::Arc<std::sync::Mutex<T>>, maybe: Option<T> }\n\
        struct T; impl T { fn new() -> Self { T } fn bad(&self) { exit(1) } fn ok(&self) {} fn it() -> Result<T, ()> { Ok(T) } }\n\
        struct U; impl U { fn bad(&self) { abort() } }\n\
        fn give() -> Option<T> { None } type Alias = T; type Res<A> = Result<A, ()>; fn res() -> Res<T> { Ok(T) }\n\
        impl std::ops::Deref for S { type Target = T; fn deref(&self) -> &T { &self.inner } }\n\
        struct W<A> { of: A } impl<A> W<A> { fn get(&self) -> &A { &self.of } }\n";
    for body in [
        "let t = T::new(); t.bad()",
        "let t: T = unknown(); t.bad()",
        "T.bad()",
        "(&s.inner).bad()",
        "s.list[0].bad()",
        "for t in &s.list { t.bad() }",
        "for (_, t) in s.map.iter() { t.bad() }",
        "s.list.iter().for_each(|t| t.bad())",
        "s.list.iter().map(|t| t).filter(|t| true).for_each(|t| t.bad())",
        "s.map.get(\"a\").unwrap().bad()",
        "if let Some(t) = s.map.get(\"a\") { t.bad() }",
        "s.shared.lock().unwrap().bad()",
        "if let Some(t) = &s.maybe { t.bad() }",
        "s.maybe.as_ref().map(|t| t.bad())",
        "give()?.bad()",
        "let Some(t) = give() else { return }; t.bad()",
        "match T::it() { Ok(t) => t.bad(), Err(_) => {} }",
        "T::it().map_err(|_| 1)?.bad()",
        "Alias::new().bad()",
        "res().unwrap().bad()",
        "let S { inner, .. } = s; inner.bad()",
        "let (a, b) = (1, T); b.bad()",
        "s.bad()",
        "T::bad(&T)",
        "<T>::bad(&T)",
        "let f = T::bad; f(&T)",
        "std::sync::Arc::new(T).clone().bad()",
        "let w = W { of: T }; let t: &W<T> = &w; t.get().bad()",
        "if true { T } else { T }.bad()",
        "async { T::it() }.await.unwrap().bad()",
        "Some(T).unwrap().bad()",
        "vec![T].first().unwrap().bad()",
        "tokio::spawn(async move { s.inner.bad() })",
    ] {
        let text = format!("{types}fn entry(s: &S) {{ {body} }}");
        assert_eq!(from_entry(&text), ["T::bad std::process::exit"], "{body}");
    }
    for body in ["unknown().bad()", "s.list.bad()", "T.ok()", "s.other.bad()", "|t| t.bad()", "fn t() { T.bad() }"] {
        assert_eq!(from_entry(&format!("{types}fn entry(s: &S) {{ {body} }}")), Vec::<String>::new(), "{body}");
    }
}

#[test]
fn traits_lead_to_what_is_made() {
    let traits = "trait Step { fn run(&self); fn twice(&self) { self.run(); } }\n\
        struct A; impl Step for A { fn run(&self) { exit(1) } }\n\
        struct B; impl Step for B { fn run(&self) { abort() } }\n";
    let of = |body: &str| from_entry(&format!("{traits}{body}"));
    assert_eq!(of("fn entry() { let s: Box<dyn Step> = Box::new(A); s.run() }"), ["A::run std::process::exit"]);
    assert_eq!(
        of("fn entry() { go(&A) } fn go(s: &impl Step) { s.twice() }"),
        ["go > Step::twice > A::run std::process::exit"]
    );
    assert_eq!(of("fn entry() { go(A) } fn go<S: Step>(s: S) { S::run(&s) }"), ["go > A::run std::process::exit"]);
    assert_eq!(of("fn entry() { go(A) } fn go<S>(s: S) where S: Step { s.run() }"), ["go > A::run std::process::exit"]);
    assert_eq!(of("fn entry(s: &dyn Step) { s.run() } fn other() { B.run() }"), Vec::<String>::new());
    assert_eq!(of("fn entry() { B.twice() }"), ["Step::twice > B::run std::process::abort"]);
    assert_eq!(
        of("impl Drop for B { fn drop(&mut self) { exit(2) } } fn entry() { let _b = B; }"),
        ["B::drop std::process::exit"]
    );
    assert_eq!(
        of("trait Ext { fn ext(&self); } impl<T: Step> Ext for T { fn ext(&self) { abort() } } fn entry() { A.ext() }"),
        ["T::ext std::process::abort"]
    );
    assert_eq!(
        of("trait Ext { fn ext(&self); } impl Ext for str { fn ext(&self) { abort() } } fn entry(s: &str) { s.ext() }"),
        ["str::ext std::process::abort"]
    );
}

#[test]
fn modules_and_crates_are_joined() {
    let files = [
        (
            "core/src/lib.rs",
            "pub mod net;\nmod deep { pub mod er; #[path = \"odd.rs\"] mod even; pub use even::odd; }\npub use deep::{er::*, odd as strange};\npub use std::process::Command as Cmd;\nmod prelude { pub use crate::net::{call, Client as C}; }\npub use prelude::*;\n",
        ),
        (
            "core/src/net.rs",
            "pub mod inner;\npub fn call() { self::inner::go(); super::leaf() }\npub struct Client; impl Client { pub fn send(&self) { crate::Cmd::new(\"x\"); } }\n",
        ),
        ("core/src/net/inner.rs", "pub fn go() { std::process::exit(1) }\n"),
        ("core/src/deep/er.rs", "pub fn leaf() { std::process::abort() }\nuse std::process::Command;\n"),
        ("core/src/deep/odd.rs", "pub fn odd() { std::process::id(); }\n"),
        (
            "udf/src/lib.rs",
            "use acme_core as core2;\nuse core2::{call, C, Cmd};\nfn entry() { call(); C.send(); acme_core::strange(); Cmd::new(\"a\").spawn(); }\n",
        ),
        ("udf/tests/it.rs", "use udf::*;\nfn main() { std::process::exit(3) }\n"),
    ];
    let crates: [Known; 3] = [
        ("acme_core", "core/src/lib.rs", &[]),
        ("udf", "udf/src/lib.rs", &[("acme_core", "core/src/lib.rs")]),
        ("", "udf/tests/it.rs", &[("udf", "udf/src/lib.rs")]),
    ];
    let mut found = reached(&build(&files, &crates), "entry");
    found.sort();
    assert_eq!(
        found,
        [
            "Client::send std::process::Command::new",
            "call > go std::process::exit",
            "call > leaf std::process::abort",
            "odd std::process::id",
            "std::process::Command::new",
            "std::process::Command::spawn",
        ]
    );
}

#[test]
fn circles_end() {
    assert_eq!(
        from_entry(
            "mod a { pub use super::b::*; } mod b { pub use super::a::*; } use a::*; fn entry() { nothing(); exit(1) }"
        ),
        ["std::process::exit"]
    );
    assert_eq!(from_entry("type A = B; type B = A; fn entry(a: A) { a.x(); exit(1) }"), ["std::process::exit"]);
    assert_eq!(
        from_entry("trait A: B {} trait B: A {} fn entry(a: &dyn A) { a.x(); exit(1) }"),
        ["std::process::exit"]
    );
    assert_eq!(
        from_entry("struct A; impl std::ops::Deref for A { type Target = A; } fn entry(a: A) { a.x(); exit(1) }"),
        ["std::process::exit"]
    );
    for circle in [
        "type A = B::X; type B = A::Y; fn entry(a: A) { a.x(); A::z(); exit(1) }",
        "trait T {} struct A; impl T for Self::X { fn f(&self) {} } fn entry(a: A) { a.f(); exit(1) }",
        "struct A; impl Iterator for A { type Item = Self::Item; } fn entry(a: A) -> <A as Iterator>::Item { a.f(); exit(1) }",
        "fn entry<T: Iterator<Item = T>>(a: T) { a.f(); exit(1) }",
    ] {
        assert_eq!(from_entry(circle), ["std::process::exit"], "{circle}");
    }
    let mut doubling = String::from("type A0<T> = (T, T);");
    for n in 0..64 {
        doubling +=
            &["type A", &(n + 1).to_string(), "<T> = (A", &n.to_string(), "<T>, A", &n.to_string(), "<T>);"].concat();
    }
    assert_eq!(from_entry(&(doubling + "fn entry(a: A64<i32>) { a.f(); exit(1) }")), ["std::process::exit"]);
    let files =
        [("a.rs", "#[path = \"b.rs\"] mod b;"), ("b.rs", "#[path = \"a.rs\"] mod a; fn entry() { super::b::entry() }")];
    assert_eq!(reached(&build(&files, &[]), "entry"), Vec::<String>::new());
}

#[test]
fn large_code_takes_linear_time() {
    use std::fmt::Write as _;
    let mut text = String::from("use std::process::exit;\nfn entry() { f0() }\n");
    for n in 0..2_000 {
        let _ = writeln!(
            text,
            "fn f{n}() {{ let s = S{n} {{ a: 1 }}; s.go(); f{}() }} struct S{n} {{ a: i32 }} impl S{n} {{ fn go(&self) {{ self.a; }} }}",
            n + 1
        );
    }
    text += "fn f2000() { exit(1) }\n";
    for n in 0..300 {
        let _ = writeln!(text, "mod m{n} {{ pub use super::*; fn a() {{ missing{n}(); }} }} pub use m{n}::*;");
    }
    let started = std::time::Instant::now();
    let build = build(&[("src/lib.rs", &text)], &[("own", "src/lib.rs", &[])]);
    assert_eq!(reached(&build, "entry").len(), 1);
    assert!(started.elapsed().as_secs() < 60, "{:?}", started.elapsed());
}
