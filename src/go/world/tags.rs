//! Fields with tags, and what their types look like.

use super::World;
use super::scope::Place;
use crate::go::syntax::{Expr, Literal};
use crate::go::tag::{Shape, Tagged};
use crate::go::types::{Basic, Type, TypeId};

/// How deep types are looked into.
const MAX_DEPTH: usize = 8;

/// Methods by which a type reads and writes itself.
const OWN_WAYS: [&str; 8] = [
    "MarshalBinary",
    "MarshalJSON",
    "MarshalText",
    "Scan",
    "UnmarshalBinary",
    "UnmarshalJSON",
    "UnmarshalText",
    "Value",
];

impl World<'_> {
    /// The fields of a file's structs that have a tag of this key.
    pub(in crate::go) fn tagged(&mut self, number: usize, key: &str) -> Vec<Tagged> {
        let mut found = Vec::new();
        let Some(entry) = self.files.get(number).cloned() else { return found };
        let syntax = &entry.syntax;
        for field in syntax.structs.iter().flatten() {
            let Some(tag) = field.tag else { continue };
            let Expr::Literal(Literal::Text(text)) = syntax.expr(tag) else { continue };
            let text = syntax.text(text);
            let Some(range) = value_of(text, key) else { continue };
            let mut span = syntax.span(tag);
            // Only what is written without escapes has a place of its own.
            if (span.end - span.start) as usize == text.len() + 2 {
                let start = span.start + 1 + range.start as u32;
                span = crate::source::Span { start, end: start + range.len() as u32, ..span };
            }
            let of = self.type_of(&mut Place::top(&entry), field.of);
            let shape = self.shape(of, MAX_DEPTH);
            let said = text.get(range).unwrap_or_default();
            found.extend(field.names.iter().map(|(name, _)| Tagged {
                field: syntax.name(*name).into(),
                text: said.into(),
                span,
                of: syntax.span(field.of),
                shape: shape.clone(),
            }));
        }
        found
    }

    fn shape(&mut self, of: TypeId, fuel: usize) -> Shape {
        let Some(fuel) = fuel.checked_sub(1) else { return Shape::Other };
        if let Type::Named(decl, _) = self.types.get(of).clone() {
            match self.path_of(decl).as_str() {
                "time.Time" => return Shape::Time,
                path if path.starts_with("database/sql.Null") => return Shape::Nullable,
                _ if !self.is_ours(decl) => return Shape::Other,
                _ => {}
            }
            let own = self.methods_of.get(&decl).cloned().unwrap_or_default();
            if own.into_iter().any(|id| OWN_WAYS.contains(&self.words.get(self.decl(id).name))) {
                return Shape::Other;
            }
        }
        let base = self.base(of);
        match self.types.get(base).clone() {
            Type::Basic(basic) => basic_shape(basic),
            Type::Pointer(of) => Shape::Pointer(Box::new(self.shape(of, fuel))),
            Type::Slice(of) | Type::Array(of) => Shape::List(Box::new(self.shape(of, fuel))),
            Type::Map(key, value) => Shape::Map(Box::new(self.shape(key, fuel)), Box::new(self.shape(value, fuel))),
            Type::Struct(_) => Shape::Struct,
            _ => Shape::Other,
        }
    }
}

fn basic_shape(basic: Basic) -> Shape {
    match basic {
        Basic::Bool => Shape::Bool,
        Basic::Int => Shape::Int(None),
        Basic::Int8 => Shape::Int(Some(8)),
        Basic::Int16 => Shape::Int(Some(16)),
        Basic::Int32 => Shape::Int(Some(32)),
        Basic::Int64 => Shape::Int(Some(64)),
        Basic::Uint => Shape::Uint(None),
        Basic::Uint8 => Shape::Uint(Some(8)),
        Basic::Uint16 => Shape::Uint(Some(16)),
        Basic::Uint32 => Shape::Uint(Some(32)),
        Basic::Uint64 => Shape::Uint(Some(64)),
        Basic::Float32 => Shape::Float(32),
        Basic::Float64 => Shape::Float(64),
        Basic::String => Shape::Text,
        _ => Shape::Other,
    }
}

/// Where a tag's text says what belongs to a key, as `reflect` reads it: `key:"…"`, with spaces between.
fn value_of(tag: &str, key: &str) -> Option<std::ops::Range<usize>> {
    let mut at = 0;
    for _ in 0..32 {
        at += tag.get(at..)?.len() - tag.get(at..)?.trim_start_matches(' ').len();
        let rest = tag.get(at..)?;
        let colon = rest.find(':').filter(|colon| *colon > 0)?;
        let name = rest.get(..colon)?;
        let start = at + colon + 2;
        if name.contains([' ', '"']) || !rest.get(colon + 1..)?.starts_with('"') {
            return None;
        }
        let end = start + tag.get(start..)?.find('"')?;
        if name == key {
            return (!tag.get(start..end)?.contains('\\')).then_some(start..end);
        }
        at = end + 1;
    }
    None
}
