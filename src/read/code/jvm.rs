//! Scala, Java and Kotlin sources: the calls of methods on objects, with arguments that are strings, constants of the file and sums of
//! both. No grammar of the languages: words, strings, comments and brackets, which the three have in common.

mod lexer;

use super::table::Names;
use super::{Argument, Call, Code, SET_ITEM, Value};
use crate::read::{Reading, directive};
use crate::source::{FileId, Span, Traced};
use lexer::{Kind, Lexer, Part, Token};
use std::ops::Range;

/// How many tokens before a name are looked at for what it is called on.
const MAX_RECEIVER: usize = 512;

/// How many arguments and summands are read.
const MAX_PARTS: usize = 64;

/// Constants of libraries that stand for keys of settings.
const CONSTANTS: [(&str, &str); 1] = [("ENABLE_AUTO_COMMIT_CONFIG", "enable.auto.commit")];

/// Keys whose entries in maps are read.
const ENTRIES: [&str; 2] = ["enable.auto.commit", "kafka.enable.auto.commit"];

/// Reads the text.
pub(super) fn read(file: FileId, text: &str) -> Reading<Code> {
    let (tokens, comments) = Lexer { file, text, at: 0 }.run();
    let comments = if directive::may_hold(text) { comments } else { Vec::new() };
    let mut reader = Reader { file, text, tokens: &tokens, names: Names::new() };
    reader.constants();
    let calls = (0..tokens.len()).filter_map(|at| reader.call(at).or_else(|| reader.pair(at))).collect();
    let imports = (0..tokens.len()).flat_map(|at| reader.imported(at)).collect();
    Reading { body: Code { calls, imports, ..Code::default() }, comments, losses: Vec::new() }
}

struct Reader<'t> {
    file: FileId,
    text: &'t str,
    tokens: &'t [Token],
    names: Names<usize>,
}

impl<'t> Reader<'t> {
    fn word(&self, at: usize) -> Option<&'t str> {
        let token = self.tokens.get(at).filter(|token| matches!(token.kind, Kind::Word))?;
        self.text.get(token.range.clone())
    }

    fn is_sign(&self, at: usize, sign: u8) -> bool {
        matches!(self.tokens.get(at).map(|token| &token.kind), Some(Kind::Sign(found)) if *found == sign)
    }

    /// Notes what names are given: `val A = "…"`, `String A = "…";`, and every other assignment.
    fn constants(&mut self) {
        for at in 0..self.tokens.len() {
            let Some(name) = self.word(at) else { continue };
            // `A: String = …` has the type between name and sign.
            let sign = if self.is_sign(at + 1, b':') && self.word(at + 2).is_some() { at + 3 } else { at + 1 };
            let compares = self.is_sign(sign + 1, b'=') || self.is_sign(sign + 1, b'>');
            if self.is_sign(sign, b'=') && !compares && !(at > 0 && self.is_sign(at - 1, b'.')) {
                self.names.give(0, name, Some(sign + 1));
            }
        }
    }

    /// What an `import` at a token names: `a.b.C`, `a.b.*`, and each name of `a.b.{C, D}`.
    fn imported(&self, at: usize) -> Vec<Traced> {
        let before = at.checked_sub(1);
        let is_start = self.word(at) == Some("import") && !before.is_some_and(|at| self.is_sign(at, b'.'));
        let mut next = at + 1 + usize::from(self.word(at + 1) == Some("static"));
        let (mut path, mut found) = (String::new(), Vec::new());
        while is_start && found.is_empty() && next < at + MAX_PARTS {
            match self.word(next) {
                Some("_") => path.push('*'),
                Some(word) => path.push_str(word),
                None if self.is_sign(next, b'*') => path.push('*'),
                None => break,
            }
            if !self.is_sign(next + 1, b'.') {
                found.push(self.traced(&path, &self.tokens[next].range));
                break;
            }
            path.push('.');
            next += 2;
        }
        if found.is_empty() && is_start && self.is_sign(next, b'{') {
            let words = (next + 1..next + MAX_PARTS).take_while(|at| !self.is_sign(*at, b'}'));
            // `C => D` gives it another name: neither is what it says.
            let plain = words.filter(|at| self.is_sign(at - 1, b'{') || self.is_sign(at - 1, b','));
            let named = plain.filter(|at| self.is_sign(at + 1, b'}') || self.is_sign(at + 1, b','));
            found.extend(named.filter_map(|at| {
                let word = self.word(at)?;
                let name = if word == "_" { "*" } else { word };
                Some(self.traced(&format!("{path}{name}"), &self.tokens[at].range))
            }));
        }
        found
    }

    /// The bracket that opens a call's arguments behind its name, and behind Scala's type arguments.
    fn opening(&self, at: usize, is_made: bool) -> Option<usize> {
        let end = if self.is_sign(at, b'(') { Some(at) } else { self.types(at, is_made) };
        end.filter(|end| self.is_sign(*end, b'('))
    }

    /// What follows type arguments: Scala's, and with `new` also Java's.
    fn types(&self, at: usize, is_made: bool) -> Option<usize> {
        let mut depth = 0_usize;
        let is_typed = self.is_sign(at, b'[') || (is_made && self.is_sign(at, b'<'));
        for next in (at..at + MAX_PARTS).take_while(|_| is_typed) {
            match self.tokens.get(next)?.kind {
                Kind::Sign(b'[' | b'<') => depth += 1,
                Kind::Sign(b']' | b'>') if depth == 1 => return Some(next + 1),
                Kind::Sign(b']' | b'>') => depth -= 1,
                Kind::Word | Kind::Sign(b',' | b'.' | b'_') => {}
                _ => return None,
            }
        }
        None
    }

    /// A method that has type arguments and nothing else: `Encoders.kryo[Event]`.
    fn typed(&self, at: usize, name: &str) -> Option<Call> {
        let is_method = at.checked_sub(1).filter(|before| self.is_sign(*before, b'.'))?;
        let end = self.types(at + 1, false)?;
        let range = self.tokens.get(at)?.range.clone();
        let span = Span::new(self.file, range.start..self.tokens.get(end - 1)?.range.end);
        let receiver = self.receiver(is_method);
        Some(Call { name: self.traced(name, &range), receiver, arguments: Vec::new(), span })
    }

    /// The call whose name stands at a token.
    fn call(&mut self, at: usize) -> Option<Call> {
        let name = self.word(at)?;
        let is_made = at.checked_sub(1).is_some_and(|before| self.word(before) == Some("new"));
        let Some(open) = self.opening(at + 1, is_made) else { return self.typed(at, name) };
        let is_method = at > 0 && self.is_sign(at - 1, b'.');
        let receiver = if is_method { self.receiver(at - 1) } else { String::new() };
        let (mut arguments, mut next) = (Vec::new(), open + 1);
        while arguments.len() < MAX_PARTS && next < self.tokens.len() && !self.is_sign(next, b')') {
            let named = self.word(next).filter(|_| self.is_sign(next + 1, b'=') && !self.is_sign(next + 2, b'='));
            let label = named.map(|name| self.traced(name, &self.tokens[next].range));
            next += if named.is_some() { 2 } else { 0 };
            let (value, end) = self.value(next);
            arguments.push(Argument { name: label, value });
            if !self.is_sign(end, b',') {
                next = end;
                break;
            }
            next = end + 1;
        }
        let range = self.tokens[at].range.clone();
        let end = self.tokens.get(next).map_or(range.end, |token| token.range.end);
        let span = Span::new(self.file, range.start..end.max(range.end));
        Some(Call { name: self.traced(name, &range), receiver, arguments, span })
    }

    /// `"enable.auto.commit" -> "true"`: an entry of a map, for the few keys that are asked for.
    fn pair(&mut self, at: usize) -> Option<Call> {
        let arrow = (at + 1..=at + 2).find(|arrow| self.is_sign(*arrow, b'-') && self.is_sign(*arrow + 1, b'>'))?;
        let key = self.word(at).and_then(|word| self.known(at, word)).or_else(|| {
            let Some(Kind::Text(parts)) = self.tokens.get(at).map(|token| &token.kind) else { return None };
            let [Part::Literal(range)] = parts.as_slice() else { return None };
            self.text.get(range.clone()).map(|text| self.traced(text, range))
        });
        let key = key.filter(|key| arrow == at + 1 && ENTRIES.contains(&key.as_str()))?;
        // `(true: java.lang.Boolean)`
        let start = arrow + 2 + usize::from(self.is_sign(arrow + 2, b'('));
        let (value, _) = self.value(start);
        let span = key.span();
        let arguments = vec![Argument { name: None, value: Value::Text(key) }, Argument { name: None, value }];
        Some(Call { name: Traced::literal(SET_ITEM, span), receiver: String::new(), arguments, span })
    }

    /// A key of settings that a library has a constant for.
    fn known(&self, at: usize, word: &str) -> Option<Traced> {
        let (_, key) = CONSTANTS.iter().find(|(name, _)| *name == word)?;
        self.tokens.get(at).map(|token| self.traced(key, &token.range))
    }

    fn traced(&self, text: &str, range: &Range<usize>) -> Traced {
        Traced::literal(text, Span::new(self.file, range.clone()))
    }

    /// What stands before a dot, arguments left out.
    fn receiver(&self, dot: usize) -> String {
        let (mut parts, mut depth) = (Vec::new(), 0_usize);
        for at in (dot.saturating_sub(MAX_RECEIVER)..dot).rev() {
            let Some(token) = self.tokens.get(at) else { break };
            match token.kind {
                Kind::Sign(b')' | b']') => depth += 1,
                Kind::Sign(b'(' | b'[') if depth == 0 => break,
                Kind::Sign(b'(' | b'[') => depth -= 1,
                _ if depth > 0 => {}
                Kind::Word => {
                    parts.extend(self.word(at));
                    if at == 0 || !self.is_sign(at - 1, b'.') {
                        break;
                    }
                }
                Kind::Sign(b'.') => {}
                _ => break,
            }
        }
        parts.reverse();
        parts.join(".")
    }

    /// The expression at a token, and the token behind it.
    fn value(&mut self, start: usize) -> (Value, usize) {
        let (mut parts, mut at, mut known) = (Vec::new(), start, true);
        let whole = |from: usize, to: usize, tokens: &[Token]| {
            let first = tokens.get(from).map_or(0, |token| token.range.start);
            first..tokens.get(to.max(from + 1) - 1).map_or(first, |token| token.range.end)
        };
        // `ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG`
        if self.word(at).is_some_and(|word| word.ends_with("Config")) && self.is_sign(at + 1, b'.') {
            at += 2;
        }
        if let Some(key) = self.word(at).and_then(|word| self.known(at, word)) {
            return (Value::Text(key), at + 1);
        }
        at = start;
        for _ in 0..MAX_PARTS {
            match self.tokens.get(at).map(|token| &token.kind) {
                Some(Kind::Text(pieces)) => {
                    known &= self.text_parts(pieces, &mut parts);
                }
                Some(Kind::Word) if !self.is_sign(at + 1, b'.') && !self.is_sign(at + 1, b'(') => {
                    let range = self.tokens[at].range.clone();
                    let word = self.text.get(range.clone()).unwrap_or_default();
                    let is_plain = matches!(word, "true" | "false") || word.starts_with(|c: char| c.is_ascii_digit());
                    if is_plain && at == start {
                        return (Value::Plain(self.traced(word, &range)), at + 1);
                    }
                    match self.constant(word) {
                        Some(text) => parts.push(text),
                        None => known = false,
                    }
                }
                _ => known = false,
            }
            at += 1;
            if !known || !self.is_sign(at, b'+') {
                break;
            }
            at += 1;
        }
        known &= self.is_sign(at, b',') || self.is_sign(at, b')') || self.is_sign(at, b';') || self.ends_line(at);
        let span = Span::new(self.file, whole(start, at, self.tokens));
        if known && !parts.is_empty() {
            return (Value::Text(Traced::concat(span, parts)), at);
        }
        (Value::Unknown(span), self.skip(start))
    }

    /// Whether a token stands on another line than the one before it: there a Scala expression may end.
    fn ends_line(&self, at: usize) -> bool {
        let (Some(before), Some(token)) = (at.checked_sub(1).and_then(|b| self.tokens.get(b)), self.tokens.get(at))
        else {
            return true;
        };
        self.text.get(before.range.end..token.range.start).is_none_or(|between| between.contains('\n'))
    }

    /// The comma or bracket that ends an argument.
    fn skip(&self, start: usize) -> usize {
        let mut depth = 0_usize;
        for at in start..self.tokens.len().min(start + MAX_RECEIVER) {
            match self.tokens[at].kind {
                Kind::Sign(b'(' | b'[' | b'{') => depth += 1,
                Kind::Sign(b')' | b']' | b'}' | b',') if depth == 0 => return at,
                Kind::Sign(b')' | b']' | b'}') => depth -= 1,
                _ => {}
            }
        }
        self.tokens.len()
    }

    fn text_parts(&mut self, pieces: &[Part], parts: &mut Vec<Traced>) -> bool {
        pieces.iter().all(|piece| {
            let found = match piece {
                Part::Literal(range) => self.text.get(range.clone()).map(|text| self.traced(text, range)),
                Part::Name(range) => self.text.get(range.clone()).and_then(|name| self.constant(name)),
                Part::Unknown => None,
            };
            parts.extend(found.clone());
            found.is_some()
        })
    }

    fn constant(&mut self, name: &str) -> Option<Traced> {
        let at = self.names.find(0, name).filter(|_| self.names.enter())?;
        let (value, _) = self.value(at);
        self.names.leave(&value).then(|| value.text().cloned()).flatten()
    }
}
