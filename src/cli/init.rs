//! `sparkproof init`.

use super::{Answer, InitArgs, Trouble, print};
use crate::discover::CONFIG;
use crate::report::look;
use std::fs::OpenOptions;
use std::io::Write as _;

const TEMPLATE: &str = r#"# What sparkproof asks of this repository. `sparkproof config` shows every setting in force and where it came from,
# `sparkproof explain` all rules.

# recommended (default), production-checklist, strict
preset = "recommended"

# From which level on a run fails: error (default), warning, info, never
# fail-on = "warning"

# Paths that are not read, beside those that git ignores
# exclude = ["examples/legacy"]

# Tables of your own, in the shape of sparkproof's: a row with the same key replaces ours
# tables = ["sparkproof-house.toml"]

# [rules]
# base-image-unpinned = { require-digest = true }   # a rule's options
# forbidden-call = "warning"                        # or its level; "off" turns it off

# Code that runs as a user-defined function
# [udf]
# entries = ["udf/**"]

# What the files cannot say
# [target]
# kubernetes = "1.32"
# spark-operator = "2.4"

# Files that run together although nothing in them says so
# [[unit]]
# name = "etl"
# paths = ["etl/pom.xml", "deploy/etl.yaml"]

# [[ignore]]
# rule = "base-image-unpinned"
# path = "dev/**"
# reason = "images for development are rebuilt every night"
"#;

pub(super) fn run(args: &InitArgs) -> Answer {
    let path = args.folder.join(CONFIG);
    let shown = look::clean(&path.to_string_lossy());
    let file = OpenOptions::new().write(true).create_new(true).open(&path);
    let written = file.and_then(|mut file| file.write_all(TEMPLATE.as_bytes()));
    written.map_err(|e| match e.kind() {
        std::io::ErrorKind::AlreadyExists => {
            Trouble::Words(format!("`{shown}` exists already"), Some("delete it first, or change it".into()))
        }
        kind => Trouble::Words(format!("`{shown}` cannot be written: {kind}"), None),
    })?;
    print(format!("wrote `{shown}`\n").as_bytes())
}

#[cfg(test)]
mod tests {
    use crate::config;
    use crate::rules;
    use crate::source::FileId;

    #[test]
    fn the_template_is_right_also_with_every_line_in_force() {
        let uncomment = |line: &str| {
            line.strip_prefix("# ").filter(|l| l.contains(" = ") || l.starts_with('[')).unwrap_or(line).to_owned()
        };
        let full: Vec<String> = super::TEMPLATE.lines().map(uncomment).collect();
        for text in [super::TEMPLATE.to_owned(), full.join("\n")] {
            let parsed = config::parse(FileId(0), &text, None, &rules::known());
            assert!(parsed.is_ok(), "{parsed:?}\n{text}");
        }
    }
}
