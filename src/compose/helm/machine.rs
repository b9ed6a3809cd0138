//! Follows a template. What it does not know it leaves as it is written, so that [`crate::read::yaml`] masks it.

use super::text::Text;
use super::value::Value;
use super::writer::Writer;
use crate::read::helm::{Block, Branch, Item, Operand, Pipeline, Tag, Verb};
use std::collections::{HashMap, HashSet};

/// How deep templates may call each other.
const MAX_CALLS: usize = 48;

/// How many items one file may take.
const MAX_STEPS: usize = 200_000;

/// How long what one file makes may become, in bytes.
const MAX_OUTPUT: usize = 4 << 20;

/// The templates that a chart and its subcharts define, by name.
pub(super) type Library<'c> = HashMap<&'c str, &'c [Item]>;

/// Why a template was given up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum GivenUp {
    /// It goes on for too long.
    TooLong,
    /// It leaves a loop where that cannot be followed.
    Leaves,
}

/// What runs one file.
pub(super) struct Machine<'c> {
    pub(super) library: &'c Library<'c>,
    steps: usize,
    calls: usize,
    /// How many conditions around are not known.
    pub(super) doubts: usize,
    /// Whether the template asked what the cluster knows.
    pub(super) asks_cluster: bool,
    /// Why a call inside a pipeline was given up.
    pub(super) failed: Option<GivenUp>,
    /// Keys that a function wrote into what others may see: nobody knows them any more.
    pub(super) rewritten: HashSet<Box<str>>,
}

/// What names stand for at a place of a template.
#[derive(Debug, Clone)]
pub(super) struct Scope {
    pub(super) dot: Value,
    pub(super) root: Value,
    pub(super) variables: Vec<(Box<str>, Value)>,
}

impl Scope {
    pub(super) fn new(dot: Value) -> Self {
        Self { root: dot.clone(), dot, variables: Vec::new() }
    }

    pub(super) fn variable(&self, name: &str) -> Value {
        if name.is_empty() {
            return self.root.clone();
        }
        self.variables.iter().rev().find(|(own, _)| **own == *name).map_or(Value::Unknown, |(_, value)| value.clone())
    }

    pub(super) fn declare(&mut self, name: &str, value: Value) {
        self.variables.push((name.into(), value));
    }

    pub(super) fn assign(&mut self, name: &str, value: Value) {
        if let Some((_, old)) = self.variables.iter_mut().rev().find(|(own, _)| **own == *name) {
            *old = value;
        }
    }
}

type Done = Result<(), GivenUp>;

impl<'c> Machine<'c> {
    pub(super) fn new(library: &'c Library<'c>) -> Self {
        Self { library, steps: 0, calls: 0, doubts: 0, asks_cluster: false, failed: None, rewritten: HashSet::new() }
    }

    /// What items write, in a scope of their own.
    pub(super) fn items(&mut self, items: &[Item], scope: &mut Scope, out: &mut Writer) -> Done {
        let variables = scope.variables.len();
        for (i, item) in items.iter().enumerate() {
            self.steps += 1;
            if self.steps > MAX_STEPS || out.len() > MAX_OUTPUT {
                return Err(GivenUp::TooLong);
            }
            if let Some(reason) = self.failed {
                return Err(reason);
            }
            match item {
                Item::Text(text) => out.literal(text),
                Item::Output(tag, pipeline) => {
                    let value = self.pipeline(pipeline, scope, tag.span);
                    Self::output(tag, &value, items.get(i + 1), out);
                }
                Item::Assign(tag, pipeline) => self.assign(tag, pipeline, scope),
                Item::Call(tag, name, argument) => {
                    let value = self.call(tag, name, argument.as_ref(), scope)?;
                    Self::output(tag, &value, items.get(i + 1), out);
                }
                Item::Block(block) => self.block(block, scope, out)?,
                Item::Leave(_) => return Err(GivenUp::Leaves),
                Item::Opaque(tag) => out.raw(tag),
            }
        }
        scope.variables.truncate(variables);
        Ok(())
    }

    fn output(tag: &Tag, value: &Value, next: Option<&Item>, out: &mut Writer) {
        let Some(text) = value.printed() else { return out.raw(tag) };
        // What nobody gave a value is for whoever installs the chart.
        let is_nothing = text.is_empty() && !tag.begins_line && out.begins_word() && ends_word(next);
        let has_lines = text.as_str().contains('\n') && tag.begins_line_of(&text) && !out.begins_block();
        if is_nothing {
            out.word(tag);
        } else if !(text.is_known() || has_lines) {
            out.raw(tag);
        } else {
            out.text(&text.used_at(tag.span));
        }
    }

    fn assign(&mut self, tag: &Tag, pipeline: &Pipeline, scope: &mut Scope) {
        let value = self.pipeline(pipeline, scope, tag.span);
        let [name] = pipeline.variables.as_slice() else { return };
        if pipeline.declares {
            scope.declare(name, value);
        } else {
            scope.assign(name, if self.doubts > 0 { Value::Unknown } else { value });
        }
    }

    fn call(
        &mut self,
        tag: &Tag,
        name: &Operand,
        argument: Option<&Pipeline>,
        scope: &mut Scope,
    ) -> Result<Value, GivenUp> {
        let name = self.operand(name, scope, tag.span);
        let argument = argument.map_or(Value::Nil, |argument| self.pipeline(argument, scope, tag.span));
        match name.known() {
            Some(name) => self.include(name.as_str(), argument),
            None => Ok(Value::Unknown),
        }
    }

    /// What a defined template writes.
    pub(super) fn include(&mut self, name: &str, argument: Value) -> Result<Value, GivenUp> {
        let Some(items) = self.library.get(name).copied() else { return Ok(Value::Unknown) };
        self.written(items, argument)
    }

    /// What items write with a dot of their own.
    pub(super) fn written(&mut self, items: &[Item], dot: Value) -> Result<Value, GivenUp> {
        if self.calls >= MAX_CALLS {
            return Err(GivenUp::TooLong);
        }
        self.calls += 1;
        // A template has no variables of its caller, so that its doubts are not those around the call.
        let doubts = std::mem::take(&mut self.doubts);
        let mut out = Writer::default();
        let done = self.items(items, &mut Scope::new(dot), &mut out);
        self.doubts = doubts;
        self.calls -= 1;
        done.map(|()| Value::Str(out.into_text()))
    }

    fn block(&mut self, block: &Block, scope: &mut Scope, out: &mut Writer) -> Done {
        let variables = scope.variables.len();
        for (i, branch) in block.branches.iter().enumerate() {
            let Some((verb, pipeline)) = &branch.test else {
                self.items(&branch.body, scope, out)?;
                break;
            };
            let value = self.pipeline(pipeline, scope, branch.tag.span);
            match value.truth() {
                Some(true) if *verb == Verb::Range => {
                    if !self.range(branch, pipeline, &value, scope, out)? {
                        self.doubt(block, i, scope, out)?;
                    }
                    break;
                }
                Some(true) => {
                    if let [name] = pipeline.variables.as_slice() {
                        scope.declare(name, value.clone());
                    }
                    let dot = if *verb == Verb::With { value } else { scope.dot.clone() };
                    let outer = std::mem::replace(&mut scope.dot, dot);
                    let done = self.items(&branch.body, scope, out);
                    scope.dot = outer;
                    done?;
                    break;
                }
                Some(false) => {
                    if let Some(column) = column(branch) {
                        out.mark(column);
                    }
                    if let [name] = pipeline.variables.as_slice() {
                        scope.declare(name, value);
                    }
                }
                None => {
                    self.doubt(block, i, scope, out)?;
                    break;
                }
            }
        }
        scope.variables.truncate(variables);
        Ok(())
    }

    /// Goes over a collection; false where it cannot be followed.
    fn range(
        &mut self,
        branch: &Branch,
        pipeline: &Pipeline,
        value: &Value,
        scope: &mut Scope,
        out: &mut Writer,
    ) -> Result<bool, GivenUp> {
        let pairs: Vec<(Value, Value)> = match value {
            Value::List(items) => {
                let number = |i: usize| Value::int(i64::try_from(i).unwrap_or_default(), branch.tag.span);
                items.iter().enumerate().map(|(i, item)| (number(i), item.clone())).collect()
            }
            Value::Map(map) if !map.is_open => {
                map.entries.values().map(|(key, value)| (Value::Str(key.clone()), value.clone())).collect()
            }
            _ => return Ok(false),
        };
        for (key, item) in pairs {
            let variables = scope.variables.len();
            match pipeline.variables.as_slice() {
                [one] => scope.declare(one, item.clone()),
                [first, second] => {
                    scope.declare(first, key);
                    scope.declare(second, item.clone());
                }
                _ => {}
            }
            let outer = std::mem::replace(&mut scope.dot, item);
            let done = self.items(&branch.body, scope, out);
            scope.dot = outer;
            scope.variables.truncate(variables);
            done?;
        }
        Ok(true)
    }

    /// Writes all branches from one on whose condition is not known, with their actions as they stand.
    fn doubt(&mut self, block: &Block, from: usize, scope: &mut Scope, out: &mut Writer) -> Done {
        self.doubts += 1;
        for branch in block.branches.get(from..).unwrap_or_default() {
            out.raw(&branch.tag);
            let variables = scope.variables.len();
            let outer = scope.dot.clone();
            if let Some((verb, pipeline)) = &branch.test {
                pipeline.variables.iter().for_each(|name| scope.declare(name, Value::Unknown));
                if *verb != Verb::If {
                    scope.dot = Value::Unknown;
                }
            }
            let done = self.items(&branch.body, scope, out);
            scope.dot = outer;
            scope.variables.truncate(variables);
            done?;
        }
        out.raw(&block.end);
        self.doubts -= 1;
        Ok(())
    }
}

impl Tag {
    /// Whether the lines of a text stay lines where the action stands.
    fn begins_line_of(&self, text: &Text) -> bool {
        self.begins_line || text.as_str().starts_with('\n')
    }
}

/// Whether what follows an action ends the word that the action is in.
fn ends_word(next: Option<&Item>) -> bool {
    match next {
        None => true,
        Some(Item::Text(text)) => text.text.starts_with(|c: char| c.is_whitespace() || matches!(c, '"' | '\'')),
        Some(Item::Block(block)) => block.branches.first().is_some_and(|branch| branch.tag.begins_line),
        Some(_) => false,
    }
}

/// The column at which a branch with lines of its own writes; None where it writes inside a line.
fn column(branch: &Branch) -> Option<usize> {
    if !branch.tag.begins_line {
        return None;
    }
    let mut line = String::new();
    for item in &branch.body {
        match item {
            Item::Text(text) => {
                for piece in text.text.split_inclusive('\n') {
                    let blanks = piece.len() - piece.trim_start_matches(' ').len();
                    if !piece.trim().is_empty() {
                        let own = if line.is_empty() { blanks } else { line.len() };
                        return Some(own);
                    }
                    line.clear();
                    if !piece.ends_with('\n') {
                        line.push_str(piece);
                    }
                }
            }
            Item::Output(tag, _) | Item::Call(tag, ..) => return Some(said_indent(&tag.raw).unwrap_or(line.len())),
            Item::Block(block) => {
                if let Some(column) = block.branches.first().and_then(column) {
                    return Some(column);
                }
            }
            Item::Assign(..) | Item::Leave(_) | Item::Opaque(_) => {}
        }
    }
    None
}

/// The number behind the last `indent` or `nindent` of an action.
fn said_indent(raw: &str) -> Option<usize> {
    let behind = raw.rsplit_once("indent ")?.1.trim_start();
    let digits = behind.bytes().take_while(u8::is_ascii_digit).count();
    behind[..digits].parse().ok().filter(|n| *n < 1000)
}
