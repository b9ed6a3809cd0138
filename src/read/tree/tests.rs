//! What the tests of all tree readers share, and the look-ups' own tests.

use super::*;
use crate::read::{Loss, Reading, yaml};

/// A small deterministic source of changes.
pub(in crate::read) struct Random(pub(in crate::read) u64);

impl Random {
    pub(in crate::read) fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % bound.max(1) as u64) as usize
    }
}

/// Reads many small changes of the samples and checks every place in what comes back.
pub(in crate::read) fn mutations<I: IntoIterator<Item = Tree>>(samples: &[&str], read: impl Fn(&str) -> Reading<I>) {
    let factor: usize = std::env::var("SPARKPROOF_MUTATIONS").ok().and_then(|n| n.parse().ok()).unwrap_or(1);
    let mut random = Random(0x9E37_79B9_7F4A_7C15);
    for _ in 0..300 * factor {
        let mut bytes = samples[random.below(samples.len())].as_bytes().to_vec();
        for _ in 0..=random.below(4) {
            let at = random.below(bytes.len() + 1);
            let piece: &[u8] = [
                "{{", "}}", "\"", "'", "\n", "\r\n", "---\n", ": ", "- ", "[", "]", "{", "}", "|\n", ">\n", "#", "&a ",
                "*a", "!x ", "é", "\u{feff}", "\t", "\\", ",", "=", "\"\"\"", "{%", "  ", "😀",
            ][random.below(29)]
            .as_bytes();
            match random.below(3) {
                0 => drop(bytes.splice(at..at, piece.iter().copied())),
                1 if at < bytes.len() => drop(bytes.remove(at)),
                _ if at < bytes.len() => bytes[at] = piece[0],
                _ => {}
            }
        }
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let reading = read(&text);
        reading.comments.iter().for_each(|span| check(&text, *span));
        reading.losses.iter().for_each(|loss: &Loss| check(&text, loss.span));
        reading.body.into_iter().for_each(|tree| check_tree(&text, &tree));
    }
}

fn check(text: &str, span: Span) {
    assert!(text.get(span.range()).is_some(), "{span:?} is no place in {text:?}");
}

pub(in crate::read) fn check_tree(text: &str, tree: &Tree) {
    for node in tree.nodes() {
        check(text, node.span());
        if let Kind::Scalar { text: value, .. } = node.kind() {
            check_text(text, value);
        }
        node.entries().for_each(|(entry, _)| check_text(text, &entry.key));
    }
}

/// Every letter of a value has its place, and says so truly.
fn check_text(text: &str, value: &Traced) {
    check(text, value.written());
    check(text, value.span());
    for (at, letter) in value.as_str().char_indices().take(50) {
        let part = value.slice(at..at + letter.len_utf8());
        check(text, part.span());
        if part.is_replaceable() {
            assert_eq!(&text[part.span().range()], part.as_str(), "in {text:?}");
        }
    }
}

#[test]
fn merges_of_merges_are_looked_up_in_bounded_time() {
    let mut text = String::from("m0: &m0 {a: 1}\n");
    for level in 1..14 {
        let list = vec![format!("*m{}", level - 1); 10].join(", ");
        text.extend([format!("m{level}: &m{level} {{<<: [{list}]}}\n")]);
    }
    let tree = yaml::read(FileId(0), &text).body.remove(0);
    let last = tree.root().get("m13").unwrap();
    assert_eq!(last.get("a").and_then(Node::int), Some(1));
    assert!(last.get("missing").is_none());
}

#[test]
fn a_circle_of_aliases_leads_nowhere() {
    let tree = yaml::read(FileId(0), "a: &a {<<: *a, b: *a}\n").body.remove(0);
    assert!(tree.root().path(&["a", "b", "b", "b"]).is_some());
    assert!(tree.root().path(&["a", "c"]).is_none());
}
