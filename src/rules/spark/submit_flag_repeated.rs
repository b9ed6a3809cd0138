//! See `rules/spark/submit-flag-repeated.md`.

use crate::fact::{Flag, PartKind};
use crate::finding::{Edit, Level, Safety};
use crate::rule::{Case, Findings, Group, Rule};
use crate::source::Traced;

/// The rule.
pub static RULE: Rule = Rule {
    id: "submit-flag-repeated",
    group: Group::Spark,
    level: Level::Error,
    options: &[],
    yields_to: &[],
    page: include_str!("../../../rules/spark/submit-flag-repeated.md"),
    check,
};

/// Flags whose values are lists, separated by commas: whoever writes one twice means both.
const LISTS: [&str; 7] =
    ["--archives", "--exclude-packages", "--files", "--jars", "--packages", "--py-files", "--repositories"];

fn check(case: &Case, findings: &mut Findings) {
    for (_, part) in case.project.facts.parts() {
        let PartKind::Submission(submission) = &part.kind else { continue };
        for name in LISTS {
            let flags: Vec<&Flag> = submission.flags.iter().filter(|flag| flag.name.as_str() == name).collect();
            let Some((last, ignored)) = flags.split_last().filter(|(_, ignored)| !ignored.is_empty()) else { continue };
            let same = |flag: &&Flag| flag.value.is_some() && same_text(flag, last);
            let Some(first) = ignored.iter().find(|flag| !same(flag)) else { continue };
            let what = first.value.as_ref().map_or_else(|| "what it names here".to_owned(), |value| format!("`{value}`"));
            let program = submission.program.as_str().rsplit('/').next().unwrap_or_default();
            let edits = edits(ignored, last);
            findings
                .report(&first.name, format!("`{name}` is given more than once, so {what} is not loaded"))
                .subject(format!("{}/{name}", part.name))
                .label(&last.name, "only the last one counts")
                .help(format!("give `{program}` one `{name}` with all items, separated by commas"))
                .source("https://spark.apache.org/docs/latest/submitting-applications.html")
                .fix(Safety::Safe, edits);
        }
    }
}

fn same_text(a: &Flag, b: &Flag) -> bool {
    let text = |flag: &Flag| flag.value.as_ref().map(ToString::to_string);
    text(a) == text(b)
}

/// Moves the lost items to the last flag; nothing where a value is not wholly written here.
fn edits(ignored: &[&Flag], last: &Flag) -> Vec<Edit> {
    let all = || {
        let items: Vec<&str> = ignored.iter().map(|flag| Some(flag.value.as_ref()?.as_str())).collect::<Option<_>>()?;
        let value = last.value.as_ref().filter(|value| value.is_literal())?;
        let mut edits = vec![Edit::replace(value, format!("{},{value}", items.join(",")))?];
        for flag in ignored {
            let literal = flag.value.as_ref().is_some_and(Traced::is_literal);
            edits.push(Edit { span: flag.removal.filter(|_| literal)?, text: String::new() });
        }
        Some(edits)
    };
    all().unwrap_or_default()
}
