//! The house's own rules: generated files are current, pages are whole, tables are right, findings are worded in one style,
//! and arrows between files point down.
//!
//! `BLESS=1 cargo test --test house` rewrites the generated files.
#![allow(clippy::unwrap_used)]

#[path = "house/arrows.rs"]
mod arrows;
#[path = "house/generated.rs"]
mod generated;
#[path = "house/knowledge.rs"]
mod knowledge;
#[path = "pages/marker.rs"]
#[allow(dead_code, reason = "tests/examples.rs uses the rest")]
mod marker;
#[path = "pages/page.rs"]
#[allow(dead_code, reason = "tests/examples.rs uses the rest")]
mod page;
#[path = "pages/run.rs"]
#[allow(dead_code, reason = "tests/examples.rs uses the rest")]
mod run;
#[path = "house/words.rs"]
mod words;

use page::Page;
use sparkproof::rule::Group;
use sparkproof::rules;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Files below a folder whose names end so, as paths below the root, sorted.
fn files(folder: &str, ending: &str) -> Vec<String> {
    let ours =
        |entry: &walkdir::DirEntry| !["target", ".git"].contains(&entry.file_name().to_str().unwrap_or_default());
    let walk = walkdir::WalkDir::new(root().join(folder)).sort_by_file_name().into_iter().filter_entry(ours);
    let paths: Vec<PathBuf> =
        walk.map(Result::unwrap).filter(|e| e.file_type().is_file()).map(walkdir::DirEntry::into_path).collect();
    let below = paths.iter().map(|path| path.strip_prefix(root()).unwrap().to_str().unwrap().replace('\\', "/"));
    below.filter(|path| path.ends_with(ending)).collect()
}

fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap()
}

/// Whether a source file is only there for tests: the file above it declares it under `#[cfg(test)]`.
fn is_test_room(path: &str) -> bool {
    let (folder, name) = path.trim_end_matches(".rs").rsplit_once('/').unwrap();
    let above = if folder == "src" { "src/lib.rs".to_owned() } else { format!("{folder}.rs") };
    let text = std::fs::read_to_string(root().join(above)).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    let declared = lines.iter().position(|line| line.ends_with(&format!("mod {name};")));
    let attributes = declared.map(|at| lines[..at].iter().rev().take_while(|line| line.starts_with("#[")));
    attributes.is_some_and(|mut all| all.any(|line| *line == "#[cfg(test)]"))
}

/// Fails with all faults at once.
fn none(faults: &[String]) {
    assert!(faults.is_empty(), "{} faults\n{}\n", faults.len(), faults.join("\n"));
}

#[test]
fn every_rule_has_a_file_and_a_page() {
    let registered: BTreeSet<String> = rules::ALL.iter().map(|rule| format!("{}/{}", rule.group, rule.id)).collect();
    assert_eq!(registered.len(), rules::ALL.len(), "two rules share an id");
    let pages: BTreeSet<String> = page::paths().iter().map(|path| path.trim_end_matches(".md").to_owned()).collect();
    let named = |path: String| path.trim_start_matches("src/rules/").trim_end_matches(".rs").replace('_', "-");
    let sources: BTreeSet<String> = files("src/rules", ".rs").into_iter().map(named).collect();
    assert_eq!(pages, registered, "pages in rules/ and rules in src/rules.rs");
    assert_eq!(sources, registered, "files in src/rules/ and rules in src/rules.rs");
    let own = |rule: &&&sparkproof::rule::Rule| read(&format!("rules/{}/{}.md", rule.group, rule.id)) != rule.page;
    let foreign: Vec<&str> = rules::ALL.iter().filter(own).map(|rule| rule.id).collect();
    assert!(foreign.is_empty(), "rules with the page of another: {foreign:?}");
}

/// What a page must have, in this order; the others may be there.
const SECTIONS: [&str; 7] = ["Why", "Seen as", "Bad", "Good", "Fixed", "Options", "Sources"];

fn page_faults(page: &Page) -> Vec<String> {
    let rule = rules::find(page.id());
    let group = rule.map(|rule| rule.group);
    let has_errors = [Group::Versions, Group::Build, Group::Kubernetes, Group::Spark];
    let mut wanted = vec!["Why", "Bad", "Good", "Sources"];
    wanted.extend(group.filter(|g| has_errors.contains(g)).map(|_| "Seen as"));
    wanted.extend(rule.filter(|r| !r.options.is_empty()).map(|_| "Options"));
    let missing = wanted.into_iter().filter(|section| !page.sections.iter().any(|s| s == section));
    let mut faults: Vec<String> = missing.map(|section| format!("has no `## {section}`")).collect();
    let order: Vec<Option<usize>> =
        page.sections.iter().map(|section| SECTIONS.iter().position(|s| s == section)).collect();
    if order.contains(&None) || !order.is_sorted() {
        faults.push(format!("has the sections {:?}: they must be of {SECTIONS:?}, in that order", page.sections));
    }
    if page.title != page.id() {
        faults.push(format!("is titled `{}`", page.title));
    }
    for (section, least) in [("Bad", 3), ("Good", 5)] {
        let count = page.section(section).count();
        if count < least {
            faults.push(format!("has {count} examples under `{section}`: at least {least} are wanted"));
        }
    }
    if let Some(rule) = rule {
        let summary = rule.summary();
        if !summary.ends_with('.') || summary.len() > 240 || summary.starts_with('#') {
            faults.push(format!("begins with `{summary}`: one or two short sentences are wanted"));
        }
        let options = rule.section("Options");
        let unsaid = rule.options.iter().filter(|opt| !options.contains(&format!("`{}`", opt.name)));
        faults.extend(unsaid.map(|opt| format!("says nothing of the option `{}`", opt.name)));
        let sources: Vec<&str> = rule.section("Sources").lines().collect();
        let links = sources.iter().filter(|line| line.contains("<https://")).count();
        if links == 0 || links != sources.len() {
            faults.push("needs one `<https://…>` on each line of `Sources`".to_owned());
        }
    }
    faults.into_iter().map(|fault| format!("rules/{} {fault}", page.path)).collect()
}

#[test]
fn pages_are_whole() {
    none(&page::all().iter().flat_map(page_faults).collect::<Vec<_>>());
}
