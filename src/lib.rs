//! sparkproof reads a repository and says where its Spark deployment cannot work.

pub mod claim;
pub mod compose;
pub mod fact;
pub mod finding;
pub mod go;
pub mod read;
pub mod rust;
pub mod source;
pub mod version;
