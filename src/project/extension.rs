//! Classes that settings name, and whether anything brings them.

use super::{Project, Unit};
use crate::fact::{ConfSetting, Dependency, How, Image, PartKind, Scope, VersionClaim, Via};
use crate::source::Traced;

/// Libraries by the beginnings of their classes: what they are called, and a word that stands in the name of each of their artefacts.
const LIBRARIES: [(&str, &str, &str); 18] = [
    ("com.datastax.spark.", "the Cassandra connector", "cassandra"),
    ("com.nvidia.spark.", "the RAPIDS Accelerator", "rapids"),
    ("io.delta.", "Delta Lake", "delta"),
    ("io.openlineage.", "OpenLineage", "openlineage"),
    ("org.apache.comet.", "DataFusion Comet", "comet"),
    ("org.apache.gluten.", "Gluten", "gluten"),
    ("org.apache.hudi.", "Hudi", "hudi"),
    ("org.apache.iceberg.", "Iceberg", "iceberg"),
    ("org.apache.paimon.", "Paimon", "paimon"),
    ("org.apache.sedona.", "Sedona", "sedona"),
    ("org.apache.spark.HoodieSparkKryoRegistrar", "Hudi", "hudi"),
    ("org.apache.spark.internal.io.cloud.", "Spark's module for object stores", "hadoop-cloud"),
    ("org.apache.spark.serializer.HoodieSpark", "Hudi", "hudi"),
    ("org.apache.spark.shuffle.celeborn.", "Celeborn", "celeborn"),
    ("org.apache.spark.sql.delta.", "Delta Lake", "delta"),
    ("org.apache.spark.sql.hudi.", "Hudi", "hudi"),
    ("org.apache.spark.sql.comet.", "DataFusion Comet", "comet"),
    ("org.projectnessie.", "Nessie", "nessie"),
];

/// Keys whose values are classes, or lists of classes.
const KEYS: [&str; 10] = [
    "spark.extraListeners",
    "spark.kryo.registrator",
    "spark.plugins",
    "spark.serializer",
    "spark.shuffle.manager",
    "spark.sql.extensions",
    "spark.sql.parquet.output.committer.class",
    "spark.sql.queryExecutionListeners",
    "spark.sql.sources.commitProtocolClass",
    "spark.sql.streaming.checkpointFileManagerClass",
];

/// Images that hold Spark as it is published, or nothing of it.
const PLAIN: [&str; 9] =
    ["amazoncorretto", "apache/spark", "debian", "eclipse-temurin", "openjdk", "python", "scratch", "spark", "ubuntu"];

/// A class that nothing brings.
#[derive(Debug)]
pub struct Missing<'p> {
    /// The setting that names it.
    pub setting: &'p ConfSetting,
    /// The class.
    pub class: Traced,
    /// Whose class it is.
    pub library: &'static str,
    /// What runs, without it.
    pub spark: &'p VersionClaim,
}

impl Project {
    /// The classes of a unit's settings that nothing brings, where all that is loaded is known.
    pub fn missing_classes<'p>(&'p self, unit: &'p Unit) -> Vec<Missing<'p>> {
        let Some(spark) = self.published_spark(unit).filter(|_| self.is_plain(unit)) else { return Vec::new() };
        // Who starts code with what is only known where something here starts it.
        let is_started = spark.how != How::Pin
            || unit.members.iter().any(|member| matches!(self.part(*member).kind, PartKind::Submission(_)));
        let ours = self.facts.settings.iter().filter(|s| unit.members.contains(&s.part));
        let named = ours.filter(|s| is_started || s.via != Via::Code).flat_map(classes);
        let missing = named.filter_map(|(setting, class)| {
            let (_, library, word) = LIBRARIES.iter().find(|(start, ..)| class.as_str().starts_with(start))?;
            (!self.brings(unit, word)).then_some(Missing { setting, class, library, spark })
        });
        missing.collect()
    }

    /// Whether no image of a unit holds what cannot be seen, and no list of jars is unknown.
    fn is_plain(&self, unit: &Unit) -> bool {
        let ours = |image: &&Image| unit.members.contains(&image.part);
        let plain = |image: &Image| PLAIN.contains(&image.name.as_str()) || self.is_built_here(image);
        let images = self.facts.images.iter().filter(ours).all(plain);
        let bases_known = unit.members.iter().all(|member| match &self.part(*member).kind {
            PartKind::ImageBuild(build) => {
                build.stages.iter().all(|stage| stage.base.is_some() || stage.base_stage.is_some())
            }
            _ => true,
        });
        let jars = self.facts.settings.iter().filter(|setting| unit.members.contains(&setting.part) && loads(setting));
        let known = |value: &Traced| !value.as_str().contains(['*', '$', '{']);
        images && bases_known && jars.into_iter().all(|setting| setting.value.as_ref().is_some_and(known))
    }

    /// Whether anything may bring a library: a dependency or a list of jars anywhere here, or the recipe of an image.
    fn brings(&self, unit: &Unit, word: &str) -> bool {
        let names = |text: &str| text.to_ascii_lowercase().contains(word);
        let is_it = |d: &Dependency| d.scope != Scope::Test && (names(d.name.as_str()) || names(&d.group));
        self.facts.dependencies.iter().any(is_it)
            || self
                .facts
                .settings
                .iter()
                .any(|s| loads(s) && s.value.as_ref().is_some_and(|value| names(value.as_str())))
            || self.recipe_names(unit, &[word, "jars", ".jar", "wget", "curl", "coursier", "mvn ", "--packages"])
    }
}

/// Whether a setting loads jars.
fn loads(setting: &ConfSetting) -> bool {
    matches!(setting.key.as_str(), "spark.jars" | "spark.jars.packages")
        || setting.key.as_str().ends_with("xtraClassPath")
}

/// The classes that a setting names.
fn classes(setting: &ConfSetting) -> Vec<(&ConfSetting, Traced)> {
    let key = setting.key.as_str();
    let is_catalog = key.strip_prefix("spark.sql.catalog.").is_some_and(|name| !name.contains('.'));
    let Some(value) = setting.value.as_ref().filter(|_| is_catalog || KEYS.contains(&key)) else { return Vec::new() };
    let mut found = Vec::new();
    let mut start = 0;
    for item in value.as_str().split(',') {
        found.push((setting, value.slice(start..start + item.len()).trim()));
        start += item.len() + 1;
    }
    found
}
