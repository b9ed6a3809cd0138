use super::*;
use crate::read::mutation;

const FILE: FileId = FileId(0);

fn script(text: &str, kotlin: bool) -> Script {
    let reading = read(FILE, text, kotlin);
    assert!(reading.losses.is_empty(), "{:?} in {text}", reading.losses);
    reading.body
}

/// A statement as a short text, to compare.
fn shown(statement: &Statement) -> String {
    let block = |b: &Block| b.statements.iter().map(shown).collect::<Vec<_>>().join("; ");
    match statement {
        Statement::Expression(e) => expression(e),
        Statement::Define { names, value, delegated } => {
            let value = value.as_ref().map_or("-".to_owned(), expression);
            format!("{} {} {value}", names.join(","), if *delegated { "by" } else { ":=" })
        }
        Statement::Assign { target, adds, value, .. } => {
            format!("{} {} {}", expression(target), if *adds { "+=" } else { "=" }, expression(value))
        }
        Statement::Function { name, parameters, body } => {
            format!("fun {name}({}) {{{}}}", parameters.join(","), block(body))
        }
        Statement::Object { name, body } => format!("object {name} {{{}}}", block(body)),
        Statement::For { name, list, body } => format!("for {name} in {} {{{}}}", expression(list), block(body)),
        Statement::Return(value) => format!("return {}", value.as_ref().map_or("-".to_owned(), expression)),
    }
}

fn expression(e: &Expression) -> String {
    use ExpressionKind as K;
    let list = |es: &[Expression]| es.iter().map(expression).collect::<Vec<_>>().join(", ");
    let block = |b: &Block| {
        let parameters =
            if b.parameters.is_empty() { String::new() } else { format!("{} -> ", b.parameters.join(",")) };
        format!("{{{parameters}{}}}", b.statements.iter().map(shown).collect::<Vec<_>>().join("; "))
    };
    match &e.kind {
        K::Text(parts) => {
            let part = |p: &Part| match p {
                Part::Literal(text) => text.to_string(),
                Part::Code(code) => format!("<{}>", expression(code)),
            };
            format!("'{}'", parts.iter().map(part).collect::<String>())
        }
        K::Number(n) => n.to_string(),
        K::Name(name) => name.to_string(),
        K::Member(of, name) => format!("{}.{name}", expression(of)),
        K::Index(of, at) => format!("{}[{}]", expression(of), expression(at)),
        K::Call { callee, arguments, block: b } => {
            let argument = |a: &Argument| {
                let name = a.name.as_ref().map_or(String::new(), |name| format!("{name}: "));
                format!("{name}{}", expression(&a.value))
            };
            let arguments: Vec<String> = arguments.iter().map(argument).collect();
            format!("{}({}){}", expression(callee), arguments.join(", "), b.as_ref().map_or(String::new(), block))
        }
        K::List(items) => format!("[{}]", list(items)),
        K::Map(entries) => {
            let entries: Vec<String> =
                entries.iter().map(|(k, v)| format!("{}: {}", expression(k), expression(v))).collect();
            format!("[{}]", entries.join(", "))
        }
        K::Block(b) => block(b),
        K::Not(e) => format!("!{}", expression(e)),
        K::Binary(op, a, b) => format!("({} {op} {})", expression(a), expression(b)),
        K::If(branches, otherwise) => {
            let branches: Vec<String> =
                branches.iter().map(|(c, b)| format!("if {} {}", expression(c), block(b))).collect();
            format!(
                "{}{}",
                branches.join(" "),
                otherwise.as_ref().map_or(String::new(), |b| format!(" else {}", block(b)))
            )
        }
        K::When(subject, branches, otherwise) => {
            let subject = subject.as_ref().map_or(String::new(), |s| expression(s));
            let branches: Vec<String> = branches.iter().map(|(v, b)| format!("{}: {}", list(v), block(b))).collect();
            let otherwise = otherwise.as_ref().map_or(String::new(), |b| format!(" else {}", block(b)));
            format!("when {subject} {{{}{otherwise}}}", branches.join(", "))
        }
        K::Unknown => "?".to_owned(),
    }
}

fn groovy(text: &str) -> Vec<String> {
    script(text, false).body.statements.iter().map(shown).collect()
}

fn kotlin(text: &str) -> Vec<String> {
    script(text, true).body.statements.iter().map(shown).collect()
}

#[test]
fn groovy_calls_need_no_brackets() {
    let text = "plugins {\n  id 'java'\n  id 'shadow' version '8.1' apply false\n}\n\
        dependencies {\n  implementation \"a:b_$scala:${v.x}\", 'c:d:1'\n  compileOnly group: 'a', name: 'b', version: '1'\n\
        \x20 api(project(':core')) { exclude group: 'x', module: 'y' }\n  implementation libs.spark.sql\n  implementation (\n    'q:w:1'\n  )\n}\n\
        apply plugin: 'scala'\ntask x(type: Jar) { from 'a' }\n";
    let expected = [
        "plugins(){id('java'); id('shadow').version('8.1').apply(false)}",
        "dependencies(){implementation('a:b_<scala>:<v.x>', 'c:d:1'); compileOnly(group: 'a', name: 'b', version: '1'); \
         api(project(':core')){exclude(group: 'x', module: 'y')}; implementation(libs.spark.sql); implementation('q:w:1')}",
        "apply(plugin: 'scala')",
        "task(x(type: Jar){from('a')})",
    ];
    assert_eq!(groovy(text), expected);
}

#[test]
fn definitions_and_assignments() {
    let text = "def v = '1'\nString w = a ?: 'b'\nList<String> l = x.split(',')\next.spark = \"3.5.1\"\n\
        ext { hadoop = '3.3.4' }\nproject.ext['k'] = 1\nversions += [spark: '3', 'b.c': [1, 2]]\ndef (a, b) = f()\n\
        def major(String s) { return s.split('.')[0] }\n";
    let expected = [
        "v := '1'",
        "w := (a ?: 'b')",
        "l := x.split(',')",
        "ext.spark = '3.5.1'",
        "ext(){hadoop = '3.3.4'}",
        "project.ext['k'] = 1",
        "versions += [spark: '3', 'b.c': [1, 2]]",
        "a,b := f()",
        "fun major(s) {return s.split('.')[0]}",
    ];
    assert_eq!(groovy(text), expected);
}

#[test]
fn kotlin_scripts() {
    let text = "plugins {\n  `java-library`\n  id(\"x\") version \"1\" apply false\n  alias(libs.plugins.shadow)\n}\n\
        val spark: String by project\nval v by extra(\"1\")\nval m = mapOf(\"a\" to \"b\")\n\
        val s = findProperty(\"s\") as String? ?: \"3.5.1\"\n\
        dependencies {\n  implementation(\"a:b_${s.take(3)}:$v\")\n  \"sparkImplementation\"(libs.x)\n}\n\
        tasks.withType<ShadowJar>().configureEach { archiveClassifier.set(\"\") }\nfun f(a: String): String = a\n\
        object Versions { const val SPARK = \"3.5.1\" }\n";
    let expected = [
        "plugins(){java-library; id('x').version('1').apply(false); alias(libs.plugins.shadow)}",
        "spark by project",
        "v by extra('1')",
        "m := mapOf(('a' to 'b'))",
        "s := (findProperty('s') ?: '3.5.1')",
        "dependencies(){implementation('a:b_<s.take(3)>:<v>'); 'sparkImplementation'(libs.x)}",
        "tasks.withType(ShadowJar).configureEach(){archiveClassifier.set('')}",
        "fun f(a) {return a}",
        "object Versions {SPARK := '3.5.1'}",
    ];
    assert_eq!(kotlin(text), expected);
}

#[test]
fn branches_and_loops() {
    let text = "if (a == '1' && !b) {\n  x 1\n} else if (c) {\n  y 2\n}\nelse { z 3 }\n\
        switch (v) {\n  case '1':\n  case '2':\n    x 1\n    break\n  default:\n    y 2\n}\n\
        for (s in list) { f(s) }\nlist.each { v -> g v }\ndef q = c ? 'a' : 'b'\ntry { t 1 } catch (E e) { u 2 }\n";
    let expected = [
        "if ((a == '1') && !b) {x(1)} if c {y(2)} else {z(3)}",
        "when v {'1', '2': {x(1)} else {y(2)}}",
        "for s in list {f(s)}",
        "list.each(){v -> g(v)}",
        "q := if c {'a'} else {'b'}",
        " else {t(1)}",
    ];
    assert_eq!(groovy(text), expected);
    let text = "val d = when (spark) {\n  \"3.4\", \"3.5\" -> \"a\"\n  else -> {\n    error(\"x\")\n  }\n}\n\
        if (a) b() else c()\nx.forEach { (k, v) -> f(k) }\n";
    let expected = [
        "d := when spark {'3.4', '3.5': {'a'} else {error('x')}}",
        "if a {b()} else {c()}",
        "x.forEach(){k,v -> f(k)}",
    ];
    assert_eq!(kotlin(text), expected);
}

#[test]
fn comments_and_texts_of_all_kinds() {
    let text = "// a 'b\n/* c { */\ndef a = 'it\\'s'\ndef b = '''x\ny'''\ndef c = \"\"\"$a\"\"\"\ndef d = s.replaceAll(/[^0-9.]/, '') / 2\n\
        def e = \"\\$x ${m['k']} ${\"in $y\"}\"\n";
    let expected = [
        "a := 'it's'",
        "b := 'x\ny'",
        "c := '<a>'",
        "d := (s.replaceAll('[^0-9.]', '') / 2)",
        "e := '$x <m['k']> <'in <y>'>'",
    ];
    assert_eq!(groovy(text), expected);
    assert_eq!(read(FILE, "// sparkproof: ignore\nx 1", false).comments.len(), 1);
}

#[test]
fn values_know_their_bytes() {
    for text in ["x 'a:b:1.2'\r\n", "\u{feff}x 'a:b:1.2'"] {
        let script = script(text, false);
        let Statement::Expression(call) = &script.body.statements[0] else { panic!() };
        let (_, arguments, _) = call.call().unwrap();
        let ExpressionKind::Text(parts) = &arguments[0].value.kind else { panic!() };
        let Part::Literal(value) = &parts[0] else { panic!() };
        assert_eq!(&text[value.slice(4..7).span().range()], "1.2");
    }
}

#[test]
fn what_is_broken_loses_itself() {
    let reading = read(FILE, "a 'x\nb 'y'\n}\nc 'z'\n", false);
    assert_eq!(reading.body.body.statements.iter().map(shown).collect::<Vec<_>>(), ["a('x')", "b('y')", "c('z')"]);
    assert_eq!(reading.losses.len(), 2);
    assert_eq!(read(FILE, "dependencies {\n  implementation 'a:b:1'\n", false).losses.len(), 1);
    assert!(read(FILE, "", true).body.body.statements.is_empty());
}

#[test]
fn deep_nesting_ends() {
    for deep in [
        "{",
        "(",
        "[",
        "a{",
        "a(",
        "\"${",
        "if (a) ",
        "x = ",
        "!",
        "new ",
        "a ? ",
        "a.b",
        "f { x -> ",
        "switch (a) { case 1: ",
        "-> ",
    ] {
        for kotlin in [false, true] {
            read(FILE, &deep.repeat(20_000), kotlin);
        }
    }
}

#[test]
fn no_mutation_panics_or_leaves_the_text() {
    let samples = [
        "plugins {\n  id 'a' version '1'\n}\next { v = \"3.5.1\" }\ndependencies {\n  implementation \"o:s_${x}:$v\"\n  api project(':c')\n}\n",
        "val v: String by project\ndependencies { implementation(\"a:b_$s:${v}\") { exclude(group = \"x\") } }\nwhen (v) { \"1\" -> a() else -> b() }\n",
    ];
    mutation::each(&samples, |text| {
        for kotlin in [false, true] {
            let reading = read(FILE, text, kotlin);
            reading.losses.iter().for_each(|loss| mutation::inside(text, loss.span));
            let mut open: Vec<&Statement> = reading.body.body.statements.iter().collect();
            while let Some(statement) = open.pop() {
                if let Statement::Expression(Expression { kind: ExpressionKind::Call { arguments, block, .. }, span }) =
                    statement
                {
                    mutation::inside(text, *span);
                    open.extend(block.iter().flat_map(|b| &b.statements));
                    for argument in arguments {
                        if let ExpressionKind::Text(parts) = &argument.value.kind {
                            let literal = |p: &Part| if let Part::Literal(t) = p { Some(t.clone()) } else { None };
                            parts.iter().filter_map(literal).for_each(|t| mutation::traced(text, &t));
                        }
                    }
                }
            }
        }
    });
}
