//! What a command of a build leaves in its layer. Whatever a later command removes is still in the image, below.

use crate::fact::image::Leftover;
use crate::read::shell::{self, Command, Dialect, Given, Word};
use crate::source::Traced;

/// A package manager: what fills its caches, and what empties them.
struct Manager {
    programs: &'static [&'static str],
    verbs: &'static [&'static str],
    /// A flag or variable that keeps the caches empty.
    without: &'static [&'static str],
    /// Commands that empty them, by words that they hold.
    cleans: &'static [&'static [&'static str]],
    what: &'static str,
    cure: &'static str,
}

const MANAGERS: [Manager; 5] = [
    Manager {
        programs: &["apt-get", "apt"],
        verbs: &["update"],
        without: &[],
        cleans: &[&["rm", "/var/lib/apt"], &["rm", "/var/lib/{apt"], &["rm", "/var/lib/*"], &["find", "/var/lib/apt"]],
        what: "the lists of packages",
        cure: "end the command with `&& rm -rf /var/lib/apt/lists/*`",
    },
    Manager {
        programs: &["yum", "dnf", "microdnf"],
        verbs: &["install", "update", "upgrade", "groupinstall"],
        without: &[],
        cleans: &[&["clean", "all"], &["rm", "/var/cache"]],
        what: "the cache of packages",
        cure: "end the command with `&& yum clean all` (`dnf`, `microdnf`)",
    },
    Manager {
        programs: &["apk"],
        verbs: &["add"],
        without: &["--no-cache"],
        cleans: &[&["rm", "/var/cache"]],
        what: "the index of packages",
        cure: "add `--no-cache`",
    },
    Manager {
        programs: &["pip", "pip3"],
        verbs: &["install"],
        without: &["--no-cache-dir", "PIP_NO_CACHE_DIR"],
        cleans: &[&["cache", "purge"], &["rm", ".cache"]],
        what: "the cache of downloaded packages",
        cure: "add `--no-cache-dir`",
    },
    Manager {
        programs: &["conda", "mamba", "micromamba"],
        verbs: &["install", "create"],
        without: &[],
        cleans: &[&["clean"], &["rm", "pkgs"]],
        what: "the cache of packages",
        cure: "end the command with `&& conda clean --all --yes`",
    },
];

/// Files of these kinds are unpacked or installed, and needed no more.
const ARCHIVES: [&str; 8] = [".tgz", ".tar.gz", ".tar", ".tar.bz2", ".tar.xz", ".zip", ".deb", ".rpm"];

/// What one `RUN` leaves behind: each manager's caches once, and archives that it fetches and unpacks.
pub(super) fn leftovers(text: &Traced) -> Vec<Leftover> {
    if !may_leave(text.as_str()) {
        return Vec::new();
    }
    let commands = shell::commands(text, Dialect::Shell, &Given::new());
    let mut found: Vec<Leftover> = MANAGERS.iter().filter_map(|manager| cache(manager, &commands)).collect();
    found.extend(commands.iter().filter_map(|command| archive(command, &commands)));
    found
}

fn may_leave(text: &str) -> bool {
    MANAGERS.iter().flat_map(|manager| manager.programs).chain(&["curl", "wget"]).any(|word| text.contains(word))
}

/// The program of a command, without what only changes how it runs.
fn program(command: &Command) -> Option<(&Word, &[Word])> {
    let is_prefix =
        |word: &&Word| matches!(word.as_str(), "sudo" | "exec" | "time" | "-E") || word.as_str().contains('=');
    let prefix = command.words.iter().take_while(is_prefix).count();
    let (program, mut rest) = command.words.get(prefix..)?.split_first()?;
    // `python -m pip install`.
    if program.as_str().contains("python")
        && let [flag, module, after @ ..] = rest
        && flag.as_str() == "-m"
    {
        rest = after;
        return Some((module, rest));
    }
    Some((program, rest))
}

fn name(word: &Word) -> &str {
    word.as_str().rsplit('/').next().unwrap_or_default()
}

fn holds(command: &Command, text: &str) -> bool {
    command.words.iter().any(|word| word.as_str().contains(text))
}

fn cache(manager: &Manager, commands: &[Command]) -> Option<Leftover> {
    let fills = |command: &&Command| {
        program(command).is_some_and(|(program, rest)| {
            manager.programs.contains(&name(program)) && rest.iter().any(|word| manager.verbs.contains(&word.as_str()))
        })
    };
    let assigned = |command: &Command| {
        command.assigned.iter().any(|variable| manager.without.contains(&variable.name.as_str()))
            || holds(command, "PIP_NO_CACHE_DIR")
    };
    let cleaned = commands.iter().any(|command| {
        manager.cleans.iter().any(|words| words.iter().all(|word| holds(command, word))) || assigned(command)
    });
    let first = commands.iter().filter(fills).find(|c| !manager.without.iter().any(|flag| holds(c, flag)))?;
    let (program, _) = program(first)?;
    let what = format!("`{}` leaves {} in this layer", name(program), manager.what);
    (!cleaned).then(|| Leftover { at: program.text.span(), what, cure: manager.cure })
}

/// An archive that is fetched into a file, unpacked, and not removed by the same `RUN`.
fn archive(command: &Command, commands: &[Command]) -> Option<Leftover> {
    let (tool, rest) = program(command)?;
    let address = rest.iter().find(|word| word.as_str().contains("://"))?;
    let named = |flags: [&str; 2]| {
        let at = rest.iter().position(|word| flags.contains(&word.as_str()))?;
        rest.get(at + 1).map(|word| (word, name(word)))
    };
    let own = || (address, name(address).split('?').next().unwrap_or_default());
    let remote_name = |word: &Word| {
        let flags = word.as_str();
        flags == "--remote-name" || (flags.starts_with('-') && !flags.starts_with("--") && flags.contains('O'))
    };
    let (word, file) = match name(tool) {
        "wget" => named(["-O", "--output-document"]).or_else(|| Some(own())),
        "curl" if rest.iter().any(remote_name) => Some(own()),
        "curl" => named(["-o", "--output"]),
        _ => None,
    }?;
    let is_archive = ARCHIVES.iter().any(|ending| file.ends_with(ending)) && !file.contains('$');
    let mut others = commands.iter().filter(|other| other.span != command.span);
    let is_unpacked = others.clone().any(|other| {
        let tools = ["tar", "unzip", "gunzip", "dpkg", "rpm", "apt-get", "apt", "yum", "dnf"];
        program(other).is_some_and(|(tool, _)| tools.contains(&name(tool))) && holds(other, file)
    });
    // `rm *.tgz`, `rm -rf /tmp/*`, `rm -rf "$dir"`: who removes something may remove this.
    let is_removed =
        others.any(|other| program(other).is_some_and(|(tool, _)| matches!(name(tool), "rm" | "mv" | "find")));
    (is_archive && is_unpacked && !is_removed).then(|| Leftover {
        at: word.text.span(),
        what: format!("`{file}` stays in this layer after it was unpacked"),
        cure: "remove it in the same command, or unpack while fetching: `curl … | tar xz`",
    })
}
