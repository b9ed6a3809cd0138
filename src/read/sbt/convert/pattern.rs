//! Patterns of matches and definitions.

use super::super::{Expr, Pattern};
use super::{Converter, children, is_code};
use tree_sitter::Node;

/// The deepest nesting of patterns that is followed.
const MAX_DEPTH: usize = 16;

pub(super) fn pattern(converter: &mut Converter<'_>, node: Node<'_>) -> Pattern {
    nested(converter, node, 0)
}

fn nested(converter: &mut Converter<'_>, node: Node<'_>, depth: usize) -> Pattern {
    if depth > MAX_DEPTH {
        return Pattern::Unknown;
    }
    if node.kind() == "infix_pattern"
        && node.child_by_field_name("operator").is_some_and(|operator| converter.name(operator).ends_with(':'))
    {
        return grouped_right(converter, node, depth);
    }
    let mut inside = |node: Node<'_>| nested(converter, node, depth + 1);
    match node.kind() {
        "wildcard" => Pattern::Any,
        "identifier" => {
            let name = converter.name(node);
            // A name in capitals or backticks is compared with, any other is bound.
            let is_value = name.starts_with(char::is_uppercase) || converter.source(node).starts_with('`');
            if is_value { Pattern::Value(converter.expr(node)) } else { Pattern::Bind(name) }
        }
        "string" | "integer_literal" | "boolean_literal" | "null_literal" | "field_expression" => {
            Pattern::Value(converter.expr(node))
        }
        "stable_identifier" => stable(converter, node),
        "tuple_pattern" => Pattern::Tuple(parts(node).into_iter().map(inside).collect()),
        "alternative_pattern" => Pattern::Either(parts(node).into_iter().map(inside).collect()),
        "case_class_pattern" => {
            let Some(name) = node.child_by_field_name("type") else { return Pattern::Unknown };
            let parts: Vec<Pattern> = parts(node).into_iter().filter(|n| *n != name).map(inside).collect();
            Pattern::Extract(converter.name(name), parts)
        }
        "infix_pattern" => {
            let field = |name: &str| node.child_by_field_name(name);
            let (Some(left), Some(operator), Some(right)) = (field("left"), field("operator"), field("right")) else {
                return Pattern::Unknown;
            };
            let sides = vec![inside(left), inside(right)];
            Pattern::Extract(converter.name(operator), sides)
        }
        "capture_pattern" => {
            let (Some(name), Some(rest)) = (node.child_by_field_name("name"), node.child_by_field_name("pattern"))
            else {
                return Pattern::Unknown;
            };
            let inner = inside(rest);
            Pattern::Named(converter.name(name), Box::new(inner))
        }
        "typed_pattern" => match node.child_by_field_name("pattern") {
            Some(inner) => Pattern::Typed(Box::new(inside(inner))),
            None => Pattern::Unknown,
        },
        "repeat_pattern" => match node.child_by_field_name("pattern").map(inside) {
            Some(Pattern::Named(name, _)) => Pattern::Rest(Some(name)),
            _ => Pattern::Rest(None),
        },
        _ => Pattern::Unknown,
    }
}

/// `a :: b :: c` is `a :: (b :: c)`.
fn grouped_right(converter: &mut Converter<'_>, node: Node<'_>, depth: usize) -> Pattern {
    let (mut operands, mut at) = (Vec::new(), node);
    while at.kind() == "infix_pattern" {
        let field = |name: &str| at.child_by_field_name(name);
        let (Some(left), Some(operator), Some(right)) = (field("left"), field("operator"), field("right")) else {
            return Pattern::Unknown;
        };
        operands.push((converter.name(operator), right));
        at = left;
    }
    let first = nested(converter, at, depth + 1);
    let mut chain = vec![first];
    let mut operators = Vec::new();
    for (operator, right) in operands.into_iter().rev() {
        operators.push(operator);
        chain.push(nested(converter, right, depth + 1));
    }
    let last = chain.pop().unwrap_or(Pattern::Unknown);
    let pairs = chain.into_iter().zip(operators).rev();
    pairs.fold(last, |right, (left, operator)| Pattern::Extract(operator, vec![left, right]))
}

fn parts(node: Node<'_>) -> Vec<Node<'_>> {
    children(node).into_iter().filter(|child| is_code(*child)).collect()
}

/// `A.b`: a value by its path.
fn stable(converter: &mut Converter<'_>, node: Node<'_>) -> Pattern {
    let mut names = parts(node).into_iter();
    let Some(first) = names.next() else { return Pattern::Unknown };
    let mut id = converter.expr(first);
    for name in names {
        let name = converter.name(name);
        id = converter.add(Expr::Select(id, name), node);
    }
    Pattern::Value(id)
}
