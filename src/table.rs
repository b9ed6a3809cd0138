//! What is true about versions: rows with their sources, read from `rules/tables/*.toml` and from the user's own tables.

pub mod forbidden;
pub mod images;
pub mod rows;

use crate::fact::{Component, Language};
use crate::read::keyed::{Fault, nearest};
use crate::source::FileId;
use crate::version::VersionSet;
pub use forbidden::{Forbidden, ForbiddenKind};
pub use images::ImageFamily;
pub use rows::{Relation, Row, Verdict};
use std::collections::BTreeSet;
use std::sync::LazyLock;

const SPARK: &str = include_str!("../rules/tables/spark.toml");
const IMAGES: &str = include_str!("../rules/tables/images.toml");
const FORBIDDEN_GO: &str = include_str!("../rules/forbidden/go.toml");
const FORBIDDEN_RUST: &str = include_str!("../rules/forbidden/rust.toml");

/// The file number under which built-in tables are read: no source has it, so no finding can point there by accident.
const BUILT_IN_FILE: FileId = FileId(u32::MAX);

/// The tables in force.
#[derive(Debug, Clone)]
pub struct Tables {
    rows: Vec<Row>,
    images: Vec<ImageFamily>,
    official: BTreeSet<String>,
    /// What must not be reached from a user-defined function.
    pub forbidden: Vec<Forbidden>,
}

/// The tables that come with sparkproof. Their correctness is tested; a row that cannot be read is left out here and fails that test.
pub static BUILT_IN: LazyLock<Tables> = LazyLock::new(|| {
    let (rows, _) = rows::read(BUILT_IN_FILE, SPARK, false);
    let (images, _) = images::read(BUILT_IN_FILE, IMAGES, false);
    let mut forbidden = forbidden::read(BUILT_IN_FILE, FORBIDDEN_GO, Language::Go).0;
    forbidden.extend(forbidden::read(BUILT_IN_FILE, FORBIDDEN_RUST, Language::Rust).0);
    let official = images::official(BUILT_IN_FILE, IMAGES).into_iter().collect();
    Tables { rows, images, official, forbidden }
});

/// A built-in table's name and text, for the test that reads them all.
pub const TEXTS: [(&str, &str); 4] =
    [("spark", SPARK), ("images", IMAGES), ("forbidden/go", FORBIDDEN_GO), ("forbidden/rust", FORBIDDEN_RUST)];

impl Tables {
    /// Adds a user's table: a row with the same key replaces the one that was there, every other row joins them. Image
    /// families of the user come first, so that theirs speaks for a repository that both know.
    ///
    /// Returns each row that cannot be used, with its place in the file.
    pub fn extend(&mut self, text: &str, file: FileId) -> Vec<Fault> {
        let (rows, mut faults) = rows::read(file, text, true);
        for row in &rows {
            if self.rows(&row.subject).next().is_none() {
                let known = self.rows.iter().map(|row| row.subject.as_str());
                // A subject far from all others may be one that a later version asks for.
                if let Some(near) = nearest(&row.subject, known) {
                    let (message, help) =
                        (format!("no rule asks for `{}`", row.subject), format!("did you mean `{near}`?"));
                    faults.push(Fault { span: row.span, message, help: Some(help) });
                }
            }
        }
        for row in rows {
            self.rows.retain(|old| old.key() != row.key());
            self.rows.push(row);
        }
        let (mut families, more) = images::read(file, text, true);
        families.append(&mut self.images);
        self.images = families;
        faults.extend(more.into_iter().filter(|fault| !faults.contains(fault)).collect::<Vec<_>>());
        faults
    }

    /// All rows about a subject.
    pub fn rows<'a>(&'a self, subject: &'a str) -> impl Iterator<Item = &'a Row> {
        self.rows.iter().filter(move |row| row.subject == subject)
    }

    /// The loudest row that says that a subject of these versions cannot meet a component of those. A row about one
    /// release (an exception) stands for the row of its line, and only rows that cover every version in `versions` speak.
    pub fn contradiction(
        &self,
        subject: &str,
        versions: &VersionSet,
        component: Component,
        claimed: &VersionSet,
    ) -> Option<&Row> {
        let rows = self.speaking(subject, versions, component);
        rows.into_iter().filter(|row| row.relation.contradicts(claimed)).min_by_key(|row| (row.unverified, row.verdict))
    }

    /// What to use instead, in words: "use Java 8, 11 or 17".
    pub fn advice(&self, subject: &str, versions: &VersionSet, component: Component, name: &str) -> String {
        let needs = self.speaking(subject, versions, component).into_iter().find(|row| row.relation.is_needs());
        needs.map_or_else(
            || format!("use a version of {name} that this {subject} is documented to support"),
            |row| format!("use {name} {}", choice(&row.relation.text)),
        )
    }

    /// Rows without a distribution that hold for all these versions, an exact release's rows before its line's.
    fn speaking(&self, subject: &str, versions: &VersionSet, component: Component) -> Vec<&Row> {
        let about = |row: &&Row| {
            row.subject == subject
                && row.distribution.is_none()
                && row.relation.component == component
                && !versions.is_empty()
                && versions.is_subset(&row.versions)
        };
        let rows: Vec<&Row> = self.rows.iter().filter(about).collect();
        let exact = |row: &Row, kind: bool| row.versions.exact().is_some() && row.relation.is_needs() == kind;
        let overruled = |row: &Row| {
            row.versions.exact().is_none() && rows.iter().any(|other| exact(other, row.relation.is_needs()))
        };
        rows.iter().copied().filter(|row| !overruled(row)).collect()
    }

    /// The family that reads this tag of a normalised repository name; without a tag, the first of that repository.
    pub fn image_family(&self, name: &str, tag: Option<&str>) -> Option<&ImageFamily> {
        self.images.iter().filter(|family| family.matches(name)).find(|family| tag.is_none_or(|tag| family.reads(tag)))
    }

    /// Whether a repository is a public one: an official image, or one that the tables describe. Nobody's own image has that name.
    pub fn is_public_image(&self, name: &str) -> bool {
        self.official.contains(name) || self.images.iter().any(|family| family.matches(name))
    }

    /// All image families.
    pub fn images(&self) -> &[ImageFamily] {
        &self.images
    }
}

/// `8 || 11 || 17` as people write it: "8, 11 or 17".
fn choice(range: &str) -> String {
    match range.rsplit_once(" || ") {
        Some((first, last)) => format!("{} or {last}", first.replace(" || ", ", ")),
        None => range.to_owned(),
    }
}
