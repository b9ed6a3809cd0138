//! What the compilers are told: the Java level of the classes.

use super::machine::Machine;
use super::value::Value;
use crate::source::Traced;

/// The Java level that a project's classes are compiled for: what `javac` is told, else `scalac`.
pub(super) fn java(machine: &mut Machine<'_>, project: usize) -> Option<Traced> {
    let javac = machine.in_project(project, "javacOptions", &["Compile", "compile"]).elements();
    let scalac = machine.in_project(project, "scalacOptions", &["Compile", "compile"]).elements();
    level(&javac).or_else(|| level(&scalac))
}

/// `-release 17`, `--release=17`, `-target:jvm-1.8`: the last of the strongest kind.
fn level(options: &[Value]) -> Option<Traced> {
    let find = |names: &[&str]| {
        let mut found = None;
        for (at, option) in options.iter().enumerate() {
            let Value::Text(option) = option else { continue };
            let (name, value) = match option.as_str().split_once([':', '=']) {
                Some((name, value)) => {
                    (name, Some(option.slice(option.as_str().len() - value.len()..option.as_str().len())))
                }
                None => (option.as_str(), None),
            };
            if names.contains(&name) {
                let next = match options.get(at + 1) {
                    Some(Value::Text(next)) => Some(Traced::clone(next)),
                    _ => None,
                };
                found = value.or(next).or(found);
            }
        }
        found
    };
    let level = find(&["-release", "--release", "-java-output-version"])
        .or_else(|| find(&["-target", "--target", "-Xtarget", "-Xunchecked-java-output-version"]))?;
    let start = level.as_str().len() - level.as_str().trim_start_matches("jvm-").len();
    let level = level.slice(start..level.as_str().len());
    level.as_str().starts_with(|c: char| c.is_ascii_digit()).then_some(level)
}
