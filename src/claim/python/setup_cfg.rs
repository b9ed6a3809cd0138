//! `setup.cfg`: the metadata that setuptools reads.

use super::project::Project;
use super::{is_for_development, local_module, specifier_set};
use crate::compose::python::Python;
use crate::fact::{Component, Facts, How, Scope};
use crate::read::ini::Section;
use crate::source::{Source, Traced};

/// The facts of the file; nothing where it only configures tools.
pub(super) fn claim(source: &Source, sections: &[Section], world: &Python) -> Facts {
    let mut project = Project::of(source);
    let named = |name: &str| sections.iter().find(|section| section.name.as_str() == name);
    let name = named("metadata").and_then(|section| section.get("name").first());
    let options = named("options");
    let lines = |key: &str| options.map_or(&[][..], |section| section.get(key));
    texts(&mut project, lines("install_requires"), Scope::Compile);
    texts(&mut project, lines("setup_requires"), Scope::Other);
    texts(&mut project, lines("tests_require"), Scope::Test);
    for extra in named("options.extras_require").into_iter().flat_map(|section| &section.entries) {
        let scope = if is_for_development(extra.key.as_str()) { Scope::Test } else { Scope::Other };
        texts(&mut project, &extra.lines, scope);
    }
    if let Some(text) = lines("python_requires").first()
        && let Some(set) = specifier_set(text.as_str())
    {
        project.says(Component::Python, set, text.clone(), How::Compiler, "python_requires");
    }
    let place = name.or_else(|| options.map(|section| &section.name)).map(Traced::span);
    let Some(span) = place else { return project.facts };
    let name = name.map_or_else(|| source.path.clone(), Traced::to_string);
    project.finish(name, span, world)
}

/// Requirements, one a line or parted by `;` as old files do; `file:` names a file of them.
fn texts(project: &mut Project<'_>, lines: &[Traced], scope: Scope) {
    for line in lines {
        if let Some(files) = line.as_str().strip_prefix("file:") {
            let paths = files.split(',').map(str::trim);
            let at = line.span();
            let source = project.source;
            let local = paths.filter_map(|path| local_module(source, &Traced::literal(path, at), at));
            project.local.extend(local.collect::<Vec<_>>());
        } else if !line.as_str().starts_with("attr:") {
            project.requirement(line, scope, line.span());
        }
    }
}
