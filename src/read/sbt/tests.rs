#![allow(clippy::unwrap_used)]

use super::*;
use crate::read::Extent;
use crate::read::mutation;

fn script(text: &str) -> Script {
    let reading = read(FileId(0), text);
    assert_eq!(reading.losses, Vec::new(), "{text}");
    reading.body
}

/// An expression in a short notation: enough to see what was understood.
fn show(script: &Script, id: ExprId) -> String {
    let args = |args: &[Arg]| {
        let arg = |arg: &Arg| {
            let name = arg.name.as_ref().map_or_else(String::new, |name| format!("{name}="));
            format!("{name}{}", show(script, arg.value))
        };
        args.iter().map(arg).collect::<Vec<_>>().join(", ")
    };
    let all = |ids: &[ExprId]| ids.iter().map(|id| show(script, *id)).collect::<Vec<_>>().join("; ");
    match script.expr(id) {
        Expr::Text(pieces) => {
            let piece = |piece: &Piece| match piece {
                Piece::Literal(text) => text.to_string(),
                Piece::Hole(id) => format!("<{}>", show(script, *id)),
            };
            format!("'{}'", pieces.iter().map(piece).collect::<String>())
        }
        Expr::Number(n) => n.to_string(),
        Expr::Bool(b) => b.to_string(),
        Expr::Name(name) => name.to_string(),
        Expr::Select(of, name) => format!("{}.{name}", show(script, *of)),
        Expr::Method(of, name, list) => format!("{}.{name}({})", show(script, *of), args(list)),
        Expr::Apply(of, list) => format!("{}({})", show(script, *of), args(list)),
        Expr::New(name, list, body) => format!("new {name}({}){{{}}}", args(list), all(body)),
        Expr::Block(ids) => format!("{{{}}}", all(ids)),
        Expr::If(c, t, e) => {
            let otherwise = e.map_or_else(String::new, |e| format!(" else {}", show(script, e)));
            format!("if {} {}{otherwise}", show(script, *c), show(script, *t))
        }
        Expr::Match(of, cases) => format!("{} match {}", show(script, *of), cases.len()),
        Expr::Cases(cases) => format!("cases {}", cases.len()),
        Expr::Lambda(params, body) => format!("({}) => {}", params.join(", "), show(script, *body)),
        Expr::Tuple(ids) => format!("({})", all(ids)),
        Expr::Val(pattern, value) => format!("val {pattern:?} = {}", show(script, *value)),
        Expr::Def(name, params, body) => {
            let list = |list: &Vec<Param>| list.iter().map(|p| p.name.to_string()).collect::<Vec<_>>().join(", ");
            let lists: Vec<String> = params.iter().map(list).collect();
            format!("def {name}({}) = {}", lists.join(")("), show(script, *body))
        }
        Expr::Template(t) => {
            format!("{:?} {}({}) {:?} {{{}}}", t.kind, t.name, t.params.len(), t.parents, all(&t.body))
        }
        Expr::Import(path, selectors) => format!("import {} {selectors:?}", path.join(".")),
        other => format!("{other:?}"),
    }
}

fn shown(text: &str) -> Vec<String> {
    let script = script(text);
    script.statements.iter().map(|id| show(&script, *id)).collect()
}

#[test]
fn operators_bind_as_in_scala() {
    assert_eq!(
        shown("libraryDependencies ++= Seq(\"a\" %% \"b\" % v % \"test\" cross CrossVersion.full) ++ more"),
        ["libraryDependencies.++=(Seq('a'.%%('b').%(v).%('test').cross(CrossVersion.full)).++(more))"]
    );
    assert_eq!(shown("x in (Compile, run) := a :: Nil"), ["x.in(Compile, run).:=(Nil.::(a))"]);
}

#[test]
fn statements_need_no_semicolons() {
    let text = "ThisBuild / scalaVersion := \"2.12.18\"\nlazy val a = (project in file(\"a\"))\n  .settings(name := \"a\", // one\n    x)\n\nname := \"b\"\n";
    assert_eq!(
        shown(text),
        [
            "ThisBuild./(scalaVersion).:=('2.12.18')",
            "val Bind(\"a\") = project.in(file('a')).settings(name.:=('a'), x)",
            "name.:=('b')"
        ]
    );
}

#[test]
fn places_are_bytes_of_the_file() {
    for text in
        ["val v = \"3.5.1\"\r\nx := s\"spark-$v-${w}\"\r\n", "\u{feff}val v = \"3.5.1\"\nx := s\"spark-$v-${w}\"\n"]
    {
        let script = script(text);
        let literals: Vec<&Traced> = script
            .nodes
            .iter()
            .filter_map(|(expr, _)| match expr {
                Expr::Text(pieces) => Some(pieces),
                _ => None,
            })
            .flatten()
            .filter_map(|piece| match piece {
                Piece::Literal(text) => Some(text),
                Piece::Hole(_) => None,
            })
            .collect();
        assert_eq!(literals.iter().map(ToString::to_string).collect::<Vec<_>>(), ["3.5.1", "spark-", "-"]);
        for literal in literals {
            assert!(literal.is_literal());
            mutation::traced(text, literal);
        }
    }
}

#[test]
fn strings_are_what_they_mean() {
    assert_eq!(shown(r#"f("a\"b\n", """c\d""", s"$$x", f"$a%s-b")"#), ["f('a\"b\n', 'c\\d', '$x', '<a>-b')"]);
    assert_eq!(shown("x(\"\")"), ["x('')"]);
}

#[test]
fn an_underscore_makes_a_function_of_the_nearest_whole() {
    assert_eq!(shown("xs.map(_ % \"provided\")"), ["xs.map((_0) => _0.%('provided'))"]);
    assert_eq!(shown("xs.map(\"g\" %% _ % v).map(f(_))"), ["xs.map((_0) => 'g'.%%(_0).%(v)).map((_0) => f(_0))"]);
}

#[test]
fn definitions_patterns_and_imports() {
    assert_eq!(shown("def f(a: String, b: Int = 1)(c: X): Y = a"), ["def f(a, b)(c) = a"]);
    assert_eq!(
        shown("private object D extends B with x.C { val q = 1 }"),
        ["Object D(0) [\"B\", \"C\"] {val Bind(\"q\") = 1}"]
    );
    assert_eq!(
        shown("import A._\nimport a.b.{C, D => E}"),
        ["import A [All]", "import a.b [Name(\"C\", \"C\"), Name(\"D\", \"E\")]"]
    );
    let script = script(
        "x match { case Some((2, n)) if n > 1 => 1\n case \"a\" | \"b\" => 2\n case p @ PathList(\"m\", xs @ _*) => 3 }",
    );
    let Expr::Match(_, cases) = script.expr(script.statements[0]) else { panic!("no match") };
    let patterns: Vec<String> = cases.iter().map(|case| format!("{:?}", case.pattern)).collect();
    assert!(patterns[0].starts_with("Extract(\"Some\", [Tuple([Value(") && patterns[0].contains("Bind(\"n\")"));
    assert!(cases[0].guard.is_some() && patterns[1].starts_with("Either"));
    assert!(patterns[2].starts_with("Named(\"p\", Extract(\"PathList\"") && patterns[2].contains("Rest(Some(\"xs\"))"));
}

#[test]
fn what_is_broken_loses_itself() {
    let reading =
        read(FileId(0), "val a = \"1\"\n<<<<<<< HEAD\nval b = \"2\"\n=======\nval b = \"3\"\n>>>>>>> other\n");
    assert!(reading.losses.iter().any(|loss| loss.extent == Extent::Part));
    assert!(!reading.body.statements.is_empty());
    let reading = read(FileId(0), "name := \"a\"\nlibraryDependencies ++= Seq(\n  \"a\" % \"b\" % \"1\"\n");
    assert!(reading.losses.iter().any(|loss| loss.extent == Extent::Part), "{:?}", reading.losses);
    assert!(read(FileId(0), "").losses.is_empty());
}

#[test]
fn chains_are_no_nesting_and_nesting_is_bounded() {
    let chain = format!("x := a{}", " ++ b".repeat(5000));
    assert!(read(FileId(0), &chain).losses.is_empty());
    let calls = format!("x{}", ".f(a)".repeat(5000));
    assert!(read(FileId(0), &calls).losses.is_empty());
    let deep = format!("x := {}1{}", "f(".repeat(3000), ")".repeat(3000));
    let reading = read(FileId(0), &deep);
    assert!(reading.losses.iter().all(|loss| loss.extent == Extent::Limit) && reading.losses.len() == 1);
}

#[test]
fn comments_are_given_where_they_can_matter() {
    let text = "// sparkproof: ignore[x] because\nname := \"a\" // b\n";
    assert_eq!(read(FileId(0), text).comments.len(), 2);
}

#[test]
fn broken_variants_keep_their_places() {
    let samples = [
        "lazy val a = (project in file(\"a\")).settings(libraryDependencies += \"g\" %% s\"n_$v\" % \"1\" % Test)\n",
        "x := { y.value match { case Some((2, n)) if n >= 13 => Seq(a -> \"b\") case _ => Nil } }\nimport a.{b => c}\n",
        "object D extends E { def f(x: String = \"a\") = xs.map(_ + \"\\u0041\") ; val (p, q) = (\"\"\"1\"\"\", new F { g(\"h\") }) }",
    ];
    mutation::each(&samples, |text| {
        let reading = read(FileId(0), text);
        for (expr, span) in &reading.body.nodes {
            mutation::inside(text, *span);
            if let Expr::Text(pieces) = expr {
                for piece in pieces {
                    if let Piece::Literal(literal) = piece {
                        mutation::traced(text, literal);
                    }
                }
            }
        }
        reading.losses.iter().for_each(|loss| mutation::inside(text, loss.span));
    });
}
