//! Libraries that are loaded without a build: `spark.jars.packages`, `spark.jars`, jar files that an image copies or downloads, and the jar that
//! is submitted.

use crate::fact::module::split_suffix;
use crate::fact::{
    ConfSetting, Dependency, Ecosystem, Facts, How, PartId, PartKind, Scope, SparkApplication, Stage, Submission,
    Unresolved,
};
use crate::source::Traced;
use crate::table::{Kind, Tables};
use crate::version::{Version, VersionSet};

/// Adds the libraries that settings and images name.
pub fn claim(facts: &mut Facts, tables: &Tables) {
    let mut found = Found { tables, dependencies: Vec::new(), unresolved: Vec::new() };
    for setting in &facts.settings {
        found.setting(setting);
    }
    for (part, of) in facts.parts() {
        match &of.kind {
            PartKind::ImageBuild(build) => {
                for stage in build.final_stages() {
                    found.stage(part, stage, &build.stages[stage]);
                }
            }
            // The application itself says in its name which Scala it is built for.
            PartKind::Submission(Submission { main: Some(main), .. })
            | PartKind::Application(SparkApplication { main_file: Some(main), .. }) => {
                found.dependencies.extend(jar(part, main, tables).filter(|jar| jar.scala.is_some()));
            }
            _ => {}
        }
    }
    let Found { mut dependencies, mut unresolved, .. } = found;
    facts.dependencies.append(&mut dependencies);
    facts.unresolved.append(&mut unresolved);
}

struct Found<'t> {
    tables: &'t Tables,
    dependencies: Vec<Dependency>,
    unresolved: Vec<Unresolved>,
}

impl Found<'_> {
    fn setting(&mut self, setting: &ConfSetting) {
        let Some(value) = &setting.value else { return };
        let separator = match setting.key.as_str() {
            "spark.jars.packages" | "spark.jars" => ',',
            "spark.driver.extraClassPath" | "spark.executor.extraClassPath" => ':',
            _ => return,
        };
        let packages = setting.key.as_str() == "spark.jars.packages";
        for item in split(value, separator) {
            if item.as_str().contains(['$', '{']) {
                let why = "the name is only known where it is run".to_owned();
                self.unresolved.push(Unresolved { span: item.span(), why });
            } else if let Some(dependency) =
                if packages { coordinate(setting.part, &item) } else { jar(setting.part, &item, self.tables) }
            {
                self.dependencies.push(Dependency { slot: setting.slot.clone(), ..dependency });
            }
        }
    }

    /// Jars that a stage copies in or downloads, by their names.
    fn stage(&mut self, part: PartId, number: usize, stage: &Stage) {
        let copied = stage.copies.iter().flat_map(|copy| copy.sources.iter().cloned());
        let downloaded = stage.runs.iter().flat_map(|run| words(&run.text));
        let mut seen = Vec::new();
        for word in copied.chain(downloaded) {
            // A download names its jar twice, as address and as file.
            let Some(dependency) = jar(part, &word, self.tables) else { continue };
            let name = (dependency.coordinate(), dependency.versions.clone());
            if !seen.contains(&name) {
                seen.push(name);
                self.dependencies.push(Dependency { stage: Some(number), ..dependency });
            }
        }
    }
}

/// The parts between separators, without blanks around them; empty ones are left out.
fn split(text: &Traced, separator: char) -> Vec<Traced> {
    let mut parts: Vec<Traced> = pieces(text, separator).iter().map(Traced::trim).collect();
    parts.retain(|part| !part.as_str().is_empty());
    parts
}

fn pieces(text: &Traced, separator: char) -> Vec<Traced> {
    let start = |piece: &str| piece.as_ptr() as usize - text.as_str().as_ptr() as usize;
    let pieces = text.as_str().split(separator);
    pieces.map(|piece| text.slice(start(piece)..start(piece) + piece.len())).collect()
}

/// The words of a command that name a jar.
fn words(text: &Traced) -> Vec<Traced> {
    let value = text.as_str();
    let mut found = Vec::new();
    for (at, _) in value.match_indices(".jar") {
        let end = at + ".jar".len();
        let is_end = value[end..].chars().next().is_none_or(|c| c.is_whitespace() || "\"';&|),".contains(c));
        let start =
            value[..at].rfind(|c: char| c.is_whitespace() || "\"'=(,;|/".contains(c)).map_or(0, |before| before + 1);
        if is_end {
            found.push(text.slice(start..end));
        }
    }
    found
}

/// A coordinate as `--packages` takes it: `group:artifact:version`.
pub fn coordinate(part: PartId, text: &Traced) -> Option<Dependency> {
    let mut pieces = pieces(text, ':').into_iter();
    let (group, artifact, version) = (pieces.next()?, pieces.next()?, pieces.next());
    let (name, scala) = split_suffix(&artifact);
    let known = version.as_ref().and_then(|version| Version::parse(version.as_str()));
    Some(Dependency {
        group: group.to_string(),
        scala,
        versions: known.map_or_else(VersionSet::any, VersionSet::exactly),
        version,
        scope: Scope::Runtime,
        how: How::Package,
        ..Dependency::named(part, Ecosystem::Maven, name, text.span())
    })
}

/// A jar file by its name: `delta-spark_2.12-3.2.0.jar`, also at the end of a path or address. None where the name says nothing certain.
pub fn jar(part: PartId, path: &Traced, tables: &Tables) -> Option<Dependency> {
    let text = path.as_str();
    let text = text.split(['?', '#']).next()?;
    let start = text.rfind(['/', '\\']).map_or(0, |slash| slash + 1);
    let end = text.strip_suffix(".jar")?.len();
    if end <= start || text[start..].contains(['$', '*', '{', '%']) {
        return None;
    }
    let stem = path.slice(start..end);
    let value = stem.as_str();
    let dashes = value.match_indices('-').map(|(at, _)| at);
    let splits = dashes.filter(|at| value[at + 1..].starts_with(|c: char| c.is_ascii_digit()));
    let candidates = splits.map(|at| {
        let (name, scala) = split_suffix(&stem.slice(0..at));
        let version = stem.slice(at + 1..value.len());
        Dependency {
            versions: Version::parse(version.as_str()).map_or_else(VersionSet::any, VersionSet::exactly),
            version: Some(version),
            scala,
            scope: Scope::Runtime,
            how: How::Jar,
            ..Dependency::named(part, Ecosystem::Maven, name, stem.span())
        }
    });
    let candidates: Vec<Dependency> = candidates.collect();
    let of_scala = [Kind::Spark, Kind::SparkModule];
    // Spark's own jars always have a suffix; without one, the name is somebody else's.
    let is_known = |candidate: &&Dependency| {
        tables.artefact(candidate).is_some_and(|(artefact, _)| !of_scala.contains(&artefact.kind))
    };
    // A dash and a digit may stand in a name; a Scala suffix ends it.
    let suffixed = candidates.iter().find(|candidate| candidate.scala.is_some());
    suffixed.or_else(|| candidates.iter().find(is_known)).cloned()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::source::{FileId, Span};
    use crate::table::BUILT_IN;

    fn text(value: &str) -> Traced {
        Traced::literal(value, Span::new(FileId(0), 10..10 + value.len()))
    }

    fn shown(dependency: Option<Dependency>) -> Option<String> {
        dependency.map(|d| format!("{} {}", d.coordinate(), d.version.as_ref().map_or("-", Traced::as_str)))
    }

    #[test]
    fn coordinates_are_read_with_their_places() {
        let dependency = coordinate(PartId(0), &text("org.apache.spark:spark-avro_2.12:3.5.1")).unwrap();
        assert_eq!(shown(Some(dependency.clone())).unwrap(), "org.apache.spark:spark-avro_2.12 3.5.1");
        let (scala, version) = (dependency.scala.unwrap().span(), dependency.version.unwrap().span());
        assert_eq!((scala.range(), version.range()), (38..42, 43..48));
        assert!(coordinate(PartId(0), &text("spark-avro")).is_none());
    }

    #[test]
    fn jars_are_known_by_their_names() {
        let of = |name: &str| shown(jar(PartId(0), &text(name), &BUILT_IN));
        assert_eq!(of("https://x.y/spark-avro_2.12-3.5.1.jar").unwrap(), "spark-avro_2.12 3.5.1");
        assert_eq!(of("spark-sql-kafka-0-10_2.12-3.5.1.jar").unwrap(), "spark-sql-kafka-0-10_2.12 3.5.1");
        assert_eq!(of("target/own-2-tool_2.13-1.0-SNAPSHOT.jar").unwrap(), "own-2-tool_2.13 1.0-SNAPSHOT");
        for silent in ["app.jar", "app-1.0.jar", "x_2.12-*.jar", "x_2.12-${V}.jar", ".jar", "a_2.12-1.0.zip", ""] {
            assert_eq!(of(silent), None, "{silent}");
        }
    }

    #[test]
    fn commands_name_jars() {
        let run =
            text("curl -o /opt/a-1.jar 'https://h/b_2.12-3.5.1.jar' && ls x.jars --jars=c_2.12-1.jar,d_2.12-2.jar");
        let found: Vec<String> = words(&run).iter().map(ToString::to_string).collect();
        assert_eq!(found, ["a-1.jar", "b_2.12-3.5.1.jar", "c_2.12-1.jar", "d_2.12-2.jar"]);
    }
}
