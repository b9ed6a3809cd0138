//! PEP 440 specifiers (`==3.5.*`, `~=3.5.0`, `>=3.4,<3.6`) as a set of versions.

use super::{Version, VersionSet};
use pep440_rs::{Operator, VersionSpecifier, VersionSpecifiers};
use std::ops::Bound;
use std::str::FromStr as _;

/// Reads a comma-separated list of specifiers; an empty one allows every version, `None` means it is no specifier.
pub fn specifiers(text: &str) -> Option<VersionSet> {
    let list = VersionSpecifiers::from_str(text).ok()?;
    list.iter().try_fold(VersionSet::any(), |set, specifier| Some(set.intersect(&specifier_set(specifier)?)))
}

fn specifier_set(specifier: &VersionSpecifier) -> Option<VersionSet> {
    let version = Version::parse(&specifier.version().to_string())?;
    let line = || version.line(version.precision());
    let exact = || Bound::Included(version.clone());
    Some(match specifier.operator() {
        Operator::Equal | Operator::ExactEqual => VersionSet::between(exact(), exact()),
        Operator::EqualStar => line(),
        Operator::TildeEqual => VersionSet::between(exact(), Bound::Unbounded)
            .intersect(&version.line(version.precision().saturating_sub(1).max(1))),
        Operator::LessThan => {
            VersionSet::between(Bound::Unbounded, Bound::Excluded(Version::floor(version.numbers(version.precision()))))
        }
        Operator::LessThanEqual => VersionSet::between(Bound::Unbounded, exact()),
        Operator::GreaterThan => VersionSet::between(Bound::Excluded(version.clone()), Bound::Unbounded),
        Operator::GreaterThanEqual => VersionSet::between(exact(), Bound::Unbounded),
        Operator::NotEqual => VersionSet::between(Bound::Unbounded, Bound::Excluded(version.clone()))
            .union(&VersionSet::between(Bound::Excluded(version), Bound::Unbounded)),
        Operator::NotEqualStar => {
            let (low, high) = (line().low().cloned()?, line().high().cloned()?);
            VersionSet::between(Bound::Unbounded, Bound::Excluded(low))
                .union(&VersionSet::between(Bound::Included(high), Bound::Unbounded))
        }
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn specifiers_are_sets() {
        for (text, holds, fails) in [
            ("==3.5.1", "3.5.1", "3.5.2"),
            ("==3.5.*", "3.5.9", "3.6.0"),
            ("~=3.5.0", "3.5.9", "3.6.0"),
            (">=3.4,<3.6", "3.5.9", "3.6.0"),
            ("!=3.5.1", "3.5.2", "3.5.1"),
            ("!=3.5.*,>3", "3.6.0", "3.5.4"),
        ] {
            let set = specifiers(text).unwrap();
            assert!(set.contains(&Version::parse(holds).unwrap()), "{text} has {holds}: {set}");
            assert!(!set.contains(&Version::parse(fails).unwrap()), "{text} has not {fails}: {set}");
        }
        assert_eq!(specifiers("").unwrap(), VersionSet::any());
        assert!(specifiers("latest").is_none());
    }
}
