//! Broken variants of a text, for tests that no reader panics and no span leaves the text.

use crate::source::{Span, Traced};

const ITERATIONS: usize = 300;

/// Calls `check` with many variants of each sample: bytes flipped, put in, taken out, kept where the result is text.
/// The same variants every time; `SPARKPROOF_MUTATIONS` multiplies their number.
pub(crate) fn each(samples: &[&str], mut check: impl FnMut(&str)) {
    let factor = std::env::var("SPARKPROOF_MUTATIONS").ok().and_then(|n| n.parse().ok()).unwrap_or(1);
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    let mut next = move |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % below.max(1) as u64) as usize
    };
    let alphabet = b"\n\r\t \\\"'`#/()[]{}=:;,.<>~^!@$*-+_x0\xEF\xC3\xA9";
    for sample in samples {
        for _ in 0..ITERATIONS * factor {
            let mut bytes = sample.as_bytes().to_vec();
            for _ in 0..=next(4) {
                let (at, byte) = (next(bytes.len()), alphabet[next(alphabet.len())]);
                match next(4) {
                    0 if !bytes.is_empty() => drop(bytes.remove(at)),
                    1 if !bytes.is_empty() => bytes[at] = byte,
                    2 => bytes.truncate(at),
                    _ => bytes.insert(at, byte),
                }
            }
            check(&String::from_utf8_lossy(&bytes));
        }
    }
}

/// Asserts that a span lies in the text, on characters.
pub(crate) fn inside(text: &str, span: Span) {
    assert!(text.get(span.range()).is_some(), "{span:?} is no part of {text:?}");
}

/// Asserts that a value's spans lie in the text, and that a literal value is what the text says there.
pub(crate) fn traced(text: &str, value: &Traced) {
    inside(text, value.written());
    inside(text, value.span());
    if value.is_replaceable() {
        assert_eq!(text.get(value.span().range()), Some(value.as_str()));
    }
}
