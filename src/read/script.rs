//! Commands in text that people or machines run: shell scripts, Makefiles, readme files, steps of a pipeline.
//!
//! Only commands that build images are kept. Words are split as a shell would, quotes and `\` line ends included; nothing is expanded.

use super::Reading;
use crate::source::{FileId, Span, Traced};

/// A command that builds an image, as words.
#[derive(Debug, Clone)]
pub struct Command {
    /// The words after `build`.
    pub words: Vec<Traced>,
    /// The command's bytes.
    pub span: Span,
}

/// The tools whose `build` makes images.
const TOOLS: [&str; 4] = ["docker", "podman", "nerdctl", "buildah"];

/// How many words a command has at most, and how many lines one command spans: bounds, not expectations.
const MAX_WORDS: usize = 200;

/// Finds the image builds in a text.
pub fn read(file: FileId, text: &str) -> Reading<Vec<Command>> {
    let comments = if super::directive::may_hold(text) {
        super::directive::line_comments(file, text, "#", |line, at| line[..at].trim().is_empty())
    } else {
        Vec::new()
    };
    Reading { body: commands(&Traced::literal(text, Span::new(file, 0..text.len()))), comments, losses: Vec::new() }
}

/// Finds the image builds in any text that holds commands, such as a pipeline's `run:` block.
pub fn commands(text: &Traced) -> Vec<Command> {
    let body = text.as_str();
    if memchr::memmem::find(body.as_bytes(), b"build").is_none() {
        return Vec::new();
    }
    let mut found = Vec::new();
    let mut at = 0;
    while at < body.len() {
        let end = logical_end(body, at);
        let line = &body[at..end];
        if line.contains("build") && TOOLS.iter().any(|tool| line.contains(tool)) {
            found.extend(command(&text.slice(at..end)));
        }
        at = end + 1;
    }
    found
}

/// The end of the line that starts at `at`, lines ending in `\` joined.
fn logical_end(body: &str, at: usize) -> usize {
    let mut end = at;
    loop {
        end = body[end..].find('\n').map_or(body.len(), |n| end + n);
        let continued = body[at..end].trim_end_matches('\r').ends_with('\\');
        if !continued || end >= body.len() {
            return end;
        }
        end += 1;
    }
}

fn command(line: &Traced) -> Option<Command> {
    let words = words(line);
    let tool = words.iter().position(|w| TOOLS.contains(&w.as_str().rsplit('/').next().unwrap_or_default()))?;
    let rest = &words[tool + 1..];
    let verb = rest.iter().take(4).position(|w| ["build", "bud"].contains(&w.as_str()))?;
    let ends = |w: &&Traced| !["&&", "||", ";", "|", "&", "`"].contains(&w.as_str());
    let words: Vec<Traced> = rest[verb + 1..].iter().take_while(ends).cloned().collect();
    (!words.is_empty()).then(|| Command { words, span: line.trim().span() })
}

/// Splits as a shell does; a quote that never closes ends with the text.
pub fn words(line: &Traced) -> Vec<Traced> {
    let text = line.as_str();
    let mut words = Vec::new();
    let mut parts: Option<Vec<Traced>> = None;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        match c {
            _ if words.len() >= MAX_WORDS => break,
            '\\' if text[at + 1..].starts_with('\n') || text[at + 1..].starts_with("\r\n") => {}
            c if c.is_whitespace() => words.extend(parts.take().map(|p| Traced::concat(line.written(), p))),
            // In prose, a backtick ends the command.
            '`' => {
                words.extend(parts.take().map(|p| Traced::concat(line.written(), p)));
                words.push(line.slice(at..at + 1));
            }
            '\'' | '"' => {
                let close = text[at + 1..].find(c).map_or(text.len(), |n| at + 1 + n);
                parts.get_or_insert_default().push(line.slice(at + 1..close));
                while chars.next_if(|(i, _)| *i <= close).is_some() {}
            }
            c => parts.get_or_insert_default().push(line.slice(at..at + c.len_utf8())),
        }
    }
    words.extend(parts.map(|p| Traced::concat(line.written(), p)));
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<Vec<String>> {
        let commands = read(FileId(0), text).body;
        commands.iter().map(|c| c.words.iter().map(ToString::to_string).collect()).collect()
    }

    #[test]
    fn builds_are_found_across_lines_and_quotes() {
        let text = "set -e\ndocker build \\\n  -t \"acme/etl:${TAG}\" \\\n  -f docker/Dockerfile . && echo done\n";
        assert_eq!(found(text), [["-t", "acme/etl:${TAG}", "-f", "docker/Dockerfile", "."]]);
        assert_eq!(found("  $ sudo docker buildx build --push -t a/b .\r\n"), [["--push", "-t", "a/b", "."]]);
        assert_eq!(found("Run `docker image build . -t x:1` first.\n"), [[".", "-t", "x:1"]]);
    }

    #[test]
    fn other_lines_are_not() {
        assert!(found("mvn build docker\ngo build ./...\n# rebuild the docker image\n").is_empty());
    }

    #[test]
    fn words_keep_their_places() {
        let text = "docker build -t 'a b' .";
        let commands = read(FileId(0), text).body;
        assert_eq!(&text[commands[0].words[1].span().range()], "a b");
    }
}
