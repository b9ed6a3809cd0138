//! What a field's tag says of its column: `spark:"id,bigint"`, `spark:"name=id,type=bigint,nullable"`.

use crate::go::tag::Shape;
use std::ops::Range;

/// How deep types are nested.
const MAX_DEPTH: usize = 16;

/// A type of Spark.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs, reason = "Spark's own words")]
pub enum SparkType {
    Int(u8),
    Float(u8),
    Text,
    Bool,
    Binary,
    Time,
    Decimal,
    Array(Box<SparkType>),
    Map(Box<SparkType>, Box<SparkType>),
    Struct,
    /// One that is not looked into.
    Other,
}

/// What a tag says beside the column's name.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Column {
    /// The type, and where it stands in the tag.
    pub of: Option<(SparkType, Range<usize>)>,
    /// Whether it may be null, and where that is said.
    pub nullable: Option<(bool, Range<usize>)>,
}

/// Why a column and a field do not agree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Disagreement {
    /// The field's type cannot hold what the column has.
    Type(Range<usize>),
    /// The column may be null, and the field has no value for that.
    NoNull(Range<usize>),
    /// The column is never null, and the field may be.
    MayBeNull(Range<usize>),
}

/// What a tag says.
pub fn column(tag: &str) -> Column {
    let mut column = Column::default();
    for (number, part) in split(tag).into_iter().enumerate() {
        let text = tag.get(part.clone()).unwrap_or_default();
        let before = text.len() - text.trim_start().len();
        let part = part.start + before..part.start + before + text.trim().len();
        let text = text.trim();
        let cut = text.find(['=', ':']).filter(|cut| !text.get(..*cut).is_some_and(|t| t.contains(['<', '('])));
        if text == "json" {
            // The text of a document, whatever the field is.
            return Column::default();
        }
        if let Some(cut) = cut {
            let (key, value) = (text.get(..cut).unwrap_or_default(), text.get(cut + 1..).unwrap_or_default());
            let start = part.start + cut + 1 + (value.len() - value.trim_start().len());
            let place = start..start + value.trim().len();
            match key.trim().to_ascii_lowercase().as_str() {
                "type" | "sqltype" | "sql_type" | "spark_type" | "datatype" | "data_type" => {
                    column.of = spark_type(value, MAX_DEPTH).map(|of| (of, place));
                }
                "nullable" | "null" => match value.trim().to_ascii_lowercase().as_str() {
                    "true" => column.nullable = Some((true, part)),
                    "false" => column.nullable = Some((false, part)),
                    _ => {}
                },
                _ => {}
            }
            continue;
        }
        match text.to_ascii_lowercase().as_str() {
            // The first word is the column's name, also where a type is called so.
            _ if number == 0 => column.first(text, part.start),
            "nullable" | "null" => column.nullable = Some((true, part)),
            "notnull" | "not null" | "not_null" | "non-null" => column.nullable = Some((false, part)),
            _ => {
                if let (Some(of), None) = (spark_type(text, MAX_DEPTH), &column.of) {
                    column.of = Some((of, part));
                }
            }
        }
    }
    column
}

impl Column {
    /// `id bigint not null`, as a line of a table's definition.
    fn first(&mut self, text: &str, at: usize) {
        let Some((name, rest)) = text.split_once(char::is_whitespace) else { return };
        let start = at + name.len() + 1 + (rest.len() - rest.trim_start().len());
        let rest = rest.trim();
        let lower = rest.to_ascii_lowercase();
        let (of, never) = match lower.strip_suffix("not null") {
            Some(of) => (of.trim_end().len(), true),
            None => (lower.len(), false),
        };
        self.of = spark_type(rest.get(..of).unwrap_or_default(), MAX_DEPTH).map(|found| (found, start..start + of));
        if never && self.of.is_some() {
            self.nullable = Some((false, start + rest.len() - "not null".len()..start + rest.len()));
        }
    }
}

/// The parts between commas and semicolons that stand in no brackets.
fn split(tag: &str) -> Vec<Range<usize>> {
    let (mut parts, mut depth, mut from) = (Vec::new(), 0_usize, 0);
    for (at, c) in tag.char_indices() {
        match c {
            '<' | '(' => depth += 1,
            '>' | ')' => depth = depth.saturating_sub(1),
            ',' | ';' if depth == 0 => {
                parts.push(from..at);
                from = at + 1;
            }
            _ => {}
        }
    }
    parts.push(from..tag.len());
    parts
}

/// A type by its name; none where no type is called so.
pub fn spark_type(text: &str, fuel: usize) -> Option<SparkType> {
    let fuel = fuel.checked_sub(1)?;
    let lower = text.trim().to_ascii_lowercase();
    let cut = lower.find(['<', '(']).unwrap_or(lower.len());
    let (name, rest) = lower.split_at(cut);
    let inner = |open: char, close: char| rest.strip_prefix(open)?.strip_suffix(close);
    Some(match (name.trim(), rest.is_empty()) {
        ("tinyint" | "byte", true) => SparkType::Int(8),
        ("smallint" | "short", true) => SparkType::Int(16),
        ("int" | "integer", true) => SparkType::Int(32),
        ("bigint" | "long", true) => SparkType::Int(64),
        ("float" | "real", true) => SparkType::Float(32),
        ("double", true) => SparkType::Float(64),
        ("string", true) => SparkType::Text,
        ("boolean", true) => SparkType::Bool,
        ("binary", true) => SparkType::Binary,
        ("timestamp" | "timestamp_ntz" | "timestamp_ltz" | "date", true) => SparkType::Time,
        ("variant", true) => SparkType::Other,
        ("decimal" | "dec" | "numeric", true) => SparkType::Decimal,
        ("varchar" | "char", false) if is_numbers(inner('(', ')')?) => SparkType::Text,
        ("decimal" | "dec" | "numeric", false) if is_numbers(inner('(', ')')?) => SparkType::Decimal,
        ("array", false) => SparkType::Array(Box::new(spark_type(inner('<', '>')?, fuel)?)),
        ("map", false) => {
            let inner = inner('<', '>')?;
            let parts = split(inner);
            let [key, value] = parts.as_slice() else { return None };
            let of = |range: &Range<usize>| spark_type(inner.get(range.clone())?, fuel).map(Box::new);
            SparkType::Map(of(key)?, of(value)?)
        }
        ("struct", false) => inner('<', '>').map(|_| SparkType::Struct)?,
        _ => return None,
    })
}

fn is_numbers(text: &str) -> bool {
    text.split(',').all(|part| part.trim().parse::<u32>().is_ok())
}

/// Whether values of a column can be values of a field.
fn fits(of: &SparkType, shape: &Shape) -> bool {
    let shape = shape.inner();
    match (of, shape) {
        (SparkType::Int(bits), Shape::Int(own)) => own.is_none_or(|own| own >= *bits),
        (SparkType::Float(bits), Shape::Float(own)) => own >= bits,
        (SparkType::Other, _)
        | (_, Shape::Other | Shape::Nullable)
        | (SparkType::Text | SparkType::Binary, Shape::Text)
        | (SparkType::Bool, Shape::Bool)
        | (SparkType::Time, Shape::Time | Shape::Int(_))
        | (SparkType::Decimal, Shape::Text | Shape::Float(_) | Shape::Int(_) | Shape::Struct)
        | (SparkType::Struct, Shape::Struct | Shape::Map(..)) => true,
        (SparkType::Text | SparkType::Binary, Shape::List(of)) => **of == Shape::Uint(Some(8)),
        (SparkType::Array(of), Shape::List(own)) => {
            fits(of, own) || (**of == SparkType::Int(8) && **own == Shape::Uint(Some(8)))
        }
        (SparkType::Map(key, value), Shape::Map(own_key, own_value)) => fits(key, own_key) && fits(value, own_value),
        _ => false,
    }
}

/// Where a tag and its field do not agree.
pub fn disagreement(tag: &str, shape: &Shape) -> Option<Disagreement> {
    let column = column(tag);
    if let Some((of, place)) = &column.of
        && !fits(of, shape)
    {
        return Some(Disagreement::Type(place.clone()));
    }
    match (&column.nullable, shape) {
        (
            Some((true, place)),
            Shape::Bool | Shape::Int(_) | Shape::Uint(_) | Shape::Float(_) | Shape::Text | Shape::Time,
        ) => Some(Disagreement::NoNull(place.clone())),
        (Some((false, place)), Shape::Pointer(_)) => Some(Disagreement::MayBeNull(place.clone())),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said<'t>(text: &'t str, shape: &Shape) -> Option<&'t str> {
        let place = match disagreement(text, shape)? {
            Disagreement::Type(place) | Disagreement::NoNull(place) | Disagreement::MayBeNull(place) => place,
        };
        text.get(place)
    }

    #[test]
    fn tags_and_types() {
        let (narrow, wide) = (Shape::Int(Some(32)), Shape::Int(Some(64)));
        let list = |of: Shape| Shape::List(Box::new(of));
        for (tag, shape, wrong) in [
            ("id", Shape::Text, None),
            ("bigint", Shape::Text, None),
            ("id,bigint", wide.clone(), None),
            ("id,bigint", Shape::Int(None), None),
            ("id,bigint", narrow.clone(), Some("bigint")),
            ("id,pk,mergeKey", Shape::Text, None),
            ("name=id,type=bigint", Shape::Text, Some("bigint")),
            ("column:id;type: long ;nullable:true", Shape::Pointer(Box::new(narrow.clone())), Some("long")),
            ("id bigint not null", wide.clone(), None),
            ("id BIGINT NOT NULL", Shape::Text, Some("BIGINT")),
            ("id bigint not null", Shape::Pointer(Box::new(wide.clone())), Some("not null")),
            ("id,nullable", wide.clone(), Some("nullable")),
            ("id,nullable", Shape::Nullable, None),
            ("tags,array<string>", list(Shape::Text), None),
            ("tags,array<string>", Shape::Text, Some("array<string>")),
            ("m,type=map<string,bigint>", Shape::Map(Box::new(Shape::Text), Box::new(wide)), None),
            ("m,map<string,bigint>", Shape::Map(Box::new(Shape::Text), Box::new(narrow)), Some("map<string,bigint>")),
            ("d,decimal(10,2)", Shape::Float(64), None),
            ("d,decimal(10,2)", Shape::Bool, Some("decimal(10,2)")),
            ("b,binary", list(Shape::Uint(Some(8))), None),
            ("doc,json,string", Shape::Struct, None),
            ("s,struct<a:int,b:string>", Shape::Struct, None),
            ("n,integral", Shape::Text, None),
            ("", Shape::Text, None),
            (",,<<<(", Shape::Text, None),
        ] {
            assert_eq!(said(tag, &shape), wrong, "{tag}");
        }
        let deep = format!("a,{}int{}", "array<".repeat(9_000), ">".repeat(9_000));
        assert_eq!(said(&deep, &Shape::Text), None);
    }
}
