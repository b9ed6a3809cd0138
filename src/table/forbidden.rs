//! What must not be reached from a user-defined function, by language.

use crate::fact::{Call, Language};
use crate::finding::Level;
use crate::read::keyed::{Fault, Keyed};
use crate::read::tree::Node;
use crate::source::FileId;

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
    /// The loudest it may be.
    pub level: Level,
    /// Why, in one sentence.
    pub reason: String,
    /// What to use instead.
    pub replacement: Option<String>,
    /// Names under the path that stay allowed.
    pub except: Vec<String>,
}

/// What a forbidden path names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ForbiddenKind {
    /// One function, method, type, macro or construct.
    Name,
    /// A package, module or crate: everything below the path.
    Package,
}

const KEYS: [&str; 8] = ["path", "kind", "capability", "level", "reason", "replacement", "except", "source"];
const KINDS: [(&str, ForbiddenKind); 10] = [
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
            ForbiddenKind::Name => self.path == call.callee,
            ForbiddenKind::Package => {
                // `(*os/exec.Cmd).Run` belongs to the package `os/exec`.
                let callee = call.callee.trim_start_matches(['(', '*']);
                let below = callee.strip_prefix(self.path.as_str());
                let separator: &[&str] = if self.language == Language::Go { &["."] } else { &["::"] };
                let inside = below.is_some_and(|rest| rest.is_empty() || separator.iter().any(|s| rest.starts_with(s)));
                inside && !self.except.iter().any(|name| excepts(name, &call.callee))
            }
        }
    }
}

/// An exception names a function or type; a type covers its methods and fields.
fn excepts(name: &str, callee: &str) -> bool {
    let plain = |s: &str| s.trim_start_matches(['(', '*']).replace(')', "");
    let (name, callee) = (plain(name), plain(callee));
    callee.strip_prefix(name.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', ':']))
}

/// Reads a list. Every row that is right is returned, every fault as well.
pub fn read(file: FileId, text: &str, language: Language) -> (Vec<Forbidden>, Vec<Fault>) {
    let (mut keyed, tree) = Keyed::open(file, text);
    let Some(tree) = tree else { return (Vec::new(), keyed.faults) };
    keyed.only(tree.root(), "a forbidden list", &["forbidden"]);
    let tables = keyed.tables(tree.root(), "forbidden");
    let rows = tables.into_iter().filter_map(|table| row(&mut keyed, table, language)).collect();
    (rows, keyed.faults)
}

fn row(keyed: &mut Keyed, table: Node<'_>, language: Language) -> Option<Forbidden> {
    const WHAT: &str = "a forbidden name";
    keyed.only(table, WHAT, &KEYS);
    let path = keyed.required(table, WHAT, "path")?.as_str().to_owned();
    let kind = keyed.required(table, WHAT, "kind")?;
    let found = KINDS.iter().find(|(name, _)| *name == kind.as_str()).map(|(_, kind)| *kind);
    if found.is_none() {
        let known: Vec<&str> = KINDS.iter().map(|(name, _)| *name).collect();
        keyed.fault(kind.span(), format!("`{kind}` is no kind"), Some(format!("known: {}", known.join(", "))));
    }
    let level = keyed.required(table, WHAT, "level")?;
    let parsed = level.as_str().parse::<Level>().map_err(|message| keyed.fault(level.span(), message, None)).ok();
    let capability = keyed.required(table, WHAT, "capability")?.as_str().to_owned();
    let reason = keyed.required(table, WHAT, "reason")?.as_str().to_owned();
    let replacement = keyed.text(table, "replacement").map(|r| r.as_str().to_owned());
    let except = keyed.texts(table, "except").into_iter().map(|e| e.as_str().to_owned()).collect();
    Some(Forbidden { language, path, kind: found?, capability, level: parsed?, reason, replacement, except })
}
