//! The pods that Spark asks Kubernetes for, and the processes that run elsewhere.

use super::memory::{self, Factor, LEAST, SHARE, SHARE_BESIDE_JVM, factor, in_mebibytes, of_bytes};
use super::{Amount, Launch, Master};
use crate::fact::PartKind;
use crate::fact::field::Origin;
use crate::fact::quantity::Quantity;
use crate::fact::spark::{CPU_LIMIT, Language, MEMORY_LIMIT, Operator, POD_MEMORY, of_role};
use crate::source::Span;

/// What one process of Spark gets. What is None is not known.
#[derive(Debug, Clone)]
pub struct SparkPod {
    /// `driver`, `executor`, `server`, `master`, `worker`, `history server`.
    pub role: &'static str,
    /// Where it is asked for: its section, else the resource or command.
    pub span: Span,
    /// Spark asks Kubernetes for it: its memory's limit is its request.
    pub asked: bool,
    /// The cores that the process counts as its own.
    pub cores: Option<Amount>,
    /// What the pod asks for.
    pub cpu_request: Option<Amount>,
    /// What it may use.
    pub cpu_limit: CpuLimit,
    /// The JVM's heap.
    pub heap: Option<Amount>,
    /// Beside the heap.
    pub overhead: Option<Overhead>,
    /// `spark.memory.offHeap.size`, which is added to executors.
    pub off_heap: Option<Amount>,
    /// `spark.executor.pyspark.memory`, which is added to executors of Python applications.
    pub pyspark: Option<Amount>,
    /// A limit that another than Spark puts over the pod.
    pub memory_limit: Option<Amount>,
    /// What a worker gives to executors, which run beside it.
    pub offered: Option<Amount>,
}

/// A limit of CPU.
#[derive(Debug, Clone)]
pub enum CpuLimit {
    /// There is none.
    None,
    /// Something that is not read decides it.
    Unknown,
    /// It is this.
    Is(Amount),
}

/// What a pod gets beside the heap.
#[derive(Debug, Clone)]
pub struct Overhead {
    /// How much.
    pub amount: Amount,
    /// The share of the heap it is made of, where it is not written itself.
    pub factor: Option<Factor>,
    /// What Spark takes by itself where nothing is said, for this language.
    pub default: Quantity,
    /// It has to hold processes of Python or R beside the JVM.
    pub beside_jvm: bool,
}

impl SparkPod {
    /// All that Spark asks for, and whether nothing unread can change it. None where a part of it is not known.
    pub fn memory(&self) -> Option<(Quantity, bool)> {
        let overhead = &self.overhead.as_ref()?.amount;
        let parts = [self.heap.as_ref()?, overhead, self.off_heap.as_ref()?, self.pyspark.as_ref()?];
        let sum = parts.iter().fold(Quantity::of(0), |sum, part| sum.plus(part.quantity));
        Some((sum, parts.iter().all(|part| part.sure)))
    }

    /// Whether something is written about its size.
    pub fn is_sized(&self) -> bool {
        let overhead = self.overhead.as_ref().map(|overhead| &overhead.amount);
        let limit = if let CpuLimit::Is(limit) = &self.cpu_limit { Some(limit) } else { None };
        let amounts = [self.cpu_request.as_ref(), limit, self.heap.as_ref(), overhead, self.memory_limit.as_ref()];
        amounts.into_iter().flatten().any(|amount| amount.text.is_some())
    }

    /// The sum in words: `2048m of heap and 384 MiB of overhead`.
    pub fn sum(&self) -> String {
        let words = |part: &Option<Amount>, what: &str| {
            let part = part.as_ref().filter(|part| part.quantity > Quantity::of(0))?;
            Some(format!("{} {what}", part.memory()))
        };
        let overhead = self.overhead.as_ref().map(|overhead| overhead.amount.clone());
        let parts = [
            words(&self.heap, "of heap"),
            words(&overhead, "of overhead"),
            words(&self.off_heap, "off the heap"),
            words(&self.pyspark, "for Python"),
        ];
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        match parts.split_last() {
            Some((last, [])) => last.clone(),
            Some((last, first)) => format!("{} and {last}", first.join(", ")),
            None => String::new(),
        }
    }
}

/// The pods and processes of an application.
pub(super) fn pods(launch: &Launch<'_>) -> Vec<SparkPod> {
    let operator = match &launch.part.kind {
        PartKind::Application(application) => Some(application.request.operator),
        _ => None,
    };
    let on_kubernetes = launch.master == Master::Kubernetes;
    let roles = match operator {
        // What an operator starts in pods of its own is no pod that Spark asks for.
        Some(Operator::Other) => return Vec::new(),
        Some(Operator::Connect) => [("server", "driver", false), ("executor", "executor", true)],
        Some(_) => [("driver", "driver", true), ("executor", "executor", true)],
        // What a session's code says of its driver comes too late.
        None if matches!(launch.part.kind, PartKind::Source) => {
            return vec![Pod { launch, operator, role: "executor", of: "executor", asked: false }.values()];
        }
        None => {
            let cluster = launch.cluster_mode == Some(true);
            [("driver", "driver", on_kubernetes && cluster), ("executor", "executor", on_kubernetes)]
        }
    };
    roles.into_iter().map(|(role, of, asked)| Pod { launch, operator, role, of, asked }.values()).collect()
}

struct Pod<'a, 'p> {
    launch: &'a Launch<'p>,
    operator: Option<Operator>,
    role: &'static str,
    /// The word in Spark's keys.
    of: &'static str,
    asked: bool,
}

impl Pod<'_, '_> {
    fn values(&self) -> SparkPod {
        let heap = self.heap();
        let overhead = heap.as_ref().and_then(|heap| self.overhead(heap));
        let (off_heap, pyspark) = if self.of == "executor" {
            (self.off_heap(), self.pyspark())
        } else {
            (Some(nothing("only executors get it")), Some(nothing("only executors get it")))
        };
        let cores = self.whole_cores();
        SparkPod {
            role: self.role,
            span: self.span(),
            asked: self.asked,
            cpu_request: self.cpu_request(cores.as_ref()),
            cores,
            cpu_limit: self.cpu_limit(),
            heap,
            overhead,
            off_heap,
            pyspark,
            memory_limit: self.memory_limit(),
            offered: None,
        }
    }

    fn span(&self) -> Span {
        let of_section = match &self.launch.part.kind {
            PartKind::Application(application) => application.processes.iter().find(|p| p.role == self.role),
            _ => None,
        };
        of_section.map_or(self.launch.part.span, |process| process.span)
    }

    fn key(&self, pattern: &str) -> String {
        pattern.replace("{}", self.of)
    }

    fn whole_cores(&self) -> Option<Amount> {
        let whole = |text: &str| text.trim().parse::<i32>().ok().map(|cores| Quantity::of(cores.into()));
        let key = self.key("spark.{}.cores");
        self.launch.settings.amount(&[&key], whole, Quantity::of(1), "one core")
    }

    fn cpu_request(&self, cores: Option<&Amount>) -> Option<Amount> {
        if !self.asked {
            return None;
        }
        let key = self.key("spark.kubernetes.{}.request.cores");
        let default = if self.operator == Some(Operator::Stackable) {
            nothing_sure(Quantity::of(1).share(250), "the operator's default")
        } else {
            cores?.clone()
        };
        let asked = self.launch.settings.amount(&[&key], Quantity::parse, default.quantity, "")?;
        match asked.origin {
            // Where there may be a request that is not seen, the cores are not sure to be it.
            Origin::Default(_) => Some(Amount { sure: asked.sure && default.sure, ..default }),
            _ => Some(asked),
        }
    }

    fn cpu_limit(&self) -> CpuLimit {
        let keys = [self.key("spark.kubernetes.{}.limit.cores"), of_role(self.role, CPU_LIMIT)];
        let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
        match self.launch.settings.amount(&keys, Quantity::parse, Quantity::of(0), "") {
            _ if !self.asked => CpuLimit::Unknown,
            Some(limit) if limit.text.is_some() => CpuLimit::Is(limit),
            Some(none) if none.sure => CpuLimit::None,
            _ => CpuLimit::Unknown,
        }
    }

    fn heap(&self) -> Option<Amount> {
        let (settings, key) = (&self.launch.settings, self.key("spark.{}.memory"));
        if self.operator == Some(Operator::Stackable) && !settings.is_told(&key) {
            let default = Quantity::mebibytes(1024);
            let limit = settings.amount(
                &[&of_role(self.role, POD_MEMORY)],
                Quantity::parse,
                default,
                "the operator's default",
            )?;
            let is_java = settings.is_told("mainClass");
            return Some(Amount { quantity: memory::without_overhead(limit.quantity, is_java), text: None, ..limit });
        }
        settings.amount(&[&key], in_mebibytes, Quantity::mebibytes(1024), "Spark's default")
    }

    fn overhead(&self, heap: &Amount) -> Option<Overhead> {
        let settings = &self.launch.settings;
        let beside_jvm = self.asked && self.launch.language.is_beside_jvm() && self.launch.cluster_mode == Some(true);
        let share = if beside_jvm { SHARE_BESIDE_JVM } else { SHARE };
        let (own, all) = (self.key("spark.{}.memoryOverheadFactor"), "spark.kubernetes.memoryOverheadFactor");
        // The factors of driver and executors came with Spark 3.3.
        let keys: &[&str] = if self.launch.is_spark("<3.3") == Some(true) { &[all] } else { &[&own, all] };
        let default_factor = if self.operator == Some(Operator::Stackable) { 0.0 } else { share };
        let factor = factor(settings, keys, default_factor)?;
        let (least, least_sure) = self.least()?;
        let quantity = memory::overhead(heap.quantity, factor.value, least);
        let language_known = self.launch.language != Language::Unknown || !self.asked || factor.text.is_some();
        let (key, old) = (self.key("spark.{}.memoryOverhead"), self.key("spark.yarn.{}.memoryOverhead"));
        let amount = settings.amount(&[&key, &old], in_mebibytes, quantity, why(factor.value, quantity == least))?;
        let written = amount.text.is_some();
        let sure = amount.sure && (written || (heap.sure && factor.sure && least_sure && language_known));
        let origin = match (&factor.text, amount.origin) {
            (Some(text), Origin::Default(_)) => Origin::Conf(text.span()),
            (_, origin) => origin,
        };
        // What executors get for Python apart needs no room in the overhead.
        let apart = self.of == "executor" && settings.is_told("spark.executor.pyspark.memory");
        let beside_jvm = beside_jvm && !apart;
        let default = memory::overhead(heap.quantity, if beside_jvm { SHARE_BESIDE_JVM } else { SHARE }, least);
        let amount = Amount { origin, sure, ..amount };
        Some(Overhead { amount, factor: (!written).then_some(factor), default, beside_jvm })
    }

    /// The least overhead, a setting since Spark 4.0.
    fn least(&self) -> Option<(Quantity, bool)> {
        let key = self.key("spark.{}.minMemoryOverhead");
        let is_setting = self.launch.is_spark(">=4.0");
        if is_setting == Some(false) {
            return Some((LEAST, true));
        }
        let least = self.launch.settings.amount(&[&key], in_mebibytes, LEAST, "Spark's least")?;
        let sure = least.sure && (least.text.is_none() || is_setting.is_some());
        Some((least.quantity, sure))
    }

    fn off_heap(&self) -> Option<Amount> {
        let settings = &self.launch.settings;
        let why = "off-heap memory is not turned on";
        match settings.find_any(&["spark.memory.offHeap.enabled", "spark.unsafe.offHeap"]) {
            super::Found::Is(text, _) if text.as_str().trim().eq_ignore_ascii_case("true") => settings
                .amount(&["spark.memory.offHeap.size"], of_bytes, Quantity::of(0), "no size")
                .filter(|a| a.text.is_some()),
            super::Found::Is(..) | super::Found::Absent => Some(nothing(why)),
            super::Found::Open => Some(Amount { sure: false, ..nothing(why) }),
            super::Found::Unknown => None,
        }
    }

    fn pyspark(&self) -> Option<Amount> {
        let size = self.launch.settings.amount(
            &["spark.executor.pyspark.memory"],
            in_mebibytes,
            Quantity::of(0),
            "not limited by itself",
        )?;
        match (self.launch.language, self.launch.cluster_mode) {
            (Language::Python, Some(true)) => Some(size),
            (Language::Unknown, Some(true)) | (Language::Python, None) if size.text.is_some() => None,
            _ => Some(nothing("only for Python in cluster mode")),
        }
    }

    fn memory_limit(&self) -> Option<Amount> {
        // Kubeflow's webhook takes Spark's sizes for Kubernetes' own; in a template they are Kubernetes'.
        let both = |text: &str| Quantity::parse_spark_bytes(text).or_else(|| Quantity::parse(text));
        let key = of_role(self.role, MEMORY_LIMIT);
        let settings = &self.launch.settings;
        // A driver that runs where it is started has its container's limit.
        let container =
            self.launch.container.filter(|_| self.of == "driver" && self.launch.cluster_mode == Some(false));
        if let Some(limit) = container.and_then(|c| c.resource("memory")).and_then(|memory| memory.limit.as_ref()) {
            let origin = Origin::Field(limit.text.span());
            return Some(Amount { quantity: limit.quantity, text: Some(limit.text.clone()), origin, sure: true });
        }
        let limit = match self.operator {
            Some(Operator::Kubeflow) => settings.amount(&[&key], both, Quantity::of(0), ""),
            _ => settings.amount(&[&key], Quantity::parse, Quantity::of(0), ""),
        };
        limit.filter(|limit| limit.text.is_some())
    }
}

pub(super) fn nothing(why: &'static str) -> Amount {
    nothing_sure(Quantity::of(0), why)
}

fn nothing_sure(quantity: Quantity, why: &'static str) -> Amount {
    Amount { quantity, text: None, origin: Origin::Default(why), sure: true }
}

fn why(factor: f64, is_least: bool) -> &'static str {
    match (is_least, factor > SHARE) {
        (true, _) => "the least that Spark takes",
        (false, true) => "four tenths of the heap, beside Python and R",
        (false, false) => "a tenth of the heap",
    }
}
