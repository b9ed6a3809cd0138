//! Words that a build fills in before anybody reads the file: `SUBST_VERSION`, `@project.version@`.

/// Whether the bare word at this place of a text is one.
pub fn at(text: &str, at: usize) -> bool {
    let part = |c: char| c.is_ascii_alphanumeric() || "_@.".contains(c);
    let Some((before, after)) = text.split_at_checked(at) else { return false };
    let begin = before.rfind(|c| !part(c)).map_or(0, |i| i + before[i..].chars().next().map_or(1, char::len_utf8));
    let end = at + after.find(|c| !part(c)).unwrap_or(after.len());
    let word = text.get(begin..end).unwrap_or_default();
    let capitals = word.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_');
    let is_constant =
        capitals && word.trim_matches('_').contains('_') && word.starts_with(|c: char| c.is_ascii_uppercase());
    is_constant || (word.len() > 2 && word.starts_with('@') && word.ends_with('@'))
}

/// Whether a line of YAML holds one that YAML itself cannot: `%%HOST%%`, or a name in braces that goes on (`{entity}_key`).
pub fn on_line(line: &str) -> bool {
    let word = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    let between_percents = line.split("%%").skip(1).step_by(2).any(word) && line.matches("%%").count() > 1;
    let mut braces = line.match_indices('{').filter_map(|(at, _)| line.get(at + 1..)?.split_once('}'));
    between_percents
        || braces
            .any(|(name, rest)| word(name) && rest.starts_with(|c: char| c.is_alphanumeric() || "_-/.".contains(c)))
}

/// Whether a text has directives of `FreeMarker`.
pub fn is_freemarker(text: &str) -> bool {
    text.split("<#").skip(1).any(|rest| rest.starts_with(|c: char| c.is_ascii_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::{at, is_freemarker, on_line};

    #[test]
    fn lines_with_placeholders_are_told_from_yaml() {
        for line in ["  host: %%WEB_HOST%%", "- name: {entity}_key", "image: {REGISTRY}/app:1"] {
            assert!(on_line(line), "{line}");
        }
        for line in ["a: 100%", "a: {b: c}", "a: {}", "labels: {app}", "a: 5%% of 6", "f: %d%%"] {
            assert!(!on_line(line), "{line}");
        }
        assert!(is_freemarker("<#if a??>\nb: c\n</#if>") && !is_freemarker("a: <b>"));
    }

    #[test]
    fn constants_and_words_between_at_signs_are_placeholders() {
        assert!(at("{ \"time\": SUBST_TIME }", 12));
        assert!(at("version = @project.version@", 12));
        assert!(at("SUBST_PYTHON_VERSIONS\n]", 3));
        for (text, place) in
            [("version = 1.0", 10), ("NaN", 0), ("TRUE", 0), ("x = @", 4), ("", 0), ("é_É", 1), ("a", 9)]
        {
            assert!(!at(text, place), "{text}");
        }
    }
}
