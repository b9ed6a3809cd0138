//! TLS clients of Rust code that take any certificate.

use crate::fact::Facts;
use crate::fact::tls::Unverified;
use crate::read::{Body, Document};
use crate::rust::site::{Site, Sites, Value, Verifier};
use crate::source::{Sources, Span};

/// The clients of all Rust files. A verifier is known by its type's name, in whichever file of the repository it stands.
pub fn claim(sources: &Sources, documents: &[Document]) -> Facts {
    let mut facts = Facts::default();
    let files: Vec<(&str, &Sites)> = documents
        .iter()
        .filter_map(
            |document| if let Body::Rust(syntax) = &document.body { Some((document.file, syntax)) } else { None },
        )
        .filter(|(file, syntax)| !syntax.generated && !super::rust_calls::is_aside(sources.path(*file)))
        .map(|(file, syntax)| (sources.path(file), &syntax.sites))
        .collect();
    let verifiers: Vec<&Verifier> = files.iter().flat_map(|(_, sites)| &sites.verifiers).collect();
    for (path, sites) in files {
        // A server that asks its clients for no certificate is as servers are.
        let serves = |site: &Site| sites.acceptors.contains(&site.function);
        for site in sites.calls.iter().filter(|site| !site.chosen && !serves(site)) {
            if let Some((span, verifier)) = off(site, &verifiers) {
                let by = site.path.trim_start_matches('.').to_owned();
                let subject = format!("{path}/{}/{by}", site.function);
                facts.unverified.push(Unverified { span, by, verifier, subject });
            }
        }
    }
    facts
}

/// What turns the check off, and the verifier that accepts everything instead of it.
fn off(site: &Site, verifiers: &[&Verifier]) -> Option<(Span, Option<Span>)> {
    let first = site.arguments.first()?;
    match (site.path.as_str(), first) {
        (".set_verify", Value::Path(path, span)) => {
            let is_off = path.ends_with("SslVerifyMode::NONE") || path.rsplit("::").next() == Some("SSL_VERIFY_NONE");
            is_off.then_some((*span, None))
        }
        (".set_certificate_verifier" | ".with_custom_certificate_verifier", made) => {
            let named = |verifier: &&&Verifier| names(made, &verifier.name, 4);
            let mut known = verifiers.iter().filter(named).peekable();
            let first = known.peek()?.span;
            known.all(|verifier| verifier.accepts_all).then_some((site.span, Some(first)))
        }
        (_, Value::Truth(true, span)) => Some((*span, None)),
        _ => None,
    }
}

/// Whether a value is one of this type: `Arc::new(NoCheck)`, `NoCheck::new()`.
fn names(value: &Value, name: &str, fuel: usize) -> bool {
    let Some(fuel) = fuel.checked_sub(1) else { return false };
    let holds = |path: &str| path.split("::").any(|part| part == name);
    match value {
        Value::Path(path, _) => holds(path),
        Value::Made(site) => holds(&site.path) || site.arguments.first().is_some_and(|inner| names(inner, name, fuel)),
        _ => false,
    }
}
