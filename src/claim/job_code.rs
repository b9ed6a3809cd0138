//! Jobs and clusters that Python code describes: Airflow's operators, the vendors' own clients.

use super::packages;
use super::platform::requirement;
use crate::fact::{ConfSetting, Facts, Part, PartId, PartKind, Platform, Submission, Via};
use crate::read::code::{Call, Code, Value};
use crate::source::{Source, Span, Traced};
use std::collections::HashSet;

/// The deepest that descriptions are nested.
const MAX_DEPTH: usize = 12;

/// Arguments of Airflow's operator for spark-submit, and the settings they stand for.
const ARGUMENTS: [(&str, &str); 4] = [
    ("packages", "spark.jars.packages"),
    ("exclude_packages", "spark.jars.excludes"),
    ("jars", "spark.jars"),
    ("py_files", "spark.submit.pyFiles"),
];

/// Keys of labels, with the platform that they are of.
const LABELS: [(&str, &str); 8] = [
    ("ReleaseLabel", "emr"),
    ("releaseLabel", "emr"),
    ("release_label", "emr"),
    ("spark_version", "databricks"),
    ("GlueVersion", "glue"),
    ("glue_version", "glue"),
    ("image_version", "dataproc"),
    ("imageVersion", "dataproc"),
];

/// What a source describes; tests describe nothing that runs.
pub fn claim(source: &Source, code: &Code) -> Facts {
    let mut jobs = Jobs { source, facts: Facts::default(), seen: HashSet::new() };
    if super::session::is_test(&source.path) {
        return jobs.facts;
    }
    for call in &code.calls {
        if matches!(call.name.as_str(), "SparkSubmitOperator" | "SparkSubmitHook") {
            jobs.submission(call);
        }
        jobs.command(call);
        let entries: Vec<(&Traced, &Value)> =
            call.arguments.iter().filter_map(|argument| Some((argument.name.as_ref()?, &argument.value))).collect();
        jobs.mapping(&entries, &[], 0);
        for argument in call.arguments.iter().filter(|argument| argument.name.is_none()) {
            jobs.value(&argument.value, &[], 0);
        }
    }
    jobs.facts
}

/// The arguments in which calls are given a command for a shell, or its words.
const COMMANDS: [(&str, &[&str]); 9] = [
    ("BashOperator", &["bash_command"]),
    ("SSHOperator", &["command"]),
    ("DockerOperator", &["command"]),
    ("system", &[]),
    ("run", &["args"]),
    ("call", &["args"]),
    ("check_call", &["args"]),
    ("check_output", &["args"]),
    ("Popen", &["args"]),
];

struct Jobs<'a> {
    source: &'a Source,
    facts: Facts,
    /// Labels that were met: one description may be handed to several calls.
    seen: HashSet<Span>,
}

impl Jobs<'_> {
    fn submission(&mut self, call: &Call) {
        let argument = |name: &str| call.argument(usize::MAX, &[name]);
        let main = argument("application").and_then(Value::text).cloned();
        let name = main.as_ref().map_or("", |text| text.as_str().rsplit('/').next().unwrap_or_default());
        let part = self.facts.add(Part {
            name: format!("{}: {} {name}", self.source.path, call.name),
            span: call.name.span(),
            folder: self.source.folder().to_owned(),
            kind: PartKind::Submission(Submission {
                program: call.name.clone(),
                main_class: argument("java_class").and_then(Value::text).cloned(),
                main,
                flags: Vec::new(),
                span: call.span,
                within: None,
                slot: None,
                container: None,
                open: true,
            }),
        });
        for (name, key) in ARGUMENTS {
            if let Some(text) = argument(name).and_then(Value::text) {
                self.setting(part, Traced::literal(key, text.span()), Some(text.clone()));
            }
        }
        for (key, value) in argument("conf").map_or(&[][..], Value::entries) {
            if let Some(key) = key.text().filter(|key| key.as_str().starts_with("spark.")) {
                self.setting(part, key.clone(), value.shown().cloned());
            }
        }
    }

    /// A command that an operator or the code itself runs.
    fn command(&mut self, call: &Call) {
        let Some((_, names)) = COMMANDS.iter().find(|(name, _)| *name == call.name.as_str()) else { return };
        let of_module = matches!(call.receiver.as_str(), "os" | "subprocess");
        if call.name.as_str().ends_with("Operator") == of_module {
            return;
        }
        let position = if of_module { 0 } else { usize::MAX };
        let Some(value) = call.argument(position, names) else { return };
        let words: Option<Vec<Traced>> = value.items().iter().map(|item| item.text().cloned()).collect();
        let line = value.text().cloned().unwrap_or_else(|| Traced::literal("", call.span));
        let facts = super::submit::claim_command(self.source, &line, &words.unwrap_or_default());
        self.facts.append(facts);
    }

    fn setting(&mut self, part: PartId, key: Traced, value: Option<Traced>) {
        self.facts.settings.push(ConfSetting { part, key, value, via: Via::Submit, slot: None });
    }

    /// The platforms that a value describes.
    fn value(&mut self, value: &Value, above: &[&str], depth: usize) -> Vec<PartId> {
        if depth > MAX_DEPTH {
            return Vec::new();
        }
        let entries: Vec<(&Traced, &Value)> =
            value.entries().iter().filter_map(|(key, value)| Some((key.text()?, value))).collect();
        let mut found = self.mapping(&entries, above, depth);
        for item in value.items() {
            found.extend(self.value(item, above, depth + 1));
        }
        found
    }

    fn mapping(&mut self, entries: &[(&Traced, &Value)], above: &[&str], depth: usize) -> Vec<PartId> {
        let mut found = Vec::new();
        for (key, value) in entries {
            let label = LABELS.iter().find(|(name, _)| *name == key.as_str());
            if let (Some((_, vendor)), Some(text)) = (label, value.text())
                && is_label(vendor, text.as_str(), above)
                && self.seen.insert(text.span())
            {
                found.push(self.facts.add(Part {
                    name: format!("{}: {vendor}", self.source.path),
                    span: text.span(),
                    folder: self.source.folder().to_owned(),
                    kind: PartKind::Platform(Platform { vendor, label: text.clone() }),
                }));
            }
            let inner: Vec<&str> = above.iter().copied().chain([key.as_str()]).collect();
            found.extend(self.value(value, &inner, depth + 1));
        }
        // What is declared beside a label, or around its only cluster, is loaded there.
        if let [part] = found.as_slice() {
            self.beside(entries, *part);
        }
        found
    }

    fn beside(&mut self, entries: &[(&Traced, &Value)], part: PartId) {
        for (key, value) in entries {
            match key.as_str() {
                "spark_conf" => {
                    for (key, value) in value.entries() {
                        if let Some(key) = key.text().filter(|key| key.as_str().starts_with("spark.")) {
                            self.setting(part, key.clone(), value.shown().cloned());
                        }
                    }
                }
                "libraries" => value.items().iter().for_each(|item| self.library(item, part)),
                "DefaultArguments" | "default_arguments" => {
                    for (key, value) in value.entries() {
                        if let (Some("--extra-jars"), Some(text)) = (key.text().map(Traced::as_str), value.text()) {
                            self.setting(part, Traced::literal("spark.jars", text.span()), Some(text.clone()));
                        }
                    }
                }
                _ => {}
            }
        }
    }

    /// `{"maven": {"coordinates": "…"}}`, `{"pypi": {"package": "…"}}`.
    fn library(&mut self, item: &Value, part: PartId) {
        let below = |kind: &str, key: &str| {
            let of = |value: &Value, name: &str| {
                value
                    .entries()
                    .iter()
                    .find(|(k, _)| k.text().is_some_and(|k| k.as_str() == name))
                    .map(|(_, v)| v.clone())
            };
            of(item, kind).and_then(|inner| of(&inner, key)).and_then(|value| value.text().cloned())
        };
        let maven = below("maven", "coordinates").and_then(|text| packages::coordinate(part, &text));
        let pypi = below("pypi", "package").and_then(|text| requirement(part, &text));
        self.facts.dependencies.extend(maven.into_iter().chain(pypi));
    }
}

/// Whether a text is a label of a platform, by its form and where it stands.
fn is_label(vendor: &str, text: &str, above: &[&str]) -> bool {
    let number = text.starts_with(|c: char| c.is_ascii_digit());
    match vendor {
        "emr" => text.starts_with("emr-") && !text.starts_with("emr-spark-"),
        "databricks" => number && text.contains(".x-"),
        "dataproc" => number && above.iter().any(|key| matches!(*key, "software_config" | "softwareConfig")),
        _ => number,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::code::read_python;
    use crate::source::{FileId, Format, Location};

    fn claimed(text: &str) -> Facts {
        let source =
            Source { path: "dags/job.py".into(), location: Location::Memory([].into()), format: Format::Python };
        claim(&source, &read_python(FileId(0), text).body)
    }

    fn labels(text: &str) -> Vec<String> {
        let facts = claimed(text);
        let label = |part: &Part| match &part.kind {
            PartKind::Platform(platform) => Some(format!("{} {}", platform.vendor, platform.label)),
            _ => None,
        };
        facts.parts.iter().filter_map(label).collect()
    }

    #[test]
    fn operators_submit() {
        let facts = claimed(
            "SparkSubmitOperator(task_id='a', application='/jobs/a.py', packages='g:a_2.12:1,g:b:2', conf={'spark.x': 1, 'y': 2})",
        );
        let settings: Vec<String> = facts
            .settings
            .iter()
            .map(|s| format!("{}={}", s.key, s.value.as_ref().map_or("?", Traced::as_str)))
            .collect();
        assert_eq!(settings, ["spark.jars.packages=g:a_2.12:1,g:b:2", "spark.x=1"]);
        assert_eq!(facts.parts[0].name, "dags/job.py: SparkSubmitOperator a.py");
    }

    #[test]
    fn clients_create_clusters() {
        assert_eq!(labels("emr.run_job_flow(Name='a', ReleaseLabel='emr-7.1.0')"), ["emr emr-7.1.0"]);
        assert_eq!(labels("glue.create_job(Name='a', GlueVersion='4.0')"), ["glue 4.0"]);
        let cluster =
            "cluster = {'spark_version': '15.4.x-scala2.12'}\nrun(new_cluster=cluster)\nrun(new_cluster=cluster)";
        assert_eq!(labels(cluster), ["databricks 15.4.x-scala2.12"]);
        assert_eq!(
            labels("f(spark_version='3.5.1')\nf(image_version='2.1')\nf({'release_label': x})"),
            Vec::<String>::new()
        );
    }

    #[test]
    fn libraries_beside_a_cluster_are_loaded_there() {
        let facts = claimed(
            "Submit(json={'new_cluster': {'spark_version': '13.3.x-scala2.12'}, 'libraries': [{'maven': {'coordinates': 'g:a_2.12:1.0'}}, {'pypi': {'package': 'delta-spark==2.4.0'}}]})",
        );
        let names: Vec<String> = facts.dependencies.iter().map(crate::fact::Dependency::coordinate).collect();
        assert_eq!(names, ["g:a_2.12", "delta-spark"]);
    }
}
