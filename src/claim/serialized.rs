//! Data that JVM code writes as objects, and the topics and paths that Python and Go code reads.

use crate::fact::code::Value as GoValue;
use crate::fact::serialized::{Channel, Consumed, Form, Written};
use crate::fact::{CodeSite, Facts};
use crate::read::code::chain::Chains;
use crate::read::code::{Call, Code, Value};
use crate::source::{Source, Span, Traced};

/// What stands between a dataset and the end of its writing.
const WRITING: [&str; 11] = [
    "format",
    "mode",
    "option",
    "options",
    "outputMode",
    "queryName",
    "save",
    "start",
    "trigger",
    "write",
    "writeStream",
];

/// Serializers of Kafka that write objects of the JVM, by a part of their name.
const SERIALIZERS: [(&str, Form); 3] =
    [("Kryo", Form::Kryo), ("JavaSerializer", Form::Java), ("JavaSerialization", Form::Java)];

/// Readers of Python that are given the path of a file of objects.
const READERS: [&str; 3] = ["binaryFiles", "pickleFile", "sequenceFile"];

/// Go's clients of Kafka.
const CLIENTS: [&str; 4] = ["/kafka-go.", "/sarama.", "/kgo.", "/kafka."];

/// What a source writes or reads; tests do neither for anybody.
pub fn claim(source: &Source, code: &Code) -> Facts {
    let mut facts = Facts::default();
    if super::session::is_aside(&source.path) {
        return facts;
    }
    if source.has_extension("py") {
        facts.consumed = code.calls.iter().flat_map(python).collect();
        return facts;
    }
    let written =
        |(form, span, channel)| Written { form, span, channel, subject: format!("{}/{form:?}", source.name()) };
    let chains = Chains::of(code);
    facts.written.extend(
        code.calls.iter().filter_map(|call| object_file(call).or_else(|| sink(code, &chains, call))).map(written),
    );
    facts.written.extend(producers(code).into_iter().map(written));
    facts
}

/// `rdd.saveAsObjectFile("s3a://…")`.
fn object_file(call: &Call) -> Option<(Form, Span, Channel)> {
    let path =
        call.argument(0, &["path"]).and_then(Value::text).filter(|_| call.name.as_str() == "saveAsObjectFile")?;
    Some((Form::Java, call.name.span(), Channel::Path(path.clone())))
}

/// A dataset of Kryo's bytes that goes to Kafka as it is: `events.map(f)(Encoders.kryo[Event]).write.format("kafka").option("topic", "…").save()`.
fn sink(code: &Code, chains: &Chains<'_>, call: &Call) -> Option<(Form, Span, Channel)> {
    if !matches!(call.name.as_str(), "save" | "start") {
        return None;
    }
    let before = chains.before(call);
    let at = before.iter().position(|link| !WRITING.contains(&link.name.as_str()))?;
    let (links, maker) = (before.get(..at)?, before.get(at)?);
    let is_kafka = links.iter().any(|link| link.name.as_str() == "format" && text(link, 0) == Some("kafka"));
    let topic = links.iter().find(|link| link.name.as_str() == "option" && text(link, 0) == Some("topic"))?;
    let end = links.last().map_or(call.name.span().start, |link| link.name.span().start);
    let encodes = |inner: &&Call| {
        let within = maker.span.start <= inner.span.start && inner.span.end <= end;
        inner.name.as_str() == "kryo" && inner.receiver.ends_with("Encoders") && within
    };
    let topic = topic.argument(1, &["value"]).and_then(Value::text).filter(|_| is_kafka)?;
    let kryo = code.calls.iter().find(encodes)?;
    Some((Form::Kryo, kryo.name.span(), Channel::Topic(topic.clone())))
}

/// Producers of Kafka with such a serializer, and the topics that the same file sends to.
fn producers(code: &Code) -> Vec<(Form, Span, Channel)> {
    let serializer = code.calls.iter().find_map(|call| {
        let sets = matches!(call.name.as_str(), "put" | "setProperty" | "option");
        let key = text(call, 0).filter(|key| sets && key.ends_with("value.serializer"))?;
        let class = call.argument(1, &[]).and_then(Value::text).filter(|_| !key.is_empty())?;
        let (_, form) = SERIALIZERS.iter().find(|(part, _)| class.as_str().contains(part))?;
        Some((*form, class.span()))
    });
    let Some((form, span)) = serializer else { return Vec::new() };
    let topics = code.calls.iter().filter(|call| call.name.as_str() == "ProducerRecord");
    let topics = topics.filter_map(|call| call.argument(0, &["topic"])?.text().cloned());
    topics.map(|topic| (form, span, Channel::Topic(topic))).collect()
}

fn text(call: &Call, place: usize) -> Option<&str> {
    call.argument(place, &[]).and_then(Value::text).map(Traced::as_str)
}

/// The topics and paths that a call reads.
fn python(call: &Call) -> Vec<Consumed> {
    let consumed = |channel| Consumed { language: "Python", channel };
    let texts = |values: Vec<&Value>| -> Vec<Traced> {
        let flat = values
            .into_iter()
            .flat_map(|value| if value.items().is_empty() { std::slice::from_ref(value) } else { value.items() });
        flat.filter_map(Value::text).cloned().collect()
    };
    let own = || call.arguments.iter().filter(|a| a.name.is_none()).map(|a| &a.value).collect();
    match call.name.as_str() {
        "KafkaConsumer" | "AIOKafkaConsumer" => texts(own()).into_iter().map(Channel::Topic).map(consumed).collect(),
        "subscribe" => texts(call.argument(0, &["topics"]).into_iter().collect())
            .into_iter()
            .map(Channel::Topic)
            .map(consumed)
            .collect(),
        name if READERS.contains(&name) => texts(call.argument(0, &["path"]).into_iter().collect())
            .into_iter()
            .map(Channel::Path)
            .map(consumed)
            .collect(),
        _ => Vec::new(),
    }
}

/// The topics that Go code reads.
pub fn claim_go(sites: &[CodeSite]) -> Vec<Consumed> {
    let mut found = Vec::new();
    for code in
        sites.iter().filter(|code| !code.is_aside && CLIENTS.iter().any(|client| code.site.path.contains(client)))
    {
        let site = &code.site;
        let name = site.path.rsplit('.').next().unwrap_or_default();
        let arguments: Vec<_> = match name {
            "ReaderConfig" => {
                site.arguments.iter().filter(|a| matches!(a.name.as_deref(), Some("Topic" | "GroupTopics"))).collect()
            }
            "ConsumePartition" | "ConsumeTopics" | "Consume" | "Subscribe" | "SubscribeTopics" => {
                site.arguments.iter().collect()
            }
            _ => continue,
        };
        for argument in arguments {
            let items = match &argument.value {
                GoValue::List(items) => items.iter().collect(),
                _ => vec![argument],
            };
            let texts = items.into_iter().filter_map(|item| Some(Traced::literal(item.value.text()?, item.from)));
            found.extend(texts.map(|topic| Consumed { language: "Go", channel: Channel::Topic(topic) }));
        }
    }
    found
}
