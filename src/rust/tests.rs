#[cfg(test)]
mod ways;

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
