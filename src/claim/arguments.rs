//! What a Dockerfile's arguments hold: what all builds of it pass, where they agree. Where they do not, or one of them is not known
//! well enough, nothing is said here, and the default counts for as much as before.

use crate::fact::{Facts, PassedArguments};
use crate::source::Traced;
use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;

/// The values of arguments that are passed, by name.
pub type Passed = HashMap<String, Rc<Traced>>;

/// The builds of a repository.
#[derive(Default)]
pub struct Arguments<'f> {
    by_path: HashMap<&'f str, Vec<&'f PassedArguments>>,
    /// Builds of a Dockerfile that is not known.
    of_any: Vec<&'f PassedArguments>,
}

impl<'f> Arguments<'f> {
    /// Gathers them.
    pub fn of(facts: impl Iterator<Item = &'f Facts>) -> Self {
        let mut arguments = Self::default();
        for build in facts.flat_map(|facts| &facts.passed_arguments) {
            if build.paths.is_empty() {
                arguments.of_any.push(build);
            }
            for path in &build.paths {
                arguments.by_path.entry(path).or_default().push(build);
            }
        }
        arguments
    }

    /// What the builds of the Dockerfile at a path give to its arguments.
    pub fn passed(&self, path: &str) -> Passed {
        let builds = self.by_path.get(path).map_or(&[][..], Vec::as_slice);
        // What a readme file shows is done now and then: it can make doubtful what the others say, and says nothing itself.
        let run: Vec<&PassedArguments> = builds.iter().copied().filter(|build| !build.in_prose).collect();
        let names: BTreeSet<&str> = run.iter().flat_map(|b| &b.arguments).map(|(name, _)| name.as_str()).collect();
        let told = builds.iter().copied().filter(|build| build.in_prose).chain(self.of_any.iter().copied());
        let told: Vec<&PassedArguments> = told.collect();
        let agreed = |name: &str| {
            let Given::Value(first) = given(run.first()?, name) else { return None };
            let same = |build: &&PassedArguments| matches!(given(build, name), Given::Value(v) if v.as_str() == first.as_str());
            let others = |build: &&PassedArguments| matches!(given(build, name), Given::Nothing) || same(build);
            (run.iter().all(same) && told.iter().all(others)).then(|| Rc::new(first.clone()))
        };
        names.into_iter().filter_map(|name| Some((name.to_owned(), agreed(name)?))).collect()
    }
}

/// What a build passes by a name.
enum Given<'b> {
    Nothing,
    /// Something that is not known.
    Unknown,
    Value(&'b Traced),
}

fn given<'b>(build: &'b PassedArguments, name: &str) -> Given<'b> {
    match build.arguments.iter().rev().find(|(own, _)| own == name) {
        None => Given::Nothing,
        Some((_, None)) => Given::Unknown,
        Some((_, Some(value))) => Given::Value(value),
    }
}
