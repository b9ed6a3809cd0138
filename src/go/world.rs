//! Packages and what they declare: of the repository, of what it imports where that lies at hand, and of the standard library.

mod calls;
pub(in crate::go) mod client;
mod declare;
mod decls;
pub(super) mod dynamic;
mod exprs;
mod imports;
pub(super) mod look;
pub(super) mod note;
pub(super) mod scope;
pub(super) mod select;
mod stmts;
mod tags;
mod typing;

use super::context;
use super::library::Loaded;
use super::parse::{self, Depth};
use super::syntax::{Decl as Line, ExprId, Field, FuncDecl, Name, Syntax, TypeDecl, ValueDecl};
use super::types::{DeclId, Fast, Member, NIL, ParamId, Sym, TypeId, Types, UNKNOWN, Words};
use crate::source::FileId;
use declare::receiver_base;
use std::collections::HashMap;
use std::rc::Rc;

/// A package, by number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PackageId(pub(super) u32);

/// A package.
#[derive(Debug)]
pub(super) struct Package {
    /// Its import path; that of a folder where no module names one.
    pub(super) path: Sym,
    pub(super) name: Sym,
    /// Of the repository: its functions are followed.
    pub(super) ours: bool,
    scope: Fast<Sym, DeclId>,
    /// Names that several files declare, for different systems.
    others: Fast<Sym, Vec<DeclId>>,
}

/// A file of a package.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) number: u32,
    pub(super) syntax: Syntax,
    words: Vec<Sym>,
    pub(super) package: PackageId,
    imports: Vec<Import>,
    pub(super) is_test: bool,
    /// Part of a build for Linux on amd64.
    pub(super) usual: bool,
    /// The system its name speaks of.
    pub(super) system: Option<String>,
}

#[derive(Debug)]
struct Import {
    path: Sym,
    name: Naming,
}

#[derive(Debug)]
enum Naming {
    Known(Sym),
    /// Names it may have, the likeliest first.
    Open(Vec<Sym>),
    Dot,
    Blank,
}

/// What a package's name means in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Imported {
    Package(PackageId),
    /// A package that does not lie at hand, by its path.
    Unread(Sym),
}

/// What a declared name is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum What {
    Func,
    /// A method, and whether of the pointer.
    Method {
        of: Sym,
        pointer: bool,
    },
    Type,
    Var,
    Const,
    /// A type that a function declares.
    LocalType,
}

/// A declared name.
#[derive(Debug, Clone, Copy)]
pub(super) struct Decl {
    pub(super) what: What,
    pub(super) package: PackageId,
    pub(super) file: u32,
    pub(super) name: Sym,
    pub(super) name_at: u32,
    /// Which declaration of the file, and which of its names.
    pub(super) line: u32,
    pub(super) place: u32,
}

/// What is known of a named type.
#[derive(Debug, Clone, Default)]
pub(super) struct TypeInfo {
    pub(super) parameters: Rc<[ParamId]>,
    /// What it is made of; the type itself for an alias.
    pub(super) of: Option<TypeId>,
    pub(super) alias: bool,
}

/// What is known of a function.
#[derive(Debug, Clone)]
pub(super) struct FuncInfo {
    pub(super) parameters: Rc<[ParamId]>,
    pub(super) of: TypeId,
}

/// Texts of a package that is not part of the repository, by their names.
pub type Loader<'l> = Box<dyn FnMut(&str) -> Loaded + 'l>;

/// Everything that is known, and what was asked already.
#[allow(missing_debug_implementations, reason = "it holds a closure")]
pub struct World<'l> {
    pub(super) words: Words,
    pub(super) types: Types,
    pub(super) packages: Vec<Package>,
    pub(super) files: Vec<Rc<Entry>>,
    pub(super) decls: Vec<Decl>,
    by_path: Fast<Sym, Option<PackageId>>,
    loader: Loader<'l>,
    clients: client::Clients,
    pub(super) universe: PackageId,
    pub(super) methods: Fast<(DeclId, Sym), DeclId>,
    pub(super) methods_of: Fast<DeclId, Vec<DeclId>>,
    pub(super) type_infos: Fast<DeclId, TypeInfo>,
    pub(super) funcs: Fast<DeclId, Option<FuncInfo>>,
    pub(super) values: Fast<DeclId, Option<TypeId>>,
    /// Constraints of type parameters.
    pub(super) constraints: Vec<TypeId>,
    pub(super) bases: Fast<TypeId, TypeId>,
    pub(super) selections: Fast<(TypeId, Sym), Option<select::Selection>>,
    names_of_imports: Fast<(u32, Sym), Option<Imported>>,
    pub(super) common: Common,
    pub(super) language: Fast<Sym, scope::Binding>,
    /// Where the names and the methods of each file lie among all.
    ranges: Vec<[(usize, usize); 2]>,
}

/// Words and types that are asked for all the time.
#[derive(Debug, Clone, Copy)]
pub(super) struct Common {
    pub(super) blank: Sym,
    pub(super) bool: TypeId,
    pub(super) int: TypeId,
    pub(super) byte: TypeId,
    pub(super) rune: TypeId,
    pub(super) untyped_bool: TypeId,
    pub(super) any: TypeId,
    pub(super) error: TypeId,
}

const UNIVERSE: &str =
    "package builtin\ntype error interface{ Error() string }\ntype any = interface{}\ntype comparable interface{}\n";

/// A file of the repository, as it comes into the world.
#[derive(Debug)]
pub struct Given {
    /// Its path, for what its name says.
    pub name: String,
    /// What it says.
    pub syntax: Syntax,
}

impl<'l> World<'l> {
    /// A world with nothing in it but the language.
    pub fn new(loader: Loader<'l>) -> Self {
        use super::types::{Basic, Type};
        let (mut words, mut types) = (Words::default(), Types::default());
        let common = Common {
            blank: words.add("_"),
            bool: types.basic(Basic::Bool),
            int: types.basic(Basic::Int),
            byte: types.basic(Basic::Uint8),
            rune: types.basic(Basic::Int32),
            untyped_bool: types.basic(Basic::UntypedBool),
            any: types.add(Type::Interface { methods: Box::default(), embeds: Box::default() }),
            error: UNKNOWN,
        };
        let language = scope::language(&mut words, &mut types);
        let mut world = Self {
            words,
            types,
            packages: Vec::new(),
            files: Vec::new(),
            decls: Vec::new(),
            clients: client::Clients::default(),
            by_path: Fast::default(),
            loader,
            universe: PackageId(0),
            methods: Fast::default(),
            methods_of: Fast::default(),
            type_infos: Fast::default(),
            funcs: Fast::default(),
            values: Fast::default(),
            constraints: Vec::new(),
            bases: Fast::default(),
            selections: Fast::default(),
            names_of_imports: Fast::default(),
            common,
            language,
            ranges: Vec::new(),
        };
        let syntax = parse::parse(super::NO_FILE, UNIVERSE, Depth::Declarations).body;
        let given = Given { name: "builtin.go".to_owned(), syntax };
        world.universe = world.add("", false, vec![given]);
        let error = world.words.add("error");
        if let Some(decl) = world.declared(world.universe, error, None) {
            world.common.error = world.types.add(Type::Named(decl, Box::default()));
        }
        world
    }

    /// Adds the files of one package. Files for the usual system go first: their declarations count where several are there.
    pub fn add(&mut self, path: &str, ours: bool, mut files: Vec<Given>) -> PackageId {
        let id = PackageId(self.packages.len() as u32);
        let path_word = self.words.add(path);
        let name = files.iter().find_map(|f| f.syntax.package.map(|(name, _)| f.syntax.name(name).to_owned()));
        let name = self.words.add(&name.unwrap_or_default());
        self.packages.push(Package { path: path_word, name, ours, scope: Fast::default(), others: Fast::default() });
        files.sort_by_key(|f| {
            let usual = context::is_usual(&f.name, &f.syntax.build_tags);
            (!usual, f.name.ends_with("_test.go"))
        });
        let first = self.files.len();
        for given in files {
            self.add_file(id, given);
        }
        for number in first..self.files.len() {
            let from = self.decls.len();
            self.declare(id, number);
            self.ranges.push([(from, self.decls.len()), (0, 0)]);
        }
        for number in first..self.files.len() {
            let from = self.decls.len();
            self.declare_methods(id, number);
            self.ranges[number][1] = (from, self.decls.len());
        }
        id
    }

    /// Makes a package importable.
    pub fn publish(&mut self, path: &str, package: PackageId) {
        let path = self.words.add(path);
        self.by_path.entry(path).or_insert(Some(package));
    }

    fn add_file(&mut self, package: PackageId, given: Given) {
        let words: Vec<Sym> = given.syntax.names.iter().map(|word| self.words.add(word)).collect();
        let imports = given.syntax.imports.iter().map(|line| self.import(&given.syntax, line)).collect();
        let usual = context::is_usual(&given.name, &given.syntax.build_tags);
        let name = given.name.rsplit('/').next().unwrap_or_default();
        let entry = Entry {
            number: self.files.len() as u32,
            words,
            package,
            imports,
            is_test: name.ends_with("_test.go"),
            usual,
            system: context::system_of(name).map(str::to_owned),
            syntax: given.syntax,
        };
        self.files.push(Rc::new(entry));
    }

    /// Whether a package declares a name.
    pub(super) fn has_name(&mut self, package: PackageId, name: &str) -> bool {
        let name = self.words.add(name);
        self.declared(package, name, None).is_some()
    }

    /// Whether a type of a package has a field or method; none where there is no such type.
    pub(super) fn has_member(&mut self, package: PackageId, of: &str, member: &str) -> Option<bool> {
        let (of, member) = (self.words.add(of), self.words.add(member));
        let decl = self.declared(package, of, None).filter(|decl| self.decl(*decl).what == What::Type)?;
        let of = self.types.add(super::types::Type::Named(decl, Box::default()));
        Some(self.select(of, member).is_some())
    }

    /// The names that a package declares, as paths.
    pub(super) fn names_of(&self, package: PackageId) -> Vec<String> {
        let mut names: Vec<String> =
            self.packages[package.0 as usize].scope.values().map(|decl| self.path_of(*decl)).collect();
        names.sort();
        names
    }

    pub(super) fn decl(&self, id: DeclId) -> Decl {
        self.decls[id.0 as usize]
    }

    /// A name as `go/types` writes it.
    pub(super) fn path_of(&self, id: DeclId) -> String {
        let decl = self.decl(id);
        let package = self.words.get(self.packages[decl.package.0 as usize].path);
        let name = self.words.get(decl.name);
        match decl.what {
            What::Method { of, pointer: true } => format!("(*{package}.{}).{name}", self.words.get(of)),
            What::Method { of, pointer: false } => format!("({package}.{}).{name}", self.words.get(of)),
            _ => format!("{package}.{name}"),
        }
    }

    pub(super) fn is_ours(&self, id: DeclId) -> bool {
        self.packages[self.decl(id).package.0 as usize].ours
    }

    pub(super) fn func_decl(entry: &Entry, decl: Decl) -> Option<&FuncDecl> {
        match entry.syntax.decls.get(decl.line as usize) {
            Some(Line::Func(func)) => Some(func),
            _ => None,
        }
    }

    /// The function that a line of a file declares.
    pub(super) fn func_decl_of(entry: &Entry, line: usize) -> Option<&FuncDecl> {
        match entry.syntax.decls.get(line) {
            Some(Line::Func(func)) => Some(func),
            _ => None,
        }
    }

    pub(super) fn type_decl(entry: &Entry, decl: Decl) -> Option<&TypeDecl> {
        match entry.syntax.decls.get(decl.line as usize) {
            Some(Line::Type(of)) => Some(of),
            _ => None,
        }
    }

    pub(super) fn value_decl(entry: &Entry, decl: Decl) -> Option<&ValueDecl> {
        match entry.syntax.decls.get(decl.line as usize) {
            Some(Line::Value(value)) => Some(value),
            _ => None,
        }
    }

    /// The name that an embedded field has.
    pub(super) fn embedded_name(entry: &Entry, of: ExprId) -> Option<Sym> {
        receiver_base(&entry.syntax, of).map(|(name, _)| entry.word(name))
    }

    pub(super) fn member_with(name: Sym, of: TypeId, embedded: bool) -> Member {
        Member { name, of: if of == NIL { UNKNOWN } else { of }, embedded }
    }
}

impl Entry {
    pub(super) fn word(&self, name: Name) -> Sym {
        self.words.get(name.0 as usize).copied().unwrap_or(Sym(0))
    }

    pub(super) fn file(&self) -> FileId {
        self.syntax.file
    }

    pub(super) fn parameters_of(&self, fields: &[Field]) -> Vec<Sym> {
        fields.iter().flat_map(|f| &f.names).map(|(name, _)| self.word(*name)).collect()
    }
}

/// The files of the package that others import from a folder: not its tests, not what another build makes.
fn one_package(files: Vec<Given>) -> Vec<Given> {
    let mut counts: HashMap<String, usize> = HashMap::new();
    let name = |f: &Given| f.syntax.package.map_or(String::new(), |(name, _)| f.syntax.name(name).to_owned());
    for file in &files {
        let weight = 1 + 1000 * usize::from(context::is_usual(&file.name, &file.syntax.build_tags));
        *counts.entry(name(file)).or_default() += weight;
    }
    let Some((best, _)) = counts.into_iter().max_by(|a, b| a.1.cmp(&b.1).then(b.0.cmp(&a.0))) else { return files };
    files.into_iter().filter(|f| name(f) == best).collect()
}
