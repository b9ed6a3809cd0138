//! Which of several places says a key's value.

use super::{Amount, is_flag};
use crate::fact::ConfSetting;
use crate::fact::field::Origin;
use crate::fact::quantity::Quantity;
use crate::fact::spark::{Given, Request};
use crate::source::Traced;

/// Where settings stand.
#[derive(Debug)]
pub(super) enum Layer<'p> {
    /// Fields of a resource.
    Fields(&'p Request),
    /// Settings, of which the last of a key counts.
    Conf(Vec<&'p ConfSetting>),
}

/// All that is told to an application, the strongest place first.
#[derive(Debug)]
pub struct Settings<'p> {
    pub(super) layers: Vec<Layer<'p>>,
    /// What none of them says may be said by something that is not read.
    pub(super) open: bool,
}

/// What is known of a key.
#[derive(Debug, Clone, Copy)]
pub enum Found<'p> {
    /// It has this value.
    Is(&'p Traced, Origin),
    /// Nothing says it.
    Absent,
    /// Nothing that is read says it.
    Open,
    /// Something says it, in words that are not known.
    Unknown,
}

impl<'p> Found<'p> {
    /// The value.
    pub fn text(self) -> Option<&'p Traced> {
        match self {
            Self::Is(text, _) => Some(text),
            _ => None,
        }
    }
}

impl<'p> Settings<'p> {
    /// What is known of a key.
    pub fn find(&self, key: &str) -> Found<'p> {
        for layer in &self.layers {
            match layer {
                Layer::Fields(request) => match request.field(key) {
                    Given::Is(text) => return is(text, Origin::Field(text.span())),
                    Given::Unknown => return Found::Unknown,
                    Given::Absent => {}
                },
                Layer::Conf(settings) => {
                    let last = settings.iter().rev().find(|setting| setting.key.as_str() == key);
                    match last.map(|setting| &setting.value) {
                        Some(Some(text)) => return is(text, Origin::Conf(text.span())),
                        Some(None) => return Found::Unknown,
                        None => {}
                    }
                }
            }
        }
        if self.open { Found::Open } else { Found::Absent }
    }

    /// The first of several keys that is not absent: Spark knows some settings by older names too.
    pub fn find_any(&self, keys: &[&str]) -> Found<'p> {
        let found = keys.iter().map(|key| self.find(key)).find(|found| !matches!(found, Found::Absent | Found::Open));
        found.unwrap_or(if self.open { Found::Open } else { Found::Absent })
    }

    /// An amount, or its default; none where it is not known or cannot be read.
    pub fn amount(
        &self,
        keys: &[&str],
        read: impl Fn(&str) -> Option<Quantity>,
        default: Quantity,
        why: &'static str,
    ) -> Option<Amount> {
        match self.find_any(keys) {
            Found::Is(text, origin) => {
                let quantity = read(text.as_str())?;
                Some(Amount { quantity, text: Some(text.clone()), origin, sure: true })
            }
            Found::Unknown => None,
            absent => Some(Amount {
                quantity: default,
                text: None,
                origin: Origin::Default(why),
                sure: matches!(absent, Found::Absent),
            }),
        }
    }

    /// A truth value as Spark reads it. `Ok(None)` where nothing says it, `Err` where that is not known.
    pub fn truth(&self, key: &str) -> Result<Option<(bool, &'p Traced)>, Unsure> {
        match self.find(key) {
            Found::Is(text, _) => match text.as_str().trim().to_ascii_lowercase().as_str() {
                "true" => Ok(Some((true, text))),
                "false" => Ok(Some((false, text))),
                _ => Err(Unsure),
            },
            Found::Absent => Ok(None),
            Found::Open | Found::Unknown => Err(Unsure),
        }
    }

    /// Every setting and field that is in force for a key of one of these beginnings, whatever its value.
    pub fn is_told(&self, key: &str) -> bool {
        matches!(self.find(key), Found::Is(..) | Found::Unknown)
    }
}

/// Something that is not read may decide.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unsure;

/// What stands in a text as a variable or template is filled in elsewhere.
fn is(text: &Traced, origin: Origin) -> Found<'_> {
    let unknown = ["{{", "${", "$(", "%("].iter().any(|mark| text.as_str().contains(mark));
    if unknown { Found::Unknown } else { Found::Is(text, origin) }
}

/// A command's settings, weakest first: `--conf` in order, then the flags that stand for keys.
pub(super) fn ordered(mut settings: Vec<&ConfSetting>) -> Vec<&ConfSetting> {
    settings.sort_by_key(|setting| is_flag(setting));
    settings
}
