//! Functions, lambdas and classes.

use super::{Lower, Made, Part, Task};
use crate::python::syntax::{Binding, Class, ClassId, ExprId, Function, FunctionId, Param, Scope, ScopeId};
use crate::source::Span;
use tree_sitter::Node as Tree;

/// What makes the function below a comment a user-defined one.
const MARK: &str = "sparkproof:udf";

impl<'t> Lower<'t> {
    /// The mark in a comment.
    pub(super) fn udf_mark(&self, comment: Tree<'t>) -> Option<Span> {
        let text = self.str(comment);
        let words = text.trim_start_matches(|c: char| c == '#' || c.is_whitespace());
        let rest = words.strip_prefix(MARK)?;
        let start = comment.start_byte() + text.len() - words.len();
        let is_mark = rest.is_empty() || rest.starts_with(char::is_whitespace);
        is_mark.then(|| Span::new(self.syntax.file, start..start + MARK.len()))
    }

    pub(super) fn decorated(&mut self, node: Tree<'t>, mark: usize) {
        let mut comment = self.mark.take();
        let mut parts = Vec::new();
        let mut cursor = node.walk();
        for part in node.named_children(&mut cursor) {
            match part.kind() {
                "comment" => comment = self.udf_mark(part).or(comment),
                "decorator" => {
                    let mut inner = part.walk();
                    parts.extend(part.named_children(&mut inner).find(|p| !p.is_extra()).map(Task::Visit));
                }
                "function_definition" | "class_definition" => parts.push(Task::Define(part, mark, comment)),
                _ => {}
            }
        }
        self.tasks.extend(parts.into_iter().rev());
    }

    /// The name of what is defined here, with what it stands in.
    fn qualified(&self, name: &str) -> String {
        let scope = self.syntax.scopes.get(self.scope as usize);
        let class = scope.and_then(|scope| scope.class).and_then(|class| self.syntax.classes.get(class as usize));
        let function = self.syntax.functions.get(self.syntax.function_of(self.scope) as usize);
        let around = class.map(|class| class.name.as_str()).or_else(|| function.map(|f| f.name.as_str()));
        // Names in names grow with the depth of the text.
        match around.filter(|around| !around.is_empty() && around.len() < 200) {
            Some(around) => format!("{around}.{name}"),
            None => name.to_owned(),
        }
    }

    fn open(&mut self, scope: Scope) -> ScopeId {
        self.syntax.scopes.push(scope);
        self.syntax.scopes.len() as ScopeId - 1
    }

    fn new_function(&mut self, name: String, span: Span, is_lambda: bool) -> FunctionId {
        let (around, id) = (self.scope, self.syntax.functions.len() as FunctionId);
        let scope = self.open(Scope { parent: Some(around), function: id, ..Scope::default() });
        let class = self.syntax.scopes.get(around as usize).and_then(|scope| scope.class).filter(|_| !is_lambda);
        self.syntax.functions.push(Function::new(name, span, scope, class, is_lambda));
        id
    }

    /// A function or class, after its decorators.
    pub(super) fn define(&mut self, node: Tree<'t>, mark: usize, comment: Option<Span>) {
        let decorators = self.values.split_off(mark.min(self.values.len()));
        let Some(name) = node.child_by_field_name("name") else { return };
        if node.kind() == "class_definition" {
            let list = node.child_by_field_name("superclasses");
            self.tasks.push(Task::Class(node, mark, decorators));
            let from = self.tasks.len();
            let mut cursor = node.walk();
            if let Some(list) = list {
                let bases =
                    list.named_children(&mut cursor).filter(|b| !b.is_extra() && b.kind() != "keyword_argument");
                self.tasks.extend(bases.map(Task::Visit));
            }
            self.tasks[from..].reverse();
            return;
        }
        let (text, around) = (self.str(name), self.scope);
        let id = self.new_function(self.qualified(text), self.span(name), false);
        self.bind(text, Binding::Function(id));
        let scope = self.syntax.functions.get(id as usize).map_or(0, |function| function.scope);
        if let Some(function) = self.syntax.functions.get_mut(id as usize) {
            function.decorators = decorators;
            function.marked = comment;
        }
        self.tasks.push(Task::Scope(around));
        self.tasks.extend(node.child_by_field_name("body").map(Task::Walk));
        self.tasks.push(Task::Scope(scope));
        if let Some(result) = node.child_by_field_name("return_type") {
            self.typed(Task::Of(id, Part::Result), result);
        }
        if let Some(list) = node.child_by_field_name("parameters") {
            self.parameters(id, scope, list);
        }
    }

    /// A type, and what it is the type of.
    fn typed(&mut self, of: Task<'t>, kind: Tree<'t>) {
        self.tasks.extend([Task::Types(false), of, Task::Visit(kind), Task::Types(true)]);
    }

    fn parameters(&mut self, function: FunctionId, scope: ScopeId, list: Tree<'t>) {
        let mut cursor = list.walk();
        let nodes: Vec<Tree<'t>> = list.named_children(&mut cursor).filter(|part| !part.is_extra()).collect();
        let mut params = Vec::new();
        for node in nodes {
            let name = match node.kind() {
                "typed_parameter" => node.named_child(0),
                "default_parameter" | "typed_default_parameter" => node.child_by_field_name("name"),
                "identifier" | "list_splat_pattern" | "dictionary_splat_pattern" => Some(node),
                _ => None,
            };
            let Some(name) = name else { continue };
            let is_rest = name.kind().ends_with("splat_pattern");
            let name = if is_rest { name.named_child(0).unwrap_or(name) } else { name };
            let at = params.len();
            let sym = self.sym(self.str(name));
            params.push(Param { name: sym, annotation: None, default: None, is_rest });
            if let Some(kind) = node.child_by_field_name("type") {
                self.typed(Task::Of(function, Part::Annotation(at)), kind);
            }
            if let Some(value) = node.child_by_field_name("value") {
                self.tasks.extend([Task::Of(function, Part::Default(at)), Task::Visit(value)]);
            }
            if let Some(scope) = self.syntax.scopes.get_mut(scope as usize) {
                scope.names.entry(sym).or_default().push(Binding::Param(function, at as u32));
            }
        }
        if let Some(function) = self.syntax.functions.get_mut(function as usize) {
            function.params = params;
        }
    }

    pub(super) fn lambda(&mut self, node: Tree<'t>, mark: usize, first: ExprId) {
        let start = node.start_byte();
        let word = Span::new(self.syntax.file, start..start + "lambda".len());
        let id = self.new_function(self.qualified("<lambda>"), word, true);
        let scope = self.syntax.functions.get(id as usize).map_or(0, |function| function.scope);
        self.tasks.push(Task::Make(node, Made::Lambda(id, self.scope), mark, first));
        self.tasks.extend(node.child_by_field_name("body").map(Task::Visit));
        self.tasks.push(Task::Scope(scope));
        if let Some(list) = node.child_by_field_name("parameters") {
            self.parameters(id, scope, list);
        }
    }

    /// A class, after its bases.
    pub(super) fn class(&mut self, node: Tree<'t>, mark: usize, decorators: Vec<ExprId>) {
        let bases = self.values.split_off(mark.min(self.values.len()));
        let Some(name) = node.child_by_field_name("name") else { return };
        let (text, around) = (self.str(name), self.scope);
        let (id, function) = (self.syntax.classes.len() as ClassId, self.syntax.function_of(around));
        let (qualified, span) = (self.qualified(text), self.span(name));
        self.bind(text, Binding::Class(id));
        let scope = self.open(Scope { parent: Some(around), class: Some(id), function, ..Scope::default() });
        let attributes = std::collections::HashMap::new();
        self.syntax.classes.push(Class { name: qualified, scope, bases, decorators, span, attributes });
        self.tasks.push(Task::Scope(around));
        self.tasks.extend(node.child_by_field_name("body").map(Task::Walk));
        self.tasks.push(Task::Scope(scope));
    }
}
