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
    fn quantities_print_as_plain_numbers() {
        assert_eq!((q("500m").to_string(), q("2Ki").to_string()), ("0.5".into(), "2048".into()));
    }
}
