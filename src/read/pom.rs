//! Maven's `pom.xml`, as written: nothing inherited, nothing interpolated.
//!
//! Grammar: <https://maven.apache.org/ref/3.8.7/maven-model/maven.html>.

mod elements;

use super::{Loss, Reading, xml};
use crate::finding::Edit;
use crate::source::{FileId, Span, Traced};

/// A POM as written.
#[derive(Debug, Clone)]
pub struct Pom {
    /// The file.
    pub file: FileId,
    /// The name `project` in the root's start tag: where the POM as a whole is pointed at.
    pub span: Span,
    /// `<groupId>`.
    pub group: Option<Traced>,
    /// `<artifactId>`.
    pub artifact: Option<Traced>,
    /// `<version>`.
    pub version: Option<Traced>,
    /// `<packaging>`; `jar` where nothing is written.
    pub packaging: Option<Traced>,
    /// `<parent>`.
    pub parent: Option<Parent>,
    /// What stands outside of profiles.
    pub main: Layer,
    /// `<profiles>`, in order.
    pub profiles: Vec<Profile>,
}

/// The POM that this one inherits from.
#[derive(Debug, Clone)]
pub struct Parent {
    /// `<groupId>`.
    pub group: Option<Traced>,
    /// `<artifactId>`.
    pub artifact: Option<Traced>,
    /// `<version>`.
    pub version: Option<Traced>,
    /// Where it is looked for on disk.
    pub relative_path: RelativePath,
    /// The whole element.
    pub span: Span,
}

/// Where a parent is looked for on disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RelativePath {
    /// Not written: `../pom.xml`.
    Default,
    /// `<relativePath/>`: only in repositories of artefacts.
    Nowhere,
    /// As written.
    At(Traced),
}

/// What both the project itself and each of its profiles can say.
#[derive(Debug, Clone, Default)]
pub struct Layer {
    /// `<properties>`, in order.
    pub properties: Vec<Property>,
    /// `<modules>`.
    pub modules: Vec<Traced>,
    /// `<dependencies>`.
    pub dependencies: Vec<Dependency>,
    /// `<dependencyManagement>`.
    pub managed: Vec<Dependency>,
    /// `<build><finalName>`.
    pub final_name: Option<Traced>,
    /// `<build><plugins>`, those whose settings matter to us.
    pub plugins: Vec<Plugin>,
    /// `<build><pluginManagement>`, those whose settings matter to us.
    pub managed_plugins: Vec<Plugin>,
}

impl Layer {
    /// Whether it says nothing that we look at.
    pub fn is_empty(&self) -> bool {
        self.properties.is_empty()
            && self.modules.is_empty()
            && self.dependencies.is_empty()
            && self.managed.is_empty()
            && self.final_name.is_none()
            && self.plugins.is_empty()
            && self.managed_plugins.is_empty()
    }
}

/// A property.
#[derive(Debug, Clone)]
pub struct Property {
    /// The element's name.
    pub name: Box<str>,
    /// Its value; None where it is empty.
    pub value: Option<Traced>,
    /// The whole element.
    pub span: Span,
}

/// A dependency, or the management of one.
#[derive(Debug, Clone)]
pub struct Dependency {
    /// `<groupId>`.
    pub group: Traced,
    /// `<artifactId>`.
    pub artifact: Traced,
    /// `<version>`.
    pub version: Option<Traced>,
    /// `<scope>`.
    pub scope: Option<Traced>,
    /// `<type>`.
    pub kind: Option<Traced>,
    /// `<classifier>`.
    pub classifier: Option<Traced>,
    /// `<optional>`: it stays out of what depends on this module.
    pub optional: bool,
    /// The edit that makes it `provided`, of libraries that Spark brings.
    pub provide: Option<Edit>,
    /// `<exclusions>` as `group:artifact`, `*` for anything and for what a property says: what does not come with it.
    pub exclusions: Vec<String>,
    /// The whole element.
    pub span: Span,
}

/// A plugin whose settings matter to us.
#[derive(Debug, Clone)]
pub struct Plugin {
    /// `<artifactId>`.
    pub artifact: Box<str>,
    /// The text of its `<artifactId>`.
    pub span: Span,
    /// The edit that makes it merge service files, where it unites jars and has a place for it.
    pub merge: Option<Edit>,
    /// `<inherited>` is not `false`.
    pub inherited: bool,
    /// `<configuration>`.
    pub settings: Vec<Setting>,
    /// `<executions>`.
    pub executions: Vec<Execution>,
}

/// One run of a plugin.
#[derive(Debug, Clone)]
pub struct Execution {
    /// `<id>`; `default` where nothing is written.
    pub id: Box<str>,
    /// `<phase>` is `none`: it does not run.
    pub disabled: bool,
    /// `<configuration>`.
    pub settings: Vec<Setting>,
}

/// One text of a plugin's configuration.
#[derive(Debug, Clone)]
pub struct Setting {
    /// The names of the elements that lead to it: `descriptorRefs/descriptorRef`.
    pub path: Box<str>,
    /// The text.
    pub value: Traced,
}

/// A profile.
#[derive(Debug, Clone)]
pub struct Profile {
    /// `<id>`; `default` where nothing is written.
    pub id: Box<str>,
    /// The id's text, else the element's name.
    pub span: Span,
    /// When it is active without being named.
    pub activation: Activation,
    /// What it adds or overrides.
    pub layer: Layer,
}

/// When a profile is active without being named on the command line.
#[derive(Debug, Clone, Default)]
pub struct Activation {
    /// `<activeByDefault>true`: while no other profile of the same POM is.
    pub by_default: bool,
    /// `<jdk>`: a version or range.
    pub jdk: Option<Traced>,
    /// `<property>`: its name (with `!` in front where its absence counts) and value.
    pub property: Option<(Traced, Option<Traced>)>,
    /// `<file>` asks for something on disk.
    pub file: bool,
    /// `<os>` asks for an operating system.
    pub os: bool,
}

/// Reads a POM; None where the root is no `<project>` or nothing could be read.
pub fn read(file: FileId, text: &str) -> Reading<Option<Pom>> {
    let mut reading = xml::read(file, text);
    let Some(root) = reading.body.root() else {
        let loss = Loss::whole(Span::new(file, 0..0), "the file holds no element: it is no POM");
        reading.losses.insert(0, loss);
        return reading.map(|_| None);
    };
    if root.name() != "project" {
        let message = format!("the root is `<{}>`, not `<project>`: it is no POM", root.name());
        return Reading { body: None, comments: Vec::new(), losses: vec![Loss::limit(root.name_span(), message)] };
    }
    let (pom, mut losses) = elements::pom(file, root, text);
    reading.losses.append(&mut losses);
    reading.losses.sort_by_key(|loss| loss.span.start);
    reading.map(|_| Some(pom))
}

#[cfg(test)]
mod tests;
