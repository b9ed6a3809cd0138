//! What the commands of an image install: the packages that the final stage has in the end.

use super::install::{Step, chosen_python, steps};
use super::{Asked, add};
use crate::fact::{
    Component, ConfSetting, CopyFrom, Facts, How, ImageBuild, PartId, PartKind, Stage, Unresolved, VersionClaim, Via,
};
use crate::source::Traced;
use crate::version::{Version, VersionSet};
use std::collections::HashMap;

/// Adds the packages of an image's recipe as dependencies of its part, and the Python that it makes its own.
pub(super) fn claim(facts: &mut Facts, part: PartId) {
    let PartKind::ImageBuild(build) = &facts.part(part).kind else { return };
    let numbers = stages(build);
    let mut image = Image::default();
    for number in &numbers {
        let Some(stage) = build.stages.get(*number) else { continue };
        for run in &stage.runs {
            // One branch of a condition runs, and which one is not known.
            let conditional = ["if ", "case "].iter().any(|word| run.text.as_str().contains(word));
            for step in steps(&run.text) {
                image.step(*number, step, conditional);
            }
        }
        if image.python.is_empty() {
            let texts: Vec<&Traced> = stage.runs.iter().map(|run| &run.text).collect();
            image.python.extend(chosen_python(&texts).map(|(set, text)| (*number, set, text)));
        }
    }
    let files = std::mem::take(&mut image.files);
    image.finish(facts, part);
    if let Some(of) = facts.parts.get_mut(part.0 as usize)
        && let PartKind::ImageBuild(build) = &mut of.kind
    {
        for (number, path) in files {
            if let Some(stage) = build.stages.get_mut(number) {
                stage.requirements.push(path);
            }
        }
    }
}

/// The stages whose packages the image has: the final ones, and those whose environment is copied there. Builders first.
fn stages(build: &ImageBuild) -> Vec<usize> {
    let mut numbers = build.final_stages();
    let is_environment = |path: &str| {
        ["venv", "site-packages", ".local", "/install", "/usr/local", "/opt/conda", "virtualenv"]
            .iter()
            .any(|word| path.contains(word))
    };
    let of_final: Vec<&Stage> = numbers.iter().filter_map(|number| build.stages.get(*number)).collect();
    let copied = of_final.iter().flat_map(|stage| &stage.copies).filter_map(|copy| match &copy.from {
        Some(CopyFrom::Stage(stage)) if copy.sources.iter().any(|source| is_environment(source.as_str())) => {
            Some(*stage)
        }
        _ => None,
    });
    numbers.extend(copied.collect::<Vec<_>>());
    numbers.sort_unstable();
    numbers.dedup();
    numbers
}

#[derive(Default)]
struct Image {
    asked: Vec<(usize, Asked)>,
    /// Files of requirements that are installed.
    files: Vec<(usize, Traced)>,
    /// Requirements that commands have printed into files.
    printed: HashMap<String, Vec<Asked>>,
    python: Vec<(usize, VersionSet, Traced)>,
    unresolved: Vec<Unresolved>,
}

impl Image {
    fn step(&mut self, stage: usize, step: Step, conditional: bool) {
        match step {
            Step::Package(asked) => self.package(stage, Asked { marked: conditional || asked.marked, ..asked }),
            Step::Printed(file, asked) => self.printed.entry(file).or_default().extend(asked),
            Step::File(path) => match self.printed.remove(path.as_str().trim_start_matches("./")) {
                Some(lines) => lines.into_iter().for_each(|asked| self.package(stage, asked)),
                None => self.files.push((stage, path)),
            },
            Step::Removed(name) => self.asked.retain(|(_, asked)| asked.normal_name() != name),
            Step::Python(set, text) => self.python.push((stage, set, text)),
            Step::Unknown(span, _) => self
                .unresolved
                .push(Unresolved { span, why: "what is installed is only known when the image is built".to_owned() }),
        }
    }

    /// A later installation of a package stands for the earlier one, unless it does not say a version or may not happen.
    fn package(&mut self, stage: usize, asked: Asked) {
        let name = asked.normal_name();
        if !asked.marked && asked.is_versioned() {
            self.asked.retain(|(_, known)| known.normal_name() != name);
        }
        self.asked.push((stage, asked));
    }

    fn finish(self, facts: &mut Facts, part: PartId) {
        facts.unresolved.extend(self.unresolved);
        let mut by_stage: HashMap<usize, Vec<Asked>> = HashMap::new();
        let mut order = Vec::new();
        for (stage, asked) in self.asked {
            let list = by_stage.entry(stage).or_default();
            if list.is_empty() {
                order.push(stage);
            }
            list.push(asked);
        }
        // The claims are of the stage that ends up in the image, wherever they were installed.
        for stage in order {
            let before = facts.dependencies.len();
            add(facts, part, &by_stage.remove(&stage).unwrap_or_default());
            facts.dependencies.iter_mut().skip(before).for_each(|dependency| dependency.stage = Some(stage));
        }
        let one = self.python.windows(2).all(|pair| pair[0].1 == pair[1].1);
        if let Some((stage, set, text)) = self.python.into_iter().next().filter(|_| one) {
            let by = format!("python{text}");
            let claim = VersionClaim::new(part, Component::Python, set, text, How::Install, by);
            facts.versions.push(VersionClaim { stage: Some(stage), ..claim });
        }
    }
}

/// Variables that name the interpreter, with the settings they stand for.
const INTERPRETERS: [(&str, &str); 2] =
    [("PYSPARK_PYTHON", "spark.pyspark.python"), ("PYSPARK_DRIVER_PYTHON", "spark.pyspark.driver.python")];

/// Adds what the variables of the final stages say: the interpreters, and the archive of `Py4J` on Python's path.
pub(super) fn environment(facts: &mut Facts, part: PartId) {
    let PartKind::ImageBuild(build) = &facts.part(part).kind else { return };
    let mut numbers = build.final_stages();
    numbers.sort_unstable();
    let mut settings: Vec<ConfSetting> = Vec::new();
    let mut versions = Vec::new();
    for (number, stage) in numbers.iter().filter_map(|number| Some((*number, build.stages.get(*number)?))) {
        for (name, value) in &stage.env {
            if let Some((_, key)) = INTERPRETERS.iter().find(|(variable, _)| *variable == name.as_str()) {
                let key = Traced::literal(*key, name.span());
                settings.retain(|known| known.key.as_str() != key.as_str());
                settings.push(ConfSetting { part, key, value: Some(value.clone()), via: Via::File, slot: None });
            }
            if name.as_str() == "PYTHONPATH" {
                versions.extend(py4j(part, value).map(|claim| VersionClaim { stage: Some(number), ..claim }));
            }
        }
    }
    // What a later line sets is what holds.
    facts.versions.extend(versions.pop());
    facts.settings.extend(settings);
}

/// The version in `…/py4j-0.10.9.7-src.zip` on Python's path.
pub(super) fn py4j(part: PartId, path: &Traced) -> Option<VersionClaim> {
    let text = path.as_str();
    let start = text.find("py4j-")? + "py4j-".len();
    let end = start + text[start..].find("-src.zip")?;
    let version = path.slice(start..end);
    let is_number = version.as_str().chars().all(|c| c.is_ascii_digit() || c == '.');
    let set = VersionSet::exactly(Version::parse(version.as_str()).filter(|_| is_number)?);
    let how = How::Field("PYTHONPATH");
    let claim = VersionClaim::new(part, Component::named("py4j"), set, version, how, "PYTHONPATH");
    Some(VersionClaim { distribution: Some("tarball"), ..claim })
}
