//! Secrets that stand in plain text: among settings, and among the variables of images and containers.

use super::{Project, Unit};
use crate::fact::{Component, Container, Part, PartId, PartKind};
use crate::source::Traced;
use std::collections::HashSet;

/// A secret, and what it is called. Its value is for hiding, not for showing.
#[derive(Debug)]
pub struct Credential<'p> {
    /// Where.
    pub part: &'p Part,
    /// The setting or variable.
    pub name: &'p Traced,
    /// The secret.
    pub value: &'p Traced,
}

/// What the names of secrets end with, without anything between words.
const ENDINGS: [&str; 14] = [
    "password",
    "passwd",
    "secretkey",
    "secretaccesskey",
    "accountkey",
    "clientsecret",
    "authenticatesecret",
    "authsecret",
    "apikey",
    "privatekey",
    "accesstoken",
    "authtoken",
    "oauthtoken",
    "sastoken",
];

/// Words that stand where a secret will be filled in, and what everybody's demo has.
const PLACEHOLDERS: [&str; 46] = [
    "",
    "abc123",
    "accesskey",
    "admin",
    "admin123",
    "anonymous",
    "bar",
    "cassandra",
    "default",
    "demo",
    "elastic",
    "empty",
    "false",
    "foo",
    "foobar",
    "guest",
    "hadoop",
    "hive",
    "kafka",
    "key",
    "minio",
    "minio-secret",
    "minio123",
    "minioadmin",
    "minioadmin123",
    "miniosecret",
    "mysql",
    "n/a",
    "neo4j",
    "none",
    "null",
    "passw0rd",
    "password",
    "password123",
    "postgres",
    "root",
    "secret",
    "secretkey",
    "spark",
    "test",
    "test123",
    "testing",
    "token",
    "true",
    "user",
    "mypassword",
];

/// Parts of texts that say that this is not the secret.
const MARKS: [&str; 15] = [
    "changeme",
    "change-me",
    "change_me",
    "placeholder",
    "replace",
    "your",
    "dummy",
    "todo",
    "xxxx",
    "****",
    "redacted",
    "insert",
    "fixme",
    "...",
    "minio",
];

/// Beginnings of texts that name where the secret is.
const REFERENCES: [&str; 13] = [
    "/",
    "file:",
    "jceks:",
    "localjceks:",
    "vault:",
    "secret:",
    "secrets/",
    "ssm:",
    "arn:",
    "kms:",
    "env:",
    "sm://",
    "projects/",
];

impl Project {
    /// All of them.
    pub fn credentials(&self) -> Vec<Credential<'_>> {
        let mut found = Vec::new();
        for setting in &self.facts.settings {
            let part = self.part(setting.part);
            found.extend(setting.value.as_ref().map(|value| Credential { part, name: &setting.key, value }));
        }
        for part in &self.facts.parts {
            if let PartKind::ImageBuild(build) = &part.kind {
                let variables = build.stages.iter().flat_map(|stage| &stage.env);
                found.extend(variables.map(|(name, value)| Credential { part, name, value }));
            }
        }
        // A compose file is mostly a desk to work at: only where Spark is part of it does it say how something runs.
        let of_spark = self.parts_of_spark();
        for (id, part) in self.facts.parts() {
            if let PartKind::Workload(workload) = &part.kind
                && of_spark.contains(&id)
            {
                found.extend(workload.service.iter().flat_map(|service| variables(part, service)));
            }
        }
        found.extend(self.containers().flat_map(|(part, container)| variables(part, container)));
        // What a chart's or a build's values put there is a default to be overridden.
        found.retain(|one| one.value.is_literal() && is_secret(one.name.as_str(), one.value.as_str()));
        found
    }

    /// The parts that run together with a Spark, or submit to one.
    fn parts_of_spark(&self) -> HashSet<PartId> {
        let submits = |id: &PartId| matches!(self.part(*id).kind, PartKind::Submission(_) | PartKind::Application(_));
        let is_of_spark = |unit: &&Unit| {
            self.claims(unit).any(|claim| claim.component == Component::Spark) || unit.members.iter().any(submits)
        };
        self.units.iter().filter(is_of_spark).flat_map(|unit| unit.members.iter().copied()).collect()
    }
}

fn variables<'p>(part: &'p Part, container: &'p Container) -> impl Iterator<Item = Credential<'p>> {
    let known = container.env.iter().filter_map(|variable| Some((&variable.name, variable.value.as_ref()?)));
    known.map(move |(name, value)| Credential { part, name, value })
}

fn is_secret(name: &str, value: &str) -> bool {
    let value = value.trim();
    if is_key_id(value) {
        return !value.ends_with("EXAMPLE");
    }
    // A reference to a Secret is written as a setting whose name ends as the variable's.
    if name.contains(".secretKeyRef.") || name.contains(".secrets.") {
        return false;
    }
    let name: String = name.to_ascii_lowercase().chars().filter(char::is_ascii_alphanumeric).collect();
    // An account's key is set for the host of the account: `fs.azure.account.key.<host>`.
    let called = ENDINGS.iter().any(|ending| name.ends_with(ending)) || name.contains("fsazureaccountkey");
    // A password is what somebody thought of; keys and tokens are made.
    let made = value.len() > 7 && value.contains(|c: char| c.is_ascii_digit() || c == '=');
    called && is_literal(value) && (made || name.ends_with("password") || name.ends_with("passwd"))
}

/// Whether a text can be the secret itself.
fn is_literal(value: &str) -> bool {
    let low = value.to_ascii_lowercase();
    let filled_in = value.contains(['$', '{', '}', '<', '>', '%', '(', ' ', '?']);
    let one_letter = value.chars().all(|c| value.starts_with(c));
    let counts = low.len() < 9 && low.chars().all(|c| c.is_ascii_digit());
    let is_variable = value.chars().all(|c| c.is_ascii_uppercase() || c == '_');
    let is_class = low.matches('.').count() > 1 && low.chars().all(|c| c.is_ascii_alphabetic() || c == '.');
    value.len() > 3
        && !filled_in
        && !one_letter
        && !counts
        && !is_class
        && !is_variable
        && !PLACEHOLDERS.contains(&low.as_str())
        && !MARKS.iter().any(|mark| low.contains(mark))
        && !REFERENCES.iter().any(|start| low.starts_with(start))
}

/// Whether a text is the name of an access key of AWS, which stands beside its secret.
fn is_key_id(value: &str) -> bool {
    let rest = value.strip_prefix("AKIA").or_else(|| value.strip_prefix("ASIA"));
    rest.is_some_and(|rest| rest.len() == 16 && rest.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::is_secret;

    #[test]
    fn a_secret_has_a_name_and_a_value_of_one() {
        for (name, value) in [
            ("spark.hadoop.fs.s3a.secret.key", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYzEXAMPLEKEY"),
            ("spark.hadoop.fs.azure.account.key.store.dfs.core.windows.net", "c2VjcmV0LWtleQ=="),
            ("AWS_SECRET_ACCESS_KEY", "2b7e151628aed2a6"),
            ("spark.ssl.keyPassword", "s3cr3t-of-ours"),
            ("DB_PASSWORD", "hunter2"),
            ("ANYTHING", "AKIA2E0A8F3B244C9986"),
        ] {
            assert!(is_secret(name, value), "{name}");
        }
        for (name, value) in [
            ("spark.hadoop.fs.s3a.secret.key", "minioadmin"),
            ("spark.hadoop.fs.s3a.secret.key", "${SECRET}"),
            ("spark.hadoop.fs.s3a.secret.key", "<secret>"),
            ("spark.ssl.keyPassword", "changeme"),
            ("DB_PASSWORD", "/run/secrets/db"),
            ("DB_PASSWORD_FILE", "whatever-it-is"),
            ("spark.authenticate", "true"),
            ("spark.authenticate.secret.file", "secret-of-ours"),
            ("spark.hadoop.fs.s3a.aws.credentials.provider", "org.apache.hadoop.fs.s3a.SimpleAWSCredentialsProvider"),
            ("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE"),
            ("GOOGLE_API_KEY", "GOOGLE_API_KEY_VAL"),
            ("ETCD_AUTH_TOKEN", "simple"),
            ("PIN_PASSWORD", "1234"),
            ("A_PASSWORD", "xxxxxxxx"),
        ] {
            assert!(!is_secret(name, value), "{name} {value}");
        }
    }
}
