//! `sparkproof matrix`: what the tables know, each line with its source. Nothing is looked up anywhere else.

use super::{Answer, MatrixArgs, MatrixFormat, Trouble, print};
use crate::fact::Component;
use crate::read::keyed::nearest;
use crate::report::look;
use crate::table::{BUILT_IN, ImageFamily, Row};
use crate::version::{Version, VersionSet};
use serde::Serialize;
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// One thing the tables say.
#[derive(Debug, Serialize)]
struct Line {
    /// Who needs something: the subject asked about, or another one that names it.
    subject: String,
    versions: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    distribution: Option<String>,
    /// `needs`, `fails` or `image`.
    relation: &'static str,
    component: String,
    /// Which versions of the component, or the image's tag.
    range: String,
    verdict: &'static str,
    source: String,
    unverified: bool,
}

pub(super) fn run(args: &MatrixArgs) -> Answer {
    let lines = match &args.subject {
        None => BUILT_IN.all_rows().iter().map(line).collect(),
        Some(subject) => about(&known(subject)?, args.version.as_deref())?,
    };
    let text = match args.format {
        MatrixFormat::Json => json(&lines),
        MatrixFormat::Text => text(&lines, args.subject.as_deref().unwrap_or_default()),
    };
    print(text.as_bytes())
}

/// The subject as the tables call it: also by a coordinate's name, as in `pyspark` or `delta-core`.
fn known(asked: &str) -> Result<Component, Trouble> {
    let lower = asked.to_ascii_lowercase();
    let subjects: BTreeSet<&str> =
        BUILT_IN.all_rows().iter().flat_map(|row| [row.subject.as_str(), row.relation.component.subject()]).collect();
    if let Some(subject) = subjects.get(lower.as_str()) {
        return Ok(Component::named(subject));
    }
    if let Some(component) = BUILT_IN.component_called(&lower) {
        return Ok(component);
    }
    let near = nearest(&lower, subjects.iter().copied()).map(|near| format!("did you mean `{near}`?"));
    let help = near.unwrap_or_else(|| "`sparkproof matrix --all` shows everything the tables know".to_owned());
    Err(Trouble::Words(format!("the tables know nothing of `{}`", look::clean(asked)), Some(help)))
}

/// What holds for these versions of a component: what it needs, who needs it, and which images hold it.
fn about(component: &Component, version: Option<&str>) -> Result<Vec<Line>, Trouble> {
    let asked = match version.map(VersionSet::parse) {
        None => None,
        Some(Ok(set)) => Some(set),
        Some(Err(message)) => return Err(Trouble::Words(message, None)),
    };
    let wanted = |set: &VersionSet| asked.as_ref().is_none_or(|asked| asked.meets(set));
    let own = BUILT_IN.rows(component.subject()).filter(|row| wanted(&row.versions));
    let reverse = BUILT_IN.all_rows().iter().filter(|row| {
        let relation = &row.relation;
        relation.component == *component && row.subject != component.subject() && wanted(&relation.versions)
    });
    let mut lines: Vec<Line> = own.map(line).collect();
    lines.extend(reverse.map(line));
    if *component == Component::Spark {
        lines.extend(BUILT_IN.images().iter().flat_map(|family| images(family, asked.as_ref())));
    }
    Ok(lines)
}

fn line(row: &Row) -> Line {
    Line {
        subject: row.subject.clone(),
        versions: row.versions.to_string(),
        distribution: row.distribution.clone(),
        relation: if row.relation.is_needs() { "needs" } else { "fails" },
        component: row.relation.component.subject().to_owned(),
        range: row.relation.text.clone(),
        verdict: row.verdict.name(),
        source: row.source.clone(),
        unverified: row.unverified,
    }
}

/// Tags of a family, of those its table was checked with, that name a wanted Spark.
fn images(family: &ImageFamily, asked: Option<&VersionSet>) -> Vec<Line> {
    let names = |tag: &&String| {
        let spark = family.versions_in(tag).into_iter().find(|(component, _)| *component == Component::Spark);
        let spark = spark.and_then(|(_, text)| Version::parse(&text));
        spark.is_some_and(|version| asked.is_none_or(|asked| asked.contains(&version)))
    };
    let repository = family.repositories.first().cloned().unwrap_or_default();
    let line = |tag: &String| Line {
        subject: repository.clone(),
        versions: tag.clone(),
        distribution: None,
        relation: "image",
        component: "spark".to_owned(),
        range: tag.clone(),
        verdict: "built-with",
        source: family.source.clone(),
        unverified: family.unverified,
    };
    family.checked.iter().filter(names).map(line).collect()
}

fn json(lines: &[Line]) -> String {
    let value = serde_json::json!({ "version": 1, "lines": lines });
    serde_json::to_string_pretty(&value).unwrap_or_default() + "\n"
}

fn text(lines: &[Line], asked: &str) -> String {
    let mut text = String::new();
    let say = |line: &Line| {
        let distribution = line.distribution.as_ref().map(|d| format!(" ({d})")).unwrap_or_default();
        match line.relation {
            "image" => format!("{}:{}", line.subject, line.range),
            relation => {
                format!("{} {}{distribution} {relation} {} {}", line.subject, line.versions, line.component, line.range)
            }
        }
    };
    let width = lines.iter().map(|line| say(line).chars().count()).max().unwrap_or_default().min(76);
    for line in lines {
        let note = if line.unverified { " (unverified)" } else { "" };
        let _ = writeln!(text, "{:width$}  {:11}  {}{note}", say(line), line.verdict, line.source);
    }
    if lines.is_empty() {
        let _ = writeln!(text, "the tables say nothing of this version of {}", look::clean(asked));
    }
    text
}
