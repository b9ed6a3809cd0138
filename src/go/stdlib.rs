//! What the standard library declares: Go text without bodies that `tools/go/stdapi` writes, unpacked when Go is read at all.

use std::collections::HashMap;
use std::sync::LazyLock;

const PACKED: &[u8] = include_bytes!("std.zz");

/// No standard library has that many bytes of declarations.
const MAX: usize = 8 << 20;

static TEXT: LazyLock<String> = LazyLock::new(|| {
    let bytes = miniz_oxide::inflate::decompress_to_vec_zlib_with_limit(PACKED, MAX).unwrap_or_default();
    String::from_utf8(bytes).unwrap_or_default()
});

static PACKAGES: LazyLock<HashMap<&'static str, &'static str>> = LazyLock::new(|| {
    let parts = TEXT.split('\x0c').filter_map(|part| part.split_once('\n'));
    parts.collect()
});

/// A package's declarations.
pub(super) fn package(path: &str) -> Option<&'static str> {
    is_standard(path).then(|| PACKAGES.get(path).copied()).flatten()
}

/// Whether a path can be a package of the standard library (or of a module without a domain): its first part has no dot.
pub fn is_standard(path: &str) -> bool {
    !path.split('/').next().unwrap_or_default().contains('.')
}
