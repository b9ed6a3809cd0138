//! How values are written in YAML, JSON and TOML.

use super::Value;
use crate::read::tree::Syntax;
use std::fmt::Write as _;

/// Writes keys and values in one notation.
pub(super) struct Writer {
    pub(super) syntax: Syntax,
    pub(super) line_end: &'static str,
}

impl Writer {
    /// `key: value` on one line.
    pub(super) fn flow_entry(&self, key: &str, value: &Value<'_>) -> String {
        let (key, value) = (self.key(key), self.flow(value));
        match self.syntax {
            Syntax::Toml => format!("{key} = {value}"),
            Syntax::Yaml | Syntax::Json => format!("{key}: {value}"),
        }
    }

    /// A YAML entry whose key stands at `column`, collections on lines of their own.
    pub(super) fn block_entry(&self, key: &str, value: &Value<'_>, column: usize) -> String {
        let mut words = format!("{}{}:", " ".repeat(column), self.key(key));
        match value {
            Value::Mapping(entries) if !entries.is_empty() => {
                for (key, value) in entries {
                    words.push_str(self.line_end);
                    words.push_str(&self.block_entry(key, value, column + 2));
                }
            }
            Value::Sequence(items) if !items.is_empty() => {
                for item in items {
                    let _ = write!(words, "{}{}- {}", self.line_end, " ".repeat(column + 2), self.flow(item));
                }
            }
            value => {
                words.push(' ');
                words.push_str(&self.flow(value));
            }
        }
        words
    }

    fn flow(&self, value: &Value<'_>) -> String {
        let joined = |parts: Vec<String>| parts.join(", ");
        match value {
            Value::Text(words) => text(self.syntax, words),
            Value::Word(word) => (*word).to_owned(),
            Value::Mapping(entries) => {
                let entries = joined(entries.iter().map(|(key, value)| self.flow_entry(key, value)).collect());
                if self.syntax == Syntax::Toml && !entries.is_empty() {
                    format!("{{ {entries} }}")
                } else {
                    format!("{{{entries}}}")
                }
            }
            Value::Sequence(items) => format!("[{}]", joined(items.iter().map(|item| self.flow(item)).collect())),
        }
    }

    fn key(&self, key: &str) -> String {
        let is_bare = match self.syntax {
            Syntax::Yaml => return text(Syntax::Yaml, key),
            Syntax::Json => false,
            Syntax::Toml => {
                !key.is_empty() && key.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
            }
        };
        if is_bare { key.to_owned() } else { quoted(key) }
    }
}

/// A text as a value: quoted unless YAML reads it as text without quotes.
pub(super) fn text(syntax: Syntax, words: &str) -> String {
    if syntax == Syntax::Yaml && is_plain(words) && !is_word(Syntax::Yaml, words) {
        words.to_owned()
    } else {
        quoted(words)
    }
}

/// A number or truth value as it is, anything else as text.
pub(super) fn word_or_text(syntax: Syntax, words: &str) -> String {
    let is_bare = is_word(syntax, words) && (syntax != Syntax::Yaml || is_plain(words));
    if is_bare { words.to_owned() } else { text(syntax, words) }
}

/// A text in double quotes, with the escapes that YAML, JSON and TOML have in common.
pub(super) fn quoted(words: &str) -> String {
    let mut out = String::with_capacity(words.len() + 2);
    out.push('"');
    for letter in words.chars() {
        match letter {
            '"' | '\\' => out.extend(['\\', letter]),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}') => {
                let _ = write!(out, "\\u{:04X}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// Whether a text can stand between quotes of either kind as it is.
pub(super) fn is_bare_inside_quotes(words: &str) -> bool {
    quoted(words).len() == words.len() + 2 && !words.contains('\'')
}

/// Whether YAML reads an unquoted text as one scalar, in a flow collection too.
fn is_plain(words: &str) -> bool {
    let is_indicator = |c: char| "?:,[]{}#&*!|>'\"%@`".contains(c);
    let Some(first) = words.chars().next() else { return false };
    let bad_start = is_indicator(first) || words == "-" || words.starts_with("- ") || words.starts_with("---");
    let bad_inside = words.contains(": ") || words.contains(" #") || words.contains([',', '[', ']', '{', '}']);
    let bad_letters = words.chars().any(|c| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}'));
    words.trim() == words && !bad_start && !bad_inside && !bad_letters && !words.ends_with(':') && words != "..."
}

/// Whether a notation reads an unquoted text as a number, a truth value, a date or null.
fn is_word(syntax: Syntax, words: &str) -> bool {
    let is_number = |w: &str| w.bytes().any(|b| b.is_ascii_digit()) && w.parse::<f64>().is_ok();
    match syntax {
        Syntax::Json => {
            matches!(words, "true" | "false" | "null") || serde_json::from_str::<serde_json::Number>(words).is_ok()
        }
        Syntax::Toml => {
            let value = ::toml::de::DeValue::parse(words);
            value.is_ok_and(|v| !v.get_ref().is_str() && !v.get_ref().is_array() && !v.get_ref().is_table())
        }
        Syntax::Yaml => {
            let lower = words.to_ascii_lowercase();
            let digits = lower.replace('_', "");
            let unsigned = digits.trim_start_matches(['+', '-']);
            let is_clock = unsigned.contains(':') && unsigned.bytes().all(|b| b.is_ascii_digit() || b":.".contains(&b));
            let is_date = lower.as_bytes().get(4) == Some(&b'-')
                && lower.bytes().all(|b| b.is_ascii_digit() || b"-:.tz +".contains(&b));
            matches!(
                &*lower,
                "" | "~" | "null" | "true" | "false" | "yes" | "no" | "on" | "off" | "y" | "n" | "<<" | "="
            ) || is_number(&digits)
                || ["0x", "0o", "0b", ".inf", ".nan"].iter().any(|prefix| unsigned.starts_with(prefix))
                || is_clock
                || is_date
        }
    }
}
