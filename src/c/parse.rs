//! Functions and their statements.

use super::lex::Code;
use std::ops::Range;

/// How deep statements nest; `if (a) if (b) …` needs no brackets for it.
const MAX_DEPTH: usize = 300;

/// A function with its body. All ranges are of tokens.
#[derive(Debug)]
pub(super) struct Function {
    pub(super) name: String,
    pub(super) body: Vec<Stmt>,
    /// The tokens of the body, brackets aside.
    pub(super) range: Range<usize>,
}

/// A statement.
#[derive(Debug)]
pub(super) enum Stmt {
    Plain(Range<usize>),
    Block(Vec<Stmt>),
    If {
        asked: Range<usize>,
        then: Vec<Stmt>,
        other: Vec<Stmt>,
    },
    /// A loop: what it asks, its body, and whether it runs at least once.
    Loop {
        asked: Range<usize>,
        body: Vec<Stmt>,
        once: bool,
    },
    Switch {
        asked: Range<usize>,
        body: Vec<Stmt>,
    },
    /// A case of a switch.
    Case,
    Return(Range<usize>),
    Goto(usize),
    Label(usize),
    Break,
    Continue,
}

/// The functions of a file, those in namespaces and classes too.
pub(super) fn functions(code: &Code<'_>) -> Vec<Function> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < code.tokens.len() {
        let close = code.close(at);
        if code.at(at) == "{"
            && close > at
            && let Some(name) = heading(code, at)
        {
            let range = at + 1..close;
            let body = Parser { code }.statements(range.clone(), 0);
            found.push(Function { name, body, range });
            at = close;
        }
        at += 1;
    }
    found
}

/// The name of the function whose body begins here: `name(…) {`, with what C++ writes between.
fn heading(code: &Code<'_>, brace: usize) -> Option<String> {
    let mut at = brace.checked_sub(1)?;
    // `const noexcept override`, and a constructor's initialisers, which are not looked for.
    while matches!(code.at(at), "const" | "noexcept" | "override" | "final" | "mutable" | "volatile") {
        at = at.checked_sub(1)?;
    }
    if code.at(at) != ")" {
        return None;
    }
    let open = opening(code, at)?;
    let name = open.checked_sub(1)?;
    let is_name =
        code.is_word(name) && !matches!(code.at(name), "if" | "for" | "while" | "switch" | "catch" | "return");
    is_name.then(|| code.at(name).to_owned())
}

/// The bracket that this one closes.
fn opening(code: &Code<'_>, close: usize) -> Option<usize> {
    // Parameters are short; a far look would be quadratic.
    (close.saturating_sub(4096)..close).rev().find(|at| code.tokens.get(*at).and_then(|t| t.close) == Some(close))
}

struct Parser<'c, 't> {
    code: &'c Code<'t>,
}

impl Parser<'_, '_> {
    fn statements(&self, range: Range<usize>, depth: usize) -> Vec<Stmt> {
        let mut found = Vec::new();
        let mut at = range.start;
        while at < range.end {
            let (stmt, next) = self.statement(at, range.end, depth);
            found.extend(stmt);
            at = next.max(at + 1);
        }
        found
    }

    /// One statement, and the token behind it.
    fn statement(&self, at: usize, end: usize, depth: usize) -> (Option<Stmt>, usize) {
        let code = self.code;
        let depth = depth + 1;
        match code.at(at) {
            ";" => (None, at + 1),
            "{" => {
                let close = self.close(at, end);
                let body = if depth < MAX_DEPTH { self.statements(at + 1..close, depth) } else { Vec::new() };
                (Some(Stmt::Block(body)), close + 1)
            }
            "if" if depth < MAX_DEPTH => self.condition(at, end, depth),
            "for" | "while" if depth < MAX_DEPTH => {
                let (asked, next) = self.asked(at, end);
                let (body, next) = self.branch(next, end, depth);
                (Some(Stmt::Loop { asked, body, once: false }), next)
            }
            "do" if depth < MAX_DEPTH => {
                let (body, next) = self.branch(at + 1, end, depth);
                let (asked, next) = if code.at(next) == "while" { self.asked(next, end) } else { (next..next, next) };
                (Some(Stmt::Loop { asked, body, once: true }), next)
            }
            "switch" if depth < MAX_DEPTH => {
                let (asked, next) = self.asked(at, end);
                let (body, next) = self.branch(next, end, depth);
                (Some(Stmt::Switch { asked, body }), next)
            }
            "try" if code.at(at + 1) == "{" => (None, at + 1),
            // What runs when something is thrown is not followed.
            "catch" if code.at(at + 1) == "(" => {
                let (_, next) = self.asked(at, end);
                let next = if code.at(next) == "{" { self.close(next, end) + 1 } else { next };
                (None, next)
            }
            "case" | "default" => {
                let stop = (at..end).find(|at| code.at(*at) == ":").unwrap_or(at);
                (Some(Stmt::Case), stop + 1)
            }
            "return" | "throw" | "co_return" => {
                let stop = self.semicolon(at, end);
                (Some(Stmt::Return(at..stop)), stop + 1)
            }
            "goto" => (Some(Stmt::Goto(at + 1)), self.semicolon(at, end) + 1),
            "break" => (Some(Stmt::Break), self.semicolon(at, end) + 1),
            "continue" => (Some(Stmt::Continue), self.semicolon(at, end) + 1),
            _ if code.is_word(at) && code.at(at + 1) == ":" => (Some(Stmt::Label(at)), at + 2),
            _ => {
                let stop = self.semicolon(at, end);
                (Some(Stmt::Plain(at..stop)), if code.at(stop) == "{" { stop } else { stop + 1 })
            }
        }
    }

    fn close(&self, at: usize, end: usize) -> usize {
        let close = self.code.close(at);
        if close > at { close.min(end) } else { end }
    }

    /// What stands in the parentheses behind a word, and the token behind them.
    fn asked(&self, at: usize, end: usize) -> (Range<usize>, usize) {
        let open = if self.code.at(at + 1) == "constexpr" { at + 2 } else { at + 1 };
        if open >= end || self.code.at(open) != "(" {
            return (open..open, open);
        }
        let close = self.close(open, end);
        (open + 1..close, close + 1)
    }

    fn branch(&self, at: usize, end: usize, depth: usize) -> (Vec<Stmt>, usize) {
        if at >= end {
            return (Vec::new(), at);
        }
        match self.statement(at, end, depth) {
            (Some(Stmt::Block(body)), next) => (body, next),
            (stmt, next) => (stmt.into_iter().collect(), next),
        }
    }

    /// A condition with all its `else if`, which nest without brackets.
    fn condition(&self, at: usize, end: usize, depth: usize) -> (Option<Stmt>, usize) {
        let mut chain = Vec::new();
        let mut at = at;
        let mut last = Vec::new();
        loop {
            let (asked, next) = self.asked(at, end);
            let (then, next) = self.branch(next, end, depth + chain.len());
            chain.push((asked, then));
            at = next;
            if at >= end || self.code.at(at) != "else" {
                break;
            }
            if self.code.at(at + 1) == "if" && at + 1 < end && depth + chain.len() < MAX_DEPTH {
                at += 1;
                continue;
            }
            (last, at) = self.branch(at + 1, end, depth + chain.len());
            break;
        }
        for (asked, then) in chain.into_iter().rev() {
            last = vec![Stmt::If { asked, then, other: last }];
        }
        (last.pop(), at)
    }

    /// The semicolon that ends a statement, or the end of the block, or the block behind a macro: `TRY(x) { … }`.
    fn semicolon(&self, start: usize, end: usize) -> usize {
        let code = self.code;
        let (mut at, mut opened) = (start, None);
        while at < end {
            match code.at(at) {
                ";" => return at,
                // Behind a lambda's parameters its body belongs to the statement.
                "{" if at > start
                    && code.at(at - 1) == ")"
                    && opened.is_some_and(|open: usize| code.at(open.wrapping_sub(1)) != "]") =>
                {
                    return at;
                }
                "(" | "[" | "{" => {
                    opened = Some(at).filter(|_| code.at(at) == "(");
                    let close = code.close(at);
                    at = if close > at { close + 1 } else { at + 1 };
                }
                _ => at += 1,
            }
        }
        end
    }
}
