//! Methods of lists and maps.

use super::super::value::{Text, Value};
use super::Run;
use super::method::SAME;
use crate::read::gradle::{Argument, Block};
use crate::source::{Span, Traced};
use std::rc::Rc;

impl<'a> Run<'_, 'a> {
    pub(super) fn of_list(
        &mut self,
        items: &Rc<Vec<Value<'a>>>,
        outside: Option<Rc<str>>,
        name: &str,
        arguments: &'a [Argument],
        block: Option<&'a Block>,
        span: Span,
    ) -> Value<'a> {
        let same = || Value::List(items.clone(), outside.clone());
        let first = self.first(arguments);
        let count = first.as_ref().and_then(Value::known).and_then(|text| text.as_str().parse::<usize>().ok());
        let slice = |from: usize, to: usize| {
            Value::list(items.get(from.min(items.len())..to.min(items.len())).unwrap_or_default().to_vec())
        };
        // A block may stand among the arguments.
        let block = block.or(if let Some(Value::Block(block)) = &first { Some(*block) } else { None });
        match (name, block) {
            ("each" | "forEach" | "eachWithIndex" | "all" | "configureEach" | "onEach", Some(block)) => {
                for item in items.iter() {
                    let item = item.clone();
                    match &item {
                        Value::Project(project) if name == "configureEach" || name == "all" => {
                            self.in_project(*project, block);
                        }
                        _ => drop(self.run_block_with(block, &[item])),
                    }
                }
                same()
            }
            ("collect" | "map" | "flatMap" | "collectMany", Some(block)) => {
                let mapped: Vec<Value<'a>> =
                    items.iter().map(|item| self.run_block_with(block, std::slice::from_ref(item)).value()).collect();
                Value::List(Rc::new(mapped), outside)
            }
            ("findAll" | "filter" | "matching" | "find" | "first" | "any" | "none" | "filterNot", Some(block)) => {
                let mut kept = Vec::new();
                for item in items.iter() {
                    match self.run_block_with(block, std::slice::from_ref(item)).value() {
                        Value::Bool(holds) if holds == (name != "filterNot") => kept.push(item.clone()),
                        Value::Bool(_) | Value::Null => {}
                        _ => return Value::unknown("which of a list are meant is only known when the build runs"),
                    }
                }
                match name {
                    "find" | "first" => kept.into_iter().next().unwrap_or(Value::Null),
                    "any" => Value::Bool(!kept.is_empty()),
                    "none" => Value::Bool(kept.is_empty()),
                    _ => Value::list(kept),
                }
            }
            ("join" | "joinToString", _) => {
                let separator = first.and_then(|value| value.as_text().ok());
                let comma = || Text::of(Traced::literal(", ", Span { end: span.start, ..span }));
                let mut parts: Vec<Result<Text, _>> = Vec::new();
                for (number, item) in items.iter().enumerate() {
                    if number > 0 {
                        parts.push(Ok(separator.clone().unwrap_or_else(comma)));
                    }
                    parts.push(item.as_text());
                }
                Value::Text(Text::join(span, parts))
            }
            ("contains", _) => {
                let list = same();
                first
                    .and_then(|item| self.contains(&list, &item))
                    .map_or_else(|| Value::unknown("it is not known"), Value::Bool)
            }
            ("take", _) => count.map_or_else(same, |n| slice(0, n)),
            ("drop", _) => count.map_or_else(same, |n| slice(n, items.len())),
            ("dropLast", _) => count.map_or_else(same, |n| slice(0, items.len().saturating_sub(n))),
            ("subList" | "slice", _) => {
                let to =
                    self.values(arguments).get(1).and_then(Value::known).and_then(|text| text.as_str().parse().ok());
                count.zip(to).map_or_else(|| Value::unknown("a part of a list"), |(from, to)| slice(from, to))
            }
            ("get" | "getAt" | "component1", _) => {
                count.and_then(|n| items.get(n)).cloned().unwrap_or_else(|| Value::unknown("the list has no such item"))
            }
            ("first" | "firstOrNull", _) => items.first().cloned().unwrap_or(Value::Null),
            ("last" | "lastOrNull", _) => items.last().cloned().unwrap_or(Value::Null),
            ("isEmpty", _) => Value::Bool(items.is_empty()),
            ("isNotEmpty", _) => Value::Bool(!items.is_empty()),
            ("plus", _) => match first {
                Some(Value::List(more, _)) => {
                    Value::List(Rc::new(items.iter().chain(more.iter()).cloned().collect()), outside)
                }
                Some(item) => Value::List(Rc::new(items.iter().cloned().chain([item]).collect()), outside),
                None => same(),
            },
            _ if SAME.contains(&name) => same(),
            _ => Value::unknown(format!("what `{name}` gives is only known when the build runs")),
        }
    }

    pub(super) fn of_map(
        &mut self,
        whole: &Value<'a>,
        entries: &Rc<Vec<(Box<str>, Value<'a>)>>,
        name: &str,
        arguments: &'a [Argument],
        block: Option<&'a Block>,
        span: Span,
    ) -> Value<'a> {
        match (name, block) {
            ("each" | "forEach", Some(block)) => {
                for (key, value) in entries.iter() {
                    let key = Value::text(Traced::literal(&**key, Span { end: span.start, ..span }));
                    let pair = Value::list(vec![key.clone(), value.clone()]);
                    if block.parameters.len() == 1 {
                        let entry = Value::Map(Rc::new(vec![("key".into(), key), ("value".into(), value.clone())]));
                        self.run_block_with(block, &[entry]);
                    } else {
                        self.run_block_with(block, &[pair]);
                    }
                }
                Value::Null
            }
            ("get" | "getOrDefault" | "getValue" | "getOrElse", _) => {
                let key = self.first(arguments).and_then(|key| key.known());
                let Some(key) = key else { return Value::unknown("which entry of the map is not known") };
                match entries.iter().rev().find(|(known, _)| **known == *key.as_str()) {
                    Some((_, value)) => value.clone(),
                    None => self.values(arguments).into_iter().nth(1).unwrap_or(Value::Null),
                }
            }
            ("containsKey" | "contains", _) => {
                let key = self.first(arguments);
                key.and_then(|key| self.contains(whole, &key))
                    .map_or_else(|| Value::unknown("it is not known"), Value::Bool)
            }
            ("keySet" | "keys", _) => {
                let key = |key: &str| Value::text(Traced::literal(key, Span { end: span.start, ..span }));
                Value::list(entries.iter().map(|(name, _)| key(name)).collect())
            }
            ("values", _) => Value::list(entries.iter().map(|(_, value)| value.clone()).collect()),
            _ => Value::unknown(format!("what `{name}` gives is only known when the build runs")),
        }
    }
}

pub(super) fn index<'a>(at: Option<usize>, span: Span) -> Value<'a> {
    let number = at.map_or_else(|| "-1".to_owned(), |at| at.to_string());
    Value::text(Traced::literal(number, Span { end: span.start, ..span }))
}
