//! The fields of Spark's custom resources, as their operators' definitions have them. Read when the first such resource is met.

use crate::read::keyed::nearest;
use std::collections::HashMap;
use std::sync::LazyLock;

/// The list's text; `tools/crd_fields.py` writes it.
pub const TEXT: &str = include_str!("../../rules/tables/custom-resources.fields");

/// The API groups that are known, so that other resources never make the list be read.
const GROUPS: [&str; 3] = ["spark.apache.org", "spark.stackable.tech", "sparkoperator.k8s.io"];

/// How far away, in steps along fields, a field of the same name is still likely to be the one that was meant.
const NEARBY: usize = 2;

/// What is called the same in more places than this says nothing about where it belongs.
const MANY: usize = 2;

/// The definition of one kind of resource.
#[derive(Debug, Clone, Copy)]
pub struct Definition {
    /// Group and version: `sparkoperator.k8s.io/v1beta2`.
    pub api: &'static str,
    /// `SparkApplication`.
    pub kind: &'static str,
    /// Its own fields.
    pub shape: Shape,
}

/// The fields of an object, wherever it is embedded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shape(usize);

/// A field of an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldType {
    /// Its name.
    pub name: &'static str,
    /// A resource without it is refused.
    pub required: bool,
    /// What it holds.
    pub holds: Type,
}

/// What a field holds.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs, reason = "the definitions' own names")]
pub enum Type {
    Text,
    Integer,
    Number,
    Boolean,
    IntOrText,
    /// One of these texts.
    OneOf(Vec<&'static str>),
    List(Box<Type>),
    /// A mapping with any keys.
    Map(Box<Type>),
    Object(Shape),
    /// Releases differ: any of these.
    Either(Vec<Type>),
    /// Nobody looks at it.
    Any,
}

/// Where a field that a mapping does not have may have been meant to be.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Meant {
    /// A field of this mapping that is called almost so.
    pub near: Option<&'static str>,
    /// The two differ in one letter, in case, or in what stands between words.
    pub is_clear: bool,
    /// Paths of fields with exactly this name.
    pub elsewhere: Vec<String>,
    /// The API group whose resource of this kind has such a field in this place.
    pub group: Option<&'static str>,
}

#[derive(Debug, Default)]
struct Definitions {
    resources: Vec<Definition>,
    shapes: Vec<Vec<FieldType>>,
}

static BUILT_IN: LazyLock<Definitions> = LazyLock::new(|| read(TEXT));

/// The definition of a kind of resource; None for those of others, and for versions that are not known.
pub fn definition(api: &str, kind: &str) -> Option<&'static Definition> {
    let group = api.split('/').next().unwrap_or_default();
    if !GROUPS.contains(&group) {
        return None;
    }
    BUILT_IN.resources.iter().find(|resource| resource.api == api && resource.kind == kind)
}

/// Where the definitions of an API are published.
pub fn docs(api: &str) -> &'static str {
    match api.split('/').next().unwrap_or_default() {
        "spark.apache.org" => {
            "https://github.com/apache/spark-kubernetes-operator/tree/main/build-tools/helm/spark-kubernetes-operator/crds"
        }
        "spark.stackable.tech" => "https://crds.stackable.tech/spark-k8s-operator/",
        _ => "https://www.kubeflow.org/docs/components/spark-operator/reference/api-docs/",
    }
}

impl Shape {
    /// Its fields, by name.
    pub fn fields(self) -> &'static [FieldType] {
        BUILT_IN.shapes.get(self.0).map_or(&[], Vec::as_slice)
    }

    /// One of its fields.
    pub fn field(self, name: &str) -> Option<&'static FieldType> {
        let fields = self.fields();
        fields.binary_search_by(|field| field.name.cmp(name)).ok().map(|at| &fields[at])
    }
}

impl Definition {
    /// Where a field may have been meant that the mapping of a path and shape does not have.
    pub fn meant(&self, path: &[&str], shape: Shape, name: &str) -> Meant {
        let siblings = || shape.fields().iter().map(|field| field.name);
        let same = siblings().find(|sibling| plain(sibling) == plain(name));
        let near = same.or_else(|| nearest(name, siblings()));
        let is_clear = same.is_some() || near.is_some_and(|near| differ_in_one(near, name));
        Meant { near, is_clear, elsewhere: self.elsewhere(path, name), group: self.foreign(path, name) }
    }

    /// Paths of fields with a name, the nearest to a place first.
    fn elsewhere(&self, from: &[&str], name: &str) -> Vec<String> {
        let mut found = Vec::new();
        let mut open: Vec<(Vec<&'static str>, Shape)> = vec![(Vec::new(), self.shape)];
        while let Some((path, shape)) = open.pop() {
            for field in shape.fields() {
                if field.name == name && path != from {
                    let shared = path.iter().zip(from).take_while(|(a, b)| a == b).count();
                    found.push((path.len() + from.len() - 2 * shared, path.len(), path.clone()));
                }
                // What the items of some list have says nothing about a field outside of it.
                let is_list = matches!(field.holds, Type::List(_)) && from.get(path.len()) != Some(&field.name);
                if let Some(inner) = object_in(&field.holds).filter(|_| path.len() < 6 && !is_list) {
                    open.push((path.iter().copied().chain([field.name]).collect(), inner));
                }
            }
        }
        found.sort();
        // `name` or `port` says nothing, unless it is one step away.
        found.retain(|(distance, _, _)| *distance < NEARBY || name.len() > 4);
        if found.len() > MANY {
            found.retain(|(distance, _, _)| *distance <= NEARBY);
        }
        let first = found.first().map(|(distance, _, _)| *distance);
        found.retain(|(distance, _, _)| Some(*distance) == first);
        let joined = |(_, _, path): (_, _, Vec<&str>)| path.into_iter().chain([name]).collect::<Vec<_>>().join(".");
        found.into_iter().map(joined).take(MANY).collect()
    }

    /// Another operator's group whose resource of this kind has the field in the same place.
    fn foreign(&self, path: &[&str], name: &str) -> Option<&'static str> {
        let others = BUILT_IN.resources.iter().filter(|other| other.kind == self.kind);
        let group = |api: &'static str| api.split('/').next().unwrap_or_default();
        let mut others = others.filter(|other| group(other.api) != group(self.api));
        let has = |other: &&Definition| other.at(path).is_some_and(|shape| shape.field(name).is_some());
        others.find(has).map(|other| group(other.api))
    }

    fn at(&self, path: &[&str]) -> Option<Shape> {
        path.iter().try_fold(self.shape, |shape, name| object_in(&shape.field(name)?.holds))
    }
}

impl Type {
    /// How it is called in messages.
    pub fn name(&self) -> String {
        match self {
            Self::Text => "a text".into(),
            Self::Integer => "a whole number".into(),
            Self::Number => "a number".into(),
            Self::Boolean => "`true` or `false`".into(),
            Self::IntOrText => "a whole number or a text".into(),
            Self::OneOf(values) => {
                let values: Vec<String> = values.iter().map(|value| format!("`{value}`")).collect();
                format!("one of {}", values.join(", "))
            }
            Self::List(_) => "a list".into(),
            Self::Map(_) | Self::Object(_) => "a mapping".into(),
            Self::Either(types) => types.iter().map(Self::name).collect::<Vec<_>>().join(" or "),
            Self::Any => "anything".into(),
        }
    }
}

/// The object that a field holds, in a list or alone.
fn object_in(holds: &Type) -> Option<Shape> {
    match holds {
        Type::Object(shape) => Some(*shape),
        Type::List(inner) => object_in(inner),
        _ => None,
    }
}

/// A name without what people write differently: case, and what stands between words.
fn plain(name: &str) -> String {
    name.chars().filter(|c| !matches!(c, '-' | '_' | '.')).map(|c| c.to_ascii_lowercase()).collect()
}

/// Whether two longer names differ in one letter: one more, one less, another, or two swapped.
fn differ_in_one(a: &str, b: &str) -> bool {
    let (short, long) = if a.len() <= b.len() { (a.as_bytes(), b.as_bytes()) } else { (b.as_bytes(), a.as_bytes()) };
    if short.len() < 5 || long.len() - short.len() > 1 {
        return false;
    }
    let same_start = short.iter().zip(long).take_while(|(a, b)| a == b).count();
    let same_end = short.iter().rev().zip(long.iter().rev()).take_while(|(a, b)| a == b).count();
    let is_one = same_start + same_end + 1 >= long.len();
    let is_swap = short.len() == long.len()
        && same_start + same_end + 2 >= long.len()
        && short.get(same_start) == long.get(same_start + 1)
        && short.get(same_start + 1) == long.get(same_start);
    is_one || is_swap
}

/// Reads the list. What is not understood holds anything; a test asks for that not to happen.
fn read(text: &'static str) -> Definitions {
    let lines = || text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let is_shape = |line: &&str| !line.starts_with(' ') && !line.starts_with("resource ");
    let names: HashMap<&str, usize> = lines().filter(is_shape).enumerate().map(|(i, name)| (name, i)).collect();
    let mut definitions = Definitions { resources: Vec::new(), shapes: vec![Vec::new(); names.len()] };
    let mut current = None;
    for line in lines() {
        if let Some(resource) = line.strip_prefix("resource ") {
            let mut words = resource.split(' ');
            if let (Some(api), Some(kind), Some(shape)) = (words.next(), words.next(), words.next())
                && let Some(shape) = names.get(shape)
            {
                definitions.resources.push(Definition { api, kind, shape: Shape(*shape) });
            }
        } else if let Some((name, holds)) = line.strip_prefix(' ').and_then(|field| field.split_once(' ')) {
            let (name, required) = name.strip_suffix('!').map_or((name, false), |name| (name, true));
            let fields = current.and_then(|at: usize| definitions.shapes.get_mut(at));
            if let Some(fields) = fields {
                fields.push(FieldType { name, required, holds: holds_of(holds, &names) });
            }
        } else {
            current = names.get(line).copied();
        }
    }
    for fields in &mut definitions.shapes {
        fields.sort_by_key(|field| field.name);
    }
    definitions
}

fn holds_of(text: &'static str, names: &HashMap<&str, usize>) -> Type {
    let inner = |open, close| text.strip_prefix(open)?.strip_suffix(close).map(|t| Box::new(holds_of(t, names)));
    if let Some(items) = inner('[', ']') {
        return Type::List(items);
    }
    if let Some(values) = inner('{', '}') {
        return Type::Map(values);
    }
    if let Some(values) = text.strip_prefix('=') {
        return Type::OneOf(values.split(',').collect());
    }
    if text.contains('|') {
        return Type::Either(text.split('|').map(|t| holds_of(t, names)).collect());
    }
    match text {
        "string" => Type::Text,
        "integer" => Type::Integer,
        "number" => Type::Number,
        "boolean" => Type::Boolean,
        "int-or-string" => Type::IntOrText,
        _ => names.get(text).map_or(Type::Any, |at| Type::Object(Shape(*at))),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn application() -> &'static Definition {
        definition("sparkoperator.k8s.io/v1beta2", "SparkApplication").unwrap()
    }

    #[test]
    fn every_line_is_understood() {
        let is_shape = |line: &&str| line.starts_with(|c: char| c.is_ascii_uppercase());
        assert_eq!(TEXT.lines().filter(is_shape).count(), BUILT_IN.shapes.len());
        assert!(BUILT_IN.shapes.iter().all(|fields| !fields.is_empty()));
        assert!(BUILT_IN.resources.iter().all(|r| GROUPS.contains(&r.api.split('/').next().unwrap())));
        let fields = |line: &&str| line.starts_with(' ');
        assert_eq!(TEXT.lines().filter(fields).count(), BUILT_IN.shapes.iter().map(Vec::len).sum::<usize>());
        let any =
            TEXT.lines().filter(|line| line.ends_with('?') || line.ends_with("?}") || line.ends_with("?]")).count();
        let holds_any = |holds: &Type| match holds {
            Type::List(inner) | Type::Map(inner) => **inner == Type::Any,
            holds => *holds == Type::Any,
        };
        assert_eq!(BUILT_IN.shapes.iter().flatten().filter(|field| holds_any(&field.holds)).count(), any);
    }

    #[test]
    fn definitions_say_what_the_operators_say() {
        let driver = application().at(&["spec", "driver"]).unwrap();
        assert_eq!(driver.field("cores").unwrap().holds, Type::Integer);
        assert_eq!(driver.field("coreLimit").unwrap().holds, Type::Text);
        assert!(
            application().at(&["spec", "driver", "template", "spec", "containers"]).unwrap().field("env").is_some()
        );
        let spec = application().at(&["spec"]).unwrap();
        assert!(spec.field("type").unwrap().required && !spec.field("mode").unwrap().required);
        assert!(definition("sparkoperator.k8s.io/v1beta1", "SparkApplication").is_none());
        assert!(definition("spark.apache.org/v1", "SparkCluster").is_some());
        assert!(definition("apps/v1", "Deployment").is_none());
    }

    #[test]
    fn a_misplaced_field_is_found_where_it_belongs() {
        let meant = |path: &[&str], name: &str| application().meant(path, application().at(path).unwrap(), name);
        assert_eq!(
            meant(&["spec"], "serviceAccount").elsewhere,
            ["spec.driver.serviceAccount", "spec.executor.serviceAccount"]
        );
        assert_eq!(meant(&["spec", "driver"], "instances").elsewhere, ["spec.executor.instances"]);
        assert_eq!(meant(&[], "sparkConf").elsewhere, ["spec.sparkConf"]);
        let misspelt = meant(&["spec"], "mainAplicationFile");
        assert_eq!((misspelt.near, misspelt.is_clear), (Some("mainApplicationFile"), true));
        assert!(
            meant(&["spec"], "spark_version").is_clear && !meant(&["spec", "driver"], "serviceAccountName").is_clear
        );
        assert_eq!(meant(&["spec"], "driverSpec").group, Some("spark.apache.org"));
        assert_eq!(meant(&["spec"], "name").elsewhere, Vec::<String>::new());
    }
}
