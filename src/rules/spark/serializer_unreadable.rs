//! See `rules/spark/serializer-unreadable.md`.

use crate::fact::serialized::Channel;
use crate::finding::Level;
use crate::rule::{Case, Findings, Group, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "serializer-unreadable",
    group: Group::Spark,
    level: Level::Warning,
    options: &[],
    yields_to: &[],
    page: include_str!("../../../rules/spark/serializer-unreadable.md"),
    check,
};

fn check(case: &Case, findings: &mut Findings) {
    let facts = &case.project.facts;
    for written in &facts.written {
        let mut readers = facts.consumed.iter().filter(|read| read.channel.is(&written.channel));
        let Some(reader) = readers.next() else { continue };
        let (form, language, name) = (written.form.phrase(), reader.language, written.channel.text());
        let what = match written.channel {
            Channel::Topic(_) => "topic",
            Channel::Path(_) => "path",
        };
        findings
            .report(written.span, format!("the {what} `{name}` gets {form}, which {language} cannot read"))
            .subject(format!("{}/{name}", written.subject))
            .label(reader.channel.text(), format!("read by {language} here"))
            .because(format!("both name the {what} `{name}`"))
            .help("write what both sides have a schema of: Avro, Protobuf, JSON, or Parquet for files")
            .source("https://spark.apache.org/docs/latest/tuning.html");
    }
}
