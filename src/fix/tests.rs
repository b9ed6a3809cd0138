use super::*;
use crate::finding::{Level, Safety};
use crate::source::{Format, Location, Span};
use std::fs;
use std::path::Path;

/// A repository in a temporary folder.
struct Repository {
    folder: tempfile::TempDir,
    sources: Sources,
}

impl Repository {
    fn new(files: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        for (path, text) in files {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        let source = |path: &str| Source {
            path: path.into(),
            location: Location::Disk(folder.path().join(path)),
            format: Format::Yaml,
        };
        let sources = Sources::new(folder.path().into(), files.iter().map(|(path, _)| source(path)).collect());
        Self { folder, sources }
    }

    fn hash_of(&self, file: FileId) -> u64 {
        source::load(self.sources.get(file)).map_or(0, |text| source::stable_hash(text.as_bytes()))
    }

    fn plan(&self, findings: &[Finding]) -> Plan {
        plan_with(findings, &self.sources, |file| self.hash_of(file), false, &broken_words)
    }

    fn write(&self, plan: Plan) -> Plan {
        write(plan, &self.sources)
    }

    fn text(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap()
    }

    fn path(&self, path: &str) -> std::path::PathBuf {
        self.folder.path().join(path)
    }

    fn summary(&self, plan: &Plan, findings: &[Finding], mode: Mode) -> String {
        let files = findings.iter().map(Finding::file);
        let texts = Texts::load(&self.sources, files, |file| self.hash_of(file));
        plan.summary(findings, &self.sources, &texts, mode)
    }
}

/// A reader that loses each line with the word BROKEN.
fn broken_words(file: FileId, _: &Source, text: &str) -> Vec<Loss> {
    let place = |(at, word): (usize, &str)| Span::new(file, at..at + word.len());
    text.match_indices("BROKEN").map(|m| Loss::part(place(m), "this line is broken")).collect()
}

fn edit(file: u32, range: std::ops::Range<usize>, text: &str) -> Edit {
    Edit { span: Span::new(FileId(file), range), text: text.into() }
}

fn finding_with(rule: &'static str, safety: Safety, edits: Vec<Edit>) -> Finding {
    let span = edits.first().map_or(Span::new(FileId(0), 0..0), |edit| edit.span);
    let mut finding = Finding::new(rule, Level::Error, span, "it is wrong");
    finding.fix(safety, edits);
    finding
}

fn finding(rule: &'static str, edits: Vec<Edit>) -> Finding {
    finding_with(rule, Safety::Safe, edits)
}

fn why(plan: &Plan) -> Vec<(usize, &str)> {
    plan.refused.iter().map(|refused| (refused.finding, &*refused.why)).collect()
}

#[test]
fn fixes_of_several_findings_meet_in_one_file() {
    let repository = Repository::new(&[("k8s/a.yaml", "\u{feff}a: 1\r\nb: 2\r\nc: 3")]);
    let findings = [
        finding("one", vec![edit(0, 18..19, "three")]),
        Finding::new("no-fix", Level::Error, Span::new(FileId(0), 0..0), "nothing to do"),
        finding("two", vec![edit(0, 6..7, "one")]),
    ];
    let plan = repository.plan(&findings);
    assert_eq!(plan.fixed, [0, 2]);
    assert_eq!(plan.changes[0].edits, [edit(0, 6..7, "one"), edit(0, 18..19, "three")]);
    assert_eq!(repository.text("k8s/a.yaml"), plan.changes[0].old, "a plan writes nothing");
    let done = repository.write(plan.clone());
    assert_eq!(done, plan);
    assert_eq!(repository.text("k8s/a.yaml"), "\u{feff}a: one\r\nb: 2\r\nc: three");
    assert_eq!(fs::read_dir(repository.path("k8s")).unwrap().count(), 1, "no temporary file stays");
    assert_eq!(repository.summary(&done, &findings, Mode::Written), "fixed 2 findings in 1 file\n");
}

#[test]
fn equal_edits_merge() {
    let repository = Repository::new(&[("a", "a: 1\nb: 2\n")]);
    let same = || edit(0, 3..4, "9");
    let findings = [
        finding("one", vec![same()]),
        finding("two", vec![same(), edit(0, 8..9, "8")]),
        finding("three", vec![same(), same()]),
    ];
    let plan = repository.plan(&findings);
    assert_eq!((plan.fixed.as_slice(), plan.refused.len()), ([0, 1, 2].as_slice(), 0));
    assert_eq!(plan.changes[0].new, "a: 9\nb: 8\n");
}

#[test]
fn of_overlapping_fixes_the_first_wins_and_the_later_is_refused_whole() {
    let repository = Repository::new(&[("a", "a: 1\nb: 2222\nc: 3\n"), ("b", "x")]);
    let findings = [
        finding("first", vec![edit(0, 8..12, "0")]),
        finding("second", vec![edit(1, 0..1, "y"), edit(0, 10..17, "1")]),
        finding("third", vec![edit(0, 12..12, "insert")]),
        finding("fourth", vec![edit(0, 8..12, "other")]),
        finding("fifth", vec![edit(0, 0..18, "")]),
        finding("sixth", vec![edit(0, 16..17, "4")]),
    ];
    let plan = repository.plan(&findings);
    assert_eq!(plan.fixed, [0, 5]);
    let refused = "overlaps the fix of `first` at a:2; run again to see whether it is still needed";
    assert_eq!(why(&plan), [(1, refused), (2, refused), (3, refused), (4, refused)]);
    assert_eq!(plan.changes.len(), 1, "the other file of a refused fix stays");
    assert_eq!(plan.changes[0].new, "a: 1\nb: 0\nc: 4\n");
    let summary = repository.summary(&plan, &findings, Mode::Shown);
    assert!(summary.starts_with("`second` at b:1 is not fixed: overlaps the fix of `first` at a:2; "), "{summary}");
    assert!(summary.ends_with("would fix 2 findings in 1 file, refused 4 fixes\n"), "{summary}");
}

#[test]
fn an_overlap_is_found_among_many_neighbours() {
    let text = "0123456789".repeat(20);
    let repository = Repository::new(&[("a", &text)]);
    let even = (0..100).map(|n| finding("even", vec![edit(0, 2 * n..2 * n + 1, "x")]));
    let odd = (0..99).map(|n| finding("odd", vec![edit(0, 2 * n + 1..2 * n + 2, "y")]));
    let wide = [finding("wide", vec![edit(0, 50..150, "")])];
    let findings: Vec<Finding> = even.chain(odd).chain(wide).collect();
    let plan = repository.plan(&findings);
    assert_eq!(plan.fixed.len(), 199);
    assert_eq!(plan.refused.len(), 1);
    assert_eq!(plan.changes[0].new.len(), text.len());
}

#[test]
fn impossible_and_idle_fixes_are_refused() {
    let repository = Repository::new(&[("a", "a: ä\n")]);
    let findings = [
        finding("past-the-end", vec![edit(0, 0..1, "b"), edit(0, 4..99, "x")]),
        finding("within", vec![edit(0, 4..5, "x")]),
        finding("idle", vec![edit(0, 0..1, "a"), edit(0, 2..2, "")]),
        finding("own-overlap", vec![edit(0, 0..2, "x"), edit(0, 1..3, "y")]),
    ];
    let plan = repository.plan(&findings);
    assert!(plan.is_empty());
    let expected = [
        (0, "it does not fit `a`: bytes 4..99 lie outside the text, which has 6"),
        (1, "it does not fit `a`: bytes 4..5 begin or end within a character"),
        (2, "its edits change nothing"),
        (3, "its own edits overlap"),
    ];
    assert_eq!(why(&plan), expected);
    let summary = repository.summary(&plan, &findings, Mode::Written);
    assert!(summary.ends_with("\nfixed nothing, refused 4 fixes\n"), "{summary}");
}

#[test]
fn unsafe_fixes_wait_until_they_are_asked_for() {
    let repository = Repository::new(&[("a", "a: 1\n")]);
    let findings = [finding_with("moves-spark", Safety::Unsafe, vec![edit(0, 3..4, "2")])];
    let plan = repository.plan(&findings);
    assert_eq!((plan.is_empty(), plan.unsafe_left), (true, 1));
    let summary = repository.summary(&plan, &findings, Mode::Written);
    assert_eq!(summary, "fixed nothing, left 1 unsafe fix for `--unsafe-fixes`\n");
    let asked = plan_with(&findings, &repository.sources, |file| repository.hash_of(file), true, &broken_words);
    assert_eq!((asked.fixed.as_slice(), asked.unsafe_left), ([0].as_slice(), 0));
}

#[test]
fn without_a_fix_there_is_nothing_to_say() {
    let repository = Repository::new(&[("a", "a: 1\n")]);
    let findings = [Finding::new("a-rule", Level::Error, Span::new(FileId(0), 0..1), "it is wrong")];
    assert_eq!(repository.summary(&repository.plan(&findings), &findings, Mode::Written), "");
}

#[test]
fn a_result_that_cannot_be_read_refuses_the_guilty_fix_everywhere() {
    let repository = Repository::new(&[("a", "BROKEN: 1\nb: 2\nc: 3\n"), ("b", "x: 1\n")]);
    let findings = [
        finding("good", vec![edit(0, 13..14, "22")]),
        finding("guilty", vec![edit(1, 3..4, "2"), edit(0, 18..19, "BROKEN")]),
    ];
    let plan = repository.plan(&findings);
    assert_eq!(plan.fixed, [0]);
    let refused = "the result could not be read: this line is broken; nothing of it was written";
    assert_eq!(why(&plan), [(1, refused)]);
    assert_eq!(plan.changes.len(), 1);
    assert_eq!(plan.changes[0].new, "BROKEN: 1\nb: 22\nc: 3\n", "what was broken before is no objection");
}

#[test]
fn fixes_that_break_a_file_only_together_are_all_refused() {
    let repository = Repository::new(&[("a", "-EN-\n")]);
    let findings = [finding("one", vec![edit(0, 0..1, "BR")]), finding("two", vec![edit(0, 1..1, "OK")])];
    let apart = [finding("one", vec![edit(0, 0..1, "BROK")]), finding("two", vec![edit(0, 4..4, "x")])];
    assert_eq!(
        why(&repository.plan(&findings)),
        [(1, "overlaps the fix of `one` at a:1; run again to see whether it is still needed")]
    );
    assert_eq!(repository.plan(&apart).fixed, [1]);
    let split = Repository::new(&[("a", "_RO_EN\n")]);
    let both = [finding("one", vec![edit(0, 0..1, "B")]), finding("two", vec![edit(0, 3..4, "K")])];
    assert_eq!(split.plan(&both).refused.len(), 2);
}

#[test]
fn a_real_reader_reads_the_result() {
    let repository = Repository::new(&[("a.yaml", "kind: Pod\n")]);
    let findings = [finding("a-rule", vec![edit(0, 6..9, "Job")])];
    let plan = plan(&findings, &repository.sources, |file| repository.hash_of(file), false);
    assert_eq!(plan.fixed, [0]);
}

#[test]
fn a_file_that_changed_is_left_alone() {
    let repository = Repository::new(&[("a", "a: 1\n"), ("b", "b: 1\n"), ("c", "c: 1\n")]);
    let findings = [
        finding("both", vec![edit(0, 3..4, "2"), edit(1, 3..4, "2")]),
        finding("second", vec![edit(1, 0..1, "z")]),
        finding("other", vec![edit(2, 3..4, "2")]),
    ];
    let planned = repository.plan(&findings);
    fs::write(repository.path("b"), "b: 7\n").unwrap();
    let done = repository.write(planned);
    assert_eq!(done.fixed, [2]);
    assert_eq!(why(&done), [(0, "`b` changed since it was read"), (1, "`b` changed since it was read")]);
    let texts = ["a", "b", "c"].map(|path| repository.text(path));
    assert_eq!(texts, ["a: 1\n", "b: 7\n", "c: 2\n"], "files of one fix are written together or not at all");
    assert_eq!(fs::read_dir(repository.folder.path()).unwrap().count(), 3, "no temporary file stays");

    let read_before = plan_with(&findings, &repository.sources, |_| 1, false, &broken_words);
    assert_eq!(read_before.refused.len(), 3, "it is noticed while planning, too");
}

#[test]
fn a_file_that_went_away_is_refused() {
    let repository = Repository::new(&[("a", "a: 1\n")]);
    let findings = [finding("a-rule", vec![edit(0, 3..4, "2")])];
    let planned = repository.plan(&findings);
    fs::remove_file(repository.path("a")).unwrap();
    assert!(repository.plan(&findings).refused[0].why.starts_with("`a` cannot be read again: "));
    let done = repository.write(planned);
    assert!(done.refused[0].why.starts_with("`a` cannot be opened: "));
    assert!(!repository.path("a").exists());
}

#[test]
fn text_that_is_no_file_can_be_shown_but_not_written() {
    let source =
        Source { path: "-".into(), location: Location::Memory(b"a: 1\n".as_slice().into()), format: Format::Yaml };
    let folder = tempfile::tempdir().unwrap();
    let sources = Sources::new(folder.path().into(), vec![source]);
    let findings = [finding("a-rule", vec![edit(0, 3..4, "2")])];
    let planned = plan_with(&findings, &sources, |_| source::stable_hash(b"a: 1\n"), false, &broken_words);
    assert!(planned.diff().contains("-a: 1\n+a: 2\n"));
    assert_eq!(why(&write(planned, &sources)), [(0, "`-` is no file on disk")]);
}

#[test]
fn a_chain_of_shared_fixes_is_one_bundle() {
    let files: Vec<(String, String)> = (0..6).map(|n| (format!("f{n}"), "a: 1\n".into())).collect();
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (&**path, &**text)).collect();
    let repository = Repository::new(&files);
    let pair = |rule, one, other| finding(rule, vec![edit(one, 3..4, "2"), edit(other, 0..1, "b")]);
    let findings = [pair("x", 0, 3), pair("y", 1, 4), pair("z", 3, 4), finding("w", vec![edit(5, 3..4, "2")])];
    let planned = repository.plan(&findings);
    assert_eq!(planned.fixed.len(), 4);
    fs::write(repository.path("f1"), "changed").unwrap();
    let done = repository.write(planned);
    assert_eq!((done.fixed.as_slice(), done.refused.len()), ([3].as_slice(), 3));
    assert_eq!(repository.text("f0"), "a: 1\n");
}

#[cfg(unix)]
mod unix {
    use super::*;
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o7777
    }

    #[test]
    fn permissions_are_kept() {
        let repository = Repository::new(&[("run.sh", "a: 1\n"), ("secret", "a: 1\n")]);
        for (path, bits) in [("run.sh", 0o755), ("secret", 0o600)] {
            fs::set_permissions(repository.path(path), fs::Permissions::from_mode(bits)).unwrap();
        }
        let findings = [finding("a-rule", vec![edit(0, 3..4, "2"), edit(1, 3..4, "2")])];
        assert_eq!(repository.write(repository.plan(&findings)).fixed, [0]);
        assert_eq!((mode(&repository.path("run.sh")), mode(&repository.path("secret"))), (0o755, 0o600));
        assert_eq!(repository.text("run.sh"), "a: 2\n");
    }

    #[test]
    fn a_read_only_file_is_refused() {
        let repository = Repository::new(&[("a", "a: 1\n")]);
        fs::set_permissions(repository.path("a"), fs::Permissions::from_mode(0o444)).unwrap();
        let done = repository.write(repository.plan(&[finding("a-rule", vec![edit(0, 3..4, "2")])]));
        assert_eq!(why(&done), [(0, "`a` is read-only")]);
    }

    #[test]
    fn a_symbolic_link_is_followed_below_the_root_only() {
        let outside = tempfile::tempdir().unwrap();
        fs::write(outside.path().join("far"), "a: 1\n").unwrap();
        let repository = Repository::new(&[("near", "a: 1\n"), ("link", ""), ("out", "")]);
        for (link, target) in [("link", repository.path("near")), ("out", outside.path().join("far"))] {
            fs::remove_file(repository.path(link)).unwrap();
            symlink(target, repository.path(link)).unwrap();
        }
        let findings = [finding("inside", vec![edit(1, 3..4, "2")]), finding("outside", vec![edit(2, 3..4, "2")])];
        let done = repository.write(repository.plan(&findings));
        assert_eq!(why(&done), [(1, "`out` leads out of the repository")]);
        assert_eq!(repository.text("near"), "a: 2\n");
        assert!(fs::symlink_metadata(repository.path("link")).unwrap().is_symlink());
        assert_eq!(fs::read_to_string(outside.path().join("far")).unwrap(), "a: 1\n");

        let twice = [finding("twice", vec![edit(0, 3..4, "3"), edit(1, 3..4, "4")])];
        let done = repository.write(repository.plan(&twice));
        assert_eq!(why(&done), [(0, "`link` is a second name of a file that this fix changes already")]);
    }

    #[test]
    fn when_a_later_file_cannot_be_staged_no_file_of_the_fix_is_written() {
        let repository = Repository::new(&[("a", "a: 1\n"), ("locked/b", "b: 1\n")]);
        let findings = [finding("both", vec![edit(0, 3..4, "2"), edit(1, 3..4, "2")])];
        let planned = repository.plan(&findings);
        // A folder in place of each temporary name fails for every user, unlike a folder without write permission.
        for attempt in 0..100 {
            let name = format!("locked/.sparkproof-{}-{attempt}.tmp", std::process::id());
            fs::create_dir(repository.path(&name)).unwrap();
        }
        let done = repository.write(planned);
        assert_eq!(done.fixed, [] as [usize; 0]);
        assert!(done.refused[0].why.starts_with("`locked/b` cannot be written: "), "{:?}", done.refused);
        assert_eq!(repository.text("a"), "a: 1\n");
        assert_eq!(fs::read_dir(repository.folder.path()).unwrap().count(), 2, "no temporary file stays");
    }
}

#[test]
fn a_patch_of_several_files_is_in_their_order() {
    let repository = Repository::new(&[("b", "b: 1\n"), ("a", "a: 1\n")]);
    let findings = [finding("one", vec![edit(1, 3..4, "2")]), finding("two", vec![edit(0, 3..4, "2")])];
    let patch = repository.plan(&findings).diff();
    let expected = "--- a/b\n+++ b/b\n@@ -1,1 +1,1 @@\n-b: 1\n+b: 2\n--- a/a\n+++ b/a\n@@ -1,1 +1,1 @@\n-a: 1\n+a: 2\n";
    assert_eq!(patch, expected);
}
