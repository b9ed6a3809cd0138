//! What a text imports and may hold, without reading its grammar: enough to tell which files need to be read.

use memchr::memmem;

/// What one of these words stands in may concern tasks.
const ENTRIES: [&str; 18] = [
    "udf",
    "udtf",
    "mapIn",
    "applyIn",
    "foreach",
    ".rdd",
    "parallelize",
    "textFile",
    "wholeTextFiles",
    "mapPartitions",
    "RDD",
    "transformWithState",
    "sparkContext",
    "SparkContext",
    "Stream",
    "binaryFiles",
    "registerFunction",
    ".read",
];

/// Libraries whose presence means that Spark runs the code.
const SPARK: [&str; 3] = ["pyspark", "awsglue", "databricks.connect"];

/// Whether a text imports Spark.
pub fn has_spark(text: &str) -> bool {
    SPARK.iter().any(|word| memmem::find(text.as_bytes(), word.as_bytes()).is_some())
}

/// Whether a text may hand functions to Spark, or read data with it.
pub fn has_entry(text: &str) -> bool {
    ENTRIES.iter().any(|word| memmem::find(text.as_bytes(), word.as_bytes()).is_some())
}

/// A module that a text imports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Imported {
    /// How many dots stand before it.
    pub level: usize,
    /// Its dotted name.
    pub module: String,
}

/// The longest list of names in an import that is looked at.
const MAX_NAMES: usize = 256;

/// How far behind the word the list of names may go.
const MAX_LIST: usize = 8192;

/// What a text imports; lines that only look like it do no harm.
pub fn imports(text: &str) -> Vec<Imported> {
    let mut found = Vec::new();
    let mut rest = text.strip_prefix('\u{feff}').unwrap_or(text);
    while let Some(end) = memchr::memchr(b'\n', rest.as_bytes()).or((!rest.is_empty()).then_some(rest.len())) {
        let line = rest[..end].trim();
        let whole = rest;
        rest = rest.get(end + 1..).unwrap_or_default();
        if let Some(names) = line.strip_prefix("import ") {
            for name in names.split(',').take(MAX_NAMES) {
                let name = name.split_whitespace().next().unwrap_or_default();
                found.push(Imported { level: 0, module: name.to_owned() });
            }
        } else if let Some((from, _)) = line.strip_prefix("from ").and_then(|line| line.split_once("import")) {
            let from = from.trim();
            let module = from.trim_start_matches('.');
            let level = from.len() - module.len();
            found.push(Imported { level, module: module.to_owned() });
            // A name may be a module of the package.
            let at = whole.find("import").map_or(0, |at| at + "import".len());
            let list = whole.get(at..whole.floor_char_boundary(at + MAX_LIST)).unwrap_or_default().trim_start();
            let list = match list.strip_prefix('(') {
                Some(list) => list.split(')').next().unwrap_or_default(),
                None => list.lines().next().unwrap_or_default(),
            };
            for name in list.split(',').take(MAX_NAMES) {
                let name = name.split_whitespace().find(|word| !word.starts_with('#')).unwrap_or_default();
                let dot = if module.is_empty() { "" } else { "." };
                found.push(Imported { level, module: format!("{module}{dot}{name}") });
            }
        }
    }
    found
}
