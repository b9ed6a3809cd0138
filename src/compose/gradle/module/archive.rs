//! What a project's archive is called and holds.

use super::super::FatJar;
use super::super::project::{Archive, Project};
use super::super::value::Text;
use super::SHADOW;

fn pattern(text: Option<&Text>) -> Option<String> {
    text.map(Text::pattern)
}

/// The file names that a project can build.
pub(super) fn artefacts(project: &Project<'_>) -> Vec<String> {
    let archives = &project.archives;
    let version = pattern(project.version.as_ref());
    let name = |archive: &Archive, classifier: Option<&str>| {
        if let Some(file) = &archive.file {
            return file.clone();
        }
        let base = archive.base.as_ref().or(archives.base.as_ref()).unwrap_or(&project.name);
        let version = archive.version.clone().or_else(|| version.clone());
        let classifier = archive.classifier.as_deref().or(classifier);
        let parts = [Some(base.as_str()), version.as_deref(), classifier];
        let parts: Vec<&str> = parts.into_iter().flatten().filter(|part| !part.is_empty()).collect();
        format!("{}.jar", parts.join("-"))
    };
    let mut names = vec![name(&archives.jar, None)];
    if has_shadow(project) {
        names.push(name(&archives.shadow, Some("all")));
    }
    if project.applies("org.springframework.boot") {
        names.push(name(&archives.jar, Some("plain")));
    }
    // A name that is nothing but unknown would fit every file.
    names.retain(|name| !name.starts_with("*.") && !name.starts_with("*-*") && !name.contains(['$', '{', '/']));
    names
}

fn has_shadow(project: &Project<'_>) -> bool {
    project.archives.shadow_at.is_some() || SHADOW.iter().any(|id| project.applies(id))
}

pub(super) fn fat_jar(project: &Project<'_>) -> Option<FatJar> {
    let archives = &project.archives;
    let shadow = has_shadow(project);
    let plugin = project.plugins.iter().find(|p| SHADOW.contains(&&*p.id)).map(|p| p.span);
    // Spring Boot makes its own jar: the plugin alone does not say that the other one is used.
    let plugin = plugin.filter(|_| !project.applies("org.springframework.boot"));
    let span = if shadow { archives.shadow_at.or(plugin)? } else { archives.fat_jar? };
    Some(FatJar {
        span,
        shadow,
        merges_services: archives.merges_services,
        drops_services: archives.drops_services.clone(),
        left_out: archives.left_out.clone(),
        relocated: archives.relocated.clone(),
        includes: archives.includes,
        configurations: archives.configurations.clone(),
        merge: archives.merge.clone(),
    })
}
