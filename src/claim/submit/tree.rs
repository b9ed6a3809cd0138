//! Submissions in YAML and JSON: commands and arguments of containers, scripts of CI jobs and workflows, steps of platforms.

use super::{Inside, Runner, Submit, may_submit};
use crate::fact::{Facts, PartId};
use crate::read::shell::{Dialect, Given, Word};
use crate::read::tree::{Kind, Node, Tree};
use crate::source::{Source, Traced, extension_of};

/// Keys whose texts a shell runs, or a list of such texts.
const SCRIPTS: [&str; 13] = [
    "script",
    "before_script",
    "after_script",
    "run",
    "command",
    "commands",
    "entrypoint",
    "bash",
    "bash_command",
    "cmd",
    "cmds",
    "inline",
    "args",
];

/// Keys below which variables stand.
const VARIABLES: [&str; 4] = ["variables", "env", "environment", "vars"];

/// Lists of containers, and single ones.
const CONTAINERS: [&str; 3] = ["containers", "initContainers", "sidecars"];

/// The deepest that is walked.
const MAX_DEPTH: usize = 128;

/// What a Kubernetes object runs; its own part, if it has one, is the first.
pub fn claim_object(source: &Source, object: Node<'_>, facts: &mut Facts) {
    let part = (!facts.parts.is_empty()).then_some(PartId(0));
    let mut walk = Walk { submit: Submit::new(source, facts, Runner { part, slot: None }) };
    walk.node(object, &Given::new(), 0);
}

/// What a node of a document runs, where that belongs to a part of the facts; variables of the root hold there as well.
pub fn claim_below(source: &Source, root: Node<'_>, node: Node<'_>, facts: &mut Facts, part: PartId) {
    let folder = facts.part(part).folder.clone();
    let mut walk = Walk { submit: Submit::new(source, facts, Runner { part: Some(part), slot: None }) };
    walk.submit.folder = folder;
    walk.node(node, &variables(root), 0);
}

/// What a document that is no Kubernetes object runs.
pub fn claim_tree(source: &Source, tree: &Tree) -> Facts {
    let mut facts = Facts::default();
    let mut walk = Walk { submit: Submit::new(source, &mut facts, Runner::default()) };
    // CI files run from the folder that their dot folder lies in, or from the root.
    if source.path.split('/').any(|part| part.starts_with('.')) {
        let above: Vec<&str> = source.path.split('/').take_while(|part| !part.starts_with('.')).collect();
        walk.submit.folder = above.join("/");
    }
    walk.node(tree.root(), &Given::new(), 0);
    facts
}

struct Walk<'a> {
    submit: Submit<'a>,
}

impl Walk<'_> {
    fn node(&mut self, node: Node<'_>, given: &Given, depth: usize) {
        if depth > MAX_DEPTH {
            return;
        }
        match node.kind() {
            Kind::Mapping { .. } => {
                let own = variables(node);
                let joined: Given;
                let given = if own.is_empty() {
                    given
                } else {
                    joined = given.clone().into_iter().chain(own).collect();
                    &joined
                };
                self.mapping(node, given);
                for (entry, value) in node.entries() {
                    let key = entry.key.as_str();
                    if CONTAINERS.contains(&key) && value.is_sequence() {
                        for item in value.items() {
                            self.container(item, given, depth);
                        }
                    } else {
                        self.node(value, given, depth + 1);
                    }
                }
            }
            Kind::Sequence { .. } => {
                self.vector(&words(node), node);
                for item in node.items() {
                    if let Some(text) = item.text() {
                        self.environment(text);
                    }
                    self.node(item, given, depth + 1);
                }
            }
            _ => {}
        }
    }

    fn container(&mut self, item: Node<'_>, given: &Given, depth: usize) {
        let name = item.get("name").and_then(Node::str).unwrap_or("?");
        let of_spark = ["spark-kubernetes-driver", "spark-kubernetes-executor"].contains(&name);
        let outer = self.submit.runner.slot.clone();
        if self.submit.runner.part.is_some() && !of_spark {
            self.submit.runner.slot = Some(name.to_owned());
        }
        self.node(item, given, depth + 2);
        self.submit.runner.slot = outer;
    }

    fn mapping(&mut self, node: Node<'_>, given: &Given) {
        // A container's command and arguments are one command line, as are a service's entry point and command.
        for (program, arguments) in [("command", "args"), ("entrypoint", "command")] {
            let vector = |key: &str| node.get(key).filter(|list| list.is_sequence()).map(words);
            if let (Some(mut line), Some(rest)) = (vector(program), vector(arguments)) {
                line.extend(rest);
                self.vector(&line, node);
            }
        }
        for (entry, value) in node.entries() {
            let key = entry.key.as_str();
            if let Some(parameters) = value.get("parameters").filter(|_| key == "spark_submit_task") {
                let arguments = words(parameters);
                if !arguments.is_empty() {
                    let arguments: Vec<&Word> = arguments.iter().collect();
                    self.submit.submission(&entry.key, &arguments, parameters.span(), &Inside::default());
                }
            }
            if let Some(text) = scalar(value) {
                if matches!(key, "PYSPARK_SUBMIT_ARGS" | "SPARK_SUBMIT_ARGS") {
                    self.submit.arguments(&entry.key, text, text.span());
                } else if SCRIPTS.contains(&key) || extension_of(key) == "sh" {
                    self.submit.script(text, Dialect::Shell, given);
                }
            } else if SCRIPTS.contains(&key) && !is_vector(value) {
                for text in value.items().filter_map(scalar) {
                    self.submit.script(text, Dialect::Shell, given);
                }
            }
        }
        // A container's environment: `- name: …`, `value: …`.
        if let (Some(name), Some(value)) =
            (node.get("name").and_then(Node::text), node.get("value").and_then(Node::text))
            && matches!(name.as_str(), "PYSPARK_SUBMIT_ARGS" | "SPARK_SUBMIT_ARGS")
        {
            self.submit.arguments(name, value, value.span());
        }
    }

    /// `NAME=value` in a list of variables.
    fn environment(&mut self, text: &Traced) {
        let value = text.as_str();
        if let Some((name, rest)) = value.split_once('=')
            && matches!(name, "PYSPARK_SUBMIT_ARGS" | "SPARK_SUBMIT_ARGS")
        {
            let rest = text.slice(value.len() - rest.len()..value.len());
            self.submit.arguments(&text.slice(0..name.len()), &rest, text.span());
        }
    }

    /// A list that is an argument vector, each item one word.
    fn vector(&mut self, words: &[Word], node: Node<'_>) {
        if words.iter().any(|word| may_submit(word.as_str())) {
            self.submit.listed = true;
            self.submit.words(words, node.span(), &Inside::default(), 0);
            self.submit.listed = false;
        }
    }
}

/// A scalar's text, also where a template's actions stand in it.
fn scalar(node: Node<'_>) -> Option<&Traced> {
    match node.follow().kind() {
        Kind::Scalar { text, .. } if !node.is_null() => Some(text),
        _ => None,
    }
}

/// Whether a list is one command, not several: its items are words.
fn is_vector(list: Node<'_>) -> bool {
    let first = list.items().next().and_then(Node::str).unwrap_or_default();
    !first.contains(char::is_whitespace) && list.items().nth(1).is_some()
}

/// The items of a list as words; items that are not known stay as they are written.
fn words(list: Node<'_>) -> Vec<Word> {
    let word = |item: Node<'_>| match item.follow().kind() {
        Kind::Scalar { text, .. } => {
            let open = item.is_templated()
                || text.as_str().contains("$(")
                || text.as_str().contains("${")
                || text.as_str().contains("{{");
            Some(Word { known: !open, ..Word::of(text.clone()) })
        }
        _ => None,
    };
    list.items().map_while(word).collect()
}

/// The variables that a mapping gives to the scripts below it.
fn variables(node: Node<'_>) -> Given {
    let lists = VARIABLES.iter().filter_map(|key| node.get(key));
    let entries = lists.flat_map(Node::entries);
    let variable =
        |(name, value): (String, Node<'_>)| Some((name, value.get("value").unwrap_or(value).text()?.clone()));
    entries.filter_map(|(entry, value)| variable((entry.key.to_string(), value))).collect()
}
