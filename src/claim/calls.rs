//! Which references of Rust code stand in user-defined functions.

use crate::fact::{Call, Entry, Facts, Language, Usage};
use crate::rust;
use crate::source::Source;

/// The calls of a Rust file.
pub fn claim_rust(source: &Source, file: &rust::File, is_udf_path: bool) -> Facts {
    let entries: Vec<_> = file.functions.iter().map(|f| entry(f, is_udf_path)).collect();
    let in_test_folder = source.folder().split('/').any(|part| matches!(part, "tests" | "benches" | "examples"));
    let calls = file.references.iter().filter_map(|reference| {
        let number = reference.function?;
        Some(Call {
            language: Language::Rust,
            callee: reference.path.clone(),
            usage: match reference.usage {
                rust::Usage::Call | rust::Usage::Macro => Usage::Call,
                rust::Usage::Value | rust::Usage::Syntax => Usage::Value,
                rust::Usage::Type => Usage::Type,
            },
            span: reference.span,
            function: file.functions.get(number)?.name.clone(),
            package: "".into(),
            entry: Some(entries.get(number)?.clone()?),
            in_test: in_test_folder || reference.in_test,
            generated: file.generated,
            tags: [].into(),
            path: [].into(),
        })
    });
    let is_aside = in_test_folder || file.generated;
    let foreign_flaws = file.flaws.iter().filter(|_| !is_aside).cloned().collect();
    Facts { calls: calls.collect(), foreign_flaws, ..Facts::default() }
}

/// Why a function is a UDF entry, if it is one.
fn entry(function: &rust::Function, is_udf_path: bool) -> Option<Entry> {
    let name = function.name.clone();
    match function.marked {
        Some(span) => {
            let why = "marked `sparkproof:udf`".to_owned();
            Some(Entry { span, function: name, foreign: false, per_row: true, why, unverified: false })
        }
        None => is_udf_path.then(|| Entry {
            span: function.span,
            function: name,
            foreign: false,
            per_row: true,
            why: "its file is configured as UDF code".to_owned(),
            unverified: false,
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{FileId, Format, Location};

    fn source(path: &str, format: Format) -> Source {
        Source { path: path.into(), location: Location::Memory(Vec::new().into()), format }
    }

    fn lines(facts: &Facts) -> Vec<String> {
        let why = |c: &Call| c.entry.as_ref().map_or(String::new(), |e| format!(" ({})", e.why));
        facts
            .calls
            .iter()
            .map(|c| format!("{} in {}{}{}", c.callee, c.function, why(c), if c.in_test { " test" } else { "" }))
            .collect()
    }

    #[test]
    fn rust_tests_are_labelled_not_left_out() {
        let text = "// sparkproof:udf\nfn a() { let f = || std::process::exit(1); f() }\n#[cfg(test)]\nmod tests { #[test] fn b() { std::process::exit(2) } }\n";
        let body = rust::read(FileId(0), text).body;
        let marked = claim_rust(&source("src/a.rs", Format::Rust), &body, false);
        assert_eq!(lines(&marked), ["std::process::exit in a (marked `sparkproof:udf`)"]);
        let all = claim_rust(&source("src/a.rs", Format::Rust), &body, true);
        assert_eq!(lines(&all)[1], "std::process::exit in tests::b (its file is configured as UDF code) test");
        let folder = claim_rust(&source("x/tests/a.rs", Format::Rust), &body, false);
        assert!(folder.calls[0].in_test);
    }
}
