//! See `rules/spark/memory-overhead-too-small.md`.

use crate::config::{DefaultValue, Opt};
use crate::fact::quantity::Quantity;
use crate::fact::spark::Language;
use crate::finding::Level;
use crate::project::effective::{Amount, Launch, Master, Overhead, SparkPod};
use crate::rule::{Case, Findings, Group, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "memory-overhead-too-small",
    group: Group::Spark,
    level: Level::Warning,
    options: &[Opt {
        name: "share",
        default: DefaultValue::Float(0.5),
        help: "the least share of what Spark takes by itself",
    }],
    yields_to: &["app-memory-unit", "app-overhead-fraction", "heap-below-minimum"],
    page: include_str!("../../../rules/spark/memory-overhead-too-small.md"),
    check,
};

const SOURCE: &str = "https://spark.apache.org/docs/latest/configuration.html#application-properties";

/// What Spark takes at least.
const LEAST: Quantity = Quantity::mebibytes(384);

/// Memory that plugins take beside the heap, at once and for good.
const PINNED: &str = "spark.rapids.memory.pinnedPool.size";

fn check(case: &Case, findings: &mut Findings) {
    let share = case.options.number("share");
    for launch in case.launches.iter().filter(|launch| !launch.is_test()) {
        for pod in &launch.pods {
            let (Some(heap), Some(overhead)) = (&pod.heap, &pod.overhead) else { continue };
            let by_yarn = launch.master == Master::Yarn && pod.role == "executor";
            if !pod.asked && !by_yarn {
                continue;
            }
            if !pinned(launch, pod, overhead, findings) && !told(launch, pod, (heap, overhead), share, findings) {
                yarn(launch, pod, heap, overhead, findings);
            }
        }
    }
}

/// An overhead or a factor that somebody wrote, far below what Spark would take.
fn told(
    launch: &Launch<'_>,
    pod: &SparkPod,
    (heap, overhead): (&Amount, &Overhead),
    share: f64,
    findings: &mut Findings,
) -> bool {
    let amount = &overhead.amount;
    let factor = overhead.factor.as_ref().and_then(|factor| factor.text.as_ref());
    // A JVM alone needs little more beside a large heap than beside a small one.
    let needed = if overhead.beside_jvm { overhead.default } else { LEAST.min(overhead.default) };
    let enough = amount.quantity.ratio(needed).is_none_or(|ratio| ratio >= share);
    if (amount.text.is_none() && factor.is_none()) || !amount.sure || !heap.sure || enough {
        return false;
    }
    let (role, size) = (pod.role, overhead.default.memory());
    let whom = match launch.language {
        language if overhead.beside_jvm => format!("{}'s processes", language.name()),
        _ => "the JVM itself".to_owned(),
    };
    let written = factor.map_or_else(|| format!("`{}`", amount.memory()), |f| format!("{} (`{f}`)", amount.memory()));
    findings
        .report(
            amount,
            format!("the {role} gets {written} beside a heap of {}: too little for {whom}", heap.memory()),
        )
        .subject(launch.subject(role))
        .label(heap, "the heap")
        .help(format!("take it away: Spark adds {size} by itself; or ask for about as much"))
        .source(SOURCE);
    true
}

/// Memory that a plugin pins, which the overhead cannot hold.
fn pinned(launch: &Launch<'_>, pod: &SparkPod, overhead: &Overhead, findings: &mut Findings) -> bool {
    let amount = &overhead.amount;
    let Some(text) = launch.settings.find(PINNED).text().filter(|_| pod.role == "executor") else { return false };
    let Some(size) = Quantity::parse_spark_bytes(text.as_str()) else { return false };
    if !amount.sure || size < amount.quantity {
        return false;
    }
    let role = pod.role;
    findings
        .report(text, format!("the {role} pins `{text}` beside its heap, but its overhead is {}", amount.memory()))
        .subject(launch.subject(role))
        .label(amount, "the overhead")
        .help("set `spark.executor.memoryOverhead` to what is pinned and a gigabyte or two")
        .source("https://docs.nvidia.com/spark-rapids/user-guide/latest/tuning-guide.html");
    true
}

/// YARN knows no larger share for Python: where all settings are seen and none is about it, the tenth is what it gets.
fn yarn(launch: &Launch<'_>, pod: &SparkPod, heap: &Amount, overhead: &Overhead, findings: &mut Findings) {
    let by_default = overhead.amount.text.is_none() && overhead.factor.as_ref().is_some_and(|f| f.text.is_none());
    let limits_python = launch.settings.is_told("spark.executor.pyspark.memory");
    let is_python = launch.master == Master::Yarn && launch.language == Language::Python;
    if !is_python || !by_default || !overhead.amount.sure || limits_python || heap.text.is_none() {
        return;
    }
    let role = pod.role;
    findings
        .report(
            heap,
            format!("beside this heap the {role} gets {} for Python: YARN adds a tenth only", overhead.amount.memory()),
        )
        .subject(launch.subject(role))
        .help("set `spark.executor.memoryOverheadFactor` to 0.4, as Spark does for Python on Kubernetes")
        .source(SOURCE);
}
