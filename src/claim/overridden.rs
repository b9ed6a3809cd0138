//! Values that a command sets from outside: `docker build --build-arg SPARK=…`, `mvn -Dspark.version=…`,
//! `SPARK_VERSION=… sbt`.
//!
//! The default that stands in the Dockerfile or POM is then not what is built. Which of several commands is the one that counts is
//! not known, so such a default claims nothing; it is counted as unresolved.

use super::gradle;
use crate::compose::Composed;
use crate::compose::sbt::{Outside, Sbt};
use crate::fact::{Facts, Unresolved};
use crate::read::dockerfile::Kind as Instruction;
use crate::read::pom::Pom;
use crate::read::tree::{Kind, Node, Tree};
use crate::read::{Body, Document};
use crate::source::{FileId, Source, Sources, Span};
use regex::Regex;
use std::collections::{BTreeSet, HashMap};
use std::sync::LazyLock;

static ARGUMENT: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r#"--build-arg[\s=]+["']?([A-Za-z_][A-Za-z0-9_]*)"#).ok());
static PROPERTY: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r#"(?:^|\s)["']?-[DP]\s?(?:systemProp\.)?([A-Za-z_][A-Za-z0-9_.-]*)="#).ok());
static VARIABLE: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"ORG_GRADLE_PROJECT_([A-Za-z_][A-Za-z0-9_]*)").ok());

static ENVIRONMENT: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?:^|[\s;&])([A-Za-z_][A-Za-z0-9_]*)=").ok());

/// The names that commands of a repository set.
#[derive(Default)]
struct Names {
    arguments: BTreeSet<String>,
    properties: BTreeSet<String>,
    /// Environment variables; gathered only where a build asks for some.
    variables: BTreeSet<String>,
    asks_for_variables: bool,
}

/// Takes back the version claims that rest on a default which something sets from outside.
pub fn withdraw(sources: &Sources, composed: &Composed, facts: &mut Facts) {
    let documents = &composed.documents;
    let asks_for_variables = composed.sbt.defaults.iter().any(|(outside, _)| outside.variable);
    let mut names = Names { asks_for_variables, ..Names::default() };
    for document in documents {
        names.gather(sources.get(document.file), document);
    }
    if names.arguments.is_empty() && names.properties.is_empty() && names.variables.is_empty() {
        return;
    }
    let mut defaults: HashMap<FileId, Vec<(Span, String)>> = HashMap::new();
    for document in documents {
        let found = names.defaults(document);
        if !found.is_empty() {
            defaults.insert(document.file, found);
        }
    }
    for default in gradle::defaults(&composed.gradle, &names.properties) {
        defaults.entry(default.span.file).or_default().push((default.span, default.why));
    }
    names.defaults_of(&composed.sbt, &mut defaults);
    let mut unresolved = Vec::new();
    facts.versions.retain(|claim| {
        let span = claim.text.span();
        let default = defaults.get(&span.file).into_iter().flatten().find(|(default, _)| default.contains(span));
        unresolved.extend(default.map(|(_, why)| Unresolved { span, why: why.clone() }));
        default.is_none()
    });
    unresolved.dedup();
    facts.unresolved.append(&mut unresolved);
}

impl Names {
    fn gather(&mut self, source: &Source, document: &Document) {
        match &document.body {
            Body::Script(texts) => texts.iter().for_each(|text| self.command(text.as_str(), !source.is_markdown())),
            Body::Dockerfile(dockerfile) => {
                for instruction in &dockerfile.instructions {
                    match &instruction.kind {
                        Instruction::Run(command) => self.command(command.text.raw().as_str(), true),
                        Instruction::Env(variables) if self.asks_for_variables => {
                            self.variables.extend(variables.iter().map(|v| v.name.to_string()));
                        }
                        _ => {}
                    }
                }
            }
            Body::Yaml(trees) => trees.iter().for_each(|tree| self.tree(tree)),
            _ => {}
        }
    }

    /// What readme files show is how the image may be built; how Maven may be called is shown there in all its ways.
    fn command(&mut self, text: &str, properties: bool) {
        let names = |pattern: &LazyLock<Option<Regex>>| -> Vec<String> {
            let found = pattern.as_ref().into_iter().flat_map(|pattern| pattern.captures_iter(text));
            found.filter_map(|c| Some(c.get(1)?.as_str().to_owned())).collect()
        };
        if text.contains("--build-arg") {
            self.arguments.extend(names(&ARGUMENT));
        }
        let builds = ["mvn", "gradle", "sbt"].iter().any(|tool| text.contains(tool));
        if properties && builds && (text.contains("-D") || text.contains("-P")) || text.starts_with("-D") {
            self.properties.extend(names(&PROPERTY));
        }
        if properties && self.asks_for_variables {
            self.variables.extend(names(&ENVIRONMENT));
        }
        if properties && text.contains("ORG_GRADLE_PROJECT_") {
            self.properties.extend(names(&VARIABLE));
        }
    }

    /// Commands in a pipeline's scripts; `build.args` of compose, `buildArgs` of skaffold, `build-args` of a workflow.
    fn tree(&mut self, tree: &Tree) {
        for node in tree.nodes() {
            match node.kind() {
                Kind::Scalar { text, .. } => self.command(text.as_str(), true),
                Kind::Mapping { .. } => {
                    for (entry, value) in node.entries() {
                        if ["args", "buildArgs", "build-args", "build_args"].contains(&entry.key.as_str()) {
                            self.arguments.extend(keys(value));
                        }
                        if self.asks_for_variables && ["env", "environment", "variables"].contains(&entry.key.as_str())
                        {
                            self.variables.extend(keys(value));
                        }
                    }
                }
                _ => {}
            }
        }
    }

    fn defaults(&self, document: &Document) -> Vec<(Span, String)> {
        match &document.body {
            Body::Dockerfile(dockerfile) => {
                let arguments = dockerfile.instructions.iter().filter_map(|instruction| match &instruction.kind {
                    Instruction::Arg(arguments) => Some(arguments),
                    _ => None,
                });
                let set = arguments.flatten().filter(|a| self.arguments.contains(a.name.as_str()));
                let why = |name: &str| format!("a build sets the argument `{name}` from outside");
                set.filter_map(|a| Some((a.default.as_ref()?.span, why(a.name.as_str())))).collect()
            }
            Body::Pom(pom) => self.properties_of(pom),
            _ => Vec::new(),
        }
    }

    /// What an sbt build takes where nothing sets a property or variable.
    fn defaults_of(&self, sbt: &Sbt, defaults: &mut HashMap<FileId, Vec<(Span, String)>>) {
        for (Outside { name, variable }, span) in &sbt.defaults {
            let (set, what) = if *variable {
                (&self.variables, "something sets the variable")
            } else {
                (&self.properties, "a command sets the property")
            };
            if set.contains(name) {
                defaults.entry(span.file).or_default().push((*span, format!("{what} `{name}` from outside")));
            }
        }
    }

    fn properties_of(&self, pom: &Pom) -> Vec<(Span, String)> {
        let layers = std::iter::once(&pom.main).chain(pom.profiles.iter().map(|profile| &profile.layer));
        let set = layers.flat_map(|layer| &layer.properties).filter(|p| self.properties.contains(&*p.name));
        set.map(|p| (p.span, format!("a command sets the property `{}` from outside", p.name))).collect()
    }
}

/// The names in `{NAME: value}`, `[NAME=value]` or lines of `NAME=value`.
fn keys(node: Node<'_>) -> Vec<String> {
    let name = |text: &str| text.split('=').next().unwrap_or(text).trim().to_owned();
    let mapped = node.entries().map(|(entry, _)| entry.key.to_string());
    let listed = node.items().filter_map(Node::str).map(name);
    let lines = match node.kind() {
        Kind::Scalar { text, .. } => text.as_str().lines().filter(|line| line.contains('=')).map(name).collect(),
        _ => Vec::new(),
    };
    mapped.chain(listed).chain(lines).collect()
}
