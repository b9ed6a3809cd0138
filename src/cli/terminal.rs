//! What the terminal can do, and how troubles are told on it.

use super::{ScopeArgs, Status, Trouble, When};
use crate::discover::Request;
use crate::report::{Look, human, look};
use crate::session::{Failure, Wishes};
use std::io::{self, IsTerminal, Read, Write};

/// The width of what is no terminal, so that it is the same everywhere.
const NO_TERMINAL: usize = 100;

/// How a report for people looks on this stream.
pub fn look(when: When, is_terminal: bool) -> Look {
    let width = if is_terminal { terminal_size::terminal_size().map(|(width, _)| usize::from(width.0)) } else { None };
    Look { width: width.unwrap_or(NO_TERMINAL), colour: colour(when, is_terminal) }
}

/// `NO_COLOR` forbids, `FORCE_COLOR` and `CLICOLOR_FORCE` ask for colour; the flag has the last word.
fn colour(when: When, is_terminal: bool) -> bool {
    let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty() && value != "0");
    match when {
        When::Always => true,
        When::Never => false,
        When::Auto if set("NO_COLOR") => false,
        When::Auto => {
            set("FORCE_COLOR")
                || set("CLICOLOR_FORCE")
                || (is_terminal && std::env::var_os("TERM").is_none_or(|t| t != "dumb"))
        }
    }
}

/// Tells on standard error what made a command impossible.
pub fn tell(trouble: &Trouble) -> Status {
    let mut out = io::stderr().lock();
    let told = match trouble {
        Trouble::Closed => return Status::Clean,
        Trouble::Words(message, help) => say(&mut out, message, help.as_deref()),
        Trouble::Run(Failure::Path(bad)) => {
            let message = format!(
                "`{}` cannot be checked: {}",
                look::clean(&bad.path.to_string_lossy()),
                look::clean(&bad.message)
            );
            say(&mut out, &message, Some("give a file or folder that exists, or nothing for the working folder"))
        }
        Trouble::Run(Failure::Config(path, text, faults)) => {
            let look = look(When::Auto, io::stderr().is_terminal());
            human::faults(path, text, faults, look, &mut out)
        }
    };
    // Where standard error is closed, nobody is left to be told.
    let _ = told;
    Status::Failed
}

fn say(out: &mut dyn Write, message: &str, help: Option<&str>) -> io::Result<()> {
    writeln!(out, "error: {message}")?;
    help.map_or(Ok(()), |help| writeln!(out, "  help: {help}"))
}

/// What the shared arguments ask for. Standard input is read here, where `-` is among the paths.
pub fn wishes(args: &ScopeArgs) -> Result<Wishes, Trouble> {
    let (dashes, paths): (Vec<_>, Vec<_>) = args.paths.iter().cloned().partition(|path| path.as_os_str() == "-");
    let stdin = match (dashes.is_empty(), &args.stdin_filename) {
        (true, None) => None,
        (true, Some(_)) => {
            let help = "add `-` to the paths, so that standard input is read";
            return Err(Trouble::Words(
                "`--stdin-filename` names a text that is not asked for".into(),
                Some(help.into()),
            ));
        }
        (false, None) => {
            let help = "add `--stdin-filename deploy/app.yaml`: the name tells the format and the files beside it";
            return Err(Trouble::Words("`-` needs the name that the text stands for".into(), Some(help.into())));
        }
        (false, Some(name)) => {
            let mut bytes = Vec::new();
            let limit = crate::source::MAX_FILE_BYTES + 1;
            io::stdin().lock().take(limit).read_to_end(&mut bytes)?;
            Some((name.clone(), bytes))
        }
    };
    for glob in &args.exclude {
        globset::Glob::new(glob)
            .map_err(|e| Trouble::Words(format!("`--exclude {glob}` is no path glob: {}", e.kind()), None))?;
    }
    Ok(Wishes {
        request: Request { paths, stdin, config: args.config.clone() },
        preset: args.preset,
        exclude: args.exclude.clone(),
        ..Wishes::default()
    })
}

/// Runs a job on threads with stacks that deep documents fit into.
pub fn on_threads<T: Send>(args: &ScopeArgs, job: impl FnOnce() -> T + Send) -> Result<T, Trouble> {
    const STACK: usize = 16 * 1024 * 1024;
    let threads = args.threads.map_or(0, usize::from);
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).stack_size(STACK).build();
    let pool = pool.map_err(|e| Trouble::Words(format!("no threads can be started: {e}"), None))?;
    Ok(pool.install(job))
}
