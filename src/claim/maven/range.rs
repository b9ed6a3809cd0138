//! Maven's version ranges: `1.0` (asked for, and taken unless something else wins), `[1.0,2.0)`, `[1.0]`, `(,1.0],[1.2,)`.
//!
//! Grammar: <https://maven.apache.org/pom.html#dependency-version-requirement-specification>.

use crate::version::{Version, VersionSet};
use std::ops::Bound;

/// The versions that a dependency's version text allows; every version where the text is neither number nor range.
pub fn versions(text: &str) -> VersionSet {
    let text = text.trim();
    if text.starts_with(['[', '(']) {
        return ranges(text).unwrap_or_else(VersionSet::any);
    }
    Version::parse(text).map_or_else(VersionSet::any, VersionSet::exactly)
}

fn ranges(text: &str) -> Option<VersionSet> {
    let (mut union, mut rest) = (VersionSet::none(), text);
    while !rest.is_empty() {
        let end = rest.find([']', ')'])?;
        union = union.union(&range(rest.get(..=end)?)?);
        rest = rest.get(end + 1..)?.trim_start_matches([',', ' ']);
    }
    Some(union)
}

fn range(text: &str) -> Option<VersionSet> {
    let inner = text.get(1..text.len().checked_sub(1)?)?;
    let Some((low, high)) = inner.split_once(',') else {
        return (text.starts_with('[') && text.ends_with(']')).then_some(VersionSet::exactly(Version::parse(inner)?));
    };
    let bound = |side: &str, included: bool| match side.trim() {
        "" => Some(Bound::Unbounded),
        version if included => Version::parse(version).map(Bound::Included),
        version => Version::parse(version).map(Bound::Excluded),
    };
    Some(VersionSet::between(bound(low, text.starts_with('['))?, bound(high, text.ends_with(']'))?))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_read_as_maven_reads_them() {
        let holds = |range: &str, version: &str| versions(range).contains(&Version::parse(version).unwrap());
        assert!(holds("[1.0,2.0)", "1.0") && holds("[1.0,2.0)", "1.9.9") && !holds("[1.0,2.0)", "2.0"));
        assert!(holds("(,1.0],[1.2,)", "0.5") && !holds("(,1.0],[1.2,)", "1.1") && holds("(,1.0],[1.2,)", "9"));
        assert_eq!(versions("[1.5]").exact(), Version::parse("1.5").as_ref());
        assert_eq!(versions("3.5.1").exact(), Version::parse("3.5.1").as_ref());
    }

    #[test]
    fn what_is_no_version_allows_everything() {
        for text in ["LATEST", "Hoxton.SR1", "[", "[]", "(,", "[1.0", "[a,b]", "(1.0)", ""] {
            assert_eq!(versions(text), VersionSet::any(), "{text}");
        }
    }
}
