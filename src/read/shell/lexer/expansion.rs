//! What begins with a dollar: variables, commands, sums; and templates' actions.

use super::super::Dialect;
use super::{Lexer, MAX_DEPTH, Part, PartKind, is_name};
use std::ops::Range;

impl Lexer<'_> {
    /// A template's action, which reaches to `}}` on the same line.
    pub(super) fn action(&mut self, parts: &mut Vec<Part>, quoted: bool) {
        let start = self.at;
        let line = memchr::memchr(b'\n', self.rest()).map_or(self.end, |n| start + n);
        let inside = self.text.get(start + 2..line).unwrap_or_default();
        let Some(len) = inside.find("}}") else { return self.character(parts, quoted) };
        self.at = start + len + 4;
        let trimmed = inside.get(..len).unwrap_or_default().trim();
        let name = trimmed.as_ptr() as usize - self.text.as_ptr() as usize;
        let name = name..name + trimmed.len();
        let kind = if self.dialect == Dialect::Just && is_name(trimmed) {
            PartKind::Variable { name, all: true, default: None }
        } else {
            PartKind::Opaque
        };
        parts.push(Part { kind, range: start..self.at, quoted });
    }

    /// What begins with a `$`.
    pub(super) fn dollar(&mut self, parts: &mut Vec<Part>, quoted: bool, depth: usize) {
        let start = self.at;
        let kind = match self.peek(1) {
            Some(b'{') if self.peek(2) == Some(b'{') => Some(self.expression()),
            Some(b'(') if self.peek(2) == Some(b'(') => {
                self.skip_to("))");
                Some(PartKind::Opaque)
            }
            Some(b'(') => Some(self.parenthesis()),
            Some(b'{') => Some(self.braced(depth)),
            Some(b'$') if self.dialect == Dialect::Make => {
                let name = self.name_at(self.at + 2);
                let braced = usize::from(self.peek(2) == Some(b'{'));
                let len =
                    if braced > 0 { self.bytes().get(self.at..).and_then(|r| memchr::memchr(b'}', r)) } else { None };
                self.at += len.map_or(2 + name.len(), |n| n + 1);
                Some(PartKind::Opaque)
            }
            Some(b'\'') if !quoted => {
                self.at += 1;
                return self.single(parts);
            }
            _ => self.plain_variable(),
        };
        match kind {
            Some(kind) => parts.push(Part { kind, range: start..self.at, quoted }),
            None => self.character(parts, quoted),
        }
    }

    fn skip_to(&mut self, mark: &str) -> Range<usize> {
        let from = self.at;
        let found = memchr::memmem::find(self.rest(), mark.as_bytes());
        self.at = found.map_or(self.end, |n| from + n + mark.len());
        from..self.at
    }

    /// GitHub's `${{ … }}`.
    fn expression(&mut self) -> PartKind {
        let range = self.skip_to("}}");
        let inner = self.text.get(range.start + 3..range.end.saturating_sub(2)).unwrap_or_default().trim();
        let kind = inner.strip_prefix("env.").or_else(|| inner.strip_prefix("vars.")).filter(|name| is_name(name)).map(
            |name| {
                let at = name.as_ptr() as usize - self.text.as_ptr() as usize;
                PartKind::Variable { name: at..at + name.len(), all: false, default: None }
            },
        );
        kind.unwrap_or(PartKind::Opaque)
    }

    /// `$( … )`: commands, or a variable of make's.
    fn parenthesis(&mut self) -> PartKind {
        let inner = self.at + 2;
        let (mut depth, mut quote) = (1, None);
        let mut at = inner;
        while let Some(byte) = self.bytes().get(at) {
            match (quote, byte) {
                (Some(b'"') | None, b'\\') => at += 1,
                (Some(open), byte) if open == *byte => quote = None,
                (None, b'\'' | b'"') => quote = Some(*byte),
                (None, b'(') => depth += 1,
                (None, b')') => {
                    depth -= 1;
                    if depth == 0 {
                        break;
                    }
                }
                _ => {}
            }
            at += 1;
        }
        let inner = inner..at.min(self.end);
        self.at = (inner.end + 1).min(self.end);
        if self.dialect != Dialect::Make {
            return PartKind::Substitution(inner);
        }
        let name = self.text.get(inner.clone()).unwrap_or_default();
        if is_name(name) { PartKind::Variable { name: inner, all: true, default: None } } else { PartKind::Opaque }
    }

    fn name_at(&self, from: usize) -> Range<usize> {
        let rest = self.bytes().get(from..).unwrap_or_default();
        let len = match rest.first() {
            Some(b) if b.is_ascii_alphabetic() || *b == b'_' => {
                rest.iter().take_while(|b| b.is_ascii_alphanumeric() || **b == b'_').count()
            }
            Some(b) if b.is_ascii_digit() || b"@*#?-!$".contains(b) => 1,
            _ => 0,
        };
        from..from + len
    }

    fn plain_variable(&mut self) -> Option<PartKind> {
        let mut name = self.name_at(self.at + 1);
        if self.dialect == Dialect::Make {
            name.end = name.end.min(name.start + 1);
        }
        if name.is_empty() {
            return None;
        }
        self.at = name.end;
        Some(PartKind::Variable { name, all: false, default: None })
    }

    /// `${ … }`.
    fn braced(&mut self, depth: usize) -> PartKind {
        let name = self.name_at(self.at + 2);
        let mut at = name.end;
        let all = [&b"[@]"[..], b"[*]"].iter().any(|m| self.bytes().get(at..).is_some_and(|r| r.starts_with(m)));
        at += if all { 3 } else { 0 };
        let all = all || self.dialect == Dialect::Make;
        let colon = self.bytes().get(at) == Some(&b':');
        let mark = self.bytes().get(at + usize::from(colon)).copied();
        if mark == Some(b'}') && !colon {
            self.at = at + 1;
            return PartKind::Variable { name, all, default: None };
        }
        at += usize::from(colon) + 1;
        let takes = matches!(mark, Some(b'-' | b'=' | b'?')) && !name.is_empty();
        if !takes || depth >= MAX_DEPTH {
            self.skip_braces();
            return PartKind::Opaque;
        }
        self.at = at;
        let mut operand = Vec::new();
        while let Some(byte) = self.peek(0) {
            match byte {
                b'}' => break,
                b'"' => self.at += 1,
                b'\'' => self.single(&mut operand),
                b'$' => self.dollar(&mut operand, true, depth + 1),
                b'`' => self.backtick(&mut operand, true),
                _ => self.character(&mut operand, true),
            }
        }
        self.at = (self.at + 1).min(self.end);
        let default = (mark != Some(b'?')).then_some(operand);
        PartKind::Variable { name, all, default }
    }

    /// Passes over `${ … }` with braces inside it.
    fn skip_braces(&mut self) {
        let mut depth = 0_usize;
        while let Some(byte) = self.peek(0) {
            self.at += 1;
            match byte {
                b'{' => depth += 1,
                b'}' => {
                    depth = depth.saturating_sub(1);
                    if depth == 0 {
                        return;
                    }
                }
                _ => {}
            }
        }
    }
}
