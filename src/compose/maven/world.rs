//! The POMs of a repository as they lie: who inherits from whom, who is whose module, and what stands where in each.

use crate::read::pom::{Dependency, Layer, Pom, Property, RelativePath};
use crate::source::{Traced, folder_of, join};
use std::collections::HashMap;

/// The longest chain of parents that is followed; it also ends circles.
const MAX_LINEAGE: usize = 64;

/// Of managed entries that could be of one artefact no more are looked through.
const MAX_ALIKE: usize = 256;

/// Of the values that a property has in a module's path no more are followed.
const MAX_VALUES: usize = 64;

/// All POMs, numbered.
pub(super) struct World<'a> {
    pub(super) poms: Vec<Entry<'a>>,
}

/// One POM and what is known of its place.
pub(super) struct Entry<'a> {
    pub(super) pom: &'a Pom,
    pub(super) parent: ParentLink,
    /// `<module>` entries, in all profiles: where they lead, and which profile names them.
    pub(super) modules: Vec<ModuleLink<'a>>,
    pub(super) index: Index<'a>,
}

/// Where a POM's parent is.
pub(super) enum ParentLink {
    /// It has none.
    None,
    /// In this repository.
    Local(usize),
    /// Elsewhere: its coordinate, as written.
    Elsewhere(String),
}

/// A `<module>` entry.
pub(super) struct ModuleLink<'a> {
    pub(super) text: &'a Traced,
    /// The profile that names it.
    pub(super) profile: Option<usize>,
    /// The POM it leads to, below the root, whether it exists or not.
    pub(super) path: String,
    pub(super) pom: Option<usize>,
}

/// What a POM defines, by name, the strongest definition first: later profiles, earlier ones, the POM itself.
#[derive(Default)]
pub(super) struct Index<'a> {
    pub(super) properties: HashMap<&'a str, Vec<(Option<usize>, &'a Property)>>,
    pub(super) dependencies: Vec<(Option<usize>, &'a Dependency)>,
    pub(super) managed: Vec<(Option<usize>, &'a Dependency)>,
    /// Imports of other POMs' dependency management.
    pub(super) imports: Vec<(Option<usize>, &'a Dependency)>,
    /// Positions in `managed` by artifact and group, where the artifact's name is written out; the group is empty where it
    /// is not.
    by_name: HashMap<(&'a str, &'a str), Vec<u32>>,
    /// Positions in `managed` by what stands before the first property of the artifact's name.
    by_prefix: HashMap<&'a str, Vec<u32>>,
    /// The lengths of these prefixes.
    prefix_lengths: Vec<usize>,
}

impl<'a> Index<'a> {
    fn of(pom: &'a Pom) -> Self {
        let mut index = Self::default();
        for (profile, layer) in layers(pom) {
            for property in layer.properties.iter().rev() {
                index.properties.entry(&property.name).or_default().push((profile, property));
            }
            index.dependencies.extend(layer.dependencies.iter().rev().map(|d| (profile, d)));
            let (imports, managed): (Vec<_>, Vec<_>) = layer.managed.iter().partition(|d| is_import(d));
            index.imports.extend(imports.into_iter().map(|d| (profile, d)));
            index.managed.extend(managed.into_iter().rev().map(|d| (profile, d)));
        }
        for (position, (_, entry)) in index.managed.iter().enumerate() {
            let artifact = entry.artifact.as_str();
            let group = Some(entry.group.as_str()).filter(|g| !g.contains("${")).unwrap_or_default();
            let list = match artifact.find("${") {
                Some(at) => index.by_prefix.entry(&artifact[..at]).or_default(),
                None => index.by_name.entry((artifact, group)).or_default(),
            };
            if list.len() < MAX_ALIKE {
                list.push(position as u32);
            }
        }
        index.prefix_lengths = index.by_prefix.keys().map(|k| k.len()).collect();
        index.prefix_lengths.sort_unstable();
        index.prefix_lengths.dedup();
        index
    }

    /// Management entries that may be of this artefact, the strongest first.
    pub(super) fn candidates(&self, group: &str, artifact: &str) -> Vec<(Option<usize>, &'a Dependency)> {
        let prefixes = self.prefix_lengths.iter().filter_map(|n| self.by_prefix.get(artifact.get(..*n)?));
        let names = [group, ""].into_iter().filter_map(|group| self.by_name.get(&(artifact, group)));
        let mut found: Vec<u32> = names.chain(prefixes).flatten().copied().collect();
        found.sort_unstable();
        found.into_iter().filter_map(|position| self.managed.get(position as usize).copied()).collect()
    }
}

/// A POM's layers, the strongest first.
pub(super) fn layers(pom: &Pom) -> impl Iterator<Item = (Option<usize>, &Layer)> {
    let profiles = pom.profiles.iter().enumerate().rev().map(|(i, p)| (Some(i), &p.layer));
    profiles.chain([(None, &pom.main)])
}

fn is_import(entry: &Dependency) -> bool {
    let is = |text: &Option<Traced>, word: &str| text.as_ref().is_some_and(|t| t.as_str() == word);
    is(&entry.scope, "import") && is(&entry.kind, "pom")
}

impl<'a> World<'a> {
    pub(super) fn new(poms: &[(&'a str, &'a Pom)]) -> Self {
        let by_path: HashMap<&str, usize> = poms.iter().enumerate().map(|(i, (path, _))| (*path, i)).collect();
        let entry = |(path, pom): &(&'a str, &'a Pom)| Entry {
            pom,
            parent: parent_of(path, pom, poms, &by_path),
            modules: modules_of(path, pom, &by_path),
            index: Index::of(pom),
        };
        Self { poms: poms.iter().map(entry).collect() }
    }

    /// A POM and its ancestors in this repository, itself first.
    pub(super) fn lineage(&self, pom: usize) -> Vec<usize> {
        let mut lineage = Vec::new();
        let mut next = Some(pom);
        while let Some(current) = next.filter(|n| lineage.len() < MAX_LINEAGE && !lineage.contains(n)) {
            lineage.push(current);
            next = match self.poms.get(current).map(|e| &e.parent) {
                Some(ParentLink::Local(parent)) => Some(*parent),
                _ => None,
            };
        }
        lineage
    }

    /// The reactors: each root with all modules below it, itself first. Every POM is in one.
    pub(super) fn reactors(&self) -> Vec<Vec<usize>> {
        let mut is_module = vec![false; self.poms.len()];
        for (number, entry) in self.poms.iter().enumerate() {
            for child in entry.modules.iter().filter_map(|m| m.pom).filter(|child| *child != number) {
                is_module[child] = true;
            }
        }
        let mut seen = vec![false; self.poms.len()];
        let roots = (0..self.poms.len()).filter(|i| !is_module[*i]);
        let mut reactors = Vec::new();
        // What is left after the roots are circles of modules: the first of each is its root.
        for root in roots.chain(0..self.poms.len()) {
            if std::mem::replace(&mut seen[root], true) {
                continue;
            }
            let (mut members, mut next) = (vec![root], 0);
            while let Some(entry) = members.get(next).and_then(|m| self.poms.get(*m)) {
                let children = entry.modules.iter().filter_map(|m| m.pom);
                members.extend(children.filter(|child| !std::mem::replace(&mut seen[*child], true)));
                next += 1;
            }
            reactors.push(members);
        }
        reactors
    }
}

/// A path in a POM leads to a POM, or to the folder that holds a `pom.xml`.
fn pom_at(folder: &str, relative: &str, by_path: &HashMap<&str, usize>) -> Option<(String, Option<usize>)> {
    let path = join(folder, &relative.replace('\\', "/"))?;
    if let Some(pom) = by_path.get(path.as_str()) {
        return Some((path, Some(*pom)));
    }
    let inside = if path.is_empty() { "pom.xml".to_owned() } else { format!("{path}/pom.xml") };
    let pom = by_path.get(inside.as_str()).copied();
    Some((inside, pom))
}

fn modules_of<'a>(path: &str, pom: &'a Pom, by_path: &HashMap<&str, usize>) -> Vec<ModuleLink<'a>> {
    let mut links = Vec::new();
    for (profile, layer) in layers(pom) {
        for text in &layer.modules {
            for relative in spelled_out(pom, text.as_str()) {
                if let Some((path, pom)) = pom_at(folder_of(path), &relative, by_path) {
                    links.push(ModuleLink { text, profile, path, pom });
                }
            }
        }
    }
    links
}

/// What a module's path can be where it holds a property: one path for each value that the POM gives it, in whatever profile.
fn spelled_out(pom: &Pom, text: &str) -> Vec<String> {
    let parts = text.split_once("${").and_then(|(before, rest)| Some((before, rest.split_once('}')?)));
    let Some((before, (name, after))) = parts else { return vec![text.to_owned()] };
    let properties = layers(pom).flat_map(|(_, layer)| &layer.properties).filter(|p| &*p.name == name);
    let values = properties.filter_map(|p| p.value.as_ref()).map(Traced::as_str).take(MAX_VALUES);
    values.map(|value| filled(pom, &format!("{before}{value}{after}"))).collect()
}

fn parent_of(path: &str, pom: &Pom, poms: &[(&str, &Pom)], by_path: &HashMap<&str, usize>) -> ParentLink {
    let Some(parent) = &pom.parent else { return ParentLink::None };
    let text = |t: &Option<Traced>| t.as_ref().map_or_else(|| "?".to_owned(), |t| t.as_str().to_owned());
    let elsewhere = || {
        ParentLink::Elsewhere(format!("{}:{}:{}", text(&parent.group), text(&parent.artifact), text(&parent.version)))
    };
    let relative = match &parent.relative_path {
        RelativePath::Default => "../pom.xml",
        RelativePath::At(at) => at.as_str(),
        RelativePath::Nowhere => return elsewhere(),
    };
    let found = pom_at(folder_of(path), relative, by_path).and_then(|(_, pom)| pom);
    let Some((number, candidate)) = found.and_then(|n| Some((n, poms.get(n)?.1))) else { return elsewhere() };
    let inherited = candidate.parent.as_ref();
    let group = candidate.group.as_ref().or_else(|| inherited?.group.as_ref());
    let version = candidate.version.as_ref().or_else(|| inherited?.version.as_ref());
    let same = same(candidate, group, parent.group.as_ref())
        && same(candidate, candidate.artifact.as_ref(), parent.artifact.as_ref())
        && same(candidate, version, parent.version.as_ref());
    if same && !std::ptr::eq(candidate, pom) { ParentLink::Local(number) } else { elsewhere() }
}

/// Whether two texts name the same in the eyes of the parent: as written, or with the parent's own properties filled in.
fn same(parent: &Pom, own: Option<&Traced>, declared: Option<&Traced>) -> bool {
    let (Some(own), Some(declared)) = (own, declared) else { return false };
    own.as_str() == declared.as_str() || filled(parent, own.as_str()) == filled(parent, declared.as_str())
}

/// A text with a POM's own properties filled in, one level deep: enough for `${revision}`.
fn filled(pom: &Pom, text: &str) -> String {
    let (mut filled, mut rest) = (String::new(), text);
    while let Some((before, after)) = rest.split_once("${") {
        let Some((name, behind)) = after.split_once('}') else { break };
        filled.push_str(before);
        let property = pom.main.properties.iter().rev().find(|p| &*p.name == name).and_then(|p| p.value.as_ref());
        match property {
            Some(value) => filled.push_str(value.as_str()),
            None => filled.push_str(&rest[before.len()..rest.len() - behind.len()]),
        }
        rest = behind;
    }
    filled + rest
}
