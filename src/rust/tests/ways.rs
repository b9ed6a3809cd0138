//! From function to function.

use crate::rust::graph;
use crate::rust::{Crate, Given, Resolved, read, resolve};
use crate::source::FileId;

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
