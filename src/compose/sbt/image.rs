//! Images that the build makes without a Dockerfile: sbt-docker and sbt-native-packager.

use super::Image;
use super::build::Build;
use super::value::{Command, Value};
use crate::source::{Span, Traced};

/// Plugins of sbt-native-packager that make images.
const PACKAGERS: [&str; 5] =
    ["DockerPlugin", "JavaAppPackaging", "JavaServerAppPackaging", "DockerSpotifyClientPlugin", "AshScriptPlugin"];

/// The image that a project makes, if its settings say one.
pub(super) fn image(build: &mut Build<'_>, project: usize, folder: &str) -> Option<Image> {
    let machine = &mut build.machine;
    if let Some(Value::Recipe(commands)) = machine.set_in_project(project, "dockerfile", &["docker"]) {
        let names = machine.set_in_project(project, "imageNames", &["docker"]);
        let names = names.map(|value| value.elements()).unwrap_or_default();
        let mut image = of_commands(&commands, folder)?;
        image.names = names.iter().filter_map(image_name).collect();
        return Some(image);
    }
    let packager =
        build.projects.get(project).is_some_and(|p| p.plugins.iter().any(|name| PACKAGERS.contains(&&**name)));
    let base = machine.set_in_project(project, "dockerBaseImage", &["Docker"])?;
    let Value::Text(base) = base else { return None };
    if !packager && machine.scopes.everywhere(project, "dockerBaseImage").is_empty() {
        return None;
    }
    let name = machine
        .set_in_project(project, "packageName", &["Docker"])
        .unwrap_or_else(|| machine.in_project(project, "normalizedName", &[]));
    let repository = machine.set_in_project(project, "dockerRepository", &["Docker"]);
    let user = machine.set_in_project(project, "dockerUsername", &["Docker"]);
    let mut parts: Vec<Traced> = Vec::new();
    for prefix in [repository, user].into_iter().flatten() {
        if let Some(Value::Text(text)) = prefix.elements().into_iter().next() {
            parts.push(Traced::clone(&text));
            parts.push(Traced::literal("/", text.span()));
        }
    }
    let names = match name {
        Value::Text(name) => {
            parts.push(Traced::clone(&name));
            vec![Traced::concat(name.written(), parts)]
        }
        _ => Vec::new(),
    };
    let span = base.written();
    Some(Image { base: Some(Traced::clone(&base)), names, copies: Vec::new(), span })
}

/// What the commands of a written Dockerfile say.
fn of_commands(commands: &[Command], _folder: &str) -> Option<Image> {
    let from = commands.iter().rfind(|command| &*command.name == "from")?;
    let base = match from.args.first() {
        Some(Value::Text(base)) => Some(Traced::clone(base)),
        _ => None,
    };
    let copies = commands.iter().filter(|c| ["copy", "add", "stageFile", "copyRaw", "addRaw"].contains(&&*c.name));
    let copies: Vec<Span> = copies.map(|command| command.span).collect();
    Some(Image { base, names: Vec::new(), copies, span: from.span })
}

/// `ImageName("a/b:1")` and `ImageName(namespace = …, repository = …)`; a text by itself.
fn image_name(value: &Value) -> Option<Traced> {
    match value {
        Value::Text(text) => Some(Traced::clone(text)),
        Value::Recipe(commands) => match commands.first()?.args.as_slice() {
            [Value::Text(only)] => Some(Traced::clone(only)),
            _ => None,
        },
        _ => None,
    }
}
