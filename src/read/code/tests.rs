#![allow(clippy::unwrap_used)]

use super::*;
use crate::read::mutation;

fn show(value: &Value) -> String {
    match value {
        Value::Text(text) => format!("{:?}", text.as_str()),
        Value::Plain(text) => text.to_string(),
        Value::List(items) => format!("[{}]", items.iter().map(show).collect::<Vec<_>>().join(", ")),
        Value::Map(entries) => {
            let entries = entries.iter().map(|(key, value)| format!("{}: {}", show(key), show(value)));
            format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
        }
        Value::Partly(_, shape) => format!("~{shape:?}"),
        Value::Unknown(_) => "?".to_owned(),
    }
}

fn shown(code: &Code) -> Vec<String> {
    let argument = |a: &Argument| {
        let name = a.name.as_ref().map_or(String::new(), |name| format!("{name}="));
        format!("{name}{}", show(&a.value))
    };
    let call = |call: &Call| {
        let arguments: Vec<String> = call.arguments.iter().map(argument).collect();
        format!("{}.{}({})", call.receiver, call.name, arguments.join(", "))
    };
    code.calls.iter().map(call).collect()
}

fn python(text: &str) -> Vec<String> {
    shown(&read_python(FileId(0), text).body)
}

#[test]
fn calls_are_read_with_constants() {
    let text = r#"
import delta, os as o
from pyspark.sql import SparkSession
VERSION = "3.5.1"
PACKAGES = ",".join([f"org.apache.spark:spark-avro_2.12:{VERSION}", 'a:b:1'])
spark = (
    SparkSession.builder  # chained
    .appName("x")
    .config("spark.jars.packages", PACKAGES)
    .config(key="spark.a", value=True)
    .config(map={"spark.b": "1" "2", "spark.c": 3})
    .getOrCreate()
)
os.environ["PYSPARK_SUBMIT_ARGS"] = "--packages " + PACKAGES + " pyspark-shell"
"#;
    let calls = python(text);
    let has = |wanted: &str| assert!(calls.iter().any(|call| call == wanted), "{wanted} in {calls:#?}");
    has(
        r#"SparkSession.builder.appName.config("spark.jars.packages", "org.apache.spark:spark-avro_2.12:3.5.1,a:b:1")"#,
    );
    has(r#"SparkSession.builder.appName.config.config(key="spark.a", value=?)"#.replace('?', "True").as_str());
    has(r#"SparkSession.builder.appName.config.config.config(map={"spark.b": "12", "spark.c": 3})"#);
    has(
        r#"os.environ.[]=("PYSPARK_SUBMIT_ARGS", "--packages org.apache.spark:spark-avro_2.12:3.5.1,a:b:1 pyspark-shell")"#,
    );
    let imports: Vec<String> = read_python(FileId(0), text).body.imports.iter().map(ToString::to_string).collect();
    assert_eq!(imports, ["delta", "os", "pyspark.sql.SparkSession"]);
}

#[test]
fn what_is_given_twice_is_unknown() {
    for text in [
        "a = '1'\na = '2'\nf(a)",
        "a = '1'\nfor a in b:\n  pass\nf(a)",
        "a = '1'\na += '2'\nf(a)",
        "a = x()\nf(a)",
        "def g(a):\n  f(a)\na = '1'",
        "a = a\nf(a)",
        "a = b\nb = a\nf(a)",
        "f('%s' % a)",
        "f(f'{a:>3}')",
    ] {
        let calls = python(text);
        assert!(calls.iter().any(|call| call == ".f(?)"), "{text}: {calls:?}");
    }
    assert_eq!(python("def g():\n  a = '1'\n  f(a)\ndef h():\n  a = '2'\n  f(a)"), [".f(\"1\")", ".f(\"2\")"]);
}

#[test]
fn values_know_their_places() {
    let text = "\u{feff}# é\r\nV = '3.5'\r\nf('a\\tb', r'a\\b', f\"x-{V}\")\r\n";
    let code = read_python(FileId(0), text).body;
    assert_eq!(shown(&code), [r#".f("a\tb", "a\\b", "x-3.5")"#]);
    let Value::Text(version) = &code.calls[0].arguments[2].value else { panic!() };
    assert_eq!(&text[version.slice(2..5).span().range()], "3.5");
}

#[test]
fn doubling_values_and_deep_nesting_end() {
    let mut text = "a0 = 'xxxxxxxxxx'\n".to_owned();
    text.extend((0..40).map(|n| format!("a{} = a{n} + a{n}\n", n + 1)));
    text.push_str("f(a40)\n");
    assert!(python(&text).iter().any(|call| call == ".f(?)"));
    let deep = format!("f({}1{})", "(".repeat(3000), ")".repeat(3000));
    assert_eq!(python(&deep), [".f(?)"]);
    drop(python(&"f(".repeat(20_000)));
    drop(python(&format!("x{}", ".a()".repeat(5_000))));
}

#[test]
fn no_text_breaks_it_and_no_place_leaves_it() {
    let samples =
        ["A = 'é' + f'{B}'\nx.y(a=[A, {'k': \"v\\n\"}])['z'] = 1\n", "def f(a, b='1'):\n  return ','.join([a, b])\n"];
    mutation::each(&samples, |text| {
        let reading = read_python(FileId(0), text);
        for call in &reading.body.calls {
            mutation::inside(text, call.span);
            for argument in &call.arguments {
                if let Value::Text(value) | Value::Plain(value) = &argument.value {
                    mutation::traced(text, value);
                }
            }
        }
        reading.losses.iter().for_each(|loss| mutation::inside(text, loss.span));
    });
}

fn jvm(text: &str) -> Vec<String> {
    let calls = shown(&read_jvm(FileId(0), text).body);
    calls.into_iter().filter(|call| call.contains("config(") || call.contains("set(")).collect()
}

#[test]
fn scala_and_java_have_their_calls_read() {
    let scala = "object Job {\n  val Version = \"3.5.1\"\n  private val Packages: String = s\"org.apache.spark:spark-avro_2.12:$Version\"\n  // .config(\"no\", \"no\")\n  val spark = SparkSession.builder()\n    .master(\"local\")\n    .config(\"spark.jars.packages\", Packages + \",a:b:1\")\n    .config(\"spark.x\", other.value)\n    .config(\"spark.y\", true)\n    .getOrCreate()\n}\n";
    assert_eq!(
        jvm(scala),
        [
            r#"SparkSession.builder.master.config("spark.jars.packages", "org.apache.spark:spark-avro_2.12:3.5.1,a:b:1")"#,
            r#"SparkSession.builder.master.config.config("spark.x", ?)"#,
            r#"SparkSession.builder.master.config.config.config("spark.y", true)"#,
        ]
    );
    let java = "class A { static final String P = \"g:a_2.12:1\"; void f() { SparkConf c = new SparkConf().set(\"spark.jars.packages\", P).set(\"spark.z\", \"a\" + g()); } }";
    assert_eq!(
        jvm(java),
        [r#"SparkConf.set("spark.jars.packages", "g:a_2.12:1")"#, r#"SparkConf.set.set("spark.z", ?)"#]
    );
    for unknown in
        ["val a = \"1\"; a = \"2\"; x.set(\"k\", a)", "x.set(\"k\", s\"${a.b}\")", "val a = a\nx.set(\"k\", a)"]
    {
        assert_eq!(jvm(unknown), [r#"x.set("k", ?)"#], "{unknown}");
    }
}

#[test]
fn no_source_for_the_jvm_breaks_the_reader() {
    let samples = [
        "val a: String = s\"é$b${c}\"\nx.y(\"k\", a + \"\"\"v\"\"\").z('c', /* d */ true)\n",
        "String a = \"b\\n\"; // é\nf(a, k = \"v\");",
    ];
    mutation::each(&samples, |text| {
        let reading = read_jvm(FileId(0), text);
        for call in &reading.body.calls {
            mutation::inside(text, call.span);
            for argument in &call.arguments {
                if let Value::Text(value) | Value::Plain(value) = &argument.value {
                    mutation::traced(text, value);
                }
            }
        }
        reading.comments.iter().for_each(|comment| mutation::inside(text, *comment));
    });
    drop(jvm(&"x.set(".repeat(5_000)));
    drop(jvm(&format!("x.set(\"k\", {})", "\"a\" + ".repeat(5_000))));
    drop(jvm(&format!("x{}", ".set(a)".repeat(5_000))));
}

#[test]
fn texts_with_holes_keep_what_is_known() {
    let text = "A = 'http://h'\nf(f'{A}/x/{y}/run', A + '/' + y, '{}/z'.format(y), **{'k': 1})";
    assert_eq!(python(text), [r#".f(~"http://h/x/{}/run", ~"http://h/{}", ~"{}/z", **={"k": 1})"#, r"?.format(?)"]);
    // Each hole is looked at once, however deep it lies.
    drop(python(&format!("f({}y{})", "f'{".repeat(40), "}'".repeat(40))));
    drop(python(&format!("f({}y{})", "f\"{".repeat(40), "}\"".repeat(40))));
}

#[test]
fn calls_of_a_chain_are_found_from_its_end() {
    let before = |code: &Code, name: &str| {
        let chains = chain::Chains::of(code);
        let call = code.calls.iter().find(|call| call.name.as_str() == name).unwrap();
        chains.before(call).iter().map(|link| link.name.to_string()).collect::<Vec<_>>().join(" ")
    };
    let code = read_python(FileId(0), "x = a.b(1).c(d.b(2)).e.f(3)\na.b(9)\n").body;
    assert_eq!(before(&code, "f"), "c b");
    let scala = "import a.b.{C, D => E}\nimport f.G\nx.map(g)(Codec.of[T]).write\n  .format(\"k\") // no\n  .save()";
    let code = read_jvm(FileId(0), scala).body;
    assert_eq!(before(&code, "save"), "format map");
    let imports: Vec<&str> = code.imports.iter().map(Traced::as_str).collect();
    assert_eq!(imports, ["a.b.C", "f.G"]);
    assert!(code.calls.iter().any(|call| call.path() == "Codec.of"));
}
