//! Unified diffs that `git apply` and `patch -p1` take.

use similar::{Algorithm, DiffOp, capture_diff_slices_deadline, group_diff_ops};
use std::fmt::Write as _;
use std::time::{Duration, Instant};

const CONTEXT: usize = 3;

/// The smallest diff costs quadratic time where thousands of lines differ; after this long, a larger one is right too.
const PATIENCE: Duration = Duration::from_secs(1);

/// How `old` becomes `new`, as a unified diff with three lines of context; empty where the two are equal. Lines end
/// with `\n` alone, as they do for git: a `\r` before it is part of the line.
pub fn diff(path: &str, old: &str, new: &str) -> String {
    let (old, new): (Vec<&str>, Vec<&str>) = (old.split_inclusive('\n').collect(), new.split_inclusive('\n').collect());
    let ops = capture_diff_slices_deadline(Algorithm::Myers, &old, &new, Some(Instant::now() + PATIENCE));
    let hunks = group_diff_ops(ops, CONTEXT);
    let mut text = String::new();
    for hunk in hunks.iter().filter(|hunk| hunk.iter().any(|op| !matches!(op, DiffOp::Equal { .. }))) {
        let (Some(first), Some(last)) = (hunk.first(), hunk.last()) else { continue };
        if text.is_empty() {
            let _ = write!(text, "--- {}\n+++ {}\n", name('a', path), name('b', path));
        }
        let range = |from: std::ops::Range<usize>, to: std::ops::Range<usize>| counted(from.start, to.end);
        let was = range(first.old_range(), last.old_range());
        let is = range(first.new_range(), last.new_range());
        let _ = writeln!(text, "@@ -{was} +{is} @@");
        for op in hunk {
            if let DiffOp::Equal { .. } = op {
                lines(&mut text, ' ', &old, op.old_range());
            } else {
                lines(&mut text, '-', &old, op.old_range());
                lines(&mut text, '+', &new, op.new_range());
            }
        }
    }
    text
}

/// `start,count`; an empty range names the line before it.
fn counted(start: usize, end: usize) -> String {
    let first = if start == end { start } else { start + 1 };
    format!("{first},{}", end - start)
}

fn lines(text: &mut String, mark: char, all: &[&str], range: std::ops::Range<usize>) {
    for line in all.get(range).unwrap_or_default() {
        text.push(mark);
        text.push_str(line);
        if !line.ends_with('\n') {
            text.push_str("\n\\ No newline at end of file\n");
        }
    }
}

/// A path as git writes it: quoted where it holds a control character, a quote or a backslash, with a tab behind it
/// where it holds a blank.
fn name(side: char, path: &str) -> String {
    if !path.chars().any(|c| c.is_control() || c == '"' || c == '\\') {
        return format!("{side}/{path}{}", if path.contains(' ') { "\t" } else { "" });
    }
    let mut quoted = format!("\"{side}/");
    for byte in path.bytes() {
        match byte {
            b'"' | b'\\' => quoted.extend(['\\', char::from(byte)]),
            b' '..=b'~' => quoted.push(char::from(byte)),
            _ => {
                let _ = write!(quoted, "\\{byte:03o}");
            }
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use std::process::{Command, Stdio};

    /// Applies a patch with a tool of the field, in a folder of its own, and reads the file back.
    fn patched(tool: &[&str], file_name: &str, old: &str, patch: &str) -> String {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join(file_name);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(&file, old).unwrap();
        let patch_file = folder.path().join("the.patch");
        std::fs::write(&patch_file, patch).unwrap();
        let output = Command::new(tool[0])
            .args(&tool[1..])
            .arg("the.patch")
            .current_dir(folder.path())
            // Not the repository that may be around the temporary folder.
            .env("GIT_CEILING_DIRECTORIES", folder.path().parent().unwrap())
            .stdin(Stdio::null())
            .output()
            .unwrap();
        assert!(output.status.success(), "{}{patch}", String::from_utf8_lossy(&output.stderr));
        std::fs::read_to_string(&file).unwrap()
    }

    fn numbered(word: &str, lines: usize) -> String {
        (1..=lines).map(|n| [word, &n.to_string(), "\n"].concat()).collect()
    }

    fn assert_applies(name: &str, old: &str, new: &str) {
        let patch = diff(name, old, new);
        assert_eq!(patched(&["git", "apply"], name, old, &patch), new, "{patch}");
        if Command::new("patch").arg("--version").stdout(Stdio::null()).status().is_ok_and(|s| s.success()) {
            let tool = ["patch", "-p1", "--binary", "--quiet", "--no-backup-if-mismatch", "--input"];
            assert_eq!(patched(&tool, name, old, &patch), new, "{patch}");
        }
    }

    #[test]
    fn a_change_has_three_lines_of_context() {
        let old = numbered("line ", 12);
        let new = old.replace("line 6\n", "line six\n");
        let expected = "--- a/k8s/web.yaml\n+++ b/k8s/web.yaml\n@@ -3,7 +3,7 @@\n line 3\n line 4\n line 5\n-line 6\n\
                        +line six\n line 7\n line 8\n line 9\n";
        assert_eq!(diff("k8s/web.yaml", &old, &new), expected);
        assert_applies("k8s/web.yaml", &old, &new);
    }

    #[test]
    fn equal_texts_have_no_diff() {
        assert_eq!(diff("a", "x\n", "x\n"), "");
        assert_eq!(diff("a", "", ""), "");
    }

    #[test]
    fn distant_changes_are_hunks_of_their_own() {
        let old = numbered("", 40);
        let new = old.replace("3\n4\n", "3\nnew\n4\n").replace("38\n", "");
        let patch = diff("a.txt", &old, &new);
        assert_eq!(patch.matches("@@ -").count(), 2, "{patch}");
        assert_applies("a.txt", &old, &new);
    }

    #[test]
    fn line_ends_and_the_byte_order_mark_survive() {
        assert_applies("a.yaml", "\u{feff}a: 1\r\nb: 2\r\nc: 3\r\n", "\u{feff}a: 9\r\nb: 2\r\nc: 4\r\n");
        assert_applies("a.yaml", "a: 1\r\nb: 2\n", "a: 1\nb: 2\r\n");
        assert_applies("a.yaml", "one\rtwo\nthree\n", "one\r2\nthree\n");
    }

    #[test]
    fn a_missing_last_line_end_is_said() {
        let patch = diff("a", "x\ny", "x\nz");
        assert!(patch.ends_with("-y\n\\ No newline at end of file\n+z\n\\ No newline at end of file\n"), "{patch}");
        for (old, new) in [("x\ny", "x\nz"), ("x\ny", "x\ny\n"), ("x\ny\n", "x\ny"), ("w\ny", "v\ny"), ("a", "b")] {
            assert_applies("a", old, new);
        }
    }

    #[test]
    fn a_text_may_become_empty_or_be_so() {
        assert!(diff("a", "", "x\n").contains("@@ -0,0 +1,1 @@"));
        assert!(diff("a", "x\n", "").contains("@@ -1,1 +0,0 @@"));
        assert_applies("a", "", "x\n");
    }

    #[test]
    fn many_changes_take_bounded_time_and_still_apply() {
        let old = numbered("line ", 40_000);
        let new = old.replace("7\n", "seven\n").replace("3\n", "three\n");
        let start = Instant::now();
        assert_applies("a", &old, &new);
        assert!(start.elapsed() < 10 * PATIENCE, "{:?}", start.elapsed());
    }

    #[test]
    fn unusual_paths_are_found() {
        for path in ["with blank/a b.yaml", "ümläut.yaml"] {
            assert_applies(path, "a\n", "b\n");
        }
        for path in ["quo\"te.yaml", "back\\slash.yaml", "tab\tnew\nline.yaml"] {
            let patch = diff(path, "a\n", "b\n");
            assert_eq!(patched(&["git", "apply"], path, "a\n", &patch), "b\n", "{patch}");
        }
        assert_eq!(name('a', "x\u{1b}[31m"), "\"a/x\\033[31m\"");
    }
}
