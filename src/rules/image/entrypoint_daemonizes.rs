//! See `rules/image/entrypoint-daemonizes.md`.

use crate::fact::{Container, ImageUse, PartId, PartKind, Run};
use crate::finding::{Edit, Level, Safety};
use crate::project::{EdgeKind, Project};
use crate::rule::{Case, Findings, Group, Rule};
use crate::source::{Span, Traced};

/// The rule.
pub static RULE: Rule = Rule {
    id: "entrypoint-daemonizes",
    group: Group::Image,
    level: Level::Error,
    options: &[],
    yields_to: &[],
    page: include_str!("../../../rules/image/entrypoint-daemonizes.md"),
    check,
};

/// Scripts that start a server in the background and end.
const SCRIPTS: [&str; 6] = [
    "start-connect-server.sh",
    "start-history-server.sh",
    "start-master.sh",
    "start-slave.sh",
    "start-thriftserver.sh",
    "start-worker.sh",
];

/// Those of these names that say nothing of Spark.
const GENERIC: [&str; 3] = ["start-master.sh", "start-slave.sh", "start-worker.sh"];

/// The variable that keeps them in the foreground.
const VARIABLE: &str = "SPARK_NO_DAEMONIZE";

/// Images of Spark that do not set it.
const KNOWN: [&str; 2] = ["apache/spark", "spark"];

fn check(case: &Case, findings: &mut Findings) {
    let project = case.project;
    for (id, part) in project.facts.parts() {
        match &part.kind {
            PartKind::ImageBuild(build) if part.is_dockerfile() => {
                let Some(stage) = build.stages.last().filter(|_| !sets_variable(project, id)) else { continue };
                // What `CMD` says are the arguments of an `ENTRYPOINT`.
                let Some(run) = stage.commands.first() else { continue };
                let Some(at) = script_at_end(&run.text) else { continue };
                let edit = Edit { span: Span { end: run.span.start, ..run.span }, text: format!("ENV {VARIABLE}=1\n") };
                say(findings, &at, &part.name, is_known(project, id)).fix(Safety::Safe, [edit]);
            }
            PartKind::Workload(workload) => {
                for container in workload.containers.iter().chain(workload.service.as_deref()) {
                    container_command(project, id, &part.name, container, findings);
                }
            }
            _ => {}
        }
    }
}

fn container_command(project: &Project, id: PartId, name: &str, container: &Container, findings: &mut Findings) {
    let Some(at) = container.command.iter().find_map(script_at_end) else { return };
    let words = || container.command.iter().map(Traced::as_str);
    let stays = words().any(|word| STAYS.iter().any(|stay| word.contains(stay)));
    let image = project.facts.images.iter().find(|image| image.part == id && image.usage.slot().is_none_or(|slot| slot == container.name));
    let edges = project.edges.iter().filter(|edge| edge.kind == EdgeKind::RunsImage && edge.from == id);
    let mut built = edges.filter(|edge| edge.slot.as_deref().is_none_or(|slot| slot == container.name));
    if stays || !container.env_known || container.variable(VARIABLE).is_some() || built.any(|edge| sets_variable(project, edge.to)) {
        return;
    }
    say(findings, &at, &format!("{name}/{}", container.name), image.is_some_and(|image| KNOWN.contains(&image.name.as_str())));
}

fn say<'f>(findings: &'f mut Findings, at: &Traced, subject: &str, known: bool) -> &'f mut crate::finding::Finding {
    let finding = findings.report(at, format!("`{at}` starts its server in the background and ends, and the container ends with it"));
    finding
        .subject(subject)
        .help(format!("set `{VARIABLE}=1`, or run the server's class with `spark-class` or `spark-submit`"))
        .source("https://github.com/apache/spark/blob/master/sbin/spark-daemon.sh");
    // An image of somebody else's may set the variable.
    if !known {
        finding.at_most(Level::Warning);
    }
    finding
}

/// What keeps a container running after such a script.
const STAYS: [&str; 8] = ["tail ", "tail\n", "sleep", "wait", "--wait", VARIABLE, "spark-class", "while "];

/// The script's name, where it is the last thing that a command runs.
fn script_at_end(text: &Traced) -> Option<Traced> {
    let whole = text.as_str();
    let (at, script) = SCRIPTS.iter().filter_map(|script| Some((whole.rfind(script)?, *script))).max()?;
    let after = &whole[at + script.len()..];
    // Others have masters and workers as well.
    let path = whole[..at].rsplit(char::is_whitespace).next().unwrap_or_default().to_ascii_lowercase();
    let is_spark = path.contains("spark") || path.ends_with("sbin/") || !GENERIC.contains(&script);
    let stays = STAYS.iter().any(|word| whole.contains(word)) || after.trim_end().contains([';', '&', '\n', '|']);
    (is_spark && !stays).then(|| text.slice(at..at + script.len()))
}

/// Whether the image or one that it is based on sets the variable, as far as its recipe is here.
fn sets_variable(project: &Project, build: PartId) -> bool {
    let mut open = vec![build];
    let mut seen = Vec::new();
    while let Some(id) = open.pop() {
        if seen.contains(&id) {
            continue;
        }
        seen.push(id);
        let PartKind::ImageBuild(build) = &project.part(id).kind else { continue };
        let sets = |run: &Run| run.text.as_str().contains(VARIABLE);
        if build.stages.iter().any(|stage| stage.env.iter().any(|(name, _)| name.as_str() == VARIABLE) || stage.runs.iter().any(sets)) {
            return true;
        }
        open.extend(project.edges.iter().filter(|e| e.kind == EdgeKind::Base && e.from == id).map(|e| e.to));
    }
    false
}

/// Whether what the image is based on is known not to set the variable.
fn is_known(project: &Project, build: PartId) -> bool {
    let mut bases = project.facts.images.iter().filter(|i| i.part == build && matches!(i.usage, ImageUse::Base { last: true, .. }));
    bases.any(|image| KNOWN.contains(&image.name.as_str()))
}
