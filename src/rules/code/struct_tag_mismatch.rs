//! See `rules/code/struct-tag-mismatch.md`.

use crate::fact::code::column::{Disagreement, disagreement};
use crate::source::Span;
use crate::finding::Level;
use crate::rule::{Case, Findings, Group, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "struct-tag-mismatch",
    group: Group::Code,
    level: Level::Error,
    options: &[],
    yields_to: &[],
    page: include_str!("../../../rules/code/struct-tag-mismatch.md"),
    check,
};

const SOURCE: &str = "https://spark.apache.org/docs/latest/sql-ref-datatypes.html";

fn check(case: &Case, findings: &mut Findings) {
    for tagged in &case.project.facts.columns {
        let Some(wrong) = disagreement(&tagged.text, &tagged.shape) else { continue };
        let (Disagreement::Type(range) | Disagreement::NoNull(range) | Disagreement::MayBeNull(range)) = &wrong;
        let (field, shown) = (&tagged.field, tagged.shape.shown());
        let said = tagged.text.get(range.clone()).unwrap_or_default();
        // A tag with escapes is pointed at as a whole.
        let is_plain = (tagged.span.end - tagged.span.start) as usize == tagged.text.len();
        let start = tagged.span.start + range.start as u32;
        let span = if is_plain { Span { start, end: start + range.len() as u32, ..tagged.span } } else { tagged.span };
        let (message, help) = match wrong {
            Disagreement::Type(_) => (
                format!("the field `{field}` is `{shown}`, which does not hold a column of `{said}`"),
                "give the field the Go type of the column: `bigint` is `int64`, `int` is `int32`, `array` a slice, `map` a map",
            ),
            Disagreement::NoNull(_) => (
                format!("the column of `{field}` may be null, and `{shown}` has no value for that"),
                "make it a pointer, or a type of `database/sql` that may be null",
            ),
            Disagreement::MayBeNull(_) => (
                format!("the column of `{field}` is never null, and `{shown}` may be"),
                "take the pointer away, or let the column be null",
            ),
        };
        findings
            .report(span, message)
            .subject(format!("{field}/{said}"))
            .label(tagged.of, format!("`{shown}`"))
            .help(help)
            .source(SOURCE);
    }
}
