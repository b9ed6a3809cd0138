//! What the servers take: the fields of each body with their types, as the servers' own code reads them.
//!
//! Texts are lenient on purpose: Jackson makes text of numbers and truth values, also inside lists and mappings. Livy's numbers
//! are not: its Scala options keep a text as it is, and fail when they are used.

use super::{Api, Payload, PayloadValue};
use crate::source::Span;

/// What is wrong with a body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Where.
    pub span: Span,
    /// The field.
    pub field: String,
    /// What.
    pub kind: FaultKind,
}

/// What is wrong with a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FaultKind {
    /// It must be there.
    Missing,
    /// There is none of that name; this one is meant.
    Misnamed(&'static str),
    /// It is something else than what it must be: what it is, and what it must be.
    Mistyped(&'static str, &'static str),
    /// A list or mapping stands where a text must: what it is.
    Holds(&'static str),
    /// It says the same as another field.
    Twice(&'static str),
}

/// What a field must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Type {
    Text,
    Texts,
    /// A whole number; may it be written as a text of digits?
    Number(bool),
    Truth,
    Map,
}

use Type::{Map, Number, Text, Texts, Truth};

const SHARED: [(&str, Type); 14] = [
    ("proxyUser", Text),
    ("jars", Texts),
    ("pyFiles", Texts),
    ("files", Texts),
    ("archives", Texts),
    ("driverMemory", Text),
    ("driverCores", Number(false)),
    ("executorMemory", Text),
    ("executorCores", Number(false)),
    ("numExecutors", Number(false)),
    ("queue", Text),
    ("name", Text),
    ("conf", Map),
    ("ttl", Text),
];
const BATCH: [(&str, Type); 3] = [("file", Text), ("args", Texts), ("className", Text)];
const SESSION: [(&str, Type); 3] = [("kind", Text), ("heartbeatTimeoutInSecond", Number(true)), ("idleTimeout", Text)];
const JAR: [(&str, Type); 10] = [
    ("entryClass", Text),
    ("programArgs", Text),
    ("programArgsList", Texts),
    ("parallelism", Number(true)),
    ("jobId", Text),
    ("allowNonRestoredState", Truth),
    ("savepointPath", Text),
    ("restoreMode", Text),
    ("claimMode", Text),
    ("flinkConfiguration", Map),
];
const SUBMISSION: [(&str, Type); 7] = [
    ("action", Text),
    ("appResource", Text),
    ("appArgs", Texts),
    ("clientSparkVersion", Text),
    ("environmentVariables", Map),
    ("mainClass", Text),
    ("sparkProperties", Map),
];
/// Airflow checks what it is given before it sends it.
const OPERATOR: [(&str, Type); 15] = [
    ("file", Text),
    ("class_name", Text),
    ("args", Texts),
    ("conf", Map),
    ("jars", Texts),
    ("py_files", Texts),
    ("files", Texts),
    ("archives", Texts),
    ("driver_memory", Text),
    ("driver_cores", Number(true)),
    ("executor_memory", Text),
    ("executor_cores", Number(true)),
    ("num_executors", Number(true)),
    ("queue", Text),
    ("proxy_user", Text),
];

impl Api {
    fn fields(self) -> Vec<(&'static str, Type)> {
        match self {
            Self::Batch => [&BATCH[..], &SHARED].concat(),
            Self::Session => [&SESSION[..], &SHARED].concat(),
            Self::Jar => JAR.to_vec(),
            Self::Submission => SUBMISSION.to_vec(),
            Self::Operator => OPERATOR.to_vec(),
        }
    }

    /// The fields that a server refuses to do without.
    fn needed(self) -> &'static [&'static str] {
        match self {
            Self::Batch | Self::Operator => &["file"],
            Self::Submission => &["action", "appResource", "clientSparkVersion", "sparkProperties"],
            Self::Session | Self::Jar => &[],
        }
    }
}

impl Payload {
    /// Everything that its server will not take.
    pub fn faults(&self) -> Vec<Fault> {
        let known = self.api.fields();
        let mut faults = Vec::new();
        for (name, value) in &self.fields {
            // An empty list or mapping of code has no place of its own.
            let place = |span: Span| if span.start == span.end { name.span() } else { span };
            let fault = |span, kind| Fault { span: place(span), field: name.to_string(), kind };
            if let Some((_, wanted)) = known.iter().find(|(field, _)| *field == name.as_str()) {
                faults.extend(mistyped(value, *wanted).map(|(span, kind)| fault(span, kind)));
            } else {
                let meant = known.iter().find(|(field, _)| is_meant(name.as_str(), field));
                let is_free = |(field, _): &&(&str, Type)| self.field(field).is_none();
                faults.extend(meant.filter(is_free).map(|(field, _)| fault(name.span(), FaultKind::Misnamed(field))));
            }
        }
        for needed in self.api.needed() {
            let is_meant =
                faults.iter().any(|fault| matches!(fault.kind, FaultKind::Misnamed(name) if name == *needed));
            let is_there = self.field(needed).is_some_and(|value| !matches!(value, PayloadValue::Nothing(_)));
            if !is_there && !self.is_open && !is_meant {
                faults.push(Fault { span: self.span, field: (*needed).to_owned(), kind: FaultKind::Missing });
            }
        }
        let filled = |name: &str| match self.fields.iter().find(|(field, _)| field.as_str() == name) {
            Some((_, PayloadValue::Text(text))) => !text.as_str().is_empty(),
            Some((_, PayloadValue::List(list, _))) => !list.is_empty(),
            _ => false,
        };
        if self.api == Api::Jar && filled("programArgs") && filled("programArgsList") {
            let old = self.fields.iter().find(|(field, _)| field.as_str() == "programArgs");
            faults.extend(old.map(|(name, _)| Fault {
                span: name.span(),
                field: name.to_string(),
                kind: FaultKind::Twice("programArgsList"),
            }));
        }
        faults
    }

    fn field(&self, name: &str) -> Option<&PayloadValue> {
        self.fields.iter().find(|(field, _)| field.as_str() == name).map(|(_, value)| value)
    }
}

/// Where a value is not what it must be, and how.
fn mistyped(value: &PayloadValue, wanted: Type) -> Option<(Span, FaultKind)> {
    use PayloadValue as Is;
    let no = |must| Some((value.span(), FaultKind::Mistyped(value.phrase(), must)));
    let nested = |item: &PayloadValue| {
        matches!(item, Is::List(..) | Is::Map(..)).then(|| (item.span(), FaultKind::Holds(item.phrase())))
    };
    match (wanted, value) {
        (_, Is::Unknown(_) | Is::Nothing(_)) | (Truth, Is::Truth(_) | Is::Number(_)) => None,
        (Text, Is::List(..) | Is::Map(..)) => no("text"),
        (Texts, Is::List(items, _)) => items.iter().find_map(nested),
        (Texts, _) => no("a list of texts"),
        (Number(lenient), Is::Text(text)) => {
            let is_number = lenient && text.as_str().trim().parse::<i64>().is_ok();
            // What is filled in later may be one.
            let may_be = lenient && text.as_str().contains(['{', '$', '%']);
            (!is_number && !may_be).then(|| no("a whole number")).flatten()
        }
        (Number(_), Is::Number(text)) => {
            let kind = FaultKind::Mistyped("no whole number", "a whole number");
            text.as_str().contains('.').then(|| (value.span(), kind))
        }
        (Number(_), _) => no("a whole number"),
        (Truth, Is::Text(text)) if ["true", "false", "True", "False", ""].contains(&text.as_str()) => None,
        (Truth, _) => no("a truth value"),
        (Map, Is::Map(entries, _)) => entries.iter().find_map(|(_, item)| nested(item)),
        (Map, _) => no("a mapping of texts"),
        (Text, _) => None,
    }
}

/// Whether a name is another one with its words joined differently, or with one slip.
fn is_meant(name: &str, field: &str) -> bool {
    let plain = |text: &str| text.replace(['_', '-'], "").to_ascii_lowercase();
    let (name, field) = (plain(name), plain(field));
    name == field
        || (field.len() > 4 && (name == format!("{field}s") || format!("{name}s") == field))
        || (field.len() > 6 && one_slip(name.as_bytes(), field.as_bytes()))
}

/// Whether one byte is missing, too many, wrong, or stands before the one that it should follow.
fn one_slip(a: &[u8], b: &[u8]) -> bool {
    let start = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let end = a.iter().rev().zip(b.iter().rev()).take_while(|(x, y)| x == y).count();
    let end = end.min(a.len().min(b.len()) - start);
    let (x, y) = (a.len() - start - end, b.len() - start - end);
    let swapped = x == 2 && y == 2 && a.get(start) == b.get(start + 1) && a.get(start + 1) == b.get(start);
    x <= 1 && y <= 1 || swapped
}
