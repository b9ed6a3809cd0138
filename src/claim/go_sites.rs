//! What Go code does with the libraries that rules look into.

use super::kafka;
use crate::compose::go::Go;
use crate::fact::{CodeSite, CodeTrouble, Facts};
use crate::go;
use crate::source::Sources;

/// The packages that rules look into.
pub const PACKAGES: [&str; 23] = [
    "C",
    "context",
    "crypto/tls",
    "database/sql",
    "github.com/IBM/sarama",
    "github.com/Shopify/sarama",
    "github.com/apache/spark-connect-go/*",
    "github.com/confluentinc/confluent-kafka-go/*",
    "github.com/jmoiron/sqlx",
    "github.com/prometheus/client_golang/prometheus",
    "github.com/prometheus/client_golang/prometheus/promauto",
    "github.com/prometheus/client_golang/prometheus/promhttp",
    "github.com/segmentio/kafka-go",
    "github.com/twmb/franz-go/pkg/kgo",
    "golang.org/x/oauth2",
    "google.golang.org/grpc",
    "google.golang.org/grpc/credentials/insecure",
    "google.golang.org/grpc/metadata",
    "k8s.io/component-base/metrics",
    "net",
    "net/http",
    "net/http/pprof",
    "time",
];

/// Packages that are used nearly everywhere: they alone make no build one to read.
const USUAL: [&str; 3] = ["context", "net", "time"];

/// What functions do by themselves needs no import.
const TRACES: [&str; 18] = [
    "\tgo ",
    "go func",
    ".Error() ==",
    ".Error() !=",
    "time.NewTicker(",
    "\"github.com/apache/arrow",
    "sync.Pool",
    "bytebufferpool\"",
    "spark:\"",
    // What brings keys to maps that grow.
    "gin-gonic/gin\"",
    "labstack/echo/",
    "gofiber/fiber/",
    "valyala/fasthttp\"",
    "nats-io/nats.go\"",
    "aws-lambda-go/events\"",
    "cloud.google.com/go/pubsub",
    "sparkproof:udf",
    "Unimplemented",
];

/// Whether a file can hold anything that rules look into.
pub fn may_concern_us(text: &str) -> bool {
    let imported = |package: &&str| match package.strip_suffix('*') {
        Some(start) => format!("\"{start}"),
        None => format!("\"{package}\""),
    };
    let holds = |trace: &str| memchr::memmem::find(text.as_bytes(), trace.as_bytes()).is_some();
    let asked = PACKAGES.iter().filter(|package| !USUAL.contains(package)).map(imported);
    TRACES.iter().any(|trace| holds(trace)) || asked.into_iter().any(|import| holds(&import))
}

/// The sites of each build.
pub fn claim(sources: &Sources, go: &Go) -> Facts {
    let mut facts = Facts::default();
    for build in &go.builds {
        for function in &build.functions {
            let is_aside = is_aside(function, sources.path(function.span.file));
            facts.troubles.extend(function.troubles.iter().filter(|_| !is_aside).map(|trouble| CodeTrouble {
                trouble: trouble.clone(),
                function: function.name.clone(),
                package: function.package.clone(),
            }));
            facts.sites.extend(function.sites.iter().map(|site| CodeSite {
                site: site.clone(),
                function: function.name.clone(),
                is_global: function.is_value,
                package: function.package.clone(),
                is_aside,
            }));
        }
        facts.imports.extend(build.imports.iter().cloned());
        facts.columns.extend(build.tagged.iter().filter(|one| !is_beside(sources.path(one.span.file))).cloned());
    }
    facts.metrics = super::metric::claim_go(&facts.sites);
    facts.auto_commits = kafka::claim_go(&facts);
    facts.payloads = super::payload::claim_go(&facts.sites);
    facts.consumed = super::serialized::claim_go(&facts.sites);
    facts
}

/// Tests, examples and generated code: nobody deploys them, or nobody changes them by hand.
fn is_aside(function: &go::Function, path: &str) -> bool {
    function.is_test || function.helps_tests || function.generated || is_beside(path)
}

/// Folders of what nobody deploys.
fn is_beside(path: &str) -> bool {
    const FOLDERS: [&str; 17] = [
        "_example",
        "_examples",
        "benchmark",
        "benchmarks",
        "demo",
        "e2e",
        "example",
        "examples",
        "fake",
        "integration",
        "mock",
        "mocks",
        "sample",
        "samples",
        "test",
        "testing",
        "tests",
    ];
    path.split('/').any(|part| FOLDERS.contains(&part) || part.contains("testutil") || part.ends_with("_test"))
}
