//! Kubernetes quantities: `500m`, `2Gi`, `1e3`, exact.
//!
//! Grammar and suffixes: <https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/>.

use std::fmt;

/// An amount in billionths of its unit (a core, a byte), exact for everything Kubernetes can hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Quantity(i128);

const NANO: i128 = 1_000_000_000;

impl Quantity {
    /// Reads a quantity; `None` where the API server would refuse the text. Amounts below a billionth round up, as there.
    pub fn parse(text: &str) -> Option<Self> {
        let (sign, rest) = match text.strip_prefix('-') {
            Some(rest) => (-1, rest),
            None => (1, text.strip_prefix('+').unwrap_or(text)),
        };
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
        let (number, suffix) = rest.split_at(end);
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        if (whole.is_empty() && fraction.is_empty()) || fraction.contains('.') || number.len() > 40 {
            return None;
        }
        let digits: i128 = format!("{whole}{fraction}").parse().ok()?;
        let (numerator, denominator) = scale(suffix)?;
        let divisor = 10i128.checked_pow(fraction.len() as u32)?.checked_mul(denominator)?;
        let nanos = digits.checked_mul(NANO)?.checked_mul(numerator)?;
        Some(Self(sign * (nanos / divisor + i128::from(nanos % divisor != 0))))
    }
}

impl Quantity {
    /// A number of bytes or cores.
    pub fn of(units: i64) -> Self {
        Self(i128::from(units) * NANO)
    }

    /// A number of mebibytes.
    pub const fn mebibytes(count: i64) -> Self {
        Self(count as i128 * 1024 * 1024 * NANO)
    }

    /// How many whole mebibytes it is.
    pub fn in_mebibytes(self) -> i64 {
        i64::try_from(self.0 / (1024 * 1024 * NANO)).unwrap_or(i64::MAX)
    }

    /// A size as Spark reads it: whole numbers with `b`, `k`, `m`, `g`, `t` or `p`, each with or without a `b` behind it, in any
    /// letter case. Without a unit it counts mebibytes, as in Spark's keys of memory (`JavaUtils.byteStringAsMb`).
    pub fn parse_spark(text: &str) -> Option<Self> {
        Self::spark_sized(text, 2)
    }

    /// The same where a size without a unit counts bytes (`JavaUtils.byteStringAsBytes`).
    pub fn parse_spark_bytes(text: &str) -> Option<Self> {
        Self::spark_sized(text, 0)
    }

    fn spark_sized(text: &str, bare: u32) -> Option<Self> {
        let text = text.trim().to_ascii_lowercase();
        let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
        let (number, unit) = text.split_at(end);
        let power = match unit {
            "b" => 0,
            "k" | "kb" => 1,
            "" => bare,
            "m" | "mb" => 2,
            "g" | "gb" => 3,
            "t" | "tb" => 4,
            "p" | "pb" => 5,
            _ => return None,
        };
        Self::binary(number, power)
    }

    /// A size as the JVM reads it behind `-Xmx`: bytes, or with `k`, `m`, `g` or `t` in any letter case.
    pub fn parse_jvm(text: &str) -> Option<Self> {
        let lower = text.to_ascii_lowercase();
        let power = match lower.chars().next_back()? {
            'k' => 1,
            'm' => 2,
            'g' => 3,
            't' => 4,
            _ => 0,
        };
        Self::binary(lower.get(..lower.len() - usize::from(power > 0))?, power)
    }

    /// A size as Go's runtime reads `GOMEMLIMIT`: bytes, `B`, `KiB`, `MiB`, `GiB` or `TiB`.
    pub fn parse_go(text: &str) -> Option<Self> {
        let units = [("KiB", 1), ("MiB", 2), ("GiB", 3), ("TiB", 4), ("B", 0), ("", 0)];
        let (number, power) = units.iter().find_map(|(unit, power)| Some((text.strip_suffix(unit)?, *power)))?;
        Self::binary(number, power)
    }

    fn binary(number: &str, power: u32) -> Option<Self> {
        if number.is_empty() || !number.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let bytes = number.parse::<i128>().ok()?.checked_mul(1024i128.checked_pow(power)?)?;
        bytes.checked_mul(NANO).map(Self)
    }

    /// The sum, as far as it can be held.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }

    /// The difference, as far as it can be held.
    #[must_use]
    pub fn minus(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }

    /// A share of it in thousandths.
    #[must_use]
    pub fn share(self, thousandths: i64) -> Self {
        Self(self.0.saturating_mul(i128::from(thousandths)) / 1000)
    }

    /// Whole mebibytes, rounded down, as Spark counts; at least zero.
    #[must_use]
    pub fn floor_mebibytes(self) -> Self {
        let mebibyte = 1024 * 1024 * NANO;
        Self(self.0.max(0) / mebibyte * mebibyte)
    }

    /// The quotient of two amounts; nothing for a divisor of zero.
    #[allow(clippy::cast_precision_loss, reason = "a share is compared with a threshold")]
    pub fn ratio(self, of: Self) -> Option<f64> {
        (of.0 != 0).then(|| self.0 as f64 / of.0 as f64)
    }

    /// As people say an amount of memory: `1.5 GiB`.
    pub fn memory(self) -> String {
        let bytes = self.0 / NANO;
        let units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];
        let mut power = 0;
        while power + 1 < units.len() && bytes >= 1024i128.pow(power as u32 + 1) {
            power += 1;
        }
        let unit = 1024i128.pow(power as u32);
        let hundredths = (bytes * 100 + unit / 2) / unit;
        let number = format!("{}.{:02}", hundredths / 100, hundredths % 100);
        let number = number.trim_end_matches('0').trim_end_matches('.');
        format!("{number} {}", units.get(power).unwrap_or(&"B"))
    }
}

/// The same size in Spark's words: `4g` for `4Gi`, `1536m` for `1.5g` and `2gb`'s `2g`. None where it is no size, or not whole.
pub fn spark_size(text: &str) -> Option<String> {
    let text = text.trim().to_ascii_lowercase();
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.')?;
    let (number, unit) = text.split_at(end);
    let letter = unit.trim().chars().next().filter(|c| "kmgtp".contains(*c))?;
    if !["", "b", "i", "ib"].contains(&unit.trim().get(1..)?) {
        return None;
    }
    let size = Quantity::parse(&format!("{number}{}i", if letter == 'k' { 'K' } else { letter.to_ascii_uppercase() }))?;
    let exact = |power: u32, unit: &str| {
        let unit_size = 1024i128.pow(power) * NANO;
        (size.0 % unit_size == 0 && size.0 > 0).then(|| format!("{}{unit}", size.0 / unit_size))
    };
    let same = format!("{number}{letter}");
    if Quantity::parse_jvm(&same).is_some() {
        return Some(same);
    }
    exact(3, "g").or_else(|| exact(2, "m")).or_else(|| exact(1, "k"))
}

/// A time in milliseconds as Spark reads it: whole numbers with `us`, `ms`, `s`, `m`, `min`, `h` or `d`; `default` where there is
/// no unit (`JavaUtils.timeStringAs`). Nothing where Spark would refuse the text.
pub fn spark_millis(text: &str, default: &str) -> Option<u64> {
    let text = text.trim().to_ascii_lowercase();
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    let number: u64 = number.parse().ok()?;
    let factor = match if unit.is_empty() { default } else { unit } {
        "us" => return Some(number / 1000),
        "ms" => 1,
        "s" => 1000,
        "m" | "min" => 60_000,
        "h" => 3_600_000,
        "d" => 86_400_000,
        _ => return None,
    };
    number.checked_mul(factor)
}

/// A suffix as a fraction: `m` is 1/1000, `Ki` is 1024/1, `e3` is 1000/1.
fn scale(suffix: &str) -> Option<(i128, i128)> {
    let binary = ["Ki", "Mi", "Gi", "Ti", "Pi", "Ei"].iter().position(|s| *s == suffix);
    if let Some(power) = binary {
        return Some((1024i128.pow(power as u32 + 1), 1));
    }
    let decimal = match suffix {
        "n" => -9,
        "u" => -6,
        "m" => -3,
        "" => 0,
        "k" => 3,
        "M" => 6,
        "G" => 9,
        "T" => 12,
        "P" => 15,
        "E" => 18,
        _ => suffix.strip_prefix(['e', 'E'])?.parse::<i32>().ok().filter(|e| (-18..=18).contains(e))?,
    };
    let power = 10i128.pow(decimal.unsigned_abs());
    Some(if decimal < 0 { (1, power) } else { (power, 1) })
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, rest) = (self.0 / NANO, (self.0 % NANO).abs());
        if rest == 0 {
            write!(f, "{whole}")
        } else {
            write!(f, "{}", format!("{whole}.{rest:09}").trim_end_matches('0'))
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn q(text: &str) -> Quantity {
        Quantity::parse(text).unwrap()
    }

    #[test]
    fn suffixes_scale() {
        assert_eq!(q("1"), q("1000m"));
        assert_eq!(q("1Gi"), q("1073741824"));
        assert!(q("1G") < q("1Gi") && q("0.5") == q("500m") && q("1e3") == q("1k") && q("1E") == q("1e18"));
        assert_eq!(q("1.5Gi"), q("1536Mi"));
    }

    #[test]
    fn what_kubernetes_refuses_is_no_quantity() {
        for text in ["", "Gi", "1GB", "1 Gi", "1.2.3", "2gi", "0x10", "1e99", "one"] {
            assert_eq!(Quantity::parse(text), None, "{text}");
        }
    }

    #[test]
    fn spark_counts_in_its_own_units() {
        let s = |text: &str| Quantity::parse_spark(text);
        assert_eq!(s("4g"), Some(q("4Gi")));
        assert_eq!(s("1024"), Some(q("1Gi")));
        assert_eq!((s("512M"), s("2GB"), s(" 1t ")), (Some(q("512Mi")), Some(q("2Gi")), Some(q("1Ti"))));
        for text in ["0.5t", "4Gi", "1.5g", "", "g", "4 g", "-1g", "2e3m"] {
            assert_eq!(s(text), None, "{text}");
        }
        let same = |text: &str| spark_size(text).unwrap_or_default();
        assert_eq!(
            (same("4Gi"), same("1.5g"), same("2gb"), same("512MiB")),
            ("4g".into(), "1536m".into(), "2g".into(), "512m".into())
        );
        assert_eq!((same("0.5Gi"), same("2.0G"), same("0.1k")), ("512m".into(), "2g".into(), String::new()));
        assert_eq!((spark_size("4 x"), spark_size(""), spark_size("1e3"), spark_size("gi")), (None, None, None, None));
        assert_eq!((spark_millis("30s", "ms"), spark_millis("5", "s")), (Some(30_000), Some(5000)));
        assert_eq!(
            (spark_millis("2min", "ms"), spark_millis("1.5s", "ms"), spark_millis("3w", "s")),
            (Some(120_000), None, None)
        );
    }

    #[test]
    fn runtimes_count_in_theirs() {
        assert_eq!((Quantity::parse_jvm("2g"), Quantity::parse_jvm("1048576")), (Some(q("2Gi")), Some(q("1Mi"))));
        assert_eq!((Quantity::parse_jvm("2gb"), Quantity::parse_jvm(""), Quantity::parse_jvm("m")), (None, None, None));
        assert_eq!((Quantity::parse_go("512MiB"), Quantity::parse_go("900")), (Some(q("512Mi")), Some(q("900"))));
        assert_eq!(
            (Quantity::parse_go("1GB"), Quantity::parse_go("off"), Quantity::parse_go("1Gi")),
            (None, None, None)
        );
    }

    #[test]
    fn amounts_are_told_in_binary_units() {
        let told = |text: &str| q(text).memory();
        assert_eq!(
            (told("1536Mi"), told("4Gi"), told("512"), told("3500m")),
            ("1.5 GiB".into(), "4 GiB".into(), "512 B".into(), "3 B".into())
        );
        assert_eq!(q("1Gi").plus(q("384Mi")).memory(), "1.38 GiB");
        assert_eq!(q("1Gi").share(100).floor_mebibytes(), q("102Mi"));
    }

    #[test]
    fn quantities_print_as_plain_numbers() {
        assert_eq!((q("500m").to_string(), q("2Ki").to_string()), ("0.5".into(), "2048".into()));
    }
}
