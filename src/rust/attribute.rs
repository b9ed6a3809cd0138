//! What attributes say.

use syn::{Attribute, Meta};

/// `#[test]`, `#[tokio::test]`, `#[cfg(test)]`.
pub(super) fn is_test(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        let path = attribute.path();
        let named = path.segments.last().is_some_and(|s| s.ident == "test" || s.ident == "rstest");
        named
            || (path.is_ident("cfg")
                && matches!(&attribute.meta, Meta::List(list) if asks_for_test(&list.tokens.to_string())))
    })
}

/// Whether a `cfg` condition names `test` and negates nothing.
fn asks_for_test(condition: &str) -> bool {
    let mut words = condition.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == '"'));
    words.clone().any(|word| word == "test") && !words.any(|word| word == "not")
}
