//! One run: from what was asked for to the findings that are wanted. Prints nothing.

use crate::config::{self, Preset, Settings};
use crate::discover::{self, BadPath, Request, Scope};
use crate::finding::{Finding, Level};
use crate::project::Project;
use crate::read::keyed::Fault;
use crate::sift::baseline::Baseline;
use crate::sift::{self, Door, Sifted};
use crate::source::text::{Text, Texts};
use crate::source::{self, FileId, Format, Location, Source, Sources, Spanned};
use crate::table::{BUILT_IN, Tables};
use crate::{analyse, judge, rules};
use std::path::{Path, PathBuf};

/// What the command line says on top of the configuration file.
#[derive(Debug, Default)]
pub struct Wishes {
    /// What to look at.
    pub request: Request,
    /// A preset instead of the file's.
    pub preset: Option<Preset>,
    /// Only these rules.
    pub only: Vec<&'static str>,
    /// A level to fail on instead of the file's; `Some(None)` is never.
    #[allow(clippy::option_option, reason = "not asked for, never, or a level")]
    pub fail_on: Option<Option<Level>>,
    /// Path globs that are not read, beside the file's.
    pub exclude: Vec<String>,
    /// The accepted findings of earlier days.
    pub baseline: Option<Baseline>,
}

/// Why a run could not do its job.
#[derive(Debug)]
pub enum Failure {
    /// A path that cannot be checked.
    Path(BadPath),
    /// A configuration file or table that cannot be used: its path, its text, everything that is wrong in it.
    Config(String, Box<Text>, Vec<Fault>),
}

/// What was asked for, made ready: the root, the settings, the tables, the files.
#[derive(Debug)]
pub struct Prepared {
    /// Root and selection.
    pub scope: Scope,
    /// What the user wants.
    pub settings: Settings,
    /// What is true.
    pub tables: Tables,
    /// The files, the configuration first if there is one.
    pub sources: Sources,
    /// Folders passed over as not ours.
    pub passed_over: Vec<String>,
    /// The configuration file, if there is one.
    pub config: Option<FileId>,
    table_faults: Vec<Fault>,
}

/// A finished run.
#[derive(Debug)]
pub struct Outcome {
    /// What was made ready.
    pub prepared: Prepared,
    /// The joined facts.
    pub project: Project,
    /// What is reported.
    pub sifted: Sifted,
}

/// Finds the root, reads the configuration and the user's tables, and walks the files.
///
/// # Errors
/// A bad path, or everything that is wrong in the configuration.
pub fn prepare(wishes: &Wishes) -> Result<Prepared, Failure> {
    let scope = Scope::find(&wishes.request).map_err(Failure::Path)?;
    let Wanted { settings, tables, mut files, config, table_faults } = wanted(&scope, wishes)?;
    let exclude: Vec<String> = settings.exclude.iter().chain(&wishes.exclude).cloned().collect();
    let found = discover::walk(&scope, &exclude);
    let own: Vec<String> = files.iter().map(|f| f.path.clone()).collect();
    files.extend(found.sources.into_iter().filter(|source| !own.contains(&source.path)));
    let sources = Sources::new(scope.root.clone(), files);
    Ok(Prepared { scope, settings, tables, sources, passed_over: found.passed_over, config, table_faults })
}

/// What the configuration and its tables say, before any file is looked for.
struct Wanted {
    settings: Settings,
    tables: Tables,
    /// The configuration, if there is one, and its tables.
    files: Vec<Source>,
    config: Option<FileId>,
    table_faults: Vec<Fault>,
}

fn wanted(scope: &Scope, wishes: &Wishes) -> Result<Wanted, Failure> {
    let known = rules::known();
    let mut files: Vec<Source> = Vec::new();
    let mut settings = match &scope.config {
        Some(path) => read_config(path, scope, wishes.preset, &mut files)?,
        None => Settings::preset(wishes.preset.unwrap_or(Preset::Recommended), preset_origin(wishes.preset), &known),
    };
    if let Some(level) = wishes.fail_on {
        (settings.fail_on, settings.fail_on_from) = (level, config::Origin::CommandLine);
    }
    if !wishes.only.is_empty() {
        settings.only(&wishes.only);
    }
    let config = scope.config.as_ref().map(|_| FileId(0));
    let mut tables = BUILT_IN.clone();
    let mut table_faults = Vec::new();
    if let (Some(config), Some(source)) = (config, files.first()) {
        let text = source::load(source).unwrap_or_default();
        table_faults.extend(tables.extend_by_configuration(&text, config));
    }
    for table in &settings.tables {
        if !scope.root.join(&table.value).exists() {
            return Err(missing_table(&files, table));
        }
        let (source, text) = read_own(&scope.root.join(&table.value), scope)?;
        table_faults.extend(tables.extend(&text, FileId(files.len() as u32)));
        files.push(source);
    }
    Ok(Wanted { settings, tables, files, config, table_faults })
}

/// The tables that a run would judge by.
///
/// # Errors
/// See [`prepare`].
pub fn tables_in_force(wishes: &Wishes) -> Result<Tables, Failure> {
    let scope = Scope::find(&wishes.request).map_err(Failure::Path)?;
    Ok(wanted(&scope, wishes)?.tables)
}

/// A table that is not there is a fault of the configuration, which names it.
fn missing_table(files: &[Source], table: &Spanned<String>) -> Failure {
    let message = format!("there is no table `{}`", table.value);
    let fault = Fault { span: table.span, message, help: Some("paths of tables start at the root".into()) };
    let config = files.first().map(|config| (config.path.clone(), source::load(config).unwrap_or_default()));
    let (path, text) = config.unwrap_or_default();
    Failure::Config(path, Box::new(Text::new(text)), vec![fault])
}

fn preset_origin(preset: Option<Preset>) -> config::Origin {
    if preset.is_some() { config::Origin::CommandLine } else { config::Origin::Default }
}

fn read_config(
    path: &Path,
    scope: &Scope,
    preset: Option<Preset>,
    files: &mut Vec<Source>,
) -> Result<Settings, Failure> {
    let (source, text) = read_own(path, scope)?;
    let shown = source.path.clone();
    files.push(source);
    config::parse(FileId(0), &text, preset, &rules::known())
        .map_err(|faults| Failure::Config(shown, Box::new(Text::new(text)), faults))
}

/// A path as it is shown: relative to the root, with `..` where it lies outside, so that it is the same on every machine
/// that has the two beside each other.
fn below(root: &Path, path: &Path) -> String {
    let shared = root.components().zip(path.components()).take_while(|(a, b)| a == b).count();
    let up = root.components().skip(shared).map(|_| "..".to_owned());
    let down = path.components().skip(shared).map(|part| part.as_os_str().to_string_lossy().into_owned());
    up.chain(down).collect::<Vec<_>>().join("/")
}

/// Reads a file of ours; its path is shown below the root where it lies there.
fn read_own(path: &Path, scope: &Scope) -> Result<(Source, String), Failure> {
    let shown = below(&scope.root, path);
    if path.exists() && !scope.may_read(path) {
        let message = "it lies outside of the repository, where a configuration has no say".to_owned();
        return Err(Failure::Path(BadPath { path: PathBuf::from(shown), message }));
    }
    let location = Location::Disk(path.to_path_buf());
    let source = Source { path: shown, location, format: Format::Toml };
    let text = source::load(&source)
        .map_err(|e| Failure::Path(BadPath { path: PathBuf::from(&source.path), message: e.message }))?;
    Ok((source, text))
}

/// Does the whole job.
///
/// # Errors
/// See [`prepare`].
pub fn run(wishes: &Wishes) -> Result<Outcome, Failure> {
    let prepared = prepare(wishes)?;
    let project = analyse(&prepared.scope, &prepared.sources, &prepared.settings, &prepared.tables);
    let mut findings = judge(&project, &prepared.tables, &prepared.settings);
    findings.extend(prepared.table_faults.iter().map(table_finding));
    let door =
        Door { project: &project, settings: &prepared.settings, rules: rules::ALL, baseline: wishes.baseline.as_ref() };
    let selected = |path: &str| prepared.scope.selects(path) || prepared.is_own(path);
    let sifted = sift::sift(findings, &door, selected);
    Ok(Outcome { prepared, project, sifted })
}

fn table_finding(fault: &Fault) -> Finding {
    let rule = &rules::always::table_row_invalid::RULE;
    let mut finding = Finding::new(rule.id, rule.level, fault.span, fault.message.clone());
    finding.subject(fault.message.clone());
    finding.help.clone_from(&fault.help);
    finding
}

impl Prepared {
    /// Whether a path is the configuration or one of its tables: what is wrong there is always said.
    fn is_own(&self, path: &str) -> bool {
        let config = self.config.map(|id| self.sources.path(id));
        config == Some(path) || self.settings.tables.iter().any(|table| table.value == path)
    }
}

impl Outcome {
    /// Globs of the configuration that match no file that was read.
    pub fn notices(&self) -> Vec<String> {
        let settings = &self.prepared.settings;
        let units = settings
            .units
            .iter()
            .flat_map(|unit| unit.paths.iter().map(move |path| (format!("the unit `{}`", unit.name), path)));
        let udf = settings.udf_entries.iter().map(|path| ("`[udf] entries`".to_owned(), path));
        let dead = units.chain(udf).filter(|(_, path)| {
            let glob = discover::glob_set(std::slice::from_ref(path));
            !self.prepared.sources.iter().any(|(_, source)| glob.is_match(&source.path))
        });
        dead.map(|(what, path)| format!("`{path}` of {what} matches no file that was read")).collect()
    }

    /// The texts of all files that a finding points into.
    pub fn texts(&self) -> Texts {
        let spans = self.sifted.findings.iter().flat_map(|f| {
            let edits = f.fix.iter().flat_map(|fix| &fix.edits).map(|edit| edit.span);
            std::iter::once(f.span).chain(f.labels.iter().map(|l| l.span)).chain(edits)
        });
        let losses = self.project.coverage.partial.iter().map(|loss| loss.span);
        let files = spans.chain(losses).map(|span| span.file);
        let mut texts = Texts::load(&self.prepared.sources, files, |file| self.hash(file));
        self.sifted.findings.iter().filter_map(|f| f.hidden).for_each(|secret| texts.hide(secret));
        texts
    }

    /// A file's hash when it was read.
    pub fn hash(&self, file: FileId) -> u64 {
        self.project.files.get(file.0 as usize).map_or(0, |note| note.hash)
    }

    /// Whether a finding is loud enough to fail the run.
    pub fn fails(&self) -> bool {
        let limit = self.prepared.settings.fail_on;
        limit.is_some_and(|limit| self.sifted.findings.iter().any(|f| f.level >= limit && !f.unverified))
    }
}
