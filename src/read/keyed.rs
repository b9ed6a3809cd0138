//! TOML files of our own (configuration, tables): reading them strictly, with every fault at its place.

use super::tree::{Node, Tree};
use super::{Reading, toml};
use crate::source::{FileId, Span, Traced};

/// Something in a file of ours that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Where.
    pub span: Span,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
}

/// A file of ours while it is read: its values, and the faults found so far.
#[derive(Debug)]
pub struct Keyed {
    /// All faults, in the order found.
    pub faults: Vec<Fault>,
}

impl Keyed {
    /// Parses a text; syntax errors are the first faults.
    pub fn open(file: FileId, text: &str) -> (Self, Option<Tree>) {
        let Reading { body, losses, .. } = toml::read(file, text);
        let faults = losses.into_iter().map(|l| Fault { span: l.span, message: l.message, help: None }).collect();
        (Self { faults }, body)
    }

    /// Notes a fault.
    pub fn fault(&mut self, span: Span, message: impl Into<String>, help: Option<String>) {
        self.faults.push(Fault { span, message: message.into(), help });
    }

    /// Notes every key of a table that is not among the known ones, with the nearest known one.
    pub fn only(&mut self, table: Node<'_>, what: &str, known: &[&str]) {
        for (entry, _) in table.entries() {
            let key = entry.key.as_str();
            if !known.contains(&key) {
                let help = nearest(key, known.iter().copied()).map(|near| format!("did you mean `{near}`?"));
                let help = help.unwrap_or_else(|| format!("known keys: {}", quoted(known)));
                self.fault(entry.key.span(), format!("{what} has no key `{key}`"), Some(help));
            }
        }
    }

    /// The text under a key, where there is one; another type is a fault.
    pub fn text<'t>(&mut self, table: Node<'t>, key: &str) -> Option<&'t Traced> {
        let node = table.get(key)?;
        let text = if node.is_string() { node.text() } else { None };
        self.typed(node, key, "a text", text)
    }

    /// The text under a key that must be there.
    pub fn required<'t>(&mut self, table: Node<'t>, what: &str, key: &str) -> Option<&'t Traced> {
        if table.get(key).is_none() {
            self.fault(table.span(), format!("{what} needs the key `{key}`"), None);
        }
        self.text(table, key)
    }

    /// The switch under a key.
    pub fn switch(&mut self, table: Node<'_>, key: &str) -> Option<bool> {
        let node = table.get(key)?;
        self.typed(node, key, "`true` or `false`", node.bool())
    }

    /// The list of texts under a key; empty where there is none.
    pub fn texts<'t>(&mut self, table: Node<'t>, key: &str) -> Vec<&'t Traced> {
        let Some(node) = table.get(key) else { return Vec::new() };
        let texts: Option<Vec<_>> = node.items().map(|item| item.text().filter(|_| item.is_string())).collect();
        self.typed(node, key, "a list of texts", texts.filter(|_| node.is_sequence())).unwrap_or_default()
    }

    /// The tables under a key: `[[key]]`.
    pub fn tables<'t>(&mut self, root: Node<'t>, key: &str) -> Vec<Node<'t>> {
        let Some(node) = root.get(key) else { return Vec::new() };
        let good = node.is_sequence() && node.items().all(Node::is_mapping);
        self.typed(node, key, "a list of tables: write `[[…]]`", good.then_some(()))
            .map_or_else(Vec::new, |()| node.items().collect())
    }

    fn typed<T>(&mut self, node: Node<'_>, key: &str, wanted: &str, value: Option<T>) -> Option<T> {
        if value.is_none() {
            self.fault(node.span(), format!("`{key}` must be {wanted}"), None);
        }
        value
    }
}

fn quoted(words: &[&str]) -> String {
    words.iter().map(|w| format!("`{w}`")).collect::<Vec<_>>().join(", ")
}

/// The candidate nearest to a word, where it is near enough to be meant (a third of its length in edits).
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let scored = candidates.into_iter().map(|candidate| (edit_distance(word, candidate), candidate));
    scored.min().filter(|(distance, candidate)| *distance <= candidate.len().max(word.len()) / 3).map(|(_, c)| c)
}

/// The Damerau-Levenshtein distance (a swap of neighbours is one edit); long words are cut, since they are never near.
fn edit_distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().take(64).collect(), b.chars().take(64).collect());
    let mut rows = vec![vec![0; b.len() + 1]; a.len() + 1];
    for i in 0..=a.len() {
        for j in 0..=b.len() {
            rows[i][j] = if i == 0 || j == 0 {
                i + j
            } else {
                let substituted = rows[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
                let swapped = if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                    rows[i - 2][j - 2] + 1
                } else {
                    usize::MAX
                };
                substituted.min(rows[i - 1][j] + 1).min(rows[i][j - 1] + 1).min(swapped)
            };
        }
    }
    rows[a.len()][b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_words_are_found_and_far_ones_are_not() {
        let words = ["probe-missing", "probe-identical", "image-gone"];
        assert_eq!(nearest("probe-mising", words), Some("probe-missing"));
        assert_eq!(nearest("image-gnoe", words), Some("image-gone"));
        assert_eq!(nearest("something-else", words), None);
    }
}
