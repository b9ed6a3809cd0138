//! CI jobs: what they set up, run in, install, and build.

mod azure;
mod build;
mod circle;
mod github;
mod gitlab;
mod travis;

use super::image::{self, java_line};
use super::python::{self, Script};
use crate::fact::{Component, Facts, How, Job, Part, PartId, PartKind, VersionClaim};
use crate::read::shell::{self, Dialect, Given};
use crate::read::tree::{Kind, Node};
use crate::source::{Source, Traced, join};
use crate::version::{Version, VersionSet};

/// The jobs of a CI file; false where the document is none.
pub fn claim(source: &Source, root: Node<'_>, facts: &mut Facts) -> bool {
    if source.path.contains(".github/workflows/") {
        github::claim(source, root, facts);
    } else if source.name().starts_with(".gitlab-ci") {
        gitlab::claim(source, root, facts);
    } else if source.name() == ".travis.yml" {
        travis::claim(source, root, facts);
    } else if source.path.contains(".circleci/") {
        circle::claim(source, root, facts);
    } else if azure::is_pipeline(source, root) {
        azure::claim(source, root, facts);
    } else {
        return false;
    }
    true
}

/// A job that is being read.
struct Reading<'f> {
    facts: &'f mut Facts,
    part: PartId,
    /// What its steps run, in order.
    scripts: Vec<Script>,
    /// What its steps set up: the component, the field, what the field stands for, and who does.
    setups: Vec<(Component, Traced, Vec<Traced>, &'static str)>,
}

impl<'f> Reading<'f> {
    fn new(source: &Source, name: &Traced, facts: &'f mut Facts) -> Self {
        let part = facts.add(Part {
            name: format!("{}: {name}", source.path),
            span: name.span(),
            // Jobs run from the root of the checkout.
            folder: checkout(source).to_owned(),
            kind: PartKind::Job(Job::default()),
        });
        Self { facts, part, scripts: Vec::new(), setups: Vec::new() }
    }

    /// The image that it runs in.
    fn runs(&mut self, image: Option<Node<'_>>) {
        if let Some(reference) =
            image.and_then(scalar).filter(|text| !text.as_str().contains('$') && !text.as_str().is_empty())
        {
            image::runs(self.facts, self.part, None, reference);
        }
    }

    /// A script of its own shell, which begins in the checkout or below it.
    fn step(&mut self, script: &Traced, below: Option<&Traced>, conditional: bool) {
        let root = self.facts.part(self.part).folder.clone();
        let mut folder = below.map_or(Some(root.clone()), |below| join(&root, below.as_str()));
        self.run(script, &mut folder, conditional);
    }

    /// The next lines of a shell that is in a folder.
    fn run(&mut self, script: &Traced, folder: &mut Option<String>, conditional: bool) {
        let commands = shell::commands(script, Dialect::Shell, &Given::new());
        build::built(&commands, folder, self.part, self.facts);
        self.scripts.push(Script { text: script.clone(), conditional });
    }

    fn sets_up(&mut self, component: Component, text: &Traced, values: Vec<Traced>, by: &'static str) {
        self.setups.push((component, text.clone(), values, by));
    }

    /// Notes what all steps together come to.
    fn finish(self) {
        for component in [Component::Java, Component::Python, Component::Spark] {
            // Which of several is used is not to be told.
            let mut of = self.setups.iter().filter(|(which, ..)| *which == component);
            if let (Some((_, text, values, by)), None) = (of.next(), of.next()) {
                self.facts.versions.extend(set_up(self.part, component, text, values, by));
            }
        }
        python::claim_job(self.facts, self.part, &self.scripts);
    }
}

/// The folder that holds a CI system's dot file or dot folder.
fn checkout(source: &Source) -> &str {
    let (path, mut at) = (source.path.as_str(), 0);
    for part in path.split('/') {
        if part.starts_with('.') {
            return path.get(..at).unwrap_or_default().trim_end_matches('/');
        }
        at += part.len() + 1;
    }
    ""
}

fn scalar(node: Node<'_>) -> Option<&Traced> {
    match node.follow().kind() {
        Kind::Scalar { text, .. } if !node.is_null() => Some(text),
        _ => None,
    }
}

/// A text, or the texts of a list.
fn texts(node: Node<'_>) -> impl Iterator<Item = &Traced> {
    node.items().chain(std::iter::once(node)).filter_map(scalar)
}

fn set_up(
    part: PartId,
    component: Component,
    text: &Traced,
    values: &[Traced],
    by: &'static str,
) -> Option<VersionClaim> {
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
    Some(VersionClaim::new(part, component, versions, text, How::Toolchain, by))
}
