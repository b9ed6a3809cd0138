//! `semverCompare`: constraints on versions as charts write them.

use std::cmp::Ordering;

/// Numbers of a version, and what stands behind a dash.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Version {
    numbers: [u64; 3],
    /// How many of them are written; the others stand for any.
    written: usize,
    before: Option<String>,
}

/// Whether a version fits a constraint: `>=1.19-0 <1.22-0 || ^2`; None where one of them is none.
pub(super) fn fits(constraint: &str, version: &str) -> Option<bool> {
    let version = parse(version)?;
    let mut fits_any = false;
    for all in constraint.split("||") {
        fits_any |= fits_all(all, &version)?;
    }
    Some(fits_any)
}

fn fits_all(constraints: &str, version: &Version) -> Option<bool> {
    if let Some((from, to)) = constraints.split_once(" - ") {
        return Some(compared(">=", &parse(from)?, version) && compared("<=", &parse(to)?, version));
    }
    let spaced = constraints.replace(',', " ");
    let (mut fits, mut operator) = (true, String::new());
    for word in spaced.split_whitespace() {
        let digits = word.trim_start_matches(['=', '!', '>', '<', '~', '^']);
        operator.push_str(&word[..word.len() - digits.len()]);
        if digits.is_empty() {
            continue;
        }
        fits &= compared(&operator, &parse(digits)?, version);
        operator.clear();
    }
    operator.is_empty().then_some(fits)
}

/// Whether a version fits one operator. Versions before a release fit only what names one itself.
fn compared(operator: &str, bound: &Version, version: &Version) -> bool {
    if version.before.is_some() && bound.before.is_none() {
        return false;
    }
    let order = order(version, bound);
    let same = |count: usize| version.numbers.iter().zip(&bound.numbers).take(count).all(|(a, b)| a == b);
    match operator {
        "" | "=" | "==" => same(bound.written) && (bound.written < 3 || order == Ordering::Equal),
        "!=" => !same(bound.written),
        ">" if bound.written < 3 => order == Ordering::Greater && !same(bound.written),
        ">" => order == Ordering::Greater,
        "<" => order == Ordering::Less,
        ">=" | "=>" => order != Ordering::Less,
        "<=" | "=<" => order != Ordering::Greater || (bound.written < 3 && same(bound.written)),
        "~" | "~>" => order != Ordering::Less && same(bound.written.min(2)),
        "^" => {
            let first = bound.numbers.iter().position(|number| *number > 0).unwrap_or(bound.written.saturating_sub(1));
            order != Ordering::Less && same((first + 1).min(bound.written.max(1)))
        }
        _ => false,
    }
}

fn order(a: &Version, b: &Version) -> Ordering {
    a.numbers.cmp(&b.numbers).then_with(|| match (&a.before, &b.before) {
        (None, None) => Ordering::Equal,
        (None, Some(_)) => Ordering::Greater,
        (Some(_), None) => Ordering::Less,
        (Some(a), Some(b)) => before(a, b),
    })
}

/// Words of a version before its release: numbers by their amount, and before names.
fn before(a: &str, b: &str) -> Ordering {
    let words = |text: &str| -> Vec<(bool, u64, String)> {
        let word = |word: &str| match word.parse::<u64>() {
            Ok(number) => (false, number, String::new()),
            Err(_) => (true, 0, word.to_owned()),
        };
        text.split('.').map(word).collect()
    };
    words(a).cmp(&words(b))
}

fn parse(text: &str) -> Option<Version> {
    let text = text.trim().trim_start_matches(['v', 'V']);
    let text = text.split_once('+').map_or(text, |(version, _)| version);
    let (numbers, before) = text.split_once('-').map_or((text, None), |(numbers, before)| (numbers, Some(before)));
    let mut version = Version { numbers: [0; 3], written: 0, before: before.map(str::to_owned) };
    for part in numbers.split('.') {
        if matches!(part, "x" | "X" | "*") {
            break;
        }
        *version.numbers.get_mut(version.written)? = part.parse().ok()?;
        version.written += 1;
    }
    Some(version)
}

#[cfg(test)]
mod tests {
    use super::fits;

    #[test]
    fn constraints_are_read_as_charts_mean_them() {
        let yes = [
            ">=1.19-0",
            ">= 1.19.0",
            "^1.20",
            "~1.31",
            "1.x",
            ">1.30",
            "<2",
            "1.30 - 1.40",
            "<1.5 || >=1.30",
            ">=1.19, <1.32",
            "*",
        ];
        let no = ["<1.19-0", "^2", "~1.30", "!=1.31.0", ">1.31", "=1.30", ">=1.19 <1.30", ">1.31.0"];
        for constraint in yes {
            assert_eq!(fits(constraint, "v1.31.0"), Some(true), "{constraint}");
        }
        for constraint in no {
            assert_eq!(fits(constraint, "v1.31.0"), Some(false), "{constraint}");
        }
        assert_eq!(fits(">=1.19", "1.20.0-rc.1"), Some(false), "versions before a release fit what names one");
        assert_eq!(fits(">=1.19-0", "1.20.0-rc.1"), Some(true));
        assert_eq!((fits("gold", "1.2.3"), fits(">=1", "latest")), (None, None));
    }
}
