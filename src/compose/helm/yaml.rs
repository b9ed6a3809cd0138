//! `toYaml` and `fromYaml`: values as text and back, each byte with its origin.

use super::places;
use super::text::{Kind, Run, Text, escaped};
use super::value::Value;
use crate::read;
use crate::source::{FileId, Span};

/// The deepest values that are written.
const MAX_DEPTH: usize = 64;

/// The longest text that is written.
const MAX_LEN: usize = 1 << 20;

/// What stands for something unknown, or for what whoever installs the chart may fill.
const HOLE: &str = "{{ ? }}";

/// A value as `toYaml` writes it, without the last line's end; None where it is not known.
pub(super) fn written(value: &Value, site: Span) -> Option<Text> {
    let mut writer = Yaml { text: Text::default(), site };
    match value {
        Value::Unknown => return None,
        Value::Map(map) if map.is_open && map.entries.is_empty() => return None,
        Value::Map(map) if !map.entries.is_empty() => writer.collection(value, 0, 0),
        Value::List(items) if !items.is_empty() => writer.collection(value, 0, 0),
        other => writer.scalar(other, 0),
    }
    if writer.text.as_str().len() > MAX_LEN {
        return None;
    }
    let len = writer.text.as_str().trim_end_matches('\n').len();
    Some(writer.text.slice(0..len))
}

/// The value of a text that is YAML.
pub(super) fn read(text: &Text) -> Option<Value> {
    let file = text.origin().map_or(FileId(0), |span| span.file);
    let reading = read::yaml::read(file, text.as_str());
    let tree = reading.body.into_iter().next().filter(|_| reading.losses.is_empty())?;
    Some(Value::of(places::moved(tree, text).root()))
}

struct Yaml {
    text: Text,
    site: Span,
}

impl Yaml {
    fn made(&mut self, value: &str) {
        self.text.push(value, Run::new(value.len(), self.site, self.site, Kind::Made));
    }

    fn hole(&mut self) {
        self.text.push(HOLE, Run::new(HOLE.len(), self.site, self.site, Kind::Raw));
    }

    /// A collection whose first line is already indented.
    fn collection(&mut self, value: &Value, indent: usize, depth: usize) {
        // The same mapping may be in many places.
        if self.text.as_str().len() > MAX_LEN {
            return;
        }
        let pad = " ".repeat(indent);
        match value {
            Value::Map(map) => {
                for (i, (key, value)) in map.entries.values().enumerate() {
                    if i > 0 {
                        self.made(&pad);
                    }
                    self.string(key, None);
                    self.made(":");
                    match value {
                        Value::Map(map) if !map.entries.is_empty() && depth < MAX_DEPTH => {
                            self.made("\n");
                            self.made(&" ".repeat(indent + 2));
                            self.collection(value, indent + 2, depth + 1);
                        }
                        Value::List(items) if !items.is_empty() && depth < MAX_DEPTH => {
                            self.made("\n");
                            self.made(&pad);
                            self.collection(value, indent, depth + 1);
                        }
                        other => {
                            self.made(" ");
                            self.scalar(other, indent + 2);
                            self.made("\n");
                        }
                    }
                }
                if map.is_open {
                    self.made(&pad);
                    self.hole();
                    self.made("\n");
                }
            }
            Value::List(items) => {
                for (i, item) in items.iter().enumerate() {
                    if i > 0 {
                        self.made(&pad);
                    }
                    self.made("- ");
                    let is_empty = match item {
                        Value::Map(map) => map.entries.is_empty(),
                        Value::List(items) => items.is_empty(),
                        _ => true,
                    };
                    if is_empty || depth >= MAX_DEPTH {
                        self.scalar(item, indent + 2);
                        self.made("\n");
                    } else {
                        self.collection(item, indent + 2, depth + 1);
                    }
                }
            }
            _ => {}
        }
    }

    fn scalar(&mut self, value: &Value, indent: usize) {
        match value {
            Value::Str(text) if text.is_known() => self.string(text, Some(indent)),
            Value::Bool(_, text) | Value::Int(_, text) | Value::Float(_, text) => self.text.append(text),
            Value::Nil => self.nothing("null", None),
            Value::List(items) if items.is_empty() => self.nothing("[]", value.origin()),
            Value::Map(map) if map.entries.is_empty() && !map.is_open => self.nothing("{}", value.origin()),
            _ => self.hole(),
        }
    }

    fn nothing(&mut self, value: &str, from: Option<Span>) {
        let from = from.unwrap_or(self.site);
        self.text.push(value, Run::new(value.len(), from, self.site, Kind::Empty));
    }

    /// A text, plain where that is the same text; `indent` is where the lines of a block would stand.
    fn string(&mut self, text: &Text, indent: Option<usize>) {
        let own = text.as_str();
        if is_plain(own) {
            self.text.append(text);
            return;
        }
        if let Some(indent) = indent.filter(|_| is_block(own)) {
            self.block(text, indent);
            return;
        }
        self.made("\"");
        let quoted = escaped(own);
        self.text.append(&if quoted == own { text.clone() } else { text.turned(quoted, self.site) });
        self.made("\"");
    }

    fn block(&mut self, text: &Text, indent: usize) {
        let own = text.as_str();
        let ends = own.len() - own.trim_end_matches('\n').len();
        self.made(match ends {
            0 => "|-\n",
            1 => "|\n",
            _ => "|+\n",
        });
        let pad = " ".repeat(indent);
        for line in own.split_inclusive('\n') {
            if line != "\n" {
                self.made(&pad);
            }
            self.text.append(&text.part(line));
        }
        // The line's end is written by whoever writes the entry.
        if ends > 0 {
            self.text.without_line_end();
        }
    }
}

/// Whether a text means itself without quotes.
fn is_plain(text: &str) -> bool {
    let first = text.as_bytes().first().copied().unwrap_or(b' ');
    let is_typed = matches!(
        text.to_ascii_lowercase().as_str(),
        "true" | "false" | "yes" | "no" | "on" | "off" | "y" | "n" | "null" | "~"
    );
    let begins = first.is_ascii_alphabetic() || matches!(first, b'/' | b'_' | b'$') || !first.is_ascii();
    begins
        && !is_typed
        && (is_image(text) || !text.contains([':', '#', '\n', '\r', '\t', '{', '}', '"', '\'']))
        && !text.ends_with(' ')
}

/// A colon inside a word is no key's.
fn is_image(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b':' | b'/' | b'.' | b'-' | b'_' | b'@'))
        && !text.ends_with(':')
}

/// Whether a text can stand as a literal block.
fn is_block(text: &str) -> bool {
    text.contains('\n') && !text.starts_with([' ', '\n', '\t']) && !text.contains(['\r', '\t', '\0'])
}

/// A value as `toJson` writes it.
pub(super) fn json(value: &Value, site: Span) -> Option<Text> {
    let mut text = Text::default();
    json_into(value, site, &mut text, 0)?;
    Some(text)
}

fn json_into(value: &Value, site: Span, out: &mut Text, depth: usize) -> Option<()> {
    if depth > MAX_DEPTH {
        return None;
    }
    let made = |out: &mut Text, value: &str| out.append(&Text::made(value, site));
    let string = |out: &mut Text, text: &Text| {
        made(out, "\"");
        out.append(&text.turned(escaped(text.as_str()), site));
        made(out, "\"");
    };
    match value {
        Value::Unknown | Value::Apis | Value::Files(_) => return None,
        _ if out.as_str().len() > MAX_LEN => return None,
        Value::Nil => made(out, "null"),
        Value::Bool(_, text) | Value::Int(_, text) | Value::Float(_, text) => out.append(text),
        Value::Str(text) => string(out, &value.known().filter(|_| text.is_known())?),
        Value::List(items) => {
            made(out, "[");
            for (i, item) in items.iter().enumerate() {
                made(out, if i > 0 { "," } else { "" });
                json_into(item, site, out, depth + 1)?;
            }
            made(out, "]");
        }
        Value::Map(map) if map.is_open => return None,
        Value::Map(map) => {
            made(out, "{");
            for (i, (key, value)) in map.entries.values().enumerate() {
                made(out, if i > 0 { "," } else { "" });
                string(out, key);
                made(out, ":");
                json_into(value, site, out, depth + 1)?;
            }
            made(out, "}");
        }
    }
    Some(())
}
