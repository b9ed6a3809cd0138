//! `go.mod` and `go.work`.

mod lines;

use super::{Loss, Reading};
use crate::source::{FileId, Span, Traced};
use crate::version::Version;
use lines::{Statement, Word};

/// A go.mod or go.work as written.
#[derive(Debug, Clone, Default)]
pub struct GoMod {
    /// The module's path.
    pub module: Option<Traced>,
    /// The language version: `1.23.0`.
    pub go: Option<Traced>,
    /// The toolchain: `go1.24.1`.
    pub toolchain: Option<Traced>,
    /// The modules it needs.
    pub requires: Vec<Require>,
    /// What stands in for other modules.
    pub replaces: Vec<Replace>,
    /// Versions that must not be chosen.
    pub excludes: Vec<ModuleVersion>,
    /// Its own versions that must not be used, first and last.
    pub retracts: Vec<(Traced, Traced)>,
    /// Packages that are run as tools.
    pub tools: Vec<Traced>,
    /// Folders that are no packages.
    pub ignores: Vec<Traced>,
    /// Runtime settings: key and value.
    pub godebug: Vec<(Traced, Traced)>,
    /// The module folders of a go.work, each with its whole line.
    pub uses: Vec<(Traced, Span)>,
}

/// A module at a version.
#[derive(Debug, Clone)]
pub struct ModuleVersion {
    /// The module's path.
    pub path: Traced,
    /// The version, with its `v`; a branch or a commit where no tool has made it canonical yet.
    pub version: Traced,
}

/// A module that is needed.
#[derive(Debug, Clone)]
pub struct Require {
    /// Which.
    pub module: ModuleVersion,
    /// Marked `// indirect`: needed by others only.
    pub indirect: bool,
    /// The line.
    pub span: Span,
}

/// A module that stands in for another.
#[derive(Debug, Clone)]
pub struct Replace {
    /// The path of the module that is replaced.
    pub path: Traced,
    /// The only version that is replaced; every one where there is none.
    pub version: Option<Traced>,
    /// What comes instead.
    pub with: Replacement,
    /// The line.
    pub span: Span,
}

/// What comes instead of a replaced module.
#[derive(Debug, Clone)]
pub enum Replacement {
    /// A module folder of this machine, relative to the file or absolute.
    Folder(Traced),
    /// Another module, or the same at another version.
    Module(ModuleVersion),
}

/// Reads the text.
pub fn read(file: FileId, text: &str) -> Reading<GoMod> {
    let lexed = lines::statements(file, text);
    let mut reading = Reading { body: GoMod::default(), comments: lexed.comments, losses: lexed.losses };
    for statement in &lexed.statements {
        if let Err(loss) = reading.body.add(statement) {
            reading.losses.push(loss);
        }
    }
    reading.losses.sort_by_key(|loss| loss.span);
    reading
}

impl GoMod {
    fn add(&mut self, line: &Statement<'_>) -> Result<(), Loss> {
        let once = |slot: &mut Option<Traced>, value: Traced| match slot.replace(value) {
            None => Ok(()),
            Some(first) => {
                *slot = Some(first);
                Err(Loss::part(line.span, format!("`{}` stands here for the second time", line.verb)))
            }
        };
        match line.verb {
            "module" => once(&mut self.module, line.one("a module path")?),
            "go" | "toolchain" if line.in_block => {
                Err(Loss::part(line.verb_span, format!("`{}` takes no block", line.verb)))
            }
            "go" => once(&mut self.go, line.go_version()?),
            "toolchain" => once(&mut self.toolchain, line.one("a toolchain such as `go1.23.0`")?),
            "require" => {
                let module = line.module_version()?;
                self.requires.push(Require { module, indirect: line.is_indirect(), span: line.span });
                Ok(())
            }
            "exclude" => line.module_version().map(|module| self.excludes.push(module)),
            "replace" => line.replace().map(|replace| self.replaces.push(replace)),
            "retract" => line.retract().map(|versions| self.retracts.push(versions)),
            "tool" => line.one("a package path").map(|path| self.tools.push(path)),
            "ignore" => line.one("a folder").map(|path| self.ignores.push(path)),
            "use" => line.one("a folder").map(|path| self.uses.push((path, line.span))),
            "godebug" => line.setting().map(|setting| self.godebug.push(setting)),
            _ => Err(Loss::limit(line.verb_span, format!("the directive `{}` is not known", line.verb))),
        }
    }
}

impl Statement<'_> {
    fn usage<T>(&self, wants: &str) -> Result<T, Loss> {
        Err(Loss::part(self.span, format!("`{}` wants {wants}", self.verb)))
    }

    fn one(&self, wants: &str) -> Result<Traced, Loss> {
        match self.words.as_slice() {
            [word] => word.value(),
            _ => self.usage(wants),
        }
    }

    fn go_version(&self) -> Result<Traced, Loss> {
        let wants = "one version such as `1.23.0`";
        let version = self.one(wants)?;
        let is_number = version.as_str().starts_with(|c: char| c.is_ascii_digit());
        if is_number && Version::parse(version.as_str()).is_some() { Ok(version) } else { self.usage(wants) }
    }

    fn module_version(&self) -> Result<ModuleVersion, Loss> {
        match self.words.as_slice() {
            [path, version] => Ok(ModuleVersion { path: path.value()?, version: version.value()? }),
            _ => self.usage("a module path and a version"),
        }
    }

    fn is_indirect(&self) -> bool {
        let mut words = self.comment.unwrap_or_default().split_whitespace();
        matches!((words.next(), words.next()), (Some("indirect"), None) | (Some("indirect;"), Some(_)))
    }

    fn replace(&self) -> Result<Replace, Loss> {
        let wants = "`module/path [v1.2.3] => other/module v1.4.0` or `module/path [v1.2.3] => ./folder`";
        let Some(arrow) = self.words.iter().position(|word| word.text == "=>") else { return self.usage(wants) };
        let (path, version) = match &self.words[..arrow] {
            [path] => (path.value()?, None),
            [path, version] => (path.value()?, Some(version.value()?)),
            _ => return self.usage(wants),
        };
        let with = match &self.words[arrow + 1..] {
            [folder] => Replacement::Folder(folder.value()?),
            [path, version] => Replacement::Module(ModuleVersion { path: path.value()?, version: version.value()? }),
            _ => return self.usage(wants),
        };
        let folder = match &with {
            Replacement::Folder(path) | Replacement::Module(ModuleVersion { path, .. }) => is_folder(path.as_str()),
        };
        if folder == matches!(with, Replacement::Folder(_)) {
            Ok(Replace { path, version, with, span: self.span })
        } else {
            self.usage(wants)
        }
    }

    fn retract(&self) -> Result<(Traced, Traced), Loss> {
        let texts: Vec<&str> = self.words.iter().map(|word| word.text).collect();
        match (texts.as_slice(), self.words.as_slice()) {
            ([version], [word]) if !"[]{}(),".contains(version) => Ok((word.value()?, word.value()?)),
            (["[", _, ",", _, "]"], [_, low, _, high, _]) => Ok((low.value()?, high.value()?)),
            _ => self.usage("a version or `[v1.0.0, v1.9.9]`"),
        }
    }

    fn setting(&self) -> Result<(Traced, Traced), Loss> {
        let setting = self.one("`key=value`")?;
        match setting.as_str().find('=') {
            Some(at) => Ok((setting.slice(0..at), setting.slice(at + 1..setting.as_str().len()))),
            None => self.usage("`key=value`"),
        }
    }
}

impl Word<'_> {
    /// The text without quotes.
    fn value(&self) -> Result<Traced, Loss> {
        let text = self.text;
        let inner = Span::new(self.span.file, self.span.range().start + 1..self.span.range().end.saturating_sub(1));
        let unquoted = |quote: char| text.strip_prefix(quote)?.strip_suffix(quote);
        if let Some(raw) = unquoted('`') {
            return Ok(Traced::literal(raw, inner));
        }
        if let Some(body) = unquoted('"') {
            return match body.contains('\\').then(|| serde_json::from_str::<String>(text)) {
                None => Ok(Traced::literal(body, inner)),
                Some(Ok(value)) => Ok(Traced::literal(value, self.span)),
                Some(Err(_)) => Err(Loss::limit(self.span, "this escape is not read")),
            };
        }
        if text.contains(['"', '\'', '`']) || "()[]{},".contains(text) {
            return Err(Loss::part(self.span, format!("`{text}` cannot stand here")));
        }
        Ok(Traced::literal(text, self.span))
    }
}

/// Whether Go reads a replacement as a folder rather than a module path.
fn is_folder(path: &str) -> bool {
    let path = path.replace('\\', "/");
    let drive = path.as_bytes().first().is_some_and(u8::is_ascii_alphabetic) && path.as_bytes().get(1) == Some(&b':');
    [".", ".."].contains(&path.as_str()) || ["./", "../", "/"].iter().any(|p| path.starts_with(p)) || drive
}

#[cfg(test)]
mod tests;
