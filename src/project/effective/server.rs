//! Servers that an operator starts in pods of their own: masters, workers, history servers, Connect servers.

use super::memory::in_mebibytes;
use super::pod::nothing;
use super::{Amount, CpuLimit, Launch, SparkPod};
use crate::fact::PartKind;
use crate::fact::quantity::Quantity;
use crate::fact::spark::{
    CPU_LIMIT, CPU_REQUEST, DAEMON_MEMORY, MEMORY_LIMIT, Operator, Process, WORKER_MEMORY, of_role,
};

/// The pods of a resource's servers, as far as the resource sizes them.
pub(super) fn pods(launch: &Launch<'_>) -> Vec<SparkPod> {
    match &launch.part.kind {
        PartKind::Application(application) if application.request.operator == Operator::Other => {
            application.processes.iter().map(|p| pod(launch, p)).collect()
        }
        _ => Vec::new(),
    }
}

fn pod(launch: &Launch<'_>, process: &Process) -> SparkPod {
    let amount = |what: &str, read: fn(&str) -> Option<Quantity>, default: Quantity, why: &'static str| {
        launch.settings.amount(&[&of_role(process.role, what)], read, default, why)
    };
    let written = |what: &str, read: fn(&str) -> Option<Quantity>| {
        amount(what, read, Quantity::of(0), "").filter(|amount| amount.text.is_some())
    };
    // The image may hold another default than Spark's own.
    let heap = amount(DAEMON_MEMORY, in_mebibytes, Quantity::mebibytes(1024), "Spark's default");
    let heap = heap.map(|heap| Amount { sure: heap.text.is_some(), ..heap });
    SparkPod {
        role: process.role,
        span: process.span,
        asked: false,
        cores: None,
        cpu_request: written(CPU_REQUEST, Quantity::parse),
        cpu_limit: written(CPU_LIMIT, Quantity::parse).map_or(CpuLimit::Unknown, CpuLimit::Is),
        heap,
        overhead: None,
        off_heap: Some(nothing("servers keep none")),
        pyspark: Some(nothing("servers run no Python")),
        memory_limit: written(MEMORY_LIMIT, Quantity::parse),
        offered: written(WORKER_MEMORY, in_mebibytes),
    }
}
