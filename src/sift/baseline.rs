//! A baseline: findings that were accepted on the day the check was adopted.

use crate::finding::Finding;
use crate::project::Project;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The file as it is written and read.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Baseline {
    /// The format's version: 1.
    pub version: u32,
    /// The accepted findings, by path and rule.
    pub findings: Vec<Entry>,
}

/// One accepted finding. Only the fingerprint counts; the rest is for people who read the file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// The file.
    pub path: String,
    /// The rule.
    pub rule: String,
    /// What it is about.
    pub subject: String,
    /// See [`Finding::fingerprint`].
    pub fingerprint: String,
}

impl Baseline {
    /// A baseline of these findings.
    pub fn of(findings: &[Finding], project: &Project) -> Self {
        let entry = |f: &Finding| Entry {
            path: project.path(f.file()).to_owned(),
            rule: f.rule.to_owned(),
            subject: f.subject.clone(),
            fingerprint: f.fingerprint.clone(),
        };
        let mut entries: Vec<Entry> = findings.iter().map(entry).collect();
        entries.sort();
        Self { version: 1, findings: entries }
    }

    /// Reads a baseline.
    ///
    /// # Errors
    /// What is wrong with the text, in words.
    pub fn parse(text: &str) -> Result<Self, String> {
        let baseline: Self = serde_json::from_str(text).map_err(|e| format!("this is no baseline: {e}"))?;
        if baseline.version == 1 {
            Ok(baseline)
        } else {
            Err(format!("version {} of the baseline is not known", baseline.version))
        }
    }

    /// Takes away the findings it knows; returns its entries that match none.
    pub fn filter(&self, findings: &mut Vec<Finding>) -> Vec<Entry> {
        let known: BTreeSet<&str> = self.findings.iter().map(|e| e.fingerprint.as_str()).collect();
        let seen: BTreeSet<String> = findings.iter().map(|f| f.fingerprint.clone()).collect();
        findings.retain(|f| !known.contains(f.fingerprint.as_str()));
        self.findings.iter().filter(|e| !seen.contains(&e.fingerprint)).cloned().collect()
    }
}
