//! Settings by scope: whose they are, and in which configuration or task.

use super::value::{Setting, Value, Whose};
use crate::source::{Span, Traced};
use std::collections::HashMap;
use std::rc::Rc;

/// The settings of a build.
#[derive(Debug, Default)]
pub(super) struct Scopes {
    everyone: Level,
    build: Level,
    /// By the project's number.
    pub(super) projects: Vec<Member>,
    by_id: HashMap<Rc<str>, usize>,
    /// The project that is asked, if one is.
    pub(super) current: Option<usize>,
    /// The Scala version that `++` asks for.
    pub(super) forced: Option<Rc<Traced>>,
    /// The versions that a project is crossed with are being computed.
    pub(super) asks_versions: bool,
    pub(super) known: HashMap<Asked, Value>,
    /// Settings that are being computed: a setting that names its own key means what was there before it.
    pub(super) busy: Vec<(Asked, usize)>,
}

/// A scope, a key's name, and the configurations and tasks it is asked for in.
pub(super) type Asked = (Place, Rc<str>, Vec<Rc<str>>);

/// A project with its settings.
#[derive(Debug)]
pub(super) struct Member {
    pub(super) id: Rc<str>,
    pub(super) base: Option<Rc<str>>,
    pub(super) span: Span,
    level: Level,
}

/// Settings in order, by the name of their key.
#[derive(Debug, Default)]
struct Level {
    settings: HashMap<Rc<str>, Vec<Rc<Setting>>>,
}

/// A level of scopes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Place {
    Project(usize),
    Build,
    Everyone,
}

impl Scopes {
    /// Adds a project; its settings come after.
    pub(super) fn add(&mut self, id: Rc<str>, base: Option<Rc<str>>, span: Span) -> usize {
        let number = self.projects.len();
        self.by_id.entry(id.clone()).or_insert(number);
        self.projects.push(Member { id, base, span, level: Level::default() });
        number
    }

    pub(super) fn number(&self, id: &str) -> Option<usize> {
        self.by_id.get(id).copied()
    }

    /// Puts a setting where it belongs: `owner` is whose it is where its key does not say.
    pub(super) fn put(&mut self, setting: Rc<Setting>, owner: Option<usize>) {
        let place = match (&setting.key.whose, owner) {
            (Whose::Everyone, _) => Place::Everyone,
            (Whose::Build, _) | (Whose::Here, None) => Place::Build,
            (Whose::Here, Some(owner)) => Place::Project(owner),
            (Whose::Project(id), _) => match self.number(id) {
                Some(number) => Place::Project(number),
                None => return,
            },
        };
        let level = match place {
            Place::Everyone => Some(&mut self.everyone),
            Place::Build => Some(&mut self.build),
            Place::Project(number) => self.projects.get_mut(number).map(|member| &mut member.level),
        };
        if let Some(level) = level {
            level.settings.entry(setting.key.name.clone()).or_default().push(setting);
        }
    }

    /// Starts an evaluation.
    pub(super) fn evaluate(&mut self, forced: Option<Rc<Traced>>) {
        self.forced = forced;
        self.known.clear();
        self.busy.clear();
    }

    fn level(&self, place: Place) -> Option<&Level> {
        match place {
            Place::Everyone => Some(&self.everyone),
            Place::Build => Some(&self.build),
            Place::Project(number) => self.projects.get(number).map(|member| &member.level),
        }
    }

    /// The settings of a key in one scope, exactly as scoped.
    pub(super) fn settings(&self, place: Place, name: &str, within: &[Rc<str>]) -> Vec<Rc<Setting>> {
        let all = self.level(place).and_then(|level| level.settings.get(name));
        all.into_iter().flatten().filter(|setting| setting.key.within == within).cloned().collect()
    }

    /// Whether a project itself, and not what is around it, says something of a key.
    pub(super) fn own(&self, project: usize, name: &str) -> bool {
        self.level(Place::Project(project)).is_some_and(|level| level.settings.contains_key(name))
    }

    /// All settings of a key in a project and around it, in whatever configuration or task.
    pub(super) fn everywhere(&self, project: usize, name: &str) -> Vec<Rc<Setting>> {
        let places = [Place::Everyone, Place::Build, Place::Project(project)];
        let all = places.into_iter().filter_map(|place| self.level(place)?.settings.get(name));
        all.flatten().cloned().collect()
    }
}
