//! What a properties file says about Spark: `spark-defaults.conf` and files like it.

use crate::fact::{ConfSetting, Facts, Part, PartKind, Via};
use crate::read::properties::Property;
use crate::source::{FileId, Source, Traced};

/// The settings whose keys begin with `spark.`; nothing where there is none.
pub fn claim(_file: FileId, source: &Source, properties: &[Property]) -> Facts {
    let mut facts = Facts::default();
    let name = source.name().to_ascii_lowercase();
    let is_ours = [".conf", ".properties"].iter().any(|ending| name.ends_with(ending));
    let mut settings = properties.iter().filter(|p| is_ours && p.key.as_str().starts_with("spark.")).peekable();
    let Some(first) = settings.peek() else { return facts };
    let part = facts.add(Part {
        name: source.path.clone(),
        span: first.key.span(),
        folder: source.folder().to_owned(),
        kind: PartKind::ConfFile,
    });
    // A file in which each value stands in quotes is read by something that takes them off: Java's own format would keep them.
    let is_quoted =
        |value: &Traced| value.as_str().len() > 1 && value.as_str().starts_with('"') && value.as_str().ends_with('"');
    let settings: Vec<&Property> = settings.collect();
    let all_quoted = settings.iter().all(|p| is_quoted(&p.value.trim()));
    // Spark takes the blanks off a value's end that the format keeps.
    let value = |p: &Property| {
        let value = p.value.trim();
        if all_quoted { value.slice(1..value.as_str().len() - 1) } else { value }
    };
    let setting =
        |p: &Property| ConfSetting { part, key: p.key.clone(), value: Some(value(p)), via: Via::File, slot: None };
    facts.settings = settings.into_iter().map(setting).collect();
    facts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read;
    use crate::source::{Format, Location};

    fn settings(path: &str, text: &str) -> Vec<(String, String)> {
        let location = Location::Memory(text.as_bytes().into());
        let source = Source { path: path.into(), location, format: Format::Properties };
        let facts = claim(FileId(0), &source, &read::properties::read(FileId(0), text).body);
        assert_eq!(facts.parts.is_empty(), facts.settings.is_empty());
        let text = |s: &ConfSetting| (s.key.to_string(), s.value.as_ref().map(ToString::to_string).unwrap_or_default());
        facts.settings.iter().map(text).collect()
    }

    #[test]
    fn only_keys_of_spark_are_settings() {
        let text = "# defaults\nspark.master  k8s://x  \nlog4j.level=INFO\nspark.jars=\n";
        let expected = [("spark.master".into(), "k8s://x".into()), ("spark.jars".into(), String::new())];
        for path in ["conf/spark-defaults.conf", "etl.properties"] {
            assert_eq!(settings(path, text), expected, "{path}");
        }
        let quoted = settings("job.conf", "spark.a=\"x\"\nspark.b=\"true\"\n");
        assert_eq!(quoted, [("spark.a".into(), "x".into()), ("spark.b".into(), "true".into())]);
        assert_eq!(settings("job.conf", "spark.a=\"x\"\nspark.b=y\n")[0].1, "\"x\"");
        assert!(settings("spark-defaults.conf.template", text).is_empty());
        assert!(settings("log4j.properties", "sparkle=1\nrootLogger=INFO\n").is_empty());
    }
}
