//! HTTP clients and servers that wait without end.

use super::{Argument, CodeSite, Deed, Fate, Value};
use crate::fact::Facts;
use crate::fact::address::is_local;
use crate::source::Span;
use std::collections::HashSet;

/// Something that waits without end.
#[derive(Debug, Clone, Copy)]
pub struct Endless<'f> {
    /// The call or literal.
    pub code: &'f CodeSite,
    /// Where it is told.
    pub span: Span,
    /// What it is.
    pub what: Waits,
}

/// What waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Waits {
    /// A function that uses the default client.
    DefaultClient,
    /// A client of one's own.
    Client,
    /// A function that serves.
    Serving,
    /// A server of one's own.
    Server,
}

const CLIENT: &str = "net/http.Client";
const SERVER: &str = "net/http.Server";
const DEFAULT: &str = "http.DefaultClient";
const ASKING: [&str; 4] = ["Get", "Head", "Post", "PostForm"];
const SERVING: [&str; 4] = ["ListenAndServe", "ListenAndServeTLS", "Serve", "ServeTLS"];
const LISTENING: [&str; 4] = ["net.Listen", "net.ListenUnix", "net.ListenTCP", "(*net.ListenConfig).Listen"];
const BOUNDED: [&str; 2] = ["net/http.NewRequestWithContext", "(*net/http.Request).WithContext"];
/// With one of these a server does not wait for headers without end.
const READING: [&str; 2] = ["ReadHeaderTimeout", "ReadTimeout"];

impl Facts {
    /// Clients and servers of Go code that wait without end.
    pub fn endless_http(&self) -> Vec<Endless<'_>> {
        let web = Web::of(self);
        let code = self.code_sites().filter(|code| code.site.path.contains("net/http."));
        code.filter_map(|code| web.endless(code)).collect()
    }
}

/// What the code around says.
struct Web<'f> {
    sites: Vec<&'f CodeSite>,
    /// Packages in which some request has a context.
    with_context: HashSet<&'f str>,
    default_is_bounded: bool,
    listens: Vec<&'f CodeSite>,
}

impl<'f> Web<'f> {
    fn of(facts: &'f Facts) -> Self {
        let sites: Vec<&CodeSite> = facts.sites.iter().filter(|code| code.site.path.contains("net/http.")).collect();
        let bounded = sites.iter().filter(|code| BOUNDED.contains(&&*code.site.path));
        let with_context = bounded.map(|code| &*code.package).collect();
        let default_is_bounded = sites.iter().any(|code| {
            let (site, set) = (&code.site, code.site.deed == Deed::Set);
            set && (site.on.as_deref() == Some(DEFAULT) || &*site.path == "net/http.DefaultClient")
        });
        let listens = facts.sites.iter().filter(|code| LISTENING.contains(&&*code.site.path)).collect();
        Self { sites, with_context, default_is_bounded, listens }
    }

    fn endless(&self, code: &'f CodeSite) -> Option<Endless<'f>> {
        let site = &code.site;
        let function = site.path.strip_prefix("net/http.").filter(|_| site.deed == Deed::Call);
        let method = site.path.strip_prefix("(*net/http.Client).");
        let on_default = site.on.as_deref() == Some(DEFAULT);
        let what = match (function, method) {
            (Some(name), _) if ASKING.contains(&name) => Waits::DefaultClient,
            (Some(name), _) if SERVING.contains(&name) => Waits::Serving,
            (_, Some(name)) if on_default && ASKING.contains(&name) => Waits::DefaultClient,
            (_, Some("Do")) if on_default && is_unbounded(site.argument(0)) => Waits::DefaultClient,
            _ if site.deed == Deed::Literal && &*site.path == CLIENT => Waits::Client,
            _ if site.deed == Deed::Literal && &*site.path == SERVER => Waits::Server,
            _ => return None,
        };
        let is_endless = match what {
            Waits::DefaultClient => !self.default_is_bounded && !to_this_host(site.arguments.first()),
            Waits::Serving if site.path.ends_with(".Serve") || site.path.ends_with(".ServeTLS") => {
                self.is_on_network(code)
            }
            Waits::Serving => !to_this_host(site.arguments.first()),
            Waits::Client => self.is_endless_client(code),
            Waits::Server => self.is_endless_server(code),
        };
        is_endless.then_some(Endless { code, span: site.span, what })
    }

    fn is_endless_server(&self, code: &CodeSite) -> bool {
        let site = &code.site;
        let set = READING.iter().any(|name| site.field(name).is_some() || self.sets(code, &format!("{SERVER}.{name}")));
        let address = site.field("Addr");
        let listens = address.is_some() || self.sets(code, "net/http.Server.Addr") || self.is_on_network(code);
        !set && listens && !to_this_host(address)
    }

    /// Whether the package listens for the network, and for nothing else.
    fn is_on_network(&self, code: &CodeSite) -> bool {
        let here = self.listens.iter().filter(|other| other.package == code.package);
        let mut networks = here.map(|other| (other.site.argument(0).text(), other.site.arguments.get(1))).peekable();
        let tcp = |network: Option<&str>| network.is_some_and(|network| network.starts_with("tcp"));
        networks.peek().is_some() && networks.all(|(network, address)| tcp(network) && !to_this_host(address))
    }

    /// Nothing bounds it itself, and it asks without a context here; one that goes elsewhere does so in this package.
    fn is_endless_client(&self, code: &CodeSite) -> bool {
        let site = &code.site;
        let bounded = site.field("Timeout").is_some() || self.sets(code, "net/http.Client.Timeout");
        if bounded || !site.field("Transport").is_none_or(|transport| waits(&transport.value)) {
            return false;
        }
        let asks = |other: &&&CodeSite, on: Option<&str>| {
            let name = other.site.path.strip_prefix("(*net/http.Client).");
            let same = on.is_none_or(|on| other.site.on.as_deref() == Some(on));
            let endless =
                name.is_some_and(|n| ASKING.contains(&n) || n == "Do" && is_unbounded(other.site.argument(0)));
            same && endless && !to_this_host(other.site.arguments.first())
        };
        let in_package = || self.sites.iter().filter(|other| other.package == code.package && !other.is_aside);
        match (&site.fate, &site.on) {
            (Fate::Used(Some(method)), _) => ASKING.iter().any(|name| method.ends_with(&format!(").{name}"))),
            (Fate::Bound, Some(on)) if code.is_global || on.contains('.') => {
                let last = on.rsplit('.').next().unwrap_or(on);
                !self.with_context.contains(&*code.package)
                    && in_package().any(|other| {
                        let same =
                            other.site.on.as_deref().is_some_and(|o| o == on || o.ends_with(&format!(".{last}")));
                        same && asks(&other, None)
                    })
            }
            (Fate::Bound, Some(on)) => self.sites.iter().any(|other| other.is_beside(code) && asks(&other, Some(on))),
            _ => false,
        }
    }

    /// Whether a field of the same variable is set, here or, for what goes elsewhere, in the package.
    fn sets(&self, code: &CodeSite, field: &str) -> bool {
        let stays = matches!(code.site.fate, Fate::Bound) && !code.is_global;
        self.sites.iter().any(|other| {
            let same = if stays {
                other.is_beside(code) && other.site.on == code.site.on
            } else {
                other.package == code.package
            };
            other.site.deed == Deed::Set && &*other.site.path == field && same
        })
    }
}

/// A request that was made here without a context.
fn is_unbounded(request: &Value) -> bool {
    request.made("net/http.NewRequest").is_some()
}

fn to_this_host(address: Option<&Argument>) -> bool {
    address.is_some_and(|address| address.value.start().is_some_and(is_local))
}

/// Whether a transport is known to wait without end itself.
fn waits(transport: &Value) -> bool {
    match transport {
        Value::Made(made) if &*made.path == "net/http.Transport" => made.field("ResponseHeaderTimeout").is_none(),
        Value::Name(name) => &**name == "net/http.DefaultTransport",
        Value::Nil => true,
        _ => false,
    }
}
