//! Versions and sets of versions, in one order and one range grammar for every ecosystem.
//!
//! A claim about a version is a *set*: `3.5` is every 3.5 release, `>=3.4, <3.6` a range, `2.12 || 2.13` a choice. Two claims
//! contradict each other when their sets share no version.

pub mod cargo;
pub mod python;
mod set;

pub use set::VersionSet;
use std::cmp::Ordering;
use std::fmt;
use std::ops::Bound;

/// A version: its numbers, then whatever follows them.
///
/// Numbers compare as numbers, missing ones are zero. What follows ranks before the release when it is a pre-release
/// (`-preview2`, `-rc1`, `.dev0`, `-SNAPSHOT`), after it when it is a vendor's suffix (`-amzn-0`). Maven's own order would put
/// `4.0.0-preview1` after `4.0.0`; for claims about what runs that would be wrong.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Version {
    release: Vec<u64>,
    rank: Rank,
    suffix: Box<str>,
}

/// A range as people write it: `8 || 11 || 17` is "8, 11 or 17".
pub fn in_words(range: &str) -> String {
    match range.rsplit_once(" || ") {
        Some((first, last)) => format!("{} or {last}", first.replace(" || ", ", ")),
        None => range.to_owned(),
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Rank {
    /// Below every real version with these numbers: the lower end of a prefix.
    Floor,
    PreRelease,
    Release,
    Vendor,
}

const PRE_RELEASES: [&str; 9] = ["preview", "alpha", "beta", "milestone", "rc", "cr", "snapshot", "dev", "ea"];

impl Version {
    /// Reads a version that starts with a number, with or without a leading `v`; `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let text = text.strip_prefix(['v', 'V']).unwrap_or(text);
        let (mut release, mut rest) = (Vec::new(), text);
        loop {
            let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
            release.push(rest.get(..digits).filter(|d| !d.is_empty())?.parse().ok()?);
            rest = &rest[digits..];
            match rest.strip_prefix('.') {
                Some(next) if next.starts_with(|c: char| c.is_ascii_digit()) => rest = next,
                _ => break,
            }
        }
        if rest.starts_with(|c: char| c.is_whitespace() || "*+,<>=![](){}$".contains(c)) && !rest.starts_with('+') {
            return None;
        }
        let suffix = rest.trim_start_matches(['-', '.', '_', '+']).to_ascii_lowercase();
        let word = suffix.trim_start_matches(|c: char| c.is_ascii_digit());
        let short = ["a", "b", "m"]
            .iter()
            .any(|p| word.strip_prefix(p).is_some_and(|n| n.starts_with(|c: char| c.is_ascii_digit())));
        let rank = if suffix.is_empty() {
            Rank::Release
        } else if short || PRE_RELEASES.iter().any(|p| word.starts_with(p)) {
            Rank::PreRelease
        } else {
            Rank::Vendor
        };
        Some(Self { release, rank, suffix: suffix.into() })
    }

    /// The first `n` numbers, zeros filled in: `minor(2)` of `3.5.1` is `3.5`.
    pub fn numbers(&self, n: usize) -> Vec<u64> {
        (0..n).map(|i| self.number(i)).collect()
    }

    /// How many numbers were written.
    pub fn precision(&self) -> usize {
        self.release.len()
    }

    /// Whether what follows its numbers is a word, as in `-preview1` or `-amzn-0`, and no other way of writing a range
    /// (`3.5.x`, `3.5-4.0`).
    pub(crate) fn is_plain(&self) -> bool {
        let word = self.suffix.chars().next();
        word.is_none_or(|c| c.is_ascii_lowercase()) && !["x", "any"].contains(&&*self.suffix)
    }

    /// Whether it names a pre-release.
    pub fn is_pre_release(&self) -> bool {
        self.rank == Rank::PreRelease
    }

    /// The set of all versions that start with the first `n` numbers of this one.
    pub fn line(&self, n: usize) -> VersionSet {
        let low = self.numbers(n);
        let mut high = low.clone();
        if let Some(last) = high.last_mut() {
            *last = last.saturating_add(1);
        }
        VersionSet::between(Bound::Included(Self::floor(low)), Bound::Excluded(Self::floor(high)))
    }

    fn number(&self, i: usize) -> u64 {
        self.release.get(i).copied().unwrap_or(0)
    }

    pub(crate) fn floor(release: Vec<u64>) -> Self {
        Self { release, rank: Rank::Floor, suffix: Box::default() }
    }
}

impl Ord for Version {
    fn cmp(&self, other: &Self) -> Ordering {
        let len = self.release.len().max(other.release.len());
        let numbers =
            (0..len).map(|i| self.number(i).cmp(&other.number(i))).find(|o| o.is_ne()).unwrap_or(Ordering::Equal);
        numbers.then(self.rank.cmp(&other.rank)).then_with(|| natural(&self.suffix, &other.suffix))
    }
}

impl PartialOrd for Version {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let numbers: Vec<String> = self.release.iter().map(u64::to_string).collect();
        f.write_str(&numbers.join("."))?;
        if self.suffix.is_empty() { Ok(()) } else { write!(f, "-{}", self.suffix) }
    }
}

/// Compares texts with digit runs as numbers: `rc2` before `rc10`.
fn natural(a: &str, b: &str) -> Ordering {
    let key = |s: &str| {
        let mut parts: Vec<(u64, String)> = Vec::new();
        let mut rest = s;
        while !rest.is_empty() {
            let word = rest.find(|c: char| c.is_ascii_digit()).unwrap_or(rest.len());
            let digits = rest[word..].len() - rest[word..].trim_start_matches(|c: char| c.is_ascii_digit()).len();
            parts.push((rest[word..word + digits].parse().unwrap_or(0), rest[..word].to_owned()));
            rest = &rest[word + digits..];
        }
        parts.into_iter().map(|(n, w)| (w, n)).collect::<Vec<_>>()
    };
    key(a).cmp(&key(b))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn v(text: &str) -> Version {
        Version::parse(text).unwrap()
    }

    fn set(text: &str) -> VersionSet {
        VersionSet::parse(text).unwrap()
    }

    #[test]
    fn versions_are_ordered_as_releases_are_made() {
        let sorted = [
            "3.5",
            "3.5.1",
            "4.0.0-preview1",
            "4.0.0-preview2",
            "4.0.0-rc2",
            "4.0.0-rc10",
            "4.0.0",
            "4.0.0-amzn-0",
            "4.0.1",
            "4.10",
        ];
        for pair in sorted.windows(2) {
            assert!(v(pair[0]) < v(pair[1]), "{} < {}", pair[0], pair[1]);
        }
        assert_eq!(v("3.5").cmp(&v("3.5.0")), Ordering::Equal);
        assert!(
            Version::parse("latest").is_none() && Version::parse("3.x").is_some() && Version::parse("1.0*").is_none()
        );
    }

    #[test]
    fn a_short_version_is_a_line_a_long_one_a_release() {
        assert!(set("3.5").contains(&v("3.5.9")) && !set("3.5").contains(&v("3.6.0-preview1")));
        assert!(set("4.0").contains(&v("4.0.0-preview1")));
        assert_eq!(set("3.5.1").exact(), Some(&v("3.5.1")));
    }

    #[test]
    fn ranges_intersect_and_join() {
        assert!(!set(">=3.4, <3.6").meets(&set("3.6.0")));
        assert!(set(">=3.4, <3.6").meets(&set("3.5")));
        assert!(set(">3.4").intersect(&set("3.4.9")).is_empty(), "`>3.4` starts after the whole line");
        assert_eq!(set("8 || 11 || 17").intersect(&set(">=11")), set("11 || 17"));
        assert_eq!(set("3.4 || 3.5"), set(">=3.4, <3.6"));
        assert!(set("3.5.1").is_subset(&set("3.5")) && !set("3.5").is_subset(&set("3.5.1")));
    }

    #[test]
    fn sets_widen_to_lines() {
        assert_eq!(set("3.5.1").lines(2), set("3.5"));
        assert_eq!(set(">=3.5.3, <3.6").lines(2), set("3.5"));
        assert_eq!(set(">=3.4").lines(2), set(">=3.4"));
    }

    #[test]
    fn sets_print_in_the_grammar_they_are_read_from() {
        for text in ["3.5", "3.5.1", ">=3.4, <3.6", "8 || 11 || 17", "*", "<=3.5.1", ">=3.4"] {
            assert_eq!(set(&set(text).to_string()), set(text), "{text}");
        }
        assert_eq!(set("2.12 || 2.13").to_string(), ">=2.12, <2.14");
    }

    #[test]
    fn nonsense_is_said() {
        assert!(VersionSet::parse("three").unwrap_err().contains("`three` is no version range"));
    }
}
