//! Runs the steps of `action.yml` as a runner does: its scripts, with bash, in an environment of their own. Only `cargo`
//! is a stand-in, which puts the binary of this build where it is asked to.
#![cfg(unix)]
#![allow(clippy::unwrap_used)]

#[path = "cli/repository.rs"]
#[allow(dead_code, reason = "shared with the tests of the command line, which use all of it")]
mod repository;

use sparkproof::read::tree::{Kind, Node};
use sparkproof::read::yaml;
use sparkproof::source::FileId;
use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// One `run:` step.
struct Step {
    id: String,
    env: Vec<(String, String)>,
    script: String,
}

/// What `action.yml` says.
struct Action {
    inputs: BTreeMap<String, String>,
    outputs: BTreeMap<String, String>,
    steps: Vec<Step>,
}

impl Action {
    fn read() -> Self {
        let text = fs::read_to_string(root().join("action.yml")).unwrap();
        let reading = yaml::read(FileId(0), &text);
        assert!(reading.losses.is_empty(), "{:?}", reading.losses);
        let action = reading.body[0].root();
        let named = |key: &str, field: &str| {
            let entries = action.get(key).unwrap().entries();
            entries.map(|(entry, node)| (entry.key.as_str().to_owned(), node.get(field).map(scalar).unwrap())).collect()
        };
        let step = |step: Node| {
            assert_eq!(step.get("shell").map(scalar).as_deref(), Some("bash"));
            let env = step.get("env").into_iter().flat_map(Node::entries);
            Step {
                id: step.get("id").map(scalar).unwrap(),
                env: env.map(|(entry, value)| (entry.key.as_str().to_owned(), scalar(value))).collect(),
                script: step.get("run").map(scalar).unwrap(),
            }
        };
        let steps = action.path(&["runs", "steps"]).unwrap().items().map(step).collect();
        Self { inputs: named("inputs", "default"), outputs: named("outputs", "value"), steps }
    }
}

/// A scalar's text; of an expression, which reads as a template action, the text as it is written.
fn scalar(node: Node) -> String {
    match node.kind() {
        Kind::Scalar { text, .. } => text.as_str().to_owned(),
        kind => panic!("{kind:?}"),
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Notes its arguments and puts the binary where `--root` says.
const CARGO: &str = r#"#!/usr/bin/env bash
set -euo pipefail
{ pwd; printf '%s\n' "$@"; } > "$RUNNER_TEMP/cargo-arguments"
while [ "$1" != --root ]; do shift; done
mkdir -p "$2/bin"
cp "$STAND_IN_BINARY" "$2/bin/sparkproof"
"#;

/// A machine that runs actions.
struct Runner {
    folder: tempfile::TempDir,
    action: Action,
}

/// How a job ended.
struct Job {
    code: i32,
    log: String,
    outputs: BTreeMap<String, String>,
    summary: String,
}

impl Runner {
    /// A runner whose workspace holds a deployment, with or without a defect.
    fn new(manifest: &str) -> Self {
        let runner = Self { folder: tempfile::tempdir().unwrap(), action: Action::read() };
        for folder in ["workspace/.git", "workspace/k8s", "temp", "tools", "bin"] {
            fs::create_dir_all(runner.path(folder)).unwrap();
        }
        fs::write(runner.path("workspace/k8s/web.yaml"), manifest).unwrap();
        fs::write(runner.path("bin/cargo"), CARGO).unwrap();
        fs::set_permissions(runner.path("bin/cargo"), fs::Permissions::from_mode(0o755)).unwrap();
        runner
    }

    fn bad() -> Self {
        Self::new(repository::BAD)
    }

    fn clean() -> Self {
        Self::new(&repository::good())
    }

    fn path(&self, below: &str) -> PathBuf {
        self.folder.path().join(below)
    }

    /// Runs all steps until one fails.
    fn run(&self, inputs: &[(&str, &str)]) -> Job {
        let mut job = Job { code: 0, log: String::new(), outputs: BTreeMap::new(), summary: String::new() };
        let mut expressions: BTreeMap<String, String> =
            self.action.inputs.iter().map(|(name, default)| (format!("inputs.{name}"), default.clone())).collect();
        for (name, value) in inputs {
            let known = expressions.insert(format!("inputs.{name}"), (*value).to_owned());
            assert!(known.is_some(), "no input `{name}`");
        }
        fs::write(self.path("summary"), "").unwrap();
        for step in &self.action.steps {
            self.step(step, &mut expressions, &mut job);
            if job.code != 0 {
                break;
            }
        }
        job.summary = fs::read_to_string(self.path("summary")).unwrap();
        let output = |(name, value): (&String, &String)| (name.clone(), evaluate(value, &expressions));
        job.outputs = self.action.outputs.iter().map(output).collect();
        job
    }

    fn step(&self, step: &Step, expressions: &mut BTreeMap<String, String>, job: &mut Job) {
        for (file, text) in [("script.sh", &*step.script), ("output", "")] {
            fs::write(self.path(file), text).unwrap();
        }
        let path = format!("{}:{}", self.path("bin").display(), std::env::var("PATH").unwrap());
        let output = Command::new("bash")
            .args(["--noprofile", "--norc", "-e", "-o", "pipefail"])
            .arg(self.path("script.sh"))
            .current_dir(self.path("workspace"))
            .env_remove("CARGO_TARGET_DIR")
            .env("PATH", path)
            .envs([("GITHUB_ACTIONS", "true"), ("CI", "true"), ("RUNNER_ARCH", "X64"), ("RUNNER_OS", "Linux")])
            .env("GITHUB_ACTION_PATH", root())
            .env("GITHUB_WORKSPACE", self.path("workspace"))
            .env("GITHUB_OUTPUT", self.path("output"))
            .env("GITHUB_STEP_SUMMARY", self.path("summary"))
            .env("RUNNER_TEMP", self.path("temp"))
            .env("RUNNER_TOOL_CACHE", self.path("tools"))
            .env("STAND_IN_BINARY", env!("CARGO_BIN_EXE_sparkproof"))
            .envs(step.env.iter().map(|(name, value)| (name, evaluate(value, expressions))))
            .stdin(Stdio::null())
            .output()
            .unwrap();
        job.code = output.status.code().unwrap();
        for stream in [&output.stdout, &output.stderr] {
            job.log.push_str(&String::from_utf8_lossy(stream));
        }
        for line in fs::read_to_string(self.path("output")).unwrap().lines() {
            let (name, value) = line.split_once('=').unwrap();
            let name = format!("steps.{}.outputs.{name}", step.id);
            assert!(expressions.insert(name, value.to_owned()).is_none(), "an output is written twice: {line}");
        }
    }

    /// Whether a hostile value was executed, anywhere.
    fn is_harmed(&self) -> bool {
        let files = walkdir::WalkDir::new(self.folder.path()).into_iter().map(Result::unwrap);
        files.map(|entry| entry.file_name().to_owned()).any(|name| name == "pwned") || root().join("pwned").exists()
    }
}

/// The value of `${{ a.b }}`; an output that was not written is empty. Text around an expression is not used here.
fn evaluate(value: &str, expressions: &BTreeMap<String, String>) -> String {
    let inner = value.strip_prefix("${{").and_then(|rest| rest.strip_suffix("}}"));
    let Some(name) = inner.map(str::trim) else { panic!("`{value}` is not one expression") };
    assert!(name.starts_with("steps.") || expressions.contains_key(name), "`{name}` has no value");
    expressions.get(name).cloned().unwrap_or_default()
}

#[test]
fn no_script_holds_an_expression() {
    for step in Action::read().steps {
        assert!(!step.script.contains("${{"), "step `{}`: an input would be code", step.id);
    }
}

#[test]
fn a_defect_fails_annotates_and_is_in_sarif_and_summary() {
    let runner = Runner::bad();
    let job = runner.run(&[("sarif-file", "reports/sparkproof.sarif")]);
    assert_eq!(job.code, 1, "{}", job.log);
    assert_eq!(job.outputs["exit-code"], "1");
    assert_eq!(job.outputs["sarif-file"], "reports/sparkproof.sarif");
    let annotation = job.log.lines().find(|line| line.starts_with("::error ")).unwrap_or_else(|| panic!("{}", job.log));
    assert!(annotation.contains("file=k8s/web.yaml") && annotation.contains("limit-below-request"), "{annotation}");
    let report = fs::read_to_string(runner.path("workspace/reports/sparkproof.sarif")).unwrap();
    let report: serde_json::Value = serde_json::from_str(&report).unwrap();
    let rules: Vec<&str> =
        report["runs"][0]["results"].as_array().unwrap().iter().map(|r| r["ruleId"].as_str().unwrap()).collect();
    assert!(rules.contains(&"limit-below-request"), "{rules:?}");
    assert!(job.summary.starts_with("### sparkproof\n\nThere are findings that fail.\n\n"), "{}", job.summary);
    assert!(job.summary.contains("\n    k8s/web.yaml:"), "{}", job.summary);
}

#[test]
fn without_a_defect_it_passes_and_sarif_is_written_all_the_same() {
    let runner = Runner::clean();
    let job = runner.run(&[("sarif-file", "sparkproof.sarif")]);
    assert_eq!(job.code, 0, "{}", job.log);
    assert_eq!((&*job.outputs["exit-code"], &*job.outputs["sarif-file"]), ("0", "sparkproof.sarif"));
    assert!(!job.log.contains("::error"), "{}", job.log);
    let report = fs::read_to_string(runner.path("workspace/sparkproof.sarif")).unwrap();
    let report: serde_json::Value = serde_json::from_str(&report).unwrap();
    assert_eq!(report["version"], "2.1.0");
    assert!(job.summary.contains("Nothing that fails."), "{}", job.summary);
}

#[test]
fn no_sarif_is_written_unless_it_is_asked_for() {
    let runner = Runner::bad();
    let job = runner.run(&[]);
    assert_eq!((job.code, &*job.outputs["sarif-file"]), (1, ""));
    assert_eq!(fs::read_dir(runner.path("workspace")).unwrap().count(), 2, "the workspace is left as it was");
}

#[test]
fn inputs_reach_the_command_line() {
    let runner = Runner::bad();
    assert_eq!(runner.run(&[("fail-on", "never")]).code, 0);
    assert_eq!(runner.run(&[("path", "k8s\nk8s/web.yaml\n")]).code, 1);
    assert_eq!(runner.run(&[("path", "k8s\nnowhere")]).code, 2);
    assert_eq!(runner.run(&[("preset", "strict")]).code, 1);
    let json = runner.run(&[("format", "json")]);
    assert!(json.log.contains("\"limit-below-request\""), "{}", json.log);
    assert_eq!(runner.run(&[("args", "--fail-on\nnever\n")]).code, 0);
}

#[test]
fn what_cannot_be_done_is_two() {
    for (name, value) in
        [("preset", "none"), ("fail-on", "never ever"), ("format", "morse"), ("args", "--no-such-thing")]
    {
        let job = Runner::clean().run(&[(name, value)]);
        assert_eq!((job.code, &*job.outputs["exit-code"]), (2, "2"), "{name}: {}", job.log);
        assert!(job.summary.contains("The job could not be done"), "{}", job.summary);
    }
}

#[test]
fn the_binary_is_built_from_the_actions_own_source_once() {
    let runner = Runner::clean();
    assert_eq!(runner.run(&[]).code, 0);
    let noted = fs::read_to_string(runner.path("temp/cargo-arguments")).unwrap();
    let arguments: Vec<&str> = noted.lines().collect();
    assert_eq!(arguments[0], root().to_str().unwrap(), "not in the workspace");
    assert_eq!(arguments[1..4], ["install", "--locked", "--root"]);
    assert!(Path::new(arguments[4]).starts_with(runner.path("tools/sparkproof")), "{arguments:?}");
    assert_eq!(arguments[5..], ["--path", "."]);

    fs::remove_file(runner.path("temp/cargo-arguments")).unwrap();
    let again = runner.run(&[]);
    assert_eq!(again.code, 0);
    assert!(again.log.contains("it is in the tool cache already"), "{}", again.log);
    assert!(!runner.path("temp/cargo-arguments").exists());
}

#[test]
fn a_released_version_can_be_asked_for() {
    let runner = Runner::clean();
    assert_eq!(runner.run(&[("version", "0.1.0-rc.1")]).code, 0);
    let noted = fs::read_to_string(runner.path("temp/cargo-arguments")).unwrap();
    assert!(noted.ends_with("\n--version\n=0.1.0-rc.1\nsparkproof\n"), "{noted}");
    assert!(runner.path("tools/sparkproof/0.1.0-rc.1/X64/bin/sparkproof").exists());
}

const HOSTILE: [&str; 9] = [
    "\"; touch pwned; \"",
    "'; touch pwned; '",
    "$(touch pwned)",
    "`touch pwned`",
    "x\ntouch pwned",
    "x\"\ntouch pwned\n\"",
    "x\nEOF\ntouch pwned\n",
    "${{ github.token }}$(touch pwned)",
    "a[$(touch pwned)]",
];

#[test]
fn hostile_values_are_values() {
    let runner = Runner::clean();
    for name in ["path", "preset", "fail-on", "format", "args", "version"] {
        for value in HOSTILE {
            let job = runner.run(&[(name, value)]);
            assert_eq!(job.code, 2, "{name}={value:?}: {}", job.log);
            assert!(!runner.is_harmed(), "{name}={value:?}");
        }
    }
}

#[test]
fn a_hostile_sarif_path_is_a_path_or_refused() {
    for value in HOSTILE {
        let runner = Runner::bad();
        let job = runner.run(&[("sarif-file", value)]);
        let expected = if value.contains('\n') { ("2", "") } else { ("1", value) };
        assert_eq!((&*job.outputs["exit-code"], &*job.outputs["sarif-file"]), expected, "{}", job.log);
        assert!(!runner.is_harmed(), "{value:?}");
    }
    let forged = Runner::bad().run(&[("sarif-file", "x\nexit-code=0")]);
    assert_eq!((forged.code, &*forged.outputs["exit-code"]), (2, "2"));
    let option = Runner::bad().run(&[("sarif-file", "-rf/x.sarif")]);
    assert_eq!((option.code, &*option.outputs["sarif-file"]), (1, "-rf/x.sarif"), "{}", option.log);
}

#[test]
fn a_file_name_cannot_write_into_the_summary() {
    let runner = Runner::bad();
    let name = "workspace/k8s/# <script>.yaml";
    fs::rename(runner.path("workspace/k8s/web.yaml"), runner.path(name)).unwrap();
    let job = runner.run(&[]);
    assert_eq!(job.code, 1, "{}", job.log);
    let listed = job.summary.lines().skip(3).filter(|line| line.contains("script"));
    assert!(listed.clone().count() > 0 && listed.clone().all(|line| line.starts_with("    ")), "{}", job.summary);
}
