//! Commands that submit applications or start Spark's shells: in scripts, images, manifests, CI files. Only what is run
//! counts: not what a script prints, writes to a file or has in a comment, and no prose.

mod flags;
mod tree;
mod wrapper;

use crate::fact::{ConfSetting, Facts, Flag, Part, PartId, PartKind, Submission, Via};
use crate::read::shell::{self, Command, Dialect, Given, Word};
use crate::source::{Source, Span, Traced};
use flags::{Parsed, parse};
pub use tree::{claim_object, claim_tree};
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
    memchr::memmem::find(text.as_bytes(), b"spark").is_some() || text.contains("SPARK_SUBMIT_ARGS")
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
    facts
}

/// What the commands of an image's final stages submit.
pub fn claim_image(source: &Source, facts: &mut Facts, part: PartId) {
    let PartKind::ImageBuild(build) = &facts.part(part).kind else { return };
    let stages = build.final_stages().into_iter().filter_map(|i| build.stages.get(i));
    let runs: Vec<Traced> = stages.flat_map(|s| s.runs.iter().chain(&s.commands)).map(|run| run.text.clone()).collect();
    let mut submit = Submit::new(source, facts, Runner { part: Some(part), slot: None });
    for text in runs {
        submit.script(&text, Dialect::Shell, &Given::new());
    }
}

/// Collects submissions.
struct Submit<'a> {
    source: &'a Source,
    facts: &'a mut Facts,
    runner: Runner,
    /// The folder commands run in.
    folder: String,
    seen: Vec<Span>,
}

impl<'a> Submit<'a> {
    fn new(source: &'a Source, facts: &'a mut Facts, runner: Runner) -> Self {
        Self { source, facts, runner, folder: source.folder().to_owned(), seen: Vec::new() }
    }

    fn script(&mut self, text: &Traced, dialect: Dialect, given: &Given) {
        if may_submit(text.as_str()) {
            for command in shell::commands(text, dialect, given) {
                self.command(&command, 0);
            }
        }
    }

    fn command(&mut self, command: &Command, depth: usize) {
        for assignment in &command.assigned {
            let name = assignment.name.as_str();
            if matches!(name, "PYSPARK_SUBMIT_ARGS" | "SPARK_SUBMIT_ARGS") {
                self.arguments(&assignment.name, &assignment.value.text, command.span);
            }
        }
        self.words(&command.words, command.span, depth);
    }

    /// What an environment variable gives to a submission: `PYSPARK_SUBMIT_ARGS="--packages … pyspark-shell"`.
    fn arguments(&mut self, name: &Traced, text: &Traced, span: Span) {
        let words = shell::commands(text, Dialect::Shell, &Given::new()).into_iter().next().map(|c| c.words);
        if let Some(words) = words {
            self.submission(name, &words.iter().collect::<Vec<_>>(), span, &Inside::default());
        }
    }

    /// A command's words, the program first.
    fn words(&mut self, words: &[Word], span: Span, depth: usize) {
        let Some(found) = unwrap(words) else { return };
        if let Some(script) = &found.script {
            if depth < MAX_DEPTH && may_submit(script.as_str()) {
                for command in shell::commands(&script.text, Dialect::Shell, &Given::new()) {
                    self.command(&command, depth + 1);
                }
            }
            return;
        }
        let Some((program, arguments)) = found.words.split_first() else { return };
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
        self.submission(&program.text, arguments, span, &found.inside);
    }

    fn submission(&mut self, program: &Traced, arguments: &[&Word], span: Span, inside: &Inside) {
        // An alias or anchor may lead to the same words twice.
        if self.seen.contains(&program.written()) {
            return;
        }
        self.seen.push(program.written());
        let Parsed { flags, main, main_class } = parse(flags::program(program.as_str()).unwrap_or_default(), arguments);
        let what = main
            .as_ref()
            .or(main_class.as_ref())
            .map_or_else(String::new, |text| format!(" {}", text.as_str().rsplit('/').next().unwrap_or_default()));
        let short = program.as_str().rsplit('/').next().unwrap_or_default();
        let settings = flags::settings(&flags);
        let part = self.facts.add(Part {
            name: format!("{}: {short}{what}", self.source.path),
            span: program.span(),
            folder: self.folder.clone(),
            kind: PartKind::Submission(Submission {
                program: program.clone(),
                main,
                main_class,
                flags: flags.into_iter().map(|f| Flag { name: f.name, value: f.value }).collect(),
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
