//! From the tree of a Python file to its [`Syntax`]. Trees may be as deep as texts are long, so nothing here calls itself: what is still
//! to be done stands on a list, and so do the values of expressions that wait for what they are part of.

mod bind;
mod define;

use super::syntax::{Arg, Expr, ExprId, Function, FunctionId, Import, Node, Param, Scope, ScopeId, Sym, Syntax, Use};
use crate::source::{FileId, Span};
use tree_sitter::{Node as Tree, Tree as Whole};

/// The longest text that is kept.
const MAX_TEXT: usize = 200;

/// The compact form of a file.
pub fn lower(file: FileId, text: &str, tree: &Whole) -> Syntax {
    let mut lower = Lower {
        text,
        syntax: Syntax::new(file),
        tasks: Vec::new(),
        values: Vec::new(),
        scope: 0,
        types: 0,
        mark: None,
    };
    lower.syntax.scopes.push(Scope::default());
    lower.syntax.functions.push(Function::new(String::new(), Span::new(file, 0..0), 0, None, false));
    lower.syntax.is_notebook = is_notebook(text);
    lower.tasks.push(Task::Walk(tree.root_node()));
    while let Some(task) = lower.tasks.pop() {
        lower.run(task);
    }
    lower.syntax
}

/// What is still to be done.
enum Task<'t> {
    /// Read an expression: one value.
    Visit(Tree<'t>),
    /// Read a statement: no value.
    Walk(Tree<'t>),
    /// Forget all values since there were so many.
    Drop(usize),
    /// Make something of the values since there were so many.
    Make(Tree<'t>, Made, usize, ExprId),
    /// Go into a scope, or back to one.
    Scope(ScopeId),
    /// Types start, or end.
    Types(bool),
    /// The last value is a default of a parameter, a type of it, a type of the result, a result.
    Of(FunctionId, Part),
    /// The last value is bound to these.
    Assign(Vec<Tree<'t>>),
    /// The names of the pattern have a type: the last value.
    Typed(Tree<'t>),
    /// The values since then are decorators of a definition.
    Define(Tree<'t>, usize, Option<Span>),
    /// The values since then are bases of a class.
    Class(Tree<'t>, usize, Vec<ExprId>),
    /// A comment above the next definition.
    Mark(Span),
}

/// What is made of values.
enum Made {
    Other,
    Attr(Sym),
    Call(Vec<Option<Sym>>),
    Either,
    Item,
    Lambda(FunctionId, ScopeId),
    Same,
}

/// What a value is to a function.
enum Part {
    Default(usize),
    Annotation(usize),
    Result,
    Return,
}

struct Lower<'t> {
    text: &'t str,
    syntax: Syntax,
    tasks: Vec<Task<'t>>,
    values: Vec<ExprId>,
    scope: ScopeId,
    /// How many types are open: what stands in them is not used when the code runs.
    types: usize,
    mark: Option<Span>,
}

impl<'t> Lower<'t> {
    fn str(&self, node: Tree<'_>) -> &'t str {
        self.text.get(node.byte_range()).unwrap_or_default()
    }

    fn span(&self, node: Tree<'_>) -> Span {
        Span::new(self.syntax.file, node.byte_range())
    }

    fn sym(&mut self, text: &'t str) -> Sym {
        if let Some(sym) = self.syntax.numbers.get(text) {
            return *sym;
        }
        let sym = self.syntax.names.len() as Sym;
        self.syntax.names.push(text.into());
        self.syntax.numbers.insert(text.into(), sym);
        sym
    }

    fn next(&self) -> ExprId {
        self.syntax.exprs.len() as ExprId
    }

    fn push(&mut self, node: Node, place: Tree<'_>, first: ExprId) -> ExprId {
        let id = self.next();
        let (start, end) = (place.start_byte() as u32, place.end_byte() as u32);
        self.syntax.exprs.push(Expr { node, start, end, first, scope: self.scope, usage: Use::Value });
        let counts = matches!(node, Node::Name(_) | Node::Attr(..) | Node::Call(..) | Node::Lambda(_));
        if counts && self.types == 0 {
            let function = self.syntax.function_of(self.scope);
            if let Some(function) = self.syntax.functions.get_mut(function as usize) {
                function.exprs.push(id);
            }
        }
        self.values.push(id);
        id
    }

    fn mark_use(&mut self, id: ExprId, usage: Use) {
        if let Some(expr) = self.syntax.exprs.get_mut(id as usize) {
            expr.usage = usage;
        }
    }

    fn run(&mut self, task: Task<'t>) {
        match task {
            Task::Visit(node) => self.visit(node),
            Task::Walk(node) => self.walk(node),
            Task::Drop(mark) => self.values.truncate(mark),
            Task::Make(node, made, mark, first) => self.make(node, made, mark, first),
            Task::Scope(scope) => self.scope = scope,
            Task::Types(start) => self.types = if start { self.types + 1 } else { self.types.saturating_sub(1) },
            Task::Of(function, part) => self.part(function, &part),
            Task::Assign(targets) => self.assign(&targets),
            Task::Typed(target) => {
                if let Some(value) = self.values.pop() {
                    self.bind_typed(target, value);
                }
            }
            Task::Define(node, mark, comment) => self.define(node, mark, comment),
            Task::Class(node, mark, decorators) => self.class(node, mark, decorators),
            Task::Mark(span) => self.mark = Some(span),
        }
    }

    fn part(&mut self, function: FunctionId, part: &Part) {
        let Some(value) = self.values.pop() else { return };
        let Some(function) = self.syntax.functions.get_mut(function as usize) else { return };
        let of = |params: &mut Vec<Param>, at: usize, set: fn(&mut Param, ExprId)| {
            if let Some(param) = params.get_mut(at) {
                set(param, value);
            }
        };
        match part {
            Part::Default(at) => of(&mut function.params, *at, |param, value| param.default = Some(value)),
            Part::Annotation(at) => of(&mut function.params, *at, |param, value| param.annotation = Some(value)),
            Part::Result => function.result = Some(value),
            Part::Return => function.returns.push(value),
        }
    }

    /// An expression.
    fn visit(&mut self, node: Tree<'t>) {
        let (mark, first) = (self.values.len(), self.next());
        match node.kind() {
            "identifier" => {
                let sym = self.sym(self.str(node));
                self.push(Node::Name(sym), node, first);
            }
            "none" => drop(self.push(Node::Nothing, node, first)),
            "true" | "false" => drop(self.push(Node::Truth(node.kind() == "true"), node, first)),
            "string" if is_plain(node) => {
                let text = self.str(node).trim_start_matches(|c: char| c.is_ascii_alphabetic());
                let text = text.trim_matches(['"', '\'']);
                let sym = self.sym(text);
                self.push(Node::Text(sym), node, first);
            }
            "string" => {
                self.tasks.push(Task::Make(node, Made::Other, mark, first));
                let mut cursor = node.walk();
                let holes = node.named_children(&mut cursor).filter(|part| part.kind() == "interpolation");
                let from = self.tasks.len();
                self.tasks.extend(holes.map(Task::Visit));
                self.tasks[from..].reverse();
            }
            "keyword_argument" => {
                self.tasks.push(Task::Make(node, Made::Other, mark, first));
                self.tasks.extend(node.child_by_field_name("value").map(Task::Visit));
            }
            kind if bind::is_statement(kind) => {
                self.tasks.extend([Task::Make(node, Made::Other, mark, first), Task::Walk(node)]);
            }
            "attribute" => {
                let (object, name) = (node.child_by_field_name("object"), node.child_by_field_name("attribute"));
                let (Some(object), Some(name)) = (object, name) else {
                    self.push(Node::Other, node, first);
                    return;
                };
                let sym = self.sym(self.str(name));
                self.tasks.extend([Task::Make(node, Made::Attr(sym), mark, first), Task::Visit(object)]);
            }
            "call" => self.call(node, mark, first),
            "lambda" => self.lambda(node, mark, first),
            "conditional_expression" | "boolean_operator" | "union_type" => self.either(node, mark, first),
            "binary_operator" if self.types > 0 => self.either(node, mark, first),
            "subscript" | "generic_type" => {
                self.tasks.push(Task::Make(node, Made::Item, mark, first));
                self.children(node);
            }
            "parenthesized_expression" | "await" | "type" | "type_parameter" | "as_pattern_target" => {
                self.tasks.push(Task::Make(node, Made::Same, mark, first));
                self.children(node);
            }
            "named_expression" => {
                let name = node.child_by_field_name("name");
                self.tasks.push(Task::Make(node, Made::Same, mark, first));
                self.tasks.push(Task::Assign(name.into_iter().collect()));
                self.tasks.extend(node.child_by_field_name("value").map(Task::Visit));
            }
            "as_pattern" => self.as_pattern(node, mark, first),
            "list_comprehension" | "set_comprehension" | "dictionary_comprehension" | "generator_expression" => {
                self.tasks.push(Task::Make(node, Made::Other, mark, first));
                self.comprehension(node);
            }
            _ => {
                self.tasks.push(Task::Make(node, Made::Other, mark, first));
                self.children(node);
            }
        }
    }

    /// Reads all parts of a node as expressions, in their order.
    fn children(&mut self, node: Tree<'t>) {
        let from = self.tasks.len();
        let mut cursor = node.walk();
        let parts = node.named_children(&mut cursor).filter(|part| !part.is_extra());
        self.tasks.extend(parts.map(|part| match part.kind() {
            "for_in_clause" => Task::Walk(part),
            _ => Task::Visit(part),
        }));
        self.tasks[from..].reverse();
    }

    fn call(&mut self, node: Tree<'t>, mark: usize, first: ExprId) {
        let function = node.child_by_field_name("function");
        let (Some(function), Some(list)) = (function, node.child_by_field_name("arguments")) else {
            self.tasks.push(Task::Make(node, Made::Other, mark, first));
            self.children(node);
            return;
        };
        let mut arguments = Vec::new();
        if list.kind() == "generator_expression" {
            arguments.push((None, list));
        } else {
            let mut cursor = list.walk();
            for argument in list.named_children(&mut cursor).filter(|part| !part.is_extra()) {
                let name = argument.child_by_field_name("name").filter(|_| argument.kind() == "keyword_argument");
                let value = name.and_then(|_| argument.child_by_field_name("value")).unwrap_or(argument);
                arguments.push((name, value));
            }
        }
        let name = |lower: &mut Self, name: Option<Tree<'t>>, value: Tree<'t>| match (name, value.kind()) {
            (Some(name), _) => Some(lower.sym(lower.str(name))),
            (None, "dictionary_splat") => Some(lower.sym("**")),
            (None, "list_splat") => Some(lower.sym("*")),
            _ => None,
        };
        let names = arguments.iter().map(|(given, value)| name(self, *given, *value)).collect();
        self.tasks.push(Task::Make(node, Made::Call(names), mark, first));
        self.tasks.extend(arguments.iter().rev().map(|(_, value)| Task::Visit(*value)));
        self.tasks.push(Task::Visit(function));
    }

    /// `a if c else b`, `a or b`, and types that are joined.
    fn either(&mut self, node: Tree<'t>, mark: usize, first: ExprId) {
        let mut cursor = node.walk();
        let parts: Vec<Tree<'t>> = node.named_children(&mut cursor).filter(|part| !part.is_extra()).collect();
        // The condition comes first, so that the last two values are the ones.
        let order: &[usize] = if node.kind() == "conditional_expression" { &[1, 0, 2] } else { &[0, 1] };
        self.tasks.push(Task::Make(node, Made::Either, mark, first));
        self.tasks.extend(order.iter().rev().filter_map(|at| parts.get(*at)).map(|part| Task::Visit(*part)));
    }

    fn make(&mut self, node: Tree<'t>, made: Made, mark: usize, first: ExprId) {
        let values = self.values.split_off(mark.min(self.values.len()));
        let made = match (made, values.as_slice()) {
            (Made::Same, [.., last]) => {
                self.values.push(*last);
                return;
            }
            (Made::Attr(sym), [base, ..]) => {
                self.mark_use(*base, Use::Base);
                Node::Attr(*base, sym)
            }
            (Made::Call(names), [callee, rest @ ..]) => {
                self.mark_use(*callee, Use::Callee);
                let from = self.syntax.args.len() as u32;
                let args = names.into_iter().zip(rest).map(|(name, value)| Arg { name, value: *value });
                self.syntax.args.extend(args);
                Node::Call(*callee, from, self.syntax.args.len() as u32 - from)
            }
            (Made::Either, [.., one, other]) => Node::Either(*one, *other),
            (Made::Item, [of, which, ..]) => Node::Item(*of, *which),
            (Made::Lambda(function, scope), values) => {
                self.scope = scope;
                if let (Some(function), Some(body)) = (self.syntax.functions.get_mut(function as usize), values.last())
                {
                    function.returns.push(*body);
                }
                Node::Lambda(function)
            }
            _ => Node::Other,
        };
        self.push(made, node, first);
    }

    fn import(&mut self, node: Tree<'t>) {
        let (mut level, mut module) = (0, String::new());
        if let Some(from) = node.child_by_field_name("module_name") {
            let text = self.str(from);
            let name = text.trim_start_matches(|c: char| c == '.' || c.is_whitespace());
            level = text[..text.len() - name.len()].matches('.').count();
            module = dotted(name);
        }
        let is_from = node.kind() == "import_from_statement";
        let mut cursor = node.walk();
        if is_from && node.named_children(&mut cursor).any(|part| part.kind() == "wildcard_import") {
            self.syntax.stars.push(self.syntax.imports.len() as u32);
            self.syntax.imports.push(Import { level, module, name: None });
            return;
        }
        let mut cursor = node.walk();
        let names: Vec<Tree<'t>> = node.children_by_field_name("name", &mut cursor).collect();
        for name in names {
            let (path, alias) = match name.kind() {
                "aliased_import" => {
                    (name.child_by_field_name("name").unwrap_or(name), name.child_by_field_name("alias"))
                }
                _ => (name, None),
            };
            let path = self.str(path);
            let (import, bound) = if is_from {
                (Import { level, module: module.clone(), name: Some(dotted(path)) }, path)
            } else if alias.is_some() {
                (Import { level: 0, module: dotted(path), name: None }, path)
            } else {
                // `import a.b` binds `a`.
                let top = path.split('.').next().unwrap_or_default().trim();
                (Import { level: 0, module: top.to_owned(), name: None }, top)
            };
            let bound = alias.map_or(bound, |alias| self.str(alias));
            self.syntax.imports.push(import);
            let number = self.syntax.imports.len() as u32 - 1;
            self.bind(bound, super::syntax::Binding::Import(number));
        }
    }
}

/// A dotted name without blanks.
fn dotted(text: &str) -> String {
    text.split('.').map(str::trim).collect::<Vec<_>>().join(".")
}

/// Whether a text is the export of a notebook: of Databricks, of Jupyter.
fn is_notebook(text: &str) -> bool {
    let head = &text[..text.floor_char_boundary(4096)];
    ["# Databricks notebook source", "# COMMAND ----------", "\n# In[", "\n# %%"].iter().any(|mark| head.contains(mark))
}

/// Whether a string is short, and has no holes.
fn is_plain(node: Tree<'_>) -> bool {
    let mut cursor = node.walk();
    let holds = node.named_children(&mut cursor).any(|part| part.kind() == "interpolation");
    !holds && node.end_byte() - node.start_byte() <= MAX_TEXT
}
