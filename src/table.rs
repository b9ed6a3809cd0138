//! What is true about versions: rows with their sources, read from `rules/tables/*.toml` and from the user's own tables.

mod answers;
pub mod artefacts;
pub mod custom_resources;
pub mod entries;
pub mod forbidden;
pub mod images;
pub mod jvm_options;
pub mod milestones;
pub mod misnamed;
pub mod pattern;
pub mod platforms;
pub mod removed;
pub mod rows;
pub mod services;
pub mod spark_conf;
pub mod withdrawn;

use crate::fact::{Component, Language};
use crate::read::keyed::{Fault, Keyed, nearest};
use crate::source::FileId;
pub use artefacts::{Artefact, Artefacts, Kind};
pub use entries::{EntryKind, EntryPoint};
pub use forbidden::{Forbidden, ForbiddenKind};
pub use images::ImageFamily;
pub use jvm_options::JvmOptions;
pub use milestones::Milestone;
pub use misnamed::Misnamed;
pub use platforms::Platforms;
use rayon::prelude::*;
pub use rows::{Relation, Row, Verdict};
pub use services::Provider;
use std::collections::{BTreeSet, HashMap};
use std::sync::LazyLock;
pub use withdrawn::Withdrawn;

/// The built-in tables' names and texts.
pub const TEXTS: &[(&str, &str)] = &[
    ("artefacts", include_str!("../rules/tables/artefacts.toml")),
    ("bundled", include_str!("../rules/tables/bundled.toml")),
    ("clients", include_str!("../rules/tables/clients.toml")),
    ("connectors", include_str!("../rules/tables/connectors.toml")),
    ("delta", include_str!("../rules/tables/delta.toml")),
    ("grpc", include_str!("../rules/tables/grpc.toml")),
    ("hadoop", include_str!("../rules/tables/hadoop.toml")),
    ("hudi", include_str!("../rules/tables/hudi.toml")),
    ("iceberg", include_str!("../rules/tables/iceberg.toml")),
    ("images", include_str!("../rules/tables/images.toml")),
    ("java", include_str!("../rules/tables/java.toml")),
    ("packages", include_str!("../rules/tables/packages.toml")),
    ("platforms", include_str!("../rules/tables/platforms.toml")),
    ("python", include_str!("../rules/tables/python.toml")),
    ("services", include_str!("../rules/tables/services.toml")),
    ("spark", include_str!("../rules/tables/spark.toml")),
    ("withdrawn", include_str!("../rules/tables/withdrawn.toml")),
];

/// The built-in lists of what user-defined functions must not reach.
pub const FORBIDDEN: [(Language, &str); 3] = [
    (Language::Go, include_str!("../rules/forbidden/go.toml")),
    (Language::Rust, include_str!("../rules/forbidden/rust.toml")),
    (Language::Python, include_str!("../rules/forbidden/python.toml")),
];

/// What makes a function a user-defined one.
pub const ENTRIES: &str = include_str!("../rules/forbidden/entries.toml");

/// The components that need no `[[artefact]]`.
const CORE: [&str; 6] = ["hadoop", "java", "python", "scala", "scala-library", "spark"];

/// What a file of tables may hold.
const ROOT: [&str; 16] = [
    "artefact",
    "entry",
    "forbidden",
    "gone",
    "image",
    "jvm-options",
    "label",
    "milestone",
    "mirror",
    "misnamed",
    "official",
    "platform",
    "release",
    "row",
    "service",
    "tarball",
];

/// The file number under which built-in tables are read: no source has it, so no finding can point there by accident.
const BUILT_IN_FILE: FileId = FileId(u32::MAX);

/// The tables in force.
#[derive(Debug, Clone, Default)]
pub struct Tables {
    rows: Vec<Row>,
    /// Positions in the rows by their subject.
    subjects: HashMap<String, Vec<usize>>,
    artefacts: Artefacts,
    images: Vec<ImageFamily>,
    official: BTreeSet<String>,
    /// What the managed platforms hold.
    pub platforms: Platforms,
    /// What cannot be had.
    pub withdrawn: Withdrawn,
    /// When something that code calls came or went.
    pub milestones: Vec<Milestone>,
    /// What the JVM needs to be told.
    pub jvm_options: Vec<JvmOptions>,
    /// Which libraries have which service files.
    pub services: Vec<Provider>,
    /// Names of Python packages that are not what they seem.
    pub misnamed: Vec<Misnamed>,
    /// What must not be reached from a user-defined function.
    pub forbidden: Vec<Forbidden>,
    entries: Vec<EntryPoint>,
}

/// The tables that come with sparkproof. Their correctness is tested; a row that cannot be read is left out here and fails that test.
pub static BUILT_IN: LazyLock<Tables> = LazyLock::new(|| {
    let contents: Vec<Contents> =
        TEXTS.par_iter().map(|(_, text)| Contents::read(BUILT_IN_FILE, text, false).0).collect();
    let mut tables = Tables::default();
    for contents in contents {
        tables.add(contents);
    }
    tables.forbidden =
        FORBIDDEN.iter().flat_map(|(language, text)| forbidden::read(BUILT_IN_FILE, text, *language).0).collect();
    tables.entries = entries::read(BUILT_IN_FILE, ENTRIES).0;
    tables
});

/// What one file of tables holds. A file may mix all kinds.
#[derive(Debug, Default)]
pub struct Contents {
    /// `[[row]]`: what versions need of each other.
    pub rows: Vec<Row>,
    /// `[[artefact]]`: which library is which subject.
    pub artefacts: Vec<Artefact>,
    /// `[[image]]`: how tags are read.
    pub images: Vec<ImageFamily>,
    /// `[official]`: names of official images.
    pub official: Vec<String>,
    /// `[[label]]` and `[[platform]]`: what managed platforms hold.
    pub platforms: Platforms,
    /// `[[release]]`, `[[gone]]`, `[[tarball]]`, `[[mirror]]`: what cannot be had.
    pub withdrawn: Withdrawn,
    /// `[[milestone]]`: when something that code calls came or went.
    pub milestones: Vec<Milestone>,
    /// `[[jvm-options]]`: what the JVM needs to be told.
    pub jvm_options: Vec<JvmOptions>,
    /// `[[service]]`: which libraries have which service files.
    pub services: Vec<Provider>,
    /// `[[forbidden]]`: what user-defined functions must not reach.
    pub forbidden: Vec<Forbidden>,
    /// `[[entry]]`: what makes a function a user-defined one.
    pub entries: Vec<EntryPoint>,
    /// `[[misnamed]]`: names of Python packages that are not what they seem.
    pub misnamed: Vec<Misnamed>,
}

impl Contents {
    /// Reads a file of tables, each thing in it once: what is right, and every fault.
    pub fn read(file: FileId, text: &str, from_user: bool) -> (Self, Vec<Fault>) {
        let (mut keyed, tree) = Keyed::open(file, text);
        let Some(tree) = tree else { return (Self::default(), keyed.faults) };
        let (root, k) = (tree.root(), &mut keyed);
        k.only(root, "a table", &ROOT);
        let contents = Self {
            rows: rows::read(k, root, from_user),
            artefacts: artefacts::read(k, root),
            images: images::read(k, root, from_user),
            official: images::official(k, root),
            platforms: platforms::read(k, root),
            withdrawn: withdrawn::read(k, root),
            milestones: milestones::read(k, root),
            jvm_options: jvm_options::read(k, root),
            services: services::read(k, root),
            forbidden: forbidden::rows(k, root, None),
            entries: entries::rows(k, root),
            misnamed: misnamed::read(k, root),
        };
        (contents, keyed.faults)
    }
}

impl Tables {
    /// Adds a user's table: a row with the same key replaces the one that was there, every other row joins them. Image
    /// families of the user come first, so that theirs speaks for a repository that both know.
    ///
    /// Returns each row that cannot be used, with its place in the file.
    pub fn extend(&mut self, text: &str, file: FileId) -> Vec<Fault> {
        let (contents, mut faults) = Contents::read(file, text, true);
        for row in &contents.rows {
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
        let news: Vec<Component> = contents.artefacts.iter().map(|artefact| artefact.component).collect();
        for row in &contents.rows {
            if let Component::Library(name) = row.relation.component
                && !self.artefacts().any(|a| a.component == row.relation.component)
                && !news.contains(&row.relation.component)
            {
                let known = self.artefacts().map(|artefact| artefact.component.subject());
                let near = nearest(name, known.chain(CORE)).map(|near| format!("did you mean `{near}`?"));
                let help = near
                    .unwrap_or_else(|| format!("known: {} and the subjects of `[[artefact]]` tables", CORE.join(", ")));
                faults.push(Fault {
                    span: row.relation.key,
                    message: format!("`{name}` is no component"),
                    help: Some(help),
                });
            }
        }
        faults.extend(contents.forbidden.iter().filter_map(forbidden::unknown));
        self.add(contents);
        faults
    }

    /// Adds what the configuration itself says of forbidden names and entry points.
    pub fn extend_by_configuration(&mut self, text: &str, file: FileId) -> Vec<Fault> {
        let (mut keyed, tree) = Keyed::open(file, text);
        let Some(tree) = tree else { return keyed.faults };
        let (root, k) = (tree.root(), &mut keyed);
        let (forbidden, entries) = (forbidden::rows(k, root, None), entries::rows(k, root));
        let mut faults = keyed.faults;
        faults.extend(forbidden.iter().filter_map(forbidden::unknown));
        self.add(Contents { forbidden, entries, ..Contents::default() });
        faults
    }

    fn add(&mut self, contents: Contents) {
        let Contents {
            rows,
            artefacts,
            mut images,
            official,
            platforms,
            withdrawn,
            milestones,
            jvm_options,
            services,
            forbidden,
            mut entries,
            mut misnamed,
        } = contents;
        for row in forbidden {
            // A user's row stands for ours of the same name.
            self.forbidden
                .retain(|old| old.from_user.is_some() || old.language != row.language || old.path != row.path);
            self.forbidden.extend(Some(row).filter(|row| row.level.is_some()));
        }
        self.entries.append(&mut entries);
        for row in rows {
            let of_subject = self.subjects.entry(row.subject.clone()).or_default();
            let replaced = of_subject.iter().find(|i| row.from_user.is_some() && self.rows[**i].key() == row.key());
            if let Some(old) = replaced {
                self.rows[*old] = row;
            } else {
                of_subject.push(self.rows.len());
                self.rows.push(row);
            }
        }
        self.artefacts.extend(artefacts);
        images.append(&mut self.images);
        self.images = images;
        self.official.extend(official);
        self.platforms.extend(platforms);
        self.withdrawn.extend(withdrawn);
        self.milestones.extend(milestones);
        self.jvm_options.extend(jvm_options);
        self.services.extend(services);
        self.misnamed.append(&mut misnamed);
    }
}
