//! The whole line, run on fixtures with bytes changed. `SPARKPROOF_MUTATIONS` multiplies the number of runs.

use crate::repository::fixtures;
use sparkproof::discover::Request;
use sparkproof::report::{self, Format, Look, Report};
use sparkproof::session::{self, Wishes};
use sparkproof::{fix, rules};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// A small generator, the same each time.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound.max(1) as u64) as usize
    }
}

/// Pieces that mean something in one of the formats.
const WORDS: [&[u8]; 32] = [
    b"\n",
    b"\r\n",
    b"\t",
    b" ",
    b"\"",
    b"'",
    b"{{",
    b"}}",
    b"${",
    b"}",
    b"[",
    b"]",
    b"<",
    b"/>",
    b"&a ",
    b"*a",
    b"<<:",
    b"---\n",
    b"# sparkproof: ignore[",
    b"//sparkproof:udf\n",
    b"\\\n",
    b"<<EOF\n",
    b"\xff",
    b"\0",
    b"\xef\xbb\xbf",
    "ö".as_bytes(),
    "\u{202e}".as_bytes(),
    b"99999999999999999999",
    b"-1",
    b"FROM ",
    b"@sha256:",
    b",",
];

fn mutate(bytes: &mut Vec<u8>, random: &mut Random) {
    for _ in 0..=random.below(4) {
        let at = random.below(bytes.len() + 1);
        let end = (at + random.below(12)).min(bytes.len());
        match random.below(6) {
            0 if at < bytes.len() => bytes[at] ^= 1 << random.below(8),
            1 => drop(bytes.drain(at..end)),
            2 => drop(bytes.splice(at..end, WORDS[random.below(WORDS.len())].iter().copied())),
            3 => drop(bytes.splice(at..at, WORDS[random.below(WORDS.len())].iter().copied())),
            4 => bytes.truncate(at),
            _ => {
                let piece = bytes[at..end].repeat(1 + random.below(40));
                bytes.splice(at..at, piece);
            }
        }
    }
}

fn files(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let entries = walkdir::WalkDir::new(folder).sort_by_file_name().into_iter().map(Result::unwrap);
    let files = entries.filter(|entry| entry.file_type().is_file());
    files.map(|e| (e.path().strip_prefix(folder).unwrap().to_path_buf(), fs::read(e.path()).unwrap())).collect()
}

/// Runs everything there is on a folder.
fn run_all(root: &Path, file: &Path) {
    let wishes = Wishes {
        request: Request { paths: vec![root.to_path_buf()], ..Request::default() },
        preset: Some(sparkproof::config::Preset::Strict),
        ..Wishes::default()
    };
    let Ok(outcome) = session::run(&wishes) else { return };
    let lost = outcome.project.coverage.partial.iter().find(|loss| loss.message.contains("fault of sparkproof"));
    assert!(lost.is_none(), "{lost:?}");
    let texts = outcome.texts();
    for finding in &outcome.sifted.findings {
        let spans = std::iter::once(finding.span).chain(finding.labels.iter().map(|label| label.span));
        let edits = finding.fix.iter().flat_map(|fix| &fix.edits).map(|edit| edit.span);
        for span in spans.chain(edits) {
            // What is no text is shown with other characters in the place of bad bytes.
            let text = fs::read(root.join(outcome.prepared.sources.path(span.file))).unwrap();
            assert!(span.end as usize <= text.len(), "{} {finding:?} in {}", text.len(), file.display());
            if let Ok(text) = std::str::from_utf8(&text) {
                assert!(text.get(span.range()).is_some(), "{finding:?} in {}", file.display());
            }
        }
    }
    let report = Report {
        sources: &outcome.prepared.sources,
        texts: &texts,
        findings: &outcome.sifted.findings,
        coverage: &outcome.project.coverage,
        rules: rules::ALL,
    };
    for format in [Format::Human, Format::Concise, Format::Json, Format::Sarif, Format::Github] {
        let mut bytes = Vec::new();
        report::write(format, &report, Look { width: 100, colour: true }, &mut bytes).unwrap();
        assert!(String::from_utf8(bytes).is_ok());
    }
    let plan = fix::plan(&outcome.sifted.findings, &outcome.prepared.sources, |file| outcome.hash(file), true);
    plan.diff();
}

/// A repository in a folder, and the files of it that are changed.
pub(crate) struct Tree {
    pub(crate) root: PathBuf,
    pub(crate) files: Vec<(PathBuf, Vec<u8>)>,
}

impl Tree {
    /// Writes the files into a new folder.
    pub(crate) fn write(root: PathBuf, files: Vec<(PathBuf, Vec<u8>)>) -> Self {
        fs::create_dir_all(root.join(".git")).unwrap();
        for (path, bytes) in &files {
            fs::create_dir_all(root.join(path).parent().unwrap()).unwrap();
            fs::write(root.join(path), bytes).unwrap();
        }
        Self { root, files }
    }
}

/// Changes a file of some tree and runs everything on it, again and again; the same changes in the same order each time.
pub(crate) fn shake(trees: &[Tree], mut random: Random) {
    let times: u32 = std::env::var("SPARKPROOF_MUTATIONS").ok().and_then(|n| n.parse().ok()).unwrap_or(1);
    let deadline = Instant::now() + Duration::from_secs(3) * times;
    let pool = rayon::ThreadPoolBuilder::new().num_threads(2).stack_size(16 << 20).build().unwrap();
    let mut runs = 0;
    // On a busy machine the time is over before anything was tried.
    while Instant::now() < deadline || runs <= 20 {
        let Tree { root, files } = &trees[random.below(trees.len())];
        let (path, original) = &files[random.below(files.len())];
        let mut bytes = original.clone();
        mutate(&mut bytes, &mut random);
        fs::write(root.join(path), &bytes).unwrap();
        let started = Instant::now();
        let attempt = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| pool.install(|| run_all(root, path))));
        let text = String::from_utf8_lossy(&bytes).into_owned();
        assert!(attempt.is_ok(), "run {runs}: {} is\n{text}", root.join(path).display());
        assert!(started.elapsed() < Duration::from_secs(5), "{:?}: {text}", started.elapsed());
        fs::write(root.join(path), original).unwrap();
        runs += 1;
    }
}

#[test]
fn changed_bytes_break_no_part_of_the_line() {
    let temporary = tempfile::tempdir().unwrap();
    let folders = fs::read_dir(fixtures()).unwrap().map(|e| e.unwrap().path()).filter(|path| path.is_dir());
    let mut fixtures: Vec<_> = folders.map(|folder| (folder.clone(), files(&folder))).collect();
    fixtures.sort();
    let trees: Vec<Tree> = fixtures
        .into_iter()
        .map(|(folder, files)| Tree::write(temporary.path().join(folder.file_name().unwrap()), files))
        .collect();
    shake(&trees, Random(0x5EED_0F5A_11AB_1E01));
}
