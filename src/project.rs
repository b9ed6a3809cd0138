//! Which claims meet at run time? Parts, the edges between them with their evidence, and the units they form.

use crate::fact::Facts;
use crate::read::Loss;

/// All facts, joined.
#[derive(Debug, Default)]
pub struct Project {
    /// What every file claims.
    pub facts: Facts,
    /// What was read.
    pub coverage: Coverage,
}

/// What was read, and what was not: the tool's own honesty.
#[derive(Debug, Default, Clone)]
pub struct Coverage {
    /// Files of a format we read, by format name.
    pub formats: Vec<(&'static str, usize)>,
    /// Files of a format we read.
    pub files: usize,
    /// Those read without any loss.
    pub parsed: usize,
    /// What was lost, in order of file and place.
    pub partial: Vec<Loss>,
    /// Values that could not be resolved and were not judged.
    pub unresolved: usize,
    /// Deployment units.
    pub units: usize,
    /// Places where several partners were possible and nothing was linked.
    pub ambiguous: usize,
}
