//! Addresses of Spark Connect servers: `sc://host:15002/;token=…`.

use std::ops::Range;

/// Which client reads the address: they differ in what they allow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Client {
    /// `PySpark`, and the programs that start it.
    Python,
    /// Go's client.
    Go,
}

/// What is wrong with an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Which bytes of it.
    pub range: Range<usize>,
    /// What is wrong.
    pub message: String,
    /// What to write.
    pub help: &'static str,
}

const SCHEME: &str = "sc://";

/// Parts that something fills in before the address is used.
pub fn is_open(text: &str) -> bool {
    text.contains(['$', '{', '<', '%', '\\', '@'])
}

/// The first thing in an address that its client refuses.
pub fn fault(text: &str, client: Client) -> Option<Fault> {
    let is_local = client == Client::Python && text.starts_with("local");
    if is_local || is_open(text) {
        return None;
    }
    let says = |range: Range<usize>, message: String, help| Some(Fault { range, message, help });
    let Some(rest) = text.strip_prefix(SCHEME) else {
        let scheme = text.find("://").map_or(0..text.len(), |at| 0..at + 3);
        return says(
            scheme,
            format!("`{text}` is no address of Spark Connect: it does not begin with `{SCHEME}`"),
            "write `sc://host:15002`",
        );
    };
    let end = rest.find('/').unwrap_or(rest.len());
    let (target, behind) = rest.split_at(end);
    let at = |offset: usize, len: usize| SCHEME.len() + offset..SCHEME.len() + offset + len;
    if let Some(mark) = target.find(';') {
        let message = "parameters without a `/` before them are taken for part of the host or port".to_owned();
        return says(at(mark, target.len() - mark), message, "write `sc://host:15002/;key=value`");
    }
    if target.is_empty() || target.starts_with(':') {
        return says(at(0, target.len()), format!("`{text}` names no host"), "write `sc://host:15002`");
    }
    if let Some((host, port)) = target.split_once(':').filter(|(host, _)| !host.starts_with('['))
        && port.parse::<u16>().is_err()
        && !(client == Client::Go && port.is_empty())
    {
        return says(
            at(host.len() + 1, port.len()),
            format!("`{port}` is no port"),
            "a port is a number up to 65535; Spark Connect's is 15002",
        );
    }
    path(text, behind, SCHEME.len() + end, client)
}

/// What stands behind host and port.
fn path(text: &str, behind: &str, start: usize, client: Client) -> Option<Fault> {
    let (path, parameters) = behind.split_once(';').map_or((behind, None), |(path, rest)| (path, Some(rest)));
    let alone = path == "/" && (parameters.is_some() || client == Client::Python);
    if !path.is_empty() && !alone {
        let message = format!("`{text}` has the path `{path}`: only parameters may follow the port");
        return Some(Fault {
            range: start..start + path.len(),
            message,
            help: "write `sc://host:15002`, or `sc://host:15002/;key=value`",
        });
    }
    let mut at = start + path.len() + 1;
    for parameter in parameters.filter(|rest| !rest.is_empty())?.split(';') {
        if let Some((message, help)) = parameter_fault(parameter, client) {
            return Some(Fault { range: at..at + parameter.len(), message, help });
        }
        at += parameter.len() + 1;
    }
    None
}

fn parameter_fault(parameter: &str, client: Client) -> Option<(String, &'static str)> {
    // Go's client passes over what it does not understand: an empty one does no harm there.
    if parameter.is_empty() && client == Client::Go {
        return None;
    }
    match parameter.split('=').collect::<Vec<_>>().as_slice() {
        ["use_ssl", value] if !matches!(value.to_ascii_lowercase().as_str(), "true" | "false") => {
            Some((format!("`use_ssl` is not switched on by `{value}`"), "write `use_ssl=true` or `use_ssl=false`"))
        }
        ["session_id", value] if client == Client::Python && !is_uuid(value) => {
            Some((format!("`session_id` is `{value}`, which is no UUID"), "give a UUID, or leave the parameter out"))
        }
        ["", _] => Some(("a parameter has no name".to_owned(), "write `key=value`")),
        [] | [_, _] => None,
        [""] => Some(("an empty parameter is refused".to_owned(), "end the address without `;`")),
        [only] => Some((format!("the parameter `{only}` has no value"), "write `key=value`")),
        [name, ..] => Some((
            format!("the value of `{name}` has a `=` in it, which ends the parameter"),
            "write `%3D` for each `=` in a value",
        )),
    }
}

fn is_uuid(text: &str) -> bool {
    let digits: String = text.chars().filter(|c| *c != '-').collect();
    digits.len() == 32 && digits.chars().all(|c| c.is_ascii_hexdigit())
}

/// The token in an address, as a range of its bytes.
pub fn token(text: &str) -> Option<Range<usize>> {
    let start = text.find(";token=")? + ";token=".len();
    let len = text.get(start..)?.find(';').unwrap_or(text.len() - start);
    (text.starts_with(SCHEME) && len > 0).then_some(start..start + len)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str, client: Client) -> Option<&str> {
        fault(text, client).map(|fault| &text[fault.range])
    }

    #[test]
    fn what_each_client_refuses() {
        for good in [
            "sc://h",
            "sc://h:15002",
            "sc://h:1/;a=b;use_ssl=TRUE",
            "sc://[::1]:15002",
            "sc://h/;",
            "sc://${HOST}:x",
            "sc://h:1/;token=a%3D",
        ] {
            assert_eq!((told(good, Client::Python), told(good, Client::Go)), (None, None), "{good}");
        }
        for (text, python, go) in [
            ("http://h:15002", Some("http://"), Some("http://")),
            ("localhost:15002", None, Some("localhost:15002")),
            ("spark:15002", Some("spark:15002"), Some("spark:15002")),
            ("local[2]", None, Some("local[2]")),
            ("sc://h:15002;token=a", Some(";token=a"), Some(";token=a")),
            ("sc://:15002", Some(":15002"), Some(":15002")),
            ("sc://h:70000", Some("70000"), Some("70000")),
            ("sc://h:", Some(""), None),
            ("sc://h:1/", None, Some("/")),
            ("sc://h:1/db;a=b", Some("/db"), Some("/db")),
            ("sc://h:1/;a=b;", Some(""), None),
            ("sc://h:1/;a", Some("a"), Some("a")),
            ("sc://h:1/;token=abc==", Some("token=abc=="), Some("token=abc==")),
            ("sc://h:1/;use_ssl=1", Some("use_ssl=1"), Some("use_ssl=1")),
            ("sc://h:1/;session_id=mine", Some("session_id=mine"), None),
            ("", Some(""), Some("")),
        ] {
            assert_eq!((told(text, Client::Python), told(text, Client::Go)), (python, go), "{text}");
        }
    }

    #[test]
    fn a_token_is_found() {
        assert_eq!(token("sc://h/;user_id=a;token=abc;b=c").map(|r| r.len()), Some(3));
        assert_eq!(token("http://h/;token=abc"), None);
    }
}
