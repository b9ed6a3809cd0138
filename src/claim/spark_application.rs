//! What Spark's custom resources claim: the Kubeflow operator's, Apache's and Stackable's.

use super::{image, kubernetes, workload};
use crate::fact::{
    Component, ConfSetting, Facts, How, Part, PartId, PartKind, SparkApplication, Unresolved, Variants, VersionClaim,
    Via,
};
use crate::read::tree::Node;
use crate::source::{Source, Traced};
use crate::version::{Version, VersionSet};

/// The fields of one operator's resources, by API group.
struct Fields {
    group: &'static str,
    /// The Spark version, as a path below the application's spec.
    spark: &'static [&'static str],
    field: &'static str,
    /// Where images are named.
    images: &'static [&'static [&'static str]],
    /// Jar or script, the first that is there.
    main: &'static [&'static str],
}

/// Sources: the operators' published custom resource definitions.
const OPERATORS: [Fields; 3] = [
    Fields {
        group: "sparkoperator.k8s.io",
        spark: &["sparkVersion"],
        field: "spec.sparkVersion",
        images: &[&["image"], &["driver", "image"], &["executor", "image"], &["server", "image"]],
        main: &["mainApplicationFile"],
    },
    Fields {
        group: "spark.apache.org",
        spark: &["runtimeVersions", "sparkVersion"],
        field: "spec.runtimeVersions.sparkVersion",
        images: &[],
        main: &["jars", "pyFiles", "sparkRFiles"],
    },
    Fields {
        group: "spark.stackable.tech",
        spark: &["sparkImage", "productVersion"],
        field: "spec.sparkImage.productVersion",
        images: &[&["sparkImage", "custom"], &["image"]],
        main: &["mainApplicationFile"],
    },
];

/// Settings that name images, on every master.
const IMAGE_KEYS: [&str; 3] = [
    "spark.kubernetes.container.image",
    "spark.kubernetes.driver.container.image",
    "spark.kubernetes.executor.container.image",
];

/// The facts of one object; None where it is no Spark application.
pub fn claim(source: &Source, object: Node<'_>) -> Option<Facts> {
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
    let spark_version = known(spec.path(fields.spark), &mut facts);
    if let Some(claim) = spark_version.as_ref().and_then(|text| version_claim(part, text, fields.field)) {
        facts.versions.push(claim);
    }
    for path in fields.images {
        if let Some(reference) = known(spec.path(path), &mut facts) {
            image::runs(&mut facts, part, &path.join("."), &reference);
        }
    }
    settings(spec, part, &mut facts);
    let containers = workload::containers(object, part, &mut facts);
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
            containers,
        }),
    });
    Some(facts)
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

fn version_claim(part: PartId, text: &Traced, field: &'static str) -> Option<VersionClaim> {
    let version = Version::parse(text.as_str())?;
    Some(VersionClaim {
        part,
        component: Component::Spark,
        versions: VersionSet::of(&version),
        text: text.clone(),
        how: How::Field(field),
        by: field.to_owned(),
        variants: Variants::ALL,
        stage: None,
        unverified: false,
        travels: true,
    })
}

fn settings(spec: Node<'_>, part: PartId, facts: &mut Facts) {
    for (entry, value) in spec.get("sparkConf").into_iter().flat_map(|conf| conf.entries().collect::<Vec<_>>()) {
        if IMAGE_KEYS.contains(&entry.key.as_str())
            && let Some(reference) = known(Some(value), facts)
        {
            image::runs(facts, part, entry.key.as_str(), &reference);
        }
        let value = value.text().cloned();
        facts.settings.push(ConfSetting { part, key: entry.key.clone(), value, via: Via::Resource });
    }
}
