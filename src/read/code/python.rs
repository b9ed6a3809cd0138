//! Python sources.

mod text;

use super::table::Names;
use super::{Argument, Call, Code, SET_ITEM, Value};
use crate::python;
use crate::read::grammar::{self, Slot};
use crate::read::{Loss, Reading, directive};
use crate::source::{FileId, Span, Traced};
use std::cell::RefCell;
use tree_sitter::{Node, Tree};

/// How deep expressions may be nested.
const MAX_DEPTH: usize = 48;

/// How many bytes of what stands before a call's name are kept.
const MAX_RECEIVER: usize = 256;

thread_local! {
    static PARSER: Slot = const { RefCell::new(None) };
}

/// What is wanted of a text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wanted {
    pub(super) calls: bool,
    pub(super) names: bool,
}

/// Reads the text.
pub(super) fn read(file: FileId, text: &str, wanted: Wanted) -> Reading<Code> {
    let Some(tree) = grammar::parse(&PARSER, || tree_sitter_python::LANGUAGE.into(), text) else {
        let loss = Loss::limit(Span::new(file, 0..0), "this Python file cannot be parsed in reasonable time");
        return Reading { body: Code::default(), comments: Vec::new(), losses: vec![loss] };
    };
    let mut walk = Walk { file, text, names: Names::new(), code: Code::default(), comments: Vec::new() };
    if wanted.calls {
        walk.nodes(&tree, Walk::assignment);
        walk.nodes(&tree, Walk::call);
    } else if directive::may_hold(text) {
        walk.nodes(&tree, Walk::comment);
    }
    if wanted.names {
        walk.code.syntax = Some(Box::new(python::lower(file, text, &tree)));
    }
    let losses = if tree.root_node().has_error() {
        vec![Loss::limit(Span::new(file, 0..0), "parts of this file are not the Python that we can read")]
    } else {
        Vec::new()
    };
    let comments = if directive::may_hold(text) { walk.comments } else { Vec::new() };
    Reading { body: walk.code, comments, losses }
}

struct Walk<'t> {
    file: FileId,
    text: &'t str,
    names: Names<Node<'t>>,
    code: Code,
    comments: Vec<Span>,
}

impl<'t> Walk<'t> {
    /// Visits all nodes, each with the number of the function it stands in.
    fn nodes(&mut self, tree: &'t Tree, visit: fn(&mut Self, Node<'t>, usize)) {
        let mut cursor = tree.walk();
        let mut scopes = vec![0];
        loop {
            let node = cursor.node();
            visit(self, node, scopes.last().copied().unwrap_or(0));
            let is_function = matches!(node.kind(), "function_definition" | "lambda");
            if cursor.goto_first_child() {
                if is_function {
                    scopes.push(node.start_byte() + 1);
                } else {
                    scopes.push(scopes.last().copied().unwrap_or(0));
                }
                continue;
            }
            while !cursor.goto_next_sibling() {
                if !cursor.goto_parent() {
                    return;
                }
                scopes.pop();
            }
        }
    }

    fn str(&self, node: Node<'_>) -> &'t str {
        self.text.get(node.byte_range()).unwrap_or_default()
    }

    fn traced(&self, node: Node<'_>) -> Traced {
        Traced::literal(self.str(node), Span::new(self.file, node.byte_range()))
    }

    fn span(&self, node: Node<'_>) -> Span {
        Span::new(self.file, node.byte_range())
    }

    /// Notes what a name is given; loops, deletions and `with` give values that are not told.
    fn assignment(&mut self, node: Node<'t>, scope: usize) {
        match node.kind() {
            "assignment" => {
                let (Some(left), right) = (node.child_by_field_name("left"), node.child_by_field_name("right")) else {
                    return;
                };
                if left.kind() == "identifier" {
                    self.names.give(scope, self.str(left), right);
                } else {
                    self.unknown(left, scope);
                }
            }
            "augmented_assignment" | "for_statement" | "for_in_clause" | "named_expression" => {
                let left = node.child_by_field_name("left").or_else(|| node.child_by_field_name("name"));
                if let Some(left) = left {
                    self.unknown(left, scope);
                }
            }
            "parameters" | "lambda_parameters" | "as_pattern_target" | "delete_statement" => self.unknown(node, scope),
            "global_statement" | "nonlocal_statement" => self.unknown(node, 0),
            _ => {}
        }
    }

    /// All names in a pattern get a value that the text does not tell.
    fn unknown(&mut self, pattern: Node<'t>, scope: usize) {
        // Only names that are bound: not those in subscripts and attributes.
        let mut open = vec![pattern];
        while let Some(node) = open.pop() {
            match node.kind() {
                "identifier" => self.names.give(scope, self.str(node), None),
                "attribute" | "subscript" | "call" | "type" => {}
                "default_parameter" | "typed_parameter" | "typed_default_parameter" => {
                    open.extend(node.child_by_field_name("name").or_else(|| node.named_child(0)));
                }
                _ => {
                    let mut cursor = node.walk();
                    open.extend(node.named_children(&mut cursor));
                }
            }
        }
    }

    fn comment(&mut self, node: Node<'t>, _: usize) {
        if node.kind() == "comment" {
            self.comments.push(self.span(node));
        }
    }

    fn call(&mut self, node: Node<'t>, scope: usize) {
        match node.kind() {
            "call" => {
                let (Some(function), Some(arguments)) =
                    (node.child_by_field_name("function"), node.child_by_field_name("arguments"))
                else {
                    return;
                };
                let (name, receiver) = match function.kind() {
                    "identifier" => (function, String::new()),
                    "attribute" => {
                        let Some(name) = function.child_by_field_name("attribute") else { return };
                        let object = function.child_by_field_name("object");
                        (name, object.map_or_else(String::new, |object| self.receiver(object)))
                    }
                    _ => return,
                };
                let span = self.span(name).cover(self.span(arguments));
                let arguments = self.arguments(arguments, scope);
                self.code.calls.push(Call { name: self.traced(name), receiver, arguments, span });
            }
            "assignment" => self.item(node, scope),
            "import_statement" | "import_from_statement" => self.import(node),
            "comment" => self.comments.push(self.span(node)),
            _ => {}
        }
    }

    /// `a["k"] = v`.
    fn item(&mut self, node: Node<'t>, scope: usize) {
        let left = node.child_by_field_name("left").filter(|left| left.kind() == "subscript");
        let (Some(left), Some(right)) = (left, node.child_by_field_name("right")) else { return };
        let (Some(object), Some(key)) = (left.child_by_field_name("value"), left.child_by_field_name("subscript"))
        else {
            return;
        };
        let values = [key, right].map(|node| Argument { name: None, value: self.value(node, scope, 0) });
        let name = Traced::literal(SET_ITEM, self.span(left));
        self.code.calls.push(Call {
            name,
            receiver: self.receiver(object),
            arguments: values.into(),
            span: self.span(node),
        });
    }

    fn import(&mut self, node: Node<'t>) {
        let module = node.child_by_field_name("module_name");
        let mut cursor = node.walk();
        for name in node.children_by_field_name("name", &mut cursor) {
            let name =
                if name.kind() == "aliased_import" { name.child_by_field_name("name").unwrap_or(name) } else { name };
            let whole = match module {
                Some(module) => format!("{}.{}", self.str(module), self.str(name)),
                None => self.str(name).to_owned(),
            };
            self.code.imports.push(Traced::literal(whole, self.span(name)));
        }
    }

    /// What stands before a name, arguments left out.
    fn receiver(&self, node: Node<'t>) -> String {
        let (mut parts, mut next, mut length) = (Vec::new(), Some(node), 0);
        while let Some(node) = next.filter(|_| length < MAX_RECEIVER) {
            let part;
            (part, next) = match node.kind() {
                "attribute" => {
                    (node.child_by_field_name("attribute").map(|n| self.str(n)), node.child_by_field_name("object"))
                }
                "call" => (None, node.child_by_field_name("function")),
                "parenthesized_expression" => (None, node.named_child(0)),
                "subscript" => (None, node.child_by_field_name("value")),
                "identifier" => (Some(self.str(node)), None),
                _ => (Some("?"), None),
            };
            length += part.map_or(1, str::len);
            parts.extend(part);
        }
        parts.reverse();
        parts.join(".")
    }

    fn arguments(&mut self, list: Node<'t>, scope: usize) -> Vec<Argument> {
        let mut cursor = list.walk();
        let nodes: Vec<Node<'t>> = list.named_children(&mut cursor).collect();
        let mut arguments = Vec::new();
        for node in nodes {
            arguments.push(match node.kind() {
                "comment" => continue,
                "keyword_argument" => {
                    let name = node.child_by_field_name("name").map(|name| self.traced(name));
                    let value = node
                        .child_by_field_name("value")
                        .map_or(Value::Unknown(self.span(node)), |value| self.value(value, scope, 0));
                    Argument { name, value }
                }
                "dictionary_splat" => Argument {
                    name: Some(Traced::literal("**", self.span(node))),
                    value: node
                        .named_child(0)
                        .map_or(Value::Unknown(self.span(node)), |inner| self.value(inner, scope, 0)),
                },
                _ => Argument { name: None, value: self.value(node, scope, 0) },
            });
        }
        arguments
    }

    fn value(&mut self, node: Node<'t>, scope: usize, depth: usize) -> Value {
        let unknown = Value::Unknown(self.span(node));
        if depth > MAX_DEPTH {
            return unknown;
        }
        match node.kind() {
            "string" => self.string(node, scope, depth),
            "concatenated_string" | "binary_operator" => {
                let is_sum = node.child_by_field_name("operator").is_none_or(|operator| operator.kind() == "+");
                let values: Vec<Value> = self.children(node, scope, depth);
                let texts: Option<Vec<Traced>> = values.iter().map(|value| value.text().cloned()).collect();
                let lists = values.iter().all(|value| matches!(value, Value::List(_)));
                match texts {
                    Some(texts) if is_sum => Value::Text(Traced::concat(self.span(node), texts)),
                    None if is_sum && lists => {
                        Value::List(values.into_iter().flat_map(|value| value.items().to_vec()).collect())
                    }
                    _ if is_sum && values.iter().any(|value| value.shape().is_some()) => {
                        let shapes: String = values.iter().map(|value| value.shape().unwrap_or("{}")).collect();
                        Value::Partly(self.span(node), shapes.into())
                    }
                    _ => unknown,
                }
            }
            "parenthesized_expression" => {
                node.named_child(0).map_or(unknown, |inner| self.value(inner, scope, depth + 1))
            }
            "list" | "tuple" | "set" => Value::List(self.children(node, scope, depth)),
            "dictionary" => self.dictionary(node, scope, depth),
            "integer" | "float" | "true" | "false" | "unary_operator" => Value::Plain(self.traced(node)),
            "identifier" => {
                let found = self.names.find(scope, self.str(node)).filter(|_| self.names.enter());
                let Some(found) = found else { return unknown };
                let value = self.value(found, scope, depth + 1);
                if self.names.leave(&value) { value } else { unknown }
            }
            "call" => self.joined(node, scope, depth).or_else(|| self.formatted(node, scope, depth)).unwrap_or(unknown),
            _ => unknown,
        }
    }

    fn children(&mut self, node: Node<'t>, scope: usize, depth: usize) -> Vec<Value> {
        let mut cursor = node.walk();
        let nodes: Vec<Node<'t>> = node.named_children(&mut cursor).filter(|child| child.kind() != "comment").collect();
        nodes.into_iter().map(|child| self.value(child, scope, depth + 1)).collect()
    }

    fn dictionary(&mut self, node: Node<'t>, scope: usize, depth: usize) -> Value {
        let mut cursor = node.walk();
        let children: Vec<Node<'t>> = node.named_children(&mut cursor).collect();
        let mut entries = Vec::new();
        for pair in children {
            if pair.kind() == "dictionary_splat" {
                // What it brings in is not looked at; that there is more shows.
                let unknown = Value::Unknown(self.span(pair));
                entries.push((unknown.clone(), unknown));
            } else if let (Some(key), Some(value)) =
                (pair.child_by_field_name("key"), pair.child_by_field_name("value"))
            {
                entries.push((self.value(key, scope, depth + 1), self.value(value, scope, depth + 1)));
            }
        }
        Value::Map(entries)
    }
}
