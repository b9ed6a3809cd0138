//! Keys whose names are partly the user's: `spark.kubernetes.driver.label.<name>`, and what other projects read.

use crate::read::keyed::Keyed;
use crate::read::tree::Node;

/// All families.
#[derive(Debug, Default)]
pub struct Families {
    list: Vec<Family>,
    gone: Vec<Gone>,
    /// Beginnings of the keys that other projects read.
    namespaces: Vec<String>,
}

/// Keys with a part of Spark that is gone.
#[derive(Debug, Clone)]
pub struct Gone {
    /// Which keys.
    keys: Vec<Family>,
    /// The last minor that has it.
    pub until: String,
    /// What is gone.
    pub what: String,
    /// Who says so.
    pub source: String,
}

/// The shape of a family's keys: what stands between the dots, `*` for one part, `**` at the end for all that follows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Family(Vec<String>);

impl Family {
    fn of(shape: &str) -> Self {
        Self(shape.split('.').map(str::to_owned).collect())
    }

    /// The parts of a key beside those of the shape, where they can be compared: as many as the shape has, or more if it is open.
    pub fn pairs<'a>(&'a self, parts: &'a [&'a str]) -> Option<impl Iterator<Item = (&'a str, &'a str)>> {
        let (open, fixed) = match self.0.split_last() {
            Some((last, fixed)) if last == "**" => (true, fixed),
            _ => (false, self.0.as_slice()),
        };
        let fits = if open { parts.len() > fixed.len() } else { parts.len() == fixed.len() };
        fits.then(|| fixed.iter().map(String::as_str).zip(parts.iter().copied()))
    }

    fn holds(&self, parts: &[&str]) -> bool {
        self.pairs(parts)
            .is_some_and(|mut pairs| pairs.all(|(shape, part)| shape == part || (shape == "*" && !part.is_empty())))
    }
}

impl Families {
    /// Whether a key belongs to a family, or to another project.
    pub fn hold(&self, name: &str) -> bool {
        let parts: Vec<&str> = name.split('.').collect();
        self.namespaces.iter().any(|prefix| name.starts_with(prefix.as_str()))
            || self.list.iter().any(|family| family.holds(&parts))
            || self.gone(name).is_some()
    }

    /// The part of Spark that reads a key and that is gone.
    pub fn gone(&self, name: &str) -> Option<&Gone> {
        let parts: Vec<&str> = name.split('.').collect();
        self.gone.iter().find(|gone| gone.keys.iter().any(|family| family.holds(&parts)))
    }

    /// All families.
    pub fn iter(&self) -> impl Iterator<Item = &Family> {
        self.list.iter()
    }
}

/// Reads `[[family]]`, `[[gone]]` and `[[namespace]]`.
pub(super) fn read(keyed: &mut Keyed, root: Node<'_>) -> Families {
    let mut families = Families::default();
    for table in keyed.tables(root, "family") {
        keyed.only(table, "a family", &["keys", "source"]);
        keyed.required(table, "a family", "source");
        families.list.extend(keyed.texts(table, "keys").into_iter().map(|shape| Family::of(shape.as_str())));
    }
    for table in keyed.tables(root, "namespace") {
        keyed.only(table, "a namespace", &["prefixes", "of", "source"]);
        keyed.required(table, "a namespace", "source");
        families.namespaces.extend(keyed.texts(table, "prefixes").into_iter().map(ToString::to_string));
    }
    let gone = keyed.tables(root, "gone");
    families.gone = gone.into_iter().filter_map(|table| self::gone(keyed, table)).collect();
    families
}

fn gone(keyed: &mut Keyed, table: Node<'_>) -> Option<Gone> {
    const WHAT: &str = "a part that is gone";
    keyed.only(table, WHAT, &["keys", "until", "what", "source"]);
    let mut required = |key: &str| Some(keyed.required(table, WHAT, key)?.as_str().to_owned());
    let (until, what, source) = (required("until")?, required("what")?, required("source")?);
    let keys = keyed.texts(table, "keys").into_iter().map(|shape| Family::of(shape.as_str())).collect();
    Some(Gone { keys, until, what, source })
}
