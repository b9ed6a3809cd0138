//! Clients of services: types of other modules whose every method asks something outside, whether or not their package lies at hand.

use super::{Decl, Imported, Package, TypeInfo, What, World};
use crate::go::types::{DeclId, Fast, Sym, Type, TypeId};

/// Whether a pattern names a type: `database/sql.DB`, `github.com/aws/aws-sdk-go-v2/service/*.Client`, where `*` is any one part.
pub fn names(pattern: &str, path: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == path,
        Some((before, after)) => {
            let middle = path.strip_prefix(before).and_then(|rest| rest.strip_suffix(after));
            middle.is_some_and(|part| !part.is_empty() && !part.contains('/'))
        }
    }
}

/// What was asked for, and what is known of it.
#[derive(Debug, Default)]
pub(super) struct Clients {
    pub(super) patterns: Vec<String>,
    /// Types of packages that do not lie at hand.
    unread: Fast<(Sym, Sym), TypeId>,
    known: Fast<DeclId, bool>,
}

impl World<'_> {
    /// Asks for the types that these patterns name.
    pub(in crate::go) fn ask_clients(&mut self, patterns: &[String]) {
        self.clients.patterns = patterns.to_vec();
    }

    /// The type that a name of an unread package stands for, if it is one that is asked for: of its methods nothing is known.
    pub(super) fn unread_client(&mut self, import: Imported, name: Sym) -> Option<TypeId> {
        let Imported::Unread(path) = import else { return None };
        if let Some(known) = self.clients.unread.get(&(path, name)) {
            return Some(*known);
        }
        let text = format!("{}.{}", self.words.get(path), self.words.get(name));
        if !self.clients.patterns.iter().any(|pattern| names(pattern, &text)) {
            return None;
        }
        let package = super::PackageId(self.packages.len() as u32);
        let (scope, others) = (Fast::default(), Fast::default());
        self.packages.push(Package { path, name: path, ours: false, scope, others });
        let decl = DeclId(self.decls.len() as u32);
        self.decls.push(Decl { what: What::Type, package, file: u32::MAX, name, name_at: 0, line: 0, place: 0 });
        self.type_infos.insert(decl, TypeInfo::default());
        let of = self.types.add(Type::Named(decl, Box::default()));
        self.clients.unread.insert((path, name), of);
        Some(of)
    }

    /// The path of a method of a client as its own type has it, whichever type declares the method.
    pub(super) fn client_method(&mut self, of: TypeId, name: Sym) -> Option<String> {
        let at = self.types.pointee(of);
        let Type::Named(decl, _) = *self.types.get(at) else { return None };
        let patterns = &self.clients.patterns;
        if patterns.is_empty() || self.is_ours(decl) {
            return None;
        }
        let path = self.path_of(decl);
        let is_asked =
            *self.clients.known.entry(decl).or_insert_with(|| patterns.iter().any(|pattern| names(pattern, &path)));
        let star = if at == of { "" } else { "*" };
        is_asked.then(|| format!("({star}{path}).{}", self.words.get(name)))
    }
}

#[cfg(test)]
mod tests {
    use super::names;

    #[test]
    fn a_star_is_one_part() {
        assert!(names("database/sql.DB", "database/sql.DB"));
        assert!(names("a.b/service/*.Client", "a.b/service/s3.Client"));
        assert!(!names("a.b/service/*.Client", "a.b/service/s3/types.Client"));
        assert!(!names("a.b/service/*.Client", "a.b/service/s3.Options"));
    }
}
