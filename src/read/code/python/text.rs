//! Strings of Python: joined, formatted, raw and escaped, with the place of each part.

use super::Walk;
use crate::read::code::Value;
use crate::read::joined::Joined;
use crate::source::Traced;
use tree_sitter::Node;

impl<'t> Walk<'t> {
    /// `",".join([…])`.
    pub(super) fn joined(&mut self, node: Node<'t>, scope: usize, depth: usize) -> Option<Value> {
        let function = node.child_by_field_name("function").filter(|function| function.kind() == "attribute")?;
        let name = function.child_by_field_name("attribute")?;
        if self.str(name) != "join" {
            return None;
        }
        let separator = self.value(function.child_by_field_name("object")?, scope, depth + 1);
        let list = self.value(node.child_by_field_name("arguments")?.named_child(0)?, scope, depth + 1);
        let mut parts = Vec::new();
        for item in list.items() {
            if !parts.is_empty() {
                parts.push(separator.text()?.clone());
            }
            parts.push(item.text()?.clone());
        }
        matches!(list, Value::List(_)).then(|| Value::Text(Traced::concat(self.span(node), parts)))
    }

    /// `"…{}…".format(…)`, its holes left open.
    pub(super) fn formatted(&mut self, node: Node<'t>, scope: usize, depth: usize) -> Option<Value> {
        let function = node.child_by_field_name("function").filter(|function| function.kind() == "attribute")?;
        if self.str(function.child_by_field_name("attribute")?) != "format" {
            return None;
        }
        let shape = self.value(function.child_by_field_name("object")?, scope, depth + 1);
        Some(Value::Partly(self.span(node), shape.shape()?.into()))
    }

    /// A string literal; one with holes for values is known where these are.
    pub(super) fn string(&mut self, node: Node<'t>, scope: usize, depth: usize) -> Value {
        let mut cursor = node.walk();
        let children: Vec<Node<'t>> = node.named_children(&mut cursor).collect();
        let Some(start) = children.iter().find(|child| child.kind() == "string_start") else {
            return Value::Unknown(self.span(node));
        };
        let is_raw = self.str(*start).to_ascii_lowercase().contains('r');
        let (mut parts, mut shape, mut known) = (Vec::new(), String::new(), true);
        for child in children {
            match child.kind() {
                "string_content" => {
                    let text = self.content(child, is_raw);
                    shape.push_str(text.as_str());
                    parts.push(text);
                }
                "interpolation" => {
                    let plain = child.child_by_field_name("format_specifier").is_none()
                        && child.child_by_field_name("type_conversion").is_none();
                    let expression = child.child_by_field_name("expression").filter(|_| plain);
                    let value = expression.map(|expression| self.value(expression, scope, depth + 1));
                    shape.push_str(value.as_ref().and_then(Value::shape).unwrap_or("{}"));
                    let text = value.as_ref().and_then(Value::shown).cloned();
                    known &= text.is_some();
                    parts.extend(text);
                }
                _ => {}
            }
        }
        let span = self.span(node);
        let says_nothing = shape.chars().all(|c| matches!(c, '{' | '}'));
        match known {
            true => Value::Text(Traced::concat(span, parts)),
            false if says_nothing => Value::Unknown(span),
            false => Value::Partly(span, shape.into()),
        }
    }

    /// The text between the quotes, escapes resolved.
    pub(super) fn content(&self, node: Node<'t>, is_raw: bool) -> Traced {
        let (range, text) = (node.byte_range(), self.str(node));
        let mut joined = Joined::new(self.file, range.start);
        let mut at = 0;
        while let Some(next) = text[at..].find('\\').map(|next| at + next) {
            joined.push(&text[at..next], range.start + at..range.start + next);
            let rest = &text[next..];
            let escape = if is_raw { None } else { escape(rest) };
            let (value, length) = escape.unwrap_or_else(|| (Some("\\".to_owned()), 1));
            joined.push(&value.unwrap_or_default(), range.start + next..range.start + next + length);
            at = next + length;
        }
        joined.push(&text[at..], range.start + at..range.end);
        joined.slice(0..joined.as_str().len())
    }
}

/// What the escape at the start of a text stands for, and how long it is.
fn escape(text: &str) -> Option<(Option<String>, usize)> {
    let mut chars = text.chars().skip(1);
    let value = match chars.next()? {
        '\n' => return Some((None, 2)),
        '\r' => return Some((None, if text.starts_with("\\\r\n") { 3 } else { 2 })),
        'n' => '\n',
        't' => '\t',
        'r' => '\r',
        c @ ('\\' | '\'' | '"') => c,
        _ => return None,
    };
    Some((Some(value.to_string()), 2))
}
