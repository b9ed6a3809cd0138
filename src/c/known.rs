//! What is taken from the JVM and from Arrow, and what takes it back.

/// What a value is for those who hold it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Memory to read: whoever is handed it only looks at it.
    Buffer,
    /// A reference that others may keep.
    Reference,
    /// A struct that is filled, and released by its own callback.
    Struct,
}

/// Something that is taken and given back.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pair {
    pub(super) take: &'static str,
    pub(super) release: &'static str,
    pub(super) kind: Kind,
}

const fn buffer(take: &'static str, release: &'static str) -> Pair {
    Pair { take, release, kind: Kind::Buffer }
}

const fn reference(take: &'static str, release: &'static str) -> Pair {
    Pair { take, release, kind: Kind::Reference }
}

const PAIRS: [Pair; 16] = [
    buffer("GetStringUTFChars", "ReleaseStringUTFChars"),
    buffer("GetStringChars", "ReleaseStringChars"),
    buffer("GetStringCritical", "ReleaseStringCritical"),
    buffer("GetPrimitiveArrayCritical", "ReleasePrimitiveArrayCritical"),
    buffer("GetBooleanArrayElements", "ReleaseBooleanArrayElements"),
    buffer("GetByteArrayElements", "ReleaseByteArrayElements"),
    buffer("GetCharArrayElements", "ReleaseCharArrayElements"),
    buffer("GetShortArrayElements", "ReleaseShortArrayElements"),
    buffer("GetIntArrayElements", "ReleaseIntArrayElements"),
    buffer("GetLongArrayElements", "ReleaseLongArrayElements"),
    buffer("GetFloatArrayElements", "ReleaseFloatArrayElements"),
    buffer("GetDoubleArrayElements", "ReleaseDoubleArrayElements"),
    reference("NewGlobalRef", "DeleteGlobalRef"),
    reference("NewWeakGlobalRef", "DeleteWeakGlobalRef"),
    Pair { take: "get_next", release: "release", kind: Kind::Struct },
    Pair { take: "get_schema", release: "release", kind: Kind::Struct },
];

/// What a call of this name takes.
pub(super) fn pair(name: &str) -> Option<&'static Pair> {
    PAIRS.iter().find(|pair| pair.take == name)
}

/// Whether a call of this name gives back, whatever it gives back.
pub(super) fn gives_back(name: &str) -> bool {
    PAIRS.iter().any(|pair| pair.release == name)
}

/// Whether a call of this name may keep or release what it is handed.
pub(super) fn takes_over(name: &str) -> bool {
    if name == "memmove" {
        return false;
    }
    let lower = name.to_ascii_lowercase();
    [
        "release",
        "free",
        "delete",
        "close",
        "destroy",
        "clean",
        "dispose",
        "unique_ptr",
        "shared_ptr",
        "guard",
        "adopt",
        "scoped",
        "move",
        "swap",
        "defer",
    ]
    .iter()
    .any(|word| lower.contains(word))
}

/// Whether a call of this name keeps what it is handed.
pub(super) fn keeps(name: &str) -> bool {
    matches!(
        name,
        "push_back"
            | "emplace_back"
            | "push"
            | "emplace"
            | "insert"
            | "make_tuple"
            | "make_pair"
            | "tuple"
            | "pair"
            | "add"
    )
}

/// Calls that do not come back.
pub(super) fn ends(name: &str) -> bool {
    matches!(
        name,
        "abort"
            | "exit"
            | "_exit"
            | "FatalError"
            | "longjmp"
            | "siglongjmp"
            | "terminate"
            | "quick_exit"
            | "__builtin_unreachable"
            | "unreachable"
    )
}

/// Classes whose constructors copy what they are given, or look at it for as long as it is there.
pub(super) fn copies(class: &str) -> bool {
    let lower = class.to_ascii_lowercase();
    ["string", "slice", "view", "vector", "span", "path", "stringref"].iter().any(|word| lower.ends_with(word))
}

/// Whether a text can hold something that is taken.
pub fn may_hold(text: &str) -> bool {
    PAIRS.iter().any(|pair| memchr::memmem::find(text.as_bytes(), pair.take.as_bytes()).is_some())
}
