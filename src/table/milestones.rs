//! What a release of a library changed for code that calls it.

use crate::read::keyed::Keyed;
use crate::read::tree::Node;
use crate::version::Version;

/// When something of a library came or went.
#[derive(Debug, Clone)]
pub struct Milestone {
    /// Of which library: `grpc-go`.
    pub subject: String,
    /// As code writes it (`grpc.NewClient`), or what changed.
    pub symbol: String,
    /// The first release with it.
    pub since: Option<Version>,
    /// The first release that advises against it.
    pub deprecated: Option<Version>,
    /// The first release without it.
    pub removed: Option<Version>,
    /// Who says so.
    pub source: String,
}

/// Reads the milestones of a table.
pub fn read(keyed: &mut Keyed, root: Node<'_>) -> Vec<Milestone> {
    keyed.tables(root, "milestone").into_iter().filter_map(|table| milestone(keyed, table)).collect()
}

fn milestone(keyed: &mut Keyed, table: Node<'_>) -> Option<Milestone> {
    let what = "a milestone";
    keyed.only(table, what, &["subject", "symbol", "since", "deprecated", "removed", "source", "note"]);
    let subject = keyed.required(table, what, "subject")?.as_str().to_owned();
    let symbol = keyed.required(table, what, "symbol")?.as_str().to_owned();
    let source = keyed.required(table, what, "source")?.to_string();
    let mut release = |key| {
        let text = keyed.text(table, key)?;
        let release = Version::parse(text.as_str());
        if release.is_none() {
            keyed.fault(text.span(), format!("`{text}` is no version"), None);
        }
        release
    };
    let (since, deprecated, removed) = (release("since"), release("deprecated"), release("removed"));
    if since.is_none() && deprecated.is_none() && removed.is_none() {
        keyed.fault(table.span(), "a milestone needs `since`, `deprecated` or `removed`", None);
        return None;
    }
    Some(Milestone { subject, symbol, since, deprecated, removed, source })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use crate::source::FileId;
    use crate::table::{BUILT_IN, Contents};
    use crate::version::Version;

    #[test]
    fn new_client_came_with_1_63() {
        let found =
            BUILT_IN.milestones.iter().find(|m| m.subject == "grpc-go" && m.symbol == "grpc.NewClient").unwrap();
        assert_eq!(found.since, Version::parse("1.63.0"));
        assert_eq!((found.deprecated.as_ref(), found.removed.as_ref()), (None, None));
    }

    #[test]
    fn a_milestone_without_a_release_is_told() {
        let (begin, end) = ("[[milestone]]\nsubject = \"s\"\nsymbol = \"f\"\n", "source = \"https://d\"\n");
        for wrong in ["", "since = \"x\"\n"] {
            let (contents, faults) = Contents::read(FileId(0), &format!("{begin}{wrong}{end}"), true);
            assert!(contents.milestones.is_empty() && !faults.is_empty(), "{wrong}");
        }
    }
}
