//! Filling in `${…}`: one module's view of its own and its ancestors' properties, in all evaluations at once.

use super::profiles::Active;
use super::value::{Cases, Text, without};
use super::world::{Entry, ParentLink, World};
use crate::fact::Variants;
use crate::source::Traced;
use std::collections::HashMap;
use std::sync::Arc;

/// Longer values are no versions or names; the bound keeps properties that double each other small.
const MAX_TEXT: usize = 512;
/// How many properties one text may refer to.
const MAX_REFERENCES: usize = 32;
/// How many properties may lead to one another.
const MAX_CHAIN: usize = 48;
/// Values that only a running build knows.
const RUN_TIME: [&str; 6] = ["env.", "settings.", "basedir", "maven.", "user.", "os."];

/// One module's view.
pub(super) struct Scope<'w, 'a> {
    pub(super) world: &'w World<'a>,
    /// The module and its ancestors, itself first.
    pub(super) lineage: Vec<usize>,
    pub(super) active: &'w Active,
    /// The parent that is not in this repository, at the lineage's end.
    pub(super) missing_parent: Option<&'w str>,
    memo: HashMap<String, Option<Cases<Text>>>,
    chain: usize,
}

/// A part of a text: as written, or a property's value.
type Parts = Vec<Text>;

impl<'w, 'a> Scope<'w, 'a> {
    pub(super) fn new(world: &'w World<'a>, pom: usize, active: &'w Active) -> Self {
        let lineage = world.lineage(pom);
        let last = lineage.last().and_then(|n| world.poms.get(*n));
        let missing_parent = match last.map(|e| &e.parent) {
            Some(ParentLink::Elsewhere(coordinate)) => Some(coordinate.as_str()),
            _ => None,
        };
        Self { world, lineage, active, missing_parent, memo: HashMap::new(), chain: 0 }
    }

    /// The module itself.
    pub(super) fn own(&self) -> Option<&'w Entry<'a>> {
        let world: &'w World<'a> = self.world;
        self.lineage.first().and_then(|n| world.poms.get(*n))
    }

    /// The module and its ancestors, itself first, each with its number.
    pub(super) fn ancestry(&self) -> impl Iterator<Item = (usize, &'w Entry<'a>)> + use<'w, 'a> {
        let world: &'w World<'a> = self.world;
        self.lineage.clone().into_iter().filter_map(move |n| Some((n, world.poms.get(n)?)))
    }

    /// The evaluations in which a layer of a POM holds.
    pub(super) fn holds(&self, pom: usize, profile: Option<usize>) -> Variants {
        self.active.layer(pom, profile)
    }

    /// Fills in a text, for some evaluations.
    pub(super) fn fill(&mut self, text: &Traced, variants: Variants) -> Cases<Text> {
        if !text.as_str().contains("${") {
            return Cases::one(variants, Ok(Arc::new(text.clone())));
        }
        let mut filled = Cases::default();
        for (variants, parts) in self.parts(text, variants) {
            filled.add(variants, joined(text, parts));
        }
        filled
    }

    /// Fills in a text as a file name's pattern: `*` stands for what is not known.
    pub(super) fn pattern(&mut self, text: &Traced, variants: Variants) -> Cases<String> {
        let mut patterns = Cases::default();
        for (variants, parts) in self.parts(text, variants) {
            patterns.add(variants, parts.iter().map(|p| p.as_ref().map_or("*", |t| t.as_str())).collect());
        }
        patterns
    }

    fn parts(&mut self, text: &Traced, variants: Variants) -> Vec<(Variants, Parts)> {
        if text.as_str().matches("${").count() > MAX_REFERENCES {
            return vec![(variants, vec![unknown(format!("it refers to more than {MAX_REFERENCES} properties"))])];
        }
        let mut cases: Vec<(Variants, Parts)> = vec![(variants, Vec::new())];
        let value = text.as_str();
        let mut at = 0;
        while let Some(start) = value[at..].find("${").map(|i| at + i) {
            let Some(end) = value[start..].find('}').map(|i| start + i) else { break };
            if start > at {
                written(&mut cases, text.slice(at..start));
            }
            let property = self.property(&value[start + 2..end]);
            cases = cases.iter().flat_map(|(variants, parts)| extended(*variants, parts, &property)).collect();
            at = end + 1;
        }
        if at < value.len() {
            written(&mut cases, text.slice(at..value.len()));
        }
        cases
    }

    /// A property's value in every evaluation.
    pub(super) fn property(&mut self, name: &str) -> Cases<Text> {
        let all = self.active.all();
        match self.memo.get(name) {
            Some(Some(known)) => return known.clone(),
            Some(None) => return Cases::one(all, unknown(format!("the property `{name}` refers to itself"))),
            None => {}
        }
        if self.chain >= MAX_CHAIN {
            return Cases::one(
                all,
                unknown(format!("the property `{name}` is reached through more than {MAX_CHAIN} others")),
            );
        }
        self.memo.insert(name.to_owned(), None);
        self.chain += 1;
        let value = self.look_up(name, all).in_order();
        self.chain -= 1;
        self.memo.insert(name.to_owned(), Some(value.clone()));
        value
    }

    fn look_up(&mut self, name: &str, all: Variants) -> Cases<Text> {
        if let Some(field) = name.strip_prefix("project.").or_else(|| name.strip_prefix("pom."))
            && let Some(value) = self.field(field, name, all)
        {
            return value;
        }
        let (mut value, mut left) = self.defined(name, all);
        if !left.is_empty()
            && let Some(field) = self.field(name, name, left)
        {
            field.within(left).for_each(|(v, text)| value.add(v, text.clone()));
            left = Variants::NONE;
        }
        value.add(left, Err(self.why_undefined(name)));
        value
    }

    /// What `<properties>` say, and the evaluations in which none does.
    pub(super) fn defined(&mut self, name: &str, all: Variants) -> (Cases<Text>, Variants) {
        let (mut value, mut left) = (Cases::default(), all);
        for (number, entry) in self.ancestry() {
            for (profile, property) in entry.index.properties.get(name).into_iter().flatten() {
                let here = left.and(self.holds(number, *profile));
                if here.is_empty() {
                    continue;
                }
                left = without(left, here);
                match &property.value {
                    Some(text) if refers_to(text, name) => left = left.or(here),
                    Some(text) => self.fill(text, here).iter().for_each(|(v, t)| value.add(v, t.clone())),
                    None => value.add(here, Ok(Arc::new(Traced::literal("", property.span)))),
                }
            }
        }
        (value, left)
    }

    /// `project.<field>` of the module itself, where it is one that POMs use in coordinates; `name` is the whole
    /// name that was asked for.
    fn field(&mut self, field: &str, name: &str, variants: Variants) -> Option<Cases<Text>> {
        let pom = self.own()?.pom;
        let parent = pom.parent.as_ref();
        let text = match field {
            "groupId" => pom.group.as_ref().or_else(|| parent?.group.as_ref()),
            "artifactId" => pom.artifact.as_ref(),
            "version" => pom.version.as_ref().or_else(|| parent?.version.as_ref()),
            "packaging" => pom.packaging.as_ref(),
            "parent.groupId" => parent?.group.as_ref(),
            "parent.artifactId" => parent?.artifact.as_ref(),
            "parent.version" => parent?.version.as_ref(),
            _ => None,
        }
        // `<version>${project.version}</version>`: Maven goes on to the property of that name.
        .filter(|text| !refers_to(text, name))?;
        Some(self.fill(text, variants))
    }

    fn why_undefined(&self, name: &str) -> Arc<str> {
        let run_time = RUN_TIME.iter().any(|prefix| name.starts_with(prefix)) || name.starts_with("project.");
        match self.missing_parent {
            _ if run_time => format!("`{name}` is only known when the build runs"),
            Some(parent) => {
                format!(
                    "the property `{name}` is defined nowhere in this repository, where its parent `{parent}` is not"
                )
            }
            None => format!("the property `{name}` is defined nowhere in this repository"),
        }
        .into()
    }
}

/// Whether a text refers to the very name it defines. Maven then asks whoever else defines it.
fn refers_to(text: &Traced, name: &str) -> bool {
    text.as_str().contains(&format!("${{{name}}}"))
}

fn written(cases: &mut [(Variants, Parts)], part: Traced) {
    let part = Arc::new(part);
    for (_, parts) in cases {
        parts.push(Ok(Arc::clone(&part)));
    }
}

fn extended(variants: Variants, parts: &Parts, property: &Cases<Text>) -> Vec<(Variants, Parts)> {
    let add = |(variants, value): (Variants, &Text)| {
        let mut parts = parts.clone();
        parts.push(value.clone());
        (variants, parts)
    };
    property.within(variants).map(add).collect()
}

fn joined(text: &Traced, parts: Parts) -> Text {
    let parts = parts.into_iter().collect::<Result<Vec<Arc<Traced>>, _>>()?;
    if parts.iter().map(|p| p.as_str().len()).sum::<usize>() > MAX_TEXT {
        return unknown(format!("a value of more than {MAX_TEXT} bytes is no name or version"));
    }
    let parts = parts.iter().map(|p| Traced::clone(p));
    Ok(Arc::new(Traced::concat(text.written(), parts).trim()))
}

/// A text that is not known, for this reason.
pub(super) fn unknown(why: impl Into<Arc<str>>) -> Text {
    Err(why.into())
}
