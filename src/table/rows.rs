//! One schema for every fact: subject, versions, what they need or fail on, verdict, source.

use crate::fact::Component;
use crate::finding::{Finding, Level};
use crate::read::keyed::Keyed;
use crate::read::tree::Node;
use crate::source::Span;
use crate::version::{Version, VersionSet};

/// A fact about the versions of a subject.
#[derive(Debug, Clone)]
pub struct Row {
    /// What it is about: `spark`, `delta-spark`, `hadoop-aws`.
    pub subject: String,
    /// Which versions of it.
    pub versions: VersionSet,
    /// Where the fact holds only for one way of shipping: `pypi`, `tarball`, `image`, a vendor's suffix.
    pub distribution: Option<String>,
    /// What they need or fail on.
    pub relation: Relation,
    /// How bad it is to do otherwise.
    pub verdict: Verdict,
    /// Who says so: a documentation page, or the package whose metadata was read (a `pkg:` URL).
    pub source: String,
    /// The releases that were really looked at.
    pub checked: Vec<Version>,
    /// No primary source was read.
    pub unverified: bool,
    /// The user's own row and its place; None for the tables that come with sparkproof.
    pub from_user: Option<Span>,
    /// The row's place in its file.
    pub span: Span,
}

/// What a subject needs of a component, or fails on.
#[derive(Debug, Clone)]
pub struct Relation {
    /// The component.
    pub component: Component,
    /// Its versions.
    pub versions: VersionSet,
    /// As the row writes them.
    pub text: String,
    /// The component's name in the row.
    pub key: Span,
    kind: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Needs,
    Fails,
}

impl Relation {
    /// Whether only these versions are good; otherwise just these are bad.
    pub fn is_needs(&self) -> bool {
        self.kind == Kind::Needs
    }

    /// Whether no version in `claimed` can be right.
    pub fn contradicts(&self, claimed: &VersionSet) -> bool {
        match self.kind {
            Kind::Needs => !claimed.meets(&self.versions),
            Kind::Fails => !claimed.is_empty() && claimed.is_subset(&self.versions),
        }
    }
}

/// How bad it is to go against a row; it decides how loud a finding may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// Seen or documented to fail.
    Breaks,
    /// Outside what the project supports.
    Unsupported,
    /// Only what it was built or tested with.
    BuiltWith,
}

impl Verdict {
    /// The word that tables write.
    pub fn name(self) -> &'static str {
        match self {
            Self::Breaks => "breaks",
            Self::Unsupported => "unsupported",
            Self::BuiltWith => "built-with",
        }
    }

    /// The loudest a finding may be that rests on a row with this verdict.
    pub fn cap(self) -> Level {
        match self {
            Self::Breaks => Level::Error,
            Self::Unsupported => Level::Warning,
            Self::BuiltWith => Level::Info,
        }
    }
}

const KEYS: [&str; 10] =
    ["subject", "versions", "distribution", "needs", "fails", "verdict", "source", "checked", "unverified", "note"];
impl Row {
    /// Lets a finding rest on this row: its source, the loudest it allows, and the user's own row as another place.
    pub fn cite(&self, finding: &mut Finding) {
        finding.source(self.source.clone()).at_most(self.verdict.cap()).unverified(self.unverified);
        if let Some(span) = self.from_user {
            finding.label(span, "this table says so");
        }
    }

    /// What makes it the same fact as another: a user's row with the same key replaces ours.
    pub fn key(&self) -> (String, String, Option<String>, Component, bool) {
        let needs = self.relation.is_needs();
        (self.subject.clone(), self.versions.to_string(), self.distribution.clone(), self.relation.component, needs)
    }
}

/// Reads a table. Every row that is right is returned, every fault as well.
pub fn read(keyed: &mut Keyed, root: Node<'_>, from_user: bool) -> Vec<Row> {
    let tables = keyed.tables(root, "row");
    tables.into_iter().flat_map(|table| rows_of(keyed, table, from_user)).collect()
}

/// A row may state several relations that share verdict and source; each becomes a fact of its own.
fn rows_of(keyed: &mut Keyed, table: Node<'_>, from_user: bool) -> Vec<Row> {
    let before = keyed.faults.len();
    keyed.only(table, "a row", &KEYS);
    let subject = keyed.required(table, "a row", "subject");
    let versions = keyed.required(table, "a row", "versions").and_then(|v| range(keyed, v.as_str(), v.span()));
    let verdict = verdict(keyed, table, "a row");
    let source = keyed.required(table, "a row", "source").and_then(|text| {
        let known = ["https://", "pkg:"].iter().any(|scheme| text.as_str().starts_with(scheme));
        if !known {
            keyed.fault(text.span(), "a source is an `https://` page or a `pkg:` URL", None);
        }
        known.then(|| text.as_str().to_owned())
    });
    let relations = relations(keyed, table);
    let checked =
        keyed.texts(table, "checked").into_iter().filter_map(|v| Version::parse(v.as_str())).collect::<Vec<_>>();
    let unverified = keyed.switch(table, "unverified").unwrap_or(false);
    let distribution = keyed.text(table, "distribution").map(|d| d.as_str().to_owned());
    let _ = keyed.text(table, "note");
    let (Some(subject), Some(versions), Some(verdict), Some(source)) = (subject, versions, verdict, source) else {
        return Vec::new();
    };
    if keyed.faults.len() > before {
        return Vec::new();
    }
    let row = |relation| Row {
        subject: subject.as_str().to_owned(),
        versions: versions.clone(),
        distribution: distribution.clone(),
        relation,
        verdict,
        source: source.clone(),
        checked: checked.clone(),
        unverified,
        from_user: from_user.then(|| table.span()),
        span: table.span(),
    };
    relations.into_iter().map(row).collect()
}

/// The verdict of a table's entry.
pub(super) fn verdict(keyed: &mut Keyed, table: Node<'_>, what: &str) -> Option<Verdict> {
    let text = keyed.required(table, what, "verdict")?;
    let known = [Verdict::Breaks, Verdict::Unsupported, Verdict::BuiltWith];
    let found = known.into_iter().find(|verdict| verdict.name() == text.as_str());
    if found.is_none() {
        let message = format!("`{text}` is no verdict: write `breaks`, `unsupported` or `built-with`");
        keyed.fault(text.span(), message, None);
    }
    found
}

fn relations(keyed: &mut Keyed, table: Node<'_>) -> Vec<Relation> {
    let mut relations = Vec::new();
    for (key, kind) in [("needs", Kind::Needs), ("fails", Kind::Fails)] {
        let Some(node) = table.get(key) else { continue };
        for (entry, value) in node.entries() {
            let text = value.str().unwrap_or_default();
            let Some(versions) = range(keyed, text, value.span()) else { continue };
            relations.push(Relation {
                component: Component::named(entry.key.as_str()),
                key: entry.key.span(),
                versions,
                text: text.to_owned(),
                kind,
            });
        }
    }
    if relations.is_empty() && table.get("needs").is_none() && table.get("fails").is_none() {
        keyed.fault(table.span(), "a row needs `needs` or `fails`", None);
    }
    relations
}

/// A range of versions; one without any is a fault too.
pub(super) fn range(keyed: &mut Keyed, text: &str, span: Span) -> Option<VersionSet> {
    match VersionSet::parse(text) {
        Ok(set) if set.is_empty() => {
            let help = Some("`,` joins conditions that must hold at once, `||` alternatives".to_owned());
            keyed.fault(span, format!("no version lies in `{text}`"), help);
            None
        }
        Ok(set) => Some(set),
        Err(message) => {
            keyed.fault(span, message, None);
            None
        }
    }
}
