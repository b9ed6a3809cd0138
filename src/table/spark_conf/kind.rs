//! What the values of a key may be, and what is wrong with one that it cannot take: Spark's own grammars of numbers, sizes and times.
//!
//! Source: `ConfigHelpers` and `JavaUtils` of Spark (`byteStringAs`, `timeStringAs`), the same in every release looked at.

use super::Key;

/// Units of sizes.
const SIZES: [&str; 11] = ["b", "k", "kb", "m", "mb", "g", "gb", "t", "tb", "p", "pb"];

/// Units of times.
const TIMES: [&str; 7] = ["us", "ms", "s", "m", "min", "h", "d"];

impl Key {
    /// What a key takes, in words, where a value is nothing of that kind.
    pub fn refuses(&self, value: &str) -> Option<String> {
        let mut words = self.kind.split(' ');
        let (kind, rest) = (words.next()?, words.clone().next().unwrap_or_default());
        let least = words.find_map(|word| word.strip_prefix(">=")?.parse::<i128>().ok());
        let value = value.trim();
        let whole = |low: i128, high: i128| {
            let number = value.strip_prefix('+').unwrap_or(value).parse::<i128>().ok();
            number.is_some_and(|number| (low..=high).contains(&number))
        };
        let at_least = |number: Option<i128>| number.zip(least).is_some_and(|(number, least)| number < least);
        let (fits, what) = match kind {
            "bool" => (is_bool(value), "`true` or `false`".to_owned()),
            "int" => (whole(i32::MIN.into(), i32::MAX.into()), "a whole number".to_owned()),
            "long" => (whole(i64::MIN.into(), i64::MAX.into()), "a whole number".to_owned()),
            "double" => (is_double(value), "a number".to_owned()),
            "bytes" => (measured(value, &SIZES).is_some(), "a size such as `512m` or `4g`".to_owned()),
            "time" => (measured(value, &TIMES).is_some(), "a time such as `30s` or `5min`".to_owned()),
            "options" => (rest.split('|').any(|one| one.eq_ignore_ascii_case(value)), options(rest)),
            "exactly" => (rest.split('|').any(|one| one == value), options(rest)),
            _ => return None,
        };
        let number = match kind {
            "int" | "long" => value.parse().ok(),
            "bytes" => measured(value, &SIZES),
            "time" => measured(value, &TIMES),
            _ => None,
        };
        match (fits, at_least(number)) {
            (true, false) => None,
            (true, true) => Some(format!("{what}, {} at least", least.unwrap_or_default())),
            (false, _) => Some(what),
        }
    }
}

fn options(rest: &str) -> String {
    let names: Vec<String> = rest.split('|').map(|name| format!("`{name}`")).collect();
    format!("one of {}", names.join(", "))
}

fn is_bool(value: &str) -> bool {
    value.eq_ignore_ascii_case("true") || value.eq_ignore_ascii_case("false")
}

/// Java takes a type's letter after the digits.
fn is_double(value: &str) -> bool {
    let digits = value.strip_suffix(['d', 'D', 'f', 'F']).unwrap_or(value);
    digits.parse::<f64>().is_ok() || value.starts_with("0x")
}

/// The number before a unit, or alone; none where there is a fraction or another unit.
fn measured(value: &str, units: &[&str]) -> Option<i128> {
    let (sign, digits) = value.strip_prefix('-').map_or((1, value), |rest| (-1, rest));
    let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
    let (number, unit) = digits.split_at(end);
    let unit = unit.to_ascii_lowercase();
    (unit.is_empty() || units.contains(&unit.as_str())).then_some(sign * number.parse::<i128>().ok()?)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use crate::table::BUILT_IN;

    fn refuses(key: &str, value: &str) -> bool {
        BUILT_IN.spark_conf().key(key).unwrap().refuses(value).is_some()
    }

    #[test]
    fn values_are_read_as_spark_reads_them() {
        for (key, good, bad) in [
            ("spark.dynamicAllocation.enabled", &["true", "FALSE", " true "][..], &["yes", "1", "on", ""][..]),
            ("spark.executor.cores", &["4", "+4"], &["500m", "1.5", "four", "3000000000"]),
            ("spark.executor.memory", &["4g", "512m", "4096", "4GB"], &["4Gi", "1.5g", "4 g", "lots"]),
            ("spark.network.timeout", &["120s", "2min", "120"], &["2 minutes", "1.5h", "2minutes"]),
            ("spark.memory.fraction", &["0.6", "1e-1", "0.6d"], &["60%", "0,6"]),
            ("spark.scheduler.mode", &["FAIR", "fair"], &[]),
            ("spark.sql.catalogImplementation", &["hive", "in-memory"], &["Hive", "glue"]),
            ("spark.app.name", &["anything at all"], &[]),
        ] {
            assert!(good.iter().all(|value| !refuses(key, value)), "{key}");
            assert!(bad.iter().all(|value| refuses(key, value)), "{key} {bad:?}");
        }
    }
}
