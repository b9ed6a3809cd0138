//! Service files: how libraries make themselves known to Spark and Hadoop, and who has one of the same name.

use super::Project;
use crate::fact::{Assembly, Dependency, Scope};

/// A file below `META-INF/services`, and libraries that have one.
struct Service {
    file: &'static str,
    /// `group:artifact` without the Scala suffix, `*` at its end for any rest, and the artefact in which the file was seen.
    providers: &'static [(&'static str, &'static str)],
}

/// What was read in the artefacts themselves.
const SERVICES: [Service; 2] = [
    Service {
        file: "org.apache.spark.sql.sources.DataSourceRegister",
        providers: &[
            ("io.delta:delta-core", "pkg:maven/io.delta/delta-core_2.12@2.4.0"),
            ("io.delta:delta-spark", "pkg:maven/io.delta/delta-spark_2.12@3.2.0"),
            ("com.databricks:spark-xml", "pkg:maven/com.databricks/spark-xml_2.12@0.17.0"),
            (
                "org.apache.iceberg:iceberg-spark-runtime-*",
                "pkg:maven/org.apache.iceberg/iceberg-spark-runtime-3.5_2.12@1.5.2",
            ),
            ("org.apache.spark:spark-avro", "pkg:maven/org.apache.spark/spark-avro_2.12@3.5.1"),
            ("org.apache.spark:spark-hive", "pkg:maven/org.apache.spark/spark-hive_2.12@3.5.1"),
            ("org.apache.spark:spark-mllib", "pkg:maven/org.apache.spark/spark-mllib_2.12@3.5.1"),
            ("org.apache.spark:spark-sql", "pkg:maven/org.apache.spark/spark-sql_2.12@3.5.1"),
            ("org.apache.spark:spark-sql-kafka-0-10", "pkg:maven/org.apache.spark/spark-sql-kafka-0-10_2.12@3.5.1"),
        ],
    },
    Service {
        file: "org.apache.hadoop.fs.FileSystem",
        providers: &[
            (
                "com.google.cloud.bigdataoss:gcs-connector",
                "pkg:maven/com.google.cloud.bigdataoss/gcs-connector@hadoop3-2.2.21",
            ),
            ("org.apache.hadoop:hadoop-common", "pkg:maven/org.apache.hadoop/hadoop-common@3.3.4"),
            ("org.apache.hadoop:hadoop-hdfs-client", "pkg:maven/org.apache.hadoop/hadoop-hdfs-client@3.3.4"),
        ],
    },
];

/// The service files of one name that a fat jar is made of.
pub struct Provided<'p> {
    /// The name below `META-INF/services`.
    pub file: &'static str,
    /// The libraries in the jar that have one, with the artefact in which it was seen.
    pub by: Vec<(&'p Dependency, &'static str)>,
}

impl Project {
    /// The libraries that a fat jar holds, as far as the module itself names them.
    pub fn held<'p>(&'p self, assembly: &'p Assembly) -> impl Iterator<Item = &'p Dependency> {
        let shipped = |d: &&Dependency| {
            d.part == assembly.part
                && matches!(d.scope, Scope::Compile | Scope::Runtime)
                && d.classifier.is_none()
                && !d.variants.and(assembly.variants).is_empty()
        };
        let artifact = |d: &Dependency| d.scala.as_ref().map_or(d.name.to_string(), |s| format!("{}_{s}", d.name));
        let held = self.facts.dependencies.iter().filter(shipped);
        held.filter(move |d| assembly.holds(&d.group, &artifact(d)))
    }

    /// The service files that a fat jar is made of.
    pub fn services<'p>(&'p self, assembly: &'p Assembly) -> Vec<Provided<'p>> {
        let held: Vec<&Dependency> = self.held(assembly).collect();
        let of = |service: &Service| {
            let mut by: Vec<(&Dependency, &'static str)> = Vec::new();
            for dependency in &held {
                let name = format!("{}:{}", dependency.group, dependency.name);
                let fits = |provider: &str| match provider.strip_suffix('*') {
                    Some(start) => name.starts_with(start),
                    None => provider == name,
                };
                let found = service.providers.iter().find(|(provider, _)| fits(provider));
                let known =
                    by.iter().any(|(d, _)| d.group == dependency.group && d.name.as_str() == dependency.name.as_str());
                by.extend(found.filter(|_| !known).map(|(_, source)| (*dependency, *source)));
            }
            Provided { file: service.file, by }
        };
        SERVICES.iter().map(of).filter(|provided| !provided.by.is_empty()).collect()
    }
}
