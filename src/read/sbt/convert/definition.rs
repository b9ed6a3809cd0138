//! Values, functions, objects, classes and imports.

use super::super::{Expr, ExprId, Param, Pattern, Selector, Template, TemplateKind};
use super::{Converter, children, is_code, pattern};
use tree_sitter::Node;

/// A definition; `None` where the node is none.
pub(super) fn definition(converter: &mut Converter<'_>, node: Node<'_>) -> Option<Expr> {
    Some(match node.kind() {
        "val_definition" | "var_definition" => value(converter, node)?,
        "function_definition" => function(converter, node)?,
        "object_definition" | "package_object" => template(converter, node, TemplateKind::Object)?,
        "class_definition" => template(converter, node, TemplateKind::Class)?,
        "trait_definition" => template(converter, node, TemplateKind::Trait)?,
        "import_declaration" => import(converter, node),
        "package_clause" => {
            let body = node.child_by_field_name("body")?;
            Expr::Block(converter.statements(body))
        }
        _ => return None,
    })
}

fn value(converter: &mut Converter<'_>, node: Node<'_>) -> Option<Expr> {
    let (shape, value) = (node.child_by_field_name("pattern")?, node.child_by_field_name("value")?);
    // In a definition a name is bound, whatever its first letter.
    let pattern = match shape.kind() {
        "identifier" => Pattern::Bind(converter.name(shape)),
        _ => pattern::pattern(converter, shape),
    };
    Some(Expr::Val(pattern, converter.whole(value)))
}

fn function(converter: &mut Converter<'_>, node: Node<'_>) -> Option<Expr> {
    let name = converter.name(node.child_by_field_name("name")?);
    let mut cursor = node.walk();
    let lists: Vec<Node<'_>> = node.children_by_field_name("parameters", &mut cursor).collect();
    let params = lists.into_iter().map(|list| parameters(converter, list)).collect();
    let body = converter.whole(node.child_by_field_name("body")?);
    Some(Expr::Def(name, params, body))
}

fn parameters(converter: &mut Converter<'_>, list: Node<'_>) -> Vec<Param> {
    let mut params = Vec::new();
    for parameter in children(list) {
        if let Some(name) = parameter.child_by_field_name("name") {
            let name = converter.name(name);
            let default = parameter.child_by_field_name("default_value").map(|value| converter.whole(value));
            let kind = parameter.child_by_field_name("type").map(|kind| kind.kind());
            params.push(Param { name, default, repeated: kind == Some("repeated_parameter_type") });
        }
    }
    params
}

fn template(converter: &mut Converter<'_>, node: Node<'_>, kind: TemplateKind) -> Option<Expr> {
    let name = converter.name(node.child_by_field_name("name")?);
    let params = node.child_by_field_name("class_parameters").map(|list| parameters(converter, list));
    let parents = node.child_by_field_name("extend").map(|clause| types(converter, clause)).unwrap_or_default();
    let body = node.child_by_field_name("body").map(|body| converter.statements(body)).unwrap_or_default();
    let implicit = children(node)
        .into_iter()
        .any(|child| child.kind() == "modifiers" && converter.source(child).contains("implicit"));
    let params = params.unwrap_or_default();
    Some(Expr::Template(Box::new(Template { kind, name, params, parents, body, implicit })))
}

fn types(converter: &Converter<'_>, clause: Node<'_>) -> Vec<Box<str>> {
    let mut names = Vec::new();
    let mut open = children(clause);
    open.reverse();
    while let Some(node) = open.pop() {
        match node.kind() {
            "type_identifier" => names.push(converter.name(node)),
            "stable_type_identifier" => {
                names.extend(children(node).last().map(|last| converter.name(*last)));
            }
            "compound_type" | "applied_constructor_type" | "annotated_type" => {
                open.extend(children(node).into_iter().rev());
            }
            _ => {}
        }
    }
    names
}

/// `new Name(…) { … }`.
pub(super) fn instance(converter: &mut Converter<'_>, node: Node<'_>) -> Expr {
    let (mut name, mut args, mut body): (Box<str>, _, Vec<ExprId>) = ("".into(), Vec::new(), Vec::new());
    for child in children(node) {
        match child.kind() {
            "arguments" => args.extend(converter.args(child)),
            "template_body" => body = converter.statements(child),
            "type_identifier" if name.is_empty() => name = converter.name(child),
            "stable_type_identifier" | "generic_type" if name.is_empty() => {
                let last = children(child).into_iter().rfind(|n| n.kind() == "type_identifier");
                name = last.map(|last| converter.name(last)).unwrap_or_default();
            }
            _ => {}
        }
    }
    Expr::New(name, args, body)
}

/// One import; of several in one line, the later ones are blocks beside it.
fn import(converter: &mut Converter<'_>, node: Node<'_>) -> Expr {
    let mut found = Vec::new();
    let mut path: Vec<Box<str>> = Vec::new();
    let mut selectors = None;
    let parts = children(node).into_iter().chain([node]);
    for part in parts {
        match part.kind() {
            "identifier" | "operator_identifier" => path.push(converter.name(part)),
            "namespace_wildcard" => selectors = Some(vec![Selector::All]),
            "namespace_selectors" => selectors = Some(renamed(converter, part)),
            "stable_identifier" => {
                path.extend(children(part).into_iter().filter(|n| is_code(*n)).map(|n| converter.name(n)));
            }
            "," | "import_declaration" if !path.is_empty() => {
                let mut path = std::mem::take(&mut path);
                let selectors = selectors
                    .take()
                    .unwrap_or_else(|| path.pop().into_iter().map(|name| Selector::Name(name.clone(), name)).collect());
                found.push(Expr::Import(path, selectors));
            }
            _ => {}
        }
    }
    if found.len() == 1 {
        return found.pop().unwrap_or(Expr::Unit);
    }
    let ids = found.into_iter().map(|import| converter.add(import, node)).collect();
    Expr::Block(ids)
}

fn renamed(converter: &Converter<'_>, node: Node<'_>) -> Vec<Selector> {
    let selector = |child: Node<'_>| match child.kind() {
        "identifier" => {
            let name = converter.name(child);
            Some(if &*name == "_" { Selector::All } else { Selector::Name(name.clone(), name) })
        }
        "arrow_renamed_identifier" | "as_renamed_identifier" => {
            let name = converter.name(child.child_by_field_name("name")?);
            Some(Selector::Name(name, converter.name(child.child_by_field_name("alias")?)))
        }
        "namespace_wildcard" | "wildcard" => Some(Selector::All),
        _ => None,
    };
    children(node).into_iter().filter_map(selector).collect()
}
