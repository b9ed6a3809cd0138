//! Clients of Spark Connect that take smaller messages than their server sends.

use super::Project;
use crate::fact::code::Value;
use crate::fact::{CodeSite, Component, PartId, VersionClaim};
use crate::go::Site;
use crate::source::Span;
use crate::table::Tables;
use crate::version::VersionSet;

/// What gRPC takes where nothing says otherwise, in Go and Rust.
pub const DEFAULT: u32 = 4 << 20;

/// What a server of Spark 4.0 or later puts into one message: seven tenths of 128 MiB, where 3.5 had seven tenths of 4 MiB.
const SENT: f64 = 0.7 * 128.0 * 1024.0 * 1024.0;

/// The setting that says otherwise.
const SETTING: &str = "spark.connect.grpc.arrow.maxBatchSize";

const LIMIT: &str = "google.golang.org/grpc.MaxCallRecvMsgSize";
const DIALS: [&str; 3] =
    ["google.golang.org/grpc.Dial", "google.golang.org/grpc.DialContext", "google.golang.org/grpc.NewClient"];

/// A client whose limit is below what its server sends.
#[derive(Debug)]
pub struct Small<'p> {
    /// Where the limit is set, or the client made.
    pub at: Span,
    /// What it is about, without line numbers.
    pub subject: String,
    /// The limit, where one is set.
    pub limit: Option<f64>,
    /// What says which Spark the server runs, where that is known.
    pub server: Option<&'p VersionClaim>,
    /// Which Spark that is.
    pub runs: String,
    /// How the two are known to meet.
    pub because: String,
    /// What to write, and where.
    pub edit: Option<(Span, String)>,
}

/// What is known of a client's server.
struct Sent<'p> {
    server: Option<&'p VersionClaim>,
    runs: String,
    because: String,
}

impl Project {
    /// Every client whose limit is below what its server is known to send.
    pub fn small_limits(&self, tables: &Tables) -> Vec<Small<'_>> {
        if self.facts.settings.iter().any(|setting| setting.key.as_str() == SETTING) {
            return Vec::new();
        }
        let mut found = Vec::new();
        let mut modules: Vec<PartId> = Vec::new();
        for code in self.facts.code_sites() {
            let is_client = is_builder(code) || &*code.site.path == Site::CONNECT;
            if let Some(module) = self.go_module_of(code.site.span.file).filter(|m| is_client && !modules.contains(m)) {
                modules.push(module);
            }
        }
        for module in modules {
            if let Some(sent) = self.sent_to(module, tables) {
                self.of_module(module, &sent, &mut found);
            }
        }
        self.of_rust(&mut found);
        found
    }

    /// What the server of a Go module's client sends, where it is known to be large.
    fn sent_to(&self, module: PartId, tables: &Tables) -> Option<Sent<'_>> {
        let is_client = |claim: &VersionClaim| claim.component.subject().starts_with("spark-connect-go");
        let connections = self.connections(tables);
        let own = connections.into_iter().find(|one| one.client.part == module && is_client(one.client));
        if let Some(connection) = own {
            let (server, because) = (connection.server, connection.because);
            return is_large(&server.versions).then(|| Sent { server: Some(server), runs: server.says(), because });
        }
        if !self.connect_servers().is_empty() {
            return self.servers_send();
        }
        let client = self.facts.versions.iter().find(|claim| claim.part == module && is_client(claim))?;
        let speaks = &tables.needs(client, Component::Spark)?.relation.versions;
        let because = format!("`{}` speaks the protocol of Spark {speaks}, which older servers do not know", client.by);
        is_large(speaks).then(|| Sent { server: None, runs: format!("{speaks} or later"), because })
    }

    /// What all Connect servers that something here starts send, where all are known to send much.
    fn servers_send(&self) -> Option<Sent<'_>> {
        let servers = self.connect_servers();
        let server = servers.first().copied()?;
        let place = self.place(self.part(server.part).span);
        let because = format!("`{place}` belongs to the Connect server here");
        let all = servers.iter().all(|server| is_large(&server.versions));
        all.then(|| Sent { server: Some(server), runs: server.says(), because })
    }

    fn of_module<'p>(&'p self, module: PartId, sent: &Sent<'p>, found: &mut Vec<Small<'p>>) {
        let sites: Vec<&CodeSite> =
            self.facts.code_sites().filter(|code| self.go_module_of(code.site.span.file) == Some(module)).collect();
        let is_custom = sites.iter().any(|code| code.site.path.ends_with(".WithChannelBuilder"));
        if !is_custom {
            let builders = sites.iter().filter(|code| is_builder(code));
            found.extend(builders.map(|code| small(code, code.site.span, sent, None)));
        }
        let mut told: Vec<&str> = Vec::new();
        for dial in sites.iter().filter(|code| DIALS.contains(&&*code.site.path)) {
            let is_ours = (is_custom && dial.function.ends_with(").Build")) || is_used(&sites, dial);
            if !is_ours || told.contains(&&*dial.package) {
                continue;
            }
            let limits = sites.iter().filter(|code| &*code.site.path == LIMIT && code.package == dial.package);
            let limits: Vec<&&CodeSite> = limits.collect();
            if limits.is_empty() {
                found.push(small(dial, dial.site.span, sent, option(dial)));
            } else {
                told.push(&dial.package);
                found.extend(limits.into_iter().filter_map(|code| too_small(code, sent)));
            }
        }
    }

    /// Rust's client has no option for it.
    fn of_rust<'p>(&'p self, found: &mut Vec<Small<'p>>) {
        let Some(sent) = self.servers_send() else { return };
        for client in self.facts.versions.iter().filter(|claim| claim.component.subject() == "spark-connect-rs") {
            found.push(Small {
                at: client.text.span(),
                subject: self.subject(client),
                limit: None,
                server: sent.server,
                runs: sent.runs.clone(),
                because: sent.because.clone(),
                edit: None,
            });
        }
    }
}

fn is_builder(code: &CodeSite) -> bool {
    let path = &*code.site.path;
    path.starts_with("github.com/apache/spark-connect-go/") && path.ends_with("/spark/sql.NewSessionBuilder")
}

fn is_large(runs: &VersionSet) -> bool {
    VersionSet::parse(">=4.0").is_ok_and(|large| !runs.is_empty() && runs.is_subset(&large))
}

/// Whether a connection goes to a client of Spark Connect in the same function.
fn is_used(sites: &[&CodeSite], dial: &CodeSite) -> bool {
    let clients = sites.iter().filter(|code| &*code.site.path == Site::CONNECT && code.is_beside(dial));
    let mut given = clients.filter_map(|code| code.site.arguments.first()?.variable.as_deref());
    dial.site.on.as_deref().is_some_and(|on| given.any(|given| given == on))
}

/// The option behind a dial's last one, where that is a call: what a variable holds may be spread.
fn option(dial: &CodeSite) -> Option<(Span, String)> {
    let last =
        dial.site.arguments.last().filter(|last| matches!(last.value, Value::Made(_)) && last.span == last.from)?;
    let text = dial.site.span.end - dial.site.span.start;
    let name = dial.site.path.rsplit('.').next()?;
    // The package is called by its own name.
    let is_plain = text as usize == "grpc.".len() + name.len();
    let at = Span { start: last.span.end, ..last.span };
    is_plain.then(|| (at, ", grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(134217728))".to_owned()))
}

/// A limit that is written there and too small.
fn too_small<'p>(code: &CodeSite, sent: &Sent<'p>) -> Option<Small<'p>> {
    let argument = code.site.arguments.first()?;
    let limit = argument.value.number().filter(|limit| *limit < SENT)?;
    let edit = (argument.span == argument.from).then(|| (argument.span, "134217728".to_owned()));
    Some(Small { limit: Some(limit), ..small(code, argument.span, sent, edit) })
}

fn small<'p>(code: &CodeSite, at: Span, sent: &Sent<'p>, edit: Option<(Span, String)>) -> Small<'p> {
    Small {
        at,
        subject: code.subject(),
        limit: None,
        server: sent.server,
        runs: sent.runs.clone(),
        because: sent.because.clone(),
        edit,
    }
}
