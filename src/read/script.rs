//! Texts that people or machines run: shell scripts, Makefiles, and the commands that readme files show.
//!
//! What the commands do is for the claims to say; here only the text that can hold one that matters is kept.

use super::{Reading, directive};
use crate::source::{FileId, Span, Traced};

/// Names by which a script can call a tool whose `build` makes images, its variables included.
const TOOLS: [&str; 6] = ["docker", "podman", "nerdctl", "buildah", "DOCKER", "CONTAINER"];

/// The texts of a file that can hold a command that matters: the whole of a script, the code blocks and spans of a readme.
pub fn read(file: FileId, text: &str, is_markdown: bool) -> Reading<Vec<Traced>> {
    let comments = if directive::may_hold(text) && !is_markdown {
        directive::line_comments(file, text, "#", |line, at| line[..at].trim().is_empty())
    } else {
        Vec::new()
    };
    let whole = 0..text.len();
    let ranges = if is_markdown { code(text) } else { std::iter::once(whole).collect() };
    let builds = ranges.into_iter().filter(|range| text.get(range.clone()).is_some_and(may_matter));
    let body = builds.map(|range| Traced::literal(&text[range.clone()], Span::new(file, range))).collect();
    Reading { body, comments, losses: Vec::new() }
}

/// Programs by which a script starts Spark, and variables that hold their arguments.
const SPARK: [&str; 13] = [
    "--release-label",
    "add-steps",
    "--glue-version",
    "gcloud dataproc",
    "spark-submit",
    "pyspark",
    "spark-shell",
    "spark-sql",
    "spark-class",
    "sparkR",
    "start-connect-server",
    "start-thriftserver",
    "SPARK_SUBMIT_ARGS",
];

/// Whether a text can build an image, give Maven or sbt a property, or start Spark.
fn may_matter(text: &str) -> bool {
    if SPARK.iter().any(|name| text.contains(name)) {
        return true;
    }
    // An archive of Spark that is fetched.
    if text.contains("/spark-") && (text.contains("curl") || text.contains("wget")) {
        return true;
    }
    // A value of the operator's chart that says what its applications can have.
    if text.contains("webhook.enable") {
        return true;
    }
    // Bodies that start jobs.
    if text.contains("curl") && ["/batches", "/sessions", "/jars/"].iter().any(|path| text.contains(path)) {
        return true;
    }
    // Packages that are installed.
    if text.contains("install") && text.contains("pip") && text.contains("==") {
        return true;
    }
    let maven = text.contains("-D") && (text.contains("mvn") || text.starts_with("-D")) || text.starts_with("-P");
    // What is set before `sbt` is a default of the build no more.
    let sbt = text.contains("sbt") && text.contains('=');
    maven || sbt || (text.contains("build") && TOOLS.iter().any(|tool| text.contains(tool)))
}

/// The code of a Markdown text: what stands between fences, and between backticks on one line.
fn code(text: &str) -> Vec<std::ops::Range<usize>> {
    let (mut found, mut fence, mut at) = (Vec::new(), None, 0);
    for line in text.split_inclusive('\n') {
        let is_fence = line.trim_start().starts_with("```") || line.trim_start().starts_with("~~~");
        match fence {
            Some(start) if is_fence => {
                found.push(start..at);
                fence = None;
            }
            None if is_fence => fence = Some(at + line.len()),
            // Indented by four: code as well.
            None if line.starts_with("    ") || line.starts_with('\t') => found.push(at..at + line.len()),
            None => {
                let marks: Vec<usize> = line.match_indices('`').map(|(i, _)| at + i).collect();
                found.extend(marks.chunks_exact(2).map(|pair| pair[0] + 1..pair[1]));
            }
            Some(_) => {}
        }
        at += line.len();
    }
    found.extend(fence.map(|start| start..text.len()));
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str, is_markdown: bool) -> Vec<String> {
        read(FileId(0), text, is_markdown).body.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_readme_gives_its_code_and_not_its_prose() {
        let text =
            "To docker build it, run `docker build .`\n```sh\ndocker build -t a .\n```\nand build docker images.\n";
        assert_eq!(texts(text, true), ["docker build .", "docker build -t a .\n"]);
        assert_eq!(texts("Run\n\n    docker build -t b .\n", true), ["    docker build -t b .\n"]);
    }

    #[test]
    fn a_script_without_a_build_gives_nothing() {
        assert!(texts("mvn package\nmake build\n", false).is_empty());
        assert_eq!(texts("docker build .", false).len(), 1);
    }
}
