//! Which references stand in user-defined functions.

use crate::fact::{Call, Entry, Facts, Language, Usage};
use crate::source::{Source, Span};
use crate::{go, rust};

/// The calls of a Go file.
pub fn claim_go(source: &Source, file: &go::File, is_udf_path: bool) -> Facts {
    let entries: Vec<_> = file.functions.iter().map(|f| entry(f.marked, f.span, is_udf_path)).collect();
    let in_test = file.is_test || source.name().ends_with("_test.go");
    let calls = file.references.iter().filter_map(|reference| {
        let number = reference.function?;
        Some(Call {
            language: Language::Go,
            callee: reference.path.clone(),
            usage: match reference.usage {
                go::Usage::Call => Usage::Call,
                go::Usage::Value | go::Usage::Directive => Usage::Value,
                go::Usage::Type => Usage::Type,
            },
            span: reference.span,
            function: file.functions.get(number)?.name.clone(),
            entry: Some(entries.get(number)?.clone()?),
            in_test,
            generated: file.generated,
        })
    });
    Facts { calls: calls.collect(), ..Facts::default() }
}

/// The calls of a Rust file.
pub fn claim_rust(_source: &Source, _file: &rust::File, _is_udf_path: bool) -> Facts {
    Facts::default()
}

/// Why a function is a UDF entry, if it is one.
fn entry(marked: Option<Span>, name: Span, is_udf_path: bool) -> Option<Entry> {
    match marked {
        Some(span) => Some(Entry { span, why: "marked `sparkproof:udf`".to_owned() }),
        None => is_udf_path.then(|| Entry { span: name, why: "its file is configured as UDF code".to_owned() }),
    }
}
