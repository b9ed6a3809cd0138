//! What the JVM needs to be told for Spark, where Spark's own scripts do not tell it.

use super::rows::{self, Verdict};
use crate::read::keyed::Keyed;
use crate::read::tree::Node;
use crate::version::VersionSet;

/// Options that a Spark needs on some Javas.
#[derive(Debug, Clone)]
pub struct JvmOptions {
    /// Which Spark.
    pub spark: VersionSet,
    /// On which Java.
    pub java: VersionSet,
    /// Packages of `--add-opens=<package>=ALL-UNNAMED`.
    pub opens: Vec<String>,
    /// What Spark's scripts add beside them.
    pub others: Vec<String>,
    /// How bad it is to leave out a package.
    pub verdict: Verdict,
    /// Who says so.
    pub source: String,
}

/// Reads the options of a table.
pub fn read(keyed: &mut Keyed, root: Node<'_>) -> Vec<JvmOptions> {
    keyed.tables(root, "jvm-options").into_iter().filter_map(|table| options(keyed, table)).collect()
}

fn options(keyed: &mut Keyed, table: Node<'_>) -> Option<JvmOptions> {
    let what = "a list of options";
    keyed.only(table, what, &["spark", "java", "opens", "others", "verdict", "source", "checked", "note"]);
    let mut range = |key| {
        let text = keyed.required(table, what, key)?;
        rows::range(keyed, text.as_str(), text.span())
    };
    let (spark, java) = (range("spark"), range("java"));
    let mut list = |key| keyed.texts(table, key).into_iter().map(|text| text.as_str().to_owned()).collect();
    let (opens, others) = (list("opens"), list("others"));
    let (verdict, source) = (rows::verdict(keyed, table, what)?, keyed.required(table, what, "source")?.to_string());
    Some(JvmOptions { spark: spark?, java: java?, opens, others, verdict, source })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use crate::table::BUILT_IN;
    use crate::version::Version;

    #[test]
    fn each_spark_since_3_3_has_one_list() {
        let java = Version::parse("17.0.2").unwrap();
        for spark in ["3.3.0", "3.5.1", "4.0.0", "4.1.4", "4.3.0"] {
            let spark = Version::parse(spark).unwrap();
            let lists = BUILT_IN.jvm_options.iter().filter(|o| o.spark.contains(&spark) && o.java.contains(&java));
            let opens: Vec<usize> = lists.map(|options| options.opens.len()).collect();
            assert_eq!(opens, [15], "{spark}");
        }
    }
}
