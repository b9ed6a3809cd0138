//! The values of pipelines: operands, fields, and functions in their order.

use super::machine::{Machine, Scope};
use super::text::Text;
use super::value::{Map, Value};
use super::{cluster, function};
use crate::read::helm::{self, Base, Operand, Pipeline};
use crate::source::{FileId, Span};
use std::sync::Arc;

/// The file of a template that is a value: its places are those in the text.
const VIRTUAL: FileId = FileId(u32::MAX);

/// The longest texts that functions take in, in bytes.
const MAX_TEXT: usize = 4 << 20;

impl Machine<'_> {
    /// The value of a pipeline in an action at `site`.
    pub(super) fn pipeline(&mut self, pipeline: &Pipeline, scope: &mut Scope, site: Span) -> Value {
        let mut last = None;
        for command in &pipeline.commands {
            last = Some(self.command(command, last, scope, site));
        }
        last.unwrap_or_default()
    }

    fn command(&mut self, words: &[Operand], last: Option<Value>, scope: &mut Scope, site: Span) -> Value {
        let Some((first, rest)) = words.split_first() else { return Value::Unknown };
        let Base::Function(name) = &first.base else {
            if rest.is_empty() && last.is_none() {
                return self.operand(first, scope, site);
            }
            let mut arguments: Vec<Value> = rest.iter().map(|word| self.operand(word, scope, site)).collect();
            arguments.extend(last);
            return self.method(first, &arguments, scope, site);
        };
        if let Some(value) = self.short(name, rest, last.as_ref(), scope, site) {
            return value;
        }
        let mut arguments: Vec<Value> = rest.iter().map(|word| self.operand(word, scope, site)).collect();
        arguments.extend(last);
        self.apply(name, &arguments, site)
    }

    /// `and` and `or` ask no further than they must: what comes after may not be meant for these values.
    fn short(
        &mut self,
        name: &str,
        words: &[Operand],
        last: Option<&Value>,
        scope: &mut Scope,
        site: Span,
    ) -> Option<Value> {
        let decides = match name {
            "and" => false,
            "or" => true,
            _ => return None,
        };
        let mut values = Vec::new();
        for word in words {
            let value = self.operand(word, scope, site);
            let is_decided =
                value.truth() == Some(decides) && values.iter().all(|value: &Value| value.truth().is_some());
            values.push(value);
            if is_decided {
                return values.pop();
            }
        }
        values.extend(last.cloned());
        Some(self.apply(name, &values, site))
    }

    pub(super) fn operand(&mut self, word: &Operand, scope: &mut Scope, site: Span) -> Value {
        self.followed(word, &word.fields, scope, site)
    }

    /// What a word begins with, and some of its fields.
    fn followed(&mut self, word: &Operand, fields: &[Box<str>], scope: &mut Scope, site: Span) -> Value {
        let base = match &word.base {
            Base::Dot => scope.dot.clone(),
            Base::Variable(name) => {
                let (value, is_assumed) = scope.variable(name);
                self.assumed += usize::from(is_assumed);
                value
            }
            Base::Text(text, place) => Value::Str(Text::literal(text, *place)),
            Base::Number(text) => number(text, word.span),
            Base::Bool(value) => Value::Bool(*value, Text::literal(if *value { "true" } else { "false" }, word.span)),
            Base::Nil => Value::Nil,
            Base::Function(name) => self.apply(name, &[], site),
            Base::Nested(pipeline) => self.pipeline(pipeline, scope, site),
        };
        let mut value = self.writes.current(&base);
        for name in fields {
            self.assumed += usize::from(&**name == "Capabilities");
            value = self.writes.current(&value.field(name));
        }
        value
    }

    /// What has methods is the cluster and the chart's files; a field that is a function's value takes no arguments.
    fn method(&mut self, word: &Operand, arguments: &[Value], scope: &mut Scope, site: Span) -> Value {
        let Some((name, before)) = word.fields.split_last() else { return Value::Unknown };
        let (of, known) = (self.followed(word, before, scope, site), arguments.first().and_then(Value::known));
        let Some(asked) = known else { return Value::Unknown };
        match (of, &**name) {
            (Value::Apis, "Has") => {
                self.assumed += 1;
                Value::bool(cluster::has(asked.as_str(), self.world.has_all), site)
            }
            (Value::Files(folder), "Get") => match (self.world.files)(&folder, asked.as_str()) {
                Some(text) => Value::Str(text),
                None => Value::Unknown,
            },
            _ => Value::Unknown,
        }
    }

    fn apply(&mut self, name: &str, arguments: &[Value], site: Span) -> Value {
        let text: usize = arguments.iter().map(Value::text_len).sum();
        self.charge(arguments.iter().map(Value::size).sum::<usize>() / 16 + text / 256);
        if text > MAX_TEXT {
            return Value::Unknown;
        }
        match (name, arguments) {
            ("include", [name, argument]) => {
                let Some(name) = name.known() else { return Value::Unknown };
                match self.include(name.as_str(), argument.clone()) {
                    Ok(value) => value,
                    Err(reason) => {
                        self.failed = Some(reason);
                        Value::Unknown
                    }
                }
            }
            ("tpl", [Value::Str(text), dot]) if text.is_known() => self.template_text(text, dot),
            ("set" | "unset" | "merge" | "mustMerge" | "mergeOverwrite" | "mustMergeOverwrite", [first, ..]) => {
                self.written_into(name, first, arguments, site)
            }
            ("lookup", _) => {
                self.assumed += 1;
                Value::map(Map::default())
            }
            _ if self.writes.is_empty() => function::call(name, arguments, site).unwrap_or(Value::Unknown),
            _ => {
                let arguments: Vec<Value> = arguments.iter().map(|value| self.writes.settled(value)).collect();
                function::call(name, &arguments, site).unwrap_or(Value::Unknown)
            }
        }
    }

    /// Functions that change their first argument for all who hold it.
    fn written_into(&mut self, name: &str, first: &Value, arguments: &[Value], site: Span) -> Value {
        let arguments: Vec<Value> = arguments.iter().map(|value| self.writes.current(value)).collect();
        self.charge(arguments.first().map_or(0, Value::size));
        let mut value = function::call(name, &arguments, site).unwrap_or(Value::Unknown);
        if let Value::Map(old) = first {
            let mut new = match &value {
                Value::Map(new) => Map::clone(new),
                _ => Map::open(),
            };
            if self.doubts > 0 || !matches!(value, Value::Map(_)) {
                new.doubt(old);
            }
            let new = Arc::new(new);
            self.writes.write(old, Arc::clone(&new));
            if matches!(value, Value::Map(_)) {
                value = Value::Map(new);
            }
        }
        value
    }

    /// A template that is the text of a value.
    fn template_text(&mut self, text: &Text, dot: &Value) -> Value {
        if !text.as_str().contains("{{") {
            return Value::Str(text.clone());
        }
        let Some(template) = helm::read(VIRTUAL, text.as_str()) else { return Value::Unknown };
        match self.written(&template.items, dot.clone()) {
            Ok(Value::Str(written)) => Value::Str(written.placed_in(text, VIRTUAL)),
            Ok(_) => Value::Unknown,
            Err(reason) => {
                self.failed = Some(reason);
                Value::Unknown
            }
        }
    }
}

fn number(text: &str, place: Span) -> Value {
    let own = Text::literal(text, place);
    let plain = text.replace('_', "");
    if let Ok(value) = plain.parse() {
        return Value::Int(value, own);
    }
    plain.parse().map_or(Value::Unknown, |value| Value::Float(value, own))
}
