//! What does a document claim, in the domain's words? Here a document's *kind* is decided.

pub mod calls;
pub mod cargo;
pub mod dockerfile;
pub mod go_mod;
pub mod maven;
pub mod names;
pub mod python;
