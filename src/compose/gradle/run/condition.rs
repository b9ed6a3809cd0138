//! Which branch is taken: what is known, and what would be if a command set something else.

use super::super::axis::{Answer, Question};
use super::super::value::Value;
use super::{Flow, Run, words};
use crate::read::gradle::{Block, Expression, ExpressionKind};

impl<'a> Run<'_, 'a> {
    /// The truth of a condition, as far as it is known.
    pub(super) fn truth(&mut self, condition: &'a Expression) -> Option<bool> {
        match &condition.kind {
            ExpressionKind::Not(inner) => self.truth(inner).map(|truth| !truth),
            ExpressionKind::Binary(operator, a, b) => match &**operator {
                "&&" => match self.truth(a) {
                    Some(false) => Some(false),
                    Some(true) => self.truth(b),
                    None => self.truth(b).filter(|truth| !truth),
                },
                "||" => match self.truth(a) {
                    Some(true) => Some(true),
                    Some(false) => self.truth(b),
                    None => self.truth(b).filter(|truth| *truth),
                },
                "==" | "===" => self.equal(a, b),
                "!=" | "!==" => self.equal(a, b).map(|truth| !truth),
                "in" => {
                    let (item, list) = (self.value(a), self.value(b));
                    self.contains(&list, &item)
                }
                "!in" => {
                    let (item, list) = (self.value(a), self.value(b));
                    self.contains(&list, &item).map(|truth| !truth)
                }
                _ => None,
            },
            _ => match self.value(condition) {
                Value::Bool(truth) => Some(truth),
                Value::Null | Value::Missing(_) => Some(false),
                Value::Text(text) => text.known().ok().map(|t| !t.as_str().is_empty()),
                Value::List(items, _) => Some(!items.is_empty()),
                Value::Map(entries) => Some(!entries.is_empty()),
                _ => None,
            },
        }
    }

    fn equal(&mut self, a: &'a Expression, b: &'a Expression) -> Option<bool> {
        let (left, right) = (self.value(a), self.value(b));
        self.same(&left, &right)
    }

    /// Whether two values are the same. What a property from outside is compared with is a value it can have.
    pub(super) fn same(&mut self, left: &Value<'a>, right: &Value<'a>) -> Option<bool> {
        let is_nothing = |value: &Value<'a>| matches!(value, Value::Null | Value::Missing(_));
        if matches!(left, Value::Null) || matches!(right, Value::Null) {
            return match (left, right) {
                (Value::Unknown(_), _) | (_, Value::Unknown(_)) => None,
                _ => Some(is_nothing(left) == is_nothing(right)),
            };
        }
        if let (Value::Bool(a), Value::Bool(b)) = (left, right) {
            return Some(a == b);
        }
        for (one, other) in [(left, right), (right, left)] {
            if let (Some(name), Some(value)) = (one.outside(), other.known())
                && other.outside().is_none()
                && !matches!(one, Value::List(..))
            {
                self.questions.ask(Question::Property(name), Answer::Is(value));
            }
        }
        if matches!(left, Value::Missing(_)) || matches!(right, Value::Missing(_)) {
            return Some(false);
        }
        let (a, b) = (left.known()?, right.known()?);
        Some(a.as_str() == b.as_str())
    }

    /// Whether a list, text or map holds something.
    pub(super) fn contains(&mut self, of: &Value<'a>, item: &Value<'a>) -> Option<bool> {
        match of {
            Value::List(items, outside) => {
                let wanted = item.known()?;
                if let Some(name) = outside.clone() {
                    self.questions.ask(Question::Property(name), Answer::Is(wanted.clone()));
                }
                let known: Option<Vec<_>> = items.iter().map(Value::known).collect();
                Some(known?.iter().any(|known| known.as_str() == wanted.as_str()))
            }
            Value::Text(text) => Some(text.known().ok()?.as_str().contains(item.known()?.as_str())),
            Value::Map(entries) => {
                let wanted = item.known()?;
                Some(entries.iter().any(|(key, _)| **key == *wanted.as_str()))
            }
            Value::Missing(_) => Some(false),
            _ => None,
        }
    }

    /// `if`: the branch whose condition holds; where that is not known, one for each evaluation.
    pub(super) fn conditional(
        &mut self,
        branches: &'a [(Expression, Block)],
        otherwise: Option<&'a Block>,
    ) -> Flow<'a> {
        for (condition, block) in branches {
            let known = self.truth(condition);
            let question = Question::Condition(words(condition).into());
            let holds = match self.choice.answer(&question) {
                Some(Answer::Branch(branch)) => *branch == 0,
                _ => known.unwrap_or(true),
            };
            // What does not depend on the outside has one answer.
            if known.is_none() {
                self.questions.ask(question, Answer::Branch(1));
            } else if self.depends_on_outside(condition) {
                self.questions.ask(question, Answer::Branch(usize::from(known == Some(true))));
            }
            if holds {
                return self.run_block(block);
            }
        }
        otherwise.map_or(Flow::Value(Value::Null), |block| self.run_block(block))
    }

    /// Whether a property that can be set from outside decides a condition alone, by being there or by something else than
    /// its exact value.
    fn depends_on_outside(&mut self, condition: &'a Expression) -> bool {
        match &condition.kind {
            ExpressionKind::Not(inner) => self.depends_on_outside(inner),
            ExpressionKind::Binary(operator, a, b) => match &**operator {
                "&&" | "||" => self.depends_on_outside(a) || self.depends_on_outside(b),
                "==" | "!=" => {
                    let (a, b) = (self.value(a), self.value(b));
                    let is_nothing = |value: &Value<'a>| matches!(value, Value::Null);
                    (is_nothing(&a) && b.outside().is_some()) || (is_nothing(&b) && a.outside().is_some())
                }
                _ => false,
            },
            ExpressionKind::Call { callee, arguments, .. } => match &callee.kind {
                ExpressionKind::Name(name) | ExpressionKind::Member(_, name) if &**name == "hasProperty" => true,
                ExpressionKind::Member(of, name)
                    if matches!(
                        &**name,
                        "startsWith" | "endsWith" | "matches" | "toBoolean" | "isNotEmpty" | "contains"
                    ) =>
                {
                    let asked = self.value(of);
                    asked.outside().is_some() && (!matches!(asked, Value::List(..)) || arguments.is_empty())
                }
                _ => false,
            },
            _ => self.value(condition).outside().is_some(),
        }
    }

    /// `when`, `switch`: the branch whose value the subject has.
    pub(super) fn choose(
        &mut self,
        subject: Option<&'a Expression>,
        branches: &'a [(Vec<Expression>, Block)],
        otherwise: Option<&'a Block>,
    ) -> Flow<'a> {
        let subject_value = subject.map(|subject| self.value(subject));
        let mut known = Some(branches.len());
        for (number, (values, _)) in branches.iter().enumerate() {
            for value in values {
                let holds = match &subject_value {
                    Some(subject) => {
                        let value = self.value(value);
                        self.same(subject, &value)
                    }
                    None => self.truth(value),
                };
                match holds {
                    // All values are asked, so that all are known as possible.
                    Some(true) if known == Some(branches.len()) => known = Some(number),
                    None if known == Some(branches.len()) => known = None,
                    _ => {}
                }
            }
        }
        let text = match (subject, branches.first()) {
            (Some(subject), _) => format!("when {}", words(subject)),
            (None, Some((values, _))) => format!("when {}", values.first().map_or_else(String::new, words)),
            _ => "when".to_owned(),
        };
        let question = Question::Condition(text.into());
        let taken = match (known, self.choice.answer(&question)) {
            (Some(known), _) => known,
            (None, Some(Answer::Branch(branch))) => *branch,
            (None, _) => 0,
        };
        if known.is_none() {
            for number in 1..branches.len() + usize::from(otherwise.is_some()) {
                self.questions.ask(question.clone(), Answer::Branch(number));
            }
        }
        let block = branches.get(taken).map(|(_, block)| block).or(otherwise);
        block.map_or(Flow::Value(Value::Null), |block| self.run_block(block))
    }
}
