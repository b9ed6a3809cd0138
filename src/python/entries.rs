//! Which functions are handed to something that runs them elsewhere.

use super::syntax::{ExprId, Node};
use super::world::{Ref, Type, World};
use crate::source::Span;
use std::collections::HashMap;

/// A way in which functions come to run in tasks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Way {
    /// The path of what they are handed to, or the name of a method.
    pub name: String,
    /// It is the name alone that counts, whatever the method belongs to.
    pub is_name: bool,
    /// Which methods of a handed object run.
    pub methods: Vec<String>,
}

/// A function that is handed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Handed {
    /// The function.
    pub function: Ref,
    /// Where it is handed over.
    pub span: Span,
    /// On which way, by number.
    pub way: u32,
    /// The object that it is a method of.
    pub object: Option<Ref>,
}

/// The ways, by what is looked for.
struct Ways<'w> {
    list: &'w [Way],
    exact: HashMap<&'w str, u32>,
    /// By the start of the path.
    starts: Vec<(&'w str, u32)>,
    names: HashMap<&'w str, u32>,
}

impl<'w> Ways<'w> {
    fn new(list: &'w [Way]) -> Self {
        let mut ways = Self { list, exact: HashMap::new(), starts: Vec::new(), names: HashMap::new() };
        for (number, way) in list.iter().enumerate() {
            let number = number as u32;
            match way.name.strip_suffix('*') {
                _ if way.is_name => drop(ways.names.insert(&way.name, number)),
                Some(start) => ways.starts.push((start, number)),
                None => drop(ways.exact.insert(&way.name, number)),
            }
        }
        ways
    }

    /// The way that a path is.
    fn of(&self, path: &str) -> Option<u32> {
        let plain = path.trim_end_matches("()");
        let start = || self.starts.iter().find(|(start, _)| plain.starts_with(start)).map(|(_, number)| *number);
        self.exact.get(plain).copied().or_else(start)
    }
}

/// `PySpark` has its functions in several modules; they are the same functions.
fn canonical(path: &str) -> String {
    const FUNCTIONS: [&str; 3] =
        ["pyspark.sql.connect.functions.", "pyspark.sql.functions.", "pyspark.sql.pandas.functions."];
    let found = FUNCTIONS.iter().find_map(|start| path.strip_prefix(start));
    match found.map(|rest| rest.rsplit('.').next().unwrap_or(rest)) {
        Some(name) => format!("pyspark.sql.functions.{name}"),
        None => path.to_owned(),
    }
}

/// All functions that are handed over in a file, in the order of the places.
pub fn handed(world: &mut World<'_>, file: u32, ways: &[Way]) -> Vec<Handed> {
    let ways = Ways::new(ways);
    let mut found = Vec::new();
    let Some(syntax) = world.file(file) else { return found };
    for (id, function) in syntax.functions.iter().enumerate() {
        let of = Ref { file, id: id as u32 };
        for decorator in &function.decorators {
            if let Some(way) = way(world, &ways, file, *decorator) {
                found.push(Handed { function: of, span: syntax.span(*decorator), way, object: None });
            }
        }
    }
    for (id, class) in syntax.classes.iter().enumerate() {
        let of = Ref { file, id: id as u32 };
        for decorator in &class.decorators {
            if let Some(number) = way(world, &ways, file, *decorator) {
                methods(world, &ways, number, of, syntax.span(*decorator), &mut found);
            }
        }
    }
    for expr in &syntax.exprs {
        let Node::Call(callee, from, count) = expr.node else { continue };
        let Some(number) = way(world, &ways, file, callee) else { continue };
        for arg in syntax.arguments(from, count) {
            let span = syntax.span(arg.value);
            match world.eval(file, arg.value) {
                Type::Function(function) => {
                    let is_lambda = world.function(function).is_some_and(|function| function.is_lambda);
                    let is_here = matches!(syntax.expr(arg.value).map(|expr| expr.node), Some(Node::Lambda(_)));
                    // A lambda may be long: its first word is where it is handed over.
                    let start = span.start as usize;
                    let first = Span::new(span.file, start..start + "lambda".len());
                    let object = owner(world, file, arg.value, function);
                    let span = if is_lambda && is_here { first } else { span };
                    found.push(Handed { function, span, way: number, object });
                }
                Type::Instance(class) => {
                    let from = found.len();
                    methods(world, &ways, number, class, span, &mut found);
                    found.iter_mut().skip(from).for_each(|handed| handed.object = Some(class));
                }
                Type::Class(class) => methods(world, &ways, number, class, span, &mut found),
                _ => {}
            }
        }
    }
    found
}

/// The object that a handed method belongs to.
fn owner(world: &mut World<'_>, file: u32, id: ExprId, function: Ref) -> Option<Ref> {
    let Node::Attr(base, _) = world.file(file)?.expr(id)?.node else { return None };
    match world.eval(file, base) {
        Type::Instance(class) if world.decorator(function, &["staticmethod", "classmethod"]).is_none() => Some(class),
        _ => None,
    }
}

fn methods(world: &mut World<'_>, ways: &Ways<'_>, way: u32, class: Ref, span: Span, found: &mut Vec<Handed>) {
    let Some(row) = ways.list.get(way as usize) else { return };
    let names: &[String] = &row.methods;
    let default = ["__call__".to_owned()];
    for name in if names.is_empty() { &default } else { names } {
        if let Some(function) = world.method(class, name) {
            found.push(Handed { function, span, way, object: None });
        }
    }
}

/// The way that something called is, or a decorator.
fn way(world: &mut World<'_>, ways: &Ways<'_>, file: u32, id: ExprId) -> Option<u32> {
    let found = world.eval(file, id);
    match found {
        Type::Path(path) => {
            let path = world.text(path);
            if path.starts_with("pyspark.") { ways.of(&canonical(path)) } else { ways.of(path) }
        }
        Type::Method(kind, name) => {
            let name = world.text(name);
            ways.of(&format!("{}.{name}", kind.class())).or_else(|| ways.names.get(name).copied())
        }
        Type::Unknown | Type::Nothing => {
            let syntax = world.file(file)?;
            let Node::Attr(base, sym) = syntax.expr(id)?.node else { return None };
            // `x.udf.register` is a session's, whatever `x` is.
            let before = match syntax.expr(base)?.node {
                Node::Attr(_, before) => syntax.text(before),
                _ => "",
            };
            let name = syntax.text(sym);
            let two = format!("{before}.{name}");
            ways.names.get(two.as_str()).or_else(|| ways.names.get(name)).copied()
        }
        _ => None,
    }
}
