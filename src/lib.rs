//! sparkproof reads a repository and says where its Spark deployment cannot work, before anything runs.
//!
//! ```text
//! paths ─ discover ─▶ sources ─ read ─▶ documents ─ compose ─▶ effective documents ─ claim ─▶ facts ─ link ─▶ project
//!       ─ judge ─▶ findings ─ sift ─▶ report ─▶ exit code
//! ```
//!
//! [`analyse`] is that line up to the project, [`judge`] and [`sift::sift`] the rest; `docs/architecture.md` tells it in words.

pub mod c;
pub mod claim;
pub mod cli;
pub mod compose;
pub mod config;
pub mod discover;
pub mod fact;
pub mod finding;
pub mod fix;
pub mod go;
pub mod project;
pub mod python;
pub mod read;
pub mod report;
pub mod rule;
pub mod rules;
pub mod rust;
pub mod session;
pub mod sift;
pub mod source;
pub mod table;
pub mod version;

use config::Settings;
use discover::{Scope, glob_set, is_test_data};
use fact::Language;
use finding::Finding;
use project::{Coverage, Project};
use rayon::prelude::*;
use read::{Body, Document};
use rule::{Case, Findings};
use source::{FileId, Source, Sources};
use table::Tables;

/// From sources to the joined project: read, compose, claim, link. Each file is read once and parsed once.
pub fn analyse(scope: &Scope, sources: &Sources, settings: &Settings, tables: &Tables) -> Project {
    let udf_paths = glob_set(&settings.udf_entries);
    let is_udf_path = |source: &Source| udf_paths.is_match(&source.path);
    let layout = compose::go::Layout::of(sources);
    let packages = claim::go_sites::PACKAGES.map(str::to_owned).to_vec();
    let asked = go::Asked { packages, tag: Some("spark"), ..tables.asked_of_go() };
    let concerned = layout.concerned(sources, |_, source| {
        let holds = |text: &str| tables.may_hold_entry(Language::Go, text) || claim::go_sites::may_concern_us(text);
        is_udf_path(source) || source::load(source).is_ok_and(|text| holds(&text))
    });
    let python = compose::python_code::concerned(sources, |source, text| {
        is_udf_path(source) || tables.may_hold_own_entry(Language::Python, text)
    });
    let crates = compose::rust::Layout::of(sources);
    let rust = crates.concerned(sources, |source| {
        let holds = |text: &str| tables.may_hold_entry(Language::Rust, text);
        is_udf_path(source) || source::load(source).is_ok_and(|text| holds(&text))
    });
    let concerns_us = |file: FileId, source: &Source| {
        let is = |of: &[bool]| of.get(file.0 as usize).copied().unwrap_or(false);
        is_udf_path(source) || is(&concerned) || is(&python) || is(&rust)
    };
    let mut documents: Vec<Document> = sources
        .iter()
        .collect::<Vec<_>>()
        .into_par_iter()
        .map(|(file, source)| read::read(file, source, concerns_us(file, source)))
        .collect();
    let files = project::file_notes(sources, &documents);
    // Test data is read, so that a broken file is said, but nothing in it is built or deployed.
    for document in &mut documents {
        let path = sources.path(document.file);
        if is_test_data(path) && !scope.asks_for(path) {
            document.body = Body::Nothing;
        }
    }
    let python = compose::python_code::compose(&mut documents);
    let go = compose::go::compose(sources, &mut documents, &layout, &asked);
    let rust = compose::rust::compose(sources, &mut documents, &crates);
    let composed = compose::compose(sources, documents);
    let mut facts = claim::claim(sources, &composed, tables);
    facts.append(claim::go_calls::claim(sources, &go, tables, &is_udf_path));
    facts.append(claim::go_sites::claim(sources, &go));
    facts.append(claim::rust_calls::claim(sources, &rust, tables, &is_udf_path));
    facts.append(claim::python_calls::claim(sources, &python, tables, &is_udf_path));
    let mut project = project::link(facts, files, tables, &settings.units);
    project.kubernetes.clone_from(&settings.kubernetes);
    project.spark_operator.clone_from(&settings.spark_operator);
    project.coverage = Coverage::count(sources, &project);
    project
}

/// What each rule that is on finds, in the order of the rules.
pub fn judge(project: &Project, tables: &Tables, settings: &Settings) -> Vec<Finding> {
    let launches = project.launches();
    let check = |rule: &&'static rule::Rule| {
        let set = settings.rules.get(rule.id).filter(|set| set.level.is_some());
        let mut findings = Findings::of(rule);
        if let Some(set) = set {
            (rule.check)(&Case { project, launches: &launches, tables, options: &set.options }, &mut findings);
        }
        findings.into_vec()
    };
    rules::ALL.par_iter().flat_map_iter(check).collect()
}
