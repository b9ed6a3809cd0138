//! See `rules/image/image-root.md`.

use crate::config::{DefaultValue, Opt};
use crate::fact::{Image, ImageBuild, ImageUse, Part, PartId, PartKind};
use crate::finding::Level;
use crate::project::EdgeKind;
use crate::rule::{Case, Findings, Group, Rule};
use crate::source::Traced;
use std::collections::HashMap;

/// The rule.
pub static RULE: Rule = Rule {
    id: "image-root",
    group: Group::Image,
    level: Level::Warning,
    options: &[Opt {
        name: "require-user",
        default: DefaultValue::Bool(false),
        help: "ask for a `USER` as well where the base image is known to run as root",
    }],
    yields_to: &[],
    page: include_str!("../../../rules/image/image-root.md"),
    check,
};

/// Official images whose Dockerfiles name no user.
const ROOT: [&str; 18] = [
    "almalinux", "alpine", "amazoncorretto", "amazonlinux", "busybox", "centos", "debian", "eclipse-temurin", "fedora",
    "golang", "ibmjava", "maven", "openjdk", "oraclelinux", "python", "rockylinux", "rust", "ubuntu",
];

fn check(case: &Case, findings: &mut Findings) {
    let requires = case.options.on("require-user");
    let is_last = |image: &&Image| matches!(image.usage, ImageUse::Base { last: true, .. });
    let bases: HashMap<PartId, &Image> =
        case.project.facts.images.iter().filter(is_last).map(|image| (image.part, image)).collect();
    for (id, part) in case.project.facts.parts() {
        let PartKind::ImageBuild(build) = &part.kind else { continue };
        if !part.is_dockerfile() || part.name.contains(".devcontainer") {
            continue;
        }
        let mut stages = build.final_stages().into_iter().filter_map(|number| build.stages.get(number));
        let user = stages.find_map(|stage| stage.user.as_ref());
        let base = bases.get(&id).copied();
        let is_root_anyway = base.is_some_and(|base| ROOT.contains(&base.name.as_str()));
        let runs_as_root = user.map_or(is_root_anyway, is_root) && (!is_root_anyway || requires);
        if !runs_as_root || drops_rights(build) || is_overridden(case, id) {
            continue;
        }
        match user {
            Some(user) => said(part, user, base, findings),
            None => silent(part, base, findings),
        }
    }
}

fn said(part: &Part, user: &Traced, base: Option<&Image>, findings: &mut Findings) {
    let finding = findings.report(user, format!("the image runs as root: its last `USER` is `{user}`"));
    finding
        .subject(part.name.clone())
        .help("switch back to the base's own user at the end (`USER spark` or `USER 185` in Spark's images)")
        .source("https://docs.docker.com/build/building/best-practices/#user");
    if let Some(base) = base {
        finding.label(&base.reference, "the base has a user of its own");
        if !base.name.contains("spark") {
            finding.labels.clear();
        }
    }
}

fn silent(part: &Part, base: Option<&Image>, findings: &mut Findings) {
    let Some(base) = base else { return };
    findings
        .report(&base.reference, format!("the image runs as root: `{}` does, and no `USER` is given", base.reference))
        .subject(part.name.clone())
        .help("make a user and end with `USER` and its number")
        .source("https://docs.docker.com/build/building/best-practices/#user");
}

/// `root`, `0`, `root:root`, `0:0`.
fn is_root(user: &Traced) -> bool {
    matches!(user.as_str().split(':').next(), Some("root" | "0"))
}

/// Whether what the image starts gives up its rights itself.
fn drops_rights(build: &ImageBuild) -> bool {
    let tools = ["gosu", "su-exec", "setpriv", "runuser", "s6-setuidgid", "supervisord", "/init", "systemd", "sshd"];
    let stages = || build.final_stages().into_iter().filter_map(|number| build.stages.get(number));
    stages().flat_map(|stage| stage.commands.iter().chain(&stage.runs)).any(|run| tools.iter().any(|tool| run.text.as_str().contains(tool)))
}

/// Whether something else decides: a container that runs the image, or an image that is based on it.
fn is_overridden(case: &Case, build: PartId) -> bool {
    // Whoever builds on it here says the user.
    if case.project.edges.iter().any(|edge| edge.kind == EdgeKind::Base && edge.to == build) {
        return true;
    }
    let edges = case.project.edges.iter().filter(|edge| edge.kind == EdgeKind::RunsImage && edge.to == build);
    let mut runners = edges.filter_map(|edge| match &case.project.part(edge.from).kind {
        PartKind::Workload(workload) => Some((&workload.pods, &workload.containers, edge)),
        _ => None,
    });
    runners.any(|(pods, containers, edge)| {
        let mut own = containers.iter().filter(|container| edge.slot.as_deref().is_none_or(|slot| slot == container.name));
        own.any(|container| {
            let pod = pods.get(container.pod).and_then(|pod| pod.security.user.value());
            container.security.user.value().or(pod).is_some_and(|user| user != 0)
        })
    })
}
