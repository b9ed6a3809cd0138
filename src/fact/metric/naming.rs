//! What is wrong with a metric's name, after Prometheus' own conventions.

use super::{Metric, MetricKind, NamePart};

/// What is wrong with a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Flaw<'m> {
    /// A character that names do not have.
    Character(&'m NamePart, char),
    /// A colon, which only recording rules have.
    Colon(&'m NamePart),
    /// Capitals where words are joined by `_`.
    Case(&'m NamePart),
    /// A counter that does not end with `_total`.
    NoTotal(&'m NamePart),
    /// `_total` on what is no counter.
    Total(&'m NamePart),
    /// An ending that histograms and summaries give to their own series.
    Reserved(&'m NamePart, &'static str),
    /// A unit that is not the base unit: the word, and the base unit.
    Unit(&'m NamePart, &'m str, &'static str),
    /// A recording rule without `level:metric:operations`.
    Level(&'m NamePart),
}

/// Words of units, with the base unit of each.
const UNITS: [(&str, &[&str]); 4] = [
    (
        "seconds",
        &[
            "ms",
            "msec",
            "msecs",
            "millis",
            "millisecond",
            "milliseconds",
            "usec",
            "usecs",
            "micros",
            "microsecond",
            "microseconds",
            "nanos",
            "nanosecond",
            "nanoseconds",
            "sec",
            "secs",
            "mins",
            "minutes",
            "hours",
            "days",
        ],
    ),
    (
        "bytes",
        &[
            "kb",
            "mb",
            "gb",
            "tb",
            "kib",
            "mib",
            "gib",
            "tib",
            "kilobyte",
            "kilobytes",
            "megabyte",
            "megabytes",
            "gigabyte",
            "gigabytes",
            "terabytes",
            "kibibytes",
            "mebibytes",
            "gibibytes",
        ],
    ),
    ("ratio", &["percent", "percentage", "pct"]),
    ("celsius", &["fahrenheit"]),
];

/// Words after which a unit says how long a window is, or how fast something goes, not what is measured.
const NO_MEASURE: [&str; 10] = ["per", "last", "past", "every", "each", "num", "number", "of", "by", "within"];

/// Short words that are units only of a time.
const SHORT: [&str; 3] = ["s", "us", "ns"];

/// Words that say that a time is measured.
const TIMES: [&str; 6] = ["duration", "latency", "time", "elapsed", "delay", "lag"];

/// Endings that belong to the series of histograms and summaries.
const RESERVED: [&str; 3] = ["_bucket", "_sum", "_count"];

impl Metric {
    /// What is wrong with the name, the worst first.
    pub fn flaws(&self) -> Vec<Flaw<'_>> {
        let mut flaws: Vec<Flaw<'_>> = self.parts.iter().filter_map(|part| self.of_part(part)).collect();
        let Some(last) = self.last() else { return flaws };
        if self.kind == MetricKind::Recorded {
            if flaws.is_empty() && !last.text.contains(':') {
                flaws.push(Flaw::Level(last));
            }
            return flaws;
        }
        flaws.extend(self.ending(last));
        flaws.extend(unit(last, self.parts.len() == 1));
        flaws
    }

    fn of_part<'m>(&self, part: &'m NamePart) -> Option<Flaw<'m>> {
        let odd = |c: &char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | ':'));
        if let Some(c) = part.text.chars().find(odd) {
            return Some(Flaw::Character(part, c));
        }
        let is_first = !self.is_open && self.parts.first() == Some(part);
        if let Some(c) = part.text.chars().next().filter(|c| is_first && c.is_ascii_digit()) {
            return Some(Flaw::Character(part, c));
        }
        if self.kind == MetricKind::Recorded {
            return None;
        }
        if part.text.contains(':') {
            return Some(Flaw::Colon(part));
        }
        part.text.contains(|c: char| c.is_ascii_uppercase()).then_some(Flaw::Case(part))
    }

    fn ending<'m>(&self, last: &'m NamePart) -> Option<Flaw<'m>> {
        let lower = last.text.to_ascii_lowercase();
        let is_total = lower == "total" || lower.ends_with("_total");
        match self.kind {
            MetricKind::Counter if is_total => None,
            MetricKind::Gauge | MetricKind::Histogram | MetricKind::Summary if is_total => Some(Flaw::Total(last)),
            MetricKind::Unknown | MetricKind::Recorded => None,
            kind => {
                let own = RESERVED.iter().find(|ending| lower.ends_with(**ending));
                let reserved = own.map(|ending| Flaw::Reserved(last, ending));
                let lacks = kind == MetricKind::Counter && !self.client.adds_total();
                reserved.or_else(|| lacks.then_some(Flaw::NoTotal(last)))
            }
        }
    }
}

/// A unit at the end of a name, `_total` aside, that is not the base unit.
fn unit(part: &NamePart, is_whole: bool) -> Option<Flaw<'_>> {
    let text = part.text.strip_suffix("_total").unwrap_or(&part.text);
    let mut words = text.rsplit('_');
    let word = words.next()?;
    let before: Vec<&str> = words.collect();
    // A unit alone is a name like any other.
    if before.is_empty() && is_whole {
        return None;
    }
    if before.first().is_some_and(|prior| NO_MEASURE.contains(prior))
        || before.iter().any(|word| word.chars().all(|c| c.is_ascii_digit()))
    {
        return None;
    }
    let listed = UNITS.iter().find(|(_, names)| names.contains(&word)).map(|(base, _)| *base);
    let short = || (SHORT.contains(&word) && before.iter().any(|word| TIMES.contains(word))).then_some("seconds");
    listed.or_else(short).map(|base| Flaw::Unit(part, word, base))
}

#[cfg(test)]
mod tests {
    use super::super::Client;
    use super::*;
    use crate::source::{FileId, Span};

    fn flaws(kind: MetricKind, client: Client, name: &str) -> String {
        let part = NamePart { text: name.into(), span: Span::new(FileId(0), 0..name.len()) };
        let metric = Metric { kind, client, parts: vec![part], is_open: false, subject: String::new() };
        let shown = |flaw: &Flaw<'_>| match flaw {
            Flaw::Character(_, c) => format!("character {c}"),
            Flaw::Colon(_) => "colon".into(),
            Flaw::Case(_) => "case".into(),
            Flaw::NoTotal(_) => "no total".into(),
            Flaw::Total(_) => "total".into(),
            Flaw::Reserved(_, ending) => format!("reserved {ending}"),
            Flaw::Unit(_, word, base) => format!("{word} is {base}"),
            Flaw::Level(_) => "level".into(),
        };
        metric.flaws().iter().map(shown).collect::<Vec<_>>().join(", ")
    }

    #[test]
    fn names_are_read_as_prometheus_reads_them() {
        use MetricKind::{Counter, Gauge, Histogram, Recorded, Unknown};
        for (kind, name, wanted) in [
            (Counter, "acme_jobs_total", ""),
            (Counter, "acme_jobs", "no total"),
            (Counter, "acme_jobs_count", "reserved _count"),
            (Counter, "acme_cpu_ms_total", "ms is seconds"),
            (Counter, "acmeJobs_total", "case"),
            (Gauge, "acme_jobs_total", "total"),
            (Gauge, "acme_queue_size", ""),
            (Gauge, "acme-queue", "character -"),
            (Gauge, "1queue", "character 1"),
            (Gauge, "acme:queue", "colon"),
            (Gauge, "acme_heap_mb", "mb is bytes"),
            (Gauge, "acme_disk_used_percent", "percent is ratio"),
            (Gauge, "acme_jobs_per_minutes", ""),
            (Gauge, "acme_jobs_last_24_hours", ""),
            (Histogram, "acme_wait_seconds", ""),
            (Histogram, "acme_wait_duration_us", "us is seconds"),
            (Histogram, "acme_nodes_us", ""),
            (Histogram, "acme_wait_bucket", "reserved _bucket"),
            (Unknown, "acme_jobs", ""),
            (Recorded, "job:jobs:rate5m", ""),
            (Recorded, "jobs_rate", "level"),
            (Recorded, "job:jobs-failed:rate5m", "character -"),
            (Recorded, "ms", "level"),
            (Gauge, "ms", ""),
            (Gauge, "", ""),
        ] {
            assert_eq!(flaws(kind, Client::Go, name), wanted, "{kind:?} {name}");
        }
        assert_eq!(flaws(Counter, Client::Python, "acme_jobs"), "");
        assert_eq!(flaws(Counter, Client::Java, "acme_jobs"), "");
    }
}
