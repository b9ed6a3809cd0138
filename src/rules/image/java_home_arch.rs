//! See `rules/image/java-home-arch.md`.

use crate::fact::{ImageBuild, PartKind, Stage};
use crate::finding::{Level, Place};
use crate::project::Project;
use crate::rule::{Case, Findings, Group, Rule};
use crate::source::Traced;

/// The rule.
pub static RULE: Rule = Rule {
    id: "java-home-arch",
    group: Group::Image,
    level: Level::Warning,
    options: &[],
    yields_to: &[],
    page: include_str!("../../../rules/image/java-home-arch.md"),
    check,
};

/// Words of each of the two architectures.
const ARCHITECTURES: [&[&str]; 2] = [&["amd64", "x86_64", "x64"], &["arm64", "aarch64"]];

/// What a build asks for that runs on several.
const ASKS: [&str; 5] = ["TARGETARCH", "TARGETPLATFORM", "dpkg --print-architecture", "uname -m", "arch)"];

fn check(case: &Case, findings: &mut Findings) {
    for part in &case.project.facts.parts {
        let PartKind::ImageBuild(build) = &part.kind else { continue };
        let stages: Vec<&Stage> = build.final_stages().into_iter().filter_map(|number| build.stages.get(number)).collect();
        let homes = stages.iter().find_map(|stage| Some((stage, stage.env.iter().rev().find(|(name, _)| name.as_str() == "JAVA_HOME")?)));
        let Some((stage, (_, home))) = homes else { continue };
        let Some(own) = architecture(home.as_str()).filter(|_| !is_made(build, home) && !is_for_one(stage)) else { continue };
        let Some((evidence, why)) = other(case.project, &part.name, build, own) else { continue };
        findings
            .report(home, format!("`JAVA_HOME` is the folder of one architecture, but {why}"))
            .subject(part.name.clone())
            .label(evidence, "this says so")
            .help("link the JDK to a folder without the architecture in its name, or use `${TARGETARCH}` in the path")
            .source("https://docs.docker.com/reference/dockerfile/#automatic-platform-args-in-the-global-scope");
    }
}

/// Which of the two a text names: its position, where it is only one.
fn architecture(text: &str) -> Option<usize> {
    let named = |words: &[&str]| words.iter().any(|word| text.contains(word));
    let mut both = ARCHITECTURES.iter().enumerate().filter(|(_, words)| named(words)).map(|(i, _)| i);
    both.next().filter(|_| both.next().is_none())
}

/// Whether some command makes or looks for that folder itself.
fn is_made(build: &ImageBuild, home: &Traced) -> bool {
    let folder = home.as_str().trim_end_matches('/');
    build.stages.iter().flat_map(|stage| &stage.runs).any(|run| run.text.as_str().contains(folder))
}

/// A stage that is called so is one of several, each for one architecture.
fn is_for_one(stage: &Stage) -> bool {
    stage.name.as_ref().is_some_and(|name| architecture(name.as_str()).is_some())
}

/// Where something says that the image is for the other architecture, or for several.
fn other(project: &Project, path: &str, build: &ImageBuild, own: usize) -> Option<(Place, String)> {
    let is_other = |text: &str| architecture(text).is_some_and(|other| other != own);
    for stage in &build.stages {
        if let Some(platform) = stage.platform.as_ref().filter(|platform| is_other(platform.as_str())) {
            return Some((platform.into(), format!("the image is built for `{platform}`")));
        }
        if let Some(base) = stage.base.as_ref().filter(|base| base.as_str().split('/').any(|s| s.starts_with("arm64v8") || s.starts_with("amd64")) && is_other(base.as_str())) {
            return Some((base.into(), format!("the base image `{base}` is of the other one")));
        }
        let asks = |text: &str| ASKS.iter().any(|ask| text.contains(ask));
        if let Some(run) = stage.runs.iter().find(|run| asks(run.text.as_str())) {
            return Some((run.span.into(), "a command asks which one it is built for".into()));
        }
    }
    let named = project.facts.image_names.iter().filter(|name| name.paths.iter().any(|p| p == path));
    let mut said = named.filter_map(|name| Some((name.platforms.as_ref()?, &name.how)));
    let is_several = |platforms: &Traced| ARCHITECTURES.iter().all(|words| words.iter().any(|word| platforms.as_str().contains(word)));
    let (platforms, how) = said.find(|(platforms, _)| is_several(platforms) || is_other(platforms.as_str()))?;
    Some((platforms.into(), format!("{how} builds the image for `{}`", platforms.as_str().trim())))
}
