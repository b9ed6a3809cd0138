//! From notes to functions with their references and the functions they lead to.

use super::endless::endless;
use super::growth::grown;
use super::site::Imported;
use super::syntax::{Expr, Pragma};
use super::trouble::{Trouble, TroubleKind};
use super::types::{DeclId, Fast};
use super::value;
use super::value::pooled::{PUTS, Putters};
use super::world::look::{Kind, Looked};
use super::world::note::Target;
use super::{Edge, Export, Function, Given, Handed, Loader, Package, Reference, Registration, Resolved, Usage, World};
use crate::source::Span;
use std::collections::HashSet;
use std::sync::Arc;

/// What is asked for beside references.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    /// Functions of other modules that are handed user-defined functions.
    pub registrations: Vec<String>,
    /// Interfaces of other modules whose implementations are called from outside.
    pub interfaces: Vec<String>,
    /// Packages whose calls and literals are looked into; `/*` at the end stands for all below.
    pub packages: Vec<String>,
    /// Types of other modules all of whose methods are to be told by their own paths; `*` stands for one part of a path.
    pub clients: Vec<String>,
    /// The key of tags that are looked into.
    pub tag: Option<&'static str>,
}

impl Asked {
    fn looks_into(&self, path: &str) -> bool {
        let package = package_of(path);
        self.packages.iter().any(|asked| match asked.strip_suffix('*') {
            Some(start) => package.starts_with(start),
            None => asked == package,
        })
    }
}

/// The package in a path such as `(*net/http.Client).Get`.
pub fn package_of(path: &str) -> &str {
    let path = path.trim_start_matches(['(', '*']);
    let folder = path.rfind('/').map_or(0, |at| at + 1);
    let name = path.get(folder..).unwrap_or_default().find('.').unwrap_or(path.len() - folder);
    path.get(..folder + name).unwrap_or(path)
}

/// Resolves the packages of one build.
pub fn resolve(packages: Vec<Package>, loader: Loader<'_>, asked: &Asked) -> Resolved {
    let mut world = World::new(loader);
    world.ask_clients(&asked.clients);
    let ours = add_all(&mut world, packages);
    let mut looked: Vec<(usize, Looked)> = Vec::new();
    for number in ours.iter().copied() {
        looked.extend(world.look(number).into_iter().map(|one| (number, one)));
    }
    let mut by_decl: Fast<DeclId, u32> = Fast::default();
    for (number, (_, one)) in looked.iter().enumerate() {
        by_decl.extend(one.decls.iter().filter(|_| one.kind != Kind::Type).map(|decl| (*decl, number as u32)));
    }
    // What only tests use is not there when a task runs.
    let outside_tests = looked.iter().filter(|(file, _)| !world.files[*file].is_test).map(|(_, one)| one);
    let notes: Vec<_> = outside_tests.flat_map(|one| &one.notes.list).copied().collect();
    let mut linker = Linker { methods: world.used_types(notes.iter()), world, by_decl };
    let mut resolved = Resolved::default();
    let putters = putters(&linker.world, &looked);
    let (mut starts, mut loops) = (Vec::new(), Vec::new());
    for (file, one) in &looked {
        resolved.unknown_receivers += one.notes.unknown;
        let mut function = linker.function(*file, one);
        if !function.generated && !function.is_test {
            let entry = linker.world.files[*file].clone();
            let inside = value::inside(&linker.world, &entry, one, &putters, &|path| asked.looks_into(path));
            (function.sites, function.troubles) = (inside.sites, inside.troubles);
            starts.extend(inside.starts.into_iter().map(|(span, decl)| (resolved.functions.len(), span, decl)));
            let body = World::func_decl_of(&entry, one.line).and_then(|func| func.body);
            loops.push(body.and_then(|body| endless(&entry.syntax, entry.syntax.body(body))));
        } else {
            loops.push(None);
        }
        resolved.functions.push(function);
    }
    for (by, span, decl) in starts {
        let Some(to) = linker.by_decl.get(&decl).map(|to| *to as usize) else { continue };
        let (Some(Some(start)), Some(file)) = (loops.get(to), resolved.functions.get(to).map(|f| f.span.file)) else {
            continue;
        };
        let kind = TroubleKind::Endless(Span { file, start: *start, end: *start + "for".len() as u32 });
        resolved.functions[by].troubles.push(Trouble { span, kind });
    }
    for file in ours {
        let entry = linker.world.files[file].clone();
        if let Some(key) = asked.tag.filter(|_| !entry.is_test && !entry.syntax.generated) {
            resolved.tagged.extend(linker.world.tagged(file, key));
        }
        let package: Arc<str> = linker.world.package_path(entry.package).into();
        let asked = entry.syntax.imports.iter().filter(|line| asked.packages.contains(&line.path));
        resolved.imports.extend(asked.map(|line| Imported {
            path: line.path.clone(),
            blank: line.alias.is_some_and(|alias| entry.syntax.name(alias) == "_"),
            span: line.span,
            package: package.clone(),
            is_test: entry.is_test,
        }));
    }
    for (number, (file, one)) in looked.iter().enumerate() {
        linker.registrations(number as u32, *file, one, asked, &mut resolved.registrations);
    }
    for interface in &asked.interfaces {
        for function in linker.implementing(interface) {
            resolved.implementations.push((interface.clone(), function));
        }
    }
    let tasks = tasks(&resolved);
    for (by, trouble) in grown(&mut linker.world, &looked, &tasks) {
        let function = resolved.functions.get_mut(by).filter(|function| !function.generated && !function.is_test);
        if let Some(function) = function {
            function.troubles.push(trouble);
        }
    }
    resolved
}

/// The functions that are called with rows, by number.
fn tasks(resolved: &Resolved) -> HashSet<usize> {
    let own = resolved.functions.iter().enumerate().filter(|(_, f)| f.marked.is_some() || f.export.is_some());
    let handed = resolved.registrations.iter().filter_map(|registration| match registration.handed {
        Handed::Function(number) => Some(number as usize),
        Handed::Closure(_) => None,
    });
    let asked = resolved.implementations.iter().map(|(_, number)| *number as usize);
    own.map(|(number, _)| number).chain(handed).chain(asked).collect()
}

/// The functions that put one of their parameters into a pool.
fn putters(world: &World<'_>, looked: &[(usize, Looked)]) -> Putters {
    let mut found = Putters::new();
    for (file, one) in looked {
        let Some(entry) = world.files.get(*file) else { continue };
        let is_put = |path: &str| PUTS.contains(&path);
        let puts = one.notes.sites.iter().filter(|site| is_put(world.words.get(site.path)));
        for site in puts {
            let Expr::Call { arguments, .. } = entry.syntax.expr(site.expr) else { continue };
            let Some(Expr::Name(name)) = entry.syntax.list(arguments).first().map(|id| entry.syntax.expr(*id)) else {
                continue;
            };
            let Some(func) = World::func_decl_of(entry, one.line) else { continue };
            let parameters = &entry.syntax.signature(func.signature).parameters;
            let place = parameters.iter().flat_map(|field| &field.names).position(|(own, _)| *own == name);
            found.extend(place.into_iter().flat_map(|place| one.decls.iter().map(move |decl| (*decl, place))));
        }
    }
    found
}

fn add_all(world: &mut World<'_>, packages: Vec<Package>) -> Vec<usize> {
    let mut ours = Vec::new();
    let mut importable = Vec::new();
    for package in packages {
        let first = world.files.len();
        let files: Vec<Given> = package.files;
        let id = world.add(&package.path, true, files);
        ours.extend(first..world.files.len());
        importable.extend(package.importable.then_some((package.path, id)));
    }
    for (path, id) in importable {
        world.publish(&path, id);
    }
    ours
}

struct Linker<'l> {
    world: World<'l>,
    methods: super::world::dynamic::Methods,
    /// The looked-through declaration of each name.
    by_decl: Fast<DeclId, u32>,
}

impl Linker<'_> {
    fn function(&mut self, file: usize, one: &Looked) -> Function {
        let entry = self.world.files[file].clone();
        let (mut references, mut edges) = (Vec::new(), Vec::new());
        for note in &one.notes.list {
            let to: Vec<DeclId> = match note.target {
                Target::Outside(path) => {
                    references.push(Reference { path: self.world.word(path), usage: note.usage, span: note.span });
                    continue;
                }
                Target::Ours(decl) => vec![decl],
                Target::Dynamic(on, name) => self.world.meant(&mut self.methods, on, name),
                Target::Handed(decl) => self.world.exported_methods(decl),
            };
            let to = to.into_iter().filter_map(|decl| self.by_decl.get(&decl).copied());
            edges.extend(to.map(|to| Edge { to, span: note.span }));
        }
        let above = |pragma: &&Pragma| pragma.above == Some(one.body.start);
        for pragma in entry.syntax.pragmas.iter().filter(above).filter(|p| p.verb == "go:linkname") {
            references.push(Reference { path: "//go:linkname".into(), usage: Usage::Directive, span: pragma.span });
        }
        references.sort_by_key(|r| (r.span.start, r.span.end));
        let exports = entry.syntax.pragmas.iter().filter(above).filter(|p| p.verb != "go:linkname");
        let export = exports.map(|p| Export { verb: p.verb, name: p.words.clone(), span: p.span }).next();
        Function {
            name: one.name.clone(),
            package: self.world.package_path(entry.package).into(),
            span: one.span,
            body: one.body,
            is_value: one.kind == Kind::Value,
            marked: entry.syntax.marks.iter().find(|(at, _)| *at == one.body.start).map(|(_, span)| *span),
            export,
            references,
            sites: Vec::new(),
            troubles: Vec::new(),
            edges,
            is_test: entry.is_test,
            helps_tests: entry.syntax.imports.iter().any(|line| line.path == "testing"),
            generated: entry.syntax.generated,
            tags: tags(&entry),
        }
    }

    /// What is handed to the calls that register user-defined functions.
    fn registrations(
        &mut self,
        function: u32,
        file: usize,
        one: &Looked,
        asked: &Asked,
        found: &mut Vec<Registration>,
    ) {
        let entry = self.world.files[file].clone();
        for site in &one.notes.sites {
            let path = self.world.word(site.path);
            if !asked.registrations.iter().any(|asked| is_meant(asked, &path)) {
                continue;
            }
            let Expr::Call { arguments, .. } = entry.syntax.expr(site.expr) else { continue };
            for id in entry.syntax.list(arguments) {
                let span = entry.syntax.span(*id);
                let mut handed: Vec<Handed> = Vec::new();
                if let Expr::Closure { .. } = entry.syntax.expr(*id) {
                    handed.push(Handed::Closure(span));
                } else {
                    let within = one.notes.list.iter().filter(|note| span.contains(note.span));
                    for note in within {
                        let to = match note.target {
                            Target::Ours(decl) if note.usage == Usage::Value => vec![decl],
                            Target::Handed(decl) => self.world.exported_methods(decl),
                            _ => continue,
                        };
                        handed.extend(to.iter().filter_map(|d| self.by_decl.get(d)).map(|to| Handed::Function(*to)));
                    }
                }
                found.extend(handed.into_iter().map(|handed| Registration {
                    path: path.clone(),
                    function,
                    span,
                    handed,
                }));
            }
        }
    }

    fn implementing(&mut self, interface: &str) -> Vec<u32> {
        let Some((package, name)) = interface.rsplit_once('.') else { return Vec::new() };
        let (package, name) = (self.world.words.add(package), self.world.words.add(name));
        let Some(package) = self.world.package(package) else { return Vec::new() };
        let Some(decl) = self.world.declared(package, name, None) else { return Vec::new() };
        let found = self.world.implementing(&mut self.methods, decl);
        found.into_iter().filter_map(|decl| self.by_decl.get(&decl).copied()).collect()
    }
}

/// For which builds a file is read, where not for all.
fn tags(entry: &super::world::Entry) -> Arc<[String]> {
    let by_name = entry.system.iter().cloned();
    by_name.chain(entry.syntax.build_tags.iter().cloned()).collect()
}

/// Whether a name is asked for; `*` at the end stands for any rest.
fn is_meant(asked: &str, path: &str) -> bool {
    asked.strip_suffix('*').map_or(asked == path, |start| path.starts_with(start))
}
