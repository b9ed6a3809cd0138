//! What Rust code does with the libraries that rules look into, a file at a time: calls, macros and their arguments as far as the
//! text alone tells them, and verifiers of certificates that accept whatever they are shown.

mod value;

use super::attribute::is_test;
use super::ffi::At;
use crate::source::Span;
use std::collections::{HashMap, HashSet};
use syn::visit::{self, Visit};

/// A call of a function or macro of a library, or of a method that is known by its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Site {
    /// As imported: `prometheus::Opts::new`, `metrics::counter!`; of a method its name alone, behind a dot: `.set_verify`.
    pub path: String,
    /// The path or name.
    pub span: Span,
    /// Its arguments.
    pub arguments: Vec<Value>,
    /// Methods that are called on what it gives, in order.
    pub then: Vec<Site>,
    /// The function that it stands in.
    pub function: String,
    /// Something else decides whether it is done, or a name says that it is one of several ways.
    pub chosen: bool,
}

/// What an argument is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// A text, without its quotes.
    Text(Box<str>, Span),
    /// `true` or `false`.
    Truth(bool, Span),
    /// A path, as imported.
    Path(String, Span),
    /// What a call gives.
    Made(Box<Site>),
    /// Only known when it runs.
    Unknown(Span),
}

/// An `impl` that verifies certificates of servers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verifier {
    /// The type's name.
    pub name: String,
    /// The method.
    pub span: Span,
    /// It says yes to whatever it is shown.
    pub accepts_all: bool,
}

/// What a file holds for rules, tests aside.
#[derive(Debug, Clone, Default)]
pub struct Sites {
    /// In the order of the file; what stands in an argument comes after the call that it stands in.
    pub calls: Vec<Site>,
    /// Verifiers of certificates.
    pub verifiers: Vec<Verifier>,
    /// Functions that make the serving side of a connection.
    pub acceptors: Vec<String>,
}

/// Libraries whose functions and macros rules look into.
const CRATES: [&str; 2] = ["metrics", "prometheus"];

/// Methods that are known by their names, whatever they are called on.
const METHODS: [&str; 10] = [
    "danger_accept_invalid_certs",
    "danger_accept_invalid_hostnames",
    "dangerous_accept_invalid_certs",
    "dangerous_accept_invalid_hostnames",
    "set_certificate_verifier",
    "set_verify",
    "tls_danger_accept_invalid_certs",
    "tls_danger_accept_invalid_hostnames",
    "with_custom_certificate_verifier",
    "with_recommended_naming",
];

/// Whether a text can hold something that rules look into.
pub fn may_hold(text: &str) -> bool {
    let holds = |word: &str| memchr::memmem::find(text.as_bytes(), word.as_bytes()).is_some();
    [
        "prometheus::",
        "metrics::",
        "accept_invalid_",
        "VERIFY_NONE",
        "SslVerifyMode",
        "_certificate_verifier",
        "ServerCertVerifier",
        "recommended_naming",
    ]
    .into_iter()
    .any(holds)
}

/// What the items of a file hold.
pub(super) fn of(items: &[syn::Item], at: At) -> Sites {
    let mut names = Names::default();
    for item in items {
        names.visit_item(item);
    }
    let (function, seen) = (String::new(), HashSet::new());
    let mut look = Look { at, names, function, chosen: 0, seen, out: Sites::default() };
    for item in items {
        look.visit_item(item);
    }
    look.out
}

/// More places than any file has that was written by hand.
const MAX_SITES: usize = 20_000;

/// What the names of a file stand for.
#[derive(Default)]
struct Names {
    imports: HashMap<String, String>,
    /// Libraries of which everything is imported.
    whole: Vec<String>,
    texts: HashMap<String, syn::LitStr>,
}

impl Names {
    fn tree(&mut self, tree: &syn::UseTree, before: &str) {
        let below = |name: &str| if before.is_empty() { name.to_owned() } else { format!("{before}::{name}") };
        match tree {
            syn::UseTree::Path(path) => self.tree(&path.tree, &below(&path.ident.to_string())),
            syn::UseTree::Name(name) if name.ident == "self" => {
                let last = before.rsplit("::").next().unwrap_or(before);
                self.imports.insert(last.to_owned(), before.to_owned());
            }
            syn::UseTree::Name(name) => {
                let name = name.ident.to_string();
                let path = below(&name);
                self.imports.insert(name, path);
            }
            syn::UseTree::Rename(rename) => {
                let path = below(&rename.ident.to_string());
                self.imports.insert(rename.rename.to_string(), path);
            }
            syn::UseTree::Group(group) => group.items.iter().for_each(|tree| self.tree(tree, before)),
            syn::UseTree::Glob(_) => self.whole.push(before.to_owned()),
        }
    }

    /// A path with its first name replaced by what it was imported as.
    fn full(&self, path: &syn::Path) -> String {
        let mut words = path.segments.iter().map(|segment| segment.ident.to_string());
        let first = words.next().unwrap_or_default();
        let first = match self.imports.get(&first) {
            Some(path) => path.clone(),
            None if self.whole.iter().any(|krate| krate == "prometheus") && is_of_prometheus(&first) => {
                format!("prometheus::{first}")
            }
            None => first,
        };
        words.fold(first, |all, word| all + "::" + &word)
    }
}

/// A name that a glob import of Prometheus' client brings.
fn is_of_prometheus(name: &str) -> bool {
    let is_type = ["Counter", "Gauge", "Histogram", "Opts"].iter().any(|part| name.contains(part));
    is_type || name.starts_with("register_") || matches!(name, "opts" | "histogram_opts")
}

impl<'ast> Visit<'ast> for Names {
    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        // A module of one's own hides a library of its name.
        let name = item.ident.to_string();
        self.imports.entry(name.clone()).or_insert_with(|| format!("self::{name}"));
        visit::visit_item_mod(self, item);
    }

    fn visit_item_extern_crate(&mut self, item: &'ast syn::ItemExternCrate) {
        if item.attrs.iter().any(|attribute| attribute.path().is_ident("macro_use")) {
            self.whole.push(item.ident.to_string());
        }
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        self.tree(&item.tree, "");
    }

    fn visit_item_const(&mut self, item: &'ast syn::ItemConst) {
        if let syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }) = &*item.expr {
            self.texts.insert(item.ident.to_string(), text.clone());
        }
    }
}

struct Look {
    at: At,
    names: Names,
    function: String,
    /// How many conditions stand around.
    chosen: usize,
    /// Where the calls that are kept stand.
    seen: HashSet<u32>,
    out: Sites,
}

impl Look {
    fn keep(&mut self, site: Site) {
        // Of a chain the whole comes first, and each of its links after it.
        if self.out.calls.len() < MAX_SITES && self.seen.insert(site.span.start) {
            self.out.calls.push(site);
        }
    }

    /// Looks at what a condition decides, or a name calls one of several ways.
    fn under(&mut self, decides: bool, look: impl FnOnce(&mut Self)) {
        self.chosen += usize::from(decides);
        look(self);
        self.chosen -= usize::from(decides);
    }

    fn function(&mut self, attributes: &[syn::Attribute], ident: &syn::Ident, look: impl FnOnce(&mut Self)) {
        if is_test(attributes) {
            return;
        }
        let before = std::mem::replace(&mut self.function, ident.to_string());
        self.under(is_conditional(attributes) || says_insecure(ident), look);
        self.function = before;
    }
}

/// A feature or a system decides: `#[cfg(feature = "…")]`.
fn is_conditional(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|attribute| attribute.path().is_ident("cfg"))
}

/// Beside the careful way, under a name that says what it is, somebody chooses between them.
fn says_insecure(ident: &syn::Ident) -> bool {
    let name = ident.to_string().to_ascii_lowercase();
    ["insecure", "danger", "unverified", "no_verify", "skip_verify", "accept_invalid"]
        .iter()
        .any(|word| name.contains(word))
}

impl<'ast> Visit<'ast> for Look {
    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        self.function(&item.attrs, &item.sig.ident, |look| visit::visit_item_fn(look, item));
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        self.function(&item.attrs, &item.sig.ident, |look| visit::visit_impl_item_fn(look, item));
    }

    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        if !is_test(&item.attrs) {
            self.under(is_conditional(&item.attrs), |look| visit::visit_item_mod(look, item));
        }
    }

    fn visit_item_impl(&mut self, item: &'ast syn::ItemImpl) {
        if is_test(&item.attrs) {
            return;
        }
        let is_verifier = item.trait_.as_ref().and_then(|(path, _)| path.segments.last());
        if is_verifier.is_some_and(|last| last.ident == "ServerCertVerifier")
            && let syn::Type::Path(of) = &*item.self_ty
            && let Some(name) = of.path.segments.last()
        {
            let methods =
                item.items.iter().filter_map(|item| if let syn::ImplItem::Fn(f) = item { Some(f) } else { None });
            for method in methods.filter(|method| method.sig.ident == "verify_server_cert") {
                let (span, accepts_all) = (self.at.span(method.sig.ident.span()), accepts_all(&method.block));
                self.out.verifiers.push(Verifier { name: name.ident.to_string(), span, accepts_all });
            }
        }
        visit::visit_item_impl(self, item);
    }

    fn visit_expr_if(&mut self, item: &'ast syn::ExprIf) {
        self.visit_expr(&item.cond);
        self.under(true, |look| {
            look.visit_block(&item.then_branch);
            if let Some((_, other)) = &item.else_branch {
                look.visit_expr(other);
            }
        });
    }

    fn visit_arm(&mut self, arm: &'ast syn::Arm) {
        self.under(true, |look| visit::visit_arm(look, arm));
    }

    fn visit_local(&mut self, local: &'ast syn::Local) {
        let named = matches!(&local.pat, syn::Pat::Ident(name) if says_insecure(&name.ident));
        self.under(named || is_conditional(&local.attrs), |look| visit::visit_local(look, local));
    }

    fn visit_expr_call(&mut self, call: &'ast syn::ExprCall) {
        if let Some(site) = self.call(call) {
            self.keep(site);
        }
        visit::visit_expr_call(self, call);
    }

    fn visit_expr_method_call(&mut self, call: &'ast syn::ExprMethodCall) {
        if METHODS.contains(&call.method.to_string().as_str()) {
            let site = self.method(call);
            self.keep(site);
        } else if self.begins_ours(&call.receiver)
            && let Value::Made(site) = self.method_value(call, value::DEPTH)
        {
            self.keep(*site);
        }
        visit::visit_expr_method_call(self, call);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let serves = |segment: &syn::PathSegment| segment.ident.to_string().starts_with("SslAcceptor");
        if path.segments.iter().any(serves) && self.out.acceptors.last() != Some(&self.function) {
            self.out.acceptors.push(self.function.clone());
        }
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, of: &'ast syn::Macro) {
        if let Some(site) = self.macro_call(of) {
            self.keep(site);
        }
        // Code inside of `lazy_static!` and its like is code.
        self.inside(of);
    }
}

fn is_ours(path: &str) -> bool {
    path.split_once("::").is_some_and(|(krate, _)| CRATES.contains(&krate))
}

/// Whether a body is nothing but `Ok(…::assertion())`, lines of logs aside.
fn accepts_all(block: &syn::Block) -> bool {
    let Some((last, before)) = block.stmts.split_last() else { return false };
    let logs = before.iter().all(|statement| matches!(statement, syn::Stmt::Macro(_)));
    let syn::Stmt::Expr(syn::Expr::Call(call), None) = last else { return false };
    let named = |expr: &syn::Expr, name: &str| matches!(expr, syn::Expr::Path(path) if path.path.segments.last().is_some_and(|last| last.ident == name));
    let asserts = |argument: &syn::Expr| matches!(argument, syn::Expr::Call(inner) if named(&inner.func, "assertion"));
    logs && named(&call.func, "Ok") && call.args.first().is_some_and(asserts)
}
