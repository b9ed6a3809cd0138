//! Texts that give access to something, as far as they can be told from examples.

use std::ops::Range;

/// Words that stand for what somebody fills in.
const STAND_INS: [&str; 14] = [
    "change",
    "default",
    "dummy",
    "example",
    "fake",
    "foo",
    "insert",
    "mock",
    "none",
    "placeholder",
    "replace",
    "secret",
    "test",
    "your",
];

/// Whether a text is a token that somebody could use: long enough, of a token's characters, and no stand-in.
pub fn is_secret(text: &str) -> bool {
    let letters = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '~' | '+' | '/' | '=' | '%');
    let lower = text.to_ascii_lowercase();
    let stands_in =
        STAND_INS.iter().any(|word| lower.contains(word)) || lower.starts_with("token") || lower.starts_with("xxx");
    let first = text.chars().next();
    let varied = text.chars().any(|c| Some(c) != first);
    text.len() >= 8 && text.chars().all(letters) && !stands_in && varied && text.chars().any(|c| c.is_ascii_digit())
}

/// The credential in a header's value: `Bearer …`, `Basic …`.
pub fn credential(header: &str) -> Option<Range<usize>> {
    let (scheme, rest) = header.split_once(' ')?;
    let known = ["bearer", "basic", "token"].iter().any(|known| scheme.eq_ignore_ascii_case(known));
    (known && is_secret(rest)).then(|| scheme.len() + 1..header.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stand_ins_are_no_secrets() {
        for secret in ["dapi0123456789abcdef", "eyJhbGciOiJIUzI1NiJ9.e30.x-1", "ghp_9aK2xw81hg"] {
            assert!(is_secret(secret), "{secret}");
        }
        for other in [
            "token",
            "<token>",
            "your-token-1",
            "xxxxxxxx1",
            "00000000",
            "abcdefgh",
            "s3cr",
            "test-token-1",
            "%s1234567 8",
            "",
        ] {
            assert!(!is_secret(other), "{other}");
        }
        assert_eq!(credential("Bearer dapi0123456789"), Some(7..21));
        assert_eq!(credential("Bearer %s"), None);
        assert_eq!(credential("dapi0123456789"), None);
    }
}
