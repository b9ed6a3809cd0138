//! Commands that submit applications or start Spark's shells: in scripts, images, manifests, CI files. Only what is run
//! counts: not what a script prints, writes to a file or has in a comment, and no prose.

mod flags;
mod tree;
mod vendor;
mod wrapper;

use crate::fact::{ConfSetting, Download, Facts, Flag, Part, PartId, PartKind, ScriptRun, Submission, Via};
use crate::read::shell::{self, Command, Dialect, Given, Word};
use crate::source::{Source, Span, Traced, extension_of};
use flags::{Parsed, parse};
use std::collections::HashSet;
pub use tree::{claim_below, claim_object, claim_tree};
use wrapper::{Inside, unwrap};

/// How deep scripts may stand in scripts: `sh -c "sh -c '…'"`.
const MAX_DEPTH: usize = 4;

/// Who runs a command, where that is known.
#[derive(Debug, Clone, Default)]
pub struct Runner {
    /// The part of the same facts.
    pub part: Option<PartId>,
    /// Its container.
    pub slot: Option<String>,
}

/// Whether a text can hold a submission at all.
pub fn may_submit(text: &str) -> bool {
    memchr::memmem::find(text.as_bytes(), b"spark").is_some()
        || [".sh", "SPARK_SUBMIT_ARGS", "--release-label", "--steps", "dataproc", "--glue-version"]
            .iter()
            .any(|mark| text.contains(mark))
}

/// What the scripts of a file submit.
pub fn claim_scripts(source: &Source, scripts: &[Traced]) -> Facts {
    let mut facts = Facts::default();
    // Prose shows commands, it runs none.
    if source.is_markdown() {
        return facts;
    }
    let mut submit = Submit::new(source, &mut facts, Runner::default());
    for script in scripts {
        submit.script(script, Dialect::of(source.name()), &Given::new());
    }
    let elsewhere = submit.elsewhere;
    vendor::settle(&mut facts, &elsewhere);
    facts
}

/// What a command that code runs submits: a shell's line, or the words of one command.
pub fn claim_command(source: &Source, line: &Traced, words: &[Traced]) -> Facts {
    let mut facts = Facts::default();
    let mut submit = Submit::new(source, &mut facts, Runner::default());
    if words.is_empty() {
        submit.script(line, Dialect::Shell, &Given::new());
    } else if words.iter().any(|word| may_submit(word.as_str())) {
        submit.listed = true;
        let words: Vec<Word> = words.iter().cloned().map(Word::of).collect();
        submit.words(&words, line.span(), &Inside::default(), 0);
    }
    facts
}

/// What the commands of an image's final stages submit.
pub fn claim_image(source: &Source, facts: &mut Facts, part: PartId) {
    let PartKind::ImageBuild(build) = &facts.part(part).kind else { return };
    let last = build.final_stages();
    let stages = build.stages.iter().enumerate();
    let runs = stages.flat_map(|(i, s)| s.runs.iter().chain(&s.commands).map(move |run| (i, run.text.clone())));
    let runs: Vec<(usize, Traced)> = runs.collect();
    let added = build.stages.iter().enumerate().flat_map(|(i, s)| s.copies.iter().map(move |copy| (i, copy)));
    let added = added.flat_map(|(i, copy)| copy.sources.iter().map(move |source| (i, source.clone())));
    let added: Vec<_> = added.filter(|(_, source)| source.as_str().contains("://")).collect();
    let mut submit = Submit::new(source, facts, Runner { part: Some(part), slot: None });
    for (stage, text) in runs {
        // What a builder stage runs is not what the image runs.
        (submit.stage, submit.submits) = (Some(stage), last.contains(&stage));
        submit.script(&text, Dialect::Shell, &Given::new());
    }
    let download = |(stage, address)| Download { part: Some(part), stage: Some(stage), address };
    facts.downloads.extend(added.into_iter().map(download));
}

/// The settings that the text of `PYSPARK_SUBMIT_ARGS` makes.
pub fn argument_settings(text: &Traced) -> Vec<(Traced, Option<Traced>)> {
    let words = shell::commands(text, Dialect::Shell, &Given::new()).into_iter().next().map(|command| command.words);
    let words = words.unwrap_or_default();
    let parsed = parse(&Traced::literal("PYSPARK_SUBMIT_ARGS", text.written()), &words.iter().collect::<Vec<_>>());
    flags::settings(&parsed.flags)
}

/// Collects submissions.
struct Submit<'a> {
    source: &'a Source,
    facts: &'a mut Facts,
    runner: Runner,
    /// The folder commands run in.
    folder: String,
    seen: HashSet<Span>,
    /// The stage of an image build that is looked at.
    stage: Option<usize>,
    /// Whether submissions count here, or downloads alone.
    submits: bool,
    /// The words are items of a list, not of a shell's line.
    listed: bool,
    /// What runs on a platform that another command creates.
    elsewhere: Vec<PartId>,
}

impl<'a> Submit<'a> {
    fn new(source: &'a Source, facts: &'a mut Facts, runner: Runner) -> Self {
        Self {
            source,
            facts,
            runner,
            folder: source.folder().to_owned(),
            seen: HashSet::new(),
            stage: None,
            submits: true,
            listed: false,
            elsewhere: Vec::new(),
        }
    }

    fn script(&mut self, text: &Traced, dialect: Dialect, given: &Given) {
        // Jars that an image fetches have addresses as well.
        let fetches = self.stage.is_some() && text.as_str().contains(".jar");
        if fetches || may_submit(text.as_str()) {
            for command in shell::commands(text, dialect, given) {
                self.command(&command, &Inside::default(), 0);
            }
        }
    }

    fn command(&mut self, command: &Command, outer: &Inside, depth: usize) {
        self.downloads(&command.words);
        let created = super::platform::claim_command(self.source, &command.words, self.facts);
        if !self.submits {
            return;
        }
        self.vendor(&command.words, command.span, created);
        for assignment in &command.assigned {
            let name = assignment.name.as_str();
            if matches!(name, "PYSPARK_SUBMIT_ARGS" | "SPARK_SUBMIT_ARGS") {
                self.arguments(&assignment.name, &assignment.value.text, command.span);
            }
        }
        self.words(&command.words, command.span, outer, depth);
    }

    /// What `curl`, `wget` and their kin fetch.
    fn downloads(&mut self, words: &[Word]) {
        let program = words.iter().find(|word| word.as_str() != "sudo").map(Word::as_str).unwrap_or_default();
        let name = program.trim_start_matches(['@', '-']).rsplit('/').next().unwrap_or_default();
        if !["curl", "wget", "aria2c", "axel"].contains(&name) {
            return;
        }
        let (part, stage) = (self.runner.part, self.stage);
        let addresses = words.iter().filter(|word| word.as_str().contains('/') && !word.as_str().starts_with('-'));
        let found = addresses.map(|word| Download { part, stage, address: word.text.clone() });
        self.facts.downloads.extend(found);
    }

    /// What an environment variable gives to a submission: `PYSPARK_SUBMIT_ARGS="--packages … pyspark-shell"`.
    fn arguments(&mut self, name: &Traced, text: &Traced, span: Span) {
        let words = shell::commands(text, Dialect::Shell, &Given::new()).into_iter().next().map(|c| c.words);
        if let Some(words) = words {
            self.submission(name, &words.iter().collect::<Vec<_>>(), span, &Inside::default());
        }
    }

    /// A command's words, the program first.
    fn words(&mut self, words: &[Word], span: Span, outer: &Inside, depth: usize) {
        let Some(found) = unwrap(words) else { return };
        let inside = found.inside.within(outer);
        if let Some(script) = &found.script {
            if depth < MAX_DEPTH && may_submit(script.as_str()) {
                for command in shell::commands(&script.text, Dialect::Shell, &Given::new()) {
                    self.command(&command, &inside, depth + 1);
                }
            }
            return;
        }
        let Some((program, arguments)) = found.words.split_first() else { return };
        if let Some(part) = self.runner.part.filter(|_| program.known && extension_of(program.as_str()) == "sh") {
            let (slot, path) = (self.runner.slot.clone(), program.text.clone());
            self.facts.script_runs.push(ScriptRun { part, slot, path });
        }
        let Some(name) = flags::program(program.as_str()) else { return };
        let arguments = match name {
            "spark-class" => match arguments.split_first() {
                Some((class, rest)) if class.as_str() == "org.apache.spark.deploy.SparkSubmit" => rest,
                _ => return,
            },
            _ => arguments,
        };
        let starts = name.starts_with("start-");
        let asks = |word: &&Word| matches!(word.as_str(), "--version" | "--help" | "-h" | "--status" | "--kill");
        if (arguments.is_empty() && !starts) || arguments.first().is_some_and(asks) {
            return;
        }
        self.submission(&program.text, arguments, span, &inside);
    }

    fn submission(&mut self, program: &Traced, arguments: &[&Word], span: Span, inside: &Inside) {
        // An alias or anchor may lead to the same words twice.
        if !self.seen.insert(program.written()) {
            return;
        }
        let Parsed { flags, main, main_class, open } = parse(program, arguments);
        let what = main
            .as_ref()
            .or(main_class.as_ref())
            .map_or_else(String::new, |text| format!(" {}", text.as_str().rsplit('/').next().unwrap_or_default()));
        let short = program.as_str().rsplit('/').next().unwrap_or_default();
        let settings = flags::settings(&flags);
        let listed = self.listed;
        let part = self.facts.add(Part {
            name: format!("{}: {short}{what}", self.source.path),
            span: program.span(),
            folder: self.folder.clone(),
            kind: PartKind::Submission(Submission {
                program: program.clone(),
                main,
                main_class,
                open,
                flags: flags
                    .into_iter()
                    .map(|f| Flag { removal: f.removal.filter(|_| !listed), name: f.name, value: f.value })
                    .collect(),
                span,
                within: self.runner.part,
                slot: self.runner.slot.clone(),
                container: inside.container.clone(),
            }),
        });
        if let Some(image) = &inside.image {
            super::image::runs(self.facts, part, None, image);
        }
        for (key, value) in settings {
            let is_image = key.as_str() == "spark.kubernetes.container.image";
            if let Some(image) = value.as_ref().filter(|value| is_image && !value.as_str().contains('$')) {
                super::image::runs(self.facts, part, None, image);
            }
            self.facts.settings.push(ConfSetting { part, key, value, via: Via::Submit, slot: None });
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
