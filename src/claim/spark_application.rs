//! What Spark's custom resources claim: the Kubeflow operator's, Apache's and Stackable's.

mod request;

use super::{custom_resource, image, kubernetes, stated, workload};
use crate::compose::Composed;
use crate::fact::{
    Component, ConfSetting, Facts, How, Part, PartId, PartKind, SparkApplication, Unresolved, VersionClaim, Via,
};
use crate::read::tree::Node;
use crate::source::{Source, Traced};
use crate::version::{Version, VersionSet};

/// The fields of one operator's resources, by API group.
struct Fields {
    group: &'static str,
    /// Versions that a resource states, as paths below the application's spec.
    versions: &'static [(Component, &'static [&'static str], &'static str)],
    /// For each process, where its image is named: the first that is there is the one in force.
    images: &'static [&'static [Place]],
    /// Jar or script, the first that is there.
    main: &'static [&'static str],
}

/// Where an image is named: a field, or a setting.
enum Place {
    Field(&'static [&'static str]),
    Conf(&'static str),
}

const IMAGE: &str = "spark.kubernetes.container.image";
const DRIVER: &str = "spark.kubernetes.driver.container.image";
const EXECUTOR: &str = "spark.kubernetes.executor.container.image";

/// Sources: the operators' published custom resource definitions; Kubeflow's fields come before its `sparkConf`
/// (`internal/controller/sparkapplication/submission.go`), Apache's images stand in `sparkConf` alone.
const OPERATORS: [Fields; 3] = [
    Fields {
        group: "sparkoperator.k8s.io",
        versions: &[(Component::Spark, &["sparkVersion"], "spec.sparkVersion")],
        images: &[
            &[Place::Field(&["driver", "image"]), Place::Field(&["image"]), Place::Conf(DRIVER), Place::Conf(IMAGE)],
            &[
                Place::Field(&["executor", "image"]),
                Place::Field(&["image"]),
                Place::Conf(EXECUTOR),
                Place::Conf(IMAGE),
            ],
        ],
        main: &["mainApplicationFile"],
    },
    Fields {
        group: "spark.apache.org",
        versions: &[
            (Component::Spark, &["runtimeVersions", "sparkVersion"], "spec.runtimeVersions.sparkVersion"),
            (Component::Scala, &["runtimeVersions", "scalaVersion"], "spec.runtimeVersions.scalaVersion"),
            (Component::Java, &["runtimeVersions", "jdkVersion"], "spec.runtimeVersions.jdkVersion"),
        ],
        images: &[&[Place::Conf(DRIVER), Place::Conf(IMAGE)], &[Place::Conf(EXECUTOR), Place::Conf(IMAGE)]],
        main: &["jars", "pyFiles", "sparkRFiles"],
    },
    Fields {
        group: "spark.stackable.tech",
        versions: &[(Component::Spark, &["sparkImage", "productVersion"], "spec.sparkImage.productVersion")],
        images: &[&[Place::Field(&["sparkImage", "custom"])], &[Place::Field(&["image"])]],
        main: &["mainApplicationFile"],
    },
];

/// The facts of one object; None where it is no Spark application.
pub fn claim(source: &Source, object: Node<'_>, composed: &Composed) -> Option<Facts> {
    let api_version = kubernetes::api_version(object);
    let group = api_version.split('/').next().unwrap_or_default();
    let fields = OPERATORS.iter().find(|f| f.group == group)?;
    let spec = object.get("spec")?;
    // A ScheduledSparkApplication holds the application's spec as its template.
    let spec =
        spec.get("template").filter(|t| t.get("sparkVersion").is_some() || t.get("driver").is_some()).unwrap_or(spec);
    let mut facts = Facts::default();
    let part = PartId(0);
    let name = kubernetes::name(object);
    let kind = kubernetes::kind(object);
    let mut spark_version = None;
    for (component, path, field) in fields.versions {
        let Some(text) = known(spec.path(path), &mut facts) else { continue };
        facts.versions.extend(version_claim(part, *component, &text, field));
        if *component == Component::Spark {
            spark_version = Some(text);
        }
    }
    images(spec, fields, part, &mut facts);
    for (entry, value) in spec.get("sparkConf").into_iter().flat_map(Node::entries) {
        let value = value.text().cloned();
        facts.settings.push(ConfSetting { part, key: entry.key.clone(), value, via: Via::Resource, slot: None });
    }
    // Kubeflow's operator hands these on as Spark's settings of the same meaning.
    for (entry, value) in spec.get("hadoopConf").into_iter().flat_map(Node::entries) {
        let (key, value) = (&entry.key, value.text().cloned());
        let key = Traced::concat(key.span(), [Traced::made("spark.hadoop.", key.span()), key.clone()]);
        facts.settings.push(ConfSetting { part, key, value, via: Via::Resource, slot: None });
    }
    dependencies(spec, part, &mut facts);
    let (pods, containers) = workload::pods(object, false, part, &mut facts);
    let patches =
        composed.kustomize.is_patch(&source.path) || composed.kustomize.is_patched(&source.path, &kind, &name.value);
    let request = request::request(group, &kind, spec, !patches, &mut facts.unresolved);
    let namespace = kubernetes::namespace(object);
    facts.add(Part {
        name: kubernetes::title(object),
        span: name.span,
        folder: source.folder().to_owned(),
        kind: PartKind::Application(SparkApplication {
            api_version,
            kind,
            namespace,
            name: name.value,
            spark_version,
            main_file: fields.main.iter().find_map(|key| spec.get(key)?.text().cloned()),
            pods,
            containers,
            processes: request::processes(spec),
            request,
            stated: stated::stated(spec, custom_resource::is_whole(source, object, composed)),
            name_is_literal: object.path(&["metadata"]).is_some_and(|metadata| {
                metadata.get("name").or_else(|| metadata.get("generateName")).is_some_and(is_literal)
            }),
            generates_name: object.path(&["metadata", "name"]).is_none(),
        }),
    });
    Some(facts)
}

/// `spec.deps`: what is loaded beside the application, as settings of the same meaning.
fn dependencies(spec: Node<'_>, part: PartId, facts: &mut Facts) {
    for (key, setting) in
        [("packages", "spark.jars.packages"), ("jars", "spark.jars"), ("pyFiles", "spark.submit.pyFiles")]
    {
        let items = spec.path(&["deps", key]).into_iter().flat_map(Node::items);
        for item in items.filter_map(|item| known(Some(item), facts)).collect::<Vec<_>>() {
            let key = Traced::literal(setting, item.span());
            facts.settings.push(ConfSetting { part, key, value: Some(item), via: Via::Resource, slot: None });
        }
    }
}

/// A text that stands in the file; `{{SPARK_VERSION}}` and templates are filled in elsewhere, and counted.
fn known(node: Option<Node<'_>>, facts: &mut Facts) -> Option<Traced> {
    let node = node?;
    match node.text() {
        Some(text) if !text.as_str().contains("{{") => Some(text.clone()),
        _ if node.is_null() => None,
        _ => {
            facts.unresolved.push(Unresolved { span: node.span(), why: "a template makes the value".into() });
            None
        }
    }
}

fn version_claim(part: PartId, component: Component, text: &Traced, field: &'static str) -> Option<VersionClaim> {
    let version = Version::parse(text.as_str())?;
    Some(VersionClaim::new(part, component, VersionSet::of(&version), text.clone(), How::Field(field), field))
}

/// The images in force: what only stands behind another one never runs.
fn images(spec: Node<'_>, fields: &Fields, part: PartId, facts: &mut Facts) {
    let mut seen = Vec::new();
    for process in fields.images {
        let in_force = process.iter().find_map(|place| match place {
            Place::Field(path) => spec.path(path),
            Place::Conf(key) => spec.path(&["sparkConf", key]),
        });
        let Some(node) = in_force.filter(|node| !seen.contains(&node.span())) else { continue };
        seen.push(node.span());
        if let Some(reference) = known(Some(node), facts) {
            image::runs(facts, part, None, &reference);
        }
    }
}

fn is_literal(node: Node<'_>) -> bool {
    node.text().is_some_and(Traced::is_literal)
}
