//! See `rules/build/provided-but-missing.md`.

use crate::fact::{Component, Dependency, ImageBuild, PartKind, Scope, Submission, VersionClaim};
use crate::finding::Level;
use crate::project::{Project, Unit};
use crate::rule::{Case, Findings, Group, Rule};
use crate::table::Kind;
use std::collections::HashSet;

/// The rule.
pub static RULE: Rule = Rule {
    id: "provided-but-missing",
    group: Group::Build,
    level: Level::Warning,
    options: &[],
    yields_to: &[],
    page: include_str!("../../../rules/build/provided-but-missing.md"),
    check,
};

fn check(case: &Case, findings: &mut Findings) {
    let project = case.project;
    let mut seen = HashSet::new();
    for unit in &project.units {
        let Some((image, spark)) = stock(project, unit) else { continue };
        let of_unit = |d: &&Dependency| unit.members.contains(&d.part);
        let wanted = project.facts.dependencies.iter().filter(of_unit).filter(|d| d.scope == Scope::Provided);
        for dependency in wanted {
            let Some((artefact, _)) = case.tables.artefact(dependency) else { continue };
            let left_out = matches!(artefact.kind, Kind::Connector | Kind::SparkModule);
            let brought = |other: &Dependency| {
                other.scope != Scope::Provided
                    && other.scope.is_on_class_path()
                    && case.tables.artefact(other).is_some_and(|(known, _)| known.component == artefact.component)
            };
            // From 4.0 on Spark has its Connect server among its jars.
            let is_connect = dependency.name.as_str() == "spark-connect";
            let is_brought = || project.facts.dependencies.iter().filter(of_unit).any(brought);
            if !left_out || is_connect || named(image, dependency) || is_brought() || !seen.insert(dependency.span) {
                continue;
            }
            let message = format!("`{}` is left to the platform, but nothing here brings it", dependency.coordinate());
            findings
                .report(&dependency.name, message)
                .subject(format!("{}/{}", project.part(dependency.part).name, dependency.coordinate()))
                .label(&spark.text, format!("{}, without it", spark.phrase()))
                .because(project.because(unit, dependency.part, spark.part))
                .help("put it into the jar, copy it into the image's `jars`, or name it in `spark.jars.packages`")
                .source("https://spark.apache.org/docs/latest/submitting-applications.html#advanced-dependency-management");
        }
    }
}

/// The image of a unit that is Spark's as it comes, with nothing put beside its jars but what modules here build.
fn stock<'p>(project: &'p Project, unit: &'p Unit) -> Option<(&'p ImageBuild, &'p VersionClaim)> {
    // Settings, applications and submissions with flags of their own may load anything by name.
    let plain = unit.members.iter().all(|id| match &project.part(*id).kind {
        PartKind::ImageBuild(_) | PartKind::Module(_) => true,
        PartKind::Submission(submission) => loads_nothing(submission),
        _ => false,
    });
    let loads = project.facts.settings.iter().any(|s| unit.members.contains(&s.part) && s.key.as_str().starts_with("spark.jars"));
    let PartKind::ImageBuild(image) = &project.part(unit.root).kind else { return None };
    let spark = project.claims(unit).find(|c| c.component == Component::Spark && c.how.is_runtime() && c.part == unit.root)?;
    // Whoever names a packaged connector somewhere else may run this image with it.
    (plain && !loads && is_plain(&spark.by)).then_some((image, spark))
}

/// The images that hold Spark's distribution and no more.
fn is_plain(image: &str) -> bool {
    image.ends_with("apache/spark") || matches!(image, "spark" | "docker.io/spark" | "library/spark" | "docker.io/library/spark")
}

/// Whether a submission names nothing that it loads beside its application, as far as can be seen.
fn loads_nothing(submission: &Submission) -> bool {
    const LOADS: [&str; 6] = ["--packages", "--jars", "--properties-file", "--conf", "-c", "--driver-class-path"];
    !submission.open && submission.flags.iter().all(|flag| !LOADS.contains(&flag.name.as_str()))
}

/// Whether an image's recipe may bring a library: it copies or fetches jars that are no module's, or speaks of it.
fn named(image: &ImageBuild, dependency: &Dependency) -> bool {
    let stages = image.final_stages().into_iter().filter_map(|number| image.stages.get(number));
    stages.into_iter().any(|stage| {
        let copied = stage.copies.iter().flat_map(|copy| &copy.sources);
        let foreign = |path: &str| {
            let output = ["target/", "build/libs/"].iter().any(|output| path.contains(output));
            !output && ["jar", "lib", "ivy", "maven", "*", "connect"].iter().any(|word| path.contains(word))
        };
        let everything = |path: &str| path.trim_matches(['.', '/']).is_empty() || path.contains("dependency");
        let fetches = |text: &str| {
            ["wget", "curl", "mvn", "gradle", "packages", "ADD", "jars", "coursier", "pip"].iter().any(|word| text.contains(word))
                || text.contains(dependency.name.as_str())
        };
        copied.into_iter().any(|source| foreign(source.as_str()) || everything(source.as_str()))
            || stage.runs.iter().chain(&stage.commands).any(|run| fetches(run.text.as_str()))
    })
}
