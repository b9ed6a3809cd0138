//! Cargo's requirement syntax (`^1.2`, `~1.2.3`, `=1.2.3`, `1.*`) as a set of versions.

use super::{Version, VersionSet};
use semver::{Comparator, Op, VersionReq};
use std::ops::Bound;

/// Reads a Cargo requirement; `None` where it is none. A bare version means a caret requirement.
pub fn requirement(text: &str) -> Option<VersionSet> {
    let req = VersionReq::parse(text).ok()?;
    Some(req.comparators.iter().fold(VersionSet::any(), |set, comparator| set.intersect(&comparator_set(comparator))))
}

fn comparator_set(c: &Comparator) -> VersionSet {
    let numbers: Vec<u64> = [Some(c.major), c.minor, c.patch].into_iter().map_while(|n| n).collect();
    let low = Version::floor(numbers.clone());
    let line = |n: usize| low.line(n);
    match c.op {
        Op::Greater => VersionSet::between(
            line(numbers.len()).high().cloned().map_or(Bound::Unbounded, Bound::Included),
            Bound::Unbounded,
        ),
        Op::GreaterEq => VersionSet::between(Bound::Included(low), Bound::Unbounded),
        Op::Less => VersionSet::between(Bound::Unbounded, Bound::Excluded(low)),
        Op::LessEq => VersionSet::between(
            Bound::Unbounded,
            line(numbers.len()).high().cloned().map_or(Bound::Unbounded, Bound::Excluded),
        ),
        Op::Tilde => from(&low, &line(numbers.len().min(2))),
        Op::Caret => {
            let first = numbers.iter().position(|n| *n != 0).unwrap_or(numbers.len() - 1);
            from(&low, &line(first + 1))
        }
        _ => line(numbers.len()),
    }
}

fn from(low: &Version, line: &VersionSet) -> VersionSet {
    VersionSet::between(Bound::Included(low.clone()), Bound::Unbounded).intersect(line)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn requirements_are_sets() {
        for (text, holds, fails) in [
            ("1.2", "1.9.0", "2.0.0"),
            ("0.2.3", "0.2.9", "0.3.0"),
            ("~1.2.3", "1.2.9", "1.3.0"),
            ("=1.2.3", "1.2.3", "1.2.4"),
            ("1.*", "1.7.0", "2.0.0"),
            (">=1.2, <1.5", "1.4.9", "1.5.0"),
        ] {
            let set = requirement(text).unwrap();
            assert!(set.contains(&Version::parse(holds).unwrap()), "{text} has {holds}: {set}");
            assert!(!set.contains(&Version::parse(fails).unwrap()), "{text} has not {fails}: {set}");
        }
    }
}
