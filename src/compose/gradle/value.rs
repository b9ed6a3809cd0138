//! What expressions of a script stand for.

use crate::read::gradle::{Block, Expression};
use crate::source::{Span, Traced};
use std::rc::Rc;
use std::sync::Arc;

/// Why something is not known.
pub(super) type Why = Arc<str>;

/// Stands in a text for a part that is not known.
const GAP: char = '\u{1a}';

/// A value.
#[derive(Debug, Clone)]
pub(super) enum Value<'a> {
    /// Not known.
    Unknown(Why),
    /// A property that can be set from outside, and is not set here.
    Missing(Rc<str>),
    /// `null`.
    Null,
    /// A truth value.
    Bool(bool),
    /// A text.
    Text(Text),
    /// A list, and the property from outside whose value it is.
    List(Rc<Vec<Value<'a>>>, Option<Rc<str>>),
    /// A map, in order.
    Map(Rc<Vec<(Box<str>, Value<'a>)>>),
    /// A project, by its number.
    Project(usize),
    /// A project's own properties: `ext`, `extra`.
    Extra(usize),
    /// A configuration of a project.
    Configuration(Rc<str>),
    /// A task, by its name or type.
    Task(Rc<str>),
    /// What a version catalog holds under a path.
    Catalog(Rc<str>, String),
    /// `projects.core`: the path so far.
    Projects(String),
    /// A library.
    Library(Rc<Notation>),
    /// Another project as a dependency.
    Local(Rc<Local>),
    /// A plugin that was just applied.
    Plugin(Rc<str>),
    /// Something that Gradle gives, told by its name only.
    Given(&'static str),
    /// A block that is kept to be run.
    Block(&'a Block),
    /// A function of a script.
    Function(&'a [Box<str>], &'a Block),
}

/// A text, with what is known of its parts.
#[derive(Debug, Clone)]
pub(super) struct Text {
    /// Its parts, in order.
    pub(super) parts: Rc<[Result<Traced, Why>]>,
    /// Where it is used.
    pub(super) span: Span,
    /// The property that can be set from outside and whose value it is.
    pub(super) outside: Option<Rc<str>>,
}

impl Text {
    pub(super) fn of(text: Traced) -> Self {
        Self { span: text.written(), parts: Rc::new([Ok(text)]), outside: None }
    }

    /// Texts one after another, used at `span`.
    pub(super) fn join(span: Span, texts: impl IntoIterator<Item = Result<Self, Why>>) -> Self {
        let mut parts = Vec::new();
        for text in texts {
            match text {
                Ok(text) => parts.extend(text.parts.iter().cloned()),
                Err(why) => parts.push(Err(why)),
            }
        }
        Self { parts: parts.into(), span, outside: None }
    }

    /// The whole, where all of it is known.
    pub(super) fn known(&self) -> Result<Traced, Why> {
        if let [Ok(part)] = &*self.parts
            && part.written() == self.span
        {
            return Ok(part.clone());
        }
        let parts = self.parts.iter().cloned().collect::<Result<Vec<Traced>, Why>>()?;
        Ok(Traced::concat(self.span, parts))
    }

    /// The text as it is, a mark in the place of what is not known.
    pub(super) fn shown(&self) -> String {
        self.parts
            .iter()
            .map(|part| part.as_ref().map_or_else(|_| GAP.to_string(), |t| t.as_str().to_owned()))
            .collect()
    }

    /// The text with `*` for what is not known.
    pub(super) fn pattern(&self) -> String {
        self.shown().replace(GAP, "*")
    }

    fn why(&self) -> Option<Why> {
        self.parts.iter().find_map(|part| part.as_ref().err().cloned())
    }

    /// A part of the text, by byte range of [`Text::shown`].
    pub(super) fn slice(&self, range: std::ops::Range<usize>) -> Self {
        let (mut at, mut parts) = (0, Vec::new());
        for part in self.parts.iter() {
            let length = part.as_ref().map_or(GAP.len_utf8(), |t| t.as_str().len());
            let (from, to) = (range.start.max(at), range.end.min(at + length));
            if from < to {
                parts.push(part.as_ref().map(|text| text.slice(from - at..to - at)).map_err(Arc::clone));
            }
            at += length;
        }
        Self { parts: parts.into(), span: self.span, outside: None }
    }

    /// The texts between the occurrences of another.
    pub(super) fn split(&self, by: &str) -> Vec<Self> {
        let shown = self.shown();
        let mut texts = Vec::new();
        let mut start = 0;
        for (at, found) in shown.match_indices(by).filter(|_| !by.is_empty()) {
            texts.push(self.slice(start..at));
            start = at + found.len();
        }
        texts.push(self.slice(start..shown.len()));
        texts
    }

    pub(super) fn trim(&self) -> Self {
        let shown = self.shown();
        let trimmed = shown.trim();
        let start = trimmed.as_ptr() as usize - shown.as_ptr() as usize;
        self.slice(start..start + trimmed.len())
    }
}

/// A library as a dependency names it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Notation {
    pub(super) group: Traced,
    pub(super) name: Traced,
    /// None where none is written.
    pub(super) version: Option<Result<Traced, Why>>,
    pub(super) classifier: Option<String>,
    /// A list of versions, no code.
    pub(super) platform: bool,
    pub(super) span: Span,
}

/// Another project as a dependency.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Local {
    pub(super) project: usize,
    pub(super) configuration: Option<String>,
    pub(super) platform: bool,
    pub(super) span: Span,
}

impl Notation {
    /// `group:name:version:classifier@extension`; why not where a part before the version is not known.
    pub(super) fn of(text: &Text) -> Result<Self, Why> {
        let shown = text.shown();
        let end = shown.rfind('@').filter(|at| !shown[*at..].contains(':')).unwrap_or(shown.len());
        let parts = text.slice(0..end).split(":");
        let unknown = || text.why().unwrap_or_else(|| "it is no `group:name:version`".into());
        let [group, name, rest @ ..] = parts.as_slice() else { return Err(unknown()) };
        let (group, name) = (group.known()?, name.known()?);
        let plain = |t: &Traced| {
            !t.as_str().is_empty() && !t.as_str().contains(|c: char| c.is_whitespace() || "/\\$(){}".contains(c))
        };
        if !plain(&group) || !plain(&name) || rest.len() > 2 {
            return Err(unknown());
        }
        let version = rest.first().filter(|v| !v.shown().is_empty()).map(|version| version.known().map(|v| strict(&v)));
        let classifier = rest.get(1).map(Text::pattern).filter(|c| !c.is_empty());
        Ok(Self { group, name, version, classifier, platform: false, span: text.span })
    }
}

/// `1.2!!` is strictly 1.2.
fn strict(version: &Traced) -> Traced {
    let text = version.as_str();
    let end = text.find("!!").unwrap_or(text.len());
    version.slice(0..end)
}

impl<'a> Value<'a> {
    pub(super) fn unknown(why: impl Into<Why>) -> Self {
        Self::Unknown(why.into())
    }

    pub(super) fn text(text: Traced) -> Self {
        Self::Text(Text::of(text))
    }

    /// As a text to be put in another.
    pub(super) fn as_text(&self) -> Result<Text, Why> {
        match self {
            Self::Text(text) => Ok(text.clone()),
            Self::Unknown(why) => Err(Arc::clone(why)),
            Self::Missing(name) => Err(format!("the property `{name}` is set nowhere in this repository").into()),
            _ => Err("it is no text".into()),
        }
    }

    /// The text, where it is one that is known as a whole.
    pub(super) fn known(&self) -> Option<Traced> {
        self.as_text().ok()?.known().ok()
    }

    pub(super) fn items(&self) -> Option<&[Value<'a>]> {
        match self {
            Self::List(items, _) => Some(items),
            _ => None,
        }
    }

    /// The property that can be set from outside and whose value this is.
    pub(super) fn outside(&self) -> Option<Rc<str>> {
        match self {
            Self::Text(text) => text.outside.clone(),
            Self::List(_, outside) => outside.clone(),
            Self::Missing(name) => Some(name.clone()),
            _ => None,
        }
    }

    /// The same as the value of a property that can be set from outside.
    pub(super) fn set_by(self, name: &Rc<str>) -> Self {
        match self {
            Self::Text(text) => Self::Text(Text { outside: Some(name.clone()), ..text }),
            Self::List(items, _) => Self::List(items, Some(name.clone())),
            other => other,
        }
    }

    pub(super) fn list(items: Vec<Value<'a>>) -> Self {
        Self::List(Rc::new(items), None)
    }
}

/// The names in `a.b.c`.
pub(super) fn path(expression: &Expression) -> Option<Vec<&str>> {
    use crate::read::gradle::{ExpressionKind as Kind, Part};
    let (mut names, mut at) = (Vec::new(), expression);
    loop {
        match &at.kind {
            Kind::Name(name) => {
                names.push(&**name);
                names.reverse();
                return Some(names);
            }
            Kind::Member(of, name) => {
                names.push(&**name);
                at = of;
            }
            Kind::Index(of, index) => match &index.kind {
                Kind::Text(parts) => match parts.as_slice() {
                    [Part::Literal(text)] => {
                        names.push(text.as_str());
                        at = of;
                    }
                    _ => return None,
                },
                _ => return None,
            },
            _ => return None,
        }
    }
}
