//! `sparkproof matrix`: what the tables know, each line with its source. Nothing is looked up anywhere else.

use super::{Answer, MatrixArgs, MatrixFormat, Trouble, print};
use crate::fact::Component;
use crate::read::keyed::nearest;
use crate::report::look;
use crate::table::{BUILT_IN, ImageFamily, Kind, Row};
use crate::version::{Version, VersionSet};
use serde::Serialize;
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// What a line is about, in the order in which a reader asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
enum Section {
    RunsOn,
    SameVersion,
    PythonPackages,
    Libraries,
    Connectors,
    Images,
}

impl Section {
    fn heading(self) -> &'static str {
        match self {
            Self::RunsOn => "what it runs on",
            Self::SameVersion => "modules that must be of the same version",
            Self::PythonPackages => "Python packages",
            Self::Libraries => "libraries",
            Self::Connectors => "connectors, clients and platforms that name it",
            Self::Images => "images",
        }
    }

    /// Where a fact about what a subject itself needs belongs.
    fn of_need(component: Component) -> Self {
        match (component.subject(), BUILT_IN.kind(component)) {
            ("scala" | "scala-library" | "java" | "python" | "hadoop" | "spark", _) => Self::RunsOn,
            (_, Some(Kind::PythonLibrary)) => Self::PythonPackages,
            _ => Self::Libraries,
        }
    }
}

/// One thing the tables say.
#[derive(Debug, Serialize)]
struct Line {
    section: Section,
    /// Who needs something: the subject asked about, or another one that names it.
    subject: String,
    versions: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    distribution: Option<String>,
    /// `needs`, `fails`, `is` or `image`.
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
        None => BUILT_IN.all_rows().iter().map(need).collect(),
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
    let mut lines: Vec<Line> = own.map(need).collect();
    lines.extend(reverse.map(|row| line(row, Section::Connectors)));
    if *component == Component::Spark {
        lines.extend(modules(asked.as_ref(), version));
        lines.extend(BUILT_IN.images().iter().flat_map(|family| images(family, asked.as_ref())));
    }
    lines.sort_by_key(|line| line.section);
    Ok(lines)
}

fn need(row: &Row) -> Line {
    line(row, Section::of_need(row.relation.component))
}

/// The modules that Spark's distribution leaves out: of the same version, where no row says that this Spark has none.
fn modules(asked: Option<&VersionSet>, version: Option<&str>) -> Vec<Line> {
    let modules = BUILT_IN.artefacts().filter(|artefact| artefact.kind == Kind::SparkModule);
    let exists = |subject: &str| {
        let mut rows = BUILT_IN.rows(subject).filter(|row| row.relation.component == Component::Spark);
        rows.all(|row| asked.is_none_or(|asked| !row.relation.contradicts(asked)))
    };
    let line = |subject: &str, source: &str, unverified| Line {
        section: Section::SameVersion,
        subject: subject.to_owned(),
        versions: String::new(),
        distribution: None,
        relation: "is",
        component: "spark".to_owned(),
        range: version.unwrap_or("the same version").to_owned(),
        verdict: "breaks",
        source: source.to_owned(),
        unverified,
    };
    modules
        .filter(|module| exists(module.component.subject()))
        .map(|module| line(module.component.subject(), &module.source, module.unverified))
        .collect()
}

fn line(row: &Row, section: Section) -> Line {
    Line {
        section,
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
        section: Section::Images,
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

fn say(line: &Line) -> String {
    let Line { subject, versions, relation, component, range, .. } = line;
    let distribution = line.distribution.as_ref().map(|d| format!(" ({d})")).unwrap_or_default();
    match *relation {
        "image" => format!("{subject}:{range}"),
        "is" => format!("{subject} {range}"),
        relation => format!("{subject} {versions}{distribution} {relation} {component} {range}"),
    }
}

fn text(lines: &[Line], asked: &str) -> String {
    let mut text = String::new();
    let width = lines.iter().map(|line| say(line).chars().count()).max().unwrap_or_default().min(76);
    for section in lines.chunk_by(|a, b| a.section == b.section) {
        let between = if text.is_empty() { "" } else { "\n" };
        let heading = section.first().map_or("", |line| line.section.heading());
        let _ = writeln!(text, "{between}{heading}:");
        for line in section {
            let note = if line.unverified { " (unverified)" } else { "" };
            let _ = writeln!(text, "  {:width$}  {:11}  {}{note}", say(line), line.verdict, line.source);
        }
    }
    if lines.is_empty() {
        let _ = writeln!(text, "the tables say nothing of this version of {}", look::clean(asked));
    }
    text
}
