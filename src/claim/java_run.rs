//! JVMs that are started without Spark's own scripts, and what opens packages to all that are started.

use crate::fact::{Facts, JavaRun, PartId, PartKind, Room};
use crate::read::shell::{self, Command, Dialect, Given};
use crate::read::tree::{Kind, Node, Tree};
use crate::source::{Span, Traced};

/// Variables that every JVM reads by itself.
const VARIABLES: [&str; 2] = ["JDK_JAVA_OPTIONS", "JAVA_TOOL_OPTIONS"];

/// What an image's last command starts, if it is a JVM.
pub fn claim_image(facts: &mut Facts, part: PartId) {
    let PartKind::ImageBuild(build) = &facts.part(part).kind else { return };
    let stages = build.final_stages();
    let stages = || stages.iter().filter_map(|stage| build.stages.get(*stage));
    let variables = stages().flat_map(|stage| &stage.env);
    let opened: Vec<Span> =
        variables.filter(|(name, _)| VARIABLES.contains(&name.as_str())).map(|(_, value)| value.span()).collect();
    // What a later stage starts stands for what an earlier one did.
    let last = stages().find(|stage| !stage.commands.is_empty());
    let commands = last.map_or(&[][..], |stage| stage.commands.as_slice());
    let run = commands.iter().find_map(|run| {
        shell::commands(&run.text, Dialect::Shell, &Given::new()).iter().find_map(|command| java(command, part))
    });
    facts.opened.extend(opened);
    facts.java_runs.extend(run);
}

/// `java -Xmx1g -jar /app.jar`; not Spark's launcher, which tells the JVM it starts what it needs.
fn java(command: &Command, part: PartId) -> Option<JavaRun> {
    let words = &command.words;
    let at = words.iter().position(|word| !["exec", "tini", "dumb-init", "--"].contains(&base(word.as_str())))?;
    let (program, rest) = words.get(at..)?.split_first()?;
    let starts_jar = rest.iter().any(|word| word.as_str() == "-jar");
    let of_spark = rest.iter().any(|word| word.as_str().starts_with("org.apache.spark."));
    if base(program.as_str()) != "java" || !starts_jar || of_spark {
        return None;
    }
    let before_jar: Vec<_> = rest.iter().take_while(|word| word.as_str() != "-jar").collect();
    let known = before_jar.iter().all(|word| word.known && !word.as_str().starts_with('@'));
    let options = known.then(|| before_jar.iter().map(|word| word.text.clone()).collect());
    Some(JavaRun { part, by: "java -jar", span: program.text.span(), tests: false, options, room: None })
}

fn base(word: &str) -> &str {
    word.rsplit('/').next().unwrap_or(word)
}

/// Variables of a document that open packages to every JVM: `JAVA_TOOL_OPTIONS: --add-opens=…`, also as `name` and `value`. Each
/// place of the text is looked at once, whatever aliases make of it.
pub fn environment(tree: &Tree, facts: &mut Facts) {
    for node in tree.nodes() {
        match node.kind() {
            Kind::Mapping { .. } => {
                let named = node.get("name").and_then(Node::str).is_some_and(|name| VARIABLES.contains(&name));
                let ours = |key: &str| VARIABLES.contains(&key) || (named && key == "value");
                let values = node.entries().filter(|(entry, _)| ours(entry.key.as_str()));
                facts.opened.extend(values.map(|(_, value)| value.span()));
            }
            Kind::Sequence { .. } => {
                for item in node.items() {
                    if let Kind::Scalar { text, .. } = item.kind() {
                        facts.opened.extend(opening(text));
                    }
                }
            }
            _ => {}
        }
    }
}

/// Scripts that set such a variable.
pub fn scripts(scripts: &[Traced], facts: &mut Facts) {
    facts.opened.extend(scripts.iter().filter_map(opening));
}

fn opening(text: &Traced) -> Option<Span> {
    VARIABLES.iter().any(|name| text.as_str().contains(name)).then(|| text.span())
}

/// The place behind a text of options where another word fits.
pub fn behind_words(end: Span) -> Room {
    Room { at: end, before: " ", after: "" }
}

#[cfg(test)]
mod tests;
