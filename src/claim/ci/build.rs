//! What the commands of CI jobs build, test and install.

use crate::fact::{Build, Ecosystem, Facts, Part, PartId, PartKind, Reach};
use crate::read::shell::{Command, Word};
use crate::source::{folder_of, join};

/// Programs that build or test, and whose modules they build.
const BUILDERS: [(&str, Ecosystem); 12] = [
    ("mvn", Ecosystem::Maven),
    ("mvnw", Ecosystem::Maven),
    ("mvnd", Ecosystem::Maven),
    ("sbt", Ecosystem::Sbt),
    ("sbtx", Ecosystem::Sbt),
    ("gradle", Ecosystem::Gradle),
    ("gradlew", Ecosystem::Gradle),
    ("pytest", Ecosystem::PyPi),
    ("tox", Ecosystem::PyPi),
    ("nox", Ecosystem::PyPi),
    ("go", Ecosystem::Go),
    ("cargo", Ecosystem::Cargo),
];

/// Phases of Maven's lifecycle that compile.
const PHASES: [&str; 8] =
    ["compile", "test-compile", "test", "package", "integration-test", "verify", "install", "deploy"];

/// Notes the folders in which commands build something.
pub(super) fn built(commands: &[Command], folder: &mut Option<String>, part: PartId, facts: &mut Facts) {
    let mut found = Vec::new();
    for command in commands {
        let Some((program, arguments)) = command.words.split_first() else { continue };
        if program.as_str() == "cd" {
            let to = arguments.first().and_then(|word| word.value());
            *folder = folder.take().zip(to).and_then(|(from, to)| join(&from, to.as_str()));
            continue;
        }
        let words: Vec<&str> = command.words.iter().map(Word::as_str).collect();
        if let (Some(installed), Some(folder)) = (installed(&words), folder.as_ref()) {
            let build =
                |path: &str| Some(Build { path: join(folder, path)?, ecosystem: Ecosystem::PyPi, reach: Reach::Alone });
            found.extend(installed.into_iter().filter_map(build));
            continue;
        }
        let (Some(ecosystem), Some(folder)) = (builder(&words), folder.as_ref()) else { continue };
        found.extend(builds(ecosystem, folder, arguments));
    }
    if let Some(Part { kind: PartKind::Job(job), .. }) = facts.parts.get_mut(part.0 as usize) {
        for build in found {
            if !job.builds.contains(&build) {
                job.builds.push(build);
            }
        }
    }
}

/// Whose modules a command builds or tests, past what runs it in an environment: `uv run pytest`, `python -m pytest`.
fn builder(words: &[&str]) -> Option<Ecosystem> {
    let name = words.first()?.rsplit('/').next()?;
    match (name, words.get(1).copied()) {
        ("uv" | "poetry" | "pdm" | "pipenv" | "hatch", Some("sync" | "install" | "build")) => Some(Ecosystem::PyPi),
        ("uv" | "poetry" | "pdm" | "pipenv" | "hatch", Some("run")) => {
            words.iter().skip(2).find_map(|word| builder(&[word])).filter(|e| *e == Ecosystem::PyPi)
        }
        ("python" | "python3", Some("-m")) => builder(&[words.get(2)?]).filter(|e| *e == Ecosystem::PyPi),
        _ => BUILDERS.iter().find(|(builder, _)| *builder == name).map(|(_, ecosystem)| *ecosystem),
    }
}

/// The files of requirements and the folders of projects that pip installs; none where the command is another one.
fn installed<'w>(words: &[&'w str]) -> Option<Vec<&'w str>> {
    let first = words.first()?.rsplit('/').next()?;
    let is = |name: &str, tool: &str| {
        name.strip_prefix(tool).is_some_and(|rest| rest.bytes().all(|b| b.is_ascii_digit() || b == b'.'))
    };
    let rest = match words.get(1).copied() {
        Some("pip") if first == "uv" => words.get(2..)?,
        Some("-m") if is(first, "python") && words.get(2) == Some(&"pip") => words.get(3..)?,
        _ if is(first, "pip") => words.get(1..)?,
        _ => return None,
    };
    let verb = rest.iter().position(|word| !word.starts_with('-'))?;
    let mut words = rest.get(verb + 1..)?.iter().copied();
    if rest.get(verb) != Some(&"install") {
        return None;
    }
    let mut found = Vec::new();
    while let Some(word) = words.next() {
        let path = match word {
            "-r" | "--requirement" | "-e" | "--editable" => words.next(),
            "-c" | "--constraint" | "-t" | "--target" => {
                let _ = words.next();
                None
            }
            _ => word
                .strip_prefix("--requirement=")
                .or_else(|| word.strip_prefix("--editable="))
                .or_else(|| word.strip_prefix("-r").filter(|path| !path.is_empty() && !word.starts_with("--")))
                .or_else(|| Some(word).filter(|word| matches!(word.split('[').next(), Some("." | "./")))),
        };
        let path = path.map(|path| path.split('[').next().unwrap_or(path));
        found.extend(path.filter(|path| !path.contains(['$', ':', '*'])));
    }
    Some(found)
}

/// What a command in a folder builds, as its flags say.
fn builds(ecosystem: Ecosystem, folder: &str, arguments: &[Word]) -> Vec<Build> {
    let value = |names: &[&str]| {
        let joined = |word: &Word| {
            let (name, value) = word.as_str().split_once('=')?;
            names.contains(&name).then(|| value.to_owned())
        };
        let pair = arguments.windows(2).find(|pair| names.contains(&pair[0].as_str()));
        let apart = pair.and_then(|pair| pair[1].value()).map(ToString::to_string);
        apart.or_else(|| arguments.iter().find_map(joined))
    };
    let says = |names: &[&str]| arguments.iter().any(|word| names.contains(&word.as_str()));
    let manifest = |path: String| if path.contains('.') { folder_of(&path).to_owned() } else { path };
    let below = |path: Option<String>| path.map_or(Some(folder.to_owned()), |path| join(folder, &path));
    let build = |path: String, reach: Reach| Build { path, ecosystem, reach };
    let (root, reach) = match ecosystem {
        // Plugins that check licences or format need no JDK that can build.
        Ecosystem::Maven if !arguments.iter().any(|word| PHASES.contains(&word.as_str())) => return Vec::new(),
        Ecosystem::Maven => {
            let root = below(value(&["-f", "--file"]).map(manifest));
            if let (Some(projects), Some(root)) = (value(&["-pl", "--projects"]), &root) {
                // What is named by its coordinate, or left out, is looked up nowhere.
                let paths = projects.split(',').filter(|path| !path.starts_with(['!', '-', ':', '+', '?']));
                let reach = if says(&["-am", "--also-make"]) { Reach::Needs } else { Reach::Alone };
                let named = paths.filter_map(|path| Some(build(join(root, path)?, reach)));
                return named.chain([build(root.clone(), Reach::Start)]).collect();
            }
            (root, if says(&["-N", "--non-recursive"]) { Reach::Alone } else { Reach::Reactor })
        }
        Ecosystem::Cargo => (
            below(value(&["--manifest-path"]).map(manifest)),
            if says(&["--workspace", "--all"]) { Reach::Reactor } else { Reach::Alone },
        ),
        Ecosystem::Gradle => {
            let root = below(value(&["-p", "--project-dir"]));
            // `:app:build` names one project.
            let named = arguments.iter().filter_map(|word| word.as_str().strip_prefix(':')?.rsplit_once(':'));
            let named: Vec<String> = named.map(|(project, _)| project.replace(':', "/")).collect();
            if let (false, Some(root)) = (named.is_empty(), &root) {
                return named.iter().filter_map(|path| Some(build(join(root, path)?, Reach::Alone))).collect();
            }
            (root, Reach::Reactor)
        }
        Ecosystem::PyPi => (
            below(value(&["--project", "--directory"])),
            if says(&["--all-packages"]) { Reach::Reactor } else { Reach::Alone },
        ),
        Ecosystem::Sbt => (Some(folder.to_owned()), Reach::Reactor),
        Ecosystem::Go => (Some(folder.to_owned()), Reach::Alone),
    };
    root.map(|root| build(root, reach)).into_iter().collect()
}
