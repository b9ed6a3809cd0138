//! Images that may be another one tomorrow.

use crate::config::{DefaultValue, Opt};
use crate::fact::Image;
use crate::fact::image::is_moving_tag;
use crate::source::Traced;

/// The option of the rules about them.
pub const REQUIRE_DIGEST: Opt = Opt {
    name: "require-digest",
    default: DefaultValue::Bool(false),
    help: "ask for a digest (`@sha256:…`) as well: a tag can be moved to another image",
};

/// Why an image is not pinned.
pub enum Unpinned<'i> {
    /// It has no tag.
    Untagged,
    /// Its tag is moved by whoever publishes it.
    Moving(&'i Traced),
    /// It has a tag of its own, and a digest is asked for.
    Undigested,
}

/// Why an image is not pinned; None where it is.
pub fn unpinned(image: &Image, require_digest: bool) -> Option<Unpinned<'_>> {
    match &image.tag {
        _ if image.digest.is_some() => None,
        None => Some(Unpinned::Untagged),
        Some(tag) if is_moving_tag(tag.as_str()) => Some(Unpinned::Moving(tag)),
        Some(_) => require_digest.then_some(Unpinned::Undigested),
    }
}

/// What to do about it.
pub fn advice(require_digest: bool) -> &'static str {
    if require_digest {
        "add the image's digest: `name:tag@sha256:…`"
    } else {
        "name the release that you tested, `name:1.2.3`, or pin a digest"
    }
}
