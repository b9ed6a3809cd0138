//! What does the text say? One reader a format; each knows one grammar, gives every value a byte span, and recovers:
//! one bad line loses itself, never the file. What was lost is a [`Loss`] with its place.

pub mod cargo_toml;
pub mod code;
pub mod directive;
pub mod dockerfile;
pub mod edit;
pub mod environment;
pub mod go_mod;
pub mod gradle;
mod grammar;
pub mod hcl;
pub mod helm;
pub mod ini;
pub mod joined;
pub mod json;
pub mod keyed;
pub mod log_layout;
pub mod loss;
#[cfg(test)]
pub(crate) mod mutation;
mod placeholder;
pub mod pom;
pub mod properties;
pub mod python_version;
pub mod requirements;
pub mod sbt;
pub mod script;
pub mod shell;
pub mod toml;
pub mod tree;
pub mod wasm;
pub mod xml;
pub mod yaml;

use crate::discover::is_test_data;
use crate::source::{self, FileId, Format, LoadError, Source, Span, Traced};
use crate::{c, go, rust};
use directive::Directive;
pub use loss::{Extent, Loss, Reading};

/// One file, read.
#[derive(Debug, Clone)]
pub struct Document {
    /// The file.
    pub file: FileId,
    /// How it was read.
    pub format: Format,
    /// What it says.
    pub body: Body,
    /// A chart's template, where it is one and has actions.
    pub template: Option<Box<helm::Template>>,
    /// The C that stands in a Go file.
    pub preamble: Option<Box<c::File>>,
    /// `sparkproof:` comments.
    pub directives: Vec<Directive>,
    /// What could not be read.
    pub losses: Vec<Loss>,
    /// [`source::stable_hash`] of the bytes, to notice that a file changed before a finding shows it.
    pub hash: u64,
    /// Where its lines start, so that evidence can name `Dockerfile:9` without the text.
    pub lines: Box<[u32]>,
}

/// What a file says, in its own format's words.
#[derive(Debug, Clone)]
pub enum Body {
    /// A Maven build file.
    Pom(Box<pom::Pom>),
    /// A Gradle script.
    Gradle(Box<gradle::Script>),
    /// A Go module file.
    GoMod(Box<go_mod::GoMod>),
    /// YAML documents, in order.
    Yaml(Vec<tree::Tree>),
    /// A JSON document.
    Json(tree::Tree),
    /// A TOML document.
    Toml(tree::Tree),
    /// A Dockerfile.
    Dockerfile(dockerfile::Dockerfile),
    /// Python requirement lines.
    Requirements(Vec<requirements::Requirement>),
    /// Keys and values.
    Properties(Vec<properties::Property>),
    /// Variables and values.
    Environment(Vec<(Traced, Traced)>),
    /// Texts with commands of interest in shell scripts, Makefiles and readme files.
    Script(Vec<Traced>),
    /// Sections of keys and values.
    Ini(Vec<ini::Section>),
    /// Layouts of a logging configuration.
    LogLayouts(Vec<log_layout::Layout>),
    /// What a WebAssembly module imports.
    Wasm(Vec<wasm::Import>),
    /// The Python that a folder's tools are to use.
    PythonVersion(Traced),
    /// Calls of a Python source.
    Code(code::Code),
    /// Go references.
    Go(Box<go::Syntax>),
    /// Rust references.
    Rust(Box<rust::Syntax>),
    /// What functions of C do not give back.
    C(c::File),
    /// Terraform's blocks and values.
    Hcl(tree::Tree),
    /// An sbt build definition.
    Sbt(Box<sbt::Script>),
    /// Nothing: the file could not be read, or holds nothing that concerns us (its [`Document::losses`] say which).
    Nothing,
}

/// Reads one source. Whatever happens, a document comes back; what is missing in it is among its losses.
pub fn read(file: FileId, source: &Source, is_concerned: bool) -> Document {
    if source.format == Format::Wasm
        && let Some(bytes) = source::load_bytes(source).ok().filter(|bytes| wasm::is_binary(bytes))
    {
        return read_module(file, &bytes);
    }
    match source::load(source) {
        Ok(text) => read_text(file, source, &text, is_concerned),
        // Every byte is a character there, and ASCII stays what it is: all that matters to us in a POM is ASCII.
        Err(error) if source.format == Format::Pom && declares_one_byte_encoding(&error.head) => {
            read_text(file, source, &error.shown, is_concerned)
        }
        Err(error) => unreadable(file, source, &error),
    }
}

/// A WebAssembly module is no text: there are no lines in it, and no comments.
fn read_module(file: FileId, bytes: &[u8]) -> Document {
    let reading = wasm::read_binary(file, bytes).map(Body::Wasm);
    Document {
        file,
        format: Format::Wasm,
        body: reading.body,
        template: None,
        preamble: None,
        directives: Vec::new(),
        losses: reading.losses,
        hash: source::stable_hash(bytes),
        lines: Box::default(),
    }
}

/// Whether an XML declaration names an encoding in which each byte is a character.
fn declares_one_byte_encoding(head: &str) -> bool {
    let declaration = head.split("?>").next().unwrap_or_default().to_ascii_lowercase();
    ["iso-8859-", "windows-125", "us-ascii", "latin1"].iter().any(|name| declaration.contains(name))
}

/// Reads a text that is already here. A fault of ours is a loss of this file, not the end of the run.
pub fn read_text(file: FileId, source: &Source, text: &str, is_concerned: bool) -> Document {
    let attempt = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| dispatch(file, source, text, is_concerned)));
    let mut reading = attempt.unwrap_or_else(|_| {
        let loss = Loss::whole(
            Span::new(file, 0..0),
            "the reader failed on this file; this is a fault of sparkproof, please report it",
        );
        Reading { body: Body::Nothing, comments: Vec::new(), losses: vec![loss] }
    });
    let grave = !reading.losses.is_empty() && is_grave(source, text);
    // Templates of Terraform, envsubst and the like are no YAML until they are filled in: where the fault stands beside a `${`.
    let is_template = source.format == Format::Yaml
        && !reading.losses.is_empty()
        && (placeholder::is_freemarker(text) || reading.losses.iter().any(|loss| near_placeholder(text, loss.span)));
    for loss in &mut reading.losses {
        loss.grave = grave;
        if is_template {
            loss.extent = Extent::Limit;
        }
    }
    let directives = directive::parse(text, &reading.comments);
    let (hash, lines) = (source::stable_hash(text.as_bytes()), source::text::line_starts(text));
    let (template, preamble) = (template(file, source, text), preamble(file, source, text));
    let Reading { body, losses, .. } = reading;
    Document { file, format: source.format, body, template, preamble, directives, losses, hash, lines }
}

/// A chart's template, which [`yaml`] reads with its actions masked.
fn template(file: FileId, source: &Source, text: &str) -> Option<Box<helm::Template>> {
    let is_template = matches!(source.format, Format::Yaml | Format::Template) && source.is_in("templates");
    let has_actions = is_template && memchr::memmem::find(text.as_bytes(), b"{{").is_some();
    has_actions.then(|| helm::read(file, text)).flatten().map(Box::new)
}

/// What the C above a Go file's `import "C"` does not give back.
fn preamble(file: FileId, source: &Source, text: &str) -> Option<Box<c::File>> {
    if source.format != Format::Go || !c::may_hold(text) {
        return None;
    }
    let parts = c::preambles(text).into_iter().flat_map(|part| c::read_part(file, text, part).body.kept);
    Some(Box::new(c::File { kept: parts.collect() }))
}

fn dispatch(file: FileId, source: &Source, text: &str, is_concerned: bool) -> Reading<Body> {
    let concerns_us = || is_concerned || directive::may_hold(text);
    match source.format {
        Format::Pom => pom::read(file, text).map(|p| p.map_or(Body::Nothing, |pom| Body::Pom(Box::new(pom)))),
        Format::Gradle => gradle::read_file(file, text, &source.path).map(|script| Body::Gradle(Box::new(script))),
        Format::GoMod => go_mod::read(file, text).map(|module| Body::GoMod(Box::new(module))),
        Format::Yaml => yaml::read(file, text).map(Body::Yaml),
        Format::Hcl => hcl::read(file, text).map(Body::Hcl),
        Format::Json => json::read(file, text).map(|t| t.map_or(Body::Nothing, Body::Json)),
        Format::Toml => toml::read(file, text).map(|t| t.map_or(Body::Nothing, Body::Toml)),
        Format::Dockerfile => dockerfile::read(file, text).map(Body::Dockerfile),
        Format::Requirements => requirements::read(file, text).map(Body::Requirements),
        Format::Properties => properties::read(file, text).map(Body::Properties),
        Format::Tilt => {
            let whole = Traced::literal(text, Span::new(file, 0..text.len()));
            Reading { body: Body::Script(vec![whole]), comments: Vec::new(), losses: Vec::new() }
        }
        Format::Environment => environment::read(file, text).map(Body::Environment),
        Format::Sbt => sbt::read(file, text).map(|script| Body::Sbt(Box::new(script))),
        Format::Script => script::read(file, text, source.is_markdown()).map(Body::Script),
        Format::Ini => ini::read(file, text).map(Body::Ini),
        Format::Logging => log_layout::read(file, text).map(Body::LogLayouts),
        Format::Wasm => wasm::read_text(file, text).map(Body::Wasm),
        Format::PythonVersion => python_version::read(file, text).map(|v| v.map_or(Body::Nothing, Body::PythonVersion)),
        Format::Python if is_concerned => {
            let calls = source.name() == "setup.py" || code::may_concern_us(text);
            code::read_python_names(file, text, calls).map(Body::Code)
        }
        Format::Python if source.name() == "setup.py" || code::may_concern_us(text) => {
            code::read_python(file, text).map(Body::Code)
        }
        Format::Jvm if code::may_concern_us_on_jvm(text) => code::read_jvm(file, text).map(Body::Code),
        Format::Go if is_concerned => go::parse(file, text, go::Depth::Whole).map(|syntax| Body::Go(Box::new(syntax))),
        Format::Rust if concerns_us() || rust::ffi::may_hold(text) || rust::site::may_hold(text) => {
            rust::read(file, text).map(|syntax| Body::Rust(Box::new(syntax)))
        }
        Format::C if c::may_hold(text) => c::read(file, text).map(Body::C),
        Format::Go | Format::Rust | Format::Python | Format::Jvm | Format::Template | Format::C => {
            Reading { body: Body::Nothing, comments: Vec::new(), losses: Vec::new() }
        }
    }
}

fn unreadable(file: FileId, source: &Source, error: &LoadError) -> Document {
    let span = Span::new(file, error.at..error.at + usize::from(!error.shown.is_empty()));
    // Scripts and readme files only help to link; a lost one is no defect.
    // pip reads UTF-16 as well, and so do Windows' tools write it.
    let readable_to_pip = source.format == Format::Requirements && error.is_utf16();
    let helps = matches!(
        source.format,
        Format::Template | Format::Script | Format::Python | Format::Jvm | Format::Logging | Format::Wasm | Format::C
    );
    let extent = if helps || readable_to_pip { Extent::Limit } else { Extent::Whole };
    let loss = Loss { grave: is_grave(source, &error.head), extent, ..Loss::whole(span, error.message.clone()) };
    Document {
        file,
        format: source.format,
        body: Body::Nothing,
        template: None,
        preamble: None,
        directives: Vec::new(),
        losses: vec![loss],
        hash: 0,
        lines: Box::default(),
    }
}

/// Whether a placeholder stands on the line of a fault or on the one before it.
fn near_placeholder(text: &str, span: Span) -> bool {
    let at = span.start as usize;
    let (before, after) = text.split_at_checked(at).unwrap_or((text, ""));
    let from = before.rmatch_indices('\n').nth(1).map_or(0, |(at, _)| at);
    let to = before.len() + after.find('\n').unwrap_or(after.len());
    let near = text.get(from..to).unwrap_or_default();
    near.contains("${") || near.lines().any(placeholder::on_line)
}

/// Whether a build or a deployment stands on this file: build files, Dockerfiles, and what looks like a Kubernetes manifest.
fn is_grave(source: &Source, text: &str) -> bool {
    let has = |word: &str| memchr::memmem::find(text.as_bytes(), word.as_bytes()).is_some();
    let kind = match source.format {
        Format::Pom
        | Format::Gradle
        | Format::GoMod
        | Format::Toml
        | Format::Dockerfile
        | Format::Requirements
        | Format::Sbt => true,
        Format::Yaml => has("apiVersion:") && has("kind:"),
        Format::Json => has("\"apiVersion\"") && has("\"kind\""),
        Format::Properties
        | Format::Environment
        | Format::Tilt
        | Format::Python
        | Format::Jvm
        | Format::C
        | Format::Go
        | Format::Rust
        | Format::Script
        | Format::Ini
        | Format::Logging
        | Format::PythonVersion
        | Format::Wasm
        | Format::Hcl
        | Format::Template => false,
    };
    kind && !is_test_data(&source.path)
}
