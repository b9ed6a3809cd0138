//! What Python and JVM code offers, told by the calls of the client libraries.

use crate::fact::{Client, Metric, MetricKind, NamePart};
use crate::read::code::chain::Chains;
use crate::read::code::{Call, Code, Value};
use crate::source::{Source, Traced};

const PYTHON: &str = "prometheus_client";
/// The packages of the JVM's clients, old and new.
const JVM: [&str; 2] = ["io.prometheus.client.", "io.prometheus.metrics.core.metrics."];

/// The metrics of a source; tests and examples offer none.
pub fn claim(source: &Source, code: &Code) -> Vec<Metric> {
    if crate::claim::session::is_aside(&source.path) {
        return Vec::new();
    }
    if source.has_extension("py") {
        return code.calls.iter().filter_map(|call| python(source, code, call)).collect();
    }
    if !code.imports.iter().any(|import| JVM.iter().any(|package| import.as_str().starts_with(package))) {
        return Vec::new();
    }
    let chains = Chains::of(code);
    code.calls.iter().filter_map(|call| jvm(source, code, &chains, call)).collect()
}

fn kind_of(name: &str) -> Option<MetricKind> {
    Some(match name {
        "Counter" => MetricKind::Counter,
        "Gauge" => MetricKind::Gauge,
        "Histogram" => MetricKind::Histogram,
        "Summary" => MetricKind::Summary,
        _ => return None,
    })
}

/// `Counter("jobs", "…", namespace="acme")`.
fn python(source: &Source, code: &Code, call: &Call) -> Option<Metric> {
    let kind = kind_of(call.name.as_str())?;
    let ours = match call.receiver.as_str() {
        "" => is_from(code, call.name.as_str(), &[&format!("{PYTHON}.")]),
        PYTHON => true,
        _ => false,
    };
    let name = part(call.argument(0, &["name"]).filter(|_| ours)?.text()?)?;
    let given = |word: &str| call.argument(usize::MAX, &[word]);
    let before = [given("namespace"), given("subsystem")];
    // What is not known may start the name; what a unit says comes last.
    let known = before.iter().flatten().all(|value| value.text().is_some());
    let before = before.into_iter().flatten().filter(|_| known).filter_map(|value| part(value.text()?));
    let mut parts: Vec<NamePart> = before.collect();
    parts.push(name);
    match given("unit") {
        Some(Value::Text(unit)) => parts.extend(part(unit)),
        Some(_) => return None,
        None => {}
    }
    Some(made(source, kind, Client::Python, parts, !known))
}

/// `Counter.build("jobs", "…")`, `Counter.builder().namespace("acme").name("jobs")`.
fn jvm(source: &Source, code: &Code, chains: &Chains<'_>, call: &Call) -> Option<Metric> {
    let mut words = call.receiver.split('.').skip_while(|word| kind_of(word).is_none());
    let class = words.next()?;
    let kind = kind_of(class)?;
    let is_made = match call.name.as_str() {
        "build" => words.next().is_none() && call.arguments.len() == 2,
        "name" => matches!(words.next(), Some("build" | "builder")) && call.arguments.len() == 1,
        _ => false,
    };
    if !is_made || !is_from(code, class, &JVM) {
        return None;
    }
    let name = part(call.arguments.first()?.value.text()?)?;
    let before = chains.before(call);
    let of = |word: &str| before.iter().find(|link| link.name.as_str() == word);
    let links = [of("namespace"), of("subsystem")];
    let texts = links.iter().flatten().map(|link| link.arguments.first()?.value.text());
    let texts: Option<Vec<&Traced>> = texts.collect();
    let is_open = texts.is_none();
    let mut parts: Vec<NamePart> = texts.into_iter().flatten().filter_map(part).collect();
    parts.push(name);
    Some(made(source, kind, Client::Java, parts, is_open))
}

/// Whether a name is imported from one of these packages, and from no other.
fn is_from(code: &Code, name: &str, packages: &[&str]) -> bool {
    let named = |import: &&Traced| import.as_str().rsplit('.').next() == Some(name);
    let all = |import: &Traced| packages.iter().any(|package| import.as_str().strip_prefix(package) == Some("*"));
    let ours = |import: &Traced| packages.iter().any(|package| import.as_str().strip_prefix(package) == Some(name));
    let mut own = code.imports.iter().filter(named).peekable();
    if own.peek().is_some() { own.all(ours) } else { code.imports.iter().any(all) }
}

fn part(text: &Traced) -> Option<NamePart> {
    let is_known = !text.as_str().is_empty() && text.as_str().len() < 256;
    is_known.then(|| NamePart { text: text.as_str().into(), span: text.span() })
}

fn made(source: &Source, kind: MetricKind, client: Client, parts: Vec<NamePart>, is_open: bool) -> Metric {
    let mut metric = Metric { kind, client, parts, is_open, subject: String::new() };
    metric.subject = format!("{}/{}", source.name(), metric.name());
    metric
}
