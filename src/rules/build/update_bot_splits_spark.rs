//! See `rules/build/update-bot-splits-spark.md`.

use crate::fact::{Dependency, PartKind, UpdateBot};
use crate::finding::Level;
use crate::discover::glob_set;
use crate::project::Project;
use crate::rule::{Case, Findings, Group, Rule};
use crate::table::{Kind, Tables};

/// The rule.
pub static RULE: Rule = Rule {
    id: "update-bot-splits-spark",
    group: Group::Build,
    level: Level::Info,
    options: &[],
    yields_to: &[],
    page: include_str!("../../../rules/build/update-bot-splits-spark.md"),
    check,
};

fn check(case: &Case, findings: &mut Findings) {
    for bot in &case.project.facts.update_bots {
        let Some((first, second)) = split(case.project, case.tables, bot) else { continue };
        let (a, b) = (first.coordinate(), second.coordinate());
        let finding = findings.report(&bot.text, format!("`{a}` and `{b}` are updated one by one by {}, but only work together", bot.name));
        finding
            .subject(format!("{}/{}", bot.name, bot.text))
            .label(&first.name, format!("`{a}` has a version of its own"))
            .label(&second.name, format!("`{b}` has a version of its own"))
            .help(match bot.name {
                "Dependabot" => "put Spark and what is built for it into one of its `groups`, or let it leave them alone",
                _ => "give Spark and what is built for it one `groupName`, or let it leave them alone",
            })
            .source(match bot.name {
                "Dependabot" => "https://docs.github.com/en/code-security/dependabot/working-with-dependabot/dependabot-options-reference",
                _ => "https://docs.renovatebot.com/configuration-options/#groupname",
            });
    }
}

/// Two libraries of Spark's family in one module whose versions stand in places of their own and are updated apart.
fn split<'p>(project: &'p Project, tables: &Tables, bot: &UpdateBot) -> Option<(&'p Dependency, &'p Dependency)> {
    let folders = glob_set(&bot.folders.iter().filter(|folder| !folder.is_empty()).cloned().collect::<Vec<_>>());
    let everywhere = bot.folders.is_empty() || bot.folders.iter().any(String::is_empty);
    for (id, part) in project.facts.parts() {
        let PartKind::Module(module) = &part.kind else { continue };
        let here = everywhere || folders.is_match(&part.folder);
        if !here || !bot.ecosystems.contains(&module.ecosystem) {
            continue;
        }
        let of_family = |d: &&Dependency| {
            let kind = tables.artefact(d).map(|(artefact, _)| artefact.kind);
            d.part == id
                && d.version.is_some()
                && matches!(kind, Some(Kind::Spark | Kind::SparkModule | Kind::Connector | Kind::HadoopModule))
                && bot.updates(&d.coordinate())
        };
        let family: Vec<&Dependency> = project.facts.dependencies.iter().filter(of_family).collect();
        let is_spark = |d: &Dependency| tables.artefact(d).is_some_and(|(a, _)| matches!(a.kind, Kind::Spark | Kind::SparkModule));
        let place = |d: &Dependency| d.version.as_ref().map(crate::source::Traced::span);
        let apart = |a: &Dependency, b: &Dependency| {
            let names = [a.coordinate(), b.coordinate()];
            place(a) != place(b) && !bot.joins(names.iter().map(String::as_str))
        };
        let found = family.iter().filter(|d| is_spark(d)).find_map(|a| Some((*a, *family.iter().find(|b| apart(a, b))?)));
        if found.is_some() {
            return found;
        }
    }
    None
}
