//! From the grammar's tree to [`Expr`]essions.

mod definition;
mod pattern;
mod text;

use super::{Arg, Case, Expr, ExprId, Script};
use crate::read::Loss;
use crate::source::{FileId, Span};
use tree_sitter::Node;

/// The deepest nesting that is followed. What stands in a chain (`a.b().c()`, `a ++ b ++ c`) is no nesting.
const MAX_DEPTH: usize = 150;

/// Converts one file.
pub(in crate::read::sbt) struct Converter<'t> {
    pub(in crate::read::sbt) file: FileId,
    pub(in crate::read::sbt) text: &'t str,
    /// Where the text starts in the file: behind a byte order mark.
    start: usize,
    pub(in crate::read::sbt) script: Script,
    losses: Vec<Loss>,
    depth: usize,
    /// For each enclosing function literal that `_` could make, how many of them it has.
    holes: Vec<usize>,
}

impl<'t> Converter<'t> {
    pub(in crate::read::sbt) fn new(file: FileId, text: &'t str, start: usize) -> Self {
        Self { file, text, start, script: Script::default(), losses: Vec::new(), depth: 0, holes: Vec::new() }
    }

    pub(in crate::read::sbt) fn finish(self) -> (Script, Vec<Loss>) {
        (self.script, self.losses)
    }

    pub(in crate::read::sbt) fn file(&mut self, root: Node<'_>) {
        self.script.statements = self.statements(root);
    }

    pub(in crate::read::sbt) fn span(&self, node: Node<'_>) -> Span {
        Span::new(self.file, self.start + node.start_byte()..self.start + node.end_byte())
    }

    /// A span of bytes of the parsed text.
    pub(in crate::read::sbt) fn span_of(&self, range: std::ops::Range<usize>) -> Span {
        Span::new(self.file, self.start + range.start..self.start + range.end)
    }

    pub(in crate::read::sbt) fn source(&self, node: Node<'_>) -> &'t str {
        self.text.get(node.byte_range()).unwrap_or_default()
    }

    pub(in crate::read::sbt) fn name(&self, node: Node<'_>) -> Box<str> {
        self.source(node).trim_matches('`').into()
    }

    pub(in crate::read::sbt) fn add(&mut self, expr: Expr, node: Node<'_>) -> ExprId {
        let span = self.span(node);
        self.script.add(expr, span)
    }

    /// The statements directly inside a node.
    pub(in crate::read::sbt) fn statements(&mut self, node: Node<'_>) -> Vec<ExprId> {
        children(node).into_iter().filter(|child| is_code(*child)).map(|child| self.whole(child)).collect()
    }

    /// An expression in which `_` makes a function of the whole.
    pub(in crate::read::sbt) fn whole(&mut self, node: Node<'_>) -> ExprId {
        if node.kind() == "wildcard" {
            return self.expr(node);
        }
        self.holes.push(0);
        let body = self.expr(node);
        match self.holes.pop() {
            None | Some(0) => body,
            Some(count) => {
                let params = (0..count).map(|n| format!("_{n}").into()).collect();
                self.add(Expr::Lambda(params, body), node)
            }
        }
    }

    /// An expression.
    pub(in crate::read::sbt) fn expr(&mut self, node: Node<'_>) -> ExprId {
        if self.depth >= MAX_DEPTH {
            let span = self.span(node);
            self.losses.push(Loss::limit(span, format!("nested more than {MAX_DEPTH} deep; not looked into")));
            return self.add(Expr::Other("nested too deep"), node);
        }
        self.depth += 1;
        let id = self.chain(node);
        self.depth -= 1;
        id
    }

    /// Calls, selections and operators from their innermost left end outwards: a long chain is a loop, not a recursion.
    fn chain(&mut self, node: Node<'_>) -> ExprId {
        let mut links = Vec::new();
        let mut at = node;
        while let Some(left) = left_end(at) {
            links.push(at);
            at = left;
        }
        let mut id = self.single(at);
        while let Some(link) = links.pop() {
            id = self.link(link, id);
        }
        id
    }

    /// One step of a chain: the node around an expression that is converted already.
    fn link(&mut self, node: Node<'_>, left: ExprId) -> ExprId {
        match node.kind() {
            "field_expression" => {
                let name = node.child_by_field_name("field").map(|n| self.name(n)).unwrap_or_default();
                self.add(Expr::Select(left, name), node)
            }
            "call_expression" => {
                let args = node.child_by_field_name("arguments").map(|n| self.args(n)).unwrap_or_default();
                let expr = match self.script.expr(left).clone() {
                    Expr::Select(receiver, name) => Expr::Method(receiver, name, args),
                    _ => Expr::Apply(left, args),
                };
                self.add(expr, node)
            }
            "infix_expression" => {
                let (operator, right) = (node.child_by_field_name("operator"), node.child_by_field_name("right"));
                let (Some(operator), Some(right)) = (operator, right) else { return left };
                let operator = self.name(operator);
                let expr = if operator.ends_with(':') {
                    // `a :: b` is a method of `b`.
                    let right = self.expr(right);
                    Expr::Method(right, operator, vec![Arg { name: None, value: left }])
                } else {
                    Expr::Method(left, operator, self.operand(right))
                };
                self.add(expr, node)
            }
            "postfix_expression" => {
                let name = children(node).into_iter().rfind(Node::is_named).map(|n| self.name(n));
                self.add(Expr::Select(left, name.unwrap_or_default()), node)
            }
            _ => left,
        }
    }

    /// What stands right of an operator: in `a in (b, c)` these are two arguments.
    fn operand(&mut self, right: Node<'_>) -> Vec<Arg> {
        if right.kind() == "tuple_expression" {
            return self.args(right);
        }
        let is_block = ["block", "case_block", "parenthesized_expression"].contains(&right.kind());
        let value = if is_block { self.whole(right) } else { self.expr(right) };
        vec![Arg { name: None, value }]
    }

    /// The arguments of a call: in brackets, or a block.
    pub(in crate::read::sbt) fn args(&mut self, node: Node<'_>) -> Vec<Arg> {
        if !["arguments", "tuple_expression"].contains(&node.kind()) {
            return vec![Arg { name: None, value: self.whole(node) }];
        }
        let code = children(node).into_iter().filter(|child| is_code(*child));
        code.map(|child| self.arg(child)).collect()
    }

    fn arg(&mut self, node: Node<'_>) -> Arg {
        if node.kind() == "assignment_expression"
            && let (Some(left), Some(right)) = (node.child_by_field_name("left"), node.child_by_field_name("right"))
            && left.kind() == "identifier"
        {
            return Arg { name: Some(self.name(left)), value: self.whole(right) };
        }
        Arg { name: None, value: self.whole(node) }
    }

    /// An expression that is no chain.
    fn single(&mut self, node: Node<'_>) -> ExprId {
        let expr = match node.kind() {
            "identifier" | "operator_identifier" | "type_identifier" => Expr::Name(self.name(node)),
            "string" => Expr::Text(text::plain(self, node)),
            "interpolated_string_expression" => text::interpolated(self, node),
            "integer_literal" => self.source(node).parse().map_or(Expr::Other("number"), Expr::Number),
            "boolean_literal" => Expr::Bool(self.source(node) == "true"),
            "null_literal" => Expr::Null,
            "unit" => Expr::Unit,
            "wildcard" => match self.holes.last_mut() {
                Some(count) => {
                    *count += 1;
                    Expr::Name(format!("_{}", *count - 1).into())
                }
                None => Expr::Other("wildcard"),
            },
            "parenthesized_expression" | "vararg" => return self.inner(node),
            "tuple_expression" => {
                let code = children(node).into_iter().filter(|child| is_code(*child));
                Expr::Tuple(code.map(|child| self.whole(child)).collect())
            }
            "block" | "indented_block" => return self.block(node),
            "case_block" | "indented_cases" => Expr::Cases(self.cases(node)),
            "if_expression" => self.condition(node),
            "match_expression" => self.choice(node),
            "lambda_expression" => self.lambda(node),
            "instance_expression" => definition::instance(self, node),
            "prefix_expression" => self.prefix(node),
            "throw_expression" => Expr::Throw,
            "assignment_expression" => Expr::Other("assignment"),
            _ => definition::definition(self, node).unwrap_or(Expr::Other("construct")),
        };
        self.add(expr, node)
    }

    /// The one expression inside brackets.
    fn inner(&mut self, node: Node<'_>) -> ExprId {
        match children(node).into_iter().find(|child| is_code(*child)) {
            Some(child) => self.whole(child),
            None => self.add(Expr::Unit, node),
        }
    }

    /// A block; around one expression it says nothing.
    fn block(&mut self, node: Node<'_>) -> ExprId {
        let statements = self.statements(node);
        match statements.as_slice() {
            [only] => *only,
            _ => self.add(Expr::Block(statements), node),
        }
    }

    pub(in crate::read::sbt) fn cases(&mut self, node: Node<'_>) -> Vec<Case> {
        let clauses = children(node).into_iter().filter(|child| child.kind() == "case_clause");
        clauses.filter_map(|clause| self.case(clause)).collect()
    }

    fn case(&mut self, clause: Node<'_>) -> Option<Case> {
        let shape = clause.child_by_field_name("pattern")?;
        let pattern = pattern::pattern(self, shape);
        let guard = children(clause).into_iter().find(|child| child.kind() == "guard");
        let guard = guard.and_then(|guard| guard.child_by_field_name("condition")).map(|c| self.expr(c));
        let mut cursor = clause.walk();
        let bodies: Vec<Node<'_>> =
            clause.children_by_field_name("body", &mut cursor).filter(|child| is_code(*child)).collect();
        let statements: Vec<ExprId> = bodies.into_iter().map(|body| self.whole(body)).collect();
        let body = match statements.as_slice() {
            [only] => *only,
            _ => self.add(Expr::Block(statements), clause),
        };
        Some(Case { pattern, guard, body, span: self.span(shape) })
    }

    fn condition(&mut self, node: Node<'_>) -> Expr {
        let mut field = |name: &str| node.child_by_field_name(name).map(|child| self.whole(child));
        match (field("condition"), field("consequence"), field("alternative")) {
            (Some(condition), Some(then), otherwise) => Expr::If(condition, then, otherwise),
            _ => Expr::Other("if"),
        }
    }

    fn choice(&mut self, node: Node<'_>) -> Expr {
        let (value, body) = (node.child_by_field_name("value"), node.child_by_field_name("body"));
        match (value, body) {
            (Some(value), Some(body)) => Expr::Match(self.expr(value), self.cases(body)),
            _ => Expr::Other("match"),
        }
    }

    fn lambda(&mut self, node: Node<'_>) -> Expr {
        let mut params = Vec::new();
        let parameters = node.child_by_field_name("parameters");
        if let Some(parameter) = parameters {
            let bindings = children(parameter).into_iter().filter_map(|child| child.child_by_field_name("name"));
            let names: Vec<Box<str>> = bindings.map(|name| self.name(name)).collect();
            if names.is_empty() {
                params.push(self.name(parameter));
            } else {
                params.extend(names);
            }
        }
        let arrow = parameters.map_or(0, |p| p.end_byte());
        let body = children(node).into_iter().filter(|child| child.start_byte() >= arrow && is_code(*child));
        let statements: Vec<ExprId> = body.map(|child| self.whole(child)).collect();
        let body = match statements.as_slice() {
            [only] => *only,
            _ => self.add(Expr::Block(statements), node),
        };
        Expr::Lambda(params, body)
    }

    fn prefix(&mut self, node: Node<'_>) -> Expr {
        let operand = children(node).into_iter().find(|child| is_code(*child));
        let sign = self.source(node).chars().next();
        match (operand, sign) {
            (Some(operand), Some(sign @ ('!' | '-'))) => {
                let operand = self.expr(operand);
                Expr::Select(operand, format!("unary_{sign}").into())
            }
            _ => Expr::Other("prefix"),
        }
    }
}

/// The expression that a call, selection or operator begins with.
fn left_end(node: Node<'_>) -> Option<Node<'_>> {
    match node.kind() {
        "call_expression" | "generic_function" => node.child_by_field_name("function"),
        "field_expression" => node.child_by_field_name("value"),
        "infix_expression" => node.child_by_field_name("left"),
        "postfix_expression" => node.child(0),
        _ => None,
    }
}

/// A node's children, in order.
pub(in crate::read::sbt) fn children(node: Node<'_>) -> Vec<Node<'_>> {
    let mut cursor = node.walk();
    node.children(&mut cursor).collect()
}

/// Whether a node is code: no bracket, no comment, no type.
pub(in crate::read::sbt) fn is_code(node: Node<'_>) -> bool {
    node.is_named() && !["comment", "block_comment", "type_arguments", "ERROR", "self_type"].contains(&node.kind())
}
