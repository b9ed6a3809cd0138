//! Runs a project of a page in a folder of its own.

use super::page::Project;
use sparkproof::config::Settings;
use sparkproof::discover::{CONFIG, Request};
use sparkproof::finding::Finding;
use sparkproof::session::{self, Failure, Outcome, Wishes};
use sparkproof::source::Span;
use sparkproof::{fix, rules};
use std::collections::BTreeMap;
use std::fs;
use std::ops::Range;
use tempfile::TempDir;

/// What came out of a project.
#[derive(Debug)]
pub struct Ran {
    /// Its findings, in the order they are reported.
    pub findings: Vec<Seen>,
    /// The texts of the files that all fixes change, by path.
    pub fixed: BTreeMap<String, String>,
}

/// A finding, with its places by path.
#[derive(Debug)]
pub struct Seen {
    /// Where.
    pub at: Place,
    /// Where else, and in which words.
    pub labels: Vec<(Place, String)>,
    /// The finding itself.
    pub finding: Finding,
}

/// Bytes of a project's file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The file.
    pub path: String,
    /// The first byte.
    pub start: usize,
    /// The byte behind the last one that carets can stand under: a place of several lines ends with its first line, an
    /// empty one has one column.
    pub end: usize,
}

impl Place {
    /// A place as markers can show it.
    pub fn new(project: &Project, path: &str, range: Range<usize>) -> Self {
        let text = project.files.iter().find(|file| file.path == path).map_or("", |file| file.text.as_str());
        let line_end = text.get(range.start..).and_then(|rest| rest.find('\n')).map_or(text.len(), |n| range.start + n);
        Self { path: path.to_owned(), start: range.start, end: range.end.min(line_end).max(range.start + 1) }
    }

    /// `path:line:column (width)`, as an editor counts them in the text without marker lines.
    pub fn show(&self, project: &Project) -> String {
        let text = project.files.iter().find(|file| file.path == self.path).map_or("", |file| file.text.as_str());
        let before = text.get(..self.start).unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        let marked = text.get(self.start..self.end.min(text.len())).unwrap_or_default();
        format!("{}:{line}:{column} `{marked}`", self.path)
    }
}

/// Writes the files into a new repository, with a configuration that turns the rule on where nothing else would.
fn write(project: &Project, rule: &str) -> TempDir {
    let root = tempfile::tempdir().unwrap();
    fs::create_dir(root.path().join(".git")).unwrap();
    for file in &project.files {
        let path = root.path().join(&file.path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, &file.text).unwrap();
    }
    let settings = Settings::recommended(&rules::known());
    let is_off = settings.rules.get(rule).is_some_and(|rule| rule.level.is_none());
    if is_off && project.files.iter().all(|file| file.path != CONFIG) {
        let level = rules::find(rule).unwrap().level;
        fs::write(root.path().join(CONFIG), format!("[rules]\n{rule} = \"{level}\"\n")).unwrap();
    }
    root
}

/// Rules about what every manifest should say: examples of other rules leave that out to be short.
const EVERYWHERE: [&str; 3] = ["app-field-missing", "app-service-account-missing", "resources-missing"];

/// Runs a project, and says what its fixes make of it.
///
/// # Errors
/// Why the run could not do its job, in words.
pub fn run(project: &Project, rule: &str) -> Result<Ran, String> {
    let root = write(project, rule);
    let request = Request { paths: vec![root.path().to_path_buf()], ..Request::default() };
    let outcome = session::run(&Wishes { request, ..Wishes::default() }).map_err(|failure| match failure {
        Failure::Path(bad) => format!("`{}`: {}", bad.path.display(), bad.message),
        Failure::Config(path, _, faults) => {
            let faults: Vec<String> = faults.into_iter().map(|fault| fault.message).collect();
            format!("`{path}`: {}", faults.join("; "))
        }
    })?;
    let about = |finding: &&Finding| finding.rule == rule || !EVERYWHERE.contains(&finding.rule);
    let findings =
        outcome.sifted.findings.iter().filter(about).map(|finding| seen(project, &outcome, finding)).collect();
    let plan = fix::plan(&outcome.sifted.findings, &outcome.prepared.sources, |file| outcome.hash(file), true);
    if let Some(refused) = plan.refused.first() {
        return Err(format!("a fix is refused: {}", refused.why));
    }
    let fixed = plan.changes.into_iter().map(|change| (change.path, change.new)).collect();
    Ok(Ran { findings, fixed })
}

fn seen(project: &Project, outcome: &Outcome, finding: &Finding) -> Seen {
    let place = |span: Span| Place::new(project, outcome.project.path(span.file), span.range());
    let labels = finding.labels.iter().map(|label| (place(label.span), label.message.clone())).collect();
    Seen { at: place(finding.span), labels, finding: finding.clone() }
}
