//! What Maven modules claim.

use crate::compose::maven::Maven;
use crate::fact::Facts;
use crate::source::Sources;

/// The facts of all modules.
pub fn claim(_sources: &Sources, _maven: &Maven) -> Facts {
    Facts::default()
}
