//! Profiles that a build is always run with: where all commands of Dockerfiles that build with Maven name the same ones, the
//! build is what these profiles make of it, and none of its other evaluations.

use crate::fact::{Ecosystem, Facts, PartKind, Variants};
use crate::read::dockerfile::Kind as Instruction;
use crate::read::{Body, Document};
use crate::source::Sources;
use regex::Regex;
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// The profiles of one command; None where only whoever runs it knows them.
type Named = Option<BTreeSet<String>>;

static COMMAND: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?:^|[\s/])mvnw?d?\s[^\n;&|]*\b(?:package|install|verify|deploy)\b[^\n;&|]*").ok());
static PROFILES: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r#"(?:^|\s)(?:-P\s*|--activate-profiles[\s=]+)["']?([^\s"']+)"#).ok());

/// Leaves of each Maven build only the evaluation that the commands ask for, where it is one of those that are known.
pub fn select(sources: &Sources, documents: &[Document], facts: &mut Facts) {
    let mut named: BTreeSet<Named> = BTreeSet::new();
    for document in documents {
        if let Body::Dockerfile(dockerfile) = &document.body {
            for instruction in &dockerfile.instructions {
                if let Instruction::Run(command) = &instruction.kind {
                    named.extend(commands(command.text.raw().as_str()));
                }
            }
        }
    }
    // `.mvn/maven.config` speaks for all commands, also those that are not seen.
    let configured = documents.iter().find(|document| sources.path(document.file) == ".mvn/maven.config");
    if let Some(Body::Script(texts)) = configured.map(|document| &document.body) {
        named.extend(texts.iter().filter_map(|text| profiles(text.as_str())));
    }
    let mut named = named.into_iter();
    let (Some(Some(wanted)), None) = (named.next(), named.next()) else { return };
    for part in &mut facts.parts {
        let PartKind::Module(module) = &mut part.kind else { continue };
        let is = |name: &String| name.split(',').map(str::to_owned).collect::<BTreeSet<_>>() == wanted;
        let at = module.evaluations.iter().position(is).filter(|_| module.ecosystem == Ecosystem::Maven);
        let only = at.map(|at| module.reached.and(Variants::only(at)));
        if let Some(only) = only.filter(|only| !only.is_empty()) {
            module.reached = only;
        }
    }
}

/// The profiles of each command in a script that builds with Maven.
fn commands(text: &str) -> Vec<Named> {
    let joined = text.replace("\\\r\n", " ").replace("\\\n", " ");
    let found = COMMAND.as_ref().into_iter().flat_map(|pattern| pattern.find_iter(&joined));
    found.map(|command| profiles(command.as_str()).unwrap_or_else(|| Some(BTreeSet::new()))).collect()
}

/// What `-P` names in a command; None where it says nothing.
fn profiles(command: &str) -> Option<Named> {
    let mut ids = BTreeSet::new();
    let mut said = false;
    for found in PROFILES.as_ref()?.captures_iter(command) {
        said = true;
        for id in found.get(1)?.as_str().split(',') {
            // `-P!x` switches one off; a variable is known to whoever sets it.
            if id.starts_with(['!', '-', '+', '?']) || id.contains(['$', '{', '(']) {
                return Some(None);
            }
            ids.insert(id.to_owned());
        }
    }
    said.then_some(Some(ids))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Vec<Option<Vec<String>>> {
        commands(text).into_iter().map(|named| named.map(|ids| ids.into_iter().collect())).collect()
    }

    #[test]
    fn commands_name_their_profiles() {
        let two = || Some(vec!["a".to_owned(), "b".to_owned()]);
        assert_eq!(of("./mvnw -q -Pa,b -DskipTests package"), [two()]);
        assert_eq!(of("cd x && mvn \\\n  clean install -P a -Pb"), [two()]);
        assert_eq!(of("mvn package && mvn -P$PROFILE verify"), [Some(vec![]), None]);
        assert!(of("mvn -Pa dependency:go-offline").is_empty() && of("apt-get install -y mvn").is_empty());
    }
}
