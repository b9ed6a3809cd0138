//! See `rules/spark/conf-removed-key.md`.

use crate::fact::ConfSetting;
use crate::finding::{Edit, Level, Safety};
use crate::project::conf::Readers;
use crate::rule::{Case, Findings, Group, Rule};
use crate::table::spark_conf::{Change, Fate, SparkConf, Standing};
use crate::version::VersionSet;

/// The rule.
pub static RULE: Rule = Rule {
    id: "conf-removed-key",
    group: Group::Spark,
    level: Level::Error,
    options: &[],
    yields_to: &[],
    page: include_str!("../../../rules/spark/conf-removed-key.md"),
    check,
};

fn check(case: &Case, findings: &mut Findings) {
    let (project, conf) = (case.project, case.tables.spark_conf());
    let readers = Readers::of(project);
    for setting in &project.facts.settings {
        let Some(end) = End::of(conf, setting) else { continue };
        let Some(reader) = readers.within(setting.part, &end.versions) else { continue };
        let edit = end.renamed().and_then(|new| Edit::replace(&setting.key, new));
        let finding = findings.report(&setting.key, end.message);
        finding
            .subject(format!("{}/{}", project.part(setting.part).name, setting.key))
            .because(reader.because)
            .help(end.help)
            .source(end.source)
            .fix(Safety::Unsafe, edit);
        if let Some(spark) = reader.spark {
            finding.label(&spark.text, spark.phrase()).unverified(spark.unverified);
        }
        if !end.throws {
            finding.at_most(Level::Warning);
        }
    }
}

/// How a key ended.
struct End<'c> {
    message: String,
    help: String,
    source: &'c str,
    versions: VersionSet,
    throws: bool,
    change: Option<&'c Change>,
}

impl<'c> End<'c> {
    fn of(conf: &'c SparkConf, setting: &ConfSetting) -> Option<Self> {
        let name = setting.key.as_str();
        let changes = conf.changes(name);
        // A key that was removed for good was deprecated before.
        let removed = changes.iter().find(|change| matches!(change.fate, Fate::Removed { .. }));
        if let Some(change) = removed.or(changes.first()) {
            return Self::of_change(conf, change, setting);
        }
        if let Some(gone) = conf.gone(name) {
            let since = conf.after(&gone.until)?;
            let message = format!("nothing has read `{name}` since Spark {since}, which has no {} any more", gone.what);
            return Some(Self::ignored(message, since, "leave it out", &gone.source));
        }
        let key = conf.key(name).filter(|key| key.standing != Standing::Literal)?;
        let since = conf.after(key.until?)?;
        let message = format!("nothing has read `{name}` since Spark {since}");
        Some(Self::ignored(message, since, "leave it out", "https://spark.apache.org/docs/latest/configuration.html"))
    }

    fn of_change(conf: &SparkConf, change: &'c Change, setting: &ConfSetting) -> Option<Self> {
        let name = &change.key;
        let help = match &change.instead {
            Some(new) => format!("use `{new}`"),
            None => "leave it out".to_owned(),
        };
        match &change.fate {
            Fate::Removed { since, unless } => {
                let value = setting.value.as_ref().filter(|value| value.as_str() != unless)?;
                let rest = match unless.as_str() {
                    "" => "an application that sets it does not start".to_owned(),
                    unless => format!("an application that sets it to anything but `{unless}` does not start"),
                };
                let message = format!("`{name}` was removed in Spark {since}, and {rest}: here it is `{value}`");
                Some(Self { throws: true, change: Some(change), ..Self::ignored(message, since, &help, &change.source) })
            }
            Fate::Deprecated { until: Some(until), .. } => {
                let since = conf.after(until)?;
                let message = format!("nothing has read `{name}` since Spark {since}");
                Some(Self { change: Some(change), ..Self::ignored(message, since, &help, &change.source) })
            }
            _ => None,
        }
    }

    fn ignored(message: String, since: &str, help: &str, source: &'c str) -> Self {
        let versions = SparkConf::since(since);
        Self { message, help: help.to_owned(), source, versions, throws: false, change: None }
    }

    fn renamed(&self) -> Option<&'c str> {
        self.change.filter(|change| change.same_value).and_then(|change| change.instead.as_deref())
    }
}
