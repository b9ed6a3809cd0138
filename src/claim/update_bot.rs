//! What Dependabot and Renovate are told: which manifests they update, and what of them in one step.

use crate::fact::{Ecosystem, Facts, UpdateBot};
use crate::read::tree::Node;
use crate::source::{Source, Traced};

/// Ecosystems as Dependabot and Renovate call them.
const ECOSYSTEMS: [(&str, Ecosystem); 11] = [
    ("gradle", Ecosystem::Gradle),
    ("maven", Ecosystem::Maven),
    ("pep621", Ecosystem::PyPi),
    ("pip", Ecosystem::PyPi),
    ("pip_requirements", Ecosystem::PyPi),
    ("pip_setup", Ecosystem::PyPi),
    ("pipenv", Ecosystem::PyPi),
    ("poetry", Ecosystem::PyPi),
    ("sbt", Ecosystem::Sbt),
    ("uv", Ecosystem::PyPi),
    ("conda", Ecosystem::PyPi),
];

/// Presets of Renovate that are known to group nothing of Spark's. Any other may group everything.
const PLAIN_PRESETS: [&str; 9] = [
    "config:base",
    "config:recommended",
    "config:best-practices",
    ":dependencyDashboard",
    ":semanticCommits",
    ":disableDependencyDashboard",
    ":timezone",
    "schedule:",
    ":label",
];

/// The bots that a document speaks to.
pub fn claim(source: &Source, root: Node<'_>, facts: &mut Facts) {
    match source.name() {
        "dependabot.yml" | "dependabot.yaml" if source.folder() == ".github" => dependabot(root, facts),
        "renovate.json" | ".renovaterc" | ".renovaterc.json" => facts.update_bots.extend(renovate(root)),
        _ => {}
    }
}

fn ecosystem(name: &str) -> Option<Ecosystem> {
    ECOSYSTEMS.iter().find(|(known, _)| *known == name).map(|(_, ecosystem)| *ecosystem)
}

fn dependabot(root: Node<'_>, facts: &mut Facts) {
    for update in root.get("updates").into_iter().flat_map(Node::items) {
        let Some(text) = update.get("package-ecosystem").and_then(Node::text) else { continue };
        let Some(ecosystem) = ecosystem(text.as_str()) else { continue };
        // Nothing but fixes of security holes is asked for.
        if update.get("open-pull-requests-limit").and_then(Node::text).is_some_and(|limit| limit.as_str() == "0") {
            continue;
        }
        let named = |key: &str| {
            let items = update.get(key).into_iter().flat_map(Node::items);
            items
                .filter(|item| item.get("versions").is_none() && item.get("update-types").is_none())
                .filter_map(|item| item.get("dependency-name").and_then(Node::str).map(str::to_owned))
                .collect()
        };
        let folders = update.get("directories").into_iter().flat_map(Node::items).filter_map(Node::str);
        let folders = folders.chain(update.get("directory").and_then(Node::str));
        let group = |group: Node<'_>| {
            let patterns = texts(group.get("patterns"));
            // A group without patterns is one of all that fits its other conditions.
            if patterns.is_empty() { vec!["*".to_owned()] } else { patterns }
        };
        facts.update_bots.push(UpdateBot {
            name: "Dependabot",
            text: text.clone(),
            ecosystems: vec![ecosystem],
            folders: folders.map(|folder| folder.trim_matches('/').to_owned()).collect(),
            groups: update.get("groups").into_iter().flat_map(Node::entries).map(|(_, value)| group(value)).collect(),
            ignored: named("ignore"),
            allowed: named("allow"),
        });
    }
}

fn renovate(root: Node<'_>) -> Option<UpdateBot> {
    let extends = root.get("extends")?;
    let text = extends.items().find_map(Node::text).or_else(|| extends.text())?.clone();
    let presets = texts(Some(extends));
    let plain = |preset: &String| PLAIN_PRESETS.iter().any(|known| preset.starts_with(known));
    let off = root.get("enabled").and_then(Node::text).is_some_and(|enabled| enabled.as_str() == "false");
    if off
        || !presets.iter().all(plain)
        || ["packageFiles", "includePaths", "groupName"].iter().any(|key| root.get(key).is_some())
    {
        return None;
    }
    let enabled = texts(root.get("enabledManagers"));
    let mut ecosystems: Vec<Ecosystem> = ECOSYSTEMS
        .iter()
        .filter(|(name, _)| enabled.is_empty() || enabled.iter().any(|one| one == name))
        .map(|(_, ecosystem)| *ecosystem)
        .collect();
    ecosystems.dedup();
    let rules: Vec<Node<'_>> = root.get("packageRules").into_iter().flat_map(Node::items).collect();
    let says = |rule: &Node<'_>, key: &str, value: &str| {
        rule.get(key).and_then(Node::text).is_some_and(|t| t.as_str() == value)
    };
    let groups = rules.iter().filter(|rule| rule.get("groupName").is_some() || rule.get("extends").is_some());
    let ignored = rules.iter().filter(|rule| says(rule, "enabled", "false")).flat_map(|rule| patterns(*rule));
    Some(UpdateBot {
        name: "Renovate",
        text,
        ecosystems,
        folders: Vec::new(),
        groups: groups.map(|rule| patterns(*rule)).collect(),
        ignored: ignored.chain(texts(root.get("ignoreDeps"))).collect(),
        allowed: Vec::new(),
    })
}

/// What a rule of Renovate's is about, as names with `*`; everything where it is said in another way.
fn patterns(rule: Node<'_>) -> Vec<String> {
    let mut found = Vec::new();
    for key in ["matchPackageNames", "matchDepNames", "packageNames"] {
        found.extend(texts(rule.get(key)).into_iter().map(|name| match name.strip_prefix('/') {
            Some(expression) => of_expression(expression.trim_end_matches(['/', 'i'])),
            None => name.replace("**", "*"),
        }));
    }
    found.extend(texts(rule.get("matchPackagePrefixes")).into_iter().map(|prefix| format!("{prefix}*")));
    for key in ["matchPackagePatterns", "packagePatterns", "matchDepPatterns"] {
        found.extend(texts(rule.get(key)).iter().map(|expression| of_expression(expression)));
    }
    if found.is_empty() { vec!["*".to_owned()] } else { found }
}

/// A regular expression as a name with `*`, everything for one that says more than that.
fn of_expression(expression: &str) -> String {
    let (start, rest) = expression.strip_prefix('^').map_or(("*", expression), |rest| ("", rest));
    let (end, rest) = rest.strip_suffix('$').map_or(("*", rest), |rest| ("", rest));
    let middle = rest.replace("\\.", "\u{0}").replace(".*", "*").replace(['.', '\u{0}'], ".");
    if middle.contains(['(', '[', '|', '?', '+', '{', '\\']) { "*".to_owned() } else { format!("{start}{middle}{end}") }
}

fn texts(node: Option<Node<'_>>) -> Vec<String> {
    let Some(node) = node else { return Vec::new() };
    let items: Vec<&Traced> = node.items().filter_map(Node::text).chain(node.text()).collect();
    items.into_iter().map(ToString::to_string).collect()
}

#[cfg(test)]
mod tests;
