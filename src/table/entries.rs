//! What makes a function a user-defined function, beside comments and path globs.

use super::{ForbiddenKind, Tables};
use crate::fact::Language;
use crate::go::Asked;
use crate::python::Way;
use crate::read::directive;
use crate::read::keyed::{Fault, Keyed};
use crate::read::tree::Node;
use crate::source::FileId;

/// A way in which functions become user-defined ones.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryPoint {
    /// In which language.
    pub language: Language,
    /// How it is told.
    pub kind: EntryKind,
    /// The directive, function or path.
    pub name: String,
    /// Why, in words.
    pub why: String,
    /// No primary source was read for it.
    pub unverified: bool,
    /// The function is called for each row.
    pub per_row: bool,
    /// The methods that run of an object that is handed over; none stands for the call of the object itself.
    pub methods: Vec<String>,
}

/// How a user-defined function is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntryKind {
    /// A compiler directive above it.
    Export,
    /// Its own name.
    Function,
    /// It is handed to this function of another module.
    Registration,
    /// Its receiver satisfies this interface of another module.
    Interface,
    /// It is handed to a method of this name, of something whose type is not told.
    Name,
}

const KINDS: [(&str, EntryKind); 5] = [
    ("export", EntryKind::Export),
    ("function", EntryKind::Function),
    ("registration", EntryKind::Registration),
    ("interface", EntryKind::Interface),
    ("name", EntryKind::Name),
];

/// Reads the list of ways.
pub fn read(file: FileId, text: &str) -> (Vec<EntryPoint>, Vec<Fault>) {
    let (mut keyed, tree) = Keyed::open(file, text);
    let Some(tree) = tree else { return (Vec::new(), keyed.faults) };
    keyed.only(tree.root(), "a list of entry points", &["entry"]);
    let rows = rows(&mut keyed, tree.root());
    (rows, keyed.faults)
}

/// The rows of `[[entry]]`.
pub fn rows(keyed: &mut Keyed, root: Node<'_>) -> Vec<EntryPoint> {
    let tables = keyed.tables(root, "entry");
    tables.into_iter().filter_map(|table| row(keyed, table)).collect()
}

fn row(keyed: &mut Keyed, table: Node<'_>) -> Option<EntryPoint> {
    const WHAT: &str = "an entry point";
    keyed.only(table, WHAT, &["language", "kind", "name", "why", "source", "unverified", "per-row", "methods"]);
    let word = keyed.required(table, WHAT, "language")?;
    let language = match word.as_str() {
        "go" => Language::Go,
        "python" => Language::Python,
        "rust" => Language::Rust,
        _ => {
            let message = format!("`{word}` is no language with entry points");
            keyed.fault(word.span(), message, Some("known: go, python, rust".into()));
            return None;
        }
    };
    let kind = keyed.required(table, WHAT, "kind")?;
    let found = KINDS.iter().find(|(name, _)| *name == kind.as_str()).map(|(_, kind)| *kind);
    if found.is_none() {
        let known: Vec<&str> = KINDS.iter().map(|(name, _)| *name).collect();
        keyed.fault(kind.span(), format!("`{kind}` is no kind"), Some(format!("known: {}", known.join(", "))));
    }
    let name = keyed.required(table, WHAT, "name")?.as_str().to_owned();
    let why = keyed.required(table, WHAT, "why")?.as_str().to_owned();
    let source = keyed.text(table, "source").is_some();
    let stated = keyed.switch(table, "unverified").unwrap_or(false);
    // A house knows its own registrations; what comes with sparkproof was read somewhere.
    let unverified = stated || !source && table.span().file == super::BUILT_IN_FILE;
    let per_row = keyed.switch(table, "per-row").unwrap_or(language != Language::Python);
    let methods = keyed.texts(table, "methods").into_iter().map(|text| text.as_str().to_owned()).collect();
    Some(EntryPoint { language, kind: found?, name, why, unverified, per_row, methods })
}

impl EntryPoint {
    /// Whether a name is meant.
    pub fn names(&self, name: &str) -> bool {
        match self.name.strip_suffix('*') {
            Some(start) => name.starts_with(start),
            None => self.name == name,
        }
    }

    /// Text that stands in every file that holds this entry.
    fn trace(&self) -> String {
        match self.kind {
            EntryKind::Export if self.language == Language::Rust => self.name.clone(),
            EntryKind::Export => format!("//{} ", self.name),
            EntryKind::Function if self.language == Language::Python => {
                format!("def {}", self.name.trim_end_matches('*'))
            }
            EntryKind::Function if self.language == Language::Rust => {
                format!("fn {}", self.name.trim_end_matches('*'))
            }
            EntryKind::Function => format!("func {}", self.name.trim_end_matches('*')),
            EntryKind::Registration | EntryKind::Interface | EntryKind::Name if self.language == Language::Python => {
                self.name.trim_end_matches('*').rsplit('.').next().unwrap_or_default().to_owned()
            }
            EntryKind::Interface if self.language == Language::Rust => {
                format!("{} for ", self.name.rsplit("::").next().unwrap_or_default())
            }
            EntryKind::Registration | EntryKind::Interface | EntryKind::Name => {
                let path = self.name.trim_start_matches(['(', '*']);
                let folder = path.rfind('/').map_or(0, |at| at + 1);
                let package = path[folder..].split('.').next().unwrap_or_default();
                format!("\"{}{package}\"", &path[..folder])
            }
        }
    }
}

impl Tables {
    /// All rows.
    pub fn all_entries(&self) -> &[EntryPoint] {
        &self.entries
    }

    /// The rows of a language and kind.
    pub fn entries(&self, language: Language, kind: EntryKind) -> impl Iterator<Item = &EntryPoint> {
        self.entries.iter().filter(move |row| row.language == language && row.kind == kind)
    }

    /// What the analyser of Go has to look for.
    pub fn asked_of_go(&self) -> Asked {
        let names = |kind| self.entries(Language::Go, kind).map(|row| row.name.clone()).collect::<Vec<_>>();
        let registrations = names(EntryKind::Registration);
        let clients =
            self.forbidden.iter().filter(|row| row.language == Language::Go && row.kind == ForbiddenKind::Client);
        let clients = clients.map(|row| row.path.clone()).collect();
        Asked { registrations, interfaces: names(EntryKind::Interface), clients, ..Asked::default() }
    }

    /// The rows for Python, as its analyser looks for them, each with its own number among them.
    pub fn asked_of_python(&self) -> (Vec<&EntryPoint>, Vec<Way>) {
        let rows = self.entries.iter().filter(|row| row.language == Language::Python);
        let rows: Vec<&EntryPoint> =
            rows.filter(|row| matches!(row.kind, EntryKind::Registration | EntryKind::Name)).collect();
        let way = |row: &&EntryPoint| Way {
            name: row.name.clone(),
            is_name: row.kind == EntryKind::Name,
            methods: row.methods.clone(),
        };
        let ways = rows.iter().map(way).collect();
        (rows, ways)
    }

    /// Whether a text can hold an entry point that our own lists do not know.
    pub fn may_hold_own_entry(&self, language: Language, text: &str) -> bool {
        let holds = |trace: &str| memchr::memmem::find(text.as_bytes(), trace.as_bytes()).is_some();
        let own = self.entries.get(super::BUILT_IN.entries.len()..).unwrap_or_default();
        own.iter().filter(|row| row.language == language).any(|row| holds(&row.trace()))
    }

    /// Whether a text can hold an entry point at all.
    pub fn may_hold_entry(&self, language: Language, text: &str) -> bool {
        let holds = |trace: &str| memchr::memmem::find(text.as_bytes(), trace.as_bytes()).is_some();
        directive::may_hold(text)
            || self.entries.iter().filter(|row| row.language == language).any(|row| holds(&row.trace()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::BUILT_IN;

    #[test]
    fn every_row_of_ours_was_read_somewhere() {
        assert!(BUILT_IN.all_entries().len() > 5);
        assert!(BUILT_IN.all_entries().iter().all(|row| !row.unverified));
        let text = "[[entry]]\nlanguage = \"go\"\nkind = \"function\"\nname = \"F\"\nwhy = \"w\"\n";
        let unverified = |file, text: &str| read(file, text).0.first().map(|row| row.unverified);
        assert_eq!(unverified(super::super::BUILT_IN_FILE, text), Some(true));
        assert_eq!(unverified(FileId(0), text), Some(false));
        assert_eq!(unverified(FileId(0), &format!("{text}unverified = true\n")), Some(true));
    }

    #[test]
    fn a_trace_is_what_the_file_must_hold() {
        let row = |kind, name: &str| EntryPoint {
            language: Language::Go,
            kind,
            name: name.into(),
            why: String::new(),
            unverified: false,
            per_row: true,
            methods: Vec::new(),
        };
        assert_eq!(row(EntryKind::Export, "export").trace(), "//export ");
        assert_eq!(row(EntryKind::Function, "Java_*").trace(), "func Java_");
        assert_eq!(row(EntryKind::Registration, "(*a.b/c-d.T).M").trace(), "\"a.b/c-d\"");
        assert_eq!(row(EntryKind::Registration, "a.b/c.F*").trace(), "\"a.b/c\"");
        assert!(row(EntryKind::Registration, "a.b/c.F*").names("a.b/c.F2"));
    }
}
