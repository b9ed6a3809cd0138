//! A report to test the formats with: some rules, some files, findings of every shape.

use super::{Format, Look, Report};
use crate::finding::{Edit, Finding, Level, Safety};
use crate::project::Coverage;
use crate::read::Loss;
use crate::rule::{Group, Rule};
use crate::source::text::Texts;
use crate::source::{self, FileId, Location, Source, Sources, Span, stable_hash};
use std::path::PathBuf;

pub(crate) const RULES: &[&Rule] = &[
    &rule("scala-binary-mismatch", Group::Versions, Level::Error, SCALA),
    &rule("probe-outlasts-period", Group::Kubernetes, Level::Warning, PROBE),
    &rule("image-newer-than-tables", Group::Image, Level::Info, IMAGE),
];

const SCALA: &str = "# scala-binary-mismatch\n\nTwo artefacts that run together are built\nfor different Scala \
    binary versions.\n\n## Why\nThe binary interface changes with each minor release of Scala.\n\n## Seen as\n\
    `NoSuchMethodError: scala.Predef$.refArrayOps`\n";
const PROBE: &str = "# probe-outlasts-period\n\nA probe may take longer than the time between two probes.\n";
const IMAGE: &str = "# image-newer-than-tables\n\nAn image is newer than what the tables know.\n";

const fn rule(id: &'static str, group: Group, level: Level, page: &'static str) -> Rule {
    Rule { id, group, level, options: &[], yields_to: &[], page, check: |_, _| {} }
}

/// Files with their findings, owned.
pub(crate) struct Sample {
    sources: Sources,
    pub(crate) findings: Vec<Finding>,
    pub(crate) coverage: Coverage,
    /// The files that are not what they were when they were read.
    pub(crate) changed: Vec<FileId>,
}

impl Sample {
    pub(crate) fn new(files: &[(&str, &str)]) -> Self {
        let source = |(path, text): &(&str, &str)| Source {
            path: (*path).into(),
            location: Location::Memory(text.as_bytes().into()),
            format: source::Format::Yaml,
        };
        let sources = Sources::new(PathBuf::new(), files.iter().map(source).collect());
        Self { sources, findings: Vec::new(), coverage: Coverage::default(), changed: Vec::new() }
    }

    /// The `nth` place (from 0) where `words` stand in a file.
    pub(crate) fn nth(&self, file: u32, words: &str, nth: usize) -> Span {
        let text = source::load(self.sources.get(FileId(file))).unwrap();
        let (at, _) = text.match_indices(words).nth(nth).unwrap();
        Span::new(FileId(file), at..at + words.len())
    }

    pub(crate) fn at(&self, file: u32, words: &str) -> Span {
        self.nth(file, words, 0)
    }

    pub(crate) fn find(&mut self, rule: usize, span: Span, message: &str) -> &mut Finding {
        let index = self.findings.len();
        self.findings.push(Finding::new(RULES[rule].id, RULES[rule].level, span, message));
        &mut self.findings[index]
    }

    pub(crate) fn with<T>(&self, of: impl FnOnce(&Report) -> T) -> T {
        let files = super::shown(&self.findings, &self.coverage);
        let hash = |id: FileId| match source::load(self.sources.get(id)) {
            Ok(text) if !self.changed.contains(&id) => stable_hash(text.as_bytes()),
            _ => 0,
        };
        let texts = Texts::load(&self.sources, files, hash);
        of(&Report {
            sources: &self.sources,
            texts: &texts,
            findings: &self.findings,
            coverage: &self.coverage,
            rules: RULES,
        })
    }

    pub(crate) fn render(&self, format: Format, width: usize, colour: bool) -> String {
        let mut out = Vec::new();
        self.with(|report| super::write(format, report, Look { width, colour }, &mut out)).unwrap();
        String::from_utf8(out).unwrap()
    }
}

const POM: &str = "\
<project>
  <modelVersion>4.0.0</modelVersion>
  <groupId>org.example</groupId>
  <artifactId>etl</artifactId>
  <version>1</version>
  <dependencies>
    <dependency>
      <groupId>org.apache.spark</groupId>
      <artifactId>spark-avro_2.12</artifactId>
      <version>3.5.3</version>
      <scope>provided</scope>
    </dependency>
  </dependencies>
</project>
";

const DOCKERFILE: &str = "\
# the image of all nightly jobs
ARG REGISTRY=registry.example.org
FROM ${REGISTRY}/spark:4.0.0-scala2.13-java17-python3-ubuntu AS run
USER root
COPY target/etl.jar /opt/spark/jars/
";

const WORKLOAD: &str = "\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: history
spec:
  template:
    spec:
      containers:
        - name: history
          image: registry.example.org/spark:4.9.0
          livenessProbe:
            httpGet:
              path: /
              port: 18080
            initialDelaySeconds: 30
            timeoutSeconds: 30
            periodSeconds: 10
";

/// A realistic run: an error over two files, a warning with a near label, an info about a place of several lines.
pub(crate) fn usual() -> Sample {
    let mut sample =
        Sample::new(&[("jobs/etl/pom.xml", POM), ("Dockerfile", DOCKERFILE), ("k8s/history.yaml", WORKLOAD)]);
    let (suffix, spark) = (sample.at(0, "2.12"), sample.at(0, "3.5.3"));
    let (tag, copy) = (sample.at(1, "scala2.13"), sample.at(1, "target/etl.jar"));
    let message = "`spark-avro_2.12` is built for Scala 2.12, but the image it runs in brings Scala 2.13";
    let finding = sample.find(0, suffix, message);
    finding.label(tag, "the image brings Scala 2.13").label(copy, "the jar of `etl` goes into it");
    finding.label(spark, "its Spark is older, too");
    finding.because("`Dockerfile:5` copies `target/etl.jar`, which `jobs/etl/pom.xml` builds");
    finding.help("depend on `spark-avro_2.13`, and build `etl` for Scala 2.13");
    finding.source("https://spark.apache.org/releases/spark-release-4-0-0.html");
    finding.subject("maven/org.example:etl/spark-avro").fix(Safety::Safe, [Edit { span: suffix, text: "2.13".into() }]);
    finding.fingerprint = "7a3f9b2c11d0e845".into();

    let (timeout, period) = (sample.nth(2, "30", 1), sample.at(2, "10\n"));
    let finding = sample.find(1, timeout, "`timeoutSeconds: 30` outlasts the probe's period of 10 s");
    finding.label(Span { end: period.end - 1, ..period }, "a hanging probe is judged every 30 s, not every 10 s");
    finding.help("keep `timeoutSeconds` below `periodSeconds`");
    finding.fix(Safety::Unsafe, [Edit { span: timeout, text: "5".into() }]);

    let (probe, image) = (sample.at(2, "livenessProbe:\n"), sample.at(2, "4.9.0"));
    let whole = probe.cover(timeout);
    let finding = sample.find(2, image, "Spark 4.9 is newer than the tables know, so it was not compared");
    finding.label(whole, "and its probe was not compared either").unverified(true);
    sample.coverage = Coverage {
        formats: vec![("pom.xml", 1), ("Dockerfile", 1), ("YAML", 1)],
        files: 3,
        parsed: 2,
        skipped: 0,
        partial: vec![Loss::limit(sample.at(1, "${REGISTRY}"), "the build argument `REGISTRY` may be set outside")],
        unresolved: 1,
        units: 1,
        ambiguous: 0,
        unknown_receivers: 0,
    };
    sample
}

/// Everything that should not reach a terminal, in a path, in the text and in all that a finding says.
pub(crate) fn hostile() -> Sample {
    let text = "\u{feff}# \u{1b}[2J\u{1b}]0;owned\u{7} \u{9b}31m\r\nimage: \"a\u{202e}b\u{2066}c\"\u{8}\u{8}\u{7f}\r\n\
        x:\t配置\u{200b}e\u{301}👩\u{200d}🚀 y\r\n";
    let mut sample = Sample::new(&[
        ("k8s/\u{1b}[31m,a:b\u{202e}\n::error::x%.yaml", text),
        ("gone.yaml", ""),
        ("new.yaml", "a: 1\n"),
    ]);
    let (image, wide, end) = (sample.at(0, "a\u{202e}b\u{2066}c"), sample.at(0, "y"), text.len());
    let finding = sample.find(0, image, "`\u{1b}[31m\u{202e}` is bad\n::error::forged\r\n::warning::again 100%");
    finding.label(wide, "\u{1b}[1m bold?\u{7}").because("\u{9b}2J").help("first\n::set-env::second\u{2028}");
    finding.source("https://example.org/\u{1b}\\").fingerprint = "f".into();
    finding.fix(Safety::Safe, [Edit { span: image, text: "\u{1b}".into() }]);
    sample.find(1, Span::new(FileId(0), end..end), "at the end of the file");
    sample.find(1, Span::new(FileId(1), 40..50), "the file is gone");
    sample.find(2, Span::new(FileId(2), 3..4), "the file changed");
    sample.find(2, Span::new(FileId(0), 0..end), "the whole file");
    sample.changed.push(FileId(2));
    sample
}

/// Places of every shape: long lines, tabs, wide signs, several on a line, over several lines, far apart, at the very end.
pub(crate) fn shapes() -> Sample {
    let minified =
        format!("{{{}\"spark\":\"3.5.0\",{}\"scala\":\"2.13\"}}", "\"a\":1,".repeat(900), "\"b\":2,".repeat(900));
    let go = "package job\n\nfunc run() {\n\tfor {\n\t\tclient.Get(\"http://名前.example/配置\", nil)\n\t}\n}\n\n\n\n\n\n\n\n\n\n\
        \n\n\n\n\nfunc client() {}";
    let yaml = "first: 1\nsecond:\n  a: e\u{301}\u{301} x\n  b: 👩\u{200d}🚀 y\n  c: 3\n  d: 4\nthird: 5\n";
    let mut sample = Sample::new(&[("min.json", &minified), ("job.go", go), ("wide.yaml", yaml)]);

    let (spark, scala) = (sample.at(0, "3.5.0"), sample.at(0, "2.13"));
    sample.find(0, spark, "two places of one very long line").label(scala, "Spark 3.5 has no build for it");

    let (call, name, client) = (sample.at(1, "client.Get"), sample.at(1, "名前"), sample.nth(1, "client", 1));
    let (path, nil) = (sample.at(1, "配置"), sample.at(1, "nil"));
    let finding = sample.find(1, call, "a call that must not be in a user-defined function");
    finding.label(nil, "without a body").label(path, "this path").label(name, "this host");
    finding.label(client, "declared here, far from the call");

    let (x, y) = (sample.at(2, "x"), sample.at(2, "y"));
    let (second, c, d) = (sample.at(2, "second"), sample.at(2, "c: 3"), sample.at(2, "d: 4\n"));
    let finding = sample.find(1, second.cover(d), "a place of many lines in the middle of others");
    finding.label(x, "behind accents").label(y, "behind an emoji").label(x.cover(c), "three lines");

    let last = Span::new(FileId(1), go.len()..go.len());
    sample.find(2, last, "nothing, at the end of a file without a line end");
    sample
}
