//! Sets of versions: unions of intervals, and the one range grammar they are written in.

use super::{Rank, Version};
use std::cmp::Ordering;
use std::fmt;
use std::ops::Bound;

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
            .filter(Version::is_plain)
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
