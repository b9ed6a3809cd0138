//! What a template may add: which collections, values and duplicate keys a whole-line action leaves open.

use super::build::Builder;
use super::gap::Place;
use super::helm::{Action, Role};
use crate::read::tree::{Entry, Kind, NodeId};
use std::collections::HashMap;
use std::ops::Range;

impl Builder<'_, '_> {
    pub(super) fn may_grow(&self, range: &Range<usize>) -> bool {
        self.input.mask.is_some_and(|m| m.writes_on(range.end) || m.actions_in(range).iter().any(Action::may_add))
    }

    /// The same key twice in a mapping with branches: which one holds is not known.
    pub(super) fn silence_duplicates(&mut self, entries: &[Entry]) {
        let mut seen: HashMap<&str, NodeId> = HashMap::new();
        for entry in entries {
            if let Some(first) = seen.insert(entry.key.as_str(), entry.value) {
                for id in [first, entry.value] {
                    if let Some(node) = self.nodes.get_mut(id.0 as usize) {
                        node.templated = true;
                    }
                }
            }
        }
    }

    /// Looks at the whole-line actions between the last content and content at `start`, and marks what they may add to.
    /// Returns whether one stands there that may add to that content itself; `None` is the document's end.
    pub(super) fn actions_before(&mut self, start: usize, position: Option<Place>) -> bool {
        let closed = std::mem::take(&mut self.gap.closed);
        let empty = self.gap.empty.take();
        let Some(mask) = self.input.mask else { return false };
        let mut wakes = false;
        while let Some(action) = mask.actions.get(self.gap.next_action).filter(|a| a.range.start < start) {
            self.gap.next_action += 1;
            if action.range.start < self.end || !action.may_add() {
                continue;
            }
            match position {
                Some(Place::Value) => wakes = true,
                Some(Place::Root) => wakes |= action.role == Role::Output,
                Some(Place::Key | Place::Item) | None => self.add_to(action, &closed, empty),
            }
        }
        wakes
    }

    /// Marks the collections that a whole-line action behind an entry may add to.
    fn add_to(&mut self, action: &Action, closed: &[(NodeId, usize)], empty: Option<(NodeId, usize)>) {
        let is_output = action.role == Role::Output;
        if let Some((id, column)) = empty {
            if let Some(node) = self.nodes.get_mut(id.0 as usize) {
                node.templated = true;
            }
            if is_output && action.column > column {
                return;
            }
        }
        if is_output {
            let exact = closed.iter().any(|(_, column)| *column == action.column)
                || self.stack.last().is_some_and(|f| f.column == action.column);
            for (id, _) in closed.iter().filter(|(_, column)| !exact || *column == action.column) {
                self.mark_open(*id);
            }
            if let Some(frame) = self.stack.last_mut() {
                frame.open |= !exact || frame.column == action.column;
            }
        } else if let Some(frame) = self.stack.last_mut() {
            frame.open = true;
        }
    }

    fn mark_open(&mut self, id: NodeId) {
        let Some(node) = self.nodes.get_mut(id.0 as usize) else { return };
        if let Kind::Mapping { open, .. } | Kind::Sequence { open, .. } = &mut node.kind {
            *open = true;
        }
    }
}
