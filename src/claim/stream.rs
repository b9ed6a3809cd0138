//! Streams that Python and JVM code reads, with the options that limit what one batch takes.

use crate::fact::stream::{StreamSource, Unlimited};
use crate::fact::{Facts, Unresolved};
use crate::read::code::chain::Chains;
use crate::read::code::{Call, Code, Value};
use crate::source::{Source, Span};

/// Formats of files that Spark reads as they arrive, none of which has a limit by itself.
const FILES: [&str; 7] = ["avro", "csv", "json", "orc", "parquet", "text", "xml"];

/// Methods that read one of these.
const READERS: [&str; 7] = ["csv", "json", "orc", "parquet", "text", "textFile", "xml"];

const READER: &str = "readStream";

/// The streams of a source; tests and examples read small ones.
pub fn claim(source: &Source, code: &Code) -> Facts {
    let mut facts = Facts::default();
    // Spark's own sources define what others call.
    if super::session::is_aside(&source.path) || source.path.contains("org/apache/spark/") {
        return facts;
    }
    let chains = Chains::of(code);
    // One batch takes all there is, whatever the limits say, and a continuous query has no batches.
    let has_batches = !code.calls.iter().any(has_other_trigger);
    for call in code.calls.iter().filter(|_| has_batches) {
        match read(&chains, call) {
            Read::Unlimited(kind, span) => facts.unlimited.push(Unlimited {
                source: kind,
                span,
                subject: format!("{}/{}", source.name(), call.receiver),
            }),
            Read::Unknown(span) => facts.unresolved.push(Unresolved {
                span,
                why: "the options of this stream are put together when the code runs".to_owned(),
            }),
            Read::Other => {}
        }
        if matches!(call.name.as_str(), "createDirectStream" | "createStream") && call.receiver.ends_with("KafkaUtils")
        {
            let span = call.name.span();
            facts.unlimited.push(Unlimited {
                source: StreamSource::Dstream,
                span,
                subject: format!("{}/DStream", source.name()),
            });
        }
    }
    facts
}

/// `trigger(once=True)`, `Trigger.Once()`, and their continuous kin.
fn has_other_trigger(call: &Call) -> bool {
    match call.name.as_str() {
        "trigger" => call.arguments.iter().any(|argument| {
            argument.name.as_ref().is_some_and(|name| matches!(name.as_str(), "once" | "continuous" | "**"))
        }),
        "Once" | "Continuous" => call.receiver.rsplit('.').next() == Some("Trigger") || call.receiver.is_empty(),
        _ => false,
    }
}

/// What a call comes to.
enum Read {
    Unlimited(StreamSource, Span),
    /// It reads a stream with options that are not known.
    Unknown(Span),
    Other,
}

fn read(chains: &Chains<'_>, call: &Call) -> Read {
    let name = call.name.as_str();
    let is_reader = name == "load" || READERS.contains(&name);
    let Some((_, links)) = call.receiver.rsplit_once(READER).filter(|_| is_reader) else { return Read::Other };
    let wanted: Vec<&str> = links.split('.').filter(|link| !link.is_empty()).collect();
    let mut found: Vec<&Call> = chains.before(call).into_iter().take(wanted.len()).collect();
    found.reverse();
    if !found.iter().map(|link| link.name.as_str()).eq(wanted.iter().copied()) {
        return Read::Unknown(call.name.span());
    }
    found.push(call);
    let mut options = Options::default();
    for link in &found {
        options.link(link);
    }
    let (kind, span) = match (&options.format, name) {
        (Format::Unknown, _) => return Read::Unknown(call.name.span()),
        (Format::Of(text, span), "load") => match text.as_str() {
            "kafka" => (StreamSource::Kafka, *span),
            text if FILES.contains(&text) => (StreamSource::Files, *span),
            _ => return Read::Other,
        },
        (Format::Unsaid, "load") => return Read::Other,
        _ => (StreamSource::Files, call.name.span()),
    };
    let is_limit = |key: &String| kind.limits().iter().any(|limit| key.eq_ignore_ascii_case(limit));
    if options.keys.iter().any(is_limit) {
        Read::Other
    } else if options.is_open {
        Read::Unknown(call.name.span())
    } else {
        Read::Unlimited(kind, span)
    }
}

/// What a chain says of its format.
#[derive(Default)]
enum Format {
    #[default]
    Unsaid,
    Of(String, Span),
    Unknown,
}

/// What a chain says.
#[derive(Default)]
struct Options {
    format: Format,
    keys: Vec<String>,
    /// There may be more of them.
    is_open: bool,
}

impl Options {
    fn link(&mut self, call: &Call) {
        match call.name.as_str() {
            "format" => self.format = format(call.arguments.first().map(|argument| &argument.value)),
            "option" => self.key(call.argument(0, &["key"])),
            "options" | "load" => self.many(call),
            "schema" => {}
            name if READERS.contains(&name) => self.many(call),
            // A helper's own doing: `transform`, an implicit of somebody's.
            _ => self.is_open = true,
        }
    }

    fn many(&mut self, call: &Call) {
        for argument in &call.arguments {
            match argument.name.as_ref().map(crate::source::Traced::as_str) {
                Some("format") => self.format = format(Some(&argument.value)),
                Some("**") => self.map(&argument.value),
                Some(name) => self.keys.push(name.to_owned()),
                // The path of a reader; of `options` a map.
                None if call.name.as_str() == "options" => self.map(&argument.value),
                None => {}
            }
        }
    }

    fn map(&mut self, value: &Value) {
        let Value::Map(entries) = value else {
            self.is_open = true;
            return;
        };
        for (key, _) in entries {
            self.key(Some(key));
        }
    }

    fn key(&mut self, key: Option<&Value>) {
        match key.and_then(Value::text) {
            Some(key) => self.keys.push(key.as_str().to_owned()),
            None => self.is_open = true,
        }
    }
}

fn format(value: Option<&Value>) -> Format {
    value
        .and_then(Value::text)
        .map_or(Format::Unknown, |text| Format::Of(text.as_str().to_ascii_lowercase(), text.span()))
}
