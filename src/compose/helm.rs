//! Charts: what their templates make with their values.
//!
//! Each template is followed with the chart's own values and with each further values file of its folder. What is not known there
//! (the cluster, files, functions of chance, values that nobody gives) stays an action in the text, and the text is read as YAML
//! with these masked. Where a template cannot be followed at all, its own text with all actions masked is what holds, and then
//! names of images are filled in as far as they are plain values.

mod chart;
mod cluster;
mod encoding;
mod function;
mod machine;
mod pipeline;
mod places;
mod rendering;
mod text;
mod value;
mod writer;
mod writes;
mod yaml;

use crate::read::tree::{Kind, Node, Tree};
use crate::read::{Body, Document};
use crate::source::{self, ALL_ON, FileId, Source, Sources, Span, Traced, folder_of, join};
use chart::{Chart, Job};
use machine::World;
use rayon::prelude::*;
use regex::Regex;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;
use text::Text;
use value::{Map, Value, overlay, switched_on};

/// The charts of a repository.
#[derive(Debug, Default)]
pub struct Helm {
    /// The values of each chart, by the chart's folder.
    values: HashMap<String, Tree>,
    /// What templates make, by file: first with the chart's own values.
    rendered: HashMap<FileId, Vec<Rendered>>,
}

/// What a template makes with some values.
#[derive(Debug)]
pub struct Rendered {
    /// The values file beside the chart's own; None for those alone.
    pub variant: Option<String>,
    /// The documents.
    pub trees: Vec<Tree>,
    /// Whether they were made; otherwise they are the template's own with its actions masked.
    pub followed: bool,
}

/// An action that names a value and at most gives it a default or quotes.
static VALUE: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"\{\{-?\s*\.Values\.([A-Za-z0-9_.]+)\s*(?:\|[^{}]*)?-?\}\}").ok());

/// Finds the charts: folders with a `Chart.yaml` and a `values.yaml` beside it.
pub fn compose(sources: &Sources, documents: &[Document]) -> Helm {
    let folders = |name: &'static str| {
        let named = documents.iter().filter(move |document| sources.get(document.file).name() == name);
        named.map(|document| (sources.get(document.file).folder(), document))
    };
    let charts: HashMap<&str, &Document> = folders("Chart.yaml").chain(folders("Chart.yml")).collect();
    let values = folders("values.yaml").filter(|(folder, _)| charts.contains_key(folder));
    let trees = values.filter_map(|(folder, document)| match &document.body {
        Body::Yaml(trees) => Some((folder.to_owned(), trees.first()?.clone())),
        _ => None,
    });
    Helm { values: trees.collect(), rendered: rendered(sources, documents) }
}

/// The path that a template would have if its chart had only these values.
pub fn path_of(path: &str, variant: &str) -> String {
    match path.rfind("templates/").filter(|at| *at == 0 || path[..*at].ends_with('/')) {
        Some(at) => format!("{}~{variant}/{}", &path[..at], &path[at..]),
        None => path.to_owned(),
    }
}

/// The variant of lines that no values at hand make.
pub const AS_WRITTEN: &str = "as-written";

/// Whether each value that a template holds itself is in something that it makes.
pub fn covers(file: FileId, rendered: &[Rendered], written: &[Tree]) -> bool {
    let values = |trees: &[Tree]| -> Vec<Span> {
        let scalars = trees.iter().flat_map(Tree::nodes).filter(|node| matches!(node.kind(), Kind::Scalar { .. }));
        scalars.filter(|node| node.text().is_some()).map(Node::span).filter(|span| span.file == file).collect()
    };
    let made: HashSet<Span> = rendered.iter().flat_map(|one| values(&one.trees)).collect();
    values(written).iter().all(|span| made.contains(span))
}

/// What the templates of all charts make.
fn rendered(sources: &Sources, documents: &[Document]) -> HashMap<FileId, Vec<Rendered>> {
    let charts = chart::charts(sources, documents);
    let outer: Vec<usize> = (0..charts.len()).filter(|at| !charts[*at].is_inside).collect();
    let in_charts = sources.iter().filter(|(_, source)| !charts.is_empty() && !source.path.contains("templates/"));
    let files = Files { by_path: in_charts.map(|(file, source)| (source.path.as_str(), (file, source))).collect() };
    let each: Vec<Vec<(FileId, Rendered)>> =
        outer.into_par_iter().map(|at| render_chart(&charts, at, sources, &files)).collect();
    let mut all: HashMap<FileId, Vec<Rendered>> = HashMap::new();
    for (file, rendered) in each.into_iter().flatten() {
        all.entry(file).or_default().push(rendered);
    }
    all
}

fn render_chart(charts: &[Chart<'_>], at: usize, sources: &Sources, files: &Files<'_>) -> Vec<(FileId, Rendered)> {
    let Some(chart) = charts.get(at) else { return Vec::new() };
    let library = chart::library(charts, at, 0);
    let own = chart.own_values();
    let texts = |folder: &str, path: &str| files.text(folder, path);
    let world = World { library: &library, files: &texts, is_final: chart.is_final(), has_all: false };
    let first = render(None, chart::jobs(charts, at, &own, sources), world);
    let mut all: Vec<(FileId, Rendered)> = Vec::new();
    let mut add = |variant: &str, values: &Value, world: World<'_>| {
        let jobs = render(Some(variant), chart::jobs(charts, at, values, sources), world);
        // A chart that makes what it made before says nothing new.
        let is_new = |job: &&Vec<(FileId, Rendered)>| !first.iter().any(|own| is_same(own, job));
        let new: Vec<_> = jobs.iter().map(|job| is_new(&job)).collect();
        all.extend(jobs.into_iter().zip(new).filter(|(_, is_new)| *is_new).flat_map(|(job, _)| job));
    };
    let on = switched_on(&own);
    add(ALL_ON, on.as_ref().unwrap_or(&own), World { has_all: true, ..world });
    for variant in &chart.variants {
        let values = overlay(&own, &Value::of(variant.values.root()));
        add(&variant.name, &values, World { is_final: !variant.is_test, ..world });
    }
    let mut made: Vec<(FileId, Rendered)> = first.into_iter().flatten().collect();
    made.retain(|(_, one)| one.followed);
    made.extend(all);
    made
}

/// What each chart of a release makes.
fn render(variant: Option<&str>, jobs: Vec<Job<'_>>, world: World<'_>) -> Vec<Vec<(FileId, Rendered)>> {
    let each = jobs.into_iter().map(|Job { root, files }| {
        let mut root = root;
        let mut made = Vec::new();
        for (document, own) in files {
            root.set(Text::made("Template", chart::nowhere(document.file)), own);
            let mut dot = Value::map(root.clone());
            let template = document.template.as_deref();
            let trees = template.and_then(|template| rendering::render(document.file, template, &mut dot, world));
            if let (Some(_), Value::Map(dot)) = (&trees, &dot) {
                root = Map::clone(dot);
            }
            // What cannot be followed, or needs not be, lies beside the rest in each variant.
            let (trees, followed) = match (trees, &document.body) {
                (Some(trees), _) => (trees, true),
                (None, Body::Yaml(trees)) => (trees.clone(), false),
                _ => continue,
            };
            let followed = followed || (variant.is_some() && template.is_none());
            made.push((document.file, Rendered { variant: variant.map(str::to_owned), trees, followed }));
        }
        made
    });
    each.collect()
}

/// Whether two charts made the same.
fn is_same(a: &[(FileId, Rendered)], b: &[(FileId, Rendered)]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|((a, one), (b, other))| a == b && one.trees == other.trees)
}

/// The files of charts that are no templates, for `.Files`.
struct Files<'s> {
    by_path: HashMap<&'s str, (FileId, &'s Source)>,
}

/// The longest file that a template takes in.
const MAX_FILE: usize = 1 << 20;

impl Files<'_> {
    fn text(&self, folder: &str, path: &str) -> Option<Text> {
        let (file, source) = self.by_path.get(join(folder, path)?.as_str())?;
        let text = source::load(source).ok().filter(|text| text.len() <= MAX_FILE)?;
        Some(Text::literal(&text, Span::new(*file, 0..text.len())))
    }
}

impl Helm {
    /// What a template makes, where it could be followed.
    pub fn rendered(&self, file: FileId) -> &[Rendered] {
        self.rendered.get(&file).map_or(&[], Vec::as_slice)
    }

    /// The name of an image that a template makes, without its tag; None where it is no chart's template or the name is not
    /// made of plain values.
    pub fn image_name(&self, path: &str, written: &Traced) -> Option<Traced> {
        let values = self.values_of(path)?;
        let text = written.as_str();
        let (mut parts, mut from) = (Vec::new(), 0);
        for found in VALUE.as_ref()?.captures_iter(text) {
            let (Some(whole), Some(key)) = (found.get(0), found.get(1)) else { continue };
            parts.push(written.slice(from..whole.start()));
            let keys: Vec<&str> = key.as_str().split('.').collect();
            let value = values.root().path(&keys).and_then(Node::text);
            // What stays unknown is kept as it is written; a name with that in it is none.
            parts.push(value.cloned().unwrap_or_else(|| written.slice(whole.range())));
            from = whole.end();
        }
        parts.push(written.slice(from..text.len()));
        let filled = Traced::concat(written.written(), parts);
        let name_starts = filled.as_str().rfind('/').map_or(0, |slash| slash + 1);
        let end = filled.as_str()[name_starts..].find([':', '@']).map_or(filled.as_str().len(), |at| name_starts + at);
        let name = filled.slice(0..end);
        (!name.as_str().contains(['{', '}']) && !name.as_str().is_empty()).then_some(name)
    }

    /// The values of the chart whose `templates` folder a file lies in.
    fn values_of(&self, path: &str) -> Option<&Tree> {
        let mut folder = folder_of(path);
        loop {
            if folder.rsplit('/').next() == Some("templates")
                && let Some(values) = self.values.get(&join(folder, "..")?)
            {
                return Some(values);
            }
            if folder.is_empty() {
                return None;
            }
            folder = folder_of(folder);
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
