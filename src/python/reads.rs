//! Where data is read without saying what it holds.

use super::kind::Kind;
use super::syntax::{Arg, ExprId, Node, Syntax};
use super::world::{Type, World};
use crate::source::Span;

/// The longest chain of calls that is looked at.
const MAX_CHAIN: usize = 64;

/// A read that leaves its schema to the data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Schemaless {
    /// It reads JSON, else CSV.
    pub is_json: bool,
    /// The name of the method that reads.
    pub span: Span,
    /// Where the types are asked for.
    pub asked: Option<Span>,
    /// The function it stands in.
    pub function: u32,
}

/// What a chain of calls says.
#[derive(Default)]
struct Chain {
    format: Option<bool>,
    asked: Option<Span>,
    /// A schema is given, or may be.
    may_have: bool,
}

/// The reads of a file that leave their schema to the data.
pub fn schemaless(world: &mut World<'_>, file: u32) -> Vec<Schemaless> {
    let mut found = Vec::new();
    let Some(syntax) = world.file(file) else { return found };
    for expr in &syntax.exprs {
        let Node::Call(callee, from, count) = expr.node else { continue };
        let Some(Node::Attr(base, sym)) = syntax.expr(callee).map(|expr| expr.node) else { continue };
        let name = syntax.text(sym);
        let (format, schema_at) = match name {
            "json" => (Some(true), 1),
            "csv" => (Some(false), 1),
            "load" => (None, 2),
            _ => continue,
        };
        let mut chain = Chain { format, ..Chain::default() };
        let arguments = syntax.arguments(from, count);
        chain.last(syntax, arguments, schema_at);
        // A list of lines that is at hand is no data to go through.
        let lines = arguments.first().map(|arg| world.eval(file, arg.value));
        if lines == Some(Type::Spark(Kind::Rdd)) || !chain.walk(world, file, base) {
            continue;
        }
        let (Some(is_json), false) = (chain.format, chain.may_have) else { continue };
        let end = syntax.span(callee).end as usize;
        let span = Span::new(syntax.file, end.saturating_sub(name.len())..end);
        let function = syntax.function_of(expr.scope);
        found.push(Schemaless { is_json, span, asked: chain.asked, function });
    }
    found
}

impl Chain {
    /// What the method says that reads.
    fn last(&mut self, syntax: &Syntax, arguments: &[Arg], schema_at: usize) {
        let unnamed = arguments.iter().filter(|arg| arg.name.is_none());
        self.may_have |= unnamed.clone().count() > schema_at;
        if schema_at == 2 {
            self.format = self.format.or(unnamed.clone().nth(1).and_then(|arg| format(syntax, arg.value)));
        }
        for arg in arguments {
            match arg.name.map(|name| syntax.text(name)) {
                Some("format") => self.format = format(syntax, arg.value),
                name => self.option(syntax, name, arg.value),
            }
        }
    }

    fn option(&mut self, syntax: &Syntax, name: Option<&str>, value: ExprId) {
        match name {
            Some("schema" | "**" | "*") => {
                self.may_have |= !matches!(syntax.expr(value).map(|expr| expr.node), Some(Node::Nothing));
            }
            Some(name) if name.eq_ignore_ascii_case("inferSchema") => {
                let is_on = match syntax.expr(value).map(|expr| expr.node) {
                    Some(Node::Truth(is_on)) => is_on,
                    Some(Node::Text(sym)) => syntax.text(sym).eq_ignore_ascii_case("true"),
                    _ => false,
                };
                self.asked = is_on.then(|| syntax.span(value)).or(self.asked);
            }
            _ => {}
        }
    }

    /// Follows the chain down to the session's reader; whether it comes from one.
    fn walk(&mut self, world: &mut World<'_>, file: u32, from: ExprId) -> bool {
        let Some(syntax) = world.file(file) else { return false };
        let mut at = from;
        for _ in 0..MAX_CHAIN {
            match syntax.expr(at).map(|expr| expr.node) {
                Some(Node::Call(callee, from, count)) => {
                    let Some(Node::Attr(base, sym)) = syntax.expr(callee).map(|expr| expr.node) else { return false };
                    self.link(syntax, syntax.text(sym), syntax.arguments(from, count));
                    at = base;
                }
                Some(Node::Attr(of, sym)) if syntax.text(sym) == "read" => {
                    let customary = match syntax.expr(of).map(|expr| expr.node) {
                        Some(Node::Name(sym) | Node::Attr(_, sym)) => Kind::customary(syntax.text(sym)),
                        _ => None,
                    };
                    return match world.eval(file, of) {
                        Type::Spark(kind) => kind == Kind::Session,
                        Type::Unknown | Type::Nothing => customary == Some(Kind::Session),
                        _ => false,
                    };
                }
                _ => return false,
            }
        }
        false
    }

    fn link(&mut self, syntax: &Syntax, name: &str, arguments: &[Arg]) {
        let first = arguments.first();
        match name {
            "schema" => self.may_have = true,
            "format" => self.format = self.format.or(first.and_then(|arg| format(syntax, arg.value))),
            "option" => {
                let key = first.and_then(|arg| match syntax.expr(arg.value)?.node {
                    Node::Text(sym) => Some(syntax.text(sym)),
                    _ => None,
                });
                if let (Some(key), Some(value)) = (key, arguments.get(1)) {
                    self.option(syntax, Some(key).filter(|key| *key != "schema"), value.value);
                }
            }
            "options" => {
                for arg in arguments {
                    self.option(syntax, arg.name.map(|name| syntax.text(name)), arg.value);
                }
            }
            _ => {}
        }
    }
}

/// Whether a format's name is that of JSON, or of CSV.
fn format(syntax: &Syntax, value: ExprId) -> Option<bool> {
    let Node::Text(sym) = syntax.expr(value)?.node else { return None };
    match syntax.text(sym).to_ascii_lowercase().as_str() {
        "json" => Some(true),
        "csv" => Some(false),
        _ => None,
    }
}
