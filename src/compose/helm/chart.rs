//! A chart: its values, its templates, and the charts inside it.

use super::cluster;
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

/// How many charts one chart may install.
const MAX_JOBS: usize = 200;

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
    /// Further values files.
    pub(super) variants: Vec<Variant<'d>>,
    /// The documents below `templates`.
    pub(super) documents: Vec<&'d Document>,
    /// The charts in its folder `charts`, as positions.
    pub(super) inside: Vec<usize>,
    /// Whether it is in another one's.
    pub(super) is_inside: bool,
    /// Charts elsewhere in the repository whose templates it names as its own.
    beside: Vec<usize>,
}

/// A further values file of a chart.
#[derive(Debug)]
pub(super) struct Variant<'d> {
    pub(super) name: String,
    pub(super) values: &'d Tree,
    /// It is for tests of the chart: nobody installs it so.
    pub(super) is_test: bool,
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
            let name = below.rsplit_once('.').map_or(below, |(name, _)| name).replace('/', "-");
            chart.variants.push(Variant { name, values: tree, is_test: below.starts_with("ci/") });
        }
    }
    for (folder, at) in &by_folder {
        let Some(outer) = outer_folder(folder).and_then(|outer| by_folder.get(outer)) else { continue };
        charts[*outer].inside.push(*at);
        charts[*at].is_inside = true;
    }
    for at in 0..charts.len() {
        for inner in by_path(&charts, at, &by_folder) {
            charts[at].inside.push(inner);
            charts[inner].is_inside = true;
        }
    }
    let beside: Vec<Vec<usize>> = (0..charts.len()).map(|at| beside(&charts, at, &by_folder)).collect();
    for (chart, beside) in charts.iter_mut().zip(beside) {
        chart.beside = beside;
    }
    charts
}

/// Charts in other folders of a chart's own that it names by their path: they are installed with it.
fn by_path(charts: &[Chart<'_>], at: usize, by_folder: &BTreeMap<&str, usize>) -> Vec<usize> {
    let Some(chart) = charts.get(at) else { return Vec::new() };
    let wanted = chart.about.root().get("dependencies").into_iter().flat_map(Node::items);
    let paths = wanted.filter_map(|one| one.get("repository").and_then(Node::str)?.strip_prefix("file://"));
    let found = paths.filter_map(|path| by_folder.get(join(chart.folder, path)?.as_str()).copied());
    let is_new = |other: &usize| {
        let folder = charts[*other].folder;
        *other != at && !chart.inside.contains(other) && !charts[*other].is_inside && is_below(folder, chart.folder)
    };
    let mut found: Vec<usize> = found.filter(is_new).collect();
    found.sort_unstable();
    found.dedup();
    found
}

fn is_below(folder: &str, outer: &str) -> bool {
    outer.is_empty() || folder.strip_prefix(outer).is_some_and(|rest| rest.starts_with('/'))
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

/// The folder of the chart whose folder `charts` holds this one.
fn outer_folder(folder: &str) -> Option<&str> {
    match folder_of(folder) {
        "charts" => Some(""),
        charts => charts.strip_suffix("/charts"),
    }
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
            ("Capabilities", cluster::capabilities(nowhere)),
            ("Files", Value::Files(self.folder.into())),
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

    /// The values of a chart inside it: its own below what this one says for it, and what is there for all.
    fn values_for(&self, inner: &Chart<'_>, key: &str, values: &Value) -> Value {
        let given = values.field(key);
        let own = match &given {
            Value::Map(_) => overlay(&inner.own_values(), &given),
            _ => inner.own_values(),
        };
        let global = values.field("global");
        let (Value::Map(_), Value::Map(map)) = (&global, &own) else { return own };
        let mut map = Map::clone(map);
        let all = overlay(&map.get("global"), &global);
        map.set(Text::made("global", nowhere(self.about.file)), all);
        Value::map(map)
    }

    /// The files that it renders, each with `.Template`: the deepest and last one first, as Helm does it.
    fn files(&self, sources: &Sources) -> Vec<(&'d Document, Value)> {
        let mut files = Vec::new();
        for document in &self.documents {
            let source = sources.get(document.file);
            if source.name().starts_with('_') || source.has_extension("tpl") {
                continue;
            }
            let below = source.path[self.folder.len()..].trim_start_matches('/');
            let nowhere = nowhere(document.file);
            let mut own = Map::default();
            own.set(Text::made("Name", nowhere), Value::text(format!("{}/{below}", self.name()), nowhere));
            own.set(Text::made("BasePath", nowhere), Value::text(format!("{}/templates", self.name()), nowhere));
            files.push((below, *document, Value::map(own)));
        }
        files.sort_by_key(|(below, ..)| std::cmp::Reverse((below.matches('/').count(), *below)));
        files.into_iter().map(|(_, document, own)| (document, own)).collect()
    }

    /// Whether others may install it as it is: a chart with values files for that is not.
    pub(super) fn is_final(&self) -> bool {
        self.variants.iter().all(|variant| variant.is_test)
    }

    /// The keys under which its values hold those of a chart inside it, one for each time that it is installed.
    fn keys_of(&self, inner: &Chart<'_>, values: &Value) -> Vec<String> {
        let name = inner.name();
        let dependencies = self.about.root().get("dependencies").into_iter().flat_map(Node::items);
        let named: Vec<_> = dependencies.filter(|one| one.get("name").and_then(Node::str) == Some(name)).collect();
        if named.is_empty() {
            return vec![name.to_owned()];
        }
        let on = named.into_iter().filter(|one| is_on(*one, values));
        let mut keys: Vec<String> =
            on.map(|one| one.get("alias").and_then(Node::str).unwrap_or(name).to_owned()).collect();
        keys.sort();
        keys.dedup();
        keys
    }
}

/// Whether a dependency is installed with these values: by the first condition that they know, else by its tags.
fn is_on(dependency: Node<'_>, values: &Value) -> bool {
    let conditions = dependency.get("condition").and_then(Node::str).unwrap_or_default();
    let known = conditions.split(',').filter_map(|path| {
        match path.trim().split('.').fold(values.clone(), |value, key| value.field(key)) {
            Value::Bool(value, _) => Some(value),
            _ => None,
        }
    });
    let mut known = known;
    if let Some(is_on) = known.next() {
        return is_on;
    }
    let tags = values.field("tags");
    let tags = dependency
        .get("tags")
        .into_iter()
        .flat_map(Node::items)
        .filter_map(|tag| if let Value::Bool(value, _) = tags.field(tag.str()?) { Some(value) } else { None });
    let tags: Vec<bool> = tags.collect();
    tags.is_empty() || tags.contains(&true)
}

/// A place for what nobody wrote: the action that uses it stands for it.
pub(super) fn nowhere(file: FileId) -> Span {
    Span { file, start: u32::MAX, end: u32::MAX }
}

/// A chart to render with its values, and its files in Helm's order.
pub(super) struct Job<'d> {
    pub(super) root: Map,
    pub(super) files: Vec<(&'d Document, Value)>,
}

/// Everything that a chart renders with some values, the charts inside it first.
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
    let Some(chart) = charts.get(at).filter(|_| depth < MAX_DEPTH && jobs.len() < MAX_JOBS) else { return };
    for inner in &chart.inside {
        let Some(sub) = charts.get(*inner) else { continue };
        for key in chart.keys_of(sub, values) {
            let own = chart.values_for(sub, &key, values);
            collect(charts, *inner, &own, sources, depth + 1, jobs);
        }
    }
    jobs.push(Job { root: chart.root(values.clone()), files: chart.files(sources) });
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
