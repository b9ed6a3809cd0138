//! Which findings does the user want? The one door where levels, presets, ignores, caps and the baseline apply.

pub mod baseline;

use crate::config::{IgnoreEntry, RuleSettings, Settings, nearest_rule};
use crate::discover::glob_set;
use crate::finding::{Finding, Level};
use crate::project::Project;
use crate::read::directive::{Directive, DirectiveKind};
use crate::rule::Rule;
use crate::source::{FileId, Span, stable_hash};
use baseline::Baseline;
use std::collections::{BTreeMap, HashMap, HashSet};

/// The rule that reports ignores which match nothing or lack a reason.
pub const UNUSED_IGNORE: &str = "unused-ignore";
/// The rule that reports ids which name no rule.
pub const UNKNOWN_RULE: &str = "unknown-rule";

/// What came through the door, and what was held back.
#[derive(Debug, Default)]
pub struct Sifted {
    /// What is reported, sorted by path and place.
    pub findings: Vec<Finding>,
    /// How many findings an ignore held back.
    pub ignored: usize,
    /// How many findings the baseline knows.
    pub known: usize,
    /// Entries of the baseline that match nothing any more.
    pub stale: Vec<baseline::Entry>,
}

/// Everything the door needs to know.
#[derive(Debug, Clone, Copy)]
pub struct Door<'a> {
    /// The joined facts, for paths and ignores.
    pub project: &'a Project,
    /// What the user wants.
    pub settings: &'a Settings,
    /// All rules.
    pub rules: &'a [&'static Rule],
    /// The accepted findings of earlier days.
    pub baseline: Option<&'a Baseline>,
}

/// Lets findings through. `selected` tells whether findings of a path were asked for.
pub fn sift(findings: Vec<Finding>, door: &Door<'_>, selected: impl Fn(&str) -> bool) -> Sifted {
    let mut sifted = Sifted::default();
    let findings = fold(door.levelled(findings));
    let findings = door.yielded(findings);
    let (findings, ignored) = door.ignored(findings);
    sifted.ignored = ignored;
    let mut findings = capped(findings);
    findings.sort_by(|a, b| order(door, a).cmp(&order(door, b)));
    door.fingerprint(&mut findings);
    if let Some(baseline) = door.baseline {
        let before = findings.len();
        sifted.stale = baseline.filter(&mut findings);
        // What a rule that is off would say is not known.
        sifted.stale.retain(|entry| door.level(&entry.rule).is_some());
        sifted.known = before - findings.len();
    }
    let path = |span: Span| door.project.path(span.file);
    findings.retain(|f| selected(path(f.span)) || f.labels.iter().any(|label| selected(path(label.span))));
    sifted.findings = findings;
    sifted
}

fn order<'a>(door: &'a Door<'_>, finding: &'a Finding) -> (&'a str, u32, u32, &'static str, &'a str) {
    (door.project.path(finding.file()), finding.span.start, finding.span.end, finding.rule, &finding.message)
}

/// Findings of one rule at one place, seen in several units or variants, are one.
fn fold(findings: Vec<Finding>) -> Vec<Finding> {
    let mut seen = HashSet::new();
    findings.into_iter().filter(|f| seen.insert((f.rule, f.span))).collect()
}

impl Door<'_> {
    fn rule(&self, id: &str) -> Option<&RuleSettings> {
        self.settings.rules.get(id)
    }

    fn level(&self, id: &str) -> Option<Level> {
        self.rule(id).and_then(|rule| rule.level)
    }

    fn levelled(&self, findings: Vec<Finding>) -> Vec<Finding> {
        let levelled = findings.into_iter().filter_map(|mut finding| {
            finding.level = self.level(finding.rule)?;
            Some(finding)
        });
        levelled.collect()
    }

    /// One cause, one finding: a rule is silent where one of those it yields to speaks on the same place.
    fn yielded(&self, findings: Vec<Finding>) -> Vec<Finding> {
        let yields: HashMap<&str, &[&str]> = self.rules.iter().map(|rule| (rule.id, rule.yields_to)).collect();
        let mut spans: HashMap<(&str, FileId), Vec<Span>> = HashMap::new();
        for finding in &findings {
            spans.entry((finding.rule, finding.file())).or_default().push(finding.span);
        }
        let speaks = |other: &str, span: Span| {
            spans.get(&(other, span.file)).is_some_and(|list| list.iter().any(|s| s.overlaps(span)))
        };
        let stays =
            |f: &Finding| !yields.get(f.rule).is_some_and(|others| others.iter().any(|other| speaks(other, f.span)));
        findings.into_iter().filter(stays).collect()
    }

    /// Applies ignores in files and in the configuration, and adds what is wrong with them.
    fn ignored(&self, findings: Vec<Finding>) -> (Vec<Finding>, usize) {
        let mut used: HashSet<usize> = HashSet::new();
        let mut by_file: HashMap<FileId, Vec<(usize, &Directive)>> = HashMap::new();
        for (i, directive) in self.project.facts.directives.iter().enumerate() {
            by_file.entry(directive.span.file).or_default().push((i, directive));
        }
        let entries: Vec<_> = self
            .settings
            .ignores
            .iter()
            .map(|e| (e, e.path.as_ref().map(|p| glob_set(std::slice::from_ref(p)))))
            .collect();
        let mut used_entries: HashSet<usize> = HashSet::new();
        let total = findings.len();
        let mut kept: Vec<Finding> = Vec::with_capacity(total);
        for finding in findings {
            let here = by_file.get(&finding.file()).into_iter().flatten();
            let directive = here.filter(|(_, d)| ignores(d, &finding)).map(|(i, _)| *i).next();
            let path = self.project.path(finding.file());
            let entry = entries
                .iter()
                .position(|(e, glob)| e.rule == finding.rule && glob.as_ref().is_none_or(|g| g.is_match(path)));
            used.extend(directive);
            used_entries.extend(entry);
            if directive.is_none() && entry.is_none() {
                kept.push(finding);
            }
        }
        let ignored = total - kept.len();
        kept.extend(self.bad_directives(&used));
        kept.extend(
            entries
                .iter()
                .enumerate()
                .filter(|(i, _)| !used_entries.contains(i))
                .filter_map(|(_, (e, _))| self.dead_entry(e)),
        );
        kept.extend(self.unknown_rules());
        (kept, ignored)
    }

    fn machine(&self, rule: &'static str, span: Span, message: String) -> Option<Finding> {
        let mut finding = Finding::new(rule, self.level(rule)?, span, message);
        finding.subject = finding.message.clone();
        Some(finding)
    }

    fn bad_directives(&self, used: &HashSet<usize>) -> Vec<Finding> {
        let mut findings = Vec::new();
        for (i, directive) in self.project.facts.directives.iter().enumerate() {
            let found = match &directive.kind {
                DirectiveKind::Unknown(word) => {
                    let message = format!("`{word}` is no directive: write `ignore[rule-id] reason` or `udf`");
                    self.machine(UNUSED_IGNORE, directive.span, message)
                }
                DirectiveKind::Ignore { rule, .. } if self.rule(rule).is_none() => self.unknown(rule, directive.span),
                DirectiveKind::Ignore { rule, reason } if reason.is_empty() => {
                    let message = format!("this ignore of `{rule}` gives no reason, so it does not count");
                    self.machine(UNUSED_IGNORE, directive.span, message)
                }
                DirectiveKind::Ignore { rule, .. } if self.level(rule).is_some() && !used.contains(&i) => {
                    self.machine(UNUSED_IGNORE, directive.span, format!("this ignore of `{rule}` matches nothing"))
                }
                DirectiveKind::Ignore { .. } | DirectiveKind::Udf => None,
            };
            findings.extend(found.map(|mut finding| {
                let help = if finding.rule == UNUSED_IGNORE {
                    match &directive.kind {
                        DirectiveKind::Ignore { reason, .. } if reason.is_empty() => {
                            "put the reason behind the brackets"
                        }
                        DirectiveKind::Ignore { .. } => {
                            "take it away; an ignore covers its own line or the next one that is no comment"
                        }
                        _ => "write `sparkproof: ignore[rule-id] reason`",
                    }
                } else {
                    "see `sparkproof explain` for all rules"
                };
                finding.help.get_or_insert_with(|| help.to_owned());
                finding
            }));
        }
        findings
    }

    fn dead_entry(&self, entry: &IgnoreEntry) -> Option<Finding> {
        self.level(&entry.rule)?;
        let mut finding =
            self.machine(UNUSED_IGNORE, entry.span, format!("this ignore of `{}` matches nothing", entry.rule))?;
        finding.help("take it away");
        Some(finding)
    }

    fn unknown_rules(&self) -> Vec<Finding> {
        self.settings.unknown_rules.iter().filter_map(|unknown| self.unknown(&unknown.id, unknown.span)).collect()
    }

    fn unknown(&self, id: &str, span: Span) -> Option<Finding> {
        let mut finding = self.machine(UNKNOWN_RULE, span, format!("there is no rule `{id}`"))?;
        if let Some(near) = nearest_rule(id, self.settings) {
            finding.help(format!("did you mean `{near}`?"));
        }
        Some(finding)
    }

    /// Rule, path, subject and an ordinal among equals: no line numbers, so that a finding keeps its print while its file changes.
    fn fingerprint(&self, findings: &mut [Finding]) {
        let mut ordinals: BTreeMap<String, usize> = BTreeMap::new();
        for finding in findings {
            let key = format!("{}\n{}\n{}", finding.rule, self.project.path(finding.file()), finding.subject);
            let ordinal = ordinals.entry(key.clone()).or_default();
            finding.fingerprint = format!("{:016x}", stable_hash(format!("{key}\n{ordinal}").as_bytes()));
            *ordinal += 1;
        }
    }
}

/// The last word on levels: what the fact behind a finding allows.
fn capped(mut findings: Vec<Finding>) -> Vec<Finding> {
    for finding in &mut findings {
        let cap = if finding.unverified { Level::Info } else { finding.cap.unwrap_or(Level::Error) };
        finding.level = finding.level.min(cap);
    }
    findings
}

fn ignores(directive: &Directive, finding: &Finding) -> bool {
    match &directive.kind {
        DirectiveKind::Ignore { rule, reason } => {
            rule == finding.rule
                && !reason.is_empty()
                && directive.covers.start <= finding.span.start
                && finding.span.start <= directive.covers.end
        }
        _ => false,
    }
}
