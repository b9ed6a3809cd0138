//! sparkproof reads a repository and says where its Spark deployment cannot work.

pub mod claim;
pub mod compose;
pub mod config;
pub mod discover;
pub mod fact;
pub mod finding;
pub mod fix;
pub mod go;
pub mod project;
pub mod read;
pub mod report;
pub mod rule;
pub mod rules;
pub mod rust;
pub mod sift;
pub mod source;
pub mod table;
pub mod version;
