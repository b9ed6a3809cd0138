//! What a piece of code does with a variable.

use crate::c::known::{self, Kind, Pair};
use crate::c::lex::Code;
use std::collections::HashSet;
use std::ops::Range;

/// How many calls around a mention are looked at.
const MAX_CALLS: usize = 8;

/// What a piece of code does with what is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Effect {
    /// It is still held.
    Nothing,
    /// It is given back, or somebody else has it.
    Over,
    /// The program ends.
    Ends,
}

/// What a condition asks of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Test {
    /// Whether there is nothing.
    Null,
    /// Whether there is something.
    Given,
    None,
}

/// The names in a piece of code.
pub(super) fn names<'c>(code: &'c Code<'_>, range: &Range<usize>) -> impl Iterator<Item = &'c str> {
    range.clone().filter(|at| code.is_word(*at)).map(|at| code.at(at)).filter(|name| !is_common(name))
}

/// Names that say nothing about what belongs together.
fn is_common(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    lower.ends_with("env")
        || matches!(name, "NULL" | "nullptr" | "const" | "char" | "this" | "JNI_TRUE" | "JNI_FALSE" | "true" | "false")
}

/// The words of a piece of code, one blank between them.
pub(super) fn words(code: &Code<'_>, range: &Range<usize>) -> String {
    let words = range.clone().take(64).map(|at| code.at(at)).collect::<Vec<_>>().join(" ");
    for tail in [" != NULL", " != nullptr", " != 0", " == JNI_TRUE", " == true"] {
        if let Some(rest) = words.strip_suffix(tail) {
            return rest.to_owned();
        }
    }
    words
}

/// Whether one condition is the other's contrary.
pub(super) fn is_opposite(one: &str, other: &str) -> bool {
    let negated = |a: &str, b: &str| {
        a.strip_prefix("! ").is_some_and(|rest| rest == b)
            || [" == NULL", " == nullptr", " == 0"]
                .iter()
                .any(|tail| a.strip_suffix(tail).is_some_and(|rest| rest == b))
    };
    negated(one, other) || negated(other, one)
}

/// Whether a piece of code ends the program.
pub(super) fn ends(code: &Code<'_>, range: &Range<usize>) -> bool {
    range.clone().any(|at| code.at(at + 1) == "(" && known::ends(code.at(at)))
}

/// The variables that a function declares and that end with it.
pub(super) fn declared<'c>(code: &'c Code<'_>, range: &Range<usize>) -> HashSet<&'c str> {
    let mut found = HashSet::new();
    let (mut depth, mut start, mut lasts) = (0_usize, true, false);
    for at in range.clone() {
        let word = code.at(at);
        match word {
            "(" | "[" => depth += 1,
            ")" | "]" => depth = depth.saturating_sub(1),
            ";" | "{" | "}" => (start, lasts) = (true, false),
            "static" | "extern" | "thread_local" => lasts = true,
            _ => {
                let before = code.at(at.wrapping_sub(1));
                let typed = code.is_word(at.wrapping_sub(1))
                    && !matches!(before, "return" | "else" | "goto" | "case" | "new" | "delete");
                let ends = matches!(code.at(at + 1), "=" | ";" | "," | "{" | "[");
                if !start
                    && depth == 0
                    && !lasts
                    && ends
                    && code.is_word(at)
                    && (typed || matches!(before, "*" | "&" | ">" | ","))
                {
                    found.insert(word);
                }
                start = false;
            }
        }
    }
    found
}

/// The variable that a call's value is put into, or that it fills.
pub(super) fn variable<'c>(code: &'c Code<'_>, range: &Range<usize>, (at, pair): (usize, &Pair)) -> Option<&'c str> {
    if pair.kind == Kind::Struct {
        let close = code.close(at + 1);
        let last = close.checked_sub(1)?;
        let is_address = code.is_word(last) && code.at(last - 1) == "&" && matches!(code.at(last - 2), "," | "(");
        return is_address.then(|| code.at(last));
    }
    let mut place = at;
    let mut closed = 0_usize;
    // Casts and the environment stand between the sign and the name.
    while place > range.start {
        place -= 1;
        match code.at(place) {
            ")" => closed += 1,
            "(" => closed = closed.checked_sub(1)?,
            "=" => break,
            "->" | "." | "*" | "::" | "<" | ">" | "&" => {}
            _ if code.is_word(place) && !matches!(code.at(place), "return" | "else") => {}
            _ => return None,
        }
    }
    if code.at(place) != "=" || closed != 0 {
        return None;
    }
    let name = place.checked_sub(1).filter(|name| *name >= range.start && code.is_word(*name))?;
    let before = name.checked_sub(1).map_or("", |at| code.at(at));
    let is_through =
        before == "*" && (name < 2 || !(code.is_word(name - 2) || matches!(code.at(name - 2), "*" | ">" | ",")));
    (!matches!(before, "." | "->" | "::" | "]") && !is_through).then(|| code.at(name))
}

/// What a piece of code does with a variable that holds what a pair gives.
pub(super) fn of(code: &Code<'_>, range: &Range<usize>, variable: &str, pair: &Pair) -> Effect {
    let mut effect = if ends(code, range) { Effect::Ends } else { Effect::Nothing };
    for at in range.clone() {
        if code.at(at) == variable
            && !matches!(code.at(at.wrapping_sub(1)), "." | "->" | "::")
            && is_over(code, range, at, pair)
        {
            effect = Effect::Over;
        }
    }
    effect
}

/// Whether a mention of the variable gives it away.
fn is_over(code: &Code<'_>, range: &Range<usize>, at: usize, pair: &Pair) -> bool {
    let (before, next) = (code.at(at.wrapping_sub(1)), code.at(at + 1));
    let behind = if at >= range.start + 2 { code.at(at - 2) } else { "" };
    let is_address = before == "&"
        && !(code.is_word(at.wrapping_sub(2)) && behind != "return" && at >= range.start + 2
            || matches!(behind, ")" | "]"));
    if pair.kind == Kind::Struct {
        let is_whole = next != "." && before != "sizeof";
        return is_address || is_whole || code.at(at + 2) == "release";
    }
    if is_address {
        return true;
    }
    match around(code, range, at) {
        Around::Braces => true,
        Around::Call(open) => call_takes(code, (range, open, at), pair) || is_kept(code, range, open),
        Around::Statement => stored(code, range, at),
    }
}

/// Whether a call's value is put into something that lasts: `list.push_back(pair(a, v))`. What a class copies is its own.
fn is_kept(code: &Code<'_>, range: &Range<usize>, open: usize) -> bool {
    let mut open = open;
    for _ in 0..MAX_CALLS {
        let name = code.at(open - 1);
        if known::keeps(name) {
            return true;
        }
        if known::copies(name) {
            return false;
        }
        match around(code, range, open - 1) {
            Around::Call(outer) => open = outer,
            _ => return false,
        }
    }
    false
}

enum Around {
    /// A call, by its parenthesis.
    Call(usize),
    Braces,
    Statement,
}

/// What stands around a mention.
fn around(code: &Code<'_>, range: &Range<usize>, at: usize) -> Around {
    let mut place = at;
    // Arguments are short; a far look would be quadratic.
    let stop = range.start.max(at.saturating_sub(2048));
    while place > stop {
        place -= 1;
        let is_open = code.close(place) > at;
        match code.at(place) {
            "{" if is_open => return Around::Braces,
            "[" if is_open => return Around::Statement,
            "(" if is_open
                && (code.is_word(place.wrapping_sub(1)) || code.at(place.wrapping_sub(1)) == ">")
                && place > range.start =>
            {
                let name = code.at(place - 1);
                if matches!(name, "if" | "while" | "for" | "switch" | "return") {
                    return Around::Statement;
                }
                return Around::Call(place);
            }
            _ => {}
        }
    }
    Around::Statement
}

/// Whether a call keeps or gives back what it is handed.
fn call_takes(code: &Code<'_>, (range, open, at): (&Range<usize>, usize, usize), pair: &Pair) -> bool {
    let name = code.at(open - 1);
    if known::gives_back(name) || known::takes_over(name) {
        return true;
    }
    let before = if open >= 2 { code.at(open - 2) } else { "" };
    let is_macro = name.len() > 3 && name.chars().all(|c| c.is_ascii_uppercase() || c == '_' || c.is_ascii_digit());
    // `env->` and `(*env)->`.
    let of_env = before == "->" && open >= 3 && {
        let owner = if code.at(open - 3) == ")" { code.at(open.wrapping_sub(4)) } else { code.at(open - 3) };
        owner.to_ascii_lowercase().ends_with("env")
    };
    if of_env {
        return false;
    }
    // `Type name(v)` makes an object; `new Type(v)` one that lasts.
    let makes = code.is_word(open.wrapping_sub(2))
        && open >= range.start + 2
        && !matches!(before, "return" | "else" | "throw" | "case" | "co_return");
    if makes
        || matches!(before, ">" | "&" | "*")
            && code.is_word(open - 1)
            && open >= range.start + 3
            && is_declaration(code, range, open)
    {
        return !known::copies(before);
    }
    match pair.kind {
        Kind::Reference | Kind::Struct => true,
        Kind::Buffer => {
            let close = code.close(open);
            let is_env = |place: usize| code.is_word(place) && code.at(place).to_ascii_lowercase().ends_with("env");
            let has_env =
                (open + 1..close).any(|place| place != at && is_env(place) && matches!(code.at(place + 1), "," | ")"));
            is_macro || has_env
        }
    }
}

/// Whether a statement begins with a type and the name before this parenthesis.
fn is_declaration(code: &Code<'_>, range: &Range<usize>, open: usize) -> bool {
    (range.start..open).all(|at| code.is_word(at) || matches!(code.at(at), "::" | "<" | ">" | "*" | "&" | ","))
}

/// Whether a mention outside of calls hands it on.
fn stored(code: &Code<'_>, range: &Range<usize>, at: usize) -> bool {
    let (before, next) = (code.at(at.wrapping_sub(1)), code.at(at + 1));
    let is_end = at + 1 >= range.end;
    if !is_end && next == "=" {
        return true;
    }
    if !is_end && matches!(next, "?" | "==" | "!=" | "&&" | "||" | "[" | "->" | "." | "<" | ">" | "<=" | ">=") {
        return false;
    }
    let sign = (range.start..at).rev().find(|place| code.at(*place) == "=");
    let returned = code.at(range.start) == "return";
    // `*v` reads what it points to.
    let is_read = before == "*"
        && matches!(code.at(at.wrapping_sub(2)), "=" | "(" | "," | "return" | "==" | "!=" | "+" | "-" | "&&" | "||");
    if is_read || matches!(before, "==" | "!=" | "!" | "&&" | "||" | "<" | ">" | "<=" | ">=") {
        return false;
    }
    match sign {
        // `std::string copy = v`.
        Some(sign) => !(sign >= range.start + 2 && known::copies(code.at(sign - 2))),
        None => returned,
    }
}

/// What a condition asks of the variable.
pub(super) fn test(code: &Code<'_>, range: &Range<usize>, variable: &str, pair: &Pair) -> Test {
    let is_null = |at: usize| matches!(code.at(at), "NULL" | "nullptr" | "0" | "nil");
    for at in range.clone().filter(|at| code.at(*at) == variable) {
        let before = if at > range.start { code.at(at - 1) } else { "" };
        if matches!(before, "." | "->" | "::") {
            continue;
        }
        // `if ((v = env->…) == NULL)`, `array.release == NULL`.
        let mut end = at + 1;
        if pair.kind == Kind::Struct {
            if code.at(end) != "." || code.at(end + 1) != "release" {
                continue;
            }
            end += 2;
        } else if code.at(end) == "=" {
            end = (end..range.end)
                .find(|place| code.at(*place) == ")" && !(at..*place).any(|open| code.close(open) == *place))
                .map_or(range.end, |close| close + 1);
        }
        let next = if end < range.end { code.at(end) } else { "" };
        match next {
            "==" if is_null(end + 1) => return Test::Null,
            "!=" if is_null(end + 1) => return Test::Given,
            "" | ")" | "&&" | "||" => {
                let mut place = at;
                while place > range.start && code.at(place - 1) == "(" {
                    place -= 1;
                }
                let before = if place > range.start { code.at(place - 1) } else { "" };
                match before {
                    "!" => return Test::Null,
                    "==" if place >= 2 && is_null(place - 2) => return Test::Null,
                    "!=" if place >= 2 && is_null(place - 2) => return Test::Given,
                    "" | "&&" | "||" => return Test::Given,
                    _ => {}
                }
            }
            _ => {}
        }
    }
    Test::None
}

/// What a condition right behind the taking, or around it, says about how it went.
pub(super) fn outcome(
    code: &Code<'_>,
    range: &Range<usize>,
    related: &HashSet<&str>,
    is_status: bool,
    is_around: bool,
) -> Test {
    let fails = |name: &str| matches!(name, "ExceptionCheck" | "ExceptionOccurred") || known_check(name);
    let negated = code.at(range.start) == "!";
    if range.clone().any(|at| fails(code.at(at))) {
        return if negated { Test::Given } else { Test::Null };
    }
    let is_null = |at: usize| matches!(code.at(at), "NULL" | "nullptr");
    if !is_around
        && range
            .clone()
            .any(|at| code.at(at) == "==" && is_null(at + 1) && related.contains(code.at(at.wrapping_sub(1))))
    {
        return Test::Null;
    }
    let mentions = range.clone().any(|at| code.is_word(at) && related.contains(code.at(at)));
    if !is_status || !mentions && !is_around {
        return Test::None;
    }
    // A status: nothing but zero means that it failed.
    let equals = range.clone().find(|at| matches!(code.at(*at), "==" | "!=" | "<" | ">"));
    let worked = equals.map_or(negated, |at| code.at(at) == "==");
    if worked { Test::Given } else { Test::Null }
}

/// Helpers whose names say that they ask for an exception.
fn known_check(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    lower.contains("exception") || lower.contains("pending")
}
