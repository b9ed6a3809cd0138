//! CI jobs: what they set up, run in, and build.

mod build;

use super::image::{self, java_line};
use super::submit;
use crate::fact::{Component, Facts, How, Job, Part, PartId, PartKind, VersionClaim};
use crate::read::shell::{self, Dialect, Given};
use crate::read::tree::{Kind, Node};
use crate::source::{Source, Traced, join};
use crate::version::{Version, VersionSet};
use build::built;

/// Keys of a GitLab file that are no jobs.
const RESERVED: [&str; 10] = [
    "default",
    "include",
    "stages",
    "variables",
    "workflow",
    "image",
    "services",
    "cache",
    "before_script",
    "after_script",
];

/// The jobs of a CI file; false where the document is none.
pub fn claim(source: &Source, root: Node<'_>, facts: &mut Facts) -> bool {
    if source.path.contains(".github/workflows/") {
        let working = working_directory(root);
        for (entry, job) in root.get("jobs").into_iter().flat_map(Node::entries) {
            let part = add(source, &entry.key, facts);
            github(job, working, part, facts);
            submit::claim_below(source, root, job, facts, part);
        }
        return true;
    }
    if !source.name().starts_with(".gitlab-ci") {
        return false;
    }
    let common = root.get("image").or_else(|| root.path(&["default", "image"]));
    for (entry, job) in root.entries().filter(|(entry, _)| !RESERVED.contains(&entry.key.as_str())) {
        if job.get("script").is_none() || entry.key.as_str().starts_with('.') {
            continue;
        }
        let part = add(source, &entry.key, facts);
        let named = job.get("image").or(common);
        runs(named.map(|image| image.get("name").unwrap_or(image)), part, facts);
        let scripts = ["before_script", "script"].into_iter().filter_map(|key| job.get(key));
        let lines = scripts.flat_map(|list| list.items().chain(std::iter::once(list))).filter_map(scalar);
        let mut folder = Some(source.folder().to_owned());
        for line in lines {
            built(&shell::commands(line, Dialect::Shell, &Given::new()), &mut folder, part, facts);
        }
        submit::claim_below(source, root, job, facts, part);
    }
    true
}

fn add(source: &Source, name: &Traced, facts: &mut Facts) -> PartId {
    facts.add(Part {
        name: format!("{}: {name}", source.path),
        span: name.span(),
        // Jobs run from the root of the checkout.
        folder: source
            .path
            .split("/.github/")
            .next()
            .filter(|_| source.path.contains("/.github/"))
            .unwrap_or_default()
            .to_owned(),
        kind: PartKind::Job(Job { builds: Vec::new() }),
    })
}

fn scalar(node: Node<'_>) -> Option<&Traced> {
    match node.follow().kind() {
        Kind::Scalar { text, .. } if !node.is_null() => Some(text),
        _ => None,
    }
}

fn runs(image: Option<Node<'_>>, part: PartId, facts: &mut Facts) {
    if let Some(reference) =
        image.and_then(scalar).filter(|text| !text.as_str().contains('$') && !text.as_str().is_empty())
    {
        image::runs(facts, part, None, reference);
    }
}

fn working_directory(node: Node<'_>) -> Option<&Traced> {
    node.path(&["defaults", "run", "working-directory"]).and_then(scalar)
}

fn github(job: Node<'_>, working: Option<&Traced>, part: PartId, facts: &mut Facts) {
    runs(job.get("container").map(|container| container.get("image").unwrap_or(container)), part, facts);
    let working = working_directory(job).or(working);
    let mut setups: Vec<(Component, &Traced, Vec<Traced>)> = Vec::new();
    for step in job.get("steps").into_iter().flat_map(Node::items) {
        let action = step.get("uses").and_then(scalar).map(|uses| uses.as_str().split('@').next().unwrap_or_default());
        let asked = match action {
            Some("actions/setup-java") => Some((Component::Java, "java-version")),
            Some("actions/setup-python") => Some((Component::Python, "python-version")),
            Some("vemonet/setup-spark") => Some((Component::Spark, "spark-version")),
            _ => None,
        };
        if let Some((component, key)) = asked
            && let Some(node) = step.path(&["with", key])
            && let Some(text) = scalar(node)
        {
            setups.push((component, text, values(job, text)));
        }
        if let Some(script) = step.get("run").and_then(scalar) {
            let own = step.get("working-directory").and_then(scalar).or(working);
            let root = facts.part(part).folder.clone();
            let mut folder = own.map_or(Some(root.clone()), |own| join(&root, own.as_str()));
            built(&shell::commands(script, Dialect::Shell, &Given::new()), &mut folder, part, facts);
        }
    }
    for component in [Component::Java, Component::Python, Component::Spark] {
        // Which of several is used is not to be told.
        let mut of = setups.iter().filter(|(which, ..)| *which == component);
        if let (Some((_, text, values)), None) = (of.next(), of.next()) {
            facts.versions.extend(set_up(part, component, text, values));
        }
    }
}

/// What an expression stands for: itself, or the values of the job's matrix.
fn values(job: Node<'_>, text: &Traced) -> Vec<Traced> {
    let value = text.as_str();
    let Some(inner) = value.strip_prefix("${{").and_then(|rest| rest.strip_suffix("}}")) else {
        return if value.contains(['$', '\n']) { Vec::new() } else { vec![text.clone()] };
    };
    let Some(name) = inner.trim().strip_prefix("matrix.") else { return Vec::new() };
    let Some(matrix) = job.path(&["strategy", "matrix"]) else { return Vec::new() };
    let listed = matrix.get(name).into_iter().flat_map(Node::items);
    let included = matrix.get("include").into_iter().flat_map(Node::items).filter_map(|item| item.get(name));
    let nodes: Vec<Node<'_>> = listed.chain(included).collect();
    let texts: Option<Vec<Traced>> = nodes.into_iter().map(|node| scalar(node).cloned()).collect();
    texts.unwrap_or_default()
}

fn set_up(part: PartId, component: Component, text: &Traced, values: &[Traced]) -> Option<VersionClaim> {
    let one = |text: &Traced| {
        let version = Version::parse(text.as_str()).filter(|version| !version.is_pre_release())?;
        let text = text.as_str();
        let plain = text.bytes().all(|b| b.is_ascii_digit() || b == b'.');
        let set = if component == Component::Java { java_line(&version) } else { VersionSet::of(&version) };
        plain.then_some(set)
    };
    let sets: Vec<VersionSet> = values.iter().map(one).collect::<Option<_>>()?;
    let versions = sets.into_iter().reduce(|all, one| all.union(&one))?;
    let names: Vec<&str> = values.iter().map(Traced::as_str).collect();
    let text = match values {
        [one] => one.clone(),
        _ => Traced::literal(names.join(", "), text.span()),
    };
    let by = match component {
        Component::Java => "actions/setup-java",
        Component::Spark => "vemonet/setup-spark",
        _ => "actions/setup-python",
    };
    Some(VersionClaim::new(part, component, versions, text, How::Toolchain, by))
}
