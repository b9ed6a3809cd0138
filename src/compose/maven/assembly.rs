//! Jars with libraries in them, and what the enforcer checks.

use super::plugin::Setting;
use super::scope::Scope;
use super::value::without;
use super::world::layers;
use super::{BuiltImage, FatJar};
use crate::fact::{Services, Variants};

/// The plugins that unite jars.
const SHADE: &str = "maven-shade-plugin";
const ASSEMBLY: &str = "maven-assembly-plugin";

/// The fat jars that a module's plugins make, in the evaluations in which they run.
pub(super) fn fat_jars(scope: &Scope<'_, '_>, settings: &[Setting<'_>]) -> Vec<FatJar> {
    let mut found = Vec::new();
    for plugin in [SHADE, ASSEMBLY] {
        let of = |path: &str| settings.iter().filter(move |s| s.plugin == plugin && s.path == path).collect::<Vec<_>>();
        // The assembly plugin makes zips and the like as well.
        if plugin == ASSEMBLY
            && !of("descriptorRefs/descriptorRef").iter().any(|s| s.text.as_str() == "jar-with-dependencies")
        {
            continue;
        }
        let (mut left, runs) = (scope.holds(0, None), has_execution(scope, plugin));
        for (depth, (number, entry)) in scope.ancestry().enumerate() {
            for (profile, layer) in layers(entry.pom) {
                let here = left.and(scope.holds(number, profile));
                let named = layer.plugins.iter().find(|p| *p.artifact == *plugin && (depth == 0 || p.inherited));
                let Some(named) = named.filter(|_| !here.is_empty() && runs) else { continue };
                left = without(left, here);
                let includes = !of("artifactSet/includes/include").is_empty() || !of("artifactSet/includes").is_empty();
                let mut left_out: Vec<String> =
                    of("artifactSet/excludes/exclude").iter().map(|s| s.text.as_str().to_owned()).collect();
                left_out.extend(includes.then(|| "*:*".to_owned()));
                let services = if plugin == SHADE { services(settings) } else { Services::Unknown };
                found.push(FatJar {
                    plugin,
                    span: named.span,
                    variants: here,
                    services,
                    left_out,
                    relocated: of("relocations/relocation/pattern")
                        .iter()
                        .map(|s| s.text.as_str().to_owned())
                        .collect(),
                    merge: named.merge.clone(),
                });
            }
        }
    }
    found
}

/// Whether some execution of a plugin is not switched off, in the POMs or their management.
fn has_execution(scope: &Scope<'_, '_>, plugin: &str) -> bool {
    scope.ancestry().any(|(_, entry)| {
        let all = layers(entry.pom).flat_map(|(_, layer)| layer.plugins.iter().chain(&layer.managed_plugins));
        all.filter(|p| *p.artifact == *plugin).flat_map(|p| &p.executions).any(|execution| !execution.disabled)
    })
}

/// What the shade plugin does with service files: without a transformer the first one is kept.
fn services(settings: &[Setting<'_>]) -> Services {
    let of = |path: &str| settings.iter().filter(move |s| s.plugin == SHADE && s.path == path).collect::<Vec<_>>();
    let everywhere =
        of("filters/filter/artifact").iter().all(|s| matches!(s.text.as_str(), "*:*" | "*" | "*:*:*" | "*:*:*:*"));
    let drops = |text: &str| {
        text.starts_with("META-INF/services") || matches!(text, "META-INF/**" | "META-INF/" | "**/services/**")
    };
    let excluded = of("filters/filter/excludes/exclude");
    if let Some(drop) = excluded.iter().find(|s| everywhere && drops(s.text.as_str())) {
        return Services::Dropped(drop.text.clone());
    }
    let transformers = of("transformers/transformer/@implementation");
    let merges = |class: &str| class.ends_with("ServicesResourceTransformer");
    if transformers.iter().any(|s| merges(s.text.as_str())) { Services::Merged } else { Services::OneKept }
}

/// The rules of the enforcer, by the names of their elements.
pub(super) fn enforced(settings: &[Setting<'_>]) -> Vec<String> {
    let rules = settings.iter().filter(|s| s.plugin == "maven-enforcer-plugin" && s.variants != Variants::NONE);
    let mut names: Vec<String> =
        rules.filter_map(|s| s.path.strip_prefix("rules/")?.split('/').next()).map(str::to_owned).collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// What jib is told, as far as it is the same in all evaluations.
pub(super) fn image(scope: &mut Scope<'_, '_>, settings: &[Setting<'_>]) -> Option<BuiltImage> {
    let mut of = |path: &str| {
        let setting = settings.iter().find(|s| s.plugin == "jib-maven-plugin" && s.path == path)?;
        let mut values = scope.fill(setting.text, setting.variants).into_iter();
        let first = values.next().and_then(|(_, text)| text.ok());
        first.filter(|_| values.next().is_none()).map(|text| (setting.text.span(), text))
    };
    let (from, to) = (of("from/image"), of("to/image"));
    let span = from.as_ref().or(to.as_ref()).map(|(span, _)| *span)?;
    Some(BuiltImage { span, from: from.map(|(_, text)| text), to: to.map(|(_, text)| text) })
}
