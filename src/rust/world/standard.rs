//! What the standard library's containers give.

use super::World;
use super::meaning::Ty;
use super::types::{Type, UNKNOWN};
use crate::rust::known;
use crate::rust::syntax::Name;

/// What a type of another crate is, as far as its parts matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// `Option`, `Result`.
    Maybe,
    Iterator,
    /// `Vec`, slices, sets, queues.
    List,
    Map,
    /// Something that is locked, borrowed or set once.
    Cell,
    Other,
}

fn kind(path: &str) -> Kind {
    match path.rsplit("::").next().unwrap_or_default() {
        "Option" | "Result" | "Poll" => Kind::Maybe,
        "Iterator" | "Peekable" => Kind::Iterator,
        "Vec" | "VecDeque" | "HashSet" | "BTreeSet" | "LinkedList" | "BinaryHeap" | "SmallVec" | "IndexSet" => {
            Kind::List
        }
        "HashMap" | "BTreeMap" | "IndexMap" | "DashMap" => Kind::Map,
        "Mutex" | "RwLock" | "RefCell" | "OnceCell" | "OnceLock" | "Weak" => Kind::Cell,
        _ => Kind::Other,
    }
}

impl World {
    fn kind(&self, of: Ty) -> Kind {
        match self.interned.get(of) {
            Type::External(path, _) => kind(path),
            Type::List(_) => Kind::List,
            _ => Kind::Other,
        }
    }

    /// What `?`, `Some(…)` and `Ok(…)` take out.
    pub(super) fn inside(&mut self, of: Ty) -> Ty {
        if self.kind(of) == Kind::Maybe { self.interned.part(of, 0) } else { UNKNOWN }
    }

    /// What a loop or an index takes out.
    pub(super) fn element(&mut self, of: Ty) -> Ty {
        match (self.interned.get(of).clone(), self.kind(of)) {
            (Type::List(inner), _) => inner,
            (_, Kind::Iterator | Kind::List | Kind::Maybe) => self.interned.part(of, 0),
            (Type::External(_, parts), Kind::Map) => self.interned.add(Type::Tuple(parts)),
            // `impl IntoIterator<Item = T>`.
            (Type::Bounds(_, gives), _) => gives,
            (Type::External(path, _), _) if known::points(&path) => {
                let inner = self.interned.part(of, 0);
                if inner == of { UNKNOWN } else { self.element(inner) }
            }
            _ => UNKNOWN,
        }
    }

    /// What a method of the standard library hands to a closure.
    pub(super) fn handed(&mut self, on: Ty, name: &Name, at: u16) -> Ty {
        match (&**name, self.kind(on), at) {
            ("map_err" | "unwrap_or_else" | "or_else" | "map_or_else", Kind::Maybe, _) => UNKNOWN,
            ("fold" | "try_fold" | "scan", _, 1) | (_, _, 0)
                if !matches!(&**name, "fold" | "try_fold" | "scan") || at == 1 =>
            {
                match self.kind(on) {
                    Kind::Cell => self.interned.part(on, 0),
                    Kind::Other => match self.interned.get(on).clone() {
                        Type::External(path, _) if known::points(&path) => {
                            let inner = self.interned.part(on, 0);
                            self.element(inner)
                        }
                        _ => UNKNOWN,
                    },
                    _ => self.element(on),
                }
            }
            _ => UNKNOWN,
        }
    }

    /// What a method of a type of another crate gives.
    pub(super) fn outer_method(&mut self, on: Ty, name: &Name, first: Ty) -> Ty {
        match self.kind(on) {
            Kind::Maybe => self.maybe_method(on, name, first),
            Kind::Iterator => self.iterator_method(on, name, first),
            Kind::List => self.list_method(on, name),
            Kind::Map => self.map_method(on, name),
            Kind::Cell => self.cell_method(on, name),
            Kind::Other => match &**name {
                "clone" | "to_owned" | "by_ref" => on,
                _ => UNKNOWN,
            },
        }
    }

    fn given(&self, closure: Ty) -> Ty {
        match self.interned.get(closure) {
            Type::Gives(of) => *of,
            _ => UNKNOWN,
        }
    }

    fn maybe_method(&mut self, on: Ty, name: &Name, first: Ty) -> Ty {
        let inner = self.interned.part(on, 0);
        match &**name {
            "unwrap" | "expect" | "unwrap_or" | "unwrap_or_else" | "unwrap_or_default" | "get_or_insert_with"
            | "insert" | "unwrap_unchecked" | "flatten" | "transpose" => inner,
            "ok" | "as_ref" | "as_mut" | "take" | "cloned" | "copied" | "filter" | "or" | "or_else" | "map_err"
            | "ok_or" | "ok_or_else" | "as_deref" | "as_deref_mut" | "context" | "with_context" | "clone"
            | "inspect_err" | "inspect" | "replace" => self.interned.option(inner),
            "iter" | "into_iter" | "iter_mut" => self.interned.iterator(inner),
            "map" => {
                let given = self.given(first);
                self.interned.option(given)
            }
            "and_then" | "map_or" => self.given(first),
            _ => UNKNOWN,
        }
    }

    fn iterator_method(&mut self, on: Ty, name: &Name, first: Ty) -> Ty {
        let inner = self.interned.part(on, 0);
        match &**name {
            "next" | "last" | "find" | "nth" | "max" | "min" | "max_by" | "min_by" | "max_by_key" | "min_by_key"
            | "peek" | "next_back" | "reduce" => self.interned.option(inner),
            "filter" | "rev" | "skip" | "take" | "cloned" | "copied" | "peekable" | "chain" | "inspect" | "by_ref"
            | "skip_while" | "take_while" | "step_by" | "fuse" | "cycle" | "iter" | "into_iter" | "into_par_iter"
            | "par_iter" => on,
            "enumerate" => {
                let pair = self.interned.add(Type::Tuple([UNKNOWN, inner].into()));
                self.interned.iterator(pair)
            }
            "zip" => {
                let other = self.element(first);
                let pair = self.interned.add(Type::Tuple([inner, other].into()));
                self.interned.iterator(pair)
            }
            "map" => {
                let given = self.given(first);
                self.interned.iterator(given)
            }
            "filter_map" | "flat_map" | "find_map" => {
                let given = self.given(first);
                let element = self.element(given);
                if &**name == "find_map" { self.interned.option(element) } else { self.interned.iterator(element) }
            }
            // Whatever it collects into, its elements are these.
            "collect" => self.interned.add(Type::List(inner)),
            _ => UNKNOWN,
        }
    }

    fn list_method(&mut self, on: Ty, name: &Name) -> Ty {
        let inner = match self.interned.get(on) {
            Type::List(inner) => *inner,
            _ => self.interned.part(on, 0),
        };
        match &**name {
            "iter" | "iter_mut" | "into_iter" | "drain" | "par_iter" | "into_par_iter" => self.interned.iterator(inner),
            "first" | "last" | "get" | "get_mut" | "pop" | "first_mut" | "last_mut" | "pop_front" | "pop_back"
            | "front" | "back" => self.interned.option(inner),
            "remove" | "swap_remove" => inner,
            "clone" | "to_vec" | "as_slice" | "as_mut_slice" | "to_owned" | "into_boxed_slice" | "as_ref" => on,
            "chunks" | "windows" | "chunks_exact" => {
                let list = self.interned.add(Type::List(inner));
                self.interned.iterator(list)
            }
            _ => UNKNOWN,
        }
    }

    fn map_method(&mut self, on: Ty, name: &Name) -> Ty {
        let (key, value) = (self.interned.part(on, 0), self.interned.part(on, 1));
        match &**name {
            "get" | "get_mut" | "remove" | "insert" => self.interned.option(value),
            "values" | "values_mut" | "into_values" => self.interned.iterator(value),
            "keys" | "into_keys" => self.interned.iterator(key),
            "iter" | "iter_mut" | "into_iter" | "drain" => {
                let pair = self.interned.add(Type::Tuple([key, value].into()));
                self.interned.iterator(pair)
            }
            "entry" => self.interned.external("std::collections::Entry", &[value]),
            "clone" => on,
            _ => UNKNOWN,
        }
    }

    fn cell_method(&mut self, on: Ty, name: &Name) -> Ty {
        let inner = self.interned.part(on, 0);
        let std_lock = matches!(self.interned.get(on), Type::External(path, _) if path.starts_with("std::sync::"));
        match &**name {
            "lock" | "read" | "write" | "into_inner" | "try_lock" if std_lock => self.interned.option(inner),
            "lock" | "read" | "write" | "borrow" | "borrow_mut" | "into_inner" | "get_or_init" => inner,
            "get" | "upgrade" | "try_lock" => self.interned.option(inner),
            "clone" => on,
            _ => UNKNOWN,
        }
    }
}
