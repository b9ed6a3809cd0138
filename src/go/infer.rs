//! Types that are certain from one file: stated ones, and results of the standard library's functions.

use super::scope::Binding;
use super::stdlib::{self, Kind, Type};
use super::walk::Walk;
use tree_sitter::Node;

/// How many links of a chain (`a.b().c().d()`) are followed to its root.
const MAX_LINKS: usize = 32;

impl<'t> Walk<'t> {
    /// The type that a type's syntax names, if it is one of an imported package or a pointer to one.
    pub(super) fn written_type(&self, node: Node<'t>) -> Option<Type> {
        self.written(node, MAX_LINKS)
    }

    fn written(&self, node: Node<'t>, fuel: usize) -> Option<Type> {
        let fuel = fuel.checked_sub(1)?;
        match node.kind() {
            "qualified_type" => {
                let package = self.text(node.child_by_field_name("package")?);
                let name = self.text(node.child_by_field_name("name")?);
                let import = self.import_of(package)?;
                Some(Type::named(&format!("{}.{name}", self.import_path(import)?)))
            }
            "pointer_type" => self.written(node.named_child(0)?, fuel)?.pointed(),
            "parenthesized_type" => self.written(node.named_child(0)?, fuel),
            "type_identifier" => match self.scopes.get(self.text(node)) {
                Some(Binding::Alias(of)) => Some(of.clone()),
                Some(_) => None,
                None => {
                    let (path, name) = self.dot_imported(self.text(node))?;
                    (name.kind == Kind::Type).then(|| Type::named(&path))
                }
            },
            _ => None,
        }
    }

    /// The results of a function's signature.
    pub(super) fn written_results(&self, function: Node<'t>) -> Vec<Option<Type>> {
        let Some(result) = function.child_by_field_name("result") else { return Vec::new() };
        if result.kind() != "parameter_list" {
            return vec![self.written_type(result)];
        }
        let mut results = Vec::new();
        for parameter in result.named_children(&mut result.walk()) {
            let of = parameter.child_by_field_name("type").and_then(|of| self.written_type(of));
            let names = parameter.children_by_field_name("name", &mut parameter.walk()).filter(Node::is_named).count();
            results.extend((0..names.max(1)).map(|_| of.clone()));
        }
        results
    }

    /// The type of an expression's value.
    pub(super) fn type_of(&self, node: Node<'t>) -> Option<Type> {
        self.value_type(node, MAX_LINKS)
    }

    fn value_type(&self, node: Node<'t>, fuel: usize) -> Option<Type> {
        let fuel = fuel.checked_sub(1)?;
        match node.kind() {
            "identifier" => match self.scopes.get(self.text(node)) {
                Some(Binding::Value(of)) => Some(of.clone()),
                Some(_) => None,
                None => self.dot_imported(self.text(node)).filter(|(_, n)| n.kind == Kind::Variable)?.1.first(),
            },
            "parenthesized_expression" => self.value_type(node.named_child(0)?, fuel),
            "unary_expression" => {
                let of = self.value_type(node.child_by_field_name("operand")?, fuel)?;
                match self.text(node.child_by_field_name("operator")?) {
                    "&" => of.pointed(),
                    "*" => of.pointee(),
                    _ => None,
                }
            }
            "composite_literal" | "type_assertion_expression" | "type_conversion_expression" => {
                self.written(node.child_by_field_name("type")?, fuel)
            }
            "call_expression" => self.call_results(node, fuel).into_iter().next().flatten(),
            "selector_expression" => {
                let operand = node.child_by_field_name("operand")?;
                let name = self.text(node.child_by_field_name("field")?);
                if let Some(import) = self.imported(operand) {
                    let found = stdlib::member(self.import_path(import)?, name)?;
                    return (found.kind == Kind::Variable).then(|| found.first()).flatten();
                }
                let (found, _) = stdlib::selection(&self.value_type(operand, fuel)?, name)?;
                (found.kind == Kind::Field).then(|| found.first()).flatten()
            }
            _ => None,
        }
    }

    /// The types of a call's results, in order; empty where they are not known.
    pub(super) fn results_of(&self, node: Node<'t>) -> Vec<Option<Type>> {
        if node.kind() == "call_expression" { self.call_results(node, MAX_LINKS) } else { vec![self.type_of(node)] }
    }

    fn call_results(&self, call: Node<'t>, fuel: usize) -> Vec<Option<Type>> {
        self.known_results(call, fuel).unwrap_or_default()
    }

    fn known_results(&self, call: Node<'t>, fuel: usize) -> Option<Vec<Option<Type>>> {
        let fuel = fuel.checked_sub(1)?;
        let function = call.child_by_field_name("function")?;
        match function.kind() {
            "identifier" => {
                let name = self.text(function);
                match self.scopes.get(name) {
                    Some(Binding::Function(results)) => Some(results.clone()),
                    Some(Binding::Alias(of)) => Some(vec![Some(of.clone())]),
                    Some(_) => None,
                    None if name == "new" => {
                        let of = call.child_by_field_name("arguments")?.named_child(0)?;
                        Some(vec![self.written(of, fuel)?.pointed()])
                    }
                    None => self.dot_imported(name).map(|(path, found)| results_of_name(&path, found)),
                }
            }
            "selector_expression" => {
                let operand = function.child_by_field_name("operand")?;
                let name = self.text(function.child_by_field_name("field")?);
                if let Some(import) = self.imported(operand) {
                    let package = self.import_path(import)?;
                    return Some(results_of_name(&format!("{package}.{name}"), stdlib::member(package, name)?));
                }
                let (found, _) = stdlib::selection(&self.value_type(operand, fuel)?, name)?;
                matches!(found.kind, Kind::Method | Kind::PointerMethod).then(|| found.results.clone())
            }
            "parenthesized_expression" => Some(vec![Some(self.denoted(function, fuel)?)]),
            _ => None,
        }
    }

    /// The type that an expression *is*, not has: `(*exec.Cmd)` in `(*exec.Cmd).Run`.
    pub(super) fn denoted_type(&self, node: Node<'t>) -> Option<Type> {
        self.denoted(node, MAX_LINKS)
    }

    fn denoted(&self, node: Node<'t>, fuel: usize) -> Option<Type> {
        let fuel = fuel.checked_sub(1)?;
        match node.kind() {
            "parenthesized_expression" => self.denoted(node.named_child(0)?, fuel),
            "unary_expression" if self.text(node.child_by_field_name("operator")?) == "*" => {
                self.denoted(node.child_by_field_name("operand")?, fuel)?.pointed()
            }
            "identifier" => match self.scopes.get(self.text(node)) {
                Some(Binding::Alias(of)) => Some(of.clone()),
                Some(_) => None,
                None => {
                    let (path, found) = self.dot_imported(self.text(node))?;
                    (found.kind == Kind::Type).then(|| Type::named(&path))
                }
            },
            "selector_expression" => {
                let import = self.imported(node.child_by_field_name("operand")?)?;
                let name = self.text(node.child_by_field_name("field")?);
                let package = self.import_path(import)?;
                let found = stdlib::member(package, name)?;
                (found.kind == Kind::Type).then(|| Type::named(&format!("{package}.{name}")))
            }
            _ => None,
        }
    }

    /// The full path of a member and whether it is called; `None` where the receiver's type is not known.
    pub(super) fn member_path(&self, operand: Node<'t>, name: &str, called: bool) -> Option<String> {
        let of = self.denoted_type(operand).or_else(|| self.type_of(operand))?;
        if let Some((_, path)) = stdlib::selection(&of, name) {
            return Some(path);
        }
        // Of other modules only what is written is known: a pointer's methods are nearly always declared on the pointer.
        let package = of.path.rsplit_once('.').map_or(&*of.path, |(package, _)| package);
        (called && !stdlib::is_standard(package))
            .then(|| if of.pointer { format!("(*{}).{name}", of.path) } else { format!("({}).{name}", of.path) })
    }
}

/// A function's results, or the type itself where the call is a conversion.
fn results_of_name(path: &str, found: &stdlib::Name) -> Vec<Option<Type>> {
    if found.kind == Kind::Type { vec![Some(Type::named(path))] } else { found.results.clone() }
}
