//! One style for all messages, and words that no source file may hold.

use super::{files, is_test_room, none, page, read, run};
use rayon::prelude::*;
use sparkproof::finding::Finding;

/// Names that keep their capital at the start of a message.
const NAMES: [&str; 6] = ["Spark ", "Scala ", "Java ", "Python ", "Hadoop ", "YAML "];

/// What is wrong with a text of a finding.
pub fn style(text: &str) -> Option<&'static str> {
    let starts_upper = text.starts_with(char::is_uppercase) && !NAMES.iter().any(|name| text.starts_with(name));
    let faults = [
        (text.is_empty() || text.trim() != text, "is empty or has blanks at its ends"),
        (starts_upper, "starts with a capital"),
        (text.ends_with('.') && !text.ends_with('…'), "ends with a full stop"),
        (text.contains("  "), "has two blanks in a row"),
        (text.contains('\n'), "has several lines"),
        (text.matches('`').count() % 2 == 1, "has a backtick without its partner"),
        (["TODO", "FIXME", "XXX"].iter().any(|word| text.contains(word)), "is not finished"),
    ];
    faults.into_iter().find(|(wrong, _)| *wrong).map(|(_, what)| what)
}

fn finding_faults(finding: &Finding) -> Vec<String> {
    let labels = finding.labels.iter().map(|label| ("label", &label.message));
    let others = [("because", &finding.because), ("help", &finding.help)];
    let others = others.into_iter().filter_map(|(what, text)| Some((what, text.as_ref()?)));
    let texts = std::iter::once(("message", &finding.message)).chain(labels).chain(others);
    let told = texts.filter_map(|(what, text)| Some(format!("{}: the {what} {}: {text}", finding.rule, style(text)?)));
    let mut faults: Vec<String> = told.collect();
    let known = |source: &String| source.starts_with("https://") || source.starts_with("pkg:");
    if finding.source.as_ref().is_some_and(|source| !known(source)) {
        faults.push(format!("{}: the source is no address: {:?}", finding.rule, finding.source));
    }
    faults
}

#[test]
fn findings_speak_in_one_style() {
    let pages = page::all();
    let found = pages.par_iter().flat_map_iter(|page| {
        page.section("Bad").filter_map(|project| run::run(project, page.id()).ok()).flat_map(|ran| ran.findings)
    });
    let findings: Vec<Finding> = found.map(|seen| seen.finding).collect();
    assert!(findings.len() > 40, "{} findings", findings.len());
    let mut faults: Vec<String> = findings.iter().flat_map(finding_faults).collect();
    faults.sort();
    faults.dedup();
    none(&faults);
}

#[test]
fn the_style_is_looked_at() {
    for text in ["", "Upper case", "a full stop.", "two  blanks", "an `open tick", "TODO words", " blank", "two\nlines"]
    {
        assert!(style(text).is_some(), "{text}");
    }
    for text in ["`name` is told", "lower case", "Spark 3.5 runs"] {
        assert!(style(text).is_none(), "{text}");
    }
}

/// Words that stand for something a library does not do, and the places where they may stand.
const FORBIDDEN: [(&str, &[&str]); 7] = [
    (".unwrap()", &[]),
    (".expect(", &[]),
    ("panic!(", &[]),
    ("process::exit", &[]),
    ("println!(", &["src/cli", "src/report"]),
    ("eprintln!(", &["src/cli", "src/report"]),
    ("todo!(", &[]),
];

/// The lines of a source file without comments and without the tests at its end.
fn code(path: &str) -> String {
    let text = if is_test_room(path) { String::new() } else { read(path) };
    let lines: Vec<&str> = text.lines().collect();
    let tests = |at: &usize| {
        let after = lines[*at..].iter().take_while(|line| line.starts_with("#["));
        let declared = lines.get(at + after.count()).copied().unwrap_or_default();
        lines[*at] == "#[cfg(test)]" && declared.ends_with("mod tests {")
    };
    let end = (0..lines.len()).find(tests).unwrap_or(lines.len());
    lines[..end].iter().filter(|line| !line.trim_start().starts_with("//")).copied().collect::<Vec<_>>().join("\n")
}

#[test]
fn the_library_neither_panics_nor_prints() {
    let mut faults = Vec::new();
    for path in files("src", ".rs") {
        let code = code(&path);
        for (word, places) in FORBIDDEN {
            if code.contains(word) && !places.iter().any(|place| path.starts_with(place)) {
                faults.push(format!("{path} holds `{word}`"));
            }
        }
    }
    none(&faults);
}

/// Hosts of package registries, in two pieces so that this file holds none of them.
const REGISTRIES: [(&str, &str); 13] = [
    ("repo1.mav", "en.org"),
    ("repo.maven.apac", "he.org"),
    ("oss.sonaty", "pe.org"),
    ("central.sonaty", "pe.com"),
    ("plugins.grad", "le.org"),
    ("py", "pi.org"),
    ("files.pythonhost", "ed.org"),
    ("static.crat", "es.io"),
    ("index.crat", "es.io"),
    ("registry.npm", "js.org"),
    ("proxy.gola", "ng.org"),
    ("sum.gola", "ng.org"),
    ("rubyge", "ms.org"),
];

#[test]
fn no_file_names_the_host_of_a_registry() {
    let hosts: Vec<String> = REGISTRIES.iter().map(|(a, b)| format!("{a}{b}")).collect();
    let holds = |path: &String| {
        let bytes = std::fs::read(super::root().join(path)).unwrap();
        let text = String::from_utf8_lossy(&bytes);
        hosts.iter().find(|host| text.contains(host.as_str())).map(|host| format!("{path} names {host}"))
    };
    let all = files("", "");
    assert!(all.iter().any(|path| path == "Cargo.toml") && all.len() > 100, "{} files", all.len());
    none(&all.iter().filter_map(holds).collect::<Vec<_>>());
}
