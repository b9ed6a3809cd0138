//! Commands that install Python, Conda and system packages: `pip install pyspark==3.5.1`, `conda install python=3.11`.

use super::{Asked, conda};
use crate::fact::Scope;
use crate::read::requirements::{is_location, package};
use crate::read::shell::{self, Command, Dialect, Given, Word};
use crate::source::{Span, Traced};
use crate::version::{Version, VersionSet};

/// How deep scripts may stand in scripts: `sh -c "sh -c '…'"`.
const MAX_DEPTH: usize = 3;

/// pip's options that take the next word.
const PIP_VALUES: [&str; 38] = [
    "--abi",
    "--cache-dir",
    "--cert",
    "--client-cert",
    "--config-settings",
    "--default-timeout",
    "--exists-action",
    "--extra-index-url",
    "--find-links",
    "--global-option",
    "--implementation",
    "--index",
    "--index-strategy",
    "--index-url",
    "--keyring-provider",
    "--link-mode",
    "--log",
    "--no-binary",
    "--only-binary",
    "--platform",
    "--prefix",
    "--progress-bar",
    "--proxy",
    "--python",
    "--python-version",
    "--report",
    "--resolution",
    "--retries",
    "--root",
    "--root-user-action",
    "--src",
    "--timeout",
    "--trusted-host",
    "--upgrade-package",
    "--upgrade-strategy",
    "-f",
    "-i",
    "-p",
];

/// Conda's options that take the next word.
const CONDA_VALUES: [&str; 8] = ["--channel", "--name", "--prefix", "--file", "--root-prefix", "-c", "-n", "-p"];

/// What a command does to the packages that are there.
pub(super) enum Step {
    /// A Python package.
    Package(Asked),
    /// `-r`: the lines of a file.
    File(Traced),
    /// Requirements that are printed into a file, by the file's name as written.
    Printed(String, Vec<Asked>),
    /// The distribution of this normal name is taken away.
    Removed(String),
    /// Python itself.
    Python(VersionSet, Traced),
    /// A word that is only known where it runs, and the name that it begins with where that is known.
    Unknown(Span, Option<String>),
}

/// The steps of a script, in order.
pub(super) fn steps(text: &Traced) -> Vec<Step> {
    let mut steps = Vec::new();
    if may_install(text.as_str()) {
        for command in shell::commands(text, Dialect::Shell, &Given::new()) {
            run(&command, 0, &mut steps);
        }
    }
    steps
}

fn may_install(text: &str) -> bool {
    const WORDS: [&str; 4] = ["install", "poetry add", "uv add", "conda create"];
    let prints = text.contains('>') && ["echo", "printf"].iter().any(|word| text.contains(word));
    prints || WORDS.iter().any(|word| text.contains(word))
}

fn run(command: &Command, depth: usize, steps: &mut Vec<Step>) {
    const BEFORE: [&str; 12] =
        ["sudo", "env", "exec", "time", "nice", "command", "eval", "then", "else", "do", "if", "!"];
    let is_before = |word: &&Word| {
        let text = word.as_str();
        BEFORE.contains(&text)
            || matches!(text, "-E" | "-H" | "-S" | "-q")
            || (text.contains('=') && !text.starts_with('-'))
    };
    let skipped = command.words.iter().take_while(is_before).count();
    let Some((program, rest)) = command.words.get(skipped..).and_then(<[Word]>::split_first) else { return };
    let name = program.as_str().rsplit('/').next().unwrap_or_default();
    let is_python =
        name.strip_prefix("python").is_some_and(|rest| rest.chars().all(|c| c.is_ascii_digit() || c == '.'));
    let second = rest.first().map_or("", Word::as_str);
    match name {
        "sh" | "bash" | "dash" => {
            let script = rest.iter().position(|word| matches!(word.as_str(), "-c" | "-lc" | "-ec" | "-euxc" | "-xc"));
            let script = script.and_then(|at| rest.get(at + 1)).filter(|_| depth < MAX_DEPTH);
            for command in script.map_or_else(Vec::new, |s| shell::commands(&s.text, Dialect::Shell, &Given::new())) {
                run(&command, depth + 1, steps);
            }
        }
        "echo" | "printf" => steps.extend(printed(rest, command.output.as_ref())),
        "uv" if second == "pip" => pip(rest.get(1..).unwrap_or_default(), steps),
        "uv" | "poetry" | "pdm" if second == "add" => packages(rest.get(1..).unwrap_or_default(), steps),
        "conda" | "mamba" | "micromamba" => conda(rest, steps),
        _ if is_python && second == "-m" && rest.get(1).is_some_and(|word| word.as_str() == "pip") => {
            pip(rest.get(2..).unwrap_or_default(), steps);
        }
        _ if name.strip_prefix("pip").is_some_and(|r| r.chars().all(|c| c.is_ascii_digit() || c == '.')) => {
            pip(rest, steps);
        }
        _ => {}
    }
}

/// The requirements that `echo` or `printf` writes, each line of them; none where some of it is not known.
fn printed(words: &[Word], output: Option<&Word>) -> Option<Step> {
    let file = output.and_then(Word::value)?;
    let words = words.iter().skip_while(|word| matches!(word.as_str(), "-e" | "-n" | "-ne" | "-en" | "--"));
    let mut asked = Vec::new();
    for word in words {
        let text = word.value()?;
        let whole = text.as_str();
        // A line break is written out, or as its escape.
        for line in whole.split('\n').flat_map(|line| line.split("\\n")) {
            let from = line.as_ptr() as usize - whole.as_ptr() as usize;
            let line = text.slice(from..from + line.len()).trim();
            if let Ok(package) = package(line.as_str(), &|range| line.slice(range)) {
                asked.push(Asked::of(package, Scope::Compile, line.span()));
            }
        }
    }
    Some(Step::Printed(file.as_str().trim_start_matches("./").to_owned(), asked))
}

/// The words behind `pip`.
fn pip(words: &[Word], steps: &mut Vec<Step>) {
    // `pip --no-cache-dir install`
    let Some(verb) = words.iter().position(|word| !word.as_str().starts_with('-')) else { return };
    let (action, rest) = (words[verb].as_str(), words.get(verb + 1..).unwrap_or_default());
    match action {
        "install" => packages(rest, steps),
        "uninstall" => {
            let names = rest.iter().map(Word::as_str).filter(|word| !word.starts_with('-'));
            steps.extend(names.map(|name| Step::Removed(crate::fact::module::pypi_name(name))));
        }
        _ => {}
    }
}

fn packages(words: &[Word], steps: &mut Vec<Step>) {
    let mut words = words.iter();
    let mut elsewhere = false;
    let mut found = Vec::new();
    while let Some(word) = words.next() {
        let text = word.as_str();
        match text {
            "-r" | "--requirement" => found.extend(words.next().and_then(Word::value).cloned().map(Step::File)),
            "-c" | "--constraint" | "-e" | "--editable" | "--group" | "-G" => skip(&mut words),
            // Packages for something else than this interpreter.
            "-t" | "--target" => {
                elsewhere = true;
                skip(&mut words);
            }
            _ if PIP_VALUES.contains(&text) => skip(&mut words),
            _ if text.starts_with("-r") && !text.starts_with("--") && text.len() > 2 => {
                found.push(Step::File(word.text.slice(2..text.len())));
            }
            _ if text.starts_with("--requirement=") => {
                found.push(Step::File(word.text.slice("--requirement=".len()..text.len())));
            }
            _ if text.starts_with("--target=") => elsewhere = true,
            _ if text.starts_with(['-', '>', '<', '&', '|']) || text == "\\" => {}
            _ if !word.known => found.push(Step::Unknown(word.text.written(), named(text))),
            _ if is_location(text) => {}
            _ => {
                if let Ok(package) = package(text, &|range| word.text.slice(range)) {
                    found.push(Step::Package(Asked::of(package, Scope::Compile, word.text.span())));
                }
            }
        }
    }
    if !elsewhere {
        steps.append(&mut found);
    }
}

/// The distribution's name that a requirement begins with: the `pyspark` of `pyspark==${VERSION}`.
fn named(text: &str) -> Option<String> {
    let end = text.find(|c: char| !(c.is_ascii_alphanumeric() || "-_.".contains(c)))?;
    (end > 0 && text[end..].starts_with(['=', '<', '>', '~', '!', '['])).then(|| text[..end].to_owned())
}

/// Leaves out an option's value.
fn skip<'w>(words: &mut impl Iterator<Item = &'w Word>) {
    let _ = words.next();
}

/// The words behind `conda`.
fn conda(words: &[Word], steps: &mut Vec<Step>) {
    let mut words = words.iter().skip_while(|word| word.as_str().starts_with('-'));
    if !words.next().is_some_and(|verb| matches!(verb.as_str(), "install" | "create")) {
        return;
    }
    while let Some(word) = words.next() {
        let text = word.as_str();
        if CONDA_VALUES.contains(&text) {
            skip(&mut words);
        } else if text.starts_with(['-', '>', '<', '&', '|']) {
        } else if !word.known {
            steps.push(Step::Unknown(word.text.written(), named(text)));
        } else if !is_location(text) {
            let spec = conda::spec(&word.text);
            match (spec.name.as_str(), spec.set, spec.number) {
                ("python", Some(set), Some(number)) => steps.push(Step::Python(set, number)),
                (name, set, Some(number)) if !name.is_empty() => {
                    let mut asked = Asked::unversioned(spec.name, Scope::Compile, word.text.span());
                    asked.allow(set, number);
                    steps.push(Step::Package(asked));
                }
                (name, _, None) if !name.is_empty() => {
                    steps.push(Step::Package(Asked::unversioned(spec.name, Scope::Compile, word.text.span())));
                }
                _ => {}
            }
        }
    }
}

/// The Python that a script makes the one to run: a system package alone stands beside the one that was there.
pub(super) fn chosen_python(texts: &[&Traced]) -> Option<(VersionSet, Traced)> {
    let mut found: Vec<Traced> = Vec::new();
    for text in texts {
        let value = text.as_str();
        if !value.contains("python3.") {
            continue;
        }
        let installs = ["apt-get", "apt ", "yum", "dnf", "apk"].iter().any(|tool| value.contains(tool));
        let makes_default =
            ["update-alternatives", "ln -s", "alternatives --set"].iter().any(|tool| value.contains(tool));
        for (at, _) in value.match_indices("python3.") {
            let from = at + "python".len();
            let digits = value[from + 2..].find(|c: char| !c.is_ascii_digit()).unwrap_or(value.len() - from - 2);
            let is_pip = value[from + 2 + digits..].starts_with(" -m ");
            if digits > 0 && (makes_default || is_pip || !installs) {
                found.push(text.slice(from..from + 2 + digits));
            }
        }
    }
    let first = found.first()?.clone();
    let one = found.iter().all(|other| other.as_str() == first.as_str());
    let set = VersionSet::of(&Version::parse(first.as_str())?);
    one.then_some((set, first))
}
