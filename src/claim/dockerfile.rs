//! What a Dockerfile claims: stages, base images, what is copied and run. Arguments and environment variables are filled
//! in as Docker does when nothing is passed to the build; what then stays unknown is counted, never guessed.

mod layers;
mod scope;

use super::arguments::Passed;
use crate::fact::image::{CopyFrom, parse_reference};
use crate::fact::{Copy, Facts, Image, ImageBuild, ImageUse, Part, PartKind, Run, Stage, Unresolved};
use crate::read::dockerfile::{Command, Dockerfile, Instruction, Kind, Setting, Transfer, Word};
use crate::source::{Source, Span, Traced};
use scope::{Budget, Filled, Globals, Scope, Value, fill};
use std::collections::HashMap;

/// The empty base of Docker's own.
const SCRATCH: &str = "scratch";

/// A working directory that grew longer than this by relative steps is no longer joined.
const LONGEST_FOLDER: usize = 4096;

/// The facts of one Dockerfile, with what its builds pass to its arguments.
pub fn claim(source: &Source, dockerfile: &Dockerfile, passed: Passed) -> Facts {
    let mut facts = Facts::default();
    let Some(first) = dockerfile.instructions.first() else { return facts };
    let mut builder = Builder { passed, ..Builder::default() };
    for instruction in &dockerfile.instructions {
        builder.instruction(instruction);
    }
    builder.finish_stage();
    let Builder { stages, unresolved, last_image, .. } = builder;
    let build = ImageBuild { stages };
    let bases = base_images(&build);
    let part = facts.add(Part {
        name: source.path.clone(),
        span: last_image.unwrap_or(first.keyword),
        folder: source.folder().to_owned(),
        kind: PartKind::ImageBuild(build),
    });
    facts.images = bases
        .into_iter()
        .map(|(reference, usage)| {
            let (name, tag, digest) = parse_reference(&reference);
            Image { part, reference, name, tag, digest, usage }
        })
        .collect();
    facts.unresolved = unresolved;
    facts
}

/// The stages' bases that are images of their own.
fn base_images(build: &ImageBuild) -> Vec<(Traced, ImageUse)> {
    let mut in_final = vec![false; build.stages.len()];
    for stage in build.final_stages() {
        if let Some(slot) = in_final.get_mut(stage) {
            *slot = true;
        }
    }
    let stages = build.stages.iter().zip(in_final).enumerate();
    stages
        .filter(|(_, (stage, _))| stage.base_stage.is_none())
        .filter_map(|(number, (stage, last))| {
            let base = stage.base.clone().filter(|base| base.as_str() != SCRATCH)?;
            Some((base, ImageUse::Base { stage: number, last }))
        })
        .collect()
}

/// Walks the instructions, keeping what variables hold.
struct Builder {
    passed: Passed,
    budget: Budget,
    globals: Globals,
    stages: Vec<Stage>,
    /// The latest stage of each name, in lower case.
    names: HashMap<String, usize>,
    /// The variables and the working directory at the end of each finished stage.
    ends: Vec<(Scope, Option<String>)>,
    scope: Scope,
    folder: Option<String>,
    /// Whether the stage has a `WORKDIR` of its own.
    moved: bool,
    entrypoint: Option<Run>,
    cmd: Option<Run>,
    last_image: Option<Span>,
    unresolved: Vec<Unresolved>,
}

impl Default for Builder {
    fn default() -> Self {
        Self {
            passed: Passed::new(),
            budget: Budget::new(),
            globals: Globals::default(),
            stages: Vec::new(),
            names: HashMap::new(),
            ends: Vec::new(),
            scope: Scope::default(),
            folder: None,
            moved: false,
            entrypoint: None,
            cmd: None,
            last_image: None,
            unresolved: Vec::new(),
        }
    }
}

impl Builder {
    fn instruction(&mut self, instruction: &Instruction) {
        match &instruction.kind {
            Kind::From { image, name, platform } => {
                self.from(instruction, image.as_ref(), name.clone());
                if let (Some(stage), Some(word)) = (self.stages.last_mut(), platform) {
                    stage.platform = Some(fill(word, &mut self.budget, |name| self.globals.get(name)).text);
                }
            }
            Kind::Arg(arguments) if self.stages.is_empty() => {
                for argument in arguments {
                    self.globals.declare(argument, &self.passed, &mut self.budget);
                }
            }
            Kind::Arg(arguments) => self.scope.declare(arguments, &self.globals, &self.passed, &mut self.budget),
            Kind::Env(settings) => self.env(settings),
            Kind::Copy(transfer) => self.copy(instruction, transfer),
            Kind::Run(command) => {
                let run = self.run(instruction, command, Scope::get);
                if let Some(stage) = self.stages.last_mut() {
                    if !command.mounts_cache {
                        stage.leftovers.extend(layers::leftovers(&run.text));
                    }
                    stage.runs.push(run);
                }
            }
            Kind::Entrypoint(command) => self.entrypoint = Some(self.run(instruction, command, Scope::at_run_time)),
            Kind::Cmd(command) => self.cmd = Some(self.run(instruction, command, Scope::at_run_time)),
            Kind::Workdir(word) => self.workdir(word),
            Kind::User(word) => {
                let user = self.counted(word);
                if let Some(stage) = self.stages.last_mut() {
                    stage.user = Some(user);
                }
            }
            Kind::Other => {}
        }
    }

    /// What is not known in a value stands in it as written: it may come from the base image.
    fn env(&mut self, settings: &[Setting]) {
        for setting in settings {
            let value = fill(&setting.value, &mut self.budget, |name| self.scope.get(name)).text;
            if let Some(stage) = self.stages.last_mut() {
                stage.env.push((setting.name.clone(), value));
            }
        }
        self.scope.set(settings, &mut self.budget);
    }

    fn from(&mut self, instruction: &Instruction, image: Option<&Word>, name: Option<Traced>) {
        self.finish_stage();
        self.last_image = Some(image.map_or(instruction.keyword, |word| word.span));
        let base = image.and_then(|word| self.base(word));
        let base_stage = base.as_ref().and_then(|base| self.names.get(&base.as_str().to_ascii_lowercase()).copied());
        (self.scope, self.folder) = base_stage.and_then(|stage| self.ends.get(stage).cloned()).unwrap_or_default();
        if let Some(name) = &name {
            self.names.insert(name.as_str().to_ascii_lowercase(), self.stages.len());
        }
        self.stages.push(Stage { name, base_stage, ..Stage::from(base, instruction.span) });
    }

    /// A base that is wholly known and can be an image's name.
    fn base(&mut self, word: &Word) -> Option<Traced> {
        let Filled { text, unknown } = fill(word, &mut self.budget, |name| self.globals.get(name));
        let why = unknown.map(|why| why.to_string()).or_else(|| {
            let is_name = is_reference(text.as_str()) || self.names.contains_key(&text.as_str().to_ascii_lowercase());
            (!is_name).then(|| "it is no image reference".to_owned())
        });
        let Some(why) = why else { return Some(text) };
        self.unresolved.push(Unresolved { span: word.span, why });
        None
    }

    /// A word of a stage, filled in as far as it is known; what is not is counted.
    fn counted(&mut self, word: &Word) -> Traced {
        let Filled { text, unknown } = fill(word, &mut self.budget, |name| self.scope.get(name));
        if let Some(why) = unknown {
            self.unresolved.push(Unresolved { span: word.span, why: why.to_string() });
        }
        text
    }

    fn copy(&mut self, instruction: &Instruction, transfer: &Transfer) {
        let sources = transfer.sources.iter().map(|word| self.counted(word)).collect();
        let target = self.counted(&transfer.target);
        let from = transfer.from.as_ref().map(|word| {
            let from = self.counted(word);
            self.copy_from(from.as_str())
        });
        if let Some(stage) = self.stages.last_mut() {
            stage.copies.push(Copy { from, sources, target, span: instruction.span });
        }
    }

    /// Docker looks for a stage of the name, then for one of the number, then for an image. A stage cannot copy from itself.
    fn copy_from(&self, from: &str) -> CopyFrom {
        let current = self.stages.len().saturating_sub(1);
        let named = self.names.get(&from.to_ascii_lowercase()).copied();
        let numbered = || from.parse().ok();
        match named.or_else(numbered).filter(|stage| *stage < current) {
            Some(stage) => CopyFrom::Stage(stage),
            None => CopyFrom::Image(from.to_owned()),
        }
    }

    /// What the shell does not know from Docker stays as written: the command itself or its surroundings may set it.
    fn run(&mut self, instruction: &Instruction, command: &Command, lookup: fn(&Scope, &str) -> Value) -> Run {
        let text = fill(&command.text, &mut self.budget, |name| lookup(&self.scope, name)).text;
        Run { text, span: instruction.span }
    }

    fn workdir(&mut self, word: &Word) {
        let Filled { text, .. } = fill(word, &mut self.budget, |name| self.scope.get(name));
        let relative = text.as_str();
        let folder = match self.folder.take().filter(|before| before.len() < LONGEST_FOLDER) {
            Some(before) if !is_absolute(relative) => format!("{}/{relative}", before.trim_end_matches('/')),
            _ => relative.to_owned(),
        };
        self.folder = Some(folder);
        self.moved = true;
    }

    fn finish_stage(&mut self) {
        let commands = self.entrypoint.take().into_iter().chain(self.cmd.take());
        if let Some(stage) = self.stages.last_mut() {
            stage.commands = commands.collect();
            stage.workdir = self.folder.clone().filter(|_| std::mem::take(&mut self.moved));
            self.ends.push((std::mem::take(&mut self.scope), self.folder.take()));
        }
    }
}

/// Absolute on Unix or Windows, or not known to be relative.
fn is_absolute(path: &str) -> bool {
    path.starts_with(['/', '\\', '$']) || path.get(1..2) == Some(":")
}

/// Whether a text has an image reference's characters: placeholders of templates have not.
fn is_reference(text: &str) -> bool {
    let outer = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    let inner = |c: char| c.is_ascii_alphanumeric() || "._-/:@".contains(c);
    outer(text.chars().next()) && outer(text.chars().next_back()) && text.chars().all(inner)
}

#[cfg(test)]
mod tests;
