//! What a file imports, and which package that is.

use super::{
    DeclId, Depth, Entry, Given, Import, Imported, Loaded, Naming, PackageId, Sym, Syntax, World, one_package, parse,
};
use crate::go::syntax::ImportLine;
use crate::go::{NO_FILE, import, stdlib};

impl World<'_> {
    pub(super) fn import(&mut self, syntax: &Syntax, line: &ImportLine) -> Import {
        let path = self.words.add(&line.path);
        let name = match line.alias.map(|alias| syntax.name(alias)) {
            Some("_") => Naming::Blank,
            Some(".") => Naming::Dot,
            Some(alias) => Naming::Known(self.words.add(alias)),
            None => match import::own_name(&line.path) {
                import::Own::Certain(name) => Naming::Known(self.words.add(&name)),
                import::Own::Guessed(names) => Naming::Open(names.iter().map(|name| self.words.add(name)).collect()),
            },
        };
        Import { path, name }
    }

    /// The package of an import path, read where it lies at hand.
    pub(in crate::go) fn package(&mut self, path: Sym) -> Option<PackageId> {
        if let Some(known) = self.by_path.get(&path) {
            return *known;
        }
        self.by_path.insert(path, None);
        let text = self.words.shared(path);
        let loaded = match stdlib::package(&text) {
            Some(standard) => Loaded { ours: false, texts: vec![("std.go".to_owned(), standard.to_owned())] },
            None => (self.loader)(&text),
        };
        let stub = || vec![("stub.go".to_owned(), stdlib::stub(&text).unwrap_or_default().to_owned())];
        let texts = if loaded.texts.is_empty() { stub() } else { loaded.texts };
        let read = |(name, text): (String, String)| {
            let syntax = parse::parse(NO_FILE, &text, Depth::Declarations).body;
            Given { name, syntax }
        };
        let files: Vec<Given> = texts.into_iter().map(read).filter(|f| f.syntax.package.is_some()).collect();
        let files = one_package(files);
        if files.is_empty() {
            return None;
        }
        let id = self.add(&text, loaded.ours, files);
        self.by_path.insert(path, Some(id));
        Some(id)
    }

    /// What a package's name means in a file.
    pub(in crate::go) fn imported(&mut self, entry: &Entry, name: Sym) -> Option<Imported> {
        if let Some(known) = self.names_of_imports.get(&(entry.number, name)) {
            return *known;
        }
        let found = self.find_import(entry, name);
        self.names_of_imports.insert((entry.number, name), found);
        found
    }

    pub(super) fn find_import(&mut self, entry: &Entry, name: Sym) -> Option<Imported> {
        let known = entry.imports.iter().find(|i| matches!(i.name, Naming::Known(own) if own == name));
        if let Some(import) = known {
            return Some(self.resolved(import.path));
        }
        let mut ranked: Vec<(usize, Sym)> = Vec::new();
        let mut unlikely = Vec::new();
        for import in &entry.imports {
            if let Naming::Open(names) = &import.name {
                match names.iter().position(|own| *own == name) {
                    Some(rank) => ranked.push((rank, import.path)),
                    None => unlikely.push(import.path),
                }
            }
        }
        ranked.sort_by_key(|(rank, _)| *rank);
        let mut unread = Vec::new();
        for (rank, path) in ranked {
            match self.package(path) {
                Some(id) if self.packages[id.0 as usize].name == name => return Some(Imported::Package(id)),
                Some(_) => {}
                None => unread.push((rank, path)),
            }
        }
        for path in unlikely {
            if let Some(id) = self.package(path)
                && self.packages[id.0 as usize].name == name
            {
                return Some(Imported::Package(id));
            }
        }
        // A guess counts where one import alone guesses it best.
        match unread.as_slice() {
            [(_, path)] => Some(Imported::Unread(*path)),
            [(first, path), (second, _), ..] if first < second => Some(Imported::Unread(*path)),
            _ => None,
        }
    }

    pub(super) fn resolved(&mut self, path: Sym) -> Imported {
        self.package(path).map_or(Imported::Unread(path), Imported::Package)
    }

    /// What a bare name means that only a dot import can bring.
    pub(in crate::go) fn dot_imported(&mut self, entry: &Entry, name: Sym) -> Option<DeclId> {
        let dots = entry.imports.iter().filter(|i| matches!(i.name, Naming::Dot));
        let paths: Vec<Sym> = dots.map(|i| i.path).take(16).collect();
        paths.into_iter().find_map(|path| {
            let package = self.package(path)?;
            self.declared(package, name, None)
        })
    }

    /// The package of an import path.
    pub(in crate::go) fn package_at(&mut self, path: &str) -> Option<PackageId> {
        let path = self.words.add(path);
        self.package(path)
    }
}
