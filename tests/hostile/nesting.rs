//! Depth, and what grows when it is filled in.

use crate::repository::Repository;
use crate::{check, peak};
use std::fmt::Write as _;

const DEPTH: usize = 10_000;

fn nested(open: &str, middle: &str, close: &str) -> String {
    format!("{}{middle}{}", open.repeat(DEPTH), close.repeat(DEPTH))
}

#[test]
fn nothing_is_too_deep_in_any_format() {
    let blocks: String = (0..2000).map(|n| format!("{}a:\n", " ".repeat(n))).collect();
    let lists = format!("{}x\n", "- ".repeat(DEPTH));
    let go = |inner: &str| format!("package p\nimport \"os\"\n//sparkproof:udf\nfunc F() {{ {inner}; os.Exit(1) }}\n");
    let rust = |inner: &str| format!("// sparkproof:udf\nfn f() {{ {inner}; std::process::exit(1) }}\n");
    let json = |inner: &str| format!("{{\"apiVersion\": {inner}, \"kind\": \"Pod\"}}");
    let cases = [
        ("pom.xml", nested("<a>", "", "</a>")),
        ("pom.xml", nested("<project><profiles><profile>", "", "</profile></profiles></project>")),
        ("pom.xml", "<a>".repeat(DEPTH)),
        ("go.mod", format!("module a\n{}", nested("require (\n", "b v1", ")\n"))),
        ("go.mod", format!("module a\nretract {}", nested("[", "v1", "]"))),
        ("Cargo.toml", format!("a = {}", nested("[", "1", "]"))),
        ("Cargo.toml", format!("a = {}", nested("{b=", "1", "}"))),
        ("pyproject.toml", format!("[{}b]\nx = 1\n", "a.".repeat(DEPTH))),
        ("flow.yaml", nested("[", "", "]")),
        ("flow.yaml", nested("{a: ", "", "}")),
        ("open.yaml", "[".repeat(DEPTH)),
        ("block.yaml", blocks),
        ("block.yaml", lists),
        ("keys.yaml", "? ".repeat(DEPTH)),
        ("anchors.yaml", (0..DEPTH).map(|n| format!("&a{n} ")).collect()),
        ("chart/templates/a.yaml", nested("{{ if (", "x", ") }}")),
        ("chart/templates/a.yaml", format!("a: {{{{ {} }}}}\n", nested("(", "x", ")"))),
        ("a.json", json(&nested("[", "1", "]"))),
        ("a.json", json(&nested("{\"a\":", "1", "}"))),
        ("a.json", json(&"[".repeat(DEPTH))),
        ("Dockerfile", format!("ARG A={}\nFROM $A\n", nested("${B:-", "x", "}"))),
        ("Dockerfile", format!("FROM a:1\nRUN {}\n", nested("$(", "x", ")"))),
        ("Dockerfile", format!("FROM a:1\nCMD {}\n", nested("[", "\"x\"", "]"))),
        ("Dockerfile", format!("FROM a:1\n{}", "RUN <<A cat <<B\n".repeat(DEPTH))),
        ("Dockerfile", "ONBUILD ".repeat(DEPTH)),
        ("requirements.txt", format!("a; {}\n", nested("(", "python_version > '3'", ")"))),
        ("requirements.txt", format!("a{}\n", nested("[", "b", "]"))),
        ("spark-defaults.conf", format!("spark.a {}\n", nested("${", "x", "}"))),
        ("build.sh", format!("docker build -t {} .\n", nested("$(", "x", ")"))),
        ("build.sh", format!("docker build -t {} .\n", nested("\"${A:-", "x", "}\""))),
        ("Makefile", format!("A = {}\nb:\n\tdocker build -t $(A) .\n", nested("$(", "A", ")"))),
        ("a.go", go(&format!("_ = {}", nested("(", "1", ")")))),
        ("a.go", go(&nested("{", "", "}"))),
        ("a.go", go(&nested("func() {", "", "}()"))),
        ("a.go", go(&format!("x := {}", nested("a.b(", "", ")")))),
        ("a.go", go(&format!("x := {}1", "-".repeat(DEPTH)))),
        ("a.go", go(&format!("x := a{}", ".b()".repeat(DEPTH)))),
        ("a.go", go(&format!("x := 1{}", " + 1".repeat(DEPTH)))),
        ("a.go", go(&format!("var x {}int", "[]".repeat(DEPTH)))),
        ("a.go", go(&format!("{} {{}}", "if x {} else ".repeat(DEPTH)))),
        ("a.rs", rust(&format!("let x = {}", nested("(", "1", ")")))),
        ("a.rs", rust(&nested("{", "", "}"))),
        ("a.rs", rust(&format!("let x = a{}", ".b()".repeat(DEPTH)))),
        ("a.rs", rust(&format!("let x = 1{}", " + 1".repeat(DEPTH)))),
        ("a.rs", rust(&format!("let x = {}1", "-".repeat(DEPTH)))),
        ("a.rs", rust(&format!("let x = {}1", "&".repeat(DEPTH)))),
        ("a.rs", rust(&format!("let x: {}", nested("Vec<", "u8", ">")))),
        ("a.rs", rust(&format!("let x: {}u8", "&".repeat(DEPTH)))),
        ("a.rs", rust(&nested("m!(", "", ")"))),
        ("a.rs", rust(&format!("{} {{}}", "if x {} else ".repeat(DEPTH)))),
        ("a.rs", rust(&format!("let x = {}1", "|a| ".repeat(DEPTH)))),
        ("a.rs", rust(&format!("let x = a{}", "?".repeat(DEPTH)))),
        ("a.rs", rust(&format!("let x = a{}", " as u8".repeat(DEPTH)))),
        ("a.rs", rust(&format!("let x = {}1", "return ".repeat(DEPTH)))),
        ("a.rs", rust(&format!("let x = {}1", "a = ".repeat(DEPTH)))),
        ("a.rs", format!("use {};\n{}", nested("a::{", "b", "}"), rust(""))),
        ("a.rs", format!("{}\n{}", nested("mod a {", "", "}"), rust(""))),
        ("a.rs", format!("use {}b;\n{}", "a::".repeat(DEPTH), rust(""))),
        ("a.rs", rust(&nested("/*", "", "*/"))),
    ];
    for (name, text) in cases {
        let start: String = text.chars().take(60).collect();
        check(&Repository::of(&[(name, &text)]), &format!("{name}: {start}"));
    }
}

#[test]
fn aliases_and_entities_are_not_filled_in() {
    let mut yaml = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
    let mut merged = String::from("a0: &a0 {k: v}\n");
    let mut xml = String::from("<!DOCTYPE project [<!ENTITY a0 \"lol\">\n");
    for n in 1..40 {
        let alias = format!("*a{}", n - 1);
        writeln!(yaml, "a{n}: &a{n} [{}]", [alias.as_str(); 9].join(", ")).unwrap();
        writeln!(merged, "a{n}: &a{n}\n  <<: [{}]\n  b: {alias}\n  c: {alias}", [alias.as_str(); 9].join(", "))
            .unwrap();
        writeln!(xml, "<!ENTITY a{n} \"{}\">", format!("&a{};", n - 1).repeat(9)).unwrap();
    }
    writeln!(yaml, "apiVersion: v1\nkind: Pod\nmetadata: {{name: x}}\nspec: *a39").unwrap();
    writeln!(merged, "apiVersion: v1\nkind: Pod\nmetadata: {{name: x}}\nspec: *a39").unwrap();
    writeln!(xml, "]><project><artifactId>&a39;</artifactId></project>").unwrap();
    let outside = "<!DOCTYPE p [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><project><version>&x;</version></project>";
    let scripts = "deploy:\n  script: &s [docker build -t a/b:1 .]\n".to_owned()
        + &(0..500).map(|n| format!("job{n}:\n  script: [*s, *s, *s, *s, *s, *s, *s, *s]\n")).collect::<String>();
    let own = "apiVersion: v1\nkind: Pod\nspec: &s\n  containers: [*s]\n  <<: *s\n";
    for (name, text) in [
        ("bomb.yaml", &*yaml),
        ("merge.yaml", &merged),
        ("values.yaml", &yaml),
        (".gitlab-ci.yml", &scripts),
        ("self.yaml", own),
        ("pom.xml", &xml),
        ("pom.xml", outside),
    ] {
        let repository = Repository::of(&[(name, text)]);
        let run = check(&repository, name);
        assert!(!run.out.contains("root:"), "{}", run.out);
        assert!(peak(&repository) < 200, "{name}: {} MB", peak(&repository));
    }
}

#[test]
fn properties_that_double_do_not_fill_memory() {
    let mut pom =
        String::from("<project><artifactId>${p60}</artifactId><version>1</version><properties><p0>0123456789</p0>");
    let mut docker = String::from("ARG P0=0123456789\n");
    let mut make = String::from("P0 = 0123456789\n");
    for n in 1..=60 {
        let one = n - 1;
        write!(pom, "<p{n}>${{p{one}}}${{p{one}}}</p{n}>").unwrap();
        writeln!(docker, "ARG P{n}=${{P{one}}}${{P{one}}}").unwrap();
        writeln!(make, "P{n} = $(P{one})$(P{one})").unwrap();
    }
    pom.push_str("</properties></project>");
    docker.push_str("FROM ${P60}\n");
    make.push_str("all:\n\tdocker build -t $(P60) .\n");
    for (name, text) in [("pom.xml", pom), ("Dockerfile", docker), ("Makefile", make)] {
        let repository = Repository::of(&[(name, &text)]);
        check(&repository, name);
        assert!(peak(&repository) < 200, "{name}: {} MB", peak(&repository));
    }
}
