//! The part of SARIF 2.1.0 that we write, in its own words.

use serde::Serialize;
use std::borrow::Cow;
use std::collections::BTreeMap;

#[derive(Serialize)]
pub struct Log<'a> {
    #[serde(rename = "$schema")]
    pub schema: &'a str,
    pub version: &'a str,
    pub runs: [Run<'a>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Run<'a> {
    pub tool: Tool<'a>,
    pub automation_details: RunName<'a>,
    pub invocations: [Invocation; 1],
    pub original_uri_base_ids: Roots<'a>,
    pub column_kind: &'a str,
    pub results: Vec<Result<'a>>,
}

#[derive(Serialize)]
pub struct Tool<'a> {
    pub driver: Driver<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Driver<'a> {
    pub name: &'a str,
    pub version: &'a str,
    pub semantic_version: &'a str,
    pub information_uri: &'a str,
    pub rules: Vec<Descriptor<'a>>,
}

/// A rule: SARIF's `reportingDescriptor`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Descriptor<'a> {
    pub id: &'a str,
    pub name: String,
    pub short_description: Message<'a>,
    pub full_description: Message<'a>,
    pub help: Help<'a>,
    pub help_uri: String,
    pub default_configuration: Configuration<'a>,
    pub properties: Properties<'a>,
}

#[derive(Serialize)]
pub struct Help<'a> {
    pub text: &'a str,
    pub markdown: &'a str,
}

#[derive(Serialize)]
pub struct Configuration<'a> {
    pub level: &'a str,
}

#[derive(Serialize)]
pub struct Properties<'a> {
    pub tags: [&'a str; 2],
}

#[derive(Serialize)]
pub struct RunName<'a> {
    pub id: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Invocation {
    pub execution_successful: bool,
}

#[derive(Serialize)]
pub struct Roots<'a> {
    #[serde(rename = "SRCROOT")]
    pub root: Root<'a>,
}

/// A base without an address: where the repository lies on this machine is nobody's business.
#[derive(Serialize)]
pub struct Root<'a> {
    pub description: Message<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Result<'a> {
    pub rule_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule_index: Option<usize>,
    pub level: &'a str,
    pub message: Message<'a>,
    pub locations: [Place<'a>; 1],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub related_locations: Vec<Place<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub partial_fingerprints: Option<BTreeMap<&'a str, &'a str>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub fixes: Vec<Fixed<'a>>,
}

/// A text: SARIF's `message`, and every other object that is nothing but a `text`.
#[derive(Serialize)]
pub struct Message<'a> {
    pub text: Cow<'a, str>,
}

impl<'a> Message<'a> {
    pub fn of(text: impl Into<Cow<'a, str>>) -> Self {
        Self { text: text.into() }
    }
}

/// SARIF's `location`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Place<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<usize>,
    pub physical_location: Physical,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<Message<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Physical {
    pub artifact_location: Artifact,
    pub region: Region,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Artifact {
    pub uri: String,
    pub uri_base_id: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Region {
    pub start_line: usize,
    pub start_column: usize,
    pub end_line: usize,
    pub end_column: usize,
    pub byte_offset: u32,
    pub byte_length: u32,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Fixed<'a> {
    pub description: Message<'a>,
    pub artifact_changes: Vec<Change<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Change<'a> {
    pub artifact_location: Artifact,
    pub replacements: Vec<Replacement<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Replacement<'a> {
    pub deleted_region: Region,
    pub inserted_content: Message<'a>,
}
