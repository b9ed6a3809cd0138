//! Statements, and what they bind names to.

use super::{Lower, Made, Part, Task};
use crate::python::syntax::{Binding, ExprId, Node, Scope, ScopeId, Use};
use tree_sitter::Node as Tree;

impl<'t> Lower<'t> {
    /// A statement.
    pub(super) fn walk(&mut self, node: Tree<'t>) {
        let mark = self.values.len();
        match node.kind() {
            "function_definition" | "class_definition" => {
                let comment = self.mark.take();
                self.tasks.push(Task::Define(node, mark, comment));
            }
            "decorated_definition" => self.decorated(node, mark),
            "import_statement" | "import_from_statement" | "future_import_statement" => self.import(node),
            "assignment" | "augmented_assignment" => self.assignment(node),
            "for_statement" | "for_in_clause" => {
                if let Some(left) = node.child_by_field_name("left") {
                    self.unknown(left);
                }
                self.rest(node, mark, Some("left"));
            }
            "global_statement" | "nonlocal_statement" => self.outer(node),
            "return_statement" => {
                let function = self.syntax.function_of(self.scope);
                self.tasks.push(Task::Drop(mark));
                let mut cursor = node.walk();
                if let Some(value) = node.named_children(&mut cursor).find(|part| !part.is_extra()) {
                    self.tasks.extend([Task::Of(function, Part::Return), Task::Visit(value)]);
                }
            }
            "except_clause" => {
                if let Some(alias) = node.child_by_field_name("alias") {
                    self.unknown(alias);
                }
                self.rest(node, mark, Some("alias"));
            }
            "case_clause" => {
                let mut cursor = node.walk();
                let patterns: Vec<_> =
                    node.named_children(&mut cursor).filter(|p| p.kind() == "case_pattern").collect();
                for pattern in patterns {
                    self.unknown(pattern);
                }
                self.rest(node, mark, None);
            }
            _ => self.rest(node, mark, None),
        }
    }

    /// Reads all parts of a statement, but for what stands in a field that was read.
    fn rest(&mut self, node: Tree<'t>, mark: usize, except: Option<&str>) {
        self.tasks.push(Task::Drop(mark));
        let from = self.tasks.len();
        let mut cursor = node.walk();
        let mut comment = None;
        if !cursor.goto_first_child() {
            return;
        }
        loop {
            let part = cursor.node();
            let skipped = except.is_some() && cursor.field_name() == except;
            if part.kind() == "comment" {
                comment = self.udf_mark(part).or(comment);
            } else if part.is_named() && !skipped && part.kind() != "case_pattern" {
                let is_definition =
                    matches!(part.kind(), "function_definition" | "class_definition" | "decorated_definition");
                self.tasks.extend(comment.take().filter(|_| is_definition).map(Task::Mark));
                self.tasks.push(if is_statement(part.kind()) { Task::Walk(part) } else { Task::Visit(part) });
            }
            if !cursor.goto_next_sibling() {
                break;
            }
        }
        self.tasks[from..].reverse();
    }

    fn scope_mut(&mut self, scope: ScopeId) -> Option<&mut Scope> {
        self.syntax.scopes.get_mut(scope as usize)
    }

    /// Binds a name in the scope at hand, or where `global` and `nonlocal` say.
    pub(super) fn bind(&mut self, name: &'t str, binding: Binding) {
        let sym = self.sym(name);
        let scope = self.scope;
        let outer = self.scope_mut(scope).and_then(|scope| scope.outer.get(&sym).copied());
        if let Some(scope) = self.scope_mut(outer.unwrap_or(scope)) {
            scope.names.entry(sym).or_default().push(binding);
        }
    }

    /// All names of a pattern get values that the text does not tell.
    pub(super) fn unknown(&mut self, pattern: Tree<'t>) {
        let mut open = vec![pattern];
        while let Some(node) = open.pop() {
            match node.kind() {
                "identifier" => self.bind(self.str(node), Binding::Unknown),
                "attribute" | "subscript" | "call" | "type" => {}
                _ => {
                    let mut cursor = node.walk();
                    open.extend(node.named_children(&mut cursor));
                }
            }
        }
    }

    fn outer(&mut self, node: Tree<'t>) {
        let mut cursor = node.walk();
        let names: Vec<Tree<'t>> = node.named_children(&mut cursor).filter(|n| n.kind() == "identifier").collect();
        for name in names {
            let sym = self.sym(self.str(name));
            let target = if node.kind() == "global_statement" { Some(0) } else { self.enclosing() };
            let scope = self.scope;
            if let (Some(target), Some(scope)) = (target.filter(|target| *target != scope), self.scope_mut(scope)) {
                scope.outer.insert(sym, target);
            }
        }
    }

    /// The scope of the function around the one at hand.
    fn enclosing(&self) -> Option<ScopeId> {
        let mut at = self.syntax.scopes.get(self.scope as usize)?.parent;
        while let Some(scope) = at {
            let found = self.syntax.scopes.get(scope as usize)?;
            if found.class.is_none() && !found.is_comprehension {
                return Some(scope);
            }
            at = found.parent;
        }
        None
    }

    fn assignment(&mut self, node: Tree<'t>) {
        let (mark, mut targets, mut at) = (self.values.len(), Vec::new(), node);
        let mut annotation = None;
        let value = loop {
            targets.extend(at.child_by_field_name("left"));
            annotation = annotation.or(at.child_by_field_name("type"));
            match at.child_by_field_name("right") {
                Some(right) if matches!(right.kind(), "assignment" | "augmented_assignment") => at = right,
                right => break right,
            }
        };
        self.tasks.push(Task::Drop(mark));
        if let (Some(kind), Some(target)) = (annotation, targets.first().filter(|t| t.kind() == "identifier")) {
            let target = *target;
            self.tasks.extend([Task::Types(false), Task::Typed(target), Task::Visit(kind), Task::Types(true)]);
        }
        // What stands in targets is used as well: `a.b[c] = d`.
        for target in targets.iter().filter(|target| target.kind() != "identifier") {
            self.tasks.push(Task::Visit(*target));
        }
        match value {
            Some(value) if node.kind() == "assignment" => {
                self.tasks.extend([Task::Assign(targets), Task::Visit(value)]);
            }
            value => {
                targets.iter().filter(|_| value.is_some()).for_each(|target| self.unknown(*target));
                self.tasks.extend(value.map(Task::Visit));
            }
        }
    }

    /// Binds the last value to targets, and leaves it.
    pub(super) fn assign(&mut self, targets: &[Tree<'t>]) {
        let Some(value) = self.values.last().copied() else { return };
        for target in targets {
            match target.kind() {
                "identifier" => {
                    let name = self.str(*target);
                    let sym = self.sym(name);
                    let scope = self.scope;
                    if self.scope_mut(scope).is_some_and(|scope| scope.outer.contains_key(&sym)) {
                        self.keep(value);
                    }
                    self.bind(name, Binding::Value(value));
                }
                "attribute" => {
                    self.keep(value);
                    self.attribute(*target, value);
                }
                "subscript" => self.keep(value),
                _ => self.unknown(*target),
            }
        }
    }

    fn keep(&mut self, value: ExprId) {
        self.mark_use(value, Use::Kept);
        if let Some(Node::Call(callee, ..)) = self.syntax.expr(value).map(|expr| expr.node) {
            self.mark_use(callee, Use::Kept);
        }
    }

    pub(super) fn bind_typed(&mut self, target: Tree<'t>, kind: ExprId) {
        self.bind(self.str(target), Binding::Typed(kind));
    }

    /// `self.name = value` in a method.
    fn attribute(&mut self, target: Tree<'t>, value: ExprId) {
        let (Some(object), Some(name)) =
            (target.child_by_field_name("object"), target.child_by_field_name("attribute"))
        else {
            return;
        };
        let function = self.syntax.function_of(self.scope);
        let Some(method) = self.syntax.functions.get(function as usize) else { return };
        let own = method.params.first().map(|param| self.syntax.text(param.name));
        let Some(class) = method.class.filter(|_| own == Some(self.str(object))) else { return };
        let sym = self.sym(self.str(name));
        if let Some(class) = self.syntax.classes.get_mut(class as usize) {
            class.attributes.entry(sym).or_default().push(value);
        }
    }

    /// `value as name`.
    pub(super) fn as_pattern(&mut self, node: Tree<'t>, mark: usize, first: ExprId) {
        let mut cursor = node.walk();
        let value = node.named_children(&mut cursor).find(|part| !part.is_extra());
        let alias = node.child_by_field_name("alias").and_then(|alias| alias.named_child(0).or(Some(alias)));
        self.tasks.push(Task::Make(node, Made::Same, mark, first));
        // An exception is bound to what was raised, not to its class; with several names, none is told.
        let is_with = node.parent().is_some_and(|parent| parent.kind() == "with_item");
        match alias {
            Some(alias) if is_with && alias.kind() == "identifier" => self.tasks.push(Task::Assign(vec![alias])),
            Some(alias) => self.unknown(alias),
            None => {}
        }
        self.tasks.extend(value.map(Task::Visit));
    }

    pub(super) fn comprehension(&mut self, node: Tree<'t>) {
        let around = self.scope;
        let function = self.syntax.function_of(around);
        // A comprehension in a class does not see the class's names.
        let scope = Scope { parent: Some(around), function, is_comprehension: true, ..Scope::default() };
        self.syntax.scopes.push(scope);
        let inner = self.syntax.scopes.len() as ScopeId - 1;
        self.tasks.push(Task::Scope(around));
        self.children(node);
        self.tasks.push(Task::Scope(inner));
    }
}

/// Whether a node is no expression.
pub(super) fn is_statement(kind: &str) -> bool {
    kind.ends_with("_statement")
        || kind.ends_with("_definition")
        || kind.ends_with("_clause")
        || matches!(kind, "block" | "assignment" | "augmented_assignment" | "with_item" | "ERROR")
}
