//! What each kind of node declares and refers to, in the language's order of scope.

use super::stdlib::{self, Kind};
use super::walk::{Task, Walk, children, fields, specs};
use super::{Function, Reference, Usage};
use crate::source::Span;
use tree_sitter::Node;

impl<'t> Walk<'t> {
    /// Works until nothing is left.
    pub(super) fn run(&mut self, root: Node<'t>) {
        self.tasks.push(Task::Visit(root));
        while let Some(task) = self.tasks.pop() {
            match task {
                Task::Visit(node) => self.visit(node),
                Task::Called(node) => self.called(node),
                Task::Declare(node) => self.declare(node),
                Task::DeclareCase(name, case) => self.declare_case(name, case),
                Task::Enter => self.scopes.enter(),
                Task::Leave => self.scopes.leave(),
                Task::Inside(function) => self.function = function,
            }
        }
    }

    /// Puts tasks on the stack so that the first is done first.
    fn todo(&mut self, tasks: Vec<Task<'t>>) {
        self.tasks.extend(tasks.into_iter().rev());
    }

    fn visit_children(&mut self, node: Node<'t>) {
        self.todo(children(node).into_iter().map(Task::Visit).collect::<Vec<_>>());
    }

    /// Visits the children in a block of their own.
    fn visit_block(&mut self, node: Node<'t>) {
        self.tasks.push(Task::Leave);
        self.visit_children(node);
        self.tasks.push(Task::Enter);
    }

    fn visit(&mut self, node: Node<'t>) {
        match node.kind() {
            "package_clause" | "import_declaration" | "comment" | "interpreted_string_literal" => {}
            "function_declaration" | "method_declaration" => self.function(node),
            "var_declaration" | "const_declaration" if self.is_package_level() => self.package_variables(node),
            "func_literal" => {
                self.signature(node);
                self.tasks.push(Task::Enter);
            }
            "block"
            | "if_statement"
            | "for_statement"
            | "expression_switch_statement"
            | "select_statement"
            | "expression_case"
            | "default_case"
            | "communication_case" => self.visit_block(node),
            "type_switch_statement" => self.type_switch(node),
            "short_var_declaration" | "range_clause" | "receive_statement" => self.definition(node),
            "var_spec" | "const_spec" => self.variables(node),
            "type_spec" | "type_alias" => self.type_definition(node),
            "call_expression" => self.call(node),
            "selector_expression" => self.selector(node, false),
            "qualified_type" => self.qualified(node),
            "keyed_element" => self.keyed(node),
            "identifier" | "type_identifier" => self.bare(node, false),
            "field_declaration"
            | "parameter_declaration"
            | "variadic_parameter_declaration"
            | "type_parameter_declaration" => {
                self.todo(fields(node, "type").into_iter().map(Task::Visit).collect::<Vec<_>>());
            }
            _ => self.visit_children(node),
        }
    }

    fn is_package_level(&self) -> bool {
        self.scopes.is_outermost()
    }

    /// Records a function and puts its parts on the stack.
    fn function(&mut self, node: Node<'t>) {
        let Some(name) = node.child_by_field_name("name") else { return self.visit_children(node) };
        let written = match node.child_by_field_name("receiver") {
            Some(receiver) => format!("{}.{}", self.receiver_name(receiver), self.text(name)),
            None => self.text(name).to_owned(),
        };
        let number = self.record(written, name, node);
        self.tasks.push(Task::Inside(None));
        self.signature(node);
        self.todo(vec![Task::Inside(Some(number)), Task::Enter]);
    }

    fn record(&mut self, name: String, at: Node<'t>, whole: Node<'t>) -> usize {
        let body = self.span(whole);
        let marked = self.mark_of(body.start);
        self.out.functions.push(Function { name, span: self.span(at), body, marked });
        self.out.functions.len() - 1
    }

    /// The `sparkproof:udf` comment that speaks about the code at this offset.
    fn mark_of(&self, start: u32) -> Option<Span> {
        let next = self.marks.partition_point(|m| m.covers.start <= start);
        let mark = self.marks.get(next.checked_sub(1)?)?;
        (start < mark.covers.end).then_some(mark.span)
    }

    /// `(*T)` or `(T)`, without type parameters.
    fn receiver_name(&self, receiver: Node<'t>) -> String {
        let mut of = receiver.named_child(0).and_then(|p| p.child_by_field_name("type"));
        let mut star = "";
        for _ in 0..8 {
            let Some(node) = of else { break };
            of = match node.kind() {
                "pointer_type" => {
                    star = "*";
                    node.named_child(0)
                }
                "parenthesized_type" => node.named_child(0),
                "generic_type" => node.child_by_field_name("type"),
                _ => return format!("({star}{})", self.text(node)),
            };
        }
        "(?)".to_owned()
    }

    /// Parameters and results, whose types are read outside the function, then the body. The caller has entered the block.
    fn signature(&mut self, node: Node<'t>) {
        let mut first = Vec::new();
        let mut then = Vec::new();
        for list in fields(node, "type_parameters") {
            for parameter in children(list) {
                first.push(Task::Declare(parameter));
                first.extend(fields(parameter, "type").into_iter().map(Task::Visit));
            }
        }
        for field in ["receiver", "parameters", "result"] {
            for list in fields(node, field) {
                if list.kind() != "parameter_list" {
                    first.push(Task::Visit(list));
                    continue;
                }
                for parameter in children(list) {
                    let of = fields(parameter, "type");
                    // A broken parameter has no type of its own; its parts are read all the same.
                    if of.is_empty() {
                        first.push(Task::Visit(parameter));
                    }
                    first.extend(of.into_iter().map(Task::Visit));
                    then.push(Task::Declare(parameter));
                }
            }
        }
        let body = node.child_by_field_name("body").map(Task::Visit);
        self.todo(first.into_iter().chain(then).chain(body).chain([Task::Leave]).collect::<Vec<_>>());
    }

    /// A package-level variable is a function of its own: its initialiser runs.
    fn package_variables(&mut self, declaration: Node<'t>) {
        let mut tasks = Vec::new();
        for spec in specs(declaration) {
            let Some(name) = spec.child_by_field_name("name") else {
                tasks.push(Task::Visit(spec));
                continue;
            };
            let number = self.record(self.text(name).to_owned(), name, spec);
            tasks.push(Task::Inside(Some(number)));
            tasks.extend(fields(spec, "type").into_iter().chain(fields(spec, "value")).map(Task::Visit));
            tasks.push(Task::Inside(None));
        }
        self.todo(tasks);
    }

    /// `:=` in its three places: the right side is read before the left side's names exist.
    fn definition(&mut self, node: Node<'t>) {
        let defines =
            node.kind() == "short_var_declaration" || node.children(&mut node.walk()).any(|child| child.kind() == ":=");
        let right = fields(node, "right").into_iter().map(Task::Visit);
        if defines {
            self.todo(right.chain([Task::Declare(node)]).collect::<Vec<_>>());
        } else {
            self.todo(fields(node, "left").into_iter().map(Task::Visit).chain(right).collect::<Vec<_>>());
        }
    }

    fn variables(&mut self, node: Node<'t>) {
        let parts = fields(node, "type").into_iter().chain(fields(node, "value")).map(Task::Visit);
        self.todo(parts.chain([Task::Declare(node)]).collect::<Vec<_>>());
    }

    fn type_definition(&mut self, node: Node<'t>) {
        if !self.is_package_level() {
            self.declare(node);
        }
        let mut tasks = vec![Task::Enter];
        for list in fields(node, "type_parameters") {
            tasks.extend(children(list).into_iter().flat_map(|p| [Task::Declare(p), Task::Visit(p)]));
        }
        tasks.extend(fields(node, "type").into_iter().map(Task::Visit));
        tasks.push(Task::Leave);
        self.todo(tasks);
    }

    fn type_switch(&mut self, node: Node<'t>) {
        let name = node.child_by_field_name("alias").and_then(|list| list.named_child(0));
        let mut tasks = vec![Task::Enter];
        for part in children(node) {
            if !matches!(part.kind(), "type_case" | "default_case") {
                if node.child_by_field_name("alias") != Some(part) {
                    tasks.push(Task::Visit(part));
                }
                continue;
            }
            tasks.push(Task::Enter);
            let types = fields(part, "type");
            tasks.extend(types.iter().copied().map(Task::Visit));
            tasks.extend(name.map(|name| Task::DeclareCase(name, part)));
            tasks.extend(children(part).into_iter().filter(|child| !types.contains(child)).map(Task::Visit));
            tasks.push(Task::Leave);
        }
        tasks.push(Task::Leave);
        self.todo(tasks);
    }

    fn call(&mut self, node: Node<'t>) {
        let parts = ["type_arguments", "arguments"].into_iter().flat_map(|field| fields(node, field)).map(Task::Visit);
        let function = fields(node, "function").into_iter().map(Task::Called);
        self.todo(function.chain(parts).collect::<Vec<_>>());
    }

    fn called(&mut self, node: Node<'t>) {
        match node.kind() {
            "selector_expression" => self.selector(node, true),
            "identifier" => self.bare(node, true),
            // `F[int](x)`: the generic function is what is called.
            "index_expression" => {
                let operand = fields(node, "operand").into_iter().map(Task::Called);
                self.todo(operand.chain(fields(node, "index").into_iter().map(Task::Visit)).collect::<Vec<_>>());
            }
            _ => self.visit(node),
        }
    }

    fn selector(&mut self, node: Node<'t>, called: bool) {
        let (Some(operand), Some(field)) = (node.child_by_field_name("operand"), node.child_by_field_name("field"))
        else {
            return self.visit_children(node);
        };
        let name = self.text(field);
        if let Some(import) = self.imported(operand) {
            let package = self.import_path(import).unwrap_or_default();
            let is_type = stdlib::member(package, name).is_some_and(|n| n.kind == Kind::Type);
            let usage = if is_type { Usage::Type } else { usage(called) };
            let path = format!("{package}.{name}");
            self.refer(path, usage, node);
            return;
        }
        self.tasks.push(Task::Visit(operand));
        if let Some(path) = self.member_path(operand, name, called) {
            let at = if operand.kind() == "identifier" { node } else { field };
            self.refer(path, usage(called), at);
        } else if called {
            self.out.unknown_receivers += 1;
        }
    }

    fn qualified(&mut self, node: Node<'t>) {
        let (Some(package), Some(name)) = (node.child_by_field_name("package"), node.child_by_field_name("name"))
        else {
            return;
        };
        let Some(import) = self.import_of(self.text(package)) else { return };
        let path = format!("{}.{}", self.import_path(import).unwrap_or_default(), self.text(name));
        self.refer(path, Usage::Type, node);
    }

    /// A key that is a bare name may be a field; it refers to nothing that is known here.
    fn keyed(&mut self, node: Node<'t>) {
        let is_name = |key: &Node<'t>| key.named_child(0).is_some_and(|inner| inner.kind() == "identifier");
        let key = fields(node, "key").into_iter().filter(|key| !is_name(key));
        self.todo(key.chain(fields(node, "value")).map(Task::Visit).collect::<Vec<_>>());
    }

    /// A name without a package: only a dot import makes it one of another package.
    fn bare(&mut self, node: Node<'t>, called: bool) {
        let name = self.text(node);
        if self.scopes.get(name).is_none()
            && self.import_of(name).is_none()
            && let Some((path, found)) = self.dot_imported(name)
        {
            let usage = if found.kind == Kind::Type { Usage::Type } else { usage(called) };
            self.refer(path, usage, node);
        }
    }

    fn refer(&mut self, path: String, usage: Usage, at: Node<'t>) {
        let span = self.span(at);
        self.out.references.push(Reference { path, usage, span, function: self.function });
    }
}

fn usage(called: bool) -> Usage {
    if called { Usage::Call } else { Usage::Value }
}
