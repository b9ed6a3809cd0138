//! What declarations bind their names to.

use super::scope::Binding;
use super::stdlib::Type;
use super::walk::{Walk, children, fields};
use tree_sitter::Node;

impl<'t> Walk<'t> {
    /// A clause of a type switch gives the switch's variable the clause's own type.
    pub(super) fn declare_case(&mut self, name: Node<'t>, case: Node<'t>) {
        let of = match fields(case, "type").as_slice() {
            [only] => self.written_type(*only),
            _ => None,
        };
        self.scopes.declare(self.text(name), value(of));
    }

    /// Declares the names of one declaration, after its right side was read.
    pub(super) fn declare(&mut self, node: Node<'t>) {
        match node.kind() {
            "short_var_declaration" => {
                let types = self.value_types(&list(node, "left"), &list(node, "right"));
                for (name, of) in list(node, "left").into_iter().zip(types) {
                    self.scopes.declare_new(self.text(name), value(of));
                }
            }
            "range_clause" | "receive_statement" => {
                for name in list(node, "left") {
                    self.scopes.declare_new(self.text(name), Binding::Opaque);
                }
            }
            "var_spec" | "const_spec" => {
                let names = fields(node, "name");
                let types = match node.child_by_field_name("type") {
                    Some(of) => vec![self.written_type(of); names.len()],
                    None => self.value_types(&names, &list(node, "value")),
                };
                for (name, of) in names.into_iter().zip(types) {
                    self.scopes.declare(self.text(name), value(of));
                }
            }
            "type_alias" => {
                let of = node.child_by_field_name("type").and_then(|of| self.written_type(of));
                if let Some(name) = node.child_by_field_name("name") {
                    self.scopes.declare(self.text(name), of.map_or(Binding::Opaque, Binding::Alias));
                }
            }
            kind => {
                let of = node.child_by_field_name("type").filter(|_| kind == "parameter_declaration");
                let of = of.and_then(|of| self.written_type(of));
                for name in fields(node, "name") {
                    self.scopes.declare(self.text(name), value(of.clone()));
                }
            }
        }
    }

    /// One type for each name, from as many values or from one value with several results.
    fn value_types(&self, names: &[Node<'t>], values: &[Node<'t>]) -> Vec<Option<Type>> {
        let mut types: Vec<_> = match values {
            [only] if names.len() > 1 => self.results_of(*only),
            _ => values.iter().map(|v| self.type_of(*v)).collect(),
        };
        types.resize(names.len(), None);
        types
    }
}

fn value(of: Option<Type>) -> Binding {
    of.map_or(Binding::Opaque, Binding::Value)
}

/// The expressions of a field that holds an expression list.
fn list<'t>(node: Node<'t>, field: &str) -> Vec<Node<'t>> {
    match node.child_by_field_name(field) {
        Some(list) if list.kind() == "expression_list" => children(list),
        Some(other) => vec![other],
        None => Vec::new(),
    }
}
