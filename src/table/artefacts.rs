//! Which published library is which subject of the tables, and what its name and version say beside that.

use super::pattern::{Hole, Pattern};
use crate::fact::{Component, Ecosystem};
use crate::read::keyed::Keyed;
use crate::read::tree::Node;
use crate::source::Traced;
use std::collections::HashMap;
use std::ops::Range;

/// A library that rows speak about.
#[derive(Debug, Clone)]
pub struct Artefact {
    /// What rows call it.
    pub component: Component,
    /// What kind of library it is.
    pub kind: Kind,
    /// Where its names are documented.
    pub source: String,
    /// No primary source was read.
    pub unverified: bool,
    names: Vec<(Ecosystem, Pattern)>,
    except: Vec<Pattern>,
    versions: Vec<Pattern>,
}

/// What a library is to Spark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Spark itself, as its distribution holds it.
    Spark,
    /// A module of Spark that its distribution leaves out and that must be of the same version.
    SparkModule,
    /// Reads or writes something with Spark.
    Connector,
    /// A module of Hadoop.
    HadoopModule,
    /// An SDK of Amazon's.
    AwsSdk,
    /// Something that Spark ships itself.
    Bundled,
    /// A logging framework or binding.
    Logging,
    /// Scala's own library.
    Scala,
    /// Talks to a Spark of its own, over the network.
    Client,
    /// A Python library that `PySpark` works with.
    PythonLibrary,
    /// A gRPC library.
    Grpc,
    /// A language's own tools.
    Toolchain,
}

const KINDS: [(&str, Kind); 12] = [
    ("aws-sdk", Kind::AwsSdk),
    ("bundled", Kind::Bundled),
    ("client", Kind::Client),
    ("connector", Kind::Connector),
    ("grpc", Kind::Grpc),
    ("hadoop-module", Kind::HadoopModule),
    ("logging", Kind::Logging),
    ("python-library", Kind::PythonLibrary),
    ("scala", Kind::Scala),
    ("spark", Kind::Spark),
    ("spark-module", Kind::SparkModule),
    ("toolchain", Kind::Toolchain),
];

const KEYS: [&str; 11] =
    ["subject", "maven", "pypi", "go", "cargo", "except", "version", "kind", "source", "unverified", "note"];
const ECOSYSTEMS: [(&str, Ecosystem); 4] =
    [("maven", Ecosystem::Maven), ("pypi", Ecosystem::PyPi), ("go", Ecosystem::Go), ("cargo", Ecosystem::Cargo)];

/// What a name or version says beside naming itself: the component and the bytes that say so.
pub type Said = Vec<(Component, Range<usize>)>;

impl Artefact {
    /// The version's own bytes in a version text, and what else that text says.
    pub fn read_version(&self, text: &str) -> (Range<usize>, Said) {
        let read = self.versions.iter().find_map(|pattern| pattern.read(text)).unwrap_or_default();
        let own = read.iter().find(|(hole, _)| *hole == Hole::Version).map_or(0..text.len(), |(_, at)| at.clone());
        (own, said(read))
    }
}

fn said(read: Vec<(Hole, Range<usize>)>) -> Said {
    let component = |(hole, at): (Hole, Range<usize>)| match hole {
        Hole::Of(component) => Some((component, at)),
        Hole::Version => None,
    };
    read.into_iter().filter_map(component).collect()
}

/// All artefacts, found by their names.
#[derive(Debug, Clone, Default)]
pub struct Artefacts {
    list: Vec<Artefact>,
    /// Positions in the list and among the names by group (JVM), or by the name itself.
    index: HashMap<(Ecosystem, String), Vec<(usize, usize)>>,
    /// JVM names by the first letters that every match has.
    by_name: HashMap<String, Vec<(usize, usize)>>,
    kinds: HashMap<&'static str, Kind>,
}

impl Artefacts {
    /// Adds artefacts that come before those already there.
    pub fn extend(&mut self, mut list: Vec<Artefact>) {
        list.append(&mut self.list);
        *self = Self { list, ..Self::default() };
        for (i, artefact) in self.list.iter().enumerate() {
            self.kinds.entry(artefact.component.subject()).or_insert(artefact.kind);
            for (j, (ecosystem, pattern)) in artefact.names.iter().enumerate() {
                let key = pattern.text_before(':').to_owned();
                self.index.entry((*ecosystem, key)).or_default().push((i, j));
                if *ecosystem == Ecosystem::Maven {
                    let name = pattern.after(':');
                    self.by_name.entry(name.text_before('-').to_owned()).or_default().push((i, j));
                }
            }
        }
    }

    /// What kind of library a component is.
    pub fn kind(&self, component: Component) -> Option<Kind> {
        self.kinds.get(component.subject()).copied()
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &Artefact> {
        self.list.iter()
    }

    /// The artefact of a coordinate (group and name without the Scala suffix; a name alone where there are no groups), and what the *name* says.
    pub fn find(&self, ecosystem: Ecosystem, group: &str, name: &str) -> Option<(&Artefact, Said)> {
        let (ecosystem, key, whole) = if ecosystem.is_jvm() {
            (Ecosystem::Maven, group, format!("{group}:{name}"))
        } else {
            (ecosystem, name, name.to_owned())
        };
        let offset = whole.len() - name.len();
        let entries = self.index.get(&(ecosystem, key.to_owned()))?;
        entries.iter().find_map(|(i, j)| {
            let artefact = &self.list[*i];
            let read = artefact.names[*j].1.read(&whole)?;
            let left_out = artefact.except.iter().any(|pattern| pattern.read(&whole).is_some());
            let in_name = said(read).into_iter().map(|(c, at)| (c, at.start - offset..at.end - offset));
            (!left_out).then(|| (artefact, in_name.collect()))
        })
    }

    /// The artefact of a jar whose group is not known, by its name; none where several groups have such a name.
    pub fn find_named(&self, name: &str) -> Option<(&Artefact, Said)> {
        let key = name.split('-').next().unwrap_or(name);
        let mut found: Option<(usize, Said)> = None;
        for (i, j) in self.by_name.get(key)? {
            let artefact = &self.list[*i];
            // A name that only begins like Spark's may be anybody's.
            let pattern = artefact.names[*j].1.after(':');
            let Some(read) = pattern.read(name).filter(|_| !pattern.is_open()) else { continue };
            if artefact.except.iter().any(|pattern| pattern.after(':').read(name).is_some()) {
                continue;
            }
            match &found {
                Some((other, _)) if self.list[*other].component != artefact.component => return None,
                Some(_) => {}
                None => found = Some((*i, said(read))),
            }
        }
        found.map(|(i, said)| (&self.list[i], said))
    }
}

/// Reads the artefacts of a table. Every one that is right is returned, every fault as well.
pub fn read(keyed: &mut Keyed, root: Node<'_>) -> Vec<Artefact> {
    keyed.tables(root, "artefact").into_iter().filter_map(|table| artefact(keyed, table)).collect()
}

fn artefact(keyed: &mut Keyed, table: Node<'_>) -> Option<Artefact> {
    keyed.only(table, "an artefact", &KEYS);
    let subject = keyed.required(table, "an artefact", "subject")?;
    let kind = keyed.required(table, "an artefact", "kind")?;
    let known = KINDS.iter().find(|(name, _)| *name == kind.as_str()).map(|(_, kind)| *kind);
    if known.is_none() {
        let names = KINDS.map(|(name, _)| name).join(", ");
        keyed.fault(kind.span(), format!("`{kind}` is no kind of artefact"), Some(format!("known: {names}")));
    }
    let source = keyed.required(table, "an artefact", "source")?;
    let names: Vec<(Ecosystem, Pattern)> = ECOSYSTEMS
        .iter()
        .flat_map(|(key, ecosystem)| patterns(keyed, table, key).into_iter().map(|p| (*ecosystem, p)))
        .collect();
    if names.is_empty() {
        keyed.fault(table.span(), "an artefact needs a name: `maven`, `pypi`, `go` or `cargo`", None);
        return None;
    }
    Some(Artefact {
        component: Component::named(subject.as_str()),
        kind: known?,
        source: source.as_str().to_owned(),
        unverified: keyed.switch(table, "unverified").unwrap_or(false),
        names,
        except: patterns(keyed, table, "except"),
        versions: patterns(keyed, table, "version"),
    })
}

fn patterns(keyed: &mut Keyed, table: Node<'_>, key: &str) -> Vec<Pattern> {
    let texts: Vec<&Traced> = keyed.texts(table, key);
    let mut read = Vec::new();
    for text in texts {
        match Pattern::parse(text.as_str()) {
            Ok(pattern) => read.push(pattern),
            Err(message) => keyed.fault(text.span(), message, None),
        }
    }
    read
}
