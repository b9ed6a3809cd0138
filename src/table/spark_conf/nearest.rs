//! The key that a misspelt one was meant to be.

use super::{SparkConf, Standing};

/// How many edits apart two keys may be.
const MAX: usize = 2;

/// What a key was meant to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meant {
    /// The key, the user's own parts of it kept.
    pub key: String,
    /// No other is as near.
    pub alone: bool,
}

impl SparkConf {
    /// The nearest key to one that nothing reads; none where none is near enough to be meant.
    pub fn nearest(&self, name: &str) -> Option<Meant> {
        if !name.is_ascii() || name.len() > 128 {
            return None;
        }
        let keys = self.meant().filter_map(|key| {
            let distance = distance(name, key.name)?;
            let rank = (distance, !self.changes(key.name).is_empty(), key.standing != Standing::Public);
            Some((rank, key.name.to_owned()))
        });
        let parts: Vec<&str> = name.split('.').collect();
        let shaped = self.families.iter().filter_map(|family| {
            let pairs: Vec<(&str, &str)> = family.pairs(&parts)?.collect();
            let apart = |(shape, part): &(&str, &str)| if *shape == "*" { Some(0) } else { of_parts(part, shape) };
            let distance = pairs.iter().map(apart).try_fold(0, |sum, one| Some(sum + one?)).filter(|d| *d <= MAX)?;
            let meant = pairs.iter().map(|(shape, part)| if *shape == "*" { *part } else { *shape });
            let key: Vec<&str> = meant.chain(parts.iter().skip(pairs.len()).copied()).collect();
            Some(((distance, false, false), key.join(".")))
        });
        let mut found: Vec<_> = keys.chain(shaped).collect();
        found.sort();
        let (rank, key) = found.first()?.clone();
        let alone = found.iter().filter(|(other, _)| *other == rank).count() == 1;
        Some(Meant { key, alone })
    }
}

/// How many edits lie between two keys, where they are few enough and the key can be meant: what differs must be long enough to be
/// recognised, or differ by its letters' case, by a dot, or by the end of a plural.
fn distance(name: &str, key: &str) -> Option<usize> {
    if name.len().abs_diff(key.len()) > MAX {
        return None;
    }
    let (parts, wanted): (Vec<&str>, Vec<&str>) = (name.split('.').collect(), key.split('.').collect());
    if parts.len() == wanted.len() {
        let each = parts.iter().zip(&wanted).map(|(part, wanted)| of_parts(part, wanted));
        return each.sum::<Option<usize>>().filter(|distance| *distance <= MAX);
    }
    // A dot too many or too few.
    let joined = |parts: &[&str]| parts.concat().to_ascii_lowercase();
    let dots = parts.len().abs_diff(wanted.len());
    (dots <= MAX && joined(&parts) == joined(&wanted)).then_some(dots)
}

/// How many edits lie between two parts of keys; none where they are two words.
fn of_parts(part: &str, wanted: &str) -> Option<usize> {
    if part == wanted {
        return Some(0);
    }
    if part.eq_ignore_ascii_case(wanted) {
        return Some(1);
    }
    let (a, b) = (part.to_ascii_lowercase(), wanted.to_ascii_lowercase());
    let (short, long) = if a.len() < b.len() { (&a, &b) } else { (&b, &a) };
    if short.len() > 2 && long.strip_suffix('s') == Some(short) {
        return Some(1);
    }
    let most = match short.len() {
        0..=4 => 0,
        5..=6 => 1,
        _ => MAX,
    };
    let edits = edits(a.as_bytes(), b.as_bytes());
    (edits <= most).then_some(edits)
}

/// The Damerau-Levenshtein distance of two short words: a swap of neighbours is one edit.
fn edits(a: &[u8], b: &[u8]) -> usize {
    if a.len().abs_diff(b.len()) > MAX {
        return MAX + 1;
    }
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let at = |row: &[usize], j: usize| row.get(j).copied().unwrap_or(usize::MAX - 1);
            let swapped = i > 0 && j > 0 && a.get(i - 1) == Some(y) && b.get(j - 1) == Some(x);
            let swap = if swapped { at(&before, j - 1) + 1 } else { usize::MAX };
            row.push((at(&last, j) + usize::from(x != y)).min(at(&last, j + 1) + 1).min(at(&row, j) + 1).min(swap));
        }
        before = std::mem::replace(&mut last, row);
    }
    last.last().copied().unwrap_or(0)
}
