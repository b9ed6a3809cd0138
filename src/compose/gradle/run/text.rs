//! Methods of texts.

use super::super::value::{Text, Value};
use super::Run;
use super::collection::index;
use super::method::SAME;
use crate::read::gradle::{Argument, Block};
use crate::source::Span;
use std::rc::Rc;

impl<'a> Run<'_, 'a> {
    pub(super) fn of_text(
        &mut self,
        whole: &Value<'a>,
        text: &Text,
        name: &str,
        arguments: &'a [Argument],
        block: Option<&'a Block>,
        span: Span,
    ) -> Value<'a> {
        if SAME.contains(&name) {
            return match (name, block) {
                ("trim" | "strip", _) => Value::Text(Text { outside: text.outside.clone(), ..text.trim() }),
                ("map", Some(block)) => self.run_block_with(block, std::slice::from_ref(whole)).value(),
                _ => whole.clone(),
            };
        }
        if let Some(block) = block
            && matches!(name, "let" | "also" | "run")
        {
            let value = self.run_block_with(block, std::slice::from_ref(whole)).value();
            return if name == "also" { whole.clone() } else { value };
        }
        let values = self.values(arguments);
        let argument = values.first().and_then(Value::known);
        let number =
            |at: usize| values.get(at).and_then(Value::known).and_then(|text| text.as_str().parse::<usize>().ok());
        let shown = text.shown();
        let length = shown.len();
        let part = |from: usize, to: usize| Value::Text(text.slice(from.min(length)..to.min(length)));
        let is = |known: bool| {
            if text.known().is_ok() { Value::Bool(known) } else { Value::unknown("its text is not known") }
        };
        let literal = argument.as_ref().map(|by| plain_pattern(by.as_str()));
        match (name, literal.as_deref()) {
            ("split" | "tokenize", Some(by)) if !by.is_empty() => {
                let texts =
                    text.split(by).into_iter().map(|part| Value::Text(part.trim_if(name == "tokenize"))).collect();
                Value::List(Rc::new(texts), text.outside.clone())
            }
            ("startsWith", Some(by)) => is(shown.starts_with(by)),
            ("endsWith", Some(by)) => is(shown.ends_with(by)),
            ("contains", Some(by)) => is(shown.contains(by)),
            ("equals", Some(by)) => is(shown == by),
            ("isEmpty" | "isBlank" | "isNullOrEmpty" | "isNullOrBlank", _) => is(shown.trim().is_empty()),
            ("isNotEmpty" | "isNotBlank", _) => is(!shown.trim().is_empty()),
            ("toBoolean" | "toBooleanStrict", _) => is(shown == "true"),
            ("substring", _) => match (number(0), number(1)) {
                (Some(from), to) if values.len() < 2 || to.is_some() => part(from, to.unwrap_or(length)),
                _ => Value::unknown("a part of a text"),
            },
            ("take", _) => number(0).map_or_else(|| Value::unknown("a part of a text"), |n| part(0, n)),
            ("substringBeforeLast", Some(by)) => part(0, shown.rfind(by).unwrap_or(length)),
            ("substringBefore", Some(by)) => part(0, shown.find(by).unwrap_or(length)),
            ("substringAfter", Some(by)) => part(shown.find(by).map_or(0, |at| at + by.len()), length),
            ("substringAfterLast", Some(by)) => part(shown.rfind(by).map_or(0, |at| at + by.len()), length),
            ("removeSuffix", Some(by)) => part(0, shown.strip_suffix(by).map_or(length, str::len)),
            ("removePrefix", Some(by)) => part(shown.strip_prefix(by).map_or(0, |rest| length - rest.len()), length),
            ("lastIndexOf", Some(by)) => index(shown.rfind(by), span),
            ("indexOf", Some(by)) => index(shown.find(by), span),
            ("replace", Some(by)) => {
                let with = values.get(1).and_then(|value| value.as_text().ok());
                let Some(with) = with else { return Value::unknown("a changed text") };
                let mut parts = Vec::new();
                for (number, piece) in text.split(by).into_iter().enumerate() {
                    if number > 0 {
                        parts.push(Ok(with.clone()));
                    }
                    parts.push(Ok(piece));
                }
                Value::Text(Text::join(span, parts))
            }
            _ => Value::unknown(format!("what `{name}` gives is only known when the build runs")),
        }
    }
}

/// The text that a pattern such as `\.` stands for.
fn plain_pattern(pattern: &str) -> String {
    pattern.strip_prefix('\\').unwrap_or(pattern).replace("[.]", ".")
}

impl Text {
    fn trim_if(self, trims: bool) -> Self {
        if trims { self.trim() } else { self }
    }
}
