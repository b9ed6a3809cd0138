//! Versions and sets of versions, in one order and one range grammar for every ecosystem.
//!
//! A claim about a version is a *set*: `3.5` is every 3.5 release, `>=3.4, <3.6` a range, `2.12 || 2.13` a choice. Two claims
//! contradict each other when their sets share no version.

pub mod cargo;
pub mod python;

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

/// A set of versions: a union of intervals, sorted and apart.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct VersionSet {
    intervals: Vec<(Bound<Version>, Bound<Version>)>,
}

impl VersionSet {
    /// Every version.
    pub fn any() -> Self {
        Self { intervals: vec![(Bound::Unbounded, Bound::Unbounded)] }
    }

    /// No version.
    pub fn none() -> Self {
        Self { intervals: Vec::new() }
    }

    /// One interval; empty where nothing lies between the bounds.
    pub fn between(low: Bound<Version>, high: Bound<Version>) -> Self {
        let empty = match (&low, &high) {
            (Bound::Included(l), Bound::Included(h)) => l > h,
            (Bound::Included(l) | Bound::Excluded(l), Bound::Excluded(h))
            | (Bound::Excluded(l), Bound::Included(h)) => l >= h,
            _ => false,
        };
        if empty { Self::none() } else { Self { intervals: vec![(low, high)] } }
    }

    /// What a bare version means as a claim: fewer than three numbers name a line (`3.5`), three or more one release.
    pub fn of(version: &Version) -> Self {
        if version.precision() < 3 && version.rank == Rank::Release {
            version.line(version.precision())
        } else {
            Self::exactly(version.clone())
        }
    }

    /// One version and nothing else: what a Maven dependency or a lock file names.
    pub fn exactly(version: Version) -> Self {
        Self::between(Bound::Included(version.clone()), Bound::Included(version))
    }

    /// Reads the range grammar: `3.5`, `3.5.1`, `>=3.4, <3.6`, `8 || 11 || 17`, `*`.
    ///
    /// # Errors
    /// The part that is no range, in words.
    pub fn parse(text: &str) -> Result<Self, String> {
        text.split("||")
            .try_fold(Self::none(), |union, alternative| Ok(union.union(&Self::conjunction(alternative.trim())?)))
    }

    fn conjunction(text: &str) -> Result<Self, String> {
        if text == "*" {
            return Ok(Self::any());
        }
        text.split(',').map(str::trim).try_fold(Self::any(), |set, part| Ok(set.intersect(&Self::comparison(part)?)))
    }

    fn comparison(text: &str) -> Result<Self, String> {
        let (operator, rest) = ["<=", ">=", "<", ">", "="]
            .iter()
            .find_map(|op| text.strip_prefix(op).map(|r| (*op, r)))
            .unwrap_or(("", text));
        let version = Version::parse(rest)
            .ok_or_else(|| format!("`{text}` is no version range: write `3.5`, `3.5.1`, `>=3.4, <3.6` or `8 || 11`"))?;
        let line = version.line(version.precision());
        let bounds = &line.intervals[0];
        let vendor = version.rank != Rank::Release;
        let (floor, past) =
            if vendor { (Bound::Included(version.clone()), Bound::Excluded(version.clone())) } else { bounds.clone() };
        Ok(match operator {
            ">=" => Self::between(floor, Bound::Unbounded),
            "<" => Self::between(Bound::Unbounded, flip(floor)),
            ">" if vendor => Self::between(Bound::Excluded(version), Bound::Unbounded),
            ">" => Self::between(flip(past), Bound::Unbounded),
            "<=" if vendor => Self::between(Bound::Unbounded, Bound::Included(version)),
            "<=" => Self::between(Bound::Unbounded, past),
            _ => Self::of(&version),
        })
    }

    /// Whether no version is in it.
    pub fn is_empty(&self) -> bool {
        self.intervals.is_empty()
    }

    /// Whether a version is in it.
    pub fn contains(&self, version: &Version) -> bool {
        self.intervals.iter().any(|(low, high)| {
            let above = match low {
                Bound::Included(l) => l <= version,
                Bound::Excluded(l) => l < version,
                Bound::Unbounded => true,
            };
            above
                && match high {
                    Bound::Included(h) => version <= h,
                    Bound::Excluded(h) => version < h,
                    Bound::Unbounded => true,
                }
        })
    }

    /// The versions in both.
    #[must_use]
    pub fn intersect(&self, other: &Self) -> Self {
        let pairs = self.intervals.iter().flat_map(|a| other.intervals.iter().map(move |b| (a, b)));
        let intervals =
            pairs.flat_map(|(a, b)| Self::between(higher_low(&a.0, &b.0), lower_high(&a.1, &b.1)).intervals);
        Self { intervals: intervals.collect() }.normal()
    }

    /// The versions in either.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        Self { intervals: self.intervals.iter().chain(&other.intervals).cloned().collect() }.normal()
    }

    /// Whether the two share a version.
    pub fn meets(&self, other: &Self) -> bool {
        !self.intersect(other).is_empty()
    }

    /// Whether every version of this set is in `other`.
    pub fn is_subset(&self, other: &Self) -> bool {
        self.intersect(other) == *self
    }

    /// The only version in it, where there is just one.
    pub fn exact(&self) -> Option<&Version> {
        match self.intervals.as_slice() {
            [(Bound::Included(low), Bound::Included(high))] if low == high => Some(low),
            _ => None,
        }
    }

    /// The set widened to whole lines of `n` numbers: `3.5.1` to `3.5`. Open ends stay open.
    #[must_use]
    pub fn lines(&self, n: usize) -> Self {
        let widen = |bound: &Bound<Version>, up: bool| match bound {
            Bound::Unbounded => Bound::Unbounded,
            // `<3.6` ends before 3.6 begins: its last line is 3.5, which ends there already.
            Bound::Excluded(v) if up && v.rank == Rank::Floor && (n..v.precision()).all(|i| v.number(i) == 0) => {
                bound.clone()
            }
            Bound::Included(v) | Bound::Excluded(v) => {
                let (low, high) = v.line(n).intervals[0].clone();
                if up { high } else { low }
            }
        };
        Self { intervals: self.intervals.iter().map(|(low, high)| (widen(low, false), widen(high, true))).collect() }
            .normal()
    }

    /// The lowest version the set starts from, where it has a lower end.
    pub fn low(&self) -> Option<&Version> {
        match &self.intervals.first()?.0 {
            Bound::Included(v) | Bound::Excluded(v) => Some(v),
            Bound::Unbounded => None,
        }
    }

    /// The end of the set, where it has one.
    pub fn high(&self) -> Option<&Version> {
        match &self.intervals.last()?.1 {
            Bound::Included(v) | Bound::Excluded(v) => Some(v),
            Bound::Unbounded => None,
        }
    }

    fn normal(mut self) -> Self {
        self.intervals.sort_by(|a, b| low_key(&a.0).cmp(&low_key(&b.0)));
        let mut merged: Vec<(Bound<Version>, Bound<Version>)> = Vec::new();
        for (low, high) in self.intervals {
            match merged.last_mut() {
                Some(last) if touches(&last.1, &low) => last.1 = higher_high(&last.1, &high),
                _ => merged.push((low, high)),
            }
        }
        Self { intervals: merged }
    }
}

impl fmt::Display for VersionSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let texts: Vec<String> = self.intervals.iter().map(|(low, high)| interval_text(low, high)).collect();
        f.write_str(&if texts.is_empty() { "no version".to_owned() } else { texts.join(" || ") })
    }
}

fn interval_text(low: &Bound<Version>, high: &Bound<Version>) -> String {
    if let (Bound::Included(l), Bound::Excluded(h)) = (low, high)
        && l.rank == Rank::Floor
        && *h
            == Version::floor({
                let mut next = l.release.clone();
                if let Some(last) = next.last_mut() {
                    *last += 1;
                }
                next
            })
    {
        return l.to_string();
    }
    let low_text = match low {
        Bound::Included(l) if Bound::Included(l.clone()) == *high => return l.to_string(),
        Bound::Included(l) => format!(">={l}"),
        Bound::Excluded(l) => format!(">{l}"),
        Bound::Unbounded => String::new(),
    };
    let high_text = match high {
        Bound::Included(h) => format!("<={h}"),
        Bound::Excluded(h) => format!("<{h}"),
        Bound::Unbounded => String::new(),
    };
    match (low_text.is_empty(), high_text.is_empty()) {
        (true, true) => "*".to_owned(),
        (false, false) => format!("{low_text}, {high_text}"),
        _ => low_text + &high_text,
    }
}

fn flip(bound: Bound<Version>) -> Bound<Version> {
    match bound {
        Bound::Included(v) => Bound::Excluded(v),
        Bound::Excluded(v) => Bound::Included(v),
        Bound::Unbounded => Bound::Unbounded,
    }
}

/// Sorts lower ends: unbounded first, and `>=v` before `>v`.
fn low_key(bound: &Bound<Version>) -> Option<(&Version, bool)> {
    match bound {
        Bound::Unbounded => None,
        Bound::Included(v) => Some((v, false)),
        Bound::Excluded(v) => Some((v, true)),
    }
}

fn higher_low(a: &Bound<Version>, b: &Bound<Version>) -> Bound<Version> {
    if low_key(a) >= low_key(b) { a.clone() } else { b.clone() }
}

fn lower_high(a: &Bound<Version>, b: &Bound<Version>) -> Bound<Version> {
    if compare_high(a, b).is_le() { a.clone() } else { b.clone() }
}

fn higher_high(a: &Bound<Version>, b: &Bound<Version>) -> Bound<Version> {
    if compare_high(a, b).is_ge() { a.clone() } else { b.clone() }
}

fn compare_high(a: &Bound<Version>, b: &Bound<Version>) -> Ordering {
    match (a, b) {
        (Bound::Unbounded, Bound::Unbounded) => Ordering::Equal,
        (Bound::Unbounded, _) => Ordering::Greater,
        (_, Bound::Unbounded) => Ordering::Less,
        (Bound::Included(x) | Bound::Excluded(x), Bound::Included(y) | Bound::Excluded(y)) => {
            x.cmp(y).then(matches!(a, Bound::Included(_)).cmp(&matches!(b, Bound::Included(_))))
        }
    }
}

/// Whether an interval that ends at `high` and one that starts at `low` leave no gap.
fn touches(high: &Bound<Version>, low: &Bound<Version>) -> bool {
    match (high, low) {
        (Bound::Unbounded, _) | (_, Bound::Unbounded) => true,
        (Bound::Excluded(h), Bound::Excluded(l)) => h > l,
        (Bound::Included(h) | Bound::Excluded(h), Bound::Included(l) | Bound::Excluded(l)) => h >= l,
    }
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
