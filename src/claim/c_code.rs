//! What functions of C take and do not give back.

use crate::c::File;
use crate::fact::code::{Trouble, TroubleKind, Unreleased};
use crate::fact::{CodeTrouble, Facts};
use crate::source::Source;

/// The troubles of a file, tests and examples aside.
pub fn claim(source: &Source, file: &File) -> Facts {
    if is_aside(source) {
        return Facts::default();
    }
    let troubles = file.kept.iter().map(|kept| CodeTrouble {
        trouble: Trouble {
            span: kept.span,
            kind: TroubleKind::Unreleased(Unreleased {
                path: kept.taken.into(),
                variable: kept.variable.clone(),
                release: kept.release,
                way_out: kept.way_out,
            }),
        },
        function: kept.function.clone(),
        package: "".into(),
    });
    Facts { troubles: troubles.collect(), ..Facts::default() }
}

fn is_aside(source: &Source) -> bool {
    let stem = source.name().split('.').next().unwrap_or_default();
    let aside =
        |part: &str| matches!(part, "test" | "tests" | "testing" | "example" | "examples" | "benchmark" | "benchmarks");
    source.folder().split('/').any(aside) || stem.ends_with("_test") || stem.starts_with("test_")
}
