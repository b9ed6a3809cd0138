//! The values of pipelines: operands, fields, and functions in their order.

use super::function;
use super::machine::{Machine, Scope};
use super::text::Text;
use super::value::Value;
use crate::read::helm::{self, Base, Operand, Pipeline};
use crate::source::{FileId, Span};

/// Functions that write into their first argument.
const WRITING: [&str; 4] = ["set", "unset", "merge", "mergeOverwrite"];

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
            let value = self.operand(first, scope, site);
            // Only methods take arguments, and what has methods is the cluster's or the file system's.
            return if rest.is_empty() && last.is_none() { value } else { Value::Unknown };
        };
        let mut arguments: Vec<Value> = rest.iter().map(|word| self.operand(word, scope, site)).collect();
        arguments.extend(last);
        let key = arguments.get(1).and_then(Value::known);
        let value = self.apply(name, &arguments, site);
        if let Some(target) = rest.first().filter(|_| WRITING.contains(&&**name)) {
            self.write_back(target, &value, key, scope);
        }
        value
    }

    /// Functions change mappings in place.
    fn write_back(&mut self, target: &Operand, value: &Value, key: Option<Text>, scope: &mut Scope) {
        match &target.base {
            Base::Variable(name) if !name.is_empty() && target.fields.is_empty() => {
                scope.assign(name, if self.doubts > 0 { Value::Unknown } else { value.clone() });
            }
            Base::Nested(_) | Base::Function(_) => {}
            _ => {
                if let Some(key) = key {
                    self.rewritten.insert(key.as_str().into());
                }
            }
        }
    }

    pub(super) fn operand(&mut self, word: &Operand, scope: &mut Scope, site: Span) -> Value {
        let base = match &word.base {
            Base::Dot => scope.dot.clone(),
            Base::Variable(name) => scope.variable(name),
            Base::Text(text, place) => Value::Str(Text::literal(text, *place)),
            Base::Number(text) => number(text, word.span),
            Base::Bool(value) => Value::Bool(*value, Text::literal(if *value { "true" } else { "false" }, word.span)),
            Base::Nil => Value::Nil,
            Base::Function(name) => self.apply(name, &[], site),
            Base::Nested(pipeline) => self.pipeline(pipeline, scope, site),
        };
        word.fields.iter().fold(base, |value, name| {
            self.asks_cluster |= &**name == "Capabilities";
            if self.rewritten.contains(name) { Value::Unknown } else { value.field(name) }
        })
    }

    fn apply(&mut self, name: &str, arguments: &[Value], site: Span) -> Value {
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
            _ => function::call(name, arguments, site).unwrap_or(Value::Unknown),
        }
    }

    /// A template that is the text of a value.
    fn template_text(&mut self, text: &Text, dot: &Value) -> Value {
        if !text.as_str().contains("{{") {
            return Value::Str(text.clone());
        }
        let place = text.origin();
        let template = helm::read(place.map_or(FileId(0), |span| span.file), text.as_str());
        let (Some(place), Some(template)) = (place, template) else { return Value::Unknown };
        match self.written(&template.items, dot.clone()) {
            Ok(Value::Str(written)) if written.is_known() => Value::Str(Text::made(written.as_str(), place)),
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
