//! What the code of an application says about Spark: the settings that its session is made with. Tests make sessions of their own, and
//! nothing of them is deployed.

use crate::fact::{ConfSetting, Facts, LocalSession, Part, PartId, PartKind, Via};
use crate::read::code::{Call, Code, SET_ITEM, Value};
use crate::source::{Source, Traced};

/// Environment variables that stand for settings.
const VARIABLES: [(&str, &str); 3] = [
    ("PYSPARK_PYTHON", "spark.pyspark.python"),
    ("PYSPARK_DRIVER_PYTHON", "spark.pyspark.driver.python"),
    ("SPARK_REMOTE", "spark.remote"),
];

/// The settings of a source; nothing where it makes none.
pub fn claim(source: &Source, code: &Code) -> Facts {
    let mut session = Session::default();
    // What a launcher is told is for the process that it starts, with the libraries of that one.
    let launches = code.calls.iter().any(|call| call.name.as_str() == "setAppResource");
    let deploys = !is_test(&source.path) && !launches;
    if deploys {
        code.calls.iter().for_each(|call| session.call(call));
        session.finish();
    }
    let mut facts = Facts { local_sessions: local_sessions(source, code), ..Facts::default() };
    let first = session.settings.first().map(|(key, _)| key.span());
    let made = || code.calls.iter().find(|call| makes_session(call)).map(|call| call.name.span());
    let Some(span) = first.or_else(|| made().filter(|_| deploys)) else { return facts };
    let part =
        facts.add(Part { name: source.path.clone(), span, folder: source.folder().to_owned(), kind: PartKind::Source });
    facts.settings = session.settings.into_iter().map(|(key, value)| setting(part, key, value)).collect();
    facts
}

/// Sessions of this very process, those of tests included: with a local master, or with whatever master where the source names no server.
fn local_sessions(source: &Source, code: &Code) -> Vec<LocalSession> {
    let mut session = Session::default();
    code.calls.iter().for_each(|call| session.call(call));
    let masters = session.settings.into_iter().filter(|(key, _)| key.as_str() == "spark.master");
    let local = masters.filter_map(|(_, value)| value).filter(|value| {
        let text = value.as_str();
        text == "local" || (text.starts_with("local[") && text.ends_with(']'))
    });
    let tests = is_test(&source.path);
    let mut found: Vec<LocalSession> =
        local.map(|master| LocalSession { at: master.span(), local: true, tests }).collect();
    if !code.calls.iter().any(|call| matches!(call.name.as_str(), "remote" | "setAppResource")) {
        let made = code.calls.iter().filter(|c| c.name.as_str() == "getOrCreate" && has_builder(&c.receiver));
        found.extend(made.map(|call| LocalSession { at: call.name.span(), local: false, tests }));
    }
    found
}

fn setting(part: PartId, key: Traced, value: Option<Traced>) -> ConfSetting {
    ConfSetting { part, key, value, via: Via::Code, slot: None }
}

/// Whether a source is there for tests, by its folder and name.
pub fn is_test(path: &str) -> bool {
    let mut names = path.rsplit('/');
    let name = names.next().unwrap_or_default();
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let is_name = stem.starts_with("test_")
        || ["_test", "Test", "Tests", "Spec", "Suite", "IT"].iter().any(|end| stem.ends_with(end))
        || stem == "conftest";
    is_name || names.any(|folder| matches!(folder, "test" | "tests" | "it" | "testing"))
}

/// Whether a path leads to code that tests or shows something, which nobody deploys.
pub fn is_aside(path: &str) -> bool {
    let aside =
        ["demo", "demos", "doc", "docs", "example", "examples", "notebook", "notebooks", "tutorial", "tutorials"];
    let is_tests = path.ends_with("/tests.py") || path == "tests.py";
    let shows = |folder: &str| aside.contains(&folder) || folder.contains("fixture");
    is_test(path) || is_tests || folders(path).split('/').any(|folder| shows(&folder.to_ascii_lowercase()))
}

/// The folders of a path that say what it is for: below the sources of the JVM they are the names of packages, `com/example`.
fn folders(path: &str) -> &str {
    let sources = ["src/main/java/", "src/main/scala/", "src/main/kotlin/"];
    sources.iter().find_map(|root| path.split_once(root)).map_or(path, |(before, _)| before)
}

const PACKAGES: &str = "spark.jars.packages";

#[derive(Default)]
struct Session {
    settings: Vec<(Traced, Option<Traced>)>,
    /// The packages that builders are told of.
    packages: Vec<(Traced, Option<Traced>)>,
    /// What Delta's helper is given to load beside its own jar, where the helper is called.
    beside_delta: Option<Vec<Traced>>,
}

impl Session {
    /// Delta's helper sets the packages anew, whatever the builder was told before.
    fn finish(&mut self) {
        match self.beside_delta.take() {
            Some(beside) => {
                let key = |text: &Traced| Traced::literal(PACKAGES, text.span());
                self.settings.extend(beside.into_iter().map(|text| (key(&text), Some(text))));
            }
            None => self.settings.append(&mut self.packages),
        }
    }

    fn call(&mut self, call: &Call) {
        match call.name.as_str() {
            "config" => {
                let map = call.argument(usize::MAX, &["map"]);
                map.map_or(&[][..], Value::entries).iter().for_each(|(key, value)| self.pair(key, value));
                self.arguments(call);
            }
            "set" | "setIfMissing" if !is_runtime(&call.receiver) => self.arguments(call),
            "setAll" => {
                for pair in call.arguments.first().map_or(&[][..], |a| a.value.items()) {
                    if let [key, value] = pair.items() {
                        self.pair(key, value);
                    }
                }
            }
            "remote" if has_builder(&call.receiver) => self.short("spark.remote", call),
            "master" if has_builder(&call.receiver) => self.short("spark.master", call),
            "setMaster" => self.short("spark.master", call),
            "configure_spark_with_delta_pip" => self.delta(call),
            SET_ITEM | "setdefault" | "putenv" if call.receiver.split('.').next_back().is_some_and(is_environment) => {
                self.variable(call);
            }
            _ => {}
        }
    }

    /// `("spark.key", value)`.
    fn arguments(&mut self, call: &Call) {
        if let (Some(key), Some(value)) = (call.argument(0, &["key"]), call.argument(1, &["value"])) {
            self.pair(key, value);
        }
    }

    fn pair(&mut self, key: &Value, value: &Value) {
        if let Some(key) = key.text().filter(|key| key.as_str().starts_with("spark.")) {
            let settings = if key.as_str() == PACKAGES { &mut self.packages } else { &mut self.settings };
            settings.push((key.clone(), value.shown().cloned()));
        }
    }

    /// A method that stands for a key.
    fn short(&mut self, key: &str, call: &Call) {
        if let Some(value) = call.argument(0, &["url", "master", "value"]) {
            self.settings.push((Traced::literal(key, call.name.span()), value.shown().cloned()));
        }
    }

    fn delta(&mut self, call: &Call) {
        let packages = call.argument(1, &["extra_packages"]).map_or(&[][..], Value::items);
        self.beside_delta.get_or_insert_default().extend(packages.iter().filter_map(Value::text).cloned());
    }

    fn variable(&mut self, call: &Call) {
        let (Some(name), Some(value)) = (call.argument(0, &[]).and_then(Value::text), call.argument(1, &[])) else {
            return;
        };
        if let Some((_, key)) = VARIABLES.iter().find(|(variable, _)| *variable == name.as_str()) {
            self.settings.push((Traced::literal(*key, name.span()), value.shown().cloned()));
        } else if let Some(text) = value.text().filter(|_| name.as_str() == "PYSPARK_SUBMIT_ARGS") {
            self.settings.extend(super::submit::argument_settings(text));
        }
    }
}

/// Whether a call begins a session or a context of its own: `SparkSession.builder…`, `new JavaSparkContext(conf)`.
fn makes_session(call: &Call) -> bool {
    let name = call.name.as_str();
    let of_builder = || {
        let mut path = call.receiver.split('.').chain([name]).skip_while(|part| *part != "SparkSession");
        path.next().is_some() && path.next() == Some("builder")
    };
    let is_context = CONTEXTS.contains(&name) && call.receiver.is_empty();
    is_context || (CONTEXTS.contains(&call.receiver.as_str()) && name == "getOrCreate") || of_builder()
}

/// What code starts Spark with, beside its sessions.
const CONTEXTS: [&str; 4] = ["SparkContext", "JavaSparkContext", "StreamingContext", "JavaStreamingContext"];

fn has_builder(receiver: &str) -> bool {
    // Databricks has a builder of its own, and brings what it needs.
    !receiver.contains("Databricks") && receiver.split('.').any(|part| part.eq_ignore_ascii_case("builder"))
}

fn is_environment(name: &str) -> bool {
    matches!(name, "environ" | "os")
}

/// Whether something is set on a session that already runs: `spark.conf.set`, not `conf.set` or `self.conf.set`.
fn is_runtime(receiver: &str) -> bool {
    let mut parts = receiver.rsplit('.');
    let last = parts.next().unwrap_or_default();
    last == "conf" && parts.next().is_some_and(|before| !matches!(before, "self" | "cls" | "this"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::code::read_python;
    use crate::source::{FileId, Format, Location};

    fn settings(path: &str, text: &str) -> Vec<String> {
        let source = Source { path: path.into(), location: Location::Memory([].into()), format: Format::Python };
        let facts = claim(&source, &read_python(FileId(0), text).body);
        let shown = |s: &ConfSetting| format!("{}={}", s.key, s.value.as_ref().map_or("?", Traced::as_str));
        facts.settings.iter().map(shown).collect()
    }

    #[test]
    fn settings_are_made_in_many_ways() {
        let text = r#"
conf = SparkConf().setMaster("local[2]").set("spark.a", "1").setAll([("spark.b", "2"), ("spark.c", x)])
builder = SparkSession.builder.config(map={"spark.d": 4}).config("spark.e", True).master("yarn")
spark = configure_spark_with_delta_pip(builder, extra_packages=["g:a_2.12:1"]).getOrCreate()
remote = SparkSession.builder.remote("sc://h:15002").getOrCreate()
os.environ["PYSPARK_PYTHON"] = "python3.9"
os.environ.setdefault("PYSPARK_DRIVER_PYTHON", "python3.10")
os.environ["PYSPARK_SUBMIT_ARGS"] = "--packages g:b_2.12:2 --conf spark.f=6 pyspark-shell"
"#;
        let mut found = settings("job.py", text);
        found.sort();
        assert_eq!(
            found,
            [
                "spark.a=1",
                "spark.b=2",
                "spark.c=?",
                "spark.d=4",
                "spark.e=True",
                "spark.f=6",
                "spark.jars.packages=g:a_2.12:1",
                "spark.jars.packages=g:b_2.12:2",
                "spark.master=local[2]",
                "spark.master=yarn",
                "spark.pyspark.driver.python=python3.10",
                "spark.pyspark.python=python3.9",
                "spark.remote=sc://h:15002",
            ]
        );
    }

    #[test]
    fn what_is_no_session_says_nothing() {
        for text in [
            "spark.conf.set('spark.a', '1')",
            "self.spark.conf.set('spark.a', '1')",
            "app.config('key', 'spark.a')",
            "d = {'spark.a': '1'}",
            "x.set('a', 'spark.b')",
            "os.environ['OTHER'] = 'x'",
            "repo.remote('origin')",
        ] {
            assert_eq!(settings("job.py", text), Vec::<String>::new(), "{text}");
        }
        let set = "conf.set('spark.a', '1')";
        for path in ["tests/job.py", "src/test/python/a.py", "a/test_job.py", "conftest.py"] {
            assert_eq!(settings(path, set), Vec::<String>::new(), "{path}");
        }
        assert_eq!(settings("latest/self_tested.py", "self.conf.set('spark.a', '1')"), ["spark.a=1"]);
    }
}
