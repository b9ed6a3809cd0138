//! The binary from outside: exit codes, formats, files, streams.
#![allow(clippy::unwrap_used)]

#[path = "cli/baseline.rs"]
mod baseline;
#[path = "cli/commands.rs"]
mod commands;
#[path = "cli/configuration.rs"]
mod configuration;
#[path = "cli/contract.rs"]
mod contract;
#[path = "cli/fixes.rs"]
mod fixes;
#[path = "cli/fixtures.rs"]
mod fixtures;
#[path = "cli/joined.rs"]
mod joined;
#[path = "cli/links.rs"]
mod links;
#[path = "cli/manifests.rs"]
mod manifests;
#[path = "cli/matrix.rs"]
mod matrix;
#[path = "cli/paths.rs"]
mod paths;
#[path = "cli/pods.rs"]
mod pods;
#[path = "cli/repository.rs"]
mod repository;
#[path = "cli/streams.rs"]
mod streams;
