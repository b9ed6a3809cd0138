//! Which image names a build command gives to which Dockerfile.

use crate::fact::{Facts, ImageName};
use crate::read::script::Command;
use crate::source::{Source, Traced, join};

/// Flags whose value is the next word. Others stand alone or carry it after `=`.
const VALUED: [&str; 22] = [
    "-t",
    "--tag",
    "-f",
    "--file",
    "--build-arg",
    "--platform",
    "--target",
    "--network",
    "--label",
    "--cache-from",
    "--cache-to",
    "-o",
    "--output",
    "--secret",
    "--ssh",
    "--progress",
    "--builder",
    "--iidfile",
    "--add-host",
    "--build-context",
    "--format",
    "--metadata-file",
];

/// The image names that the commands of one file give.
pub fn claim(source: &Source, commands: &[Command]) -> Facts {
    let mut facts = Facts::default();
    for command in commands {
        // Where a command runs is not written down: beside its file, or at the root.
        facts.image_names.extend(names(
            command,
            &[source.folder(), ""],
            &format!("`docker build` in `{}`", source.path),
        ));
    }
    facts
}

/// The names one command gives, for a command that runs in one of these folders.
pub fn names(command: &Command, folders: &[&str], how: &str) -> Vec<ImageName> {
    let (mut tags, mut file, mut context) = (Vec::new(), None, None);
    let mut words = command.words.iter();
    while let Some(word) = words.next() {
        let text = word.as_str();
        let (flag, value) = match text.split_once('=') {
            Some((flag, _)) if text.starts_with('-') => (flag, Some(word.slice(flag.len() + 1..text.len()))),
            _ if VALUED.contains(&text) => (text, words.next().cloned()),
            _ => (text, None),
        };
        match (flag, value) {
            ("-t" | "--tag", Some(value)) => tags.push(value),
            ("-f" | "--file", Some(value)) => file = Some(value),
            (flag, _) if flag.starts_with('-') && flag.len() > 1 => {}
            _ => context = context.or_else(|| Some(word.clone())),
        }
    }
    let paths = dockerfiles(context.as_ref(), file.as_ref(), folders);
    let known = tags.into_iter().filter(|tag| has_literal_name(tag.as_str()) && !paths.is_empty());
    known.map(|name| ImageName { name, paths: paths.clone(), how: how.to_owned() }).collect()
}

fn dockerfiles(context: Option<&Traced>, file: Option<&Traced>, folders: &[&str]) -> Vec<String> {
    let literal = |text: &str| !text.contains(['$', '`', '<', '{']);
    let paths = folders.iter().filter_map(|folder| {
        let path = match (file, context) {
            (Some(file), _) => join(folder, file.as_str()),
            (None, Some(context)) => join(folder, &format!("{context}/Dockerfile")),
            (None, None) => None,
        };
        path.filter(|path| literal(path))
    });
    paths.collect()
}

/// Registry and tag are often variables; the last segment of the name must be written out to say anything.
pub fn has_literal_name(reference: &str) -> bool {
    let last = reference.rsplit('/').next().unwrap_or(reference);
    let name = last.split([':', '@']).next().unwrap_or(last);
    !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::script;
    use crate::source::{FileId, Format, Location};

    fn named(text: &str) -> Vec<(String, Vec<String>)> {
        let source = Source {
            path: "ci/build.sh".into(),
            location: Location::Memory(Default::default()),
            format: Format::Script,
        };
        let facts = claim(&source, &script::read(FileId(0), text).body);
        facts.image_names.into_iter().map(|n| (n.name.to_string(), n.paths)).collect()
    }

    #[test]
    fn a_file_or_a_context_tells_the_dockerfile() {
        assert_eq!(
            named("docker build -t $REG/etl:$TAG --build-arg A=b -f docker/Dockerfile.etl ."),
            [(
                "$REG/etl:$TAG".to_owned(),
                vec!["ci/docker/Dockerfile.etl".to_owned(), "docker/Dockerfile.etl".to_owned()]
            )]
        );
        assert_eq!(named("docker build etl --tag=acme/etl")[0].1, ["ci/etl/Dockerfile", "etl/Dockerfile"]);
    }

    #[test]
    fn variables_where_it_matters_say_nothing() {
        assert!(named("docker build -t $IMAGE .").is_empty());
        assert!(named("docker build -t etl $CONTEXT").is_empty());
    }
}
