//! The command line: arguments in, exit status out. Each command has a room of its own.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "this is where the tool speaks")]

mod check;
mod config;
mod explain;
mod facts;
mod init;
mod matrix;
mod schema;
mod terminal;

use crate::config::Preset;
use crate::finding::Level;
use crate::session::Failure;
use clap::{Args, CommandFactory, Parser, Subcommand, ValueEnum};
use std::ffi::OsString;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

/// How a run ended. It never depends on the format of the report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// Nothing at or above `--fail-on`.
    Clean,
    /// Findings.
    Findings,
    /// The job could not be done: usage, configuration, a path that does not exist, a fault of ours.
    Failed,
}

impl From<Status> for ExitCode {
    fn from(status: Status) -> Self {
        Self::from(match status {
            Status::Clean => 0,
            Status::Findings => 1,
            Status::Failed => 2,
        })
    }
}

/// Finds Spark deployments that cannot work, before anything runs.
#[derive(Debug, Parser)]
#[command(name = "sparkproof", version, args_conflicts_with_subcommands = true, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    check: CheckArgs,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Check files and folders (also without a command)
    Check(Box<CheckArgs>),
    /// Tell what a rule says, why, and how to mend it; without a rule, list all
    Explain(ExplainArgs),
    /// Show what was seen: claims, units with the evidence that joins them, coverage
    Facts(FactsArgs),
    /// Tell what fits a version, by the tables: `matrix spark 3.5.1`
    Matrix(MatrixArgs),
    /// Write a commented `sparkproof.toml`
    Init(InitArgs),
    /// Show each setting in force and where it came from
    Config(ConfigArgs),
    /// Print the JSON schema of `sparkproof.toml`
    Schema,
    /// Print the completions of a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
}

/// What every command that reads a repository takes.
#[derive(Debug, Args)]
struct ScopeArgs {
    /// Files and folders; the working folder if none is given, `-` for standard input
    paths: Vec<PathBuf>,
    /// A configuration file instead of the nearest `sparkproof.toml`
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// How much is asked, instead of the configuration's preset
    #[arg(long, value_enum)]
    preset: Option<Preset>,
    /// Do not read these paths (globs, repeatable)
    #[arg(long, value_name = "GLOB")]
    exclude: Vec<String>,
    /// The name that text from standard input stands for
    #[arg(long, value_name = "PATH")]
    stdin_filename: Option<PathBuf>,
    /// How many files are read at once; the number of cores by default
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=512))]
    threads: Option<u16>,
    /// When to colour
    #[arg(long, value_enum, default_value = "auto", value_name = "WHEN")]
    color: When,
}

#[derive(Debug, Args)]
struct CheckArgs {
    #[command(flatten)]
    scope: ScopeArgs,
    /// The report's format: human on a terminal, github under GitHub Actions, concise otherwise
    #[arg(long, value_enum)]
    format: Option<crate::report::Format>,
    /// Write a report to a file as well (repeatable)
    #[arg(long, value_name = "FORMAT=FILE")]
    output: Vec<String>,
    /// Fail from this level on
    #[arg(long, value_enum, value_name = "LEVEL")]
    fail_on: Option<FailOn>,
    /// Run only this rule (repeatable)
    #[arg(long = "rule", value_name = "RULE")]
    rules: Vec<String>,
    /// Leave out the findings that this file knows
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
    /// Write all findings to this file, to be left out from now on, and report none
    #[arg(long, value_name = "FILE", conflicts_with_all = ["fix", "unsafe_fixes", "diff", "output", "baseline"])]
    write_baseline: Option<PathBuf>,
    /// Apply the safe fixes
    #[arg(long)]
    fix: bool,
    /// Apply all fixes, also those that want a look afterwards
    #[arg(long)]
    unsafe_fixes: bool,
    /// Show what `--fix` would change, and change nothing
    #[arg(long)]
    diff: bool,
}

#[derive(Debug, Args)]
struct ExplainArgs {
    /// The rule
    rule: Option<String>,
    /// Find the rules whose page quotes this error message
    #[arg(long, value_name = "TEXT", conflicts_with = "rule")]
    error: Option<String>,
    /// List the forbidden names in force (`explain forbidden-call --list`)
    #[arg(long, requires = "rule")]
    list: bool,
}

#[derive(Debug, Args)]
struct FactsArgs {
    #[command(flatten)]
    scope: ScopeArgs,
    /// The format
    #[arg(long, value_enum, default_value = "text")]
    format: FactsFormat,
}

#[derive(Debug, Args)]
struct MatrixArgs {
    /// What: `spark`, `delta-spark`, `hadoop-aws` …
    #[arg(required_unless_present = "all")]
    subject: Option<String>,
    /// Which version of it, or a range: `3.5.1`, `3.5`, `>=3.4, <3.6`; all if none is given
    version: Option<String>,
    /// Everything that the tables say
    #[arg(long, conflicts_with_all = ["subject", "version"])]
    all: bool,
    /// The format
    #[arg(long, value_enum, default_value = "text")]
    format: MatrixFormat,
}

#[derive(Debug, Args)]
struct InitArgs {
    /// The folder
    #[arg(default_value = ".")]
    folder: PathBuf,
}

#[derive(Debug, Args)]
struct ConfigArgs {
    #[command(flatten)]
    scope: ScopeArgs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum FactsFormat {
    Text,
    Json,
    Mermaid,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum MatrixFormat {
    Text,
    Json,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum When {
    Auto,
    Always,
    Never,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum FailOn {
    Info,
    Warning,
    Error,
    Never,
}

impl FailOn {
    fn level(self) -> Option<Level> {
        match self {
            Self::Info => Some(Level::Info),
            Self::Warning => Some(Level::Warning),
            Self::Error => Some(Level::Error),
            Self::Never => None,
        }
    }
}

/// A command's answer: how it ended, or what made it impossible, in words.
type Answer = Result<Status, Trouble>;

/// What made a command impossible.
enum Trouble {
    /// A message and what to do.
    Words(String, Option<String>),
    /// A failure of the run itself.
    Run(Failure),
    /// Standard output is closed: nobody reads any more, which is no error.
    Closed,
}

impl From<Failure> for Trouble {
    fn from(failure: Failure) -> Self {
        Self::Run(failure)
    }
}

impl From<io::Error> for Trouble {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            Self::Closed
        } else {
            Self::Words(format!("the output cannot be written: {}", error.kind()), None)
        }
    }
}

/// Runs the command line.
pub fn main(arguments: impl IntoIterator<Item = OsString>) -> Status {
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => {
            let failed = error.use_stderr();
            // Nothing can be said where the streams are closed.
            let _ = error.print();
            return if failed { Status::Failed } else { Status::Clean };
        }
    };
    let answer = match cli.command {
        None => check::run(&cli.check),
        Some(Command::Check(args)) => check::run(&args),
        Some(Command::Explain(args)) => explain::run(&args),
        Some(Command::Facts(args)) => facts::run(&args),
        Some(Command::Matrix(args)) => matrix::run(&args),
        Some(Command::Init(args)) => init::run(&args),
        Some(Command::Config(args)) => config::run(&args),
        Some(Command::Schema) => schema::run(),
        Some(Command::Completions { shell }) => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), "sparkproof", &mut script);
            print(&script)
        }
    };
    answer.unwrap_or_else(|trouble| terminal::tell(&trouble))
}

/// What is said and returned where the tool itself is at fault.
pub fn fault() -> Status {
    let _ = writeln!(
        io::stderr(),
        "error: sparkproof itself failed\n  help: please report this, with the files that show it"
    );
    Status::Failed
}

fn print(bytes: &[u8]) -> Answer {
    let mut out = io::stdout().lock();
    out.write_all(bytes)?;
    out.flush()?;
    Ok(Status::Clean)
}
