//! `Cargo.toml`, from its TOML tree.
