//! Follows a template. What it does not know it leaves as it is written, so that [`crate::read::yaml`] masks it.

mod place;

use super::text::Text;
use super::value::Value;
use super::writer::Writer;
use super::writes::Writes;
use crate::read::helm::{Block, Branch, Item, Operand, Pipeline, Tag, Verb};
use place::{column, ends_word};
use std::collections::HashMap;

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
    steps: usize,
    calls: usize,
    /// The templates that are being followed, the innermost last.
    within: Vec<Box<str>>,
    /// How many conditions around are not known.
    pub(super) doubts: usize,
    /// How many of these are around the innermost loop as well.
    loop_doubts: usize,
    /// Why a call inside a pipeline was given up.
    pub(super) failed: Option<GivenUp>,
    /// How often an answer of the cluster was assumed.
    pub(super) assumed: usize,
    /// What functions wrote into mappings that others see.
    pub(super) writes: Writes,
    /// What is asked of the world around the chart.
    pub(super) world: World<'c>,
}

/// What a template is followed in.
#[derive(Clone, Copy)]
pub(super) struct World<'c> {
    /// The templates that others define.
    pub(super) library: &'c Library<'c>,
    /// The texts of a chart's other files, by its folder and their paths.
    pub(super) files: &'c dyn Fn(&str, &str) -> Option<Text>,
    /// The values are what is installed: what they leave out is not there. Otherwise others may still fill it in.
    pub(super) is_final: bool,
    /// The cluster has every API that it is asked for, not Kubernetes' own alone.
    pub(super) has_all: bool,
}

/// How items were left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Flow {
    /// At their end.
    Through,
    /// By `break`.
    Break,
    /// By `continue`.
    Continue,
}

/// What names stand for at a place of a template.
#[derive(Debug, Clone)]
pub(super) struct Scope {
    pub(super) dot: Value,
    pub(super) root: Value,
    pub(super) variables: Vec<Variable>,
}

/// A variable of a template.
#[derive(Debug, Clone)]
pub(super) struct Variable {
    name: Box<str>,
    pub(super) value: Value,
    /// An answer of the cluster that was assumed made it what it is.
    is_assumed: bool,
}

impl Scope {
    pub(super) fn new(dot: Value) -> Self {
        Self { root: dot.clone(), dot, variables: Vec::new() }
    }

    /// A variable's value, and whether an assumed answer made it; `$` is the root.
    pub(super) fn variable(&self, name: &str) -> (Value, bool) {
        if name.is_empty() {
            return (self.root.clone(), false);
        }
        let found = self.variables.iter().rev().find(|own| *own.name == *name);
        found.map_or((Value::Unknown, false), |own| (own.value.clone(), own.is_assumed))
    }

    pub(super) fn declare(&mut self, name: &str, value: Value, is_assumed: bool) {
        self.variables.push(Variable { name: name.into(), value, is_assumed });
    }

    pub(super) fn assign(&mut self, name: &str, value: Value, is_assumed: bool) {
        if let Some(own) = self.variables.iter_mut().rev().find(|own| *own.name == *name) {
            (own.value, own.is_assumed) = (value, own.is_assumed || is_assumed);
        }
    }
}

type Done = Result<Flow, GivenUp>;

impl<'c> Machine<'c> {
    pub(super) fn new(world: World<'c>) -> Self {
        let writes = Writes::default();
        Self {
            world,
            steps: 0,
            calls: 0,
            within: Vec::new(),
            doubts: 0,
            loop_doubts: 0,
            assumed: 0,
            failed: None,
            writes,
        }
    }

    /// Counts what a function takes in.
    pub(super) fn charge(&mut self, steps: usize) {
        self.steps = self.steps.saturating_add(steps);
        if self.steps > MAX_STEPS {
            self.failed = Some(GivenUp::TooLong);
        }
    }

    /// What items write, in a scope of their own.
    pub(super) fn items(&mut self, items: &[Item], scope: &mut Scope, out: &mut Writer) -> Done {
        let variables = scope.variables.len();
        let mut flow = Flow::Through;
        for (i, item) in items.iter().enumerate() {
            self.charge(1);
            if out.len() > MAX_OUTPUT {
                return Err(GivenUp::TooLong);
            }
            if let Some(reason) = self.failed {
                return Err(reason);
            }
            match item {
                Item::Text(text) => out.literal(text),
                Item::Output(tag, pipeline) => {
                    let before = self.assumed;
                    let mut value = self.pipeline(pipeline, scope, tag.span);
                    if let Value::Str(text) = &value
                        && self.assumed > before
                        && !text.as_str().contains('\n')
                    {
                        value = Value::Str(text.clone().asked());
                    }
                    Self::output(tag, &value, items.get(i + 1), out);
                }
                Item::Assign(tag, pipeline) => self.assign(tag, pipeline, scope),
                Item::Call(tag, name, argument) => {
                    let value = self.call(tag, name, argument.as_ref(), scope)?;
                    Self::output(tag, &value, items.get(i + 1), out);
                }
                Item::Block(block) => flow = self.block(block, scope, out)?,
                // Whether the loop goes on is not known.
                Item::Leave(..) if self.doubts > self.loop_doubts => return Err(GivenUp::Leaves),
                Item::Leave(_, is_break) => flow = if *is_break { Flow::Break } else { Flow::Continue },
                Item::Opaque(tag) => out.raw(tag),
            }
            if flow != Flow::Through {
                break;
            }
        }
        scope.variables.truncate(variables);
        Ok(flow)
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
        let before = self.assumed;
        let value = self.pipeline(pipeline, scope, tag.span);
        let is_assumed = self.assumed > before;
        let [name] = pipeline.variables.as_slice() else { return };
        if pipeline.declares {
            scope.declare(name, value, is_assumed);
        } else {
            scope.assign(name, if self.doubts > 0 { Value::Unknown } else { value }, is_assumed);
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
        let Some(items) = self.world.library.get(name).copied() else { return Ok(Value::Unknown) };
        // Where it is not known whether a template calls itself again, it would do so for ever.
        if self.doubts > 0 && self.within.iter().any(|own| &**own == name) {
            return Ok(Value::Unknown);
        }
        self.within.push(name.into());
        let done = self.written(items, argument);
        self.within.pop();
        done
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
        done.map(|_| Value::Str(out.into_text()))
    }

    fn block(&mut self, block: &Block, scope: &mut Scope, out: &mut Writer) -> Done {
        let variables = scope.variables.len();
        let (mut flow, mut is_asked) = (Flow::Through, false);
        for (i, branch) in block.branches.iter().enumerate() {
            let Some((verb, pipeline)) = &branch.test else {
                out.asked += usize::from(is_asked);
                flow = self.items(&branch.body, scope, out)?;
                out.asked -= usize::from(is_asked);
                break;
            };
            let before = self.assumed;
            let value = self.pipeline(pipeline, scope, branch.tag.span);
            let is_assumed = self.assumed > before;
            is_asked |= is_assumed;
            match value.truth() {
                Some(true) if *verb == Verb::Range => {
                    if !self.range(branch, pipeline, &value, scope, out)? {
                        self.doubt(block, i, scope, out)?;
                    }
                    break;
                }
                Some(true) => {
                    if let [name] = pipeline.variables.as_slice() {
                        scope.declare(name, value.clone(), is_assumed);
                    }
                    let dot = if *verb == Verb::With { value } else { scope.dot.clone() };
                    let outer = std::mem::replace(&mut scope.dot, dot);
                    out.asked += usize::from(is_asked);
                    let done = self.items(&branch.body, scope, out);
                    out.asked -= usize::from(is_asked);
                    scope.dot = outer;
                    flow = done?;
                    break;
                }
                Some(false) => {
                    // What the values leave out is not there; what another cluster would have is not known.
                    if let Some(column) = column(branch).filter(|_| is_assumed || !self.world.is_final) {
                        out.mark(column);
                    }
                    if let [name] = pipeline.variables.as_slice() {
                        scope.declare(name, value, is_assumed);
                    }
                }
                None => {
                    self.doubt(block, i, scope, out)?;
                    break;
                }
            }
        }
        scope.variables.truncate(variables);
        Ok(flow)
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
            Value::Int(end @ 0..1000, _) => {
                (0..*end).map(|i| Value::int(i, branch.tag.span)).map(|i| (i.clone(), i)).collect()
            }
            _ => return Ok(false),
        };
        for (key, item) in pairs {
            let item = self.writes.current(&item);
            let variables = scope.variables.len();
            match pipeline.variables.as_slice() {
                [one] => scope.declare(one, item.clone(), false),
                [first, second] => {
                    scope.declare(first, key, false);
                    scope.declare(second, item.clone(), false);
                }
                _ => {}
            }
            let outer = std::mem::replace(&mut scope.dot, item);
            let doubts = std::mem::replace(&mut self.loop_doubts, self.doubts);
            let done = self.items(&branch.body, scope, out);
            self.loop_doubts = doubts;
            scope.dot = outer;
            scope.variables.truncate(variables);
            if done? == Flow::Break {
                break;
            }
        }
        Ok(true)
    }

    /// Writes all branches from one on whose condition is not known, with their actions as they stand.
    fn doubt(&mut self, block: &Block, from: usize, scope: &mut Scope, out: &mut Writer) -> Result<(), GivenUp> {
        self.doubts += 1;
        for branch in block.branches.get(from..).unwrap_or_default() {
            out.raw(&branch.tag);
            let variables = scope.variables.len();
            let outer = scope.dot.clone();
            if let Some((verb, pipeline)) = &branch.test {
                pipeline.variables.iter().for_each(|name| scope.declare(name, Value::Unknown, false));
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
