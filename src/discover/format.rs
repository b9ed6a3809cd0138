//! What a file is, by its name and its first bytes.

use super::CONFIG;
use crate::source::Format;
use std::fs;
use std::io::Read as _;
use std::path::Path;

/// The file in which a house pairs its clients with versions of Spark and Scala.
pub const VERSION_MATRIX: &str = "version-matrix.json";

/// What a JSON file that concerns us holds: Kubernetes objects and patches of them, platforms, submissions.
const JSON: [&str; 15] = [
    "\"SCMP_ACT_",
    "\"apiVersion\"",
    "\"op\"",
    "\"ReleaseLabel\"",
    "\"releaseLabel\"",
    "\"spark_version\"",
    "\"spark-submit\"",
    "\"AWS::EMR",
    "\"AWS::Glue::Job\"",
    "\"numExecutors\"",
    "\"executorMemory\"",
    "\"driverMemory\"",
    "\"pyFiles\"",
    "\"programArgs",
    "\"entryClass\"",
];

/// How many first bytes are looked at where the name alone does not tell.
pub(super) const HEAD: usize = 4096;

/// The format of a file by its name and, where the name alone does not tell, its first bytes.
pub fn format_of(path: &str, head: impl Fn() -> String) -> Option<Format> {
    let name = path.rsplit('/').next().unwrap_or(path);
    let lower = name.to_ascii_lowercase();
    let extension = lower.rsplit_once('.').map_or("", |(_, e)| e);
    match lower.as_str() {
        "pom.xml" => return Some(Format::Pom),
        "go.mod" | "go.work" => return Some(Format::GoMod),
        "cargo.toml" | "pyproject.toml" | "pipfile" | "poetry.lock" | "uv.lock" | "pdm.lock" | CONFIG => {
            return Some(Format::Toml);
        }
        "pipfile.lock" | "renovate.json" | ".renovaterc" | ".renovaterc.json" => return Some(Format::Json),
        "setup.cfg" => return Some(Format::Ini),
        ".python-version" => return Some(Format::PythonVersion),
        "tiltfile" => return Some(Format::Tilt),
        "runtime.txt" if head().starts_with("python-") => return Some(Format::PythonVersion),
        "dockerfile" | "containerfile" => return Some(Format::Dockerfile),
        "gradle.properties" => return Some(Format::Properties),
        "makefile" | "gnumakefile" | "justfile" | "jenkinsfile" | "maven.config" => return Some(Format::Script),
        _ => {}
    }
    // Variables for compose: `.env` beside its file, and what `env_file` names.
    if lower == ".env" || lower.starts_with(".env.") || extension == "env" {
        return Some(Format::Environment);
    }
    let configures_logs = ["log4j2", "logback"].iter().any(|start| lower.starts_with(start));
    if configures_logs && matches!(extension, "xml" | "properties") {
        return Some(Format::Logging);
    }
    let is_recipe = ["dockerfile.", "dockerfile-", "containerfile."].iter().any(|start| lower.starts_with(start));
    match extension {
        "yaml" | "yml" => Some(Format::Yaml),
        "tpl" if path.split('/').any(|folder| folder == "templates") => Some(Format::Template),
        "wasm" | "wat" => Some(Format::Wasm),
        "tf" | "tfvars" => Some(Format::Hcl),
        "go" => Some(Format::Go),
        "rs" => Some(Format::Rust),
        "c" | "h" | "cc" | "cpp" | "cxx" | "hpp" | "hh" => Some(Format::C),
        "sbt" => Some(Format::Sbt),
        "scala" if sbt_build(path).is_some() => Some(Format::Sbt),
        "py" if !is_recipe => Some(Format::Python),
        "pom" => Some(Format::Pom),
        "xml" if lower.starts_with("pom") => Some(Format::Pom),
        "gradle" => Some(Format::Gradle),
        // What build scripts name of it: objects with versions.
        "kt" if path.split('/').any(|folder| folder == "buildSrc") => Some(Format::Gradle),
        "scala" | "java" | "kt" if !is_recipe => Some(Format::Jvm),
        "kts" if lower.ends_with(".gradle.kts") => Some(Format::Gradle),
        "toml" if lower.ends_with(".versions.toml") => Some(Format::Toml),
        "dockerignore" => None,
        "dockerfile" | "containerfile" => Some(Format::Dockerfile),
        "txt" if is_requirements(path, &lower) => Some(Format::Requirements),
        "sh" | "bash" | "mk" => Some(Format::Script),
        "md" if head_has(&head(), &["docker", "podman"]) || lower.starts_with("readme") => Some(Format::Script),
        "json" if lower == VERSION_MATRIX => Some(Format::Json),
        "json" if head_has(&head(), &JSON) || is_batch(&head()) => Some(Format::Json),
        "conf" | "properties" if lower == "spark-defaults.conf" || head_has(&head(), &["spark."]) => {
            Some(Format::Properties)
        }
        "properties" if head_has(&head(), &["enable.auto.commit", "spring.kafka."]) => Some(Format::Properties),
        "" if !name.contains('.') && is_shell(&head()) => Some(Format::Script),
        _ if is_recipe => Some(Format::Dockerfile),
        _ => None,
    }
}

/// The folder of the sbt build that a Scala source in its `project` folder would belong to.
pub(super) fn sbt_build(path: &str) -> Option<&str> {
    let inside = |at: usize| at == 0 || path.as_bytes().get(at - 1) == Some(&b'/');
    let at = path.match_indices("project/").map(|(at, _)| at).find(|at| inside(*at))?;
    let below = &path[at + "project/".len()..];
    (!below.contains('/') || below.starts_with("src/main/scala/")).then(|| path[..at].trim_end_matches('/'))
}

/// A script without an extension says who runs it.
fn is_shell(head: &str) -> bool {
    head.lines().next().is_some_and(|line| line.starts_with("#!") && line.contains("sh"))
}

/// A batch for Livy, where some request sends it.
fn is_batch(head: &str) -> bool {
    let names = ["\"file\"", "\"className\"", "\"class_name\"", "\"args\"", "\"conf\"", "\"proxyUser\""];
    names.iter().filter(|name| head.contains(**name)).count() > 1
}

fn head_has(head: &str, words: &[&str]) -> bool {
    words.iter().any(|word| head.contains(word))
}

fn is_requirements(path: &str, lower: &str) -> bool {
    let folder = path.rsplit('/').nth(1).unwrap_or_default();
    lower.contains("requirements") || lower.starts_with("constraints") || folder == "requirements"
}

pub(super) fn head(path: &Path) -> String {
    let mut bytes = Vec::with_capacity(HEAD);
    let read = fs::File::open(path).and_then(|file| file.take(HEAD as u64).read_to_end(&mut bytes));
    read.map_or_else(|_| String::new(), |_| String::from_utf8_lossy(&bytes).into_owned())
}
