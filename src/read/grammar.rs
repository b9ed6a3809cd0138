//! Parsing with a tree-sitter grammar, for as long as a text of its length can take.

use std::cell::RefCell;
use std::ops::ControlFlow;
use std::thread::LocalKey;
use tree_sitter::{Language, ParseOptions, ParseState, Parser, Tree};

/// How many parser steps a byte may cost before the parser is stopped; real files need well under one.
const MAX_STEPS_PER_BYTE: usize = 4;

/// A thread's parser of one language, made when it is first needed.
pub(super) type Slot = RefCell<Option<Parser>>;

/// The text's tree; None where the parser takes longer than any sensible text needs.
pub(super) fn parse(slot: &'static LocalKey<Slot>, language: fn() -> Language, text: &str) -> Option<Tree> {
    slot.with_borrow_mut(|slot| {
        if slot.is_none() {
            let mut parser = Parser::new();
            parser.set_language(&language()).ok()?;
            *slot = Some(parser);
        }
        let parser = slot.as_mut()?;
        let bytes = text.as_bytes();
        let mut steps = 0_usize;
        let allowed = bytes.len().saturating_mul(MAX_STEPS_PER_BYTE).saturating_add(100_000);
        let mut stop = |_: &ParseState| {
            // The parser asks once in a hundred operations.
            steps += 100;
            if steps > allowed { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        };
        let options = ParseOptions::new().progress_callback(&mut stop);
        let tree = parser.parse_with_options(&mut |at, _| bytes.get(at..).unwrap_or_default(), None, Some(options));
        if tree.is_none() {
            parser.reset();
        }
        tree
    })
}
