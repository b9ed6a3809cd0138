//! What the standard library declares: Go text without bodies that `tools/go/stdapi` writes, unpacked when Go is read at all.

use std::collections::HashMap;
use std::sync::LazyLock;

const PACKED: &[u8] = include_bytes!("std.zz");
const STUBS_PACKED: &[u8] = include_bytes!("stubs.zz");

/// No standard library has that many bytes of declarations.
const MAX: usize = 8 << 20;

static STANDARD: LazyLock<HashMap<&'static str, &'static str>> = LazyLock::new(|| packages(PACKED));

/// Packages of other modules that rules ask for, where nothing else tells what they declare.
static STUBS: LazyLock<HashMap<&'static str, &'static str>> = LazyLock::new(|| packages(STUBS_PACKED));

/// The packages of a packed text, each behind a form feed and its path. The text is kept for as long as the program runs.
fn packages(packed: &[u8]) -> HashMap<&'static str, &'static str> {
    let bytes = miniz_oxide::inflate::decompress_to_vec_zlib_with_limit(packed, MAX).unwrap_or_default();
    let text: &'static str = String::from_utf8(bytes).unwrap_or_default().leak();
    text.split('\x0c').filter_map(|part| part.split_once('\n')).collect()
}

/// What rules ask of Spark's own client, in whichever major version of its module.
const SPARK_SQL: &str = "package sql
type SparkSession interface{ Stop() error }
type SparkSessionBuilder struct{}
func NewSessionBuilder() *SparkSessionBuilder
func (s *SparkSessionBuilder) Remote(connectionString string) *SparkSessionBuilder
func (s *SparkSessionBuilder) Build(ctx any) (SparkSession, error)
";

/// A package of another module, as far as rules ask for it.
pub(super) fn stub(path: &str) -> Option<&'static str> {
    let is_spark = || path.starts_with("github.com/apache/spark-connect-go/") && path.ends_with("/spark/sql");
    STUBS.get(path).copied().or_else(|| is_spark().then_some(SPARK_SQL))
}

/// A package's declarations.
pub(super) fn package(path: &str) -> Option<&'static str> {
    is_standard(path).then(|| STANDARD.get(path).copied()).flatten()
}

/// The paths of all packages, in order.
pub(super) fn paths() -> Vec<String> {
    let mut paths: Vec<String> = STANDARD.keys().map(ToString::to_string).collect();
    paths.sort();
    paths
}

/// Whether a path can be a package of the standard library (or of a module without a domain): its first part has no dot.
pub fn is_standard(path: &str) -> bool {
    !path.split('/').next().unwrap_or_default().contains('.')
}
