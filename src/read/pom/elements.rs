//! From elements to a POM's own words.

use super::{Activation, Dependency, Execution, Layer, Parent, Plugin, Pom, Profile, Property, RelativePath, Setting};
use crate::finding::Edit;
use crate::read::Loss;
use crate::read::xml::Element;
use crate::source::{FileId, Span, Traced};

/// Plugins that decide what we ask for: the compiler's level, Scala's version, the names and the content of what is built, and
/// what a build is checked for.
const PLUGINS: [&str; 12] = [
    "jib-maven-plugin",
    "maven-compiler-plugin",
    "maven-enforcer-plugin",
    "maven-failsafe-plugin",
    "maven-surefire-plugin",
    "scalatest-maven-plugin",
    "scala-maven-plugin",
    "maven-shade-plugin",
    "maven-assembly-plugin",
    "maven-jar-plugin",
    "maven-war-plugin",
    "spring-boot-maven-plugin",
];

/// Deepest path of a setting that is kept; those we ask for have up to four names.
const MAX_SETTING_DEPTH: usize = 5;

pub(super) fn pom(file: FileId, root: Element<'_>, source: &str) -> (Pom, Vec<Loss>) {
    let mut losses = Vec::new();
    let text = |name: &str| root.child_text(name).cloned();
    let profiles = root.child("profiles").into_iter().flat_map(|e| named(e, "profile"));
    let profiles = profiles.map(|e| profile(e, source, &mut losses)).collect();
    let pom = Pom {
        file,
        span: root.name_span(),
        group: text("groupId"),
        artifact: text("artifactId"),
        version: text("version"),
        packaging: text("packaging"),
        parent: root.child("parent").map(parent),
        main: layer(root, source, &mut losses),
        profiles,
    };
    if pom.artifact.is_none() {
        losses.push(Loss::part(pom.span, "this POM has no `<artifactId>`"));
    }
    (pom, losses)
}

fn named<'x>(element: Element<'x>, name: &'x str) -> impl Iterator<Item = Element<'x>> {
    element.children().filter(move |e| e.name() == name)
}

fn parent(element: Element<'_>) -> Parent {
    let text = |name: &str| element.child_text(name).cloned();
    let relative_path = match element.child("relativePath") {
        None => RelativePath::Default,
        Some(path) => path.text().map_or(RelativePath::Nowhere, |text| RelativePath::At(text.clone())),
    };
    Parent {
        group: text("groupId"),
        artifact: text("artifactId"),
        version: text("version"),
        relative_path,
        span: element.span(),
    }
}

fn profile(element: Element<'_>, source: &str, losses: &mut Vec<Loss>) -> Profile {
    let id = element.child_text("id");
    Profile {
        id: id.map_or("default", Traced::as_str).into(),
        span: id.map_or(element.name_span(), Traced::span),
        activation: element.child("activation").map(activation).unwrap_or_default(),
        layer: layer(element, source, losses),
    }
}

fn activation(element: Element<'_>) -> Activation {
    let property = element.child("property");
    Activation {
        by_default: element.child_text("activeByDefault").is_some_and(|t| t.as_str() == "true"),
        jdk: element.child_text("jdk").cloned(),
        property: property.and_then(|p| Some((p.child_text("name")?.clone(), p.child_text("value").cloned()))),
        file: element.child("file").is_some(),
        os: element.child("os").is_some(),
    }
}

fn layer(element: Element<'_>, source: &str, losses: &mut Vec<Loss>) -> Layer {
    let list = |path: &[&str]| element.path(path);
    let modules = list(&["modules"]).into_iter().flat_map(|e| named(e, "module"));
    Layer {
        properties: list(&["properties"]).map(properties).unwrap_or_default(),
        modules: modules.filter_map(|m| m.text().cloned()).collect(),
        dependencies: dependencies(list(&["dependencies"]), source, losses),
        managed: dependencies(list(&["dependencyManagement", "dependencies"]), source, losses),
        final_name: list(&["build", "finalName"]).and_then(Element::text).cloned(),
        plugins: plugins(list(&["build", "plugins"]), source),
        managed_plugins: plugins(list(&["build", "pluginManagement", "plugins"]), source),
    }
}

fn properties(element: Element<'_>) -> Vec<Property> {
    let property = |e: Element<'_>| Property { name: e.name().into(), value: e.text().cloned(), span: e.span() };
    element.children().filter(|e| !e.has_children()).map(property).collect()
}

fn dependencies(list: Option<Element<'_>>, source: &str, losses: &mut Vec<Loss>) -> Vec<Dependency> {
    let items = list.into_iter().flat_map(|e| named(e, "dependency"));
    items
        .filter_map(|element| {
            let text = |name: &str| element.child_text(name).cloned();
            let missing = ["groupId", "artifactId"].into_iter().find(|name| text(name).is_none());
            if let Some(name) = missing {
                losses.push(Loss::part(element.name_span(), format!("this dependency has no `<{name}>`")));
            }
            Some(Dependency {
                group: text("groupId")?,
                artifact: text("artifactId")?,
                version: text("version"),
                scope: text("scope"),
                kind: text("type"),
                classifier: text("classifier"),
                optional: element.child_text("optional").is_some_and(|t| t.as_str() == "true"),
                provide: provide(element, source),
                exclusions: exclusions(element),
                span: element.span(),
            })
        })
        .collect()
}

fn exclusions(dependency: Element<'_>) -> Vec<String> {
    let list = dependency.child("exclusions").into_iter().flat_map(|list| named(list, "exclusion"));
    let part =
        |e: Element<'_>, name: &str| e.child_text(name).map_or_else(|| "*".to_owned(), |text| pattern(text.as_str()));
    list.map(|e| format!("{}:{}", part(e, "groupId"), part(e, "artifactId"))).collect()
}

/// A text with `*` for each property in it.
fn pattern(text: &str) -> String {
    let mut pattern = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${") {
        pattern.push_str(before);
        pattern.push('*');
        rest = after.split_once('}').map_or("", |(_, rest)| rest);
    }
    pattern + rest
}

fn plugins(list: Option<Element<'_>>, source: &str) -> Vec<Plugin> {
    let items = list.into_iter().flat_map(|e| named(e, "plugin"));
    items
        .filter_map(|element| {
            let artifact = element.child_text("artifactId").filter(|a| PLUGINS.contains(&a.as_str()))?;
            let executions = element.child("executions").into_iter().flat_map(|e| named(e, "execution"));
            Some(Plugin {
                artifact: artifact.as_str().into(),
                span: artifact.span(),
                merge: merge(element, artifact.as_str(), source),
                inherited: element.child_text("inherited").is_none_or(|t| t.as_str() != "false"),
                settings: settings(element),
                executions: executions.map(execution).collect(),
            })
        })
        .collect()
}

fn execution(element: Element<'_>) -> Execution {
    Execution {
        id: element.child_text("id").map_or("default", Traced::as_str).into(),
        disabled: element.child_text("phase").is_some_and(|p| p.as_str() == "none"),
        settings: settings(element),
    }
}

/// The edit that makes a library of Spark's own or Scala `provided`.
fn provide(dependency: Element<'_>, source: &str) -> Option<Edit> {
    let group = dependency.child_text("groupId")?.as_str();
    if !matches!(group, "org.apache.spark" | "org.scala-lang") {
        return None;
    }
    match dependency.child("scope") {
        Some(scope) => Edit::replace(scope.text()?, "provided"),
        None => dependency.insert_last("<scope>provided</scope>", source),
    }
}

/// The edit that makes the shade plugin merge service files: a transformer beside others, or the first of them.
fn merge(plugin: Element<'_>, artifact: &str, source: &str) -> Option<Edit> {
    const TRANSFORMER: &str =
        "<transformer implementation=\"org.apache.maven.plugins.shade.resource.ServicesResourceTransformer\"/>";
    if artifact != "maven-shade-plugin" {
        return None;
    }
    let executions = plugin.child("executions").into_iter().flat_map(|e| named(e, "execution"));
    let configurations: Vec<Element<'_>> =
        executions.chain([plugin]).filter_map(|element| element.child("configuration")).collect();
    let transformers = configurations.iter().find_map(|c| c.child("transformers")?.insert_first(TRANSFORMER, source));
    let list = format!("<transformers>{TRANSFORMER}</transformers>");
    transformers.or_else(|| configurations.first()?.insert_first(&list, source))
}

/// The texts of a `<configuration>`, each under the path that leads to it.
fn settings(element: Element<'_>) -> Vec<Setting> {
    let mut found = Vec::new();
    let mut open: Vec<(String, usize, Element<'_>)> = Vec::new();
    let Some(configuration) = element.child("configuration") else { return found };
    open.extend(configuration.children().map(|e| (e.name().to_owned(), 1, e)));
    open.reverse();
    while let Some((path, depth, element)) = open.pop() {
        if let Some(class) = element.implementation() {
            found.push(Setting { path: format!("{path}/@implementation").into(), value: class.clone() });
        }
        if !element.has_children() && element.text().is_none() {
            // `<requireUpperBoundDeps/>` says something by being there.
            let here = element.name_span();
            found.push(Setting { path: path.into(), value: Traced::literal("", Span { end: here.start, ..here }) });
        } else if let Some(value) = element.text() {
            found.push(Setting { path: path.into(), value: value.clone() });
        } else if depth < MAX_SETTING_DEPTH {
            let children = element.children().map(|e| (format!("{path}/{}", e.name()), depth + 1, e));
            let first = open.len();
            open.extend(children);
            open[first..].reverse();
        }
    }
    found
}
