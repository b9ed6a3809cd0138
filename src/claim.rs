//! What does a document claim, in the domain's words? Here a document's *kind* is decided.

pub mod arguments;
pub mod c_code;
pub mod cargo;
pub mod ci;
pub mod compose;
pub mod custom_resource;
pub mod dockerfile;
pub mod embedded;
pub mod go_calls;
pub mod go_mod;
pub mod go_sites;
pub mod gradle;
pub mod image;
pub mod install;
pub mod java_run;
pub mod jib;
pub mod job_code;
pub mod kafka;
pub mod kubernetes;
pub mod library;
pub mod log_layout;
pub mod manifest;
pub mod maven;
pub mod metric;
pub mod names;
pub mod object;
pub mod overridden;
pub mod packages;
pub mod payload;
pub mod platform;
pub mod profiles;
pub mod python;
pub mod python_calls;
pub mod rust_calls;
pub mod sbt;
pub mod serialized;
pub mod session;
pub mod spark_application;
pub mod spark_conf;
pub mod stated;
pub mod stream;
pub mod submit;
pub mod tls;
pub mod update_bot;
pub mod version_matrix;
pub mod webhook;
pub mod workload;

use crate::compose::kustomize::{Built, GeneratedFile, Kustomize};
use crate::compose::{Composed, helm};
use crate::discover::VERSION_MATRIX;
use crate::fact::object::{MapFile, MapSettings};
use crate::fact::{Facts, PartId};
use crate::read::tree::Tree;
use crate::read::{Body, Document, Extent};
use crate::source::{FileId, Format, Source, Sources, Span};
use crate::table::Tables;
use arguments::Arguments;
use rayon::prelude::*;
use std::collections::HashSet;

/// The facts of all documents, in the order of the files.
pub fn claim(sources: &Sources, composed: &Composed, tables: &Tables) -> Facts {
    let of = |document: &Document, arguments: &Arguments<'_>| {
        let source = sources.get(document.file);
        let mut facts = claim_document(source, document, composed, arguments);
        if let Some(code) = &document.preamble {
            facts.append(c_code::claim(source, code));
        }
        facts.directives.extend(document.directives.iter().cloned());
        // What the text alone does not say is no loss where the template was followed.
        let rendered = composed.helm.rendered(document.file);
        let is_followed = rendered.iter().any(|one| one.variant.is_none()) && rendered.iter().all(|one| one.followed);
        let lost = document.losses.iter().filter(|loss| !(is_followed && loss.extent == Extent::Limit));
        facts.losses.extend(lost.cloned());
        facts
    };
    // What builds pass to a Dockerfile is known when all other files are.
    let is_recipe = |document: &Document| matches!(document.body, Body::Dockerfile(_));
    let others = |document: &Document| (!is_recipe(document)).then(|| of(document, &Arguments::default()));
    let others: Vec<Option<Facts>> = composed.documents.par_iter().map(others).collect();
    let arguments = Arguments::of(others.iter().flatten());
    let recipe = |document: &Document| is_recipe(document).then(|| of(document, &arguments));
    let recipes: Vec<Option<Facts>> = composed.documents.par_iter().map(recipe).collect();
    let each: Vec<Facts> = others.into_iter().zip(recipes).filter_map(|(other, recipe)| other.or(recipe)).collect();
    let mut facts = Facts {
        generated: composed.kustomize.generated().cloned().collect(),
        map_files: composed.kustomize.files().iter().map(map_file).collect(),
        map_variables: composed.kustomize.literals().to_vec(),
        image_overrides: composed.kustomize.images().map(str::to_owned).collect(),
        ..Facts::default()
    };
    let built: Vec<Facts> =
        composed.kustomize.built().par_iter().map(|built| claim_built(sources, built, composed)).collect();
    // Each is one, in however many overlays it is.
    let mut seen: HashSet<Span> = each.iter().flat_map(places).collect();
    for one in each {
        facts.append(one);
    }
    for mut one in built {
        once(&mut one, &mut seen);
        facts.append(one);
    }
    facts.append(maven::claim(sources, &composed.maven));
    facts.append(gradle::claim(sources, &composed.gradle));
    facts.append(sbt::claim(sources, &composed.sbt));
    facts.append(cargo::claim(sources, &composed.cargo));
    packages::claim(&mut facts, tables);
    library::claim(&mut facts, tables);
    let versions = image::version_claims(&facts, tables);
    facts.versions.extend(versions);
    install::claim(&mut facts, tables);
    platform::versions(&mut facts, tables);
    overridden::withdraw(sources, composed, &mut facts);
    profiles::select(sources, &composed.documents, &mut facts);
    facts.payloads.extend(payload::link(sources, &composed.documents, &facts.sent));
    facts.append(tls::claim(sources, &composed.documents));
    facts.auto_commits.extend(kafka::link(&facts.kafka_switches, &facts.kafka_commits));
    metric::exported(&composed.documents, &mut facts);
    facts
}

/// What an object says as a kustomization makes it.
fn claim_built(sources: &Sources, built: &Built, composed: &Composed) -> Facts {
    let source = Source { path: built.path.clone(), ..sources.get(built.file).clone() };
    claim_trees(&source, std::slice::from_ref(&built.tree), composed)
}

/// Where something unresolved or a directive stands.
fn places(facts: &Facts) -> Vec<Span> {
    facts.unresolved.iter().map(|one| one.span).chain(facts.directives.iter().map(|one| one.span)).collect()
}

/// Takes away what was said before at the same place.
fn once(facts: &mut Facts, seen: &mut HashSet<Span>) {
    facts.unresolved.retain(|one| !seen.contains(&one.span));
    facts.directives.retain(|one| !seen.contains(&one.span));
    seen.extend(places(facts));
}

fn map_file(file: &GeneratedFile) -> MapFile {
    MapFile {
        map: file.map.clone(),
        namespace: file.namespace.clone(),
        folder: file.folder.clone(),
        name: file.name.clone(),
        settings: MapSettings::File(file.path.clone()),
    }
}

fn claim_document(source: &Source, document: &Document, composed: &Composed, arguments: &Arguments<'_>) -> Facts {
    let python = &composed.python;
    let file = document.file;
    match &document.body {
        Body::GoMod(module) => go_mod::claim(file, source, module),
        Body::Yaml(trees) => {
            let mut facts = claim_yaml(file, source, trees, composed);
            facts.append(names::claim(source, trees, &composed.environment));
            facts.append(python::claim_conda(source, trees, python));
            facts
        }
        Body::Json(tree) if source.name() == VERSION_MATRIX => version_matrix::claim(source, tree),
        Body::Hcl(tree) => {
            let mut facts = submit::claim_tree(source, tree);
            platform::claim(source, tree, Some(&composed.terraform), &mut facts);
            facts
        }
        Body::Json(_) if composed.kustomize.is_part(&source.path) => Facts::default(),
        Body::Json(tree) => claim_trees(source, std::slice::from_ref(tree), composed),
        Body::Toml(tree) => python::claim_toml(source, tree, python),
        Body::Ini(sections) => python::claim_setup_cfg(source, sections, python),
        Body::Requirements(requirements) => python::claim_requirements(source, requirements, python),
        Body::Dockerfile(dockerfile) => {
            let mut facts = dockerfile::claim(source, dockerfile, arguments.passed(&source.path));
            if !facts.parts.is_empty() {
                submit::claim_image(source, &mut facts, PartId(0));
                python::claim_image(&mut facts, PartId(0));
                java_run::claim_image(&mut facts, PartId(0));
            }
            facts
        }
        Body::Script(texts) if source.format == Format::Tilt => {
            texts.iter().fold(Facts::default(), |mut facts, text| {
                facts.append(names::tilt::claim(source, text));
                facts
            })
        }
        Body::Script(scripts) => {
            let mut facts = names::claim_scripts(source, scripts);
            facts.append(submit::claim_scripts(source, scripts));
            facts.append(payload::claim_scripts(source, scripts));
            facts.append(python::claim_scripts(source, scripts));
            webhook::scripts(source, scripts, &mut facts);
            java_run::scripts(scripts, &mut facts);
            facts
        }
        Body::Code(code) => {
            let mut facts = session::claim(source, code);
            facts.metrics.extend(metric::claim_code(source, code));
            facts.append(stream::claim(source, code));
            facts.append(serialized::claim(source, code));
            facts.payloads.extend(payload::claim_code(source, code));
            facts.auto_commits = kafka::claim(source, code);
            facts.kafka_commits.extend(kafka::commits(source, code));
            facts.append(python::claim_setup_py(source, code, python));
            if source.has_extension("py") {
                facts.append(job_code::claim(source, code));
            }
            facts
        }
        Body::Rust(rust) => rust_calls::claim_file(source, rust),
        Body::C(code) => c_code::claim(source, code),
        Body::LogLayouts(layouts) => Facts { log_layouts: log_layout::claim(source, layouts), ..Facts::default() },
        Body::Wasm(imports) => Facts { wasm_imports: imports.clone(), ..Facts::default() },
        Body::Properties(_) if source.name() == "gradle.properties" => Facts::default(),
        Body::Properties(properties) => {
            let mut facts = spark_conf::claim(file, source, properties);
            let (contradiction, switch) = kafka::claim_properties(source, properties);
            facts.auto_commits.extend(contradiction);
            facts.kafka_switches.extend(switch);
            facts
        }
        // Poms, Gradle scripts, sbt builds and Cargo manifests claim as effective modules, an interpreter's version with the
        // manifests beside it, Go code a build at a time, files of variables with the compose files that name them.
        Body::Pom(_)
        | Body::Gradle(_)
        | Body::Sbt(_)
        | Body::PythonVersion(_)
        | Body::Go(_)
        | Body::Environment(_)
        | Body::Nothing => Facts::default(),
    }
}

/// What a file says; a chart's template says what it makes with the chart's values, and with each further values file as if it
/// were a chart of its own, so that what excludes each other never meets.
fn claim_yaml(file: FileId, source: &Source, trees: &[Tree], composed: &Composed) -> Facts {
    // What a kustomization joins is claimed as it makes it.
    if composed.kustomize.is_part(&source.path) {
        return Facts::default();
    }
    let rendered = composed.helm.rendered(file);
    let own = rendered.iter().find(|one| one.variant.is_none()).map(|one| one.trees.as_slice());
    let is_made = rendered.iter().any(|one| !one.trees.is_empty());
    // What no values turn on is judged as it is written.
    let mut facts = claim_trees(source, own.filter(|_| is_made).unwrap_or(trees), composed);
    let mut seen: HashSet<Span> = places(&facts).into_iter().collect();
    let variants = rendered.iter().filter_map(|one| Some((one.variant.as_deref()?, one.trees.as_slice())));
    // Lines that none of these values make are judged as they are written.
    let rest = (is_made && own.is_some() && !helm::covers(file, rendered, trees)).then_some((helm::AS_WRITTEN, trees));
    for (variant, trees) in variants.chain(rest) {
        let source = Source { path: helm::path_of(&source.path, variant), ..source.clone() };
        let mut claimed = claim_trees(&source, trees, composed);
        // Each is one, in however many variants it is.
        claimed.unresolved.retain(|_| variant != helm::AS_WRITTEN);
        once(&mut claimed, &mut seen);
        facts.append(claimed);
    }
    facts
}

fn claim_trees(source: &Source, trees: &[Tree], composed: &Composed) -> Facts {
    let mut facts = Facts::default();
    for tree in trees {
        java_run::environment(tree, &mut facts);
        update_bot::claim(source, tree.root(), &mut facts);
        payload::claim_tree(source, tree, &mut facts);
        facts.auto_commits.extend(kafka::claim_tree(source, tree));
        facts.log_layouts.extend(log_layout::claim_tree(source, tree));
        facts.metrics.extend(metric::claim_rules(source, tree));
    }
    facts.seccomp.extend(trees.iter().filter_map(|tree| object::seccomp(tree.root())));
    let (definitions, objects): (Vec<_>, Vec<_>) =
        trees.iter().flat_map(kubernetes::objects).partition(|object| kubernetes::is_definition(*object));
    for definition in definitions {
        facts.objects.push(object::claim(source, definition));
        facts.directives.extend(kubernetes::annotations(definition));
    }
    // A patch makes no object, whatever version of it it is written for.
    let is_patch = Kustomize::is_called_patch(source.name()) && !Kustomize::is_built(&source.path);
    for object in objects {
        let claimed = spark_application::claim(source, object, composed);
        let mut claimed = claimed.unwrap_or_else(|| workload::claim(source, object, composed));
        submit::claim_object(source, object, &mut claimed);
        facts.webhooks.extend(webhook::object(object));
        facts.append(claimed);
        facts.append(manifest::claim(source, object, composed));
        facts.append(embedded::claim(source, object));
        if !is_patch {
            facts.objects.push(object::claim(source, object));
        }
        facts.deviations.extend(custom_resource::claim(source, object, composed));
        facts.directives.extend(kubernetes::annotations(object));
    }
    facts.webhooks.extend(facts.parts.iter().filter_map(webhook::part).collect::<Vec<_>>());
    for tree in trees.iter().filter(|tree| !kubernetes::is_object(tree.root())) {
        facts.webhooks.extend(webhook::values(source, tree.root()));
        let mut claimed = Facts::default();
        if !compose::claim(source, tree.root(), &composed.environment, &mut claimed)
            && !ci::claim(source, tree.root(), &mut claimed)
        {
            claimed = submit::claim_tree(source, tree);
            platform::claim(source, tree, None, &mut claimed);
        }
        facts.append(claimed);
    }
    facts
}

#[cfg(test)]
pub(crate) mod tests;
