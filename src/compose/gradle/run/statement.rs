//! Statements, blocks and functions.

use super::super::value::Value;
use super::{Flow, MAX_DEPTH, Run};
use crate::read::gradle::{Block, Statement};
use std::collections::HashMap;
use std::rc::Rc;

impl<'a> Run<'_, 'a> {
    /// Runs a block in a scope of its own; its value is its last statement's.
    pub(super) fn run_block(&mut self, block: &'a Block) -> Flow<'a> {
        self.run_block_with(block, &[])
    }

    pub(super) fn run_block_with(&mut self, block: &'a Block, arguments: &[Value<'a>]) -> Flow<'a> {
        let mut scope = HashMap::new();
        if block.parameters.is_empty() {
            scope.extend(arguments.first().map(|it| ("it".into(), it.clone())));
        } else if let ([_, _, ..], [Value::List(pair, _)]) = (&*block.parameters, arguments) {
            scope.extend(block.parameters.iter().cloned().zip(pair.iter().cloned()));
        } else {
            scope.extend(block.parameters.iter().cloned().zip(arguments.iter().cloned()));
        }
        if self.depth >= MAX_DEPTH {
            self.lose(block.span, "too many blocks and calls in one another");
            return Flow::Value(Value::unknown("it stands too deep"));
        }
        let Some(context) = self.contexts.last_mut() else { return Flow::Value(Value::Null) };
        context.scopes.push(scope);
        self.depth += 1;
        let flow = self.statements(block);
        self.depth -= 1;
        if let Some(context) = self.contexts.last_mut() {
            context.scopes.pop();
        }
        flow
    }

    pub(super) fn statements(&mut self, block: &'a Block) -> Flow<'a> {
        let mut last = Value::Null;
        for statement in &block.statements {
            if *self.steps == 0 {
                self.lose(block.span, "the scripts of this build are too long to be followed in all evaluations");
                break;
            }
            *self.steps -= 1;
            match self.statement(statement) {
                Flow::Value(value) => last = value,
                Flow::Return(value) => return Flow::Return(value),
            }
        }
        Flow::Value(last)
    }

    fn statement(&mut self, statement: &'a Statement) -> Flow<'a> {
        match statement {
            Statement::Expression(expression) => return self.flow(expression),
            Statement::Define { names, value, delegated } => self.definition(names, value.as_ref(), *delegated),
            Statement::Assign { target, adds, value, span } => self.assignment(target, *adds, value, *span),
            Statement::Function { name, parameters, body } => self.define(name, Value::Function(parameters, body)),
            Statement::Object { name, body } => {
                let object = self.object(body);
                self.define(name, object);
            }
            Statement::For { name, list, body } => {
                let list = self.value(list);
                match list.items() {
                    Some(items) => {
                        for item in items.iter().cloned() {
                            if let Some(context) = self.contexts.last_mut() {
                                context.scopes.push(HashMap::from([(name.clone(), item)]));
                            }
                            let flow = self.run_block(body);
                            if let Some(context) = self.contexts.last_mut() {
                                context.scopes.pop();
                            }
                            if matches!(flow, Flow::Return(_)) {
                                return flow;
                            }
                        }
                    }
                    None => self.lose(body.span, "what this loop goes over is not known"),
                }
            }
            Statement::Return(value) => {
                let value = value.as_ref().map_or(Value::Null, |value| self.value(value));
                return Flow::Return(value);
            }
        }
        Flow::Value(Value::Null)
    }

    /// What the definitions of an object make.
    pub(super) fn object(&mut self, body: &'a Block) -> Value<'a> {
        let mut entries: Vec<(Box<str>, Value<'a>)> = Vec::new();
        if let Some(context) = self.contexts.last_mut() {
            context.scopes.push(HashMap::new());
        }
        for statement in &body.statements {
            let entry = match statement {
                Statement::Define { names, value: Some(value), delegated: false } => {
                    names.first().map(|name| (name.clone(), self.value(value)))
                }
                Statement::Object { name, body } if self.depth < MAX_DEPTH => {
                    self.depth += 1;
                    let object = self.object(body);
                    self.depth -= 1;
                    Some((name.clone(), object))
                }
                _ => None,
            };
            if let Some((name, value)) = entry {
                self.define(&name, value.clone());
                entries.push((name, value));
            }
        }
        if let Some(context) = self.contexts.last_mut() {
            context.scopes.pop();
        }
        Value::Map(Rc::new(entries))
    }

    pub(super) fn define(&mut self, name: &str, value: Value<'a>) {
        if let Some(scope) = self.contexts.last_mut().and_then(|context| context.scopes.last_mut()) {
            scope.insert(name.into(), value);
        }
    }

    /// A variable of the script, nearest first.
    pub(super) fn local(&self, name: &str) -> Option<&Value<'a>> {
        let own = self.contexts.last()?.scopes.iter().rev().find_map(|scope| scope.get(name));
        own.or_else(|| self.globals.get(name))
    }

    /// Calls a function of a script, or runs a block as one.
    pub(super) fn invoke(&mut self, function: &Value<'a>, arguments: &[Value<'a>]) -> Value<'a> {
        match function {
            Value::Block(block) => self.run_block_with(block, arguments).value(),
            Value::Function(parameters, body) => {
                if self.depth >= MAX_DEPTH {
                    return Value::unknown("it stands too deep");
                }
                let scope: HashMap<Box<str>, Value<'a>> =
                    parameters.iter().cloned().zip(arguments.iter().cloned()).collect();
                if let Some(context) = self.contexts.last_mut() {
                    context.scopes.push(scope);
                }
                let value = self.run_block(body).value();
                if let Some(context) = self.contexts.last_mut() {
                    context.scopes.pop();
                }
                value
            }
            _ => Value::unknown("it is no function"),
        }
    }
}
