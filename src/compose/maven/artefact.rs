//! The names of the files that a module builds.

use super::plugin::Setting;
use super::scope::Scope;
use crate::fact::Variants;
use crate::source::Traced;
use std::collections::BTreeSet;

/// More names than this say nothing more about a module.
const MAX_NAMES: usize = 64;

/// The file names that a module can build in some evaluation, `*` for what is not known of them.
pub(super) fn artefacts(scope: &mut Scope<'_, '_>, settings: &[Setting<'_>], packaging: &str) -> Vec<String> {
    if packaging == "pom" {
        return Vec::new();
    }
    let extension = match packaging {
        "war" | "ear" | "rar" => packaging,
        _ => "jar",
    };
    let mut names = Names { files: BTreeSet::new(), bases: base_names(scope) };
    names.plain(extension);
    for setting in settings {
        let is_false = |path: &str| settings.iter().any(|s| beside(s, setting, path) && s.text.as_str() == "false");
        let values: Vec<String> =
            scope.pattern(setting.text, setting.variants).into_iter().map(|(_, text)| text).collect();
        match (setting.plugin, setting.path) {
            ("maven-assembly-plugin", "descriptorRefs/descriptorRef") => {
                let bases = own_bases(scope, settings, setting);
                if is_false("appendAssemblyId") {
                    names.with(bases.as_ref(), |base| format!("{base}.jar"));
                } else {
                    names.each(bases.as_ref(), &values, |base, id| format!("{base}-{id}.jar"));
                }
            }
            ("maven-assembly-plugin", "descriptors/descriptor" | "descriptor") => {
                let bases = own_bases(scope, settings, setting);
                let tail = if is_false("appendAssemblyId") { ".*" } else { "-*" };
                names.with(bases.as_ref(), |base| format!("{base}{tail}"));
            }
            ("maven-shade-plugin", "shadedClassifierName") => {
                names.each(None, &values, |base, classifier| format!("{base}-{classifier}.jar"));
            }
            ("maven-shade-plugin", "shadedArtifactAttached")
                if values.iter().any(|v| v == "true")
                    && !settings.iter().any(|s| beside(s, setting, "shadedClassifierName")) =>
            {
                names.with(None, |base| format!("{base}-shaded.jar"));
            }
            ("maven-shade-plugin", "outputFile") => {
                names.add(values.iter().filter_map(|v| v.rsplit('/').next()).map(str::to_owned));
            }
            ("maven-shade-plugin" | "spring-boot-maven-plugin" | "maven-jar-plugin", "finalName") => {
                names.add(values.iter().map(|base| format!("{base}.jar")));
            }
            ("maven-jar-plugin" | "spring-boot-maven-plugin" | "maven-war-plugin", "classifier") => {
                let bases = own_bases(scope, settings, setting);
                names.each(bases.as_ref(), &values, |base, classifier| format!("{base}-{classifier}.{extension}"));
            }
            _ => {}
        }
    }
    names.files.into_iter().collect()
}

/// Whether a setting stands in the same execution as another, or holds for all, under this path.
fn beside(setting: &Setting<'_>, other: &Setting<'_>, path: &str) -> bool {
    setting.plugin == other.plugin
        && setting.path == path
        && (setting.execution.is_none() || setting.execution == other.execution)
}

/// `finalName` in the plugin's own configuration.
fn own_bases(scope: &mut Scope<'_, '_>, settings: &[Setting<'_>], beside_of: &Setting<'_>) -> Option<Vec<String>> {
    let own = settings.iter().filter(|s| beside(s, beside_of, "finalName"));
    let bases: Vec<String> = own.flat_map(|s| scope.pattern(s.text, s.variants)).map(|(_, base)| base).collect();
    (!bases.is_empty()).then_some(bases)
}

/// `<finalName>`, else `artifactId-version`, in every evaluation.
fn base_names(scope: &mut Scope<'_, '_>) -> Vec<String> {
    let mut bases = Vec::new();
    let mut left = scope.holds(0, None);
    for (number, entry) in scope.ancestry() {
        for (profile, layer) in super::world::layers(entry.pom) {
            let here = left.and(scope.holds(number, profile));
            if let Some(text) = layer.final_name.as_ref().filter(|_| !here.is_empty()) {
                left = super::value::without(left, here);
                bases.extend(scope.pattern(text, here).into_iter().map(|(_, base)| base));
            }
        }
    }
    if !left.is_empty()
        && let Some(pom) = scope.own().map(|own| own.pom)
    {
        let version = pom.version.as_ref().or_else(|| pom.parent.as_ref()?.version.as_ref());
        let artifacts = either(scope, pom.artifact.as_ref(), left);
        let versions = either(scope, version, left);
        for artifact in &artifacts {
            bases.extend(versions.iter().map(|version| format!("{artifact}-{version}")));
        }
    }
    bases.sort_unstable();
    bases.dedup();
    bases
}

fn either(scope: &mut Scope<'_, '_>, text: Option<&Traced>, variants: Variants) -> Vec<String> {
    match text {
        Some(text) => scope.pattern(text, variants).into_iter().map(|(_, text)| text).collect(),
        None => vec!["*".to_owned()],
    }
}

struct Names {
    files: BTreeSet<String>,
    bases: Vec<String>,
}

impl Names {
    fn plain(&mut self, extension: &str) {
        self.with(None, |base| format!("{base}.{extension}"));
    }

    fn with(&mut self, bases: Option<&Vec<String>>, name: impl Fn(&str) -> String) {
        let names: Vec<String> = bases.unwrap_or(&self.bases).iter().map(|base| name(base)).collect();
        self.add(names);
    }

    fn each(&mut self, bases: Option<&Vec<String>>, values: &[String], name: impl Fn(&str, &str) -> String) {
        for value in values {
            self.with(bases, |base| name(base, value));
        }
    }

    fn add(&mut self, names: impl IntoIterator<Item = String>) {
        for name in names {
            // A name that is nothing but unknown would fit every file, one with a template's placeholder none.
            let says_something = !name.starts_with("*.") && !name.starts_with("*-*") && !name.contains(['$', '@', '{']);
            if self.files.len() < MAX_NAMES && says_something {
                self.files.insert(name);
            }
        }
    }
}
