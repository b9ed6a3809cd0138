//! Where the text of an action would stand.

use crate::compose::helm::text::Text;
use crate::read::helm::{Branch, Item, Tag};

impl Tag {
    /// Whether the lines of a text stay lines where the action stands.
    pub(super) fn begins_line_of(&self, text: &Text) -> bool {
        self.begins_line || text.as_str().starts_with('\n')
    }
}

/// Whether what follows an action ends the word that the action is in.
pub(super) fn ends_word(next: Option<&Item>) -> bool {
    match next {
        None => true,
        Some(Item::Text(text)) => {
            let written = text.text.get(text.kept.start..).unwrap_or_default();
            written.starts_with(|c: char| c.is_whitespace() || matches!(c, '"' | '\''))
        }
        Some(Item::Block(block)) => block.branches.first().is_some_and(|branch| branch.tag.begins_line),
        Some(_) => false,
    }
}

/// The column at which a branch with lines of its own writes; None where it writes inside a line.
pub(super) fn column(branch: &Branch) -> Option<usize> {
    if !branch.tag.begins_line {
        return None;
    }
    let mut line = String::new();
    for item in &branch.body {
        match item {
            Item::Text(text) => {
                for piece in text.text.split_inclusive('\n') {
                    let blanks = piece.len() - piece.trim_start_matches(' ').len();
                    if !piece.trim().is_empty() {
                        let own = if line.is_empty() { blanks } else { line.len() };
                        return Some(own);
                    }
                    line.clear();
                    if !piece.ends_with('\n') {
                        line.push_str(piece);
                    }
                }
            }
            Item::Output(tag, _) | Item::Call(tag, ..) => return Some(said_indent(&tag.raw).unwrap_or(line.len())),
            Item::Block(block) => {
                if let Some(column) = block.branches.first().and_then(column) {
                    return Some(column);
                }
            }
            Item::Assign(..) | Item::Leave(..) | Item::Opaque(_) => {}
        }
    }
    None
}

/// The number behind the last `indent` or `nindent` of an action.
fn said_indent(raw: &str) -> Option<usize> {
    let behind = raw.rsplit_once("indent ")?.1.trim_start();
    let digits = behind.bytes().take_while(u8::is_ascii_digit).count();
    behind[..digits].parse().ok().filter(|n| *n < 1000)
}
