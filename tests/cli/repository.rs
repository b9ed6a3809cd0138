//! A repository in a temporary folder, and the binary run in it with nothing of this process's environment but the search path.

use assert_cmd::Command;
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// All report formats.
pub(crate) const FORMATS: [&str; 5] = ["human", "concise", "json", "sarif", "github"];

/// A Deployment whose memory limit lies below its request: one error, in line 18 from 1.
pub(crate) const BAD: &str = "\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: shop
spec:
  selector:
    matchLabels: {app: web}
  template:
    metadata:
      labels: {app: web}
    spec:
      containers:
        - name: web
          image: example.org/web:1.0.0
          resources:
            requests: {cpu: 1, memory: 512Mi}
            limits: {memory: 256Mi}
";

/// The same, mended.
pub(crate) fn good() -> String {
    BAD.replace("256Mi", "512Mi")
}

/// A repository of its own.
pub(crate) struct Repository {
    folder: TempDir,
}

/// What a run left.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Run {
    /// Standard output as JSON.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|e| panic!("{e}\n{}\n{}", self.out, self.err))
    }

    /// The ids of the rules that spoke, in order.
    pub(crate) fn rules(&self) -> Vec<String> {
        let json = self.json();
        json["findings"].as_array().unwrap().iter().map(|f| f["rule"].as_str().unwrap().to_owned()).collect()
    }
}

impl Repository {
    /// An empty one.
    pub(crate) fn empty() -> Self {
        let repository = Self { folder: tempfile::tempdir().unwrap() };
        fs::create_dir(repository.path("repo")).unwrap();
        fs::create_dir(repository.path("repo/.git")).unwrap();
        repository
    }

    /// One with these files.
    pub(crate) fn of(files: &[(&str, &str)]) -> Self {
        let repository = Self::empty();
        for (path, text) in files {
            repository.write(path, text);
        }
        repository
    }

    /// A copy of a fixture.
    pub(crate) fn fixture(name: &str) -> Self {
        let repository = Self::empty();
        let from = fixtures().join(name);
        for entry in walkdir::WalkDir::new(&from).into_iter().map(Result::unwrap).filter(|e| e.file_type().is_file()) {
            let path = entry.path().strip_prefix(&from).unwrap();
            repository.write(path.to_str().unwrap(), fs::read(entry.path()).unwrap());
        }
        repository
    }

    pub(crate) fn root(&self) -> PathBuf {
        self.path("repo")
    }

    /// A path beside the repository's folder.
    pub(crate) fn path(&self, below: &str) -> PathBuf {
        self.folder.path().join(below)
    }

    /// A path in the repository.
    pub(crate) fn at(&self, path: &str) -> PathBuf {
        self.root().join(path)
    }

    pub(crate) fn write(&self, path: &str, text: impl AsRef<[u8]>) {
        let path = self.at(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.at(path)).unwrap()
    }

    /// The command, in the repository's root.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_sparkproof"));
        command.env_clear().env("HOME", self.folder.path());
        command.envs(std::env::var_os("PATH").map(|path| ("PATH", path)));
        command.current_dir(self.root()).args(arguments).timeout(std::time::Duration::from_mins(1));
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Run {
        finish(&mut self.command(arguments))
    }

    /// A run whose report is JSON.
    pub(crate) fn json(&self, arguments: &[&str]) -> Run {
        self.run(&[&["check", "--format", "json"], arguments].concat())
    }
}

/// Runs a command to its end.
pub(crate) fn finish(command: &mut Command) -> Run {
    let output = command.output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    let code = output.status.code().unwrap_or_else(|| panic!("ended by a signal: {output:?}"));
    let run = Run { code, out: text(output.stdout), err: text(output.stderr) };
    assert!(!run.err.contains("sparkproof itself failed"), "{}", run.err);
    run
}

/// The folder with the fixtures.
pub(crate) fn fixtures() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures"))
}

/// Each fixture's name and the exit code that `check` must end with in it.
pub(crate) fn fixture_codes() -> Vec<(String, i32)> {
    let text = fs::read_to_string(fixtures().join("exit-codes")).unwrap();
    let lines = text.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once(' '));
    lines.map(|(name, code)| (name.to_owned(), code.parse().unwrap())).collect()
}
