//! The functions of templates: Go's own, sprig's and Helm's. One that is not here makes something unknown.

mod collection;
mod logic;
mod number;
mod string;
mod version;

use super::value::Value;
use crate::source::Span;

/// Calls a function; None where it is not known, or its arguments are not what it takes.
pub(super) fn call(name: &str, arguments: &[Value], site: Span) -> Option<Value> {
    if let Some(value) = logic::call(name, arguments, site) {
        return Some(value);
    }
    string::call(name, arguments, site)
        .or_else(|| collection::call(name, arguments, site))
        .or_else(|| number::call(name, arguments, site))
}
