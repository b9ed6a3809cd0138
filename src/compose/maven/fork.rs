//! The JVMs that test plugins start, and what they are told.

use super::Fork;
use super::plugin::Setting;
use super::scope::Scope;
use super::world::layers;
use crate::source::{Span, Traced};

/// Plugins that run tests in a JVM of their own and take its options as `argLine`.
const PLUGINS: [&str; 3] = ["maven-surefire-plugin", "maven-failsafe-plugin", "scalatest-maven-plugin"];

/// Parents outside of a repository that are known to say nothing about the options of tests.
const PLAIN_PARENTS: [&str; 2] = ["org.springframework.boot:spring-boot-starter-parent", "org.sonatype.oss:oss-parent"];

/// The JVM of a module's tests, as its plugins together describe it; None where its tests are not run, or in no JVM of their own.
pub(super) fn tests(scope: &mut Scope<'_, '_>, settings: &[Setting<'_>]) -> Option<Fork> {
    if scope.missing_parent.is_some_and(|parent| !PLAIN_PARENTS.iter().any(|plain| parent.starts_with(plain))) {
        return None;
    }
    let of = |path: &'static str| settings.iter().filter(move |s| PLUGINS.contains(&s.plugin) && s.path == path);
    let is = |path: &'static str, value: &str| of(path).any(|s| s.text.as_str() == value);
    let skips = ["skip", "skipTests"].iter().any(|path| is(path, "true"));
    if skips || is("forkCount", "0") || is("forkMode", "never") {
        return None;
    }
    let all = scope.holds(0, None);
    let written: Vec<&Traced> = of("argLine").map(|s| s.text).collect();
    let mut options = Some(Vec::new());
    let (property, _) = scope.defined("argLine", all);
    let filled = written.iter().flat_map(|text| scope.fill(text, all)).chain(property);
    for (_, text) in filled {
        match text {
            Ok(text) if is_plain(text.as_str()) => options.iter_mut().for_each(|o| o.push(Traced::clone(&text))),
            _ => options = None,
        }
    }
    let named = scope.ancestry().find_map(|(_, entry)| {
        let mut plugins = layers(entry.pom).flat_map(|(_, layer)| layer.plugins.iter().chain(&layer.managed_plugins));
        plugins.find_map(|p| Some((*PLUGINS.iter().find(|name| **name == &*p.artifact)?, p.span)))
    });
    let own = scope.own().map(|entry| entry.pom.artifact.as_ref().map_or(entry.pom.span, Traced::span))?;
    let (plugin, place) = named.unwrap_or((PLUGINS[0], own));
    let literal =
        written.first().filter(|text| written.len() == 1 && text.is_literal() && !text.as_str().contains("${"));
    let span = written.first().map_or(place, |text| text.span());
    Some(Fork { plugin, span, options, end: literal.map(|text| Span { start: text.span().end, ..text.span() }) })
}

/// Whether all options stand in a text: none in a file that it names. `@{argLine}` is filled in by other plugins.
fn is_plain(text: &str) -> bool {
    !text.split_whitespace().any(|word| word.starts_with('@') && !word.starts_with("@{"))
}

/// Where a jar's manifest opens packages.
pub(super) fn opens(settings: &[Setting<'_>]) -> Option<Span> {
    let names = ["manifestEntries/Add-Opens", "manifestEntries/Add-Exports"];
    let variables = |path: &str| path.starts_with("environmentVariables/") && path.ends_with("JAVA_OPTIONS");
    let found = settings.iter().find(|s| names.iter().any(|name| s.path.ends_with(name)) || variables(s.path));
    found.map(|setting| setting.text.span())
}
