//! Bodies that scripts send with `curl`.

use super::{api_of, of_node};
use crate::fact::Facts;
use crate::fact::payload::{Payload, Sent};
use crate::read::json;
use crate::read::shell::{self, Command, Dialect, Given, Word};
use crate::source::{self, FileId, Source, Span, Traced};

/// Options of `curl` that hold a body.
const DATA: [&str; 5] = ["-d", "--data", "--data-raw", "--data-binary", "--json"];

/// Options of `curl` with a value that is no address.
const VALUED: [&str; 16] = [
    "-H",
    "--header",
    "-u",
    "--user",
    "-o",
    "--output",
    "-X",
    "--request",
    "-b",
    "--cookie",
    "-A",
    "--user-agent",
    "-w",
    "--write-out",
    "-m",
    "--max-time",
];

/// What the scripts of a file send; prose shows commands, it runs none.
pub fn claim(source: &Source, scripts: &[Traced]) -> Facts {
    let mut facts = Facts::default();
    if source.is_markdown() {
        return facts;
    }
    let may_send = |text: &&Traced| {
        text.as_str().contains("curl")
            && ["/batches", "/sessions", "/jars/"].iter().any(|path| text.as_str().contains(path))
    };
    for text in scripts.iter().filter(may_send) {
        for command in shell::commands(text, Dialect::of(source.name()), &Given::new()) {
            send(source, &command, &mut facts);
        }
    }
    facts
}

fn send(source: &Source, command: &Command, facts: &mut Facts) {
    let start = command.words.iter().position(|word| word.as_str() == "curl" || word.as_str().ends_with("/curl"));
    let Some(words) = start.and_then(|at| command.words.get(at + 1..)) else { return };
    let (mut bodies, mut addresses, mut at) = (Vec::<Traced>::new(), Vec::<&Word>::new(), 0);
    while let Some(word) = words.get(at) {
        let text = word.as_str();
        at += 1;
        if DATA.contains(&text) {
            bodies.extend(words.get(at).map(|word| word.text.clone()));
            at += 1;
        } else if let Some(option) = DATA.iter().find(|option| {
            let long = option.starts_with("--");
            text.strip_prefix(**option).is_some_and(|rest| !rest.is_empty() && (!long || rest.starts_with('=')))
        }) {
            let skip = option.len() + usize::from(option.starts_with("--"));
            bodies.push(word.text.slice(skip..text.len()));
        } else if VALUED.contains(&text) {
            at += 1;
        } else if !text.starts_with('-') {
            addresses.push(word);
        }
    }
    let sent = addresses.iter().find_map(|word| Some((api_of(word.as_str())?, word.text.span())));
    let (Some((api, sender)), [body]) = (sent, bodies.as_slice()) else { return };
    if let Some(path) = body.as_str().strip_prefix('@') {
        let beside = source::join(source.folder(), path);
        let paths = [beside, source::join("", path)].into_iter().flatten().filter(|_| !path.starts_with('/'));
        facts.sent.push(Sent { api, paths: paths.collect(), sender });
        return;
    }
    // What a shell fills in without quotes around it is no JSON yet.
    let tree = json::read(FileId(0), body.as_str()).body;
    facts.payloads.extend(tree.and_then(|tree| {
        let tree = tree.moved(|span| moved(body, span), |text| inner(body, text));
        let payload = of_node(api, tree.root(), sender, format!("{}/curl", source.name()))?;
        // The brackets of a word with escapes have no place of their own.
        Some(Payload { span: sender, ..payload })
    }));
}

/// Where a part of a word stands in the file.
fn moved(body: &Traced, span: Span) -> Span {
    body.slice(span.range()).span()
}

fn inner(body: &Traced, text: &Traced) -> Traced {
    let part = body.slice(text.span().range());
    if part.as_str() == text.as_str() { part } else { Traced::made(text.as_str(), part.span()) }
}
