//! Kafka's consumers in files of settings: Spring's own keys, and properties that code loads.

use crate::claim::session::is_test;
use crate::fact::kafka::{Against, AutoCommit, Committing, Switch};
use crate::read::code::{Call, Code};
use crate::read::properties::Property;
use crate::read::tree::{Kind, MAX_DEPTH, Node, Tree};
use crate::source::{Source, Traced};

/// What Spring calls Kafka's switch, and what says when a listener's offsets are committed; as Spring compares names.
const SWITCH: &str = "spring.kafka.consumer.enableautocommit";
const MODE: &str = "spring.kafka.listener.ackmode";

/// What a document of Spring's settings says.
pub fn claim_tree(source: &Source, tree: &Tree) -> Option<AutoCommit> {
    if !is_springs(source) {
        return None;
    }
    let mut found = Vec::new();
    leaves(tree.root(), "", 0, &mut found);
    contradiction(source, &found)
}

/// What a file of properties says: Spring's settings, and consumers that commit on their own wherever the file is loaded.
pub fn claim_properties(source: &Source, properties: &[Property]) -> (Option<AutoCommit>, Option<Switch>) {
    if is_test(&source.path) {
        return (None, None);
    }
    let of = |property: &Property| (relaxed(property.key.as_str()), property.value.trim());
    let settings: Vec<(String, Traced)> = properties.iter().map(of).collect();
    let contradiction = if is_springs(source) { contradiction(source, &settings) } else { None };
    let mut switches = properties.iter().filter(|property| property.key.as_str() == super::KEY);
    let switch = switches.next_back().filter(|property| property.value.trim().as_str().eq_ignore_ascii_case("true"));
    let switch = switch.map(|property| Switch { path: source.path.clone(), span: property.value.trim().span() });
    (contradiction, switch)
}

/// The files that a source names, and what it does with offsets.
pub fn commits(source: &Source, code: &Code) -> Option<Committing> {
    if source.has_extension("py") || is_test(&source.path) {
        return None;
    }
    let against = code.calls.iter().find_map(|call| super::against(call, false))?;
    let named =
        |call: &Call| call.arguments.iter().filter_map(|argument| argument.value.text().cloned()).collect::<Vec<_>>();
    let texts = code.calls.iter().flat_map(named).filter(|text| text.as_str().ends_with(".properties"));
    let files: Vec<String> = texts.map(|text| text.as_str().to_owned()).collect();
    (!files.is_empty()).then(|| Committing { path: source.path.clone(), files, against })
}

/// Files of properties that turn it on, where code of the same module loads them and commits as well.
pub fn link(switches: &[Switch], code: &[Committing]) -> Vec<AutoCommit> {
    let module = |path: &str| path.find("src/").map(|at| path[..at].to_owned());
    let mut found = Vec::new();
    for switch in switches {
        let name = switch.path.rsplit('/').next().unwrap_or_default();
        let same_name = switches.iter().filter(|other| other.path.rsplit('/').next() == Some(name)).count();
        let loads = |one: &&Committing| {
            let names = one.files.iter().any(|file| file.rsplit(['/', ':']).next() == Some(name));
            names && module(&one.path).is_some_and(|folder| switch.path.starts_with(&folder))
        };
        if let Some(one) = code.iter().find(loads).filter(|_| same_name == 1) {
            found.push(AutoCommit {
                span: switch.span,
                by_default: false,
                against: one.against.clone(),
                subject: format!("{}/{}", switch.path, super::KEY),
            });
        }
    }
    found
}

fn is_springs(source: &Source) -> bool {
    let name = source.name();
    ["application", "bootstrap"].iter().any(|start| name.starts_with(start)) && !is_test(&source.path)
}

/// Listeners that acknowledge by hand, of consumers that commit on their own: Spring does not start them.
fn contradiction(source: &Source, settings: &[(String, Traced)]) -> Option<AutoCommit> {
    let of = |key: &str| settings.iter().rfind(|(name, _)| name == key).map(|(_, value)| value);
    let (on, mode) = (of(SWITCH)?, of(MODE)?);
    let is_manual = matches!(relaxed(mode.as_str()).as_str(), "manual" | "manualimmediate");
    (on.as_str().eq_ignore_ascii_case("true") && is_manual).then(|| AutoCommit {
        span: on.span(),
        by_default: false,
        against: Against::Acknowledged(mode.span(), mode.as_str().to_owned()),
        subject: format!("{}/{SWITCH}", source.path),
    })
}

/// Names as Spring compares them.
fn relaxed(name: &str) -> String {
    name.chars().filter(|c| !matches!(c, '-' | '_')).flat_map(char::to_lowercase).collect()
}

/// The scalars below `spring`, by their dotted names.
fn leaves(node: Node<'_>, above: &str, depth: usize, found: &mut Vec<(String, Traced)>) {
    match node.kind() {
        Kind::Mapping { .. } if depth < MAX_DEPTH => {
            for (entry, inner) in node.entries().filter(|(entry, _)| !entry.key_templated) {
                let name = relaxed(entry.key.as_str());
                let name = if above.is_empty() { name } else { format!("{above}.{name}") };
                let leads = |key: &str| key.starts_with(&name) || name.starts_with(key);
                if leads(SWITCH) || leads(MODE) {
                    leaves(inner, &name, depth + 1, found);
                }
            }
        }
        Kind::Scalar { text, .. } if !node.is_templated() => found.push((above.to_owned(), text.clone())),
        _ => {}
    }
}
