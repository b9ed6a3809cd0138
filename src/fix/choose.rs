//! Which fixes fit together.

use super::{Refused, apply};
use crate::finding::{Edit, Finding, Fix, Safety};
use crate::source::text::Text;
use crate::source::{FileId, Sources};
use std::collections::BTreeMap;

/// A file's accepted edits by their place, each with its finding. None overlaps another.
type Taken<'a> = BTreeMap<(u32, u32), (&'a Edit, usize)>;

/// The fixes that can be applied together, in the order of their findings.
pub(super) struct Choice<'a> {
    pub(super) accepted: Vec<usize>,
    pub(super) refused: Vec<Refused>,
    pub(super) unsafe_left: usize,
    findings: &'a [Finding],
    sources: &'a Sources,
    texts: &'a BTreeMap<FileId, Result<Text, String>>,
    taken: BTreeMap<FileId, Taken<'a>>,
}

impl<'a> Choice<'a> {
    pub(super) fn new(
        findings: &'a [Finding],
        sources: &'a Sources,
        texts: &'a BTreeMap<FileId, Result<Text, String>>,
        allow_unsafe: bool,
    ) -> Self {
        let (accepted, refused, taken) = (Vec::new(), Vec::new(), BTreeMap::new());
        let mut choice = Self { accepted, refused, unsafe_left: 0, findings, sources, texts, taken };
        for (index, fix) in findings.iter().enumerate().filter_map(|(i, f)| Some((i, f.fix.as_ref()?))) {
            if fix.safety == Safety::Unsafe && !allow_unsafe {
                choice.unsafe_left += 1;
                continue;
            }
            match choice.objection(fix) {
                Some(why) => choice.refused.push(Refused { finding: index, why }),
                None => choice.accept(index, fix),
            }
        }
        choice
    }

    fn accept(&mut self, index: usize, fix: &'a Fix) {
        for edit in &fix.edits {
            let place = (edit.span.start, edit.span.end);
            self.taken.entry(edit.span.file).or_default().entry(place).or_insert((edit, index));
        }
        self.accepted.push(index);
    }

    /// Why a fix cannot join those that are accepted.
    fn objection(&self, fix: &Fix) -> Option<String> {
        if fix.edits.iter().all(|edit| self.is_idle(edit)) {
            return Some("its edits change nothing".into());
        }
        if fix_overlaps_itself(fix) {
            return Some("its own edits overlap".into());
        }
        fix.edits.iter().find_map(|edit| self.is_possible(edit).err().or_else(|| self.collision(edit)))
    }

    fn is_possible(&self, edit: &Edit) -> Result<(), String> {
        match self.texts.get(&edit.span.file) {
            Some(Ok(text)) => apply::check(&text.text, edit)
                .map_err(|why| format!("it does not fit `{}`: {why}", self.sources.path(edit.span.file))),
            Some(Err(why)) => Err(why.clone()),
            None => Err("its file was not read".into()),
        }
    }

    fn is_idle(&self, edit: &Edit) -> bool {
        let text = self.texts.get(&edit.span.file).and_then(|text| text.as_ref().ok());
        text.and_then(|text| text.text.get(edit.span.range())).is_some_and(|old| old == edit.text)
    }

    /// The accepted edits neither overlap nor repeat, so those near `edit` are the last that begin before its end.
    fn collision(&self, edit: &Edit) -> Option<String> {
        let (start, end) = (edit.span.start, edit.span.end);
        let near = self.taken.get(&edit.span.file)?.range(..=(end, u32::MAX)).rev();
        let (other, finding) = near
            .map(|(_, taken)| *taken)
            .take_while(|(other, _)| other.span.end >= start)
            .find(|(other, _)| other.span.overlaps(edit.span) && *other != edit)?;
        let rule = self.findings.get(finding)?.rule;
        let text = self.texts.get(&other.span.file)?.as_ref().ok()?;
        let line = text.position(other.span.start as usize).line;
        let path = self.sources.path(other.span.file);
        Some(format!("overlaps the fix of `{rule}` at {path}:{line}; run again to see whether it is still needed"))
    }
}

fn fix_overlaps_itself(fix: &Fix) -> bool {
    let mut edits: Vec<&Edit> = fix.edits.iter().collect();
    edits.sort_by_key(|edit| edit.span);
    edits.dedup();
    edits.windows(2).any(|pair| matches!(pair, [one, other] if one.span.overlaps(other.span)))
}
