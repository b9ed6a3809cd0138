//! JSON. Comments are accepted, as editors' and tools' own JSON files have them; anything else is strict.

use super::tree::{Entry, Kind, MAX_DEPTH, NodeData, NodeId, Style, Syntax, Tree, place, traced};
use super::{Loss, Reading, directive, placeholder};
use crate::source::{FileId, Span, Traced};
use jsonc_parser::ast::{ObjectPropName, StringLit, Value};
use jsonc_parser::common::Range;
use jsonc_parser::errors::ParseErrorKind;
use jsonc_parser::{CollectOptions, CommentCollectionStrategy, ParseOptions, parse_to_ast};

const BOM: &str = "\u{feff}";

/// Reads the text. JSON has no place to go on after a fault: a malformed text is lost whole.
pub fn read(file: FileId, text: &str) -> Reading<Option<Tree>> {
    let mut reading = Reading { body: None, comments: Vec::new(), losses: Vec::new() };
    let base = if text.starts_with(BOM) { BOM.len() } else { 0 };
    let json = &text[base..];
    if json.trim().is_empty() {
        return reading;
    }
    if let Some(at) = too_deep(json) {
        let message = format!("nested deeper than {MAX_DEPTH} levels");
        reading.losses.push(Loss::whole(Span::new(file, base + at..base + at + 1), message));
        return reading;
    }
    let comments =
        if directive::may_hold(json) { CommentCollectionStrategy::Separate } else { CommentCollectionStrategy::Off };
    let collect = CollectOptions { comments, tokens: false };
    let mut parsed = parse_to_ast(json, &collect, &options(false));
    if let Err(error) = &parsed
        && matches!(error.kind(), ParseErrorKind::TrailingCommasNotAllowed)
    {
        reading
            .losses
            .push(Loss::part(span(file, base, error.range()), "a comma before the closing bracket is no JSON"));
        parsed = parse_to_ast(json, &collect, &options(true));
    }
    match parsed {
        Ok(parsed) => {
            let spans = parsed.comments.iter().flat_map(|map| map.values()).flat_map(|list| list.iter());
            reading.comments = spans.map(|c| span(file, base, comment_range(c))).collect();
            // The parser files each comment under both of its neighbours.
            reading.comments.sort_unstable();
            reading.comments.dedup();
            reading.body = parsed.value.map(|value| {
                let mut builder = Builder { file, text, base, nodes: Vec::new() };
                let root = builder.value(&value);
                Tree::new(file, Syntax::Json, builder.nodes, root)
            });
        }
        Err(error) => {
            let range = error.range();
            let is_lines = matches!(error.kind(), ParseErrorKind::MultipleRootJsonValues);
            let span = place(file, text, base + range.start..base + range.end);
            reading.losses.clear();
            reading.losses.push(if is_lines {
                Loss::limit(span, "several JSON values in one file are not read")
            } else if placeholder::at(json, range.start) {
                Loss::limit(span, "a build fills this in")
            } else {
                Loss::whole(span, message(&error.kind().to_string()))
            });
        }
    }
    reading
}

/// Everything strict but comments, and commas before a closing bracket where asked for.
fn options(allow_trailing_commas: bool) -> ParseOptions {
    ParseOptions {
        allow_comments: true,
        allow_loose_object_property_names: false,
        allow_trailing_commas,
        allow_missing_commas: false,
        allow_single_quoted_strings: false,
        allow_hexadecimal_numbers: false,
        allow_unary_plus_numbers: false,
        allow_bare_decimal_point_numbers: false,
        allow_non_finite_numbers: false,
        allow_extended_string_escapes: false,
    }
}

/// The parser's words in the house's style.
fn message(words: &str) -> String {
    let mut letters = words.chars();
    let first = letters.next().map(|c| c.to_lowercase().to_string()).unwrap_or_default();
    format!("this is no JSON: {first}{}", letters.as_str().trim_end_matches('.'))
}

/// The bracket that opens one level too many. Checked before parsing, because the parser descends by calling itself.
fn too_deep(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    let mut in_string = false;
    let mut is_escaped = false;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' if in_string => is_escaped = true,
            b'"' => in_string = !in_string,
            b'[' | b'{' if !in_string => {
                depth += 1;
                if depth > MAX_DEPTH {
                    return Some(at);
                }
            }
            b']' | b'}' if !in_string => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    None
}

fn span(file: FileId, base: usize, range: Range) -> Span {
    Span::new(file, base + range.start..base + range.end)
}

fn comment_range(comment: &jsonc_parser::ast::Comment<'_>) -> Range {
    match comment {
        jsonc_parser::ast::Comment::Line(line) => line.range,
        jsonc_parser::ast::Comment::Block(block) => block.range,
    }
}

struct Builder<'t> {
    file: FileId,
    text: &'t str,
    base: usize,
    nodes: Vec<NodeData>,
}

impl Builder<'_> {
    /// Makes the node of a value; the depth is bounded by [`too_deep`].
    fn value(&mut self, value: &Value<'_>) -> NodeId {
        let id = NodeId(self.nodes.len() as u32);
        let at = |range| span(self.file, self.base, range);
        match value {
            Value::StringLit(string) => {
                let text = self.string(string);
                // A template's value is not known from the text, in JSON as little as in YAML.
                let templated = text.as_str().contains("{{") && text.as_str().contains("}}");
                let span = at(string.range);
                self.nodes.push(NodeData { span, kind: Kind::Scalar { text, style: Style::Quoted }, templated });
            }
            Value::NumberLit(number) => self.word(at(number.range)),
            Value::BooleanLit(truth) => self.word(at(truth.range)),
            Value::NullKeyword(null) => self.word(at(null.range)),
            Value::Object(object) => {
                self.reserve(at(object.range));
                let entry = |prop: &jsonc_parser::ast::ObjectProp<'_>| {
                    let key = match &prop.name {
                        ObjectPropName::String(string) => self.string(string),
                        ObjectPropName::Word(word) => {
                            Traced::literal(word.value, span(self.file, self.base, word.range))
                        }
                    };
                    Entry { key, key_templated: false, value: self.value(&prop.value) }
                };
                let entries = object.properties.iter().map(entry).collect();
                self.fill(id, Kind::Mapping { entries, open: false });
            }
            Value::Array(array) => {
                self.reserve(at(array.range));
                let items = array.elements.iter().map(|item| self.value(item)).collect();
                self.fill(id, Kind::Sequence { items, open: false });
            }
        }
        id
    }

    fn string(&self, string: &StringLit<'_>) -> Traced {
        let whole = span(self.file, self.base, string.range);
        let inner = Span { start: whole.start + 1, end: whole.end.saturating_sub(1).max(whole.start + 1), ..whole };
        traced(self.text, inner, &string.value)
    }

    /// A scalar that stands for itself.
    fn word(&mut self, span: Span) {
        let text = Traced::literal(self.text.get(span.range()).unwrap_or_default(), span);
        self.nodes.push(NodeData { span, kind: Kind::Scalar { text, style: Style::Plain }, templated: false });
    }

    /// A collection comes before its children.
    fn reserve(&mut self, span: Span) {
        let kind = Kind::Sequence { items: Vec::new(), open: false };
        self.nodes.push(NodeData { span, kind, templated: false });
    }

    fn fill(&mut self, id: NodeId, kind: Kind) {
        if let Some(node) = self.nodes.get_mut(id.0 as usize) {
            node.kind = kind;
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
