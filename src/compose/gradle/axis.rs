//! What a build can be asked for: properties set from outside, and conditions that only a running build can answer. Each
//! combination of answers is an evaluation; branches that exclude each other never hold in the same one.

use crate::fact::Variants;
use crate::source::Traced;
use std::rc::Rc;

/// The most values that are tried for one question.
const MAX_VALUES: usize = 16;

/// The longest text of a condition that is shown.
const MAX_SHOWN: usize = 48;

/// A question.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Question {
    /// What a property from outside is.
    Property(Rc<str>),
    /// Whether a condition holds, or which branch: by its words.
    Condition(Rc<str>),
}

/// An answer.
#[derive(Debug, Clone)]
pub(super) enum Answer {
    /// The property's value.
    Is(Traced),
    /// The condition holds, or does not; in a list of branches, the number of the one that does.
    Branch(usize),
}

impl PartialEq for Answer {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Is(a), Self::Is(b)) => a.as_str() == b.as_str(),
            (Self::Branch(a), Self::Branch(b)) => a == b,
            _ => false,
        }
    }
}

/// The questions that scripts ask, with the answers that would change something.
#[derive(Debug, Default)]
pub(super) struct Questions {
    found: Vec<(Question, Vec<Answer>)>,
}

impl Questions {
    /// Notes that another answer would lead elsewhere.
    pub(super) fn ask(&mut self, question: Question, answer: Answer) {
        let at = self.found.iter().position(|(known, _)| *known == question).unwrap_or(self.found.len());
        if at == self.found.len() && at < Variants::MAX {
            self.found.push((question, Vec::new()));
        }
        if let Some((_, answers)) = self.found.get_mut(at)
            && !answers.contains(&answer)
            && answers.len() < MAX_VALUES
        {
            answers.push(answer);
        }
    }

    /// Combinations of answers that are not among those known: each alone, then pairs of answers to two questions.
    pub(super) fn combinations(&self) -> Vec<Choice> {
        let singles: Vec<(Question, Answer)> =
            self.found.iter().flat_map(|(q, answers)| answers.iter().map(|a| (q.clone(), a.clone()))).collect();
        let mut combinations: Vec<Choice> = singles.iter().map(|one| Choice(vec![one.clone()])).collect();
        for (i, first) in singles.iter().enumerate() {
            for second in singles.iter().skip(i + 1).filter(|second| second.0 != first.0) {
                if combinations.len() > Variants::MAX {
                    return combinations;
                }
                combinations.push(Choice(vec![first.clone(), second.clone()]));
            }
        }
        combinations
    }
}

/// Answers that are given in one evaluation; to all other questions the natural one is.
#[derive(Debug, Default, Clone, PartialEq)]
pub(super) struct Choice(Vec<(Question, Answer)>);

impl Choice {
    /// The answer that is given.
    pub(super) fn answer(&self, question: &Question) -> Option<&Answer> {
        self.0.iter().find(|(known, _)| known == question).map(|(_, answer)| answer)
    }

    /// `default`, `sparkVersion=3.4`, `not (isRelease)`.
    pub(super) fn name(&self) -> String {
        let one = |(question, answer): &(Question, Answer)| match (question, answer) {
            (Question::Property(name), Answer::Is(value)) => format!("{name}={value}"),
            (Question::Property(name), Answer::Branch(_)) => format!("{name}=?"),
            (Question::Condition(text), Answer::Branch(branch)) => format!("({})#{branch}", shown(text)),
            (Question::Condition(text), Answer::Is(_)) => shown(text),
        };
        if self.0.is_empty() { "default".to_owned() } else { self.0.iter().map(one).collect::<Vec<_>>().join(",") }
    }
}

fn shown(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let line = words.join(" ");
    match line.char_indices().nth(MAX_SHOWN) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}
