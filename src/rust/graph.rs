//! What can be reached from some functions, on the shortest path.

use super::{Choice, Edge, Resolved, Target};
use crate::source::Span;
use std::collections::{HashMap, VecDeque};

/// How a function was reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reached {
    /// From which root, by number.
    pub root: u32,
    /// The function before it on the path, and the place there that leads here; none for a root itself.
    pub from: Option<(u32, Span)>,
}

/// How each function is reached first, breadth first; roots in their order. A method that only a trait leads to is reached if a
/// value of its type is made on the way.
pub fn reach(build: &Resolved, roots: &[u32]) -> Vec<Option<Reached>> {
    let mut walk = Walk {
        build,
        reached: vec![None; build.functions.len()],
        queue: VecDeque::new(),
        live: vec![false; build.made.len()],
        asked: vec![false; build.choices.len()],
        waiting: HashMap::new(),
    };
    for (number, root) in roots.iter().enumerate() {
        walk.arrive(*root, Reached { root: number as u32, from: None });
    }
    while let Some(at) = walk.queue.pop_front() {
        let Some(function) = build.functions.get(at as usize) else { continue };
        let root = walk.reached.get(at as usize).copied().flatten().map_or(0, |reached| reached.root);
        for edge in &function.edges {
            walk.follow(edge, Reached { root, from: Some((at, edge.span)) });
        }
    }
    walk.reached
}

struct Walk<'b> {
    build: &'b Resolved,
    reached: Vec<Option<Reached>>,
    queue: VecDeque<u32>,
    /// The types of which there is a value.
    live: Vec<bool>,
    /// The choices that were asked for.
    asked: Vec<bool>,
    /// Methods that are reached as soon as there is a value of their type.
    waiting: HashMap<u32, Vec<(u32, Reached)>>,
}

impl Walk<'_> {
    fn arrive(&mut self, function: u32, how: Reached) {
        let Some(slot) = self.reached.get_mut(function as usize).filter(|slot| slot.is_none()) else { return };
        *slot = Some(how);
        self.queue.push_back(function);
        // A method runs on a value.
        if let Some(of) = self.build.functions.get(function as usize).and_then(|function| function.owner) {
            self.make(of, Reached { root: how.root, from: how.from });
        }
    }

    fn follow(&mut self, edge: &Edge, how: Reached) {
        match edge.to {
            Target::Function(number) => self.arrive(number, how),
            Target::Made(of) => self.make(of, how),
            Target::Choice(number) => {
                if let Some(asked) = self.asked.get_mut(number as usize).filter(|asked| !**asked) {
                    *asked = true;
                    for choice in self.build.choices.get(number as usize).map_or(&[][..], Vec::as_slice) {
                        self.choose(*choice, how);
                    }
                }
            }
        }
    }

    fn choose(&mut self, choice: Choice, how: Reached) {
        match choice.of.filter(|of| !self.live.get(*of as usize).copied().unwrap_or(true)) {
            Some(of) => self.waiting.entry(of).or_default().push((choice.function, how)),
            None => self.arrive(choice.function, how),
        }
    }

    fn make(&mut self, of: u32, how: Reached) {
        let Some(live) = self.live.get_mut(of as usize).filter(|live| !**live) else { return };
        *live = true;
        // What other crates call on a value is only known to be called where the value is made on the way.
        let comes = self.build.made.get(of as usize).filter(|_| how.from.is_some());
        let comes = comes.map_or(&[][..], Vec::as_slice);
        let waiting = self.waiting.remove(&of).unwrap_or_default();
        for (function, how) in comes.iter().map(|method| (*method, how)).chain(waiting) {
            self.arrive(function, how);
        }
    }
}

/// The places that lead from a root to a function, first to last, each with the function it leads to.
pub fn path(reached: &[Option<Reached>], to: u32) -> Vec<(Span, u32)> {
    let mut steps = Vec::new();
    let mut at = to;
    while let Some(Reached { from: Some((before, span)), .. }) = reached.get(at as usize).copied().flatten() {
        steps.push((span, at));
        if steps.len() > reached.len() {
            break;
        }
        at = before;
    }
    steps.reverse();
    steps
}
