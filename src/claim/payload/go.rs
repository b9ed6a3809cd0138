//! Bodies that Go code sends as they are written: `http.Post(url, "application/json", strings.NewReader(…))`.

use super::{api_of, of_text};
use crate::fact::CodeSite;
use crate::fact::code::{Argument, Value};
use crate::fact::payload::Payload;
use crate::source::Traced;

/// Calls that send or make a request: where the address and the body stand among the arguments.
const CALLS: [(&str, usize, usize); 4] = [
    ("net/http.NewRequest", 1, 2),
    ("net/http.NewRequestWithContext", 2, 3),
    ("net/http.Post", 0, 2),
    ("(*net/http.Client).Post", 0, 2),
];

/// What makes a reader of a text.
const READERS: [&str; 3] = ["strings.NewReader", "bytes.NewBufferString", "bytes.NewReader"];

/// The bodies among the sites; tests send what nobody runs.
pub fn claim(sites: &[CodeSite]) -> Vec<Payload> {
    sites.iter().filter(|code| !code.is_aside).filter_map(sent).collect()
}

fn sent(code: &CodeSite) -> Option<Payload> {
    let (_, address, body) = CALLS.iter().find(|(path, ..)| *path == &*code.site.path)?;
    let address = code.site.arguments.get(*address)?;
    let api = api_of(address.value.text()?)?;
    let text = read(code.site.arguments.get(*body)?, 4)?;
    of_text(api, &text, address.from, code.subject())
}

/// The text behind readers and conversions.
fn read(argument: &Argument, fuel: usize) -> Option<Traced> {
    let fuel = fuel.checked_sub(1)?;
    match &argument.value {
        Value::Text(text) if text.len() == argument.from.range().len() && !text.contains('\\') => {
            Some(Traced::literal(&**text, argument.from))
        }
        // Only quotes are escaped in JSON that is written in a plain string.
        Value::Text(text) => Some(Traced::made(text.replace("\\\"", "\""), argument.from)),
        Value::Made(made) if READERS.contains(&&*made.path) => read(made.arguments.first()?, fuel),
        _ => None,
    }
}
