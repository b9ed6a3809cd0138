//! SARIF 2.1.0, for code scanning. Written also when nothing was found: that is how alerts are closed.

mod log;
#[cfg(test)]
mod tests;

use super::Report;
use crate::finding::{Edit, Finding, Fix, Level, Safety};
use crate::rule::Rule;
use crate::source::{FileId, Span};
use log::{
    Artifact, Change, Configuration, Descriptor, Driver, Fixed, Help, Invocation, Log, Message, Physical, Place,
    Properties, Region, Replacement, Result, Root, Roots, Run, RunName, Tool,
};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{self, Write};

/// The name of the base that all paths are relative to: the repository's root, which the reader of the file knows.
const ROOT: &str = "SRCROOT";

/// The longest description of a rule that GitHub takes, in characters.
const LONGEST: usize = 1024;

/// Writes the report.
///
/// # Errors
/// Whatever the writer fails with.
pub fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let driver = Driver {
        name: "sparkproof",
        version: env!("CARGO_PKG_VERSION"),
        semantic_version: env!("CARGO_PKG_VERSION"),
        information_uri: env!("CARGO_PKG_REPOSITORY"),
        rules: report.rules.iter().map(|rule| descriptor(rule)).collect(),
    };
    let run = Run {
        tool: Tool { driver },
        automation_details: RunName { id: "sparkproof/" },
        invocations: [Invocation { execution_successful: true }],
        original_uri_base_ids: Roots { root: Root { description: Message::of("the root of the repository") } },
        column_kind: "unicodeCodePoints",
        results: report.findings.iter().map(|finding| result(report, finding)).collect(),
    };
    let log = Log { schema: "https://json.schemastore.org/sarif-2.1.0.json", version: "2.1.0", runs: [run] };
    super::json::write_value(&log, out)
}

fn level(level: Level) -> &'static str {
    match level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Info => "note",
    }
}

fn descriptor(rule: &Rule) -> Descriptor<'_> {
    let summary = one_line(rule.summary());
    let summary = if summary.is_empty() { rule.id.into() } else { summary };
    let full = one_line(&format!("{summary} {}", rule.section("Why")));
    Descriptor {
        id: rule.id,
        name: pascal_case(rule.id),
        short_description: Message::of(cut(&summary)),
        full_description: Message::of(cut(&full)),
        // The examples stay on the page, which `helpUri` names: with them, each log would hold all pages twice.
        help: Help { text: filled(rule.help(), rule.id), markdown: filled(rule.help(), rule.id) },
        help_uri: rule.docs(),
        default_configuration: Configuration { level: level(rule.level) },
        properties: Properties { tags: ["spark", rule.group.name()] },
    }
}

fn filled<'a>(text: &'a str, otherwise: &'a str) -> &'a str {
    if text.trim().is_empty() { otherwise } else { text }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn cut(text: &str) -> String {
    if text.chars().count() <= LONGEST {
        return text.into();
    }
    let mut cut: String = text.chars().take(LONGEST - 1).collect();
    cut.push('…');
    cut
}

/// `probe-missing` as `ProbeMissing`.
fn pascal_case(id: &str) -> String {
    id.split('-')
        .flat_map(|word| word.chars().enumerate().map(|(n, c)| if n == 0 { c.to_ascii_uppercase() } else { c }))
        .collect()
}

fn result<'a>(report: &Report<'a>, finding: &'a Finding) -> Result<'a> {
    let related = finding.labels.iter().enumerate().map(|(n, label)| Place {
        id: Some(n + 1),
        physical_location: physical(report, label.span),
        message: Some(Message::of(filled(&label.message, "see also"))),
    });
    let fingerprint = Some(finding.fingerprint.as_str()).filter(|print| !print.is_empty());
    Result {
        rule_id: finding.rule,
        rule_index: report.rules.iter().position(|rule| rule.id == finding.rule),
        level: level(finding.level),
        message: Message::of(prose(finding)),
        locations: [Place { id: None, physical_location: physical(report, finding.span), message: None }],
        related_locations: related.collect(),
        partial_fingerprints: fingerprint.map(|print| BTreeMap::from([("sparkproof/v1", print)])),
        fixes: finding.fix.iter().map(|fix| fixed(report, fix)).collect(),
    }
}

/// All that a finding says, as sentences, for readers who see nothing but the message.
fn prose(finding: &Finding) -> String {
    let mut text = filled(&finding.message, finding.rule).to_owned();
    if let Some(evidence) = &finding.because {
        let _ = write!(text, ", because {evidence}");
    }
    if let Some(help) = &finding.help {
        let _ = write!(text, ". Help: {help}");
    }
    if let Some(source) = &finding.source {
        let _ = write!(text, ". Source: {source}");
    }
    if finding.unverified {
        text.push_str(". Unverified: no primary source was read for this");
    }
    text
}

fn physical(report: &Report, span: Span) -> Physical {
    Physical { artifact_location: artifact(report, span.file), region: region(report, span) }
}

fn artifact(report: &Report, file: FileId) -> Artifact {
    Artifact { uri: encode(report.sources.path(file)), uri_base_id: ROOT }
}

fn region(report: &Report, span: Span) -> Region {
    let (start, end) = report.texts.get(span.file).positions(span);
    Region {
        start_line: start.line,
        start_column: start.column,
        end_line: end.line,
        end_column: end.column,
        byte_offset: span.start,
        byte_length: span.end.saturating_sub(span.start),
    }
}

/// A relative path as a URI reference: everything but the unreserved characters is percent-encoded.
fn encode(path: &str) -> String {
    path.bytes().fold(String::with_capacity(path.len()), |mut uri, byte| {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => uri.push(char::from(byte)),
            _ => {
                let _ = write!(uri, "%{byte:02X}");
            }
        }
        uri
    })
}

/// The edits of a fix, file by file.
fn fixed<'a>(report: &Report<'a>, fix: &'a Fix) -> Fixed<'a> {
    let mut files: BTreeMap<FileId, Vec<&'a Edit>> = BTreeMap::new();
    for edit in &fix.edits {
        files.entry(edit.span.file).or_default().push(edit);
    }
    let change = |(file, edits): (FileId, Vec<&'a Edit>)| Change {
        artifact_location: artifact(report, file),
        replacements: edits
            .into_iter()
            .map(|edit| Replacement {
                deleted_region: region(report, edit.span),
                inserted_content: Message::of(edit.text.as_str()),
            })
            .collect(),
    };
    let description = match fix.safety {
        Safety::Safe => "safe: run with --fix",
        Safety::Unsafe => "to be read before it is kept: run with --unsafe-fixes",
    };
    Fixed { description: Message::of(description), artifact_changes: files.into_iter().map(change).collect() }
}
