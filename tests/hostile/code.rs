//! Go, Rust, C, Python, the languages of the JVM and scripts as the pages of the rules show them, with bytes changed, with other line ends and
//! with a mark in front.

use crate::mutation::{Random, Tree, shake};
use crate::page;
use sparkproof::discover::Request;
use sparkproof::session::{self, Wishes};
use std::fs;
use std::path::Path;

/// The projects of all pages that hold code.
fn projects() -> Vec<(String, Vec<(String, String)>)> {
    const CODE: [&str; 8] = ["c", "go", "h", "java", "py", "rs", "scala", "sh"];
    let is_code =
        |path: &str| Path::new(path).extension().is_some_and(|e| CODE.contains(&e.to_str().unwrap_or_default()));
    let pages = page::all();
    let projects = pages.iter().flat_map(|page| page.projects.iter().map(move |project| (page.id(), project)));
    projects
        .filter(|(_, project)| project.section != "Fixed" && project.files.iter().any(|file| is_code(&file.path)))
        .map(|(id, project)| {
            let files = project.files.iter().map(|file| (file.path.clone(), file.text.clone())).collect();
            (format!("{id}-{}", project.line), files)
        })
        .collect()
}

#[test]
fn changed_bytes_break_no_model_of_code() {
    let temporary = tempfile::tempdir().unwrap();
    let tree = |(name, files): (String, Vec<(String, String)>)| {
        let files = files.into_iter().map(|(path, text)| (path.into(), text.into_bytes())).collect();
        Tree::write(temporary.path().join(name), files)
    };
    let trees: Vec<Tree> = projects().into_iter().map(tree).collect();
    assert!(trees.len() > 100, "{}", trees.len());
    shake(&trees, Random(0x0C0D_E5EE_D0F5_A11A));
}

/// The findings of a repository: which rule, in which file, at which words.
fn said(root: &Path) -> Vec<String> {
    let wishes = Wishes {
        request: Request { paths: vec![root.to_path_buf()], ..Request::default() },
        preset: Some(sparkproof::config::Preset::Strict),
        ..Wishes::default()
    };
    let outcome = session::run(&wishes).unwrap();
    let tell = |finding: &sparkproof::finding::Finding| {
        let path = outcome.prepared.sources.path(finding.span.file);
        let text = fs::read_to_string(root.join(path)).unwrap();
        let words = text[finding.span.range()].replace('\r', "");
        format!("{} {path} {words:?} {}", finding.rule, finding.labels.len())
    };
    let mut said: Vec<String> = outcome.sifted.findings.iter().map(tell).collect();
    said.sort();
    said
}

#[test]
fn line_ends_and_marks_change_nothing_in_code() {
    let temporary = tempfile::tempdir().unwrap();
    let mut compared = 0;
    for (name, files) in projects() {
        let of = |folder: &str, change: &dyn Fn(&str) -> String| {
            // sbt refuses a mark in its own files, and a shell takes it for a part of the first command.
            let is_exact = |path: &str| Path::new(path).extension().is_some_and(|e| e == "sbt" || e == "sh");
            let change = |path: &str, text: &str| if is_exact(path) { text.to_owned() } else { change(text) };
            let changed = files.iter().map(|(path, text)| (path.into(), change(path, text).into_bytes())).collect();
            said(&Tree::write(temporary.path().join(format!("{name}-{folder}")), changed).root)
        };
        let plain = of("plain", &str::to_owned);
        compared += plain.len();
        assert_eq!(of("crlf", &|text| text.replace('\n', "\r\n")), plain, "{name} with other line ends");
        assert_eq!(of("mark", &|text| format!("\u{feff}{text}")), plain, "{name} with a mark in front");
    }
    assert!(compared > 50, "{compared}");
}
