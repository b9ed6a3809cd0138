//! Charts: what their templates make with their values.
//!
//! Each template is followed with the chart's own values and with each further values file of its folder. What is not known there
//! (the cluster, files, functions of chance, values that nobody gives) stays an action in the text, and the text is read as YAML
//! with these masked. Where a template cannot be followed at all, its own text with all actions masked is what holds, and then
//! names of images are filled in as far as they are plain values.

mod chart;
mod encoding;
mod function;
mod machine;
mod pipeline;
mod places;
mod rendering;
mod text;
mod value;
mod writer;
mod yaml;

use crate::read::tree::{Kind, Node, Tree};
use crate::read::{Body, Document};
use crate::source::{FileId, Sources, Span, Traced, folder_of, join};
use chart::{Chart, Job};
use rayon::prelude::*;
use regex::Regex;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;
use value::{Value, overlay, switched_on};

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

/// The variant in which everything is on that has a switch (`enabled: false`): what is off by default is read as well.
const ALL_ON: &str = "all-on";

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
    let each: Vec<Vec<(FileId, Rendered)>> =
        outer.into_par_iter().map(|at| render_chart(&charts, at, sources)).collect();
    let mut all: HashMap<FileId, Vec<Rendered>> = HashMap::new();
    for (file, rendered) in each.into_iter().flatten() {
        all.entry(file).or_default().push(rendered);
    }
    all
}

fn render_chart(charts: &[Chart<'_>], at: usize, sources: &Sources) -> Vec<(FileId, Rendered)> {
    let Some(chart) = charts.get(at) else { return Vec::new() };
    let library = chart::library(charts, at, 0);
    let own = chart.own_values();
    let render = |variant: Option<&str>, values: &Value| {
        let jobs = chart::jobs(charts, at, values, sources);
        let rendered = jobs.into_iter().filter_map(|job| {
            let Job { document, root } = job;
            let template = document.template.as_deref();
            let made = template.and_then(|t| rendering::render(document.file, t, Value::map(root), &library));
            // What cannot be followed, or needs not be, lies beside the rest in each variant.
            let (trees, followed) = match (made, &document.body) {
                (Some(made), _) => (made, true),
                (None, Body::Yaml(trees)) if variant.is_some() => (trees.clone(), template.is_none()),
                _ => return None,
            };
            Some((document.file, Rendered { variant: variant.map(str::to_owned), trees, followed }))
        });
        rendered.collect::<Vec<_>>()
    };
    let mut all = render(None, &own);
    if let Some(values) = switched_on(&own) {
        all.extend(render(Some(ALL_ON), &values));
    }
    for (name, tree) in &chart.variants {
        all.extend(render(Some(name), &overlay(&own, &Value::of(tree.root()))));
    }
    all
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
