//! The flags of `spark-submit` and of the shells that pass theirs on to it, and the keys they stand for.
//!
//! Source: `launcher/src/main/java/org/apache/spark/launcher/SparkSubmitOptionParser.java` and
//! `core/src/main/scala/org/apache/spark/deploy/SparkSubmitArguments.scala`.

use crate::read::shell::Word;
use crate::source::{Span, Traced};

/// Flags that take a value, with the key they stand for; none where there is no key.
const WITH_VALUE: [(&str, &str); 31] = [
    ("--archives", "spark.archives"),
    ("--class", ""),
    ("--conf", ""),
    ("-c", ""),
    ("--deploy-mode", "spark.submit.deployMode"),
    ("--driver-class-path", "spark.driver.extraClassPath"),
    ("--driver-cores", "spark.driver.cores"),
    ("--driver-java-options", "spark.driver.extraJavaOptions"),
    ("--driver-library-path", "spark.driver.extraLibraryPath"),
    ("--driver-memory", "spark.driver.memory"),
    ("--exclude-packages", "spark.jars.excludes"),
    ("--executor-cores", "spark.executor.cores"),
    ("--executor-memory", "spark.executor.memory"),
    ("--files", "spark.files"),
    ("--jars", "spark.jars"),
    ("--keytab", "spark.kerberos.keytab"),
    ("--kill", ""),
    ("--master", "spark.master"),
    ("--name", "spark.app.name"),
    ("--num-executors", "spark.executor.instances"),
    ("--packages", "spark.jars.packages"),
    ("--principal", "spark.kerberos.principal"),
    ("--properties-file", ""),
    ("--proxy-user", ""),
    ("--py-files", "spark.submit.pyFiles"),
    ("--queue", "spark.yarn.queue"),
    ("--remote", "spark.remote"),
    ("--repositories", "spark.jars.repositories"),
    ("--status", ""),
    ("--total-executor-cores", "spark.cores.max"),
    ("--driver-log4j", ""),
];

/// Flags of the shells themselves that take a value.
const OF_SHELLS: [&str; 9] = ["-e", "-f", "-i", "-I", "-d", "--hiveconf", "--hivevar", "--define", "--database"];

/// Keys whose values are lists: also of one that is not wholly known, the items that are can be judged. The kind of a master is
/// known by its beginning.
const LISTS: [&str; 8] = [
    "spark.archives",
    "spark.driver.extraClassPath",
    "spark.files",
    "spark.jars",
    "spark.jars.excludes",
    "spark.jars.packages",
    "spark.jars.repositories",
    "spark.submit.pyFiles",
];

/// The program a word names by its last part, where it is one that submits.
pub(super) fn program(word: &str) -> Option<&'static str> {
    let name = word.trim_start_matches(['@', '-']).rsplit('/').next()?;
    let known = [
        "spark-submit",
        "spark2-submit",
        "spark3-submit",
        "pyspark",
        "pyspark3",
        "spark-shell",
        "spark2-shell",
        "spark3-shell",
        "spark-sql",
        "spark3-sql",
        "sparkR",
        "spark-class",
        "run-example",
        "start-connect-server.sh",
        "start-thriftserver.sh",
        "PYSPARK_SUBMIT_ARGS",
        "SPARK_SUBMIT_ARGS",
    ];
    known.into_iter().find(|known| *known == name)
}

/// A flag with its value.
pub(super) struct Written {
    pub(super) name: Traced,
    pub(super) value: Option<Traced>,
    /// From the end of the word before to its own end.
    pub(super) removal: Option<Span>,
    /// The value, also where only parts of it are known.
    raw: Option<Traced>,
}

/// A command line, read as the launcher reads it.
#[derive(Default)]
pub(super) struct Parsed {
    pub(super) flags: Vec<Written>,
    pub(super) main: Option<Traced>,
    pub(super) main_class: Option<Traced>,
    /// What a variable holds may be flags.
    pub(super) open: bool,
}

/// Reads the arguments: flags up to the application, which takes all that follows it.
pub(super) fn parse(program: &Traced, arguments: &[&Word]) -> Parsed {
    let (before_all, program) = (program.written(), self::program(program.as_str()).unwrap_or_default());
    let mut parsed = Parsed::default();
    let is_shell = ["pyspark", "-shell", "-sql", "sparkR"].iter().any(|name| program.contains(name));
    let submits = !is_shell && !program.starts_with("start-") && program != "run-example";
    let mut unknown = false;
    let mut words = arguments.iter();
    let mut before = before_all;
    while let Some(word) = words.next() {
        let text = word.as_str();
        let previous = std::mem::replace(&mut before, word.text.written());
        if !text.starts_with('-') || text == "-" {
            // What a variable holds may be flags, or the application.
            if !word.known && !is_application(text) {
                (unknown, parsed.open) = (true, true);
                continue;
            }
            if submits && (!unknown || is_application(text)) {
                parsed.main = Some(word.text.clone()).filter(|main| is_named(main.as_str()));
            }
            break;
        }
        let takes =
            |name: &str| WITH_VALUE.iter().any(|(flag, _)| *flag == name) || (!submits && OF_SHELLS.contains(&name));
        let (name, value) = match text.split_once('=') {
            Some((name, _)) if takes(name) => (
                word.text.slice(0..name.len()),
                Some(Word { text: word.text.slice(name.len() + 1..text.len()), ..(*word).clone() }),
            ),
            _ if takes(text) => (word.text.clone(), words.next().map(|word| (*word).clone())),
            _ => (word.text.clone(), None),
        };
        if name.as_str() == "--class" {
            parsed.main_class = value.as_ref().and_then(Word::value).cloned();
        }
        let raw = value.as_ref().map(|value| value.text.clone());
        let end = raw.as_ref().map_or(word.text.written(), Traced::written).end.max(word.text.written().end);
        before = Span { end, ..word.text.written() };
        let in_order = previous.file == before.file && previous.end < end;
        let removal = in_order.then_some(Span { start: previous.end, end, ..previous });
        parsed.flags.push(Written { name, removal, value: value.and_then(|v| v.known.then_some(v.text)), raw });
    }
    parsed
}

fn is_application(text: &str) -> bool {
    [".py", ".jar", ".R", ".r", ".zip", ".egg"].iter().any(|ending| text.ends_with(ending)) || text == "pyspark-shell"
}

/// Whether the last part of a path is known.
fn is_named(path: &str) -> bool {
    let last = path.rsplit('/').next().unwrap_or_default();
    !last.is_empty() && !last.contains(['$', '{', '`', '%', '<']) && last != "pyspark-shell"
}

/// The settings that flags make. Of a flag that is repeated the last one counts; `--conf` adds up.
pub(super) fn settings(flags: &[Written]) -> Vec<(Traced, Option<Traced>)> {
    let mut settings = Vec::new();
    for (i, flag) in flags.iter().enumerate() {
        let name = flag.name.as_str();
        if matches!(name, "--conf" | "-c") {
            settings.extend(flag.raw.as_ref().and_then(|raw| pair(raw, flag.value.is_some())));
            continue;
        }
        let Some((_, key)) = WITH_VALUE.iter().find(|(known, key)| *known == name && !key.is_empty()) else { continue };
        let repeated = flags.iter().skip(i + 1).any(|later| later.name.as_str() == name);
        if !repeated {
            let value =
                if LISTS.contains(key) || *key == "spark.master" { flag.raw.clone() } else { flag.value.clone() };
            settings.push((Traced::literal(*key, flag.name.span()), value));
        }
    }
    settings
}

/// `key=value`.
fn pair(text: &Traced, known: bool) -> Option<(Traced, Option<Traced>)> {
    let value = text.as_str();
    let equals = value.find('=')?;
    let key = text.slice(0..equals).trim();
    let is_key = !key.as_str().is_empty() && !key.as_str().contains(['$', '{', ' ']);
    let is_list = LISTS.contains(&key.as_str()) || key.as_str() == "spark.master";
    is_key.then(|| (key, (known || is_list).then(|| text.slice(equals + 1..value.len()))))
}
