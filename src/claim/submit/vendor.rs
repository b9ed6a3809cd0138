//! Applications that the vendors' commands start: steps of EMR, jobs and batches of Dataproc.

use super::super::platform;
use super::{Inside, Submit};
use crate::fact::{Facts, Part, PartId, PartKind};
use crate::read::shell::Word;
use crate::source::{Span, Traced};

/// Flags of `gcloud dataproc` that mean what they mean for `spark-submit`.
const SHARED: [&str; 5] = ["--archives", "--class", "--files", "--jars", "--py-files"];

impl Submit<'_> {
    /// What a vendor's command starts, on the platform that the same command creates or on another one.
    pub(super) fn vendor(&mut self, words: &[Word], span: Span, created: Option<PartId>) {
        let Some((program, rest)) = words.split_first() else { return };
        let subjects: Vec<&str> = rest.iter().take(4).map(Word::as_str).collect();
        let before = self.facts.parts.len();
        let outer = self.runner.part;
        self.runner.part = created.or(outer);
        match (program.as_str().rsplit('/').next().unwrap_or_default(), subjects.as_slice()) {
            ("aws", ["emr", ..]) => self.steps(rest, span),
            ("gcloud", ["dataproc", "jobs" | "batches", "submit", "spark" | "pyspark" | "spark-sql"]) => {
                self.dataproc(rest.get(3..).unwrap_or_default(), span);
            }
            _ => {}
        }
        self.runner.part = outer;
        if created.is_none() {
            self.elsewhere.extend((before..self.facts.parts.len()).map(|part| PartId(part as u32)));
        }
    }

    /// `--steps Type=Spark,Args=[…] Type=CUSTOM_JAR,Jar=command-runner.jar,Args=[spark-submit,…]`.
    fn steps(&mut self, words: &[Word], span: Span) {
        let steps = words.iter().skip_while(|word| word.as_str() != "--steps").skip(1);
        for step in steps.take_while(|word| !word.as_str().starts_with("--")) {
            let arguments = arguments(step);
            let of_spark = step.as_str().split(',').any(|field| field.eq_ignore_ascii_case("Type=Spark"));
            if of_spark {
                let program = Traced::literal("spark-submit", step.text.written());
                self.listed = true;
                self.submission(&program, &arguments.iter().collect::<Vec<_>>(), span, &Inside::default());
            } else if step.as_str().contains("command-runner.jar") {
                self.listed = true;
                self.words(&arguments, span, &Inside::default(), 0);
            }
            self.listed = false;
        }
    }

    /// The words from the kind of the job on.
    fn dataproc(&mut self, words: &[Word], span: Span) {
        let Some((kind, rest)) = words.split_first() else { return };
        let (mut arguments, mut main) = (Vec::new(), None);
        let mut rest = rest.iter();
        while let Some(word) = rest.next() {
            let text = word.as_str();
            let flag = text.split('=').next().unwrap_or(text);
            if text == "--" {
                break;
            } else if SHARED.contains(&flag) {
                arguments.push(word.clone());
                arguments.extend(rest.next().filter(|_| flag.len() == text.len()).cloned());
            } else if text.starts_with("--") {
                // Nearly all others take a value, which may stand in a word of its own.
                let takes = flag.len() == text.len() && !matches!(flag, "--async" | "--quiet" | "--verbosity");
                if takes && rest.as_slice().first().is_some_and(|next| !next.as_str().starts_with("--")) {
                    rest.next();
                }
            } else if kind.as_str() == "pyspark" && main.is_none() {
                main = Some(word.clone());
            }
        }
        arguments.extend(main);
        let program = Traced::literal("spark-submit", kind.text.written());
        let before = self.facts.parts.len();
        self.submission(&program, &arguments.iter().collect::<Vec<_>>(), span, &Inside::default());
        if let (true, Some(text)) = (self.facts.parts.len() > before, platform::flag_value(words, "--properties")) {
            self.facts.settings.extend(platform::properties(PartId(before as u32), &text));
        }
    }
}

/// The items of a step's `Args=[…]`; quotes keep commas together.
fn arguments(step: &Word) -> Vec<Word> {
    let text = step.as_str();
    let Some(start) = text.find("Args=[").map(|at| at + "Args=[".len()) else { return Vec::new() };
    let end = text.rfind(']').filter(|end| *end >= start).unwrap_or(text.len());
    let (mut found, mut from, mut quote) = (Vec::new(), start, None);
    let ends = text.char_indices().filter(|(at, _)| (start..end).contains(at)).chain([(end, ',')]);
    for (at, c) in ends {
        match (quote, c) {
            (Some(open), _) if open == c => quote = None,
            (None, '"' | '\'') => quote = Some(c),
            (None, ',') => {
                let item = step.text.slice(from..at).trim();
                let inner = item.as_str().trim_matches(['"', '\'']);
                let skipped = inner.as_ptr() as usize - item.as_str().as_ptr() as usize;
                let text = item.slice(skipped..skipped + inner.len());
                let known = !text.as_str().contains(['$', '`']);
                found.push(Word { known, ..Word::of(text) });
                from = at + 1;
            }
            _ => {}
        }
    }
    found
}

/// Gives what runs on a platform that another command creates to the only one that there is.
pub(super) fn settle(facts: &mut Facts, elsewhere: &[PartId]) {
    let platforms = facts.parts().filter(|(_, part)| matches!(part.kind, PartKind::Platform(_)));
    let platforms: Vec<PartId> = platforms.map(|(id, _)| id).take(2).collect();
    let [only] = platforms.as_slice() else { return };
    for part in elsewhere {
        if let Some(Part { kind: PartKind::Submission(submission), .. }) = facts.parts.get_mut(part.0 as usize) {
            submission.within.get_or_insert(*only);
        }
    }
}
