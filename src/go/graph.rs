//! What can be reached from some functions, on the shortest path.

use super::{Function, Reference};
use crate::source::Span;
use std::collections::VecDeque;

/// Where a walk begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Root {
    /// The function.
    pub function: u32,
    /// Only what stands here belongs to it: a closure within the function.
    pub within: Option<Span>,
}

/// A function that was reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reached {
    /// From which root, by number.
    pub root: u32,
    /// The function before it on the path, and the place there that leads here; none for a root itself.
    pub from: Option<(Step, Span)>,
}

/// The start of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// A closure that is a root.
    Closure,
    /// A function, by number.
    Function(u32),
}

/// How each function is reached first, breadth first; roots in their order.
pub fn reach(functions: &[Function], roots: &[Root]) -> Vec<Option<Reached>> {
    let mut reached: Vec<Option<Reached>> = vec![None; functions.len()];
    let mut queue = VecDeque::new();
    for (number, root) in roots.iter().enumerate().filter(|(_, root)| root.within.is_none()) {
        let slot = reached.get_mut(root.function as usize).filter(|slot| slot.is_none());
        if let Some(slot) = slot {
            *slot = Some(Reached { root: number as u32, from: None });
            queue.push_back(root.function);
        }
    }
    for (number, root) in roots.iter().enumerate() {
        let Some(within) = root.within else { continue };
        let Some(function) = functions.get(root.function as usize) else { continue };
        for edge in function.edges.iter().filter(|edge| within.contains(edge.span)) {
            if let Some(slot) = reached.get_mut(edge.to as usize).filter(|slot| slot.is_none()) {
                *slot = Some(Reached { root: number as u32, from: Some((Step::Closure, edge.span)) });
                queue.push_back(edge.to);
            }
        }
    }
    while let Some(at) = queue.pop_front() {
        let root = reached.get(at as usize).copied().flatten().map_or(0, |r| r.root);
        for edge in functions.get(at as usize).map_or(&[][..], |f| &f.edges) {
            if let Some(slot) = reached.get_mut(edge.to as usize).filter(|slot| slot.is_none()) {
                *slot = Some(Reached { root, from: Some((Step::Function(at), edge.span)) });
                queue.push_back(edge.to);
            }
        }
    }
    reached
}

/// The places that lead from a root to a function, first to last, each with the function it leads to.
pub fn path(reached: &[Option<Reached>], to: u32) -> Vec<(Span, u32)> {
    let mut steps = Vec::new();
    let mut at = to;
    while let Some(Reached { from: Some((step, span)), .. }) = reached.get(at as usize).copied().flatten() {
        steps.push((span, at));
        match step {
            Step::Function(before) if steps.len() <= reached.len() => at = before,
            _ => break,
        }
    }
    steps.reverse();
    steps
}

/// What a root itself refers to.
pub fn own<'f>(functions: &'f [Function], root: &Root) -> Vec<&'f Reference> {
    let Some(function) = functions.get(root.function as usize) else { return Vec::new() };
    function.references.iter().filter(|r| root.within.is_none_or(|within| within.contains(r.span))).collect()
}
