//! Which manifests make a workspace: its root, upwards from a package, and its members, downwards from the root.

use super::Package;
use crate::read::cargo_toml::{self, Manifest};
use crate::source::{self, FileId, Span, Traced};
use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use std::collections::{BTreeMap, HashMap, HashSet};

/// The most member globs of one workspace that are followed; real ones have a handful.
const MAX_GLOBS: usize = 256;

/// A workspace.
#[derive(Debug, Clone)]
pub struct Workspace {
    /// The manifest that declares it.
    pub file: FileId,
    /// That manifest's folder below the root.
    pub folder: String,
    /// Where it is declared: the table's name.
    pub span: Span,
    /// Its members' folders, the root package's excepted.
    pub members: Vec<Member>,
    /// Whether no package stands in the same manifest.
    pub is_virtual: bool,
}

/// A member of a workspace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Its folder below the root.
    pub folder: String,
    /// Where it is named: the entry of `members`, or the path dependency that makes it one.
    pub span: Span,
}

/// All manifests, by their folder.
pub(super) struct Manifests {
    all: Vec<(FileId, String, Manifest)>,
    by_folder: HashMap<String, usize>,
    /// What each workspace leaves out, by its manifest.
    excluded: HashMap<usize, Excluded>,
}

/// Folders that are left out of a workspace with all below them, unless they are named among the members.
struct Excluded {
    folders: HashSet<String>,
    named: HashSet<String>,
}

impl Excluded {
    fn new(root: &str, workspace: &cargo_toml::Workspace) -> Self {
        let set = |list: &[Traced]| list.iter().filter_map(|path| source::join(root, path.as_str())).collect();
        Self { folders: set(&workspace.exclude), named: set(&workspace.members) }
    }

    fn has(&self, folder: &str) -> bool {
        let any = |set: &HashSet<String>| std::iter::once(folder).chain(ancestors(folder)).any(|f| set.contains(f));
        any(&self.folders) && !any(&self.named)
    }
}

impl Manifests {
    pub(super) fn new(all: impl Iterator<Item = (FileId, String, Manifest)>) -> Self {
        let all: Vec<_> = all.collect();
        let by_folder = all.iter().enumerate().map(|(index, (_, folder, _))| (folder.clone(), index)).collect();
        let excluded = |(index, (_, folder, manifest)): (usize, &(FileId, String, Manifest))| {
            Some((index, Excluded::new(folder, manifest.workspace.as_ref()?)))
        };
        let excluded = all.iter().enumerate().filter_map(excluded).collect();
        Self { all, by_folder, excluded }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &(FileId, String, Manifest)> {
        self.all.iter()
    }

    pub(super) fn at(&self, index: usize) -> &(FileId, String, Manifest) {
        &self.all[index]
    }

    /// The dependencies each workspace offers, by the name of the table's entry.
    pub(super) fn workspace_dependencies(&self) -> HashMap<usize, HashMap<&str, &cargo_toml::Dependency>> {
        let roots = self.all.iter().enumerate().filter_map(|(i, (_, _, m))| Some((i, m.workspace.as_ref()?)));
        roots.map(|(i, root)| (i, root.dependencies.iter().map(|d| (d.key.as_str(), d)).collect())).collect()
    }

    /// The workspace that the manifest of a folder declares.
    fn declared(&self, folder: &str) -> Option<usize> {
        self.by_folder.get(folder).copied().filter(|index| self.at(*index).2.workspace.is_some())
    }

    fn excludes(&self, root: usize, folder: &str) -> bool {
        self.excluded.get(&root).is_some_and(|excluded| excluded.has(folder))
    }

    /// The manifest whose `[workspace]` a package inherits from: its own, the one it points to, else the nearest above
    /// that does not exclude it.
    pub(super) fn root_of(&self, index: usize) -> Option<usize> {
        let (_, folder, manifest) = self.at(index);
        if manifest.workspace.is_some() {
            return Some(index);
        }
        if let Some(pointer) = pointer(folder, manifest) {
            return self.declared(&pointer);
        }
        ancestors(folder).find_map(|above| {
            if let Some(root) = self.declared(above) {
                return (!self.excludes(root, folder)).then_some(root);
            }
            let (_, _, manifest) = self.at(*self.by_folder.get(above)?);
            self.declared(&pointer(above, manifest)?)
        })
    }

    /// Every workspace with its members.
    pub(super) fn workspaces(&self, packages: &[Package]) -> Vec<Workspace> {
        let packages: HashMap<&str, &Package> = packages.iter().map(|p| (p.folder.as_str(), p)).collect();
        let mut workspaces: BTreeMap<usize, (Globs, HashMap<String, Span>)> = BTreeMap::new();
        for (index, (_, folder, manifest)) in self.all.iter().enumerate() {
            let Some(workspace) = &manifest.workspace else { continue };
            let named = workspace.members.iter().filter_map(|m| Some((source::join(folder, m.as_str())?, m.span())));
            let named = named.filter(|(member, _)| packages.contains_key(member.as_str())).collect();
            workspaces.insert(index, (Globs::new(workspace), named));
        }
        for (_, folder, manifest) in self.all.iter().filter(|(_, _, manifest)| manifest.package.is_some()) {
            for above in ancestors(folder) {
                let Some(index) = self.declared(above) else { continue };
                let Some((globs, members)) = workspaces.get_mut(&index) else { continue };
                let own_root = manifest.workspace.is_some();
                if let Some(span) = globs.first(relative(above, folder)).filter(|_| !own_root)
                    && !self.excludes(index, folder)
                {
                    members.entry(folder.clone()).or_insert(span);
                }
            }
        }
        workspaces.into_iter().filter_map(|(index, (_, members))| self.workspace(index, members, &packages)).collect()
    }

    /// Adds the path dependencies of members, which are members too where they lie below the root.
    fn workspace(
        &self,
        index: usize,
        mut members: HashMap<String, Span>,
        packages: &HashMap<&str, &Package>,
    ) -> Option<Workspace> {
        let (file, folder, manifest) = self.at(index);
        let workspace = manifest.workspace.as_ref()?;
        let mut seen: HashSet<String> = members.keys().cloned().chain([folder.clone()]).collect();
        let mut queue: Vec<String> = seen.iter().cloned().collect();
        while let Some(next) = queue.pop() {
            let Some(package) = packages.get(next.as_str()) else { continue };
            for (path, span) in package.dependencies.iter().filter_map(|d| d.path.as_ref()) {
                let inside = is_below(path, folder) && !self.excludes(index, path);
                if inside && packages.contains_key(path.as_str()) && seen.insert(path.clone()) {
                    members.insert(path.clone(), *span);
                    queue.push(path.clone());
                }
            }
        }
        members.remove(folder);
        let mut members: Vec<Member> = members.into_iter().map(|(folder, span)| Member { folder, span }).collect();
        members.sort_by(|a, b| a.folder.cmp(&b.folder));
        let is_virtual = manifest.package.is_none();
        Some(Workspace { file: *file, folder: folder.clone(), span: workspace.span, members, is_virtual })
    }
}

/// Where `package.workspace` points to.
fn pointer(folder: &str, manifest: &Manifest) -> Option<String> {
    source::join(folder, manifest.package.as_ref()?.workspace.as_ref()?.as_str())
}

/// The folders above, the nearest first, the root last.
fn ancestors(folder: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(folder), |folder| (!folder.is_empty()).then(|| source::folder_of(folder))).skip(1)
}

fn is_below(path: &str, folder: &str) -> bool {
    folder.is_empty() || path == folder || path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
}

/// The path of a folder from one above it.
fn relative<'f>(above: &str, folder: &'f str) -> &'f str {
    folder.strip_prefix(above).unwrap_or(folder).trim_start_matches('/')
}

/// The entries of `members` that are globs.
struct Globs {
    set: GlobSet,
    spans: Vec<Span>,
}

impl Globs {
    fn new(workspace: &cargo_toml::Workspace) -> Self {
        let (mut builder, mut spans) = (GlobSetBuilder::new(), Vec::new());
        let globs = workspace.members.iter().filter(|member| member.as_str().contains(['*', '?', '[']));
        for member in globs.take(MAX_GLOBS) {
            let pattern = member.as_str().trim_start_matches("./").trim_end_matches('/');
            // Cargo's globs know no alternatives.
            let pattern = pattern.replace('{', "[{]").replace('}', "[}]");
            if let Ok(glob) = GlobBuilder::new(&pattern).literal_separator(true).build() {
                builder.add(glob);
                spans.push(member.span());
            }
        }
        Self { set: builder.build().unwrap_or_else(|_| GlobSet::empty()), spans }
    }

    fn first(&self, path: &str) -> Option<Span> {
        self.spans.get(*self.set.matches(path).first()?).copied()
    }
}
