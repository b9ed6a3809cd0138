//! What must not be reached from a user-defined function, by language.

use crate::fact::{Call, Language};
use crate::finding::Level;
use crate::go::known::{Known, known};
use crate::go::names_client;
use crate::read::keyed::{Fault, Keyed, nearest};
use crate::read::tree::Node;
use crate::source::{FileId, Span};

/// A forbidden name.
#[derive(Debug, Clone)]
pub struct Forbidden {
    /// In which language.
    pub language: Language,
    /// Its full path: `os/exec.Command`, `std::process`.
    pub path: String,
    /// What the path names.
    pub kind: ForbiddenKind,
    /// What it gives: `exec`, `network`, `syscall`, …
    pub capability: String,
    /// The loudest it may be; none takes a built-in row of this path off the list.
    pub level: Option<Level>,
    /// Why, in one sentence.
    pub reason: String,
    /// What to use instead.
    pub replacement: Option<String>,
    /// Names under the path that stay allowed.
    pub except: Vec<String>,
    /// Globs of the files whose entry points must not reach it; empty is every entry point.
    pub reachable_from: Vec<String>,
    /// Only where the function is called for each row.
    pub per_row: bool,
    /// Whether tests are looked into as well, whatever the rule's option says.
    pub tests: bool,
    /// Where it may be used all the same.
    pub allow: Vec<Allow>,
    /// The row of a user's list.
    pub from_user: Option<Span>,
}

/// Where a forbidden name may be used all the same.
#[derive(Debug, Clone)]
pub struct Allow {
    /// A glob of files.
    pub path: Option<String>,
    /// A package by its import path; `/...` at the end means those below it as well.
    pub package: Option<String>,
    /// The entry's place.
    pub span: Span,
}

/// What a forbidden path names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ForbiddenKind {
    /// One function, method, type, macro or construct.
    Name,
    /// A package, module or crate: everything below the path.
    Package,
    /// A type that asks something outside by its methods, all but those that are excepted by name. The type itself may be named.
    Client,
}

const KEYS: [&str; 13] = [
    "path",
    "kind",
    "language",
    "capability",
    "level",
    "reason",
    "replacement",
    "except",
    "source",
    "reachable-from",
    "per-row",
    "tests",
    "allow",
];
const KINDS: [(&str, ForbiddenKind); 12] = [
    ("class", ForbiddenKind::Package),
    ("client", ForbiddenKind::Client),
    ("constant", ForbiddenKind::Name),
    ("crate", ForbiddenKind::Package),
    ("function", ForbiddenKind::Name),
    ("macro", ForbiddenKind::Name),
    ("method", ForbiddenKind::Name),
    ("module", ForbiddenKind::Package),
    ("package", ForbiddenKind::Package),
    ("syntax", ForbiddenKind::Name),
    ("type", ForbiddenKind::Name),
    ("variable", ForbiddenKind::Name),
];

impl Forbidden {
    /// Whether a resolved reference is what this row forbids.
    pub fn matches(&self, call: &Call) -> bool {
        if self.language != call.language {
            return false;
        }
        match self.kind {
            // A class's name stands for what it makes: `subprocess.Popen().wait` is `subprocess.Popen.wait`.
            ForbiddenKind::Name if self.language == Language::Python => self.path == call.callee.replace("()", ""),
            ForbiddenKind::Name => self.path == call.callee,
            ForbiddenKind::Client => call.of_type().is_some_and(|(of, method)| {
                names_client(&self.path, of) && !self.except.iter().any(|name| name == method)
            }),
            ForbiddenKind::Package => {
                // `(*os/exec.Cmd).Run` belongs to the package `os/exec`.
                let callee = call.callee.trim_start_matches(['(', '*']);
                let below = callee.strip_prefix(self.path.as_str());
                let separator: &[&str] = match self.language {
                    Language::Go => &["."],
                    Language::Rust => &["::"],
                    Language::Python => &[".", "()"],
                };
                let inside = below.is_some_and(|rest| rest.is_empty() || separator.iter().any(|s| rest.starts_with(s)));
                inside && !self.except.iter().any(|name| excepts(name, &call.callee))
            }
        }
    }
}

impl Allow {
    /// Whether a package is meant.
    pub fn means_package(&self, package: &str) -> bool {
        self.package.as_deref().is_none_or(|own| match own.strip_suffix("/...") {
            Some(above) => package.strip_prefix(above).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')),
            None => own == package,
        })
    }
}

/// An exception names a function or type; a type covers its methods and fields.
fn excepts(name: &str, callee: &str) -> bool {
    let plain = |s: &str| s.trim_start_matches(['(', '*']).replace(')', "");
    let (name, callee) = (plain(name), plain(callee));
    callee.strip_prefix(name.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', ':']))
}

/// Reads a list of our own. Every row that is right is returned, every fault as well.
pub fn read(file: FileId, text: &str, language: Language) -> (Vec<Forbidden>, Vec<Fault>) {
    let (mut keyed, tree) = Keyed::open(file, text);
    let Some(tree) = tree else { return (Vec::new(), keyed.faults) };
    keyed.only(tree.root(), "a forbidden list", &["forbidden"]);
    let rows = rows(&mut keyed, tree.root(), Some(language));
    (rows, keyed.faults)
}

/// The rows of `[[forbidden]]`. Without a language the list is a user's, and each row's path tells its own.
pub fn rows(keyed: &mut Keyed, root: Node<'_>, language: Option<Language>) -> Vec<Forbidden> {
    let tables = keyed.tables(root, "forbidden");
    tables.into_iter().filter_map(|table| row(keyed, table, language)).collect()
}

fn row(keyed: &mut Keyed, table: Node<'_>, given: Option<Language>) -> Option<Forbidden> {
    const WHAT: &str = "a forbidden name";
    keyed.only(table, WHAT, &KEYS);
    let path = keyed.required(table, WHAT, "path")?;
    let language = given.or_else(|| language(keyed, table, path.as_str()))?;
    let kind = keyed.required(table, WHAT, "kind")?;
    let found = KINDS.iter().find(|(name, _)| *name == kind.as_str()).map(|(_, kind)| *kind);
    if found.is_none() {
        let known: Vec<&str> = KINDS.iter().map(|(name, _)| *name).collect();
        keyed.fault(kind.span(), format!("`{kind}` is no kind"), Some(format!("known: {}", known.join(", "))));
    }
    let word = keyed.required(table, WHAT, "level")?;
    let level = if given.is_none() && word.as_str() == "off" {
        None
    } else {
        Some(word.as_str().parse::<Level>().map_err(|message| keyed.fault(word.span(), message, None)).ok()?)
    };
    // What is taken off the list needs no words.
    let mut words = |key: &str| match level {
        Some(_) => keyed.required(table, WHAT, key).map(|text| text.as_str().to_owned()),
        None => Some(keyed.text(table, key).map_or(String::new(), |text| text.as_str().to_owned())),
    };
    let (capability, reason) = (words("capability")?, words("reason")?);
    let texts = |keyed: &mut Keyed, key: &str| {
        keyed.texts(table, key).into_iter().map(|text| text.as_str().to_owned()).collect::<Vec<_>>()
    };
    let tables = keyed.tables(table, "allow");
    Some(Forbidden {
        language,
        path: path.as_str().to_owned(),
        kind: found?,
        capability,
        level,
        reason,
        replacement: keyed.text(table, "replacement").map(|r| r.as_str().to_owned()),
        except: texts(keyed, "except"),
        reachable_from: texts(keyed, "reachable-from"),
        per_row: keyed.switch(table, "per-row").unwrap_or(false),
        tests: keyed.switch(table, "tests").unwrap_or(false),
        allow: tables.into_iter().filter_map(|table| allow(keyed, table)).collect(),
        from_user: given.is_none().then(|| path.span()),
    })
}

fn language(keyed: &mut Keyed, table: Node<'_>, path: &str) -> Option<Language> {
    match keyed.text(table, "language") {
        None if path.contains("::") => Some(Language::Rust),
        None => Some(Language::Go),
        Some(word) => {
            let found = match word.as_str() {
                "go" => Some(Language::Go),
                "rust" => Some(Language::Rust),
                "python" => Some(Language::Python),
                _ => None,
            };
            if found.is_none() {
                keyed.fault(word.span(), format!("`{word}` is no language"), Some("known: go, python, rust".into()));
            }
            found
        }
    }
}

fn allow(keyed: &mut Keyed, table: Node<'_>) -> Option<Allow> {
    const WHAT: &str = "an allowed place";
    keyed.only(table, WHAT, &["path", "package", "reason"]);
    let path = keyed.text(table, "path");
    let package = keyed.text(table, "package");
    let reason = keyed.required(table, WHAT, "reason")?;
    if reason.as_str().trim().is_empty() {
        keyed.fault(reason.span(), "an allowed place needs a reason", None);
    }
    let Some(place) = path.or(package) else {
        keyed.fault(table.span(), "an allowed place needs a `path` or a `package`", None);
        return None;
    };
    Some(Allow {
        path: path.map(|p| p.as_str().to_owned()),
        package: package.map(|p| p.as_str().to_owned()),
        span: place.span(),
    })
}

/// The fault of a row whose path names nothing.
pub(super) fn unknown(row: &Forbidden) -> Option<Fault> {
    let span = row.from_user.filter(|_| row.language == Language::Go)?;
    let Known::No(names) = known(&row.path) else { return None };
    let help = nearest(&row.path, names.iter().map(String::as_str)).map(|near| format!("did you mean `{near}`?"));
    Some(Fault { span, message: format!("the standard library has no `{}`", row.path), help })
}
