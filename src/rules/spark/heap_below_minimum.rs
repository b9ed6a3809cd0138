//! See `rules/spark/heap-below-minimum.md`.

use crate::fact::quantity::Quantity;
use crate::finding::{Edit, Level, Safety};
use crate::project::effective::{Amount, Launch, SparkPod};
use crate::rule::{Case, Findings, Group, Rule};
use crate::source::Traced;

/// The rule.
pub static RULE: Rule = Rule {
    id: "heap-below-minimum",
    group: Group::Spark,
    level: Level::Error,
    options: &[],
    yields_to: &["app-memory-unit"],
    page: include_str!("../../../rules/spark/heap-below-minimum.md"),
    check,
};

/// One and a half of what Spark keeps for itself: `UnifiedMemoryManager`.
const LEAST: Quantity = Quantity::mebibytes(450);

fn check(case: &Case, findings: &mut Findings) {
    for launch in case.launches.iter().filter(|launch| !launch.is_test()) {
        for pod in &launch.pods {
            if let Some(heap) = &pod.heap {
                process(launch, pod, heap, findings);
            }
        }
    }
}

fn process(launch: &Launch<'_>, pod: &SparkPod, heap: &Amount, findings: &mut Findings) {
    // The JVM and the check read a size without a unit as bytes, whatever Spark asks Kubernetes for.
    let bytes = heap.text.as_ref().and_then(|text| Quantity::parse_spark_bytes(text.as_str()));
    let size = bytes.unwrap_or(heap.quantity);
    if size >= LEAST || heap.span().is_none() {
        return;
    }
    let role = pod.role;
    let bare = heap.text.as_ref().filter(|text| is_bare(text) && heap.quantity >= LEAST);
    let message = match (bare, &heap.text) {
        (Some(text), _) => format!("the {role}'s heap of `{text}` counts bytes: Spark needs at least 450 MiB to start"),
        (None, Some(text)) => format!("the {role}'s heap of `{text}` is below the 450 MiB that Spark needs to start"),
        (None, None) => {
            format!("{} of heap are left for the {role}, below the 450 MiB that Spark needs to start", heap.memory())
        }
    };
    let finding = findings.report(heap, message);
    finding
        .subject(launch.subject(role))
        .help(match bare {
            Some(text) => format!("write the unit: `{text}m`"),
            None => "ask for `512m` or more; Spark's default is 1g".to_owned(),
        })
        .source("https://spark.apache.org/docs/latest/tuning.html#memory-management-overview");
    if let Some(text) = bare {
        finding.fix(Safety::Unsafe, Edit::replace(text, format!("{text}m")));
    }
}

fn is_bare(text: &Traced) -> bool {
    text.as_str().bytes().all(|b| b.is_ascii_digit())
}
