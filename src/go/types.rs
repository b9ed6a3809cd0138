//! Types: each is there once, so that equal types have equal numbers.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// A word: a name, a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Sym(pub(super) u32);

/// A type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TypeId(pub(super) u32);

/// A declared name of a package, or a type that a function declares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DeclId(pub(super) u32);

/// A type parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ParamId(pub(super) u32);

/// A hasher for small numbers.
#[derive(Debug, Default, Clone, Copy)]
pub struct Mixer(u64);

impl Hasher for Mixer {
    fn finish(&self) -> u64 {
        self.0 ^ (self.0 >> 29)
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u32(u32::from(*byte));
        }
    }

    fn write_u32(&mut self, n: u32) {
        self.0 = (self.0.rotate_left(5) ^ u64::from(n)).wrapping_mul(0x517c_c1b7_2722_0a95);
    }

    fn write_usize(&mut self, n: usize) {
        self.write_u32(n as u32);
    }

    fn write_isize(&mut self, n: isize) {
        self.write_usize(n.unsigned_abs());
    }

    fn write_u8(&mut self, n: u8) {
        self.write_u32(u32::from(n));
    }
}

/// A map with small numbers as keys.
pub type Fast<K, V> = HashMap<K, V, BuildHasherDefault<Mixer>>;

/// Types that the language itself has; the untyped ones belong to constants.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs, reason = "the language's own words")]
pub enum Basic {
    Bool,
    Int,
    Int8,
    Int16,
    Int32,
    Int64,
    Uint,
    Uint8,
    Uint16,
    Uint32,
    Uint64,
    Uintptr,
    Float32,
    Float64,
    Complex64,
    Complex128,
    String,
    UntypedBool,
    UntypedInt,
    UntypedRune,
    UntypedFloat,
    UntypedComplex,
    UntypedString,
}

impl Basic {
    /// The words of the language for them.
    pub const WORDS: [(&'static str, Basic); 19] = [
        ("bool", Basic::Bool),
        ("int", Basic::Int),
        ("int8", Basic::Int8),
        ("int16", Basic::Int16),
        ("int32", Basic::Int32),
        ("int64", Basic::Int64),
        ("uint", Basic::Uint),
        ("uint8", Basic::Uint8),
        ("uint16", Basic::Uint16),
        ("uint32", Basic::Uint32),
        ("uint64", Basic::Uint64),
        ("uintptr", Basic::Uintptr),
        ("float32", Basic::Float32),
        ("float64", Basic::Float64),
        ("complex64", Basic::Complex64),
        ("complex128", Basic::Complex128),
        ("string", Basic::String),
        ("byte", Basic::Uint8),
        ("rune", Basic::Int32),
    ];

    /// The type that a constant gets where nothing else says one.
    fn default(self) -> Self {
        match self {
            Self::UntypedBool => Self::Bool,
            Self::UntypedInt => Self::Int,
            Self::UntypedRune => Self::Int32,
            Self::UntypedFloat => Self::Float64,
            Self::UntypedComplex => Self::Complex128,
            Self::UntypedString => Self::String,
            typed => typed,
        }
    }
}

/// A field of a struct.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Member {
    /// Its name; an embedded one has its type's.
    pub name: Sym,
    /// Its type.
    pub of: TypeId,
    /// Its members are the struct's own.
    pub embedded: bool,
}

/// What a type is.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the language's own words")]
pub enum Type {
    /// Not known: nothing is said about it.
    Unknown,
    Nil,
    Basic(Basic),
    Named(DeclId, Box<[TypeId]>),
    Pointer(TypeId),
    Slice(TypeId),
    Array(TypeId),
    Map(TypeId, TypeId),
    Chan(TypeId),
    /// Several results, or none.
    Tuple(Box<[TypeId]>),
    Func {
        parameters: Box<[TypeId]>,
        variadic: bool,
        results: Box<[TypeId]>,
    },
    Struct(Box<[Member]>),
    Interface {
        methods: Box<[(Sym, TypeId)]>,
        embeds: Box<[TypeId]>,
    },
    /// What a constraint allows.
    Union(Box<[TypeId]>),
    Param(ParamId),
}

/// All types.
#[derive(Debug)]
pub struct Types {
    list: Vec<Type>,
    /// Whether a type parameter stands in it.
    open: Vec<bool>,
    known: HashMap<Type, TypeId, BuildHasherDefault<Mixer>>,
}

/// Not known.
pub const UNKNOWN: TypeId = TypeId(0);
/// `nil`.
pub const NIL: TypeId = TypeId(1);
/// No value at all.
pub const NOTHING: TypeId = TypeId(2);

impl Default for Types {
    fn default() -> Self {
        let mut types = Self { list: Vec::new(), open: Vec::new(), known: HashMap::default() };
        types.add(Type::Unknown);
        types.add(Type::Nil);
        types.add(Type::Tuple(Box::default()));
        types
    }
}

impl Types {
    /// The number of a type.
    pub fn add(&mut self, of: Type) -> TypeId {
        if let Some(known) = self.known.get(&of) {
            return *known;
        }
        let open = match &of {
            Type::Param(_) => true,
            Type::Unknown | Type::Nil | Type::Basic(_) => false,
            Type::Named(_, all) | Type::Tuple(all) | Type::Union(all) => all.iter().any(|t| self.is_open(*t)),
            Type::Pointer(t) | Type::Slice(t) | Type::Array(t) | Type::Chan(t) => self.is_open(*t),
            Type::Map(k, v) => self.is_open(*k) || self.is_open(*v),
            Type::Func { parameters, results, .. } => parameters.iter().chain(results).any(|t| self.is_open(*t)),
            Type::Struct(members) => members.iter().any(|m| self.is_open(m.of)),
            Type::Interface { methods, embeds } => {
                methods.iter().any(|(_, t)| self.is_open(*t)) || embeds.iter().any(|t| self.is_open(*t))
            }
        };
        let id = TypeId(self.list.len() as u32);
        self.list.push(of.clone());
        self.open.push(open);
        self.known.insert(of, id);
        id
    }

    /// What a type is.
    pub fn get(&self, id: TypeId) -> &Type {
        self.list.get(id.0 as usize).unwrap_or(&Type::Unknown)
    }

    /// Whether a type parameter stands in it.
    pub fn is_open(&self, id: TypeId) -> bool {
        self.open.get(id.0 as usize).copied().unwrap_or(false)
    }

    pub fn basic(&mut self, basic: Basic) -> TypeId {
        self.add(Type::Basic(basic))
    }

    pub fn pointer(&mut self, to: TypeId) -> TypeId {
        if to == UNKNOWN { UNKNOWN } else { self.add(Type::Pointer(to)) }
    }

    /// The type that a variable gets from a value.
    pub fn settled(&mut self, of: TypeId) -> TypeId {
        match self.get(of) {
            Type::Basic(basic) => {
                let basic = basic.default();
                self.basic(basic)
            }
            Type::Nil => UNKNOWN,
            _ => of,
        }
    }

    /// Whether it is the type of a constant that no type was given to.
    pub fn is_untyped(&self, of: TypeId) -> bool {
        matches!(self.get(of), Type::Nil) || matches!(self.get(of), Type::Basic(basic) if basic.default() != *basic)
    }

    /// What a pointer points to; any other type itself.
    pub fn pointee(&self, of: TypeId) -> TypeId {
        if let Type::Pointer(to) = self.get(of) { *to } else { of }
    }

    /// The type with its parameters replaced.
    pub fn replaced(&mut self, of: TypeId, by: &[(ParamId, TypeId)]) -> TypeId {
        self.replace(of, by, 24)
    }

    fn replace_all(&mut self, all: &[TypeId], by: &[(ParamId, TypeId)], fuel: usize) -> Box<[TypeId]> {
        all.iter().map(|t| self.replace(*t, by, fuel)).collect()
    }

    fn replace(&mut self, of: TypeId, by: &[(ParamId, TypeId)], fuel: usize) -> TypeId {
        if by.is_empty() || !self.is_open(of) {
            return of;
        }
        let Some(fuel) = fuel.checked_sub(1) else { return UNKNOWN };
        let made = match self.get(of).clone() {
            Type::Param(param) => {
                return by.iter().find(|(p, _)| *p == param).map_or(of, |(_, with)| *with);
            }
            Type::Named(decl, all) => Type::Named(decl, self.replace_all(&all, by, fuel)),
            Type::Tuple(all) => Type::Tuple(self.replace_all(&all, by, fuel)),
            Type::Union(all) => Type::Union(self.replace_all(&all, by, fuel)),
            Type::Pointer(t) => Type::Pointer(self.replace(t, by, fuel)),
            Type::Slice(t) => Type::Slice(self.replace(t, by, fuel)),
            Type::Array(t) => Type::Array(self.replace(t, by, fuel)),
            Type::Chan(t) => Type::Chan(self.replace(t, by, fuel)),
            Type::Map(k, v) => Type::Map(self.replace(k, by, fuel), self.replace(v, by, fuel)),
            Type::Func { parameters, variadic, results } => Type::Func {
                parameters: self.replace_all(&parameters, by, fuel),
                variadic,
                results: self.replace_all(&results, by, fuel),
            },
            Type::Struct(members) => {
                Type::Struct(members.iter().map(|m| Member { of: self.replace(m.of, by, fuel), ..*m }).collect())
            }
            Type::Interface { methods, embeds } => Type::Interface {
                methods: methods.iter().map(|(name, t)| (*name, self.replace(*t, by, fuel))).collect(),
                embeds: self.replace_all(&embeds, by, fuel),
            },
            other => other,
        };
        self.add(made)
    }
}

/// Words by number.
#[derive(Debug, Default)]
pub struct Words {
    known: HashMap<std::sync::Arc<str>, Sym>,
    list: Vec<std::sync::Arc<str>>,
}

impl Words {
    pub fn add(&mut self, word: &str) -> Sym {
        if let Some(known) = self.known.get(word) {
            return *known;
        }
        let word: std::sync::Arc<str> = word.into();
        let sym = Sym(self.list.len() as u32);
        self.list.push(word.clone());
        self.known.insert(word, sym);
        sym
    }

    pub fn get(&self, sym: Sym) -> &str {
        self.list.get(sym.0 as usize).map_or("", |word| word)
    }

    pub fn shared(&self, sym: Sym) -> std::sync::Arc<str> {
        self.list.get(sym.0 as usize).cloned().unwrap_or_else(|| "".into())
    }
}
