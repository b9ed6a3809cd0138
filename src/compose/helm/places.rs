//! Where the places of a made text were written.

use super::text::{Kind, Run, Text};
use crate::read::tree::Tree;
use crate::source::{FileId, Span, Traced};
use std::ops::Range;

/// A tree read from a text, with the places that the text was made of.
pub(super) fn moved(tree: Tree, text: &Text) -> Tree {
    let places = Places::of(text);
    tree.moved(|span| places.place(span.range()), |traced| places.traced(traced))
}

/// The runs of a text by their bytes.
struct Places<'t> {
    runs: &'t [Run],
    starts: Vec<usize>,
}

impl<'t> Places<'t> {
    fn of(text: &'t Text) -> Self {
        let starts = text.runs().iter().scan(0, |at, run| {
            let start = *at;
            *at += run.len;
            Some(start)
        });
        Self { runs: text.runs(), starts: starts.collect() }
    }

    /// The runs that share bytes with a range, each with the bytes that it shares; of an empty range the run that it stands in.
    fn runs(&self, range: &Range<usize>) -> impl Iterator<Item = (Range<usize>, Run)> {
        let first = self.starts.partition_point(|start| *start <= range.start).saturating_sub(1);
        let end = range.end.max(range.start + 1);
        let range = range.clone();
        self.runs.iter().zip(&self.starts).skip(first).take_while(move |(_, start)| **start < end).map(
            move |(run, start)| {
                let (from, to) = ((*start).max(range.start), (start + run.len).min(range.end).max(range.start));
                let cut = |span: Span| Span {
                    start: span.start + from.saturating_sub(*start).min(span.range().len()) as u32,
                    end: span.start + (to - start.min(&to)).min(span.range().len()) as u32,
                    ..span
                };
                let is_exact = run.kind != Kind::Made && run.from.range().len() == run.len;
                let origin = if is_exact { cut(run.from) } else { run.from };
                let site = if run.site == run.from { origin } else { run.site };
                (from..to.max(from), Run { len: to.saturating_sub(from), from: origin, site, ..*run })
            },
        )
    }

    /// The place that stands for a range: where it was written, if that is one place, else where it is used.
    fn place(&self, range: Range<usize>) -> Span {
        let nowhere = Span::new(FileId(0), 0..0);
        let mut runs = self.runs(&range).map(|(_, run)| run).filter(|run| run.len > 0 || range.is_empty());
        let Some(first) = runs.next() else { return self.runs.last().map_or(nowhere, |run| run.site) };
        let (mut written, mut used) = (Some(first.from), first.site);
        for run in runs {
            written = written
                .filter(|seen| run.from.file == seen.file && run.from.start == seen.end)
                .map(|seen| seen.cover(run.from));
            used = used.cover(run.site);
        }
        written.unwrap_or(used)
    }

    fn used(&self, range: &Range<usize>) -> Span {
        let mut sites = self.runs(range).filter(|(_, run)| run.len > 0 || range.is_empty()).map(|(_, run)| run.site);
        let Some(first) = sites.next() else { return self.place(range.clone()) };
        sites.fold(first, Span::cover)
    }

    fn traced(&self, traced: &Traced) -> Traced {
        let mut parts = Vec::new();
        for (range, from, is_exact) in traced.pieces() {
            let value = &traced.as_str()[range];
            let from = from.range();
            if !is_exact || from.len() != value.len() {
                parts.push(Traced::made(value, self.place(from)));
                continue;
            }
            for (bytes, run) in self.runs(&from) {
                let Some(part) = value.get(bytes.start - from.start..bytes.end - from.start).filter(|p| !p.is_empty())
                else {
                    continue;
                };
                let is_exact = run.kind == Kind::Exact && run.from.range().len() == part.len();
                parts.push(if is_exact { Traced::literal(part, run.from) } else { Traced::made(part, run.from) });
            }
        }
        Traced::concat(self.used(&traced.written().range()), parts)
    }
}
