//! A chart: its values, its templates, and the charts inside it.

use super::machine::Library;
use super::text::Text;
use super::value::{Map, Value, overlay};
use crate::fact::object::RELEASE;
use crate::read::tree::{Node, Tree};
use crate::read::{Body, Document};
use crate::source::{FileId, Sources, Span, folder_of, join};
use std::collections::BTreeMap;

/// How deep charts may hold charts.
const MAX_DEPTH: usize = 8;

/// How many further values files of one chart are looked at.
const MAX_VARIANTS: usize = 6;

/// A chart of a repository.
#[derive(Debug)]
pub(super) struct Chart<'d> {
    /// Its folder.
    pub(super) folder: &'d str,
    /// `Chart.yaml`.
    about: &'d Tree,
    /// `values.yaml`.
    pub(super) values: Option<&'d Tree>,
    /// Further values files, by name.
    pub(super) variants: Vec<(String, &'d Tree)>,
    /// The documents below `templates`.
    pub(super) documents: Vec<&'d Document>,
    /// The charts in its folder `charts`, as positions.
    pub(super) inside: Vec<usize>,
    /// Whether it is in another one's.
    pub(super) is_inside: bool,
    /// Charts elsewhere in the repository whose templates it names as its own.
    beside: Vec<usize>,
}

/// The charts of a repository.
pub(super) fn charts<'d>(sources: &'d Sources, documents: &'d [Document]) -> Vec<Chart<'d>> {
    let mut charts: Vec<Chart<'d>> = Vec::new();
    let mut by_folder: BTreeMap<&str, usize> = BTreeMap::new();
    for document in documents {
        let source = sources.get(document.file);
        if let (true, Some(about)) = (matches!(source.name(), "Chart.yaml" | "Chart.yml"), tree(document)) {
            by_folder.insert(source.folder(), charts.len());
            let folder = source.folder();
            let (variants, documents, inside) = (Vec::new(), Vec::new(), Vec::new());
            let beside = Vec::new();
            charts.push(Chart { folder, about, values: None, variants, documents, inside, is_inside: false, beside });
        }
    }
    for document in documents {
        let source = sources.get(document.file);
        let Some((folder, below)) = owner(source.path.as_str(), &by_folder) else { continue };
        let Some(chart) = by_folder.get(folder).and_then(|at| charts.get_mut(*at)) else { continue };
        if below.starts_with("templates/") {
            chart.documents.push(document);
        } else if below == "values.yaml" {
            chart.values = tree(document);
        } else if is_values(below)
            && let Some(tree) = tree(document)
            && chart.variants.len() < MAX_VARIANTS
        {
            let name = below.rsplit_once('.').map_or(below, |(name, _)| name);
            chart.variants.push((name.replace('/', "-"), tree));
        }
    }
    for (folder, at) in &by_folder {
        let outer = folder_of(folder).strip_suffix("charts").map(|outer| outer.trim_end_matches('/'));
        let Some(outer) = outer.and_then(|outer| by_folder.get(outer)).filter(|outer| *outer != at) else { continue };
        charts[*outer].inside.push(*at);
        charts[*at].is_inside = true;
    }
    let beside: Vec<Vec<usize>> = (0..charts.len()).map(|at| beside(&charts, at, &by_folder)).collect();
    for (chart, beside) in charts.iter_mut().zip(beside) {
        chart.beside = beside;
    }
    charts
}

/// Dependencies that lie elsewhere in the repository: by their path, or the only library of that name.
fn beside(charts: &[Chart<'_>], at: usize, by_folder: &BTreeMap<&str, usize>) -> Vec<usize> {
    let Some(chart) = charts.get(at) else { return Vec::new() };
    let has = |name: &str| chart.inside.iter().any(|inner| charts[*inner].name() == name);
    let wanted = chart.about.root().get("dependencies").into_iter().flat_map(Node::items);
    let of = |one: Node<'_>| {
        let name = one.get("name").and_then(Node::str).filter(|name| !has(name))?;
        if let Some(path) = one.get("repository").and_then(Node::str).and_then(|path| path.strip_prefix("file://")) {
            return by_folder.get(join(chart.folder, path)?.as_str()).copied();
        }
        let is_library = |other: &Chart<'_>| {
            other.name() == name && other.about.root().get("type").and_then(Node::str) == Some("library")
        };
        let mut libraries = charts.iter().enumerate().filter(|(_, other)| is_library(other));
        let first = libraries.next();
        first.filter(|_| libraries.next().is_none()).map(|(at, _)| at)
    };
    wanted.filter_map(of).filter(|other| *other != at).collect()
}

fn tree(document: &Document) -> Option<&Tree> {
    match &document.body {
        Body::Yaml(trees) => trees.first(),
        _ => None,
    }
}

/// The chart that a file belongs to, and its path in there.
fn owner<'p>(path: &'p str, charts: &BTreeMap<&str, usize>) -> Option<(&'p str, &'p str)> {
    let mut folder = folder_of(path);
    loop {
        if charts.contains_key(folder) {
            return Some((folder, path[folder.len()..].trim_start_matches('/')));
        }
        if folder.is_empty() {
            return None;
        }
        folder = folder_of(folder);
    }
}

/// Whether a file of a chart holds further values: `values-prod.yaml`, `ci/small-values.yaml`.
fn is_values(below: &str) -> bool {
    let (folder, name) = below.rsplit_once('/').unwrap_or(("", below));
    let Some((name, "yaml" | "yml")) = name.rsplit_once('.') else { return false };
    match folder {
        "" => name.starts_with("values-") || name.starts_with("values.") || name.ends_with("-values"),
        "ci" | "values" => name.contains("values") || folder == "values",
        _ => false,
    }
}

impl<'d> Chart<'d> {
    pub(super) fn name(&self) -> &'d str {
        self.about.root().get("name").and_then(Node::str).unwrap_or_default()
    }

    /// The values of the chart alone; unknown where it says none.
    pub(super) fn own_values(&self) -> Value {
        self.values.map_or_else(Value::open_map, |tree| Value::of(tree.root()))
    }

    /// What `.` is in its templates with these values, but for the template's own name.
    pub(super) fn root(&self, values: Value) -> Map {
        let nowhere = nowhere(self.about.file);
        let text = |value: &str| Value::text(value, nowhere);
        let mut release = Map::default();
        for (key, value) in [("Name", RELEASE), ("Service", "Helm")] {
            release.set(Text::made(key, nowhere), text(value));
        }
        release.set(Text::made("IsInstall", nowhere), Value::bool(true, nowhere));
        release.set(Text::made("IsUpgrade", nowhere), Value::bool(false, nowhere));
        release.set(Text::made("Revision", nowhere), Value::int(1, nowhere));
        let mut root = Map::default();
        let entries = [
            ("Values", values),
            ("Chart", self.about()),
            ("Release", Value::map(release)),
            ("Capabilities", Value::Unknown),
            ("Files", Value::Unknown),
            ("Subcharts", Value::Unknown),
        ];
        for (key, value) in entries {
            root.set(Text::made(key, nowhere), value);
        }
        root
    }

    /// `.Chart`: the keys of `Chart.yaml` with capital letters.
    fn about(&self) -> Value {
        let Value::Map(own) = Value::of(self.about.root()) else { return Value::Unknown };
        let mut map = Map::default();
        for (key, value) in own.entries.values() {
            let mut name = key.as_str().to_owned();
            if let Some(first) = name.get_mut(0..1) {
                first.make_ascii_uppercase();
            }
            // A version is a text whatever it looks like.
            let value = match value.known() {
                Some(text) if matches!(key.as_str(), "version" | "appVersion" | "name") => Value::Str(text),
                _ => value.clone(),
            };
            let key = key.origin().map_or_else(|| key.clone(), |origin| Text::made(name, origin));
            map.set(key, value);
        }
        Value::map(map)
    }

    /// Adds the templates that it defines.
    pub(super) fn define(&self, library: &mut Library<'d>) {
        for template in self.documents.iter().filter_map(|document| document.template.as_deref()) {
            library.extend(template.defines.iter().map(|(name, items)| (&**name, items.as_slice())));
        }
    }

    /// The key under which another chart's values hold those of this one.
    fn key_in<'o>(&self, outer: &Chart<'o>) -> &'o str
    where
        'd: 'o,
    {
        let name = self.name();
        let dependencies = outer.about.root().get("dependencies").into_iter().flat_map(Node::items);
        let mut named = dependencies.filter(|one| one.get("name").and_then(Node::str) == Some(name));
        named.find_map(|one| one.get("alias").and_then(Node::str)).unwrap_or(name)
    }
}

/// A place for what nobody wrote: the action that uses it stands for it.
pub(super) fn nowhere(file: FileId) -> Span {
    Span { file, start: u32::MAX, end: u32::MAX }
}

/// A file to render, and what `.` is in there.
pub(super) struct Job<'d> {
    pub(super) document: &'d Document,
    pub(super) root: Map,
}

/// Everything that a chart renders with some values, the charts inside it included.
pub(super) fn jobs<'d>(charts: &[Chart<'d>], at: usize, values: &Value, sources: &Sources) -> Vec<Job<'d>> {
    let mut jobs = Vec::new();
    collect(charts, at, values, sources, 0, &mut jobs);
    jobs
}

fn collect<'d>(
    charts: &[Chart<'d>],
    at: usize,
    values: &Value,
    sources: &Sources,
    depth: usize,
    jobs: &mut Vec<Job<'d>>,
) {
    let Some(chart) = charts.get(at).filter(|_| depth < MAX_DEPTH) else { return };
    let root = chart.root(values.clone());
    for document in &chart.documents {
        let source = sources.get(document.file);
        let is_partial = source.name().starts_with('_') || source.has_extension("tpl");
        if is_partial {
            continue;
        }
        let mut root = root.clone();
        let below = source.path[chart.folder.len()..].trim_start_matches('/');
        let nowhere = nowhere(document.file);
        let mut own = Map::default();
        own.set(Text::made("Name", nowhere), Value::text(format!("{}/{below}", chart.name()), nowhere));
        own.set(Text::made("BasePath", nowhere), Value::text(format!("{}/templates", chart.name()), nowhere));
        root.set(Text::made("Template", nowhere), Value::map(own));
        jobs.push(Job { document, root });
    }
    for inner in &chart.inside {
        let Some(sub) = charts.get(*inner) else { continue };
        let given = values.field(sub.key_in(chart));
        let mut own = match &given {
            Value::Map(_) => overlay(&sub.own_values(), &given),
            _ => sub.own_values(),
        };
        let global = values.field("global");
        if let (Value::Map(_), Value::Map(map)) = (&global, &own) {
            let mut map = Map::clone(map);
            let all = overlay(&map.get("global"), &global);
            map.set(Text::made("global", nowhere(chart.about.file)), all);
            own = Value::map(map);
        }
        collect(charts, *inner, &own, sources, depth + 1, jobs);
    }
}

/// The templates that a chart and those inside it define; the outer ones' hold.
pub(super) fn library<'d>(charts: &[Chart<'d>], at: usize, depth: usize) -> Library<'d> {
    let mut library = Library::new();
    let Some(chart) = charts.get(at).filter(|_| depth < MAX_DEPTH) else { return library };
    for inner in chart.beside.iter().chain(&chart.inside) {
        library.extend(self::library(charts, *inner, depth + 1));
    }
    chart.define(&mut library);
    library
}
