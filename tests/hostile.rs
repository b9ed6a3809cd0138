//! What a repository can hold to hurt its reader: the binary must end in time, with an exit code of its contract, and say what it could not read.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::format_collect)]

#[path = "hostile/code.rs"]
mod code;
#[path = "hostile/cycles.rs"]
mod cycles;
#[path = "hostile/files.rs"]
mod files;
#[path = "pages/marker.rs"]
#[allow(dead_code, reason = "shared with the tests of the pages, which use all of it")]
mod marker;
#[path = "hostile/mutation.rs"]
mod mutation;
#[path = "hostile/names.rs"]
mod names;
#[path = "hostile/nesting.rs"]
mod nesting;
#[path = "pages/page.rs"]
#[allow(dead_code, reason = "shared with the tests of the pages, which use all of it")]
mod page;
#[path = "cli/repository.rs"]
#[allow(dead_code, reason = "shared with the tests of the command line, which use all of it")]
mod repository;
#[path = "hostile/size.rs"]
mod size;

use repository::{Repository, Run, finish};
use std::time::{Duration, Instant};

/// The longest any run may take. A busy machine and a build without optimisation are counted in.
const LIMIT: Duration = Duration::from_secs(50);

/// Runs `check` with a JSON report and asserts what holds whatever the files are.
fn check(repository: &Repository, what: &str) -> Run {
    let started = Instant::now();
    let run = finish(repository.command(&["check", "--format", "json"]).timeout(LIMIT * 2));
    let took = started.elapsed();
    assert!(took < LIMIT, "{what} took {took:?}");
    assert!(matches!(run.code, 0..=2), "{what}: exit code {}: {}", run.code, run.err);
    for said in [&run.out, &run.err] {
        assert!(!said.contains("fault of sparkproof") && !said.contains("sparkproof itself failed"), "{what}: {said}");
    }
    if run.code < 2 {
        assert_eq!(run.json()["version"], 1, "{what}");
    }
    run
}

/// The most memory a run had at once, in megabytes.
#[cfg(target_os = "linux")]
fn peak(repository: &Repository) -> u64 {
    use std::process::{Command, Stdio};
    let mut child = Command::new(env!("CARGO_BIN_EXE_sparkproof"))
        .args(["check", "--format", "json"])
        .current_dir(repository.root())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    while child.try_wait().unwrap().is_none() {
        let text = std::fs::read_to_string(&status).unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kilobytes = line.and_then(|line| line.split_whitespace().next()).and_then(|n| n.parse::<u64>().ok());
        peak = peak.max(kilobytes.unwrap_or_default() / 1024);
        std::thread::sleep(Duration::from_millis(2));
    }
    peak
}
