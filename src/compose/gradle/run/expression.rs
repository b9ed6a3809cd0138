//! What expressions stand for: texts filled in, names looked up.

use super::super::value::{Text, Value, path};
use super::{Flow, MAX_DEPTH, Outside, Run};
use crate::read::gradle::{Expression, ExpressionKind as Kind, Part};
use crate::source::{Span, Traced};
use std::rc::Rc;

/// Longer texts are no names or versions.
const MAX_TEXT: usize = 1024;

impl<'a> Run<'_, 'a> {
    /// What an expression stands for; what it does is done.
    pub(super) fn value(&mut self, expression: &'a Expression) -> Value<'a> {
        self.flow(expression).value()
    }

    pub(super) fn flow(&mut self, expression: &'a Expression) -> Flow<'a> {
        if self.depth >= MAX_DEPTH {
            return Flow::Value(Value::unknown("it stands too deep"));
        }
        self.depth += 1;
        let flow = match &expression.kind {
            Kind::If(branches, otherwise) => self.conditional(branches, otherwise.as_ref()),
            Kind::When(subject, branches, otherwise) => self.choose(subject.as_deref(), branches, otherwise.as_ref()),
            _ => Flow::Value(self.plain(expression)),
        };
        self.depth -= 1;
        flow
    }

    fn plain(&mut self, expression: &'a Expression) -> Value<'a> {
        match &expression.kind {
            Kind::Text(parts) => self.text(parts, expression.span),
            Kind::Number(number) => Value::text(number.clone()),
            Kind::Name(name) => self.name(name, expression.span),
            Kind::Member(of, name) => {
                if let Some(value) = path(expression).and_then(|names| constant(&names, expression.span)) {
                    return value;
                }
                let of = self.value(of);
                self.member(&of, name, expression.span)
            }
            Kind::Index(of, index) => {
                let of = self.value(of);
                self.index(&of, index, expression.span)
            }
            Kind::Call { callee, arguments, block } => self.call(callee, arguments, block.as_ref(), expression.span),
            Kind::List(items) => Value::list(items.iter().map(|item| self.value(item)).collect()),
            Kind::Map(entries) => {
                let entry = |(key, value): &'a (Expression, Expression)| {
                    let name: Option<Box<str>> = match &key.kind {
                        Kind::Name(name) => Some(name.clone()),
                        _ => self.value(key).known().map(|text| text.as_str().into()),
                    };
                    Some((name?, self.value(value)))
                };
                Value::Map(Rc::new(entries.iter().filter_map(entry).collect()))
            }
            Kind::Block(block) => Value::Block(block),
            Kind::Not(_) => self.truth(expression).map_or_else(|| Value::unknown("it is a condition"), Value::Bool),
            Kind::Binary(operator, a, b) => self.binary(operator, a, b, expression),
            Kind::If(..) | Kind::When(..) | Kind::Unknown => Value::unknown("it is not understood"),
        }
    }

    fn text(&mut self, parts: &'a [Part], span: Span) -> Value<'a> {
        if let [Part::Literal(text)] = parts {
            return Value::text(text.clone());
        }
        let mut texts = Vec::new();
        for part in parts {
            texts.push(match part {
                Part::Literal(text) => Ok(Text::of(text.clone())),
                Part::Code(code) => self.value(code).as_text(),
            });
        }
        let joined = Text::join(span, texts);
        if joined.shown().len() > MAX_TEXT {
            return Value::unknown("a text that long is no name or version");
        }
        Value::Text(joined)
    }

    fn binary(&mut self, operator: &str, a: &'a Expression, b: &'a Expression, whole: &'a Expression) -> Value<'a> {
        match operator {
            "?:" => {
                let left = self.value(a);
                match left {
                    Value::Missing(name) => {
                        let default = self.value(b);
                        self.default_of(&name, default)
                    }
                    Value::Null => self.value(b),
                    left => left,
                }
            }
            "+" => match (self.value(a), self.value(b)) {
                (Value::List(left, outside), Value::List(right, _)) => {
                    Value::List(Rc::new(left.iter().chain(right.iter()).cloned().collect()), outside)
                }
                (Value::Map(left), Value::Map(right)) => {
                    Value::Map(Rc::new(left.iter().chain(right.iter()).cloned().collect()))
                }
                (left, right) => {
                    let joined = Text::join(whole.span, [left.as_text(), right.as_text()]);
                    if joined.shown().len() > MAX_TEXT {
                        return Value::unknown("a text that long is no name or version");
                    }
                    Value::Text(joined)
                }
            },
            "to" => {
                let (key, value) = (self.value(a), self.value(b));
                Value::list(vec![key, value])
            }
            "==" | "!=" | "===" | "!==" | "&&" | "||" | "in" | "!in" => {
                self.truth(whole).map_or_else(|| Value::unknown("it is a condition"), Value::Bool)
            }
            _ => {
                let _ = (self.value(a), self.value(b));
                Value::unknown("only the running build calculates it")
            }
        }
    }

    /// The value a property has where no command sets it.
    pub(super) fn default_of(&mut self, name: &Rc<str>, default: Value<'a>) -> Value<'a> {
        if let Some(text) = default.known() {
            self.outside.push(Outside { span: text.span(), name: (**name).into() });
        }
        default.set_by(name)
    }

    /// `:a:b`.
    pub(in crate::compose::gradle) fn path_of(&self, project: usize) -> String {
        let mut names = Vec::new();
        let mut at = project;
        while let Some((own, parent)) =
            self.projects.get(at).and_then(|p| Some((p, p.parent?))).filter(|_| names.len() < 64)
        {
            names.push(own.name.as_str());
            at = parent;
        }
        names.reverse();
        format!(":{}", names.join(":"))
    }

    fn index(&mut self, of: &Value<'a>, index: &'a Expression, span: Span) -> Value<'a> {
        if let (Value::List(items, _), Kind::Binary(operator, from, to)) = (of, &index.kind)
            && matches!(&**operator, ".." | "..<")
        {
            let (from, to) = (self.number(from), self.number(to));
            let range = from.zip(to).and_then(|(from, to)| Some((at(items, from)?, at(items, to)?)));
            let end = |to: usize| (to + usize::from(&**operator == "..")).min(items.len());
            return match range.and_then(|(from, to)| items.get(from..end(to))) {
                Some(slice) => Value::list(slice.to_vec()),
                None => Value::unknown("the list is shorter"),
            };
        }
        if let Value::List(items, _) = of {
            let found = self.number(index).and_then(|number| items.get(at(items, number)?));
            return found.cloned().unwrap_or_else(|| Value::unknown("the list has no such item"));
        }
        match self.value(index).known() {
            Some(name) => self.member(of, name.as_str(), span),
            None => Value::unknown("which item is only known when the build runs"),
        }
    }

    pub(super) fn number(&mut self, expression: &'a Expression) -> Option<i64> {
        self.value(expression).known()?.as_str().parse().ok()
    }
}

/// What stands for one value everywhere: `JavaVersion.VERSION_17`, `JvmTarget.JVM_1_8`.
fn constant<'a>(names: &[&str], span: Span) -> Option<Value<'a>> {
    let [of, name] = names else { return None };
    if !matches!(*of, "JavaVersion" | "JvmTarget") {
        return None;
    }
    let number = name.strip_prefix("VERSION_").or_else(|| name.strip_prefix("JVM_"))?;
    let number = number.strip_prefix("1_").unwrap_or(number);
    let end = span.range().end;
    let at = Span::new(span.file, end - number.len()..end);
    Some(Value::text(Traced::literal(number, at)))
}

/// A position in a list; negative ones count from its end.
fn at(items: &[Value<'_>], number: i64) -> Option<usize> {
    let distance = usize::try_from(number.unsigned_abs()).ok()?;
    if number < 0 { items.len().checked_sub(distance) } else { Some(distance) }
}
