//! What code and files of settings say of Kafka's offsets: consumers that commit on their own, and what commits beside them.

mod files;
mod go;

use super::session::is_test;
use crate::fact::kafka::{Against, AutoCommit};
use crate::read::code::{Call, Code, SET_ITEM, Value};
use crate::source::{Source, Span, Traced};
pub use files::{claim_properties, claim_tree, commits, link};
pub use go::claim_go;
use std::collections::HashSet;

const KEY: &str = "enable.auto.commit";
const KEY_OF_SPARK: &str = "kafka.enable.auto.commit";

/// How deep dictionaries are looked into.
const MAX_DEPTH: usize = 6;

/// Classes of Python's clients that take a dictionary, and those that take arguments.
const BY_DICTIONARY: [&str; 3] = ["AvroConsumer", "Consumer", "DeserializingConsumer"];
const BY_ARGUMENTS: [&str; 2] = ["AIOKafkaConsumer", "KafkaConsumer"];

/// What a file says of consumers that commit on their own.
#[derive(Default)]
struct File {
    /// Each place that turns it on.
    on: Vec<Span>,
    /// Consumers that say nothing of it.
    silent: Vec<Span>,
    /// Some consumer does not commit on its own, or it is not known.
    may_be_off: bool,
    /// Options of Spark's own source.
    spark: Vec<Span>,
    seen: HashSet<Span>,
}

/// Consumers of a source that commit on their own although something else does as well.
pub fn claim(source: &Source, code: &Code) -> Vec<AutoCommit> {
    if is_test(&source.path) {
        return Vec::new();
    }
    let mut file = File::default();
    let is_python = source.has_extension("py");
    let imports = |name: &str| code.imports.iter().any(|import| import.as_str().split('.').next() == Some(name));
    let of_confluent = is_python && imports("confluent_kafka");
    let of_kafka = is_python && (imports("kafka") || imports("aiokafka"));
    let reads_kafka = code.calls.iter().any(|call| {
        let first = call.arguments.first().and_then(|argument| argument.value.text());
        call.name.as_str() == "format" && first.is_some_and(|text| text.as_str() == "kafka")
    });
    for call in &code.calls {
        file.settings(call, reads_kafka);
        let name = call.name.as_str();
        if of_confluent && BY_DICTIONARY.contains(&name) {
            file.dictionary(call);
        }
        if of_kafka && BY_ARGUMENTS.contains(&name) {
            file.arguments(call);
        }
    }
    let subject = |span: &Span| format!("{}/{}", source.path, if file.silent.contains(span) { "default" } else { KEY });
    let found = |span: &Span, by_default: bool, against: Against| AutoCommit {
        span: *span,
        by_default,
        against,
        subject: subject(span),
    };
    let mut all: Vec<AutoCommit> = file.spark.iter().map(|span| found(span, false, Against::Spark)).collect();
    if let Some(against) = code.calls.iter().find_map(|call| against(call, is_python)).filter(|_| !file.may_be_off) {
        all.extend(file.on.iter().map(|span| found(span, false, against.clone())));
        all.extend(file.silent.iter().map(|span| found(span, true, against.clone())));
    }
    all
}

impl File {
    /// Settings that a call makes: `props.put(k, v)`, `.option(k, v)`, `conf[k] = v`, dictionaries.
    fn settings(&mut self, call: &Call, reads_kafka: bool) {
        let name = call.name.as_str();
        if matches!(name, "put" | "setProperty" | "set" | "option" | "withConsumerConfig" | SET_ITEM)
            && let Some(key) = call.arguments.first().and_then(|argument| argument.value.text())
        {
            let is_option = name == "option" && !call.receiver.split('.').any(|part| part.starts_with("write"));
            // A map of options is seen to go to Spark only where the file reads with its source.
            let is_sparks = is_option || (reads_kafka && name != "option");
            self.setting(key, call.arguments.get(1).map(|argument| &argument.value), is_sparks);
        }
        let is_options = name == "options" && !call.receiver.split('.').any(|part| part.starts_with("write"));
        for argument in &call.arguments {
            self.value(&argument.value, is_options, MAX_DEPTH);
        }
    }

    fn value(&mut self, value: &Value, is_options: bool, fuel: usize) {
        let Some(fuel) = fuel.checked_sub(1) else { return };
        for (key, value) in value.entries() {
            if let Some(key) = key.text() {
                self.setting(key, Some(value), is_options);
            }
            self.value(value, is_options, fuel);
        }
    }

    fn setting(&mut self, key: &Traced, value: Option<&Value>, is_sparks: bool) {
        if !self.seen.insert(key.span()) {
            return;
        }
        match key.as_str() {
            KEY_OF_SPARK if is_sparks => self.spark.push(key.span()),
            KEY => self.said(value.and_then(Value::shown)),
            _ => {}
        }
    }

    fn said(&mut self, value: Option<&Traced>) {
        match value {
            Some(value) if value.as_str().eq_ignore_ascii_case("true") => self.on.push(value.span()),
            _ => self.may_be_off = true,
        }
    }

    /// `Consumer({"group.id": "a"})`: what the dictionary does not say has its default.
    fn dictionary(&mut self, call: &Call) {
        match call.arguments.first().map(|argument| (&argument.name, &argument.value)) {
            Some((None, Value::Map(entries))) => {
                let is_known = entries.iter().all(|(key, _)| key.text().is_some());
                let says = entries.iter().any(|(key, _)| key.text().is_some_and(|key| key.as_str() == KEY));
                if !is_known {
                    self.may_be_off = true;
                } else if !says {
                    self.silent.push(call.name.span());
                }
            }
            _ => self.may_be_off = true,
        }
    }

    /// `KafkaConsumer("topic", group_id="a")`.
    fn arguments(&mut self, call: &Call) {
        let of = |name: &str| call.arguments.iter().find(|a| a.name.as_ref().is_some_and(|own| own.as_str() == name));
        if let Some(argument) = of("enable_auto_commit") {
            self.said(argument.value.shown());
        } else if of("**").is_some() || of("*").is_some() {
            self.may_be_off = true;
        } else if of("group_id").is_some_and(|group| group.value.text().is_some()) {
            self.silent.push(call.name.span());
        }
    }
}

/// A call that commits offsets.
fn against(call: &Call, is_python: bool) -> Option<Against> {
    let name = call.name.as_str();
    let (span, shown) = (call.name.span(), name.to_owned());
    let last = call.receiver.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
    match name {
        "sendOffsetsToTransaction" | "send_offsets_to_transaction" if !last.is_empty() => {
            Some(Against::Transaction(span, shown))
        }
        "commitSync" | "commitAsync" if !is_python && !last.is_empty() => Some(Against::Commit(span, shown)),
        "commit" | "commit_async" if is_python && last.contains("consumer") => Some(Against::Commit(span, shown)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::code::{read_jvm, read_python};
    use crate::source::{FileId, Format, Location};

    fn told(path: &str, text: &str) -> Vec<String> {
        let format = if path.ends_with("py") { Format::Python } else { Format::Jvm };
        let source = Source { path: path.into(), location: Location::Memory([].into()), format };
        let code = if path.ends_with("py") { read_python(FileId(0), text) } else { read_jvm(FileId(0), text) };
        claim(&source, &code.body)
            .into_iter()
            .map(|one| {
                let at = text.get(one.span.start as usize..one.span.end as usize).unwrap_or_default();
                let against = match one.against {
                    Against::Commit(_, name) | Against::Transaction(_, name) => name,
                    Against::Acknowledged(_, mode) => mode,
                    Against::Spark => "spark".to_owned(),
                };
                format!("{at} {against}{}", if one.by_default { " by default" } else { "" })
            })
            .collect()
    }

    #[test]
    fn python() {
        let head = "from confluent_kafka import Consumer\n";
        let body =
            "consumer = Consumer({'group.id': 'a', 'enable.auto.commit': True})\nconsumer.commit(asynchronous=False)";
        assert_eq!(told("a.py", &format!("{head}{body}")), ["True commit"]);
        let body = "consumer = Consumer({'group.id': 'a'})\nself.consumer.commit()";
        assert_eq!(told("a.py", &format!("{head}{body}")), ["Consumer commit by default"]);
        for silent in [
            "c = Consumer({'group.id': 'a', 'enable.auto.commit': False})\nconsumer.commit()",
            "c = Consumer(conf)\nconsumer.commit()",
            "c = Consumer({'group.id': 'a', **more})\nconsumer.commit()",
            "c = Consumer({'group.id': 'a'})\nsession.commit()",
        ] {
            assert_eq!(told("a.py", &format!("{head}{silent}")), Vec::<String>::new(), "{silent}");
        }
        let body = "from kafka import KafkaConsumer\nconsumer = KafkaConsumer('t', enable_auto_commit=True)\nconsumer.commit()";
        assert_eq!(told("a.py", body), ["True commit"]);
        let body = "df = spark.readStream.format('kafka').option('kafka.enable.auto.commit', 'false').load()";
        assert_eq!(told("a.py", body), ["kafka.enable.auto.commit spark"]);
        let body = "df.writeStream.format('kafka').option('kafka.enable.auto.commit', 'false').start()";
        assert_eq!(told("a.py", body), Vec::<String>::new());
    }

    #[test]
    fn jvm() {
        let java = "props.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, \"true\");\nconsumer.commitSync();";
        assert_eq!(told("A.java", java), ["true commitSync"]);
        let scala = "val p = Map[String, Object](\"enable.auto.commit\" -> (true: java.lang.Boolean))\nstream.asInstanceOf[CanCommitOffsets].commitAsync(ranges)";
        assert_eq!(told("A.scala", scala), ["true commitAsync"]);
        let scala =
            "val p = Map(ENABLE_AUTO_COMMIT_CONFIG -> \"true\")\nproducer.sendOffsetsToTransaction(offsets, group)";
        assert_eq!(told("A.scala", scala), ["true sendOffsetsToTransaction"]);
        for silent in [
            "props.put(\"enable.auto.commit\", false); consumer.commitSync();",
            "props.put(\"enable.auto.commit\", flag); consumer.commitSync();",
            "props.put(\"enable.auto.commit\", true); other.put(\"enable.auto.commit\", false); consumer.commitSync();",
            "props.put(\"enable.auto.commit\", true); void commitSync() {}",
            "// props.put(\"enable.auto.commit\", true);\nconsumer.commitSync();",
        ] {
            assert_eq!(told("A.java", silent), Vec::<String>::new(), "{silent}");
        }
        let scala = "spark.readStream.format(\"kafka\").options(Map(\"kafka.enable.auto.commit\" -> \"true\"))";
        assert_eq!(told("A.scala", scala), ["kafka.enable.auto.commit spark"]);
    }
}
