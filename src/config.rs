//! What does the user want? `sparkproof.toml`, presets and the command line, one layer over the other, each value with
//! where it came from.

pub mod file;
pub mod options;

use crate::finding::Level;
use crate::source::{Span, Spanned};
pub use file::parse;
pub use options::{DefaultValue, Opt, Options, Value};
use std::collections::BTreeMap;
use std::fmt;

const RECOMMENDED: &str = include_str!("../rules/presets/recommended.toml");
const PRODUCTION_CHECKLIST: &str = include_str!("../rules/presets/production-checklist.toml");
const STRICT: &str = include_str!("../rules/presets/strict.toml");

/// How much is asked of a repository. Each preset contains the one before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, clap::ValueEnum)]
pub enum Preset {
    /// What is nearly always a defect.
    Recommended,
    /// What a team signs before it ships.
    ProductionChecklist,
    /// Everything.
    Strict,
}

impl Preset {
    /// All presets, the mildest first.
    pub const ALL: [Self; 3] = [Self::Recommended, Self::ProductionChecklist, Self::Strict];

    /// The word used in configurations.
    pub fn name(self) -> &'static str {
        match self {
            Self::Recommended => "recommended",
            Self::ProductionChecklist => "production-checklist",
            Self::Strict => "strict",
        }
    }

    /// The rows this preset adds to the milder ones.
    pub fn text(self) -> &'static str {
        match self {
            Self::Recommended => RECOMMENDED,
            Self::ProductionChecklist => PRODUCTION_CHECKLIST,
            Self::Strict => STRICT,
        }
    }
}

/// What the configuration may speak about: a rule's id, its own level and its options. Made from the list of rules.
#[derive(Debug, Clone, Copy)]
pub struct Known {
    /// The rule's id.
    pub id: &'static str,
    /// Its own level.
    pub level: Level,
    /// Its options.
    pub options: &'static [Opt],
}

/// Where a value came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// The rule's own.
    Default,
    /// A preset's row.
    Preset(Preset),
    /// A line of the configuration file.
    File(Span),
    /// The command line.
    CommandLine,
}

/// What holds for one rule.
#[derive(Debug, Clone)]
pub struct RuleSettings {
    /// Its level; None is off.
    pub level: Option<Level>,
    /// Where the level came from.
    pub level_from: Origin,
    /// Its options, every one with a value.
    pub options: Options,
}

/// A link the tool cannot see, stated by the user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnitDeclaration {
    /// The unit's name.
    pub name: String,
    /// Path globs of what belongs together.
    pub paths: Vec<String>,
    /// The declaration.
    pub span: Span,
}

/// An ignore in the configuration file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IgnoreEntry {
    /// The rule.
    pub rule: String,
    /// A path glob; None is everywhere.
    pub path: Option<String>,
    /// Why.
    pub reason: String,
    /// The entry.
    pub span: Span,
}

/// An id in the configuration that names no rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownRule {
    /// As written.
    pub id: String,
    /// Where.
    pub span: Span,
}

/// Everything the user wants.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The preset.
    pub preset: Preset,
    /// Where the preset came from.
    pub preset_from: Origin,
    /// Path globs that are not read.
    pub exclude: Vec<String>,
    /// From which level on findings fail the run; None is never.
    pub fail_on: Option<Level>,
    /// Where `fail_on` came from.
    pub fail_on_from: Origin,
    /// Every rule's settings, by id.
    pub rules: BTreeMap<&'static str, RuleSettings>,
    /// The user's own tables, below the root.
    pub tables: Vec<Spanned<String>>,
    /// Stated links.
    pub units: Vec<UnitDeclaration>,
    /// Ignores.
    pub ignores: Vec<IgnoreEntry>,
    /// Path globs of code that runs as a user-defined function.
    pub udf_entries: Vec<String>,
    /// The Kubernetes minor that is deployed to.
    pub kubernetes: Option<String>,
    /// The Spark operator's version that is deployed with.
    pub spark_operator: Option<String>,
    /// Ids that name no rule.
    pub unknown_rules: Vec<UnknownRule>,
}

impl Settings {
    /// The settings without any configuration file: the recommended preset over the rules' own.
    pub fn recommended(known: &[Known]) -> Self {
        Self::preset(Preset::Recommended, Origin::Default, known)
    }

    /// The settings of a preset, which contains the milder ones.
    pub fn preset(preset: Preset, from: Origin, known: &[Known]) -> Self {
        let own = |rule: &Known| RuleSettings {
            level: Some(rule.level),
            level_from: Origin::Default,
            options: Options::defaults(rule.options),
        };
        let mut settings = Self {
            preset,
            preset_from: from,
            exclude: Vec::new(),
            fail_on: Some(Level::Error),
            fail_on_from: Origin::Default,
            rules: known.iter().map(|rule| (rule.id, own(rule))).collect(),
            tables: Vec::new(),
            units: Vec::new(),
            ignores: Vec::new(),
            udf_entries: Vec::new(),
            kubernetes: None,
            spark_operator: None,
            unknown_rules: Vec::new(),
        };
        for layer in Preset::ALL.into_iter().filter(|layer| *layer <= preset) {
            file::apply_preset(layer, known, &mut settings);
        }
        settings
    }

    /// Turns every rule off but these.
    pub fn only(&mut self, ids: &[&'static str]) {
        for (id, rule) in &mut self.rules {
            if !ids.contains(id) {
                (rule.level, rule.level_from) = (None, Origin::CommandLine);
            }
        }
    }
}

impl fmt::Display for Preset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// The rule whose id is nearest to a word.
pub fn nearest_rule(word: &str, settings: &Settings) -> Option<&'static str> {
    crate::read::keyed::nearest(word, settings.rules.keys().copied())
}
