//! Runs the examples of every rule page: the bad ones fire exactly where they say, the good ones are silent, and the fixes
//! give the fixed texts byte for byte.
//!
//! # How examples are written
//!
//! In the sections `## Bad`, `## Good` and `## Fixed`, each `###` is one project, or the whole section where it has none.
//! A code block is a file: ```` ```yaml deploy/etl.yaml ````. A block `sparkproof.toml` is the project's configuration;
//! without one the preset is `recommended`, with the page's rule at its own level.
//!
//! Marker lines stand below the line they speak about, under its very columns. They are taken out before the analysis, so
//! they may stand in JSON and in block scalars too:
//!
//! ```text
//!           cpu: 500m
//!           #    ^^^^ limit-below-request
//!           # because words that the finding's evidence contains
//!           cpu: 1
//!           #    - words that the label here contains
//! ```
//!
//! * A level may stand behind the id, `^^^^ java-unsupported warning`, where facts cap it; else the level is not looked at.
//! * A marker is a comment of the format (`#`, `//`, `<!-- -->`, `/* */`) with nothing in it but the marker. Where the
//!   comment sign would cover the marked columns, at the start of a line, and in formats without comments, leave the sign
//!   out: a bare line of carets and a rule's id is a marker in every format. Bare labels need two dashes outside JSON, where
//!   one dash would be a list item, and stand further right than column one, where `---` begins a document.
//! * Columns count characters; a tab is one. Repeat a line's tabs in the marker below it and the carets stand under the bytes.
//! * A place of several lines is marked up to the end of its first line, an empty one with one caret.
//! * `because` stands directly below another marker and speaks about the nearest carets above it in its file.
//! * Every caret is a finding and every finding has carets, those of other rules included. Labels and evidence need not be
//!   marked, but what is marked must be so.
//! * The n-th project of `## Fixed` (or the one with the same title) is what all fixes make of the n-th bad project. Files
//!   that do not change may be left out.
#![allow(clippy::unwrap_used)]

#[path = "pages/marker.rs"]
mod marker;
#[path = "pages/page.rs"]
#[allow(dead_code, reason = "tests/house.rs uses the rest")]
mod page;
#[path = "pages/run.rs"]
mod run;

use marker::Says;
use page::{Page, Project};
use rayon::prelude::*;
use run::{Place, Ran, Seen, run};

/// Everything that is wrong with a page and its examples.
fn faults(page: &Page) -> Vec<String> {
    let mut faults = page.faults.clone();
    let bad: Vec<(&Project, Result<Ran, String>)> =
        page.section("Bad").map(|project| (project, run(project, page.id()))).collect();
    for (project, ran) in &bad {
        let found = ran.as_ref().map_or_else(|error| vec![error.clone()], |ran| bad_faults(page, project, ran));
        faults.extend(found.into_iter().map(|fault| tell(page, project, &fault)));
    }
    for project in page.section("Good") {
        let found = run(project, page.id()).map_or_else(
            |error| vec![error],
            |ran| ran.findings.iter().map(|seen| format!("not silent: {}", show(project, seen))).collect(),
        );
        faults.extend(found.into_iter().map(|fault| tell(page, project, &fault)));
    }
    let fixed: Vec<&Project> = page.section("Fixed").collect();
    for (n, project) in fixed.iter().enumerate() {
        let same_title = bad.iter().find(|(bad, _)| !bad.title.is_empty() && bad.title == project.title);
        let found = match same_title.or_else(|| bad.get(n)) {
            Some((before, Ok(ran))) => fixed_faults(before, project, ran),
            Some((_, Err(_))) => Vec::new(),
            None => vec!["there is no bad project for it".to_owned()],
        };
        faults.extend(found.into_iter().map(|fault| tell(page, project, &fault)));
    }
    if fixed.is_empty() && bad.iter().any(|(_, ran)| ran.as_ref().is_ok_and(|ran| mends(ran, page.id()))) {
        faults.push(format!("rules/{}: the rule has fixes, the page has no `## Fixed`", page.path));
    }
    faults
}

/// Whether a finding of the rule has a fix.
fn mends(ran: &Ran, rule: &str) -> bool {
    ran.findings.iter().any(|seen| seen.finding.rule == rule && seen.finding.fix.is_some())
}

fn tell(page: &Page, project: &Project, fault: &str) -> String {
    let title = if project.title.is_empty() { "the whole section" } else { &project.title };
    format!("rules/{}:{} {} / {title}\n    {fault}", page.path, project.line, project.section)
}

fn show(project: &Project, seen: &Seen) -> String {
    let finding = &seen.finding;
    let mut lines = vec![format!("{}: {}: {}", seen.at.show(project), finding.rule, finding.message)];
    lines.extend(seen.labels.iter().map(|(place, words)| format!("label {}: {words}", place.show(project))));
    lines.extend(finding.because.iter().map(|because| format!("because {because}")));
    lines.join("\n        ")
}

/// What was found in a project, for those who look for what was not.
fn found(project: &Project, ran: &Ran) -> String {
    ran.findings.iter().fold(String::new(), |text, seen| text + "\n      found " + &show(project, seen))
}

fn bad_faults(page: &Page, project: &Project, ran: &Ran) -> Vec<String> {
    let mut faults = Vec::new();
    let mut left: Vec<&Seen> = ran.findings.iter().collect();
    let markers: Vec<(Place, &Says)> = project
        .files
        .iter()
        .flat_map(|file| file.markers.iter().map(|m| (Place::new(project, &file.path, m.range.clone()), &m.says)))
        .collect();
    let all = || found(project, ran);
    for (place, says) in &markers {
        let shown = place.show(project);
        match says {
            Says::Rule(rule, level) => {
                let fits = |seen: &&Seen| seen.at == *place && seen.finding.rule == rule.as_str();
                match left.iter().position(fits).map(|at| left.remove(at)) {
                    Some(seen) if level.is_some_and(|level| level != seen.finding.level) => {
                        faults.push(format!("its level is {}: {}", seen.finding.level, show(project, seen)));
                    }
                    Some(_) => {}
                    None => faults.push(format!("expected {rule} at {shown}{}", all())),
                }
            }
            Says::Label(words) => {
                let mut labels = ran.findings.iter().flat_map(|seen| &seen.labels);
                if !labels.any(|(at, message)| at == place && message.contains(words.as_str())) {
                    faults.push(format!("expected a label `{words}` at {shown}{}", all()));
                }
            }
            Says::Because(words) => {
                let mut here = ran.findings.iter().filter(|seen| seen.at == *place);
                if !here.any(|seen| seen.finding.because.as_ref().is_some_and(|b| b.contains(words.as_str()))) {
                    faults.push(format!("expected the evidence `{words}` of {shown}{}", all()));
                }
            }
        }
    }
    faults.extend(left.into_iter().map(|seen| format!("not expected: {}", show(project, seen))));
    if !markers.iter().any(|(_, says)| matches!(says, Says::Rule(rule, _) if rule == page.id())) {
        faults.push(format!("no carets of `{}`{}", page.id(), all()));
    }
    faults
}

/// Compares what the fixes make of a bad project with the text that the page promises.
fn fixed_faults(before: &Project, fixed: &Project, ran: &Ran) -> Vec<String> {
    let mut faults = Vec::new();
    if ran.fixed.is_empty() {
        faults.push("no fix changes the bad project".to_owned());
    }
    for file in &before.files {
        let made = ran.fixed.get(&file.path).unwrap_or(&file.text);
        match fixed.files.iter().find(|other| other.path == file.path) {
            Some(promised) if promised.text == *made => {}
            Some(_) => faults.push(format!("`{}` becomes\n{made}", file.path)),
            None if *made == file.text => {}
            None => faults.push(format!("`{}` changes too:\n{made}", file.path)),
        }
    }
    let unknown = fixed.files.iter().filter(|file| before.files.iter().all(|other| other.path != file.path));
    faults.extend(unknown.map(|file| format!("the bad project has no `{}`", file.path)));
    faults
}

#[test]
fn every_page_is_true() {
    let pages = page::all();
    assert!(pages.len() > 10, "only {} pages", pages.len());
    let faults: Vec<String> = pages.par_iter().flat_map_iter(faults).collect();
    assert!(faults.is_empty(), "{} faults\n\n{}\n", faults.len(), faults.join("\n\n"));
}

/// A page that says what is not so, with every kind of marker.
#[test]
fn a_page_that_is_not_true_is_told() {
    let pod = |marker: &str| {
        format!(
            "apiVersion: v1\nkind: Pod\nmetadata:\n  name: etl\nspec:\n  containers:\n    - name: etl\n      image: etl:1\n      \
             resources:\n        requests:\n          cpu: 2\n        limits:\n          cpu: 1\n{marker}"
        )
    };
    let told = |bad: &str, good: &str| {
        let text = format!(
            "# limit-below-request\n\nWords.\n\n## Bad\n```yaml pod.yaml\n{bad}```\n\n## Good\n```yaml pod.yaml\n{good}```\n\n\
             ## Fixed\n```yaml pod.yaml\n{}```\n",
            pod("").replace("cpu: 1", "cpu: 2")
        );
        faults(&Page::parse("kubernetes/limit-below-request.md", &text)).join("\n")
    };
    let carets = "          #    ^ limit-below-request\n";
    let good = "apiVersion: v1\nkind: Pod\n";
    assert_eq!(told(&pod(carets), good), "");
    let at = |marker: &str| told(&pod(marker), good);
    // Carets elsewhere, of another width, of another rule, and none at all.
    assert!(at("          #   ^ limit-below-request\n").contains("expected limit-below-request at pod.yaml:13:15 ` `"));
    assert!(
        at("          #   ^^ limit-below-request\n")
            .contains("not expected: pod.yaml:13:16 `1`: limit-below-request: ")
    );
    assert!(at("          #    ^ unused-ignore\n").contains("expected unused-ignore at pod.yaml:13:16 `1`"));
    assert!(at("").contains("no carets of `limit-below-request`"));
    assert!(at("          #    ^ limit-below-request error\n").is_empty());
    assert!(at("          #    ^ limit-below-request info\n").contains("its level is error"));
    // One finding has one marker.
    assert!(at(&carets.repeat(2)).contains("expected limit-below-request"));
    assert!(at(&format!("{carets}          #    - other words\n")).contains("expected a label `other words`"));
    assert!(
        at(&format!("{carets}          # because of something\n")).contains("expected the evidence `of something`")
    );
    assert!(at("          #                 ^ limit-below-request\n").contains("line 20: this marker stands beside"));
    let good_that_fires = told(&pod(carets), &pod(""));
    assert!(good_that_fires.contains("Good / the whole section\n    not silent: pod.yaml:13:16"), "{good_that_fires}");
}

#[test]
fn a_fix_that_gives_another_text_is_told() {
    let text = "# spark-runtime-mismatch\n\n## Bad\n```yaml app.yaml\napiVersion: sparkoperator.k8s.io/v1beta2\nkind: SparkApplication\n\
                metadata:\n  name: etl\nspec:\n  sparkVersion: 3.4.1\n  #             ^^^^^ spark-runtime-mismatch\n  image: apache/spark:3.5.1\n```\n\n\
                ## Fixed\n```yaml app.yaml\nother\n```\n";
    let told = |text: &str| faults(&Page::parse("versions/spark-runtime-mismatch.md", text)).join("\n");
    assert!(told(text).contains("`app.yaml` becomes\napiVersion: "), "{}", told(text));
    let without = text.split("## Fixed").next().unwrap();
    assert!(told(without).ends_with("the rule has fixes, the page has no `## Fixed`"), "{}", told(without));
}
