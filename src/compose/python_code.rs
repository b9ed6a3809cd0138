//! Python code: which files need to be read for what Spark runs of it, and their forms side by side.

use crate::discover::is_test_data;
use crate::python::scan::{self, Imported};
use crate::python::{Modules, Syntax};
use crate::read::{Body, Document, directive};
use crate::source::{self, FileId, Format, Source, Sources};
use rayon::prelude::*;

/// The files that were read for their code.
#[derive(Debug, Default)]
pub struct PythonCode {
    /// Their forms.
    pub files: Vec<Syntax>,
}

/// What is known of a file before it is read.
struct Seen {
    file: FileId,
    has_spark: bool,
    is_start: bool,
    imports: Vec<Imported>,
}

/// Which Python files hold functions that Spark runs, or what these import. A repository without Spark's library needs none.
pub fn concerned(sources: &Sources, asks: impl Fn(&Source, &str) -> bool + Sync) -> Vec<bool> {
    let mut concerned = vec![false; sources.len()];
    let all: Vec<(FileId, &Source)> = sources
        .iter()
        .filter(|(_, source)| {
            source.format == Format::Python && source.has_extension("py") && !is_test_data(&source.path)
        })
        .collect();
    let may = |(_, source): &(FileId, &Source)| {
        source::load(source)
            .is_ok_and(|text| scan::has_spark(&text) || directive::may_hold(&text) || asks(source, &text))
    };
    if !all.par_iter().any(may) {
        return concerned;
    }
    let seen: Vec<Seen> = all.par_iter().filter_map(|(file, source)| look(*file, source, &asks)).collect();
    let modules = Modules::new(seen.iter().map(|seen| sources.path(seen.file)));
    let edges: Vec<Vec<u32>> =
        seen.par_iter().enumerate().map(|(from, seen)| targets(&modules, from as u32, &seen.imports)).collect();
    let mut back: Vec<Vec<u32>> = vec![Vec::new(); seen.len()];
    for (from, targets) in edges.iter().enumerate() {
        for target in targets {
            if let Some(list) = back.get_mut(*target as usize) {
                list.push(from as u32);
            }
        }
    }
    let numbers = |is: &dyn Fn(&Seen) -> bool| -> Vec<u32> {
        seen.iter().enumerate().filter(|(_, seen)| is(seen)).map(|(number, _)| number as u32).collect()
    };
    // What is imported by or imports what imports Spark, and hands something over; then what that imports.
    let having = numbers(&|seen| seen.has_spark);
    let (above, below) = (spread(&back, &having), spread(&edges, &having));
    let with_spark: Vec<bool> = above.iter().zip(&below).map(|(above, below)| *above || *below).collect();
    let starts: Vec<u32> = seen
        .iter()
        .zip(&with_spark)
        .enumerate()
        .filter(|(_, (seen, with_spark))| {
            seen.is_start && (**with_spark || !seen.has_spark && asked(sources, seen, &asks))
        })
        .map(|(number, _)| number as u32)
        .collect();
    for (seen, needed) in seen.iter().zip(spread(&edges, &starts)) {
        if let Some(slot) = concerned.get_mut(seen.file.0 as usize) {
            *slot = needed;
        }
    }
    concerned
}

fn asked(sources: &Sources, seen: &Seen, asks: &(impl Fn(&Source, &str) -> bool + Sync)) -> bool {
    let source = sources.get(seen.file);
    source::load(source).is_ok_and(|text| directive::may_hold(&text) || asks(source, &text))
}

fn look(file: FileId, source: &Source, asks: &(impl Fn(&Source, &str) -> bool + Sync)) -> Option<Seen> {
    let text = source::load(source).ok()?;
    let is_start = scan::has_entry(&text) || directive::may_hold(&text) || asks(source, &text);
    Some(Seen { file, has_spark: scan::has_spark(&text), is_start, imports: scan::imports(&text) })
}

fn targets(modules: &Modules, from: u32, imports: &[Imported]) -> Vec<u32> {
    let mut found = Vec::new();
    for import in imports {
        if import.level > 0 {
            found.extend(modules.relative(from, import.level, &import.module));
            continue;
        }
        // `import a.b.c` runs the packages above as well, and one of these may be all that is here.
        let mut name = import.module.as_str();
        loop {
            found.extend(modules.absolute(from, name));
            let Some((above, _)) = name.rsplit_once('.') else { break };
            name = above;
        }
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// Everything that some files lead to, themselves included.
fn spread(edges: &[Vec<u32>], from: &[u32]) -> Vec<bool> {
    let mut reached = vec![false; edges.len()];
    let mut open = from.to_vec();
    while let Some(at) = open.pop() {
        let Some(slot) = reached.get_mut(at as usize).filter(|slot| !**slot) else { continue };
        *slot = true;
        open.extend(edges.get(at as usize).into_iter().flatten());
    }
    reached
}

/// Takes the forms out of the documents.
pub fn compose(documents: &mut [Document]) -> PythonCode {
    let forms = documents.iter_mut().filter_map(|document| match &mut document.body {
        Body::Code(code) => code.syntax.take().map(|syntax| *syntax),
        _ => None,
    });
    PythonCode { files: forms.collect() }
}
