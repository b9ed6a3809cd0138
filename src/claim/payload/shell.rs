//! Bodies that scripts send with `curl`.

use super::{api_of, of_text};
use crate::fact::Facts;
use crate::fact::payload::Sent;
use crate::read::shell::{self, Command, Dialect, Given, Word};
use crate::read::tree::{Kind, MAX_DEPTH, Tree};
use crate::source::{self, Source, Traced};

/// Keys of documents whose texts a shell runs.
const SCRIPTS: [&str; 8] =
    ["after_script", "args", "before_script", "command", "commands", "entrypoint", "run", "script"];

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
    if !source.is_markdown() {
        for text in scripts {
            script(source, text, Dialect::of(source.name()), &mut facts);
        }
    }
    facts
}

/// What the scripts in a document send: steps of CI jobs, commands of containers, files of `ConfigMaps`.
pub fn claim_tree(source: &Source, tree: &Tree, facts: &mut Facts) {
    let mut open = vec![(tree.root(), false, 0_usize)];
    while let Some((node, runs, depth)) = open.pop().filter(|_| !super::super::session::is_aside(&source.path)) {
        match node.kind() {
            Kind::Scalar { text, .. } if runs && !node.is_templated() => script(source, text, Dialect::Shell, facts),
            Kind::Mapping { .. } if depth < MAX_DEPTH => {
                let runs = |key: &str| SCRIPTS.contains(&key) || source::extension_of(key) == "sh";
                open.extend(node.entries().map(|(entry, inner)| (inner, runs(entry.key.as_str()), depth + 1)));
            }
            Kind::Sequence { .. } if depth < MAX_DEPTH => open.extend(node.items().map(|item| (item, runs, depth + 1))),
            _ => {}
        }
    }
}

fn script(source: &Source, text: &Traced, dialect: Dialect, facts: &mut Facts) {
    let holds = |word: &str| text.as_str().contains(word);
    if holds("curl") && ["/batches", "/sessions", "/jars/", "/submissions/"].into_iter().any(holds) {
        for command in shell::commands(text, dialect, &Given::new()) {
            send(source, &command, facts);
        }
    }
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
    facts.payloads.extend(of_text(api, body, sender, format!("{}/curl", source.name())));
}
