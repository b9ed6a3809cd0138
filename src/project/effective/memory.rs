//! Spark's sums of memory, in whole mebibytes as there.

use super::Settings;
use super::lookup::Found;
use crate::fact::quantity::Quantity;

/// The least overhead that Spark takes by itself.
pub(super) const LEAST: Quantity = Quantity::mebibytes(384);

/// Its share of the heap, and the share beside Python and R on Kubernetes.
pub(super) const SHARE: f64 = 0.1;
pub(super) const SHARE_BESIDE_JVM: f64 = 0.4;

/// A share of the heap.
#[derive(Debug, Clone, PartialEq)]
pub struct Factor {
    /// As a number.
    pub value: f64,
    /// As written, where it is.
    pub text: Option<crate::source::Traced>,
    /// Nothing that is not read can change it.
    pub sure: bool,
}

/// The first factor that is told; none where it is not known.
pub(super) fn factor(settings: &Settings<'_>, keys: &[&str], default: f64) -> Option<Factor> {
    match settings.find_any(keys) {
        Found::Is(text, _) => {
            let value: f64 = text.as_str().trim().parse().ok()?;
            (value.is_finite() && value >= 0.0).then(|| Factor { value, text: Some(text.clone()), sure: true })
        }
        Found::Unknown => None,
        absent => Some(Factor { value: default, text: None, sure: matches!(absent, Found::Absent) }),
    }
}

/// `math.max((factor * heap).toInt, least)`.
pub(super) fn overhead(heap: Quantity, factor: f64, least: Quantity) -> Quantity {
    #[allow(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        reason = "Spark's own sum in Scala, which truncates"
    )]
    let share = (factor * heap.in_mebibytes() as f64) as i32;
    Quantity::mebibytes(i64::from(share)).max(least)
}

/// A size of memory in whole mebibytes, as `bytesConf(ByteUnit.MiB)` reads it.
pub(super) fn in_mebibytes(text: &str) -> Option<Quantity> {
    Quantity::parse_spark(text).map(Quantity::floor_mebibytes)
}

/// A size that counts bytes where it has no unit, in whole mebibytes.
pub(super) fn of_bytes(text: &str) -> Option<Quantity> {
    Quantity::parse_spark_bytes(text).map(Quantity::floor_mebibytes)
}

/// The heap that Stackable's operator makes of a pod's limit: `subtract_spark_memory_overhead`, in its own precision.
pub(super) fn without_overhead(limit: Quantity, is_java: bool) -> Quantity {
    let whole = limit.floor_mebibytes();
    if whole < LEAST {
        return whole;
    }
    #[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "the operator's own sum")]
    let reduced = {
        let bytes = limit.ratio(Quantity::mebibytes(1)).unwrap_or_default() as f32;
        let share: f32 = 1.0 / (1.0 + if is_java { 0.1 } else { 0.4 });
        (bytes * share).floor() as i64
    };
    let deduction = whole.minus(Quantity::mebibytes(reduced)).max(LEAST);
    whole.minus(deduction)
}
