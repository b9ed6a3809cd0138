//! From raw words to words whose variables have their values.

use super::super::Word;
use super::super::lexer::{Part, PartKind, Raw};
use super::{LONGEST_VALUE, MAX_FILLED, MAX_WORDS, Value, Walk};
use crate::source::{Span, Traced};
use std::ops::Range;

impl Walk<'_> {
    pub(super) fn value(&mut self, raw: &Raw, from: usize, appends: bool, name: &Range<usize>) -> Value {
        let before = if appends { self.variables.get(self.text(name.clone())).cloned() } else { None };
        if let Some(items) = &raw.array {
            let mut words = match before {
                Some(Value::List(words)) => words,
                None if !appends => Vec::new(),
                _ => return Value::Unknown,
            };
            words.extend(items.iter().flat_map(|item| self.expand(item)));
            words.truncate(MAX_WORDS);
            return Value::List(words);
        }
        let mut word = self.joined(raw, from);
        if appends {
            let Some(Value::Text(old)) = before else { return Value::Unknown };
            let whole = old.text.written().cover(word.text.written());
            word.known &= old.known;
            word.text = Traced::concat(whole, [old.text, word.text]);
        }
        if word.as_str().len() > LONGEST_VALUE { Value::Unknown } else { Value::Text(word) }
    }

    /// A value, in which blanks split nothing.
    fn joined(&mut self, raw: &Raw, from: usize) -> Word {
        let (mut pieces, mut known, mut quoted) = (Vec::new(), true, false);
        for part in &raw.parts {
            let range = part.range.start.max(from)..part.range.end;
            if range.start > range.end {
                continue;
            }
            quoted |= part.quoted;
            match self.part(part, range) {
                Value::Text(word) => {
                    known &= word.known;
                    pieces.push(word.text);
                }
                Value::List(words) => {
                    for word in words {
                        known &= word.known;
                        let at = word.text.written();
                        pieces.extend([Traced::literal(" ", Span { end: at.start, ..at }), word.text]);
                    }
                }
                Value::Unknown => {
                    known = false;
                    pieces.push(self.script.slice(part.range.clone()));
                }
            }
        }
        let written = self.place(from.min(raw.range.end)..raw.range.end);
        Word { text: Traced::concat(written, pieces), known, quoted }
    }

    /// What a part of a word holds.
    fn part(&mut self, part: &Part, range: Range<usize>) -> Value {
        match &part.kind {
            PartKind::Text => Value::Text(Word { quoted: part.quoted, ..Word::of(self.script.slice(range)) }),
            PartKind::Substitution(_) | PartKind::Opaque => Value::Unknown,
            PartKind::Variable { name, default, all } => {
                let value = match self.variables.get(self.text(name.clone())).cloned() {
                    // A list's plain name is its first item.
                    Some(Value::List(words)) if !all => words.into_iter().next().map(Value::Text),
                    value => value,
                };
                let value = match (value, default) {
                    (Some(value), _) => value,
                    (None, Some(operand)) => {
                        let raw = Raw { parts: Vec::new(), range: part.range.clone(), array: None };
                        Value::Text(self.of_parts(operand, &raw))
                    }
                    (None, None) => Value::Unknown,
                };
                let size = match &value {
                    Value::Text(word) => word.as_str().len(),
                    Value::List(words) => words.iter().map(|w| w.as_str().len()).sum(),
                    Value::Unknown => 0,
                };
                self.filled += size;
                if self.filled > MAX_FILLED { Value::Unknown } else { value }
            }
        }
    }

    fn of_parts(&mut self, parts: &[Part], at: &Raw) -> Word {
        let (mut pieces, mut known) = (Vec::new(), true);
        for part in parts {
            if let Value::Text(word) = self.part(part, part.range.clone()) {
                known &= word.known;
                pieces.push(word.text);
            } else {
                known = false;
                pieces.push(self.script.slice(part.range.clone()));
            }
        }
        Word { text: Traced::concat(self.place(at.range.clone()), pieces), known, quoted: true }
    }

    /// Keeps what `${X:=value}` assigns.
    pub(super) fn defaults(&mut self, raw: &Raw) {
        for part in &raw.parts {
            let PartKind::Variable { name, default: Some(_), .. } = &part.kind else { continue };
            let key = self.text(name.clone()).to_owned();
            let assigns = self.text(name.end..part.range.end).trim_start_matches(':').starts_with('=');
            if assigns && !self.variables.contains_key(&key) {
                let value = self.part(part, part.range.clone());
                self.assign(&key, value);
            }
        }
    }

    /// The words that a word becomes: variables outside quotes are split at blanks.
    pub(super) fn expand(&mut self, raw: &Raw) -> Vec<Word> {
        let mut words: Vec<Word> = Vec::new();
        let mut open: Option<(Vec<Traced>, bool, bool)> = None;
        let place = self.place(raw.range.clone());
        let close = |open: &mut Option<(Vec<Traced>, bool, bool)>, words: &mut Vec<Word>| {
            if let Some((pieces, known, quoted)) = open.take() {
                words.push(Word { text: Traced::concat(place, pieces), known, quoted });
            }
        };
        for part in &raw.parts {
            let value = self.part(part, part.range.clone());
            match value {
                Value::Text(word) if matches!(part.kind, PartKind::Text) || part.quoted => {
                    let (pieces, known, quoted) = open.get_or_insert_with(|| (Vec::new(), true, false));
                    pieces.push(word.text);
                    *known &= word.known;
                    *quoted |= part.quoted;
                }
                Value::Text(word) => {
                    let text = word.as_str();
                    let blank = |c: char| c.is_ascii_whitespace();
                    if text.starts_with(blank) {
                        close(&mut open, &mut words);
                    }
                    for (i, range) in split(text).into_iter().enumerate() {
                        if i > 0 {
                            close(&mut open, &mut words);
                        }
                        let (pieces, known, _) = open.get_or_insert_with(|| (Vec::new(), true, false));
                        pieces.push(word.text.slice(range));
                        *known &= word.known;
                    }
                    if text.ends_with(blank) {
                        close(&mut open, &mut words);
                    }
                }
                Value::List(list) => {
                    open = open.filter(|(pieces, ..)| pieces.iter().any(|piece| !piece.as_str().is_empty()));
                    close(&mut open, &mut words);
                    words.extend(list);
                }
                Value::Unknown => {
                    let (pieces, known, quoted) = open.get_or_insert_with(|| (Vec::new(), true, false));
                    pieces.push(self.script.slice(part.range.clone()));
                    (*known, *quoted) = (false, *quoted || part.quoted);
                }
            }
        }
        close(&mut open, &mut words);
        words.truncate(MAX_WORDS);
        words
    }
}

/// The words of a text, split at blanks; what is not known stands in it as written, and is one word.
pub(super) fn split(text: &str) -> Vec<Range<usize>> {
    let (mut found, mut start, mut depth, mut before) = (Vec::new(), None, 0_usize, b' ');
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'(' | b'{' if before == b'$' || depth > 0 => depth += 1,
            b')' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        match start {
            Some(from) if depth == 0 && byte.is_ascii_whitespace() => {
                found.push(from..at);
                start = None;
            }
            None if !byte.is_ascii_whitespace() => start = Some(at),
            _ => {}
        }
        before = byte;
    }
    found.extend(start.map(|from| from..text.len()));
    found
}
