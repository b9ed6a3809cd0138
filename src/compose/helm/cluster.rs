//! What is taken for granted of a cluster that nobody has seen: a release of Kubernetes that is maintained, with its own APIs alone.

use super::text::Text;
use super::value::{Map, Value};
use crate::source::Span;

/// The release, as `helm template` would say it.
const VERSION: &str = "v1.31.0";

/// The groups of Kubernetes' own APIs with the versions that releases of today have.
const APIS: [(&str, &[&str]); 20] = [
    ("", &["v1"]),
    ("admissionregistration.k8s.io", &["v1"]),
    ("apiextensions.k8s.io", &["v1"]),
    ("apiregistration.k8s.io", &["v1"]),
    ("apps", &["v1"]),
    ("authentication.k8s.io", &["v1"]),
    ("authorization.k8s.io", &["v1"]),
    ("autoscaling", &["v1", "v2"]),
    ("batch", &["v1"]),
    ("certificates.k8s.io", &["v1"]),
    ("coordination.k8s.io", &["v1"]),
    ("discovery.k8s.io", &["v1"]),
    ("events.k8s.io", &["v1"]),
    ("flowcontrol.apiserver.k8s.io", &["v1"]),
    ("networking.k8s.io", &["v1"]),
    ("node.k8s.io", &["v1"]),
    ("policy", &["v1"]),
    ("rbac.authorization.k8s.io", &["v1"]),
    ("scheduling.k8s.io", &["v1"]),
    ("storage.k8s.io", &["v1"]),
];

/// Whether the cluster has an API: `policy/v1`, `apps/v1/Deployment`. One that is no group of Kubernetes' own is there where `all` are.
pub(super) fn has(api: &str, all: bool) -> bool {
    let (group, version) = match api.split_once('/') {
        Some((group, rest)) if !(group.starts_with('v') && group[1..].starts_with(|c: char| c.is_ascii_digit())) => {
            (group, rest.split('/').next().unwrap_or_default())
        }
        _ => ("", api.split('/').next().unwrap_or_default()),
    };
    match APIS.iter().find(|(own, _)| *own == group) {
        Some((_, versions)) => versions.contains(&version),
        // `extensions` and alike are gone; policies of pods are another vendor's word for OpenShift.
        None => all && group.contains('.') && !group.contains("openshift"),
    }
}

/// `.Capabilities`.
pub(super) fn capabilities(at: Span) -> Value {
    let mapping = |entries: &[(&str, Value)]| {
        let mut map = Map::default();
        for (key, value) in entries {
            map.set(Text::made(*key, at), value.clone());
        }
        Value::map(map)
    };
    let text = |value: &str| Value::text(value, at);
    let mut numbers = VERSION.trim_start_matches('v').split('.');
    let (major, minor) = (numbers.next().unwrap_or_default(), numbers.next().unwrap_or_default());
    let kubernetes = mapping(&[
        ("Version", text(VERSION)),
        ("GitVersion", text(VERSION)),
        ("Major", text(major)),
        ("Minor", text(minor)),
    ]);
    let helm = mapping(&[("Version", text("v3.16.0")), ("GitCommit", Value::Unknown), ("GoVersion", Value::Unknown)]);
    mapping(&[("KubeVersion", kubernetes), ("APIVersions", Value::Apis), ("HelmVersion", helm)])
}
