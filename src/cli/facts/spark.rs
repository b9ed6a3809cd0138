//! What Spark's processes get, in both forms of the facts.

use crate::fact::field::Origin;
use crate::project::Project;
use crate::project::effective::{Amount, CpuLimit, Launch, Master, SparkPod};
use crate::report::look::clean;
use serde_json::{Value, json};
use std::fmt::Write as _;

/// The processes of everything that starts Spark, for people. What nobody sizes is left out.
pub(super) fn text(text: &mut String, project: &Project) {
    for launch in project.launches() {
        let told: Vec<&SparkPod> = launch.pods.iter().filter(|pod| pod.asked || is_told(pod)).collect();
        if told.is_empty() {
            continue;
        }
        let _ = write!(text, "spark {} ({})", clean(&launch.part.name), clean(&project.place(launch.part.span)));
        let _ = writeln!(text, ", sent to {}", master(&launch));
        for pod in told {
            let _ = writeln!(text, "  {}: {}", pod.role, if pod.asked { "a pod" } else { "a process" });
            for (what, amount) in amounts(pod) {
                let _ = writeln!(text, "    {what}: {} ({})", told_as(what, amount), clean(&origin(project, amount)));
            }
            if let Some((sum, sure)) = pod.memory().filter(|_| pod.asked) {
                let _ = writeln!(
                    text,
                    "    memory, request and limit: {}{}",
                    sum.memory(),
                    if sure { "" } else { ", if nothing else is set elsewhere" }
                );
            }
        }
        text.push('\n');
    }
}

/// The same for programs.
pub(super) fn json(project: &Project) -> Vec<Value> {
    let launches = project.launches();
    let of = |launch: &Launch<'_>| {
        let pods = launch.pods.iter().map(|pod| {
            let memory = pod.memory();
            let amounts: serde_json::Map<String, Value> = amounts(pod)
                .into_iter()
                .map(|(what, amount)| {
                    let from = match amount.origin {
                        Origin::Field(_) => "field",
                        Origin::Conf(_) => "setting",
                        Origin::Default(_) => "default",
                    };
                    let at = amount.span().map(|span| project.place(span));
                    let text = amount.text.as_ref().map(crate::source::Traced::as_str);
                    let value = json!({ "amount": amount.quantity.to_string(), "text": text, "from": from, "at": at,
                        "sure": amount.sure });
                    (what.replace(' ', "-"), value)
                })
                .collect();
            json!({ "role": pod.role, "asked": pod.asked, "amounts": amounts,
                "memory": memory.filter(|_| pod.asked).map(|(sum, sure)| json!({ "request": sum.to_string(), "limit": sum.to_string(), "sure": sure })) })
        });
        json!({ "part": launch.id.0, "master": master(launch), "language": launch.language.name(), "pods": pods.collect::<Vec<_>>() })
    };
    launches.iter().map(of).collect()
}

fn is_told(pod: &SparkPod) -> bool {
    amounts(pod).iter().any(|(_, amount)| amount.text.is_some())
}

/// Named amounts, those that are none left out.
fn amounts(pod: &SparkPod) -> Vec<(&'static str, &Amount)> {
    let limit = match &pod.cpu_limit {
        CpuLimit::Is(limit) => Some(limit),
        CpuLimit::None | CpuLimit::Unknown => None,
    };
    let nothing = crate::fact::quantity::Quantity::of(0);
    let extra = |amount: &Option<Amount>| amount.is_some() && amount.as_ref().is_some_and(|a| a.quantity > nothing);
    let all = [
        ("cores", pod.cores.as_ref()),
        ("cpu request", pod.cpu_request.as_ref()),
        ("cpu limit", limit),
        ("heap", pod.heap.as_ref()),
        ("overhead", pod.overhead.as_ref().filter(|_| pod.asked).map(|overhead| &overhead.amount)),
        ("off-heap", pod.off_heap.as_ref().filter(|_| extra(&pod.off_heap))),
        ("pyspark", pod.pyspark.as_ref().filter(|_| extra(&pod.pyspark))),
        ("memory limit", pod.memory_limit.as_ref()),
        ("given to executors", pod.offered.as_ref()),
    ];
    all.into_iter().filter_map(|(what, amount)| Some((what, amount?))).collect()
}

fn told_as(what: &str, amount: &Amount) -> String {
    let is_cpu = what.starts_with('c');
    match &amount.text {
        Some(text) => clean(text.as_str()),
        None if is_cpu => amount.quantity.to_string(),
        None => amount.quantity.memory(),
    }
}

fn origin(project: &Project, amount: &Amount) -> String {
    match amount.origin {
        Origin::Field(span) | Origin::Conf(span) => project.place(span),
        Origin::Default(why) => why.to_owned(),
    }
}

fn master(launch: &Launch<'_>) -> &'static str {
    match launch.master {
        Master::Kubernetes => "Kubernetes",
        Master::Yarn => "YARN",
        Master::Standalone => "a standalone cluster",
        Master::Local => "the local machine",
        Master::Unknown => "a master that is not known",
    }
}
