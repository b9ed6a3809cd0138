//! Bodies that Python code sends, and the arguments of Airflow's operator.

use super::api_of;
use crate::fact::payload::{Api, Payload, PayloadValue};
use crate::read::code::{Call, Code, SET_ITEM, Value};
use crate::source::{Source, Span, Traced};

/// What a source sends; tests send what nobody runs.
pub fn claim(source: &Source, code: &Code) -> Vec<Payload> {
    if !source.has_extension("py") || crate::claim::session::is_aside(&source.path) {
        return Vec::new();
    }
    let sender = Sender { source, code };
    code.calls.iter().filter_map(|call| sender.payload(call)).collect()
}

struct Sender<'c> {
    source: &'c Source,
    code: &'c Code,
}

impl Sender<'_> {
    fn payload(&self, call: &Call) -> Option<Payload> {
        match call.name.as_str() {
            "LivyOperator" => Some(self.operator(call)),
            "post" => self.post(call),
            _ => None,
        }
    }

    fn operator(&self, call: &Call) -> Payload {
        let named = call.arguments.iter().filter_map(|argument| Some((argument.name.as_ref()?, &argument.value)));
        let fields = named.filter(|(name, _)| name.as_str() != "**");
        // Defaults of the whole graph may give the rest; what a template fills in is known later.
        let defaults =
            |call: &Call| call.arguments.iter().any(|a| a.name.as_ref().is_some_and(|n| n.as_str() == "default_args"));
        let splat = |name: &Traced| name.as_str() == "**";
        let is_open =
            call.arguments.iter().any(|a| a.name.as_ref().is_none_or(splat)) || self.code.calls.iter().any(defaults);
        Payload {
            api: Api::Operator,
            fields: fields.map(|(name, value)| (name.clone(), of_value(value, 0))).collect(),
            is_open,
            span: call.name.span(),
            sender: call.name.span(),
            subject: format!("{}/LivyOperator", self.source.name()),
        }
    }

    /// `requests.post(url, json={…})`, `session.post(url, data=json.dumps({…}))`.
    fn post(&self, call: &Call) -> Option<Payload> {
        let address = call.argument(0, &["url"])?;
        let api = api_of(address.shape()?)?;
        let body = call.argument(usize::MAX, &["json"]).or_else(|| {
            let data = call.argument(1, &["data"])?;
            self.dumped(data)
        })?;
        let PayloadValue::Map(fields, span) = of_value(body, 0) else { return None };
        // A key that is not known, or one that is set later.
        let is_changed =
            self.code.calls.iter().any(|call| matches!(call.name.as_str(), SET_ITEM | "update" | "setdefault"));
        let is_open = is_changed || fields.len() < body.entries().len();
        let first = fields.first().map_or(span, |(name, _)| name.span());
        Some(Payload {
            api,
            fields,
            is_open,
            span: first,
            sender: address.span(),
            subject: format!("{}/post", self.source.name()),
        })
    }

    /// What `json.dumps(…)` at a place is given.
    fn dumped(&self, value: &Value) -> Option<&Value> {
        let Value::Unknown(at) = value else { return None };
        let is_it = |call: &&Call| call.name.as_str() == "dumps" && at.contains(call.span) && call.span.end == at.end;
        self.code.calls.iter().find(is_it)?.argument(0, &["obj"])
    }
}

fn of_value(value: &Value, depth: usize) -> PayloadValue {
    if depth > 8 {
        return PayloadValue::Unknown(value.span());
    }
    match value {
        Value::Text(text) => PayloadValue::Text(text.clone()),
        Value::Plain(text) if matches!(text.as_str(), "True" | "False") => PayloadValue::Truth(text.span()),
        Value::Plain(text) => PayloadValue::Number(text.clone()),
        Value::List(items) => {
            PayloadValue::List(items.iter().map(|item| of_value(item, depth + 1)).collect(), value.span())
        }
        Value::Map(entries) => {
            let known =
                entries.iter().filter_map(|(key, value)| Some((key.text()?.clone(), of_value(value, depth + 1))));
            PayloadValue::Map(known.collect(), value.span())
        }
        Value::Partly(span, _) | Value::Unknown(span) => PayloadValue::Unknown(*span),
    }
}

impl Value {
    /// Where it stands; of a list or mapping its first part.
    fn span(&self) -> Span {
        let none = Span::new(crate::source::FileId(0), 0..0);
        match self {
            Self::Text(text) | Self::Plain(text) => text.span(),
            Self::List(items) => items.first().map_or(none, Self::span),
            Self::Map(entries) => entries.first().map_or(none, |(key, _)| key.span()),
            Self::Partly(span, _) | Self::Unknown(span) => *span,
        }
    }
}
