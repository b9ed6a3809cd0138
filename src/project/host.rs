//! Whether what the repository runs calls functions of native libraries for the rows of a query.

use super::Project;
use crate::fact::Ecosystem;

/// Engines that load native functions, by the start of a library's group or name.
const ENGINES: [(Ecosystem, &[&str]); 3] = [
    (Ecosystem::Maven, &["org.apache.spark", "org.apache.flink", "org.apache.hive", "io.trino", "com.facebook.presto"]),
    (Ecosystem::PyPi, &["pyspark", "databricks-connect", "apache-flink", "datafusion", "polars"]),
    (Ecosystem::Cargo, &["arrow", "ballista", "datafusion", "jni", "polars", "spark-connect"]),
];

impl Project {
    /// Whether something here is Spark or another engine that calls native functions, or speaks to one by Arrow's interface or the
    /// JVM's.
    pub fn calls_native_functions(&self) -> bool {
        let is_engine = |ecosystem: Ecosystem, name: &str| {
            let same = |known: Ecosystem| known == ecosystem || known.is_jvm() && ecosystem.is_jvm();
            let fits = |(known, starts): &(Ecosystem, &[&str])| {
                same(*known) && starts.iter().any(|start| name.starts_with(start))
            };
            ENGINES.iter().any(fits)
        };
        let named = |name: &str, group: &str, ecosystem: Ecosystem| {
            is_engine(ecosystem, if ecosystem.is_jvm() { group } else { name })
        };
        self.facts.versions.iter().any(crate::fact::VersionClaim::is_spark)
            || self.facts.dependencies.iter().any(|d| named(d.name.as_str(), &d.group, d.ecosystem))
    }
}
