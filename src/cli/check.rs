//! `sparkproof check`.

use super::terminal::{self, on_threads, wishes};
use super::{Answer, CheckArgs, Status, Trouble};
use crate::config::Settings;
use crate::config::nearest_rule;
use crate::finding::Finding;
use crate::fix::{self, Mode, Plan};
use crate::report::{self, Format, Look, Report, look};
use crate::rules;
use crate::session::{self, Outcome, Wishes};
use crate::sift::baseline::Baseline;
use crate::source::reason;
use crate::source::text::Texts;
use clap::ValueEnum;
use std::fs;
use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::{Path, PathBuf};

pub(super) fn run(args: &CheckArgs) -> Answer {
    let outputs = args.output.iter().map(|text| output(text)).collect::<Result<Vec<_>, _>>()?;
    let wishes = asked(args)?;
    on_threads(&args.scope, || {
        let mut outcome = session::run(&wishes)?;
        let plan = (args.fix || args.unsafe_fixes || args.diff).then(|| plan(args, &outcome));
        if let Some(path) = &args.write_baseline {
            write_baseline(path, &outcome)?;
            outcome.sifted.findings.clear();
        }
        let mut texts = outcome.texts();
        if let Some(plan) = &plan {
            let done = apply(args, plan, &outcome, &texts)?;
            if !args.diff && !done.changes.is_empty() {
                // What is left is told at its place in the files as they are now.
                outcome = session::run(&wishes)?;
                texts = outcome.texts();
            }
        }
        show(args, &outputs, &outcome, &texts)?;
        tell(&outcome, args)?;
        Ok(if outcome.fails() { Status::Findings } else { Status::Clean })
    })?
}

fn asked(args: &CheckArgs) -> Result<Wishes, Trouble> {
    let mut wishes = wishes(&args.scope)?;
    wishes.fail_on = args.fail_on.map(super::FailOn::level);
    for id in &args.rules {
        let Some(rule) = rules::find(id) else {
            let near = nearest_rule(id, &Settings::recommended(&rules::known()));
            let help = near.map_or_else(
                || "`sparkproof explain` lists all rules".into(),
                |near| format!("did you mean `{near}`?"),
            );
            return Err(Trouble::Words(format!("there is no rule `{}`", look::clean(id)), Some(help)));
        };
        wishes.only.push(rule.id);
    }
    wishes.baseline = args.baseline.as_deref().map(read_baseline).transpose()?;
    Ok(wishes)
}

fn output(text: &str) -> Result<(Format, PathBuf), Trouble> {
    let names = || Format::value_variants().iter().filter_map(|f| Some(f.to_possible_value()?.get_name().to_owned()));
    let parsed = text.split_once('=').and_then(|(format, file)| Some((Format::from_str(format, false).ok()?, file)));
    parsed.filter(|(_, file)| !file.is_empty()).map(|(format, file)| (format, PathBuf::from(file))).ok_or_else(|| {
        let help = format!("write `--output sarif=results.sarif`; formats: {}", names().collect::<Vec<_>>().join(", "));
        Trouble::Words(format!("`--output {}` names no format and file", look::clean(text)), Some(help))
    })
}

fn read_baseline(path: &Path) -> Result<Baseline, Trouble> {
    let shown = look::clean(&path.to_string_lossy());
    let text = fs::read_to_string(path).map_err(|e| {
        Trouble::Words(
            format!("the baseline `{shown}` cannot be read: {}", reason(&e)),
            Some("write one with `--write-baseline FILE`".into()),
        )
    })?;
    Baseline::parse(&text).map_err(|message| Trouble::Words(format!("`{shown}`: {message}"), None))
}

fn write_baseline(path: &Path, outcome: &Outcome) -> Result<(), Trouble> {
    let baseline = Baseline::of(&outcome.sifted.findings, &outcome.project);
    let mut text = serde_json::to_string_pretty(&baseline).unwrap_or_default();
    text.push('\n');
    write_file(path, text.as_bytes())?;
    let count = look::counted(baseline.findings.len(), "finding");
    let _ = writeln!(io::stderr(), "wrote {count} to `{}`", look::clean(&path.to_string_lossy()));
    Ok(())
}

fn write_file(path: &Path, bytes: &[u8]) -> Result<(), Trouble> {
    fs::write(path, bytes).map_err(|e| {
        Trouble::Words(format!("`{}` cannot be written: {}", look::clean(&path.to_string_lossy()), reason(&e)), None)
    })
}

fn plan(args: &CheckArgs, outcome: &Outcome) -> Plan {
    fix::plan(&outcome.sifted.findings, &outcome.prepared.sources, |file| outcome.hash(file), args.unsafe_fixes)
}

/// Shows or writes the plan; the summary goes to standard error, so that a patch can be piped.
fn apply(args: &CheckArgs, plan: &Plan, outcome: &Outcome, texts: &Texts) -> Result<Plan, Trouble> {
    let sources = &outcome.prepared.sources;
    let findings: &[Finding] = &outcome.sifted.findings;
    if plan.is_empty() && plan.refused.is_empty() && plan.unsafe_left == 0 {
        let _ = writeln!(io::stderr(), "nothing to fix: no finding has a fix");
    }
    let (done, mode) = if args.diff {
        let mut out = io::stdout().lock();
        out.write_all(plan.diff().as_bytes())?;
        out.flush()?;
        (plan.clone(), Mode::Shown)
    } else {
        (fix::write(plan.clone(), sources), Mode::Written)
    };
    // Paths and what a reader says are the repository's own words.
    for line in done.summary(findings, sources, texts, mode).lines() {
        let _ = writeln!(io::stderr(), "{}", look::clean(line));
    }
    Ok(done)
}

fn show(args: &CheckArgs, outputs: &[(Format, PathBuf)], outcome: &Outcome, texts: &Texts) -> Result<(), Trouble> {
    let report = Report {
        sources: &outcome.prepared.sources,
        texts,
        findings: &outcome.sifted.findings,
        coverage: &outcome.project.coverage,
        rules: rules::ALL,
    };
    for (format, path) in outputs {
        let mut bytes = Vec::new();
        report::write(*format, &report, Look { width: 100, colour: false }, &mut bytes)?;
        write_file(path, &bytes)?;
    }
    let is_terminal = io::stdout().is_terminal();
    // With `--diff`, standard output is a patch and nothing else unless a format is asked for.
    if args.write_baseline.is_some() || (args.diff && args.format.is_none()) {
        return Ok(());
    }
    let format = args.format.unwrap_or_else(|| default_format(is_terminal));
    let mut out = BufWriter::new(io::stdout().lock());
    report::write(format, &report, terminal::look(args.scope.color, is_terminal), &mut out)?;
    out.flush()?;
    Ok(())
}

fn default_format(is_terminal: bool) -> Format {
    if std::env::var_os("GITHUB_ACTIONS").is_some_and(|value| value == "true") {
        Format::Github
    } else if is_terminal {
        Format::Human
    } else {
        Format::Concise
    }
}

/// The coverage line, and what else must not pass in silence.
fn tell(outcome: &Outcome, args: &CheckArgs) -> io::Result<()> {
    let mut out = io::stderr().lock();
    let coverage = &outcome.project.coverage;
    if coverage.files == 0 {
        writeln!(out, "note: nothing here is of a format that sparkproof reads")?;
    }
    for notice in outcome.notices() {
        writeln!(out, "note: {}", look::clean(&notice))?;
    }
    for entry in &outcome.sifted.stale {
        writeln!(
            out,
            "note: the baseline's entry for `{}` in `{}` matches nothing any more",
            entry.rule,
            look::clean(&entry.path)
        )?;
    }
    let held = [(outcome.sifted.ignored, "ignored"), (outcome.sifted.known, "in the baseline")];
    let held: Vec<String> = held.iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!("{n} {what}")).collect();
    let held = if held.is_empty() { String::new() } else { format!("; findings held back: {}", held.join(", ")) };
    if args.write_baseline.is_none() {
        writeln!(out, "{}{held}", coverage.line())?;
    }
    Ok(())
}
