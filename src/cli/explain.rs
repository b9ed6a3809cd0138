//! `sparkproof explain`.

use super::{Answer, ExplainArgs, Trouble, print};
use crate::config::{Settings, nearest_rule};
use crate::finding::Level;
use crate::report::look;
use crate::rule::Rule;
use crate::rules;
use crate::session::{self, Wishes};
use std::fmt::Write as _;

pub(super) fn run(args: &ExplainArgs) -> Answer {
    let text = match (&args.rule, &args.error) {
        (Some(id), _) if args.list => list(find(id)?)?,
        (Some(id), _) => page(find(id)?),
        (None, Some(error)) => by_error(error)?,
        (None, None) => all(),
    };
    print(text.as_bytes())
}

fn find(id: &str) -> Result<&'static Rule, Trouble> {
    rules::find(id).ok_or_else(|| {
        let near = nearest_rule(id, &Settings::recommended(&rules::known()));
        let help = near
            .map_or_else(|| "`sparkproof explain` lists all rules".into(), |near| format!("did you mean `{near}`?"));
        Trouble::Words(format!("there is no rule `{}`", look::clean(id)), Some(help))
    })
}

/// The page, with the rule's options as they are declared.
fn page(rule: &Rule) -> String {
    let mut text = format!("{}\n", rule.page.trim_end());
    let _ = writeln!(text, "\nlevel: {} · group: {} · {}", rule.level, rule.group, rule.docs());
    for opt in rule.options {
        let _ = writeln!(text, "option `{}` = {}: {}", opt.name, opt.default.value(), opt.help);
    }
    text
}

fn all() -> String {
    let width = rules::ALL.iter().map(|rule| rule.id.len()).max().unwrap_or_default();
    let mut text = String::new();
    for group in rules::ALL.chunk_by(|a, b| a.group == b.group) {
        let _ = writeln!(text, "{}", group[0].group);
        for rule in group {
            let summary = rule.summary().split_whitespace().collect::<Vec<_>>().join(" ");
            let _ = writeln!(text, "  {:width$}  {:7}  {summary}", rule.id, rule.level);
        }
    }
    text
}

/// The rules whose `## Seen as` shares the most with a pasted message: each name in both counts with its length, so that a
/// class or method tells more than a common word.
fn by_error(error: &str) -> Result<String, Trouble> {
    let words = |text: &str| -> Vec<String> {
        let split = text.split(|c: char| !(c.is_alphanumeric() || "_$".contains(c)));
        split.map(|w| w.trim_matches('$').to_lowercase()).filter(|w| w.len() > 3).collect()
    };
    let asked = words(error);
    let mut scored: Vec<(usize, &Rule)> = rules::ALL
        .iter()
        .map(|rule| {
            let seen = words(rule.section("Seen as"));
            // A long word, such as a class name, tells more than a short one.
            let score = asked.iter().filter(|word| seen.contains(word)).map(String::len).sum();
            (score, *rule)
        })
        .filter(|(score, _)| *score >= 8)
        .collect();
    scored.sort_by_key(|(score, rule)| (std::cmp::Reverse(*score), rule.id));
    if scored.is_empty() {
        let help = "give the exception's own words: `--error \"NoSuchMethodError: scala.Predef$\"`";
        return Err(Trouble::Words("no rule knows that message".into(), Some(help.into())));
    }
    let mut text = String::new();
    for (_, rule) in scored.into_iter().take(5) {
        let summary = rule.summary().split_whitespace().collect::<Vec<_>>().join(" ");
        let _ = writeln!(text, "{}\n  {summary}\n  sparkproof explain {}", rule.id, rule.id);
    }
    Ok(text)
}

fn list(rule: &Rule) -> Result<String, Trouble> {
    if rule.id != rules::code::forbidden_call::RULE.id {
        return Err(Trouble::Words(format!("`{}` has no list", rule.id), Some("only `forbidden-call` has one".into())));
    }
    let mut text = String::new();
    // The list in force: with what the configuration here adds.
    let tables = session::tables_in_force(&Wishes::default())?;
    for row in &tables.forbidden {
        let level = row.level.map_or("off", Level::name);
        let _ = writeln!(text, "{:?} {level} {} [{}]: {}", row.language, row.path, row.capability, row.reason);
    }
    for entry in tables.all_entries() {
        let _ = writeln!(text, "{:?} entry {}: {}", entry.language, entry.name, entry.why);
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::by_error;

    #[test]
    fn pasted_errors_find_their_rules() {
        let first = |error: &str| by_error(error).ok().and_then(|text| text.lines().next().map(str::to_owned));
        let scala = Some("scala-binary-mismatch".to_owned());
        assert_eq!(first("NoSuchMethodError: scala.Predef$…"), scala);
        assert_eq!(first("NoSuchMethodError: scala.Predef$"), scala);
        assert_eq!(
            first("java.lang.NoSuchMethodError: 'scala.collection.mutable.ArrayOps scala.Predef$.refArrayOps'"),
            scala
        );
        assert_eq!(first("all is well"), None);
    }
}
