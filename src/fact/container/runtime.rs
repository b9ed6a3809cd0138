//! What runs in a container, as far as its words, variables and image show it.

use super::{Container, Variable};
use crate::fact::quantity::Quantity;
use crate::source::Traced;
use regex::Regex;
use std::sync::LazyLock;

/// Products that run on the JVM, as the last segment of an image's name.
const JVM_IMAGES: [&str; 34] = [
    "activemq",
    "amazoncorretto",
    "beam",
    "cassandra",
    "druid",
    "eclipse-temurin",
    "elasticsearch",
    "flink",
    "hadoop",
    "hbase",
    "hive",
    "jenkins",
    "kafka",
    "kafka-connect",
    "keycloak",
    "kyuubi",
    "livy",
    "logstash",
    "neo4j",
    "nifi",
    "openjdk",
    "opensearch",
    "pinot",
    "presto",
    "pulsar",
    "solr",
    "sonarqube",
    "spark",
    "spark-py",
    "spark-r",
    "storm",
    "tomcat",
    "trino",
    "zookeeper",
];

/// Scripts and classes that serve Spark to others.
const SPARK_SERVERS: [&str; 6] = [
    "start-connect-server.sh",
    "start-thriftserver.sh",
    "start-history-server.sh",
    "SparkConnectServer",
    "HiveThriftServer2",
    "history.HistoryServer",
];

/// What starts a worker of Spark's own cluster.
const WORKERS: [&str; 3] = ["start-worker", "deploy.worker.Worker", "start-slave.sh"];

static HEAP: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r#"(?:^|[\s"'=])-Xmx([0-9]+[kKmMgGtT]?)(?:$|[\s"'])"#).ok());
static SHARE: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"-XX:MaxRAMPercentage=([0-9]+(?:\.[0-9]+)?)(?:$|[^0-9.])").ok());

static ENDPOINT: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"-Dotel\.exporter\.otlp\.(?:traces\.|metrics\.|logs\.)?endpoint=([^\s]+)").ok());

/// The heap that a JVM in a container may grow to.
#[derive(Debug, Clone)]
pub struct Heap {
    /// As written.
    pub text: Traced,
    /// Bytes, or hundredths of the container's memory.
    pub size: HeapSize,
}

/// How a heap's size is said.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum HeapSize {
    /// Bytes.
    Bytes(Quantity),
    /// A percentage of the container's memory.
    Percent(f64),
}

impl Container {
    /// The image's last path segment, without tag.
    pub fn image_name(&self) -> Option<&str> {
        let text = self.image.as_ref()?.as_str();
        let name = text.split('@').next()?.rsplit('/').next()?;
        name.split(':').next()
    }

    /// Which server of Spark it starts, and where that is written.
    pub fn spark_server(&self) -> Option<(&Traced, &'static str)> {
        self.command.iter().find_map(|word| {
            SPARK_SERVERS.iter().find(|server| word.as_str().contains(**server)).map(|server| (word, *server))
        })
    }

    /// What shows that it runs a JVM: the place and the words.
    pub fn jvm(&self) -> Option<(&Traced, String)> {
        let is_java = |word: &&Traced| {
            let text = word.as_str();
            let program = text.split_whitespace().next().unwrap_or_default().rsplit('/').next().unwrap_or_default();
            matches!(program, "java" | "spark-submit" | "spark-class" | "flink" | "jobmanager.sh" | "taskmanager.sh")
                || text.starts_with("-Xmx")
                || text.starts_with("-XX:")
                || text.contains("java -")
                || text.contains("exec java ")
        };
        if let Some((word, server)) = self.spark_server() {
            return Some((word, format!("it starts `{server}`")));
        }
        if let Some(word) = self.command.iter().find(is_java) {
            return Some((word, "its command starts Java".to_owned()));
        }
        if let Some(variable) = self.env.iter().find(|v| is_java_options(v.name.as_str())) {
            return Some((&variable.name, format!("it sets `{}`", variable.name)));
        }
        let name = self.image_name().filter(|name| JVM_IMAGES.contains(name))?;
        Some((self.image.as_ref()?, format!("its image is `{name}`")))
    }

    /// Whether it is a driver, an executor, a task manager: what loses work when it is evicted.
    pub fn computes(&self) -> bool {
        const NAMES: [&str; 3] = ["spark-kubernetes-driver", "spark-kubernetes-executor", "flink-main-container"];
        const IMAGES: [&str; 5] = ["flink", "spark", "spark-py", "spark-r", "trino"];
        NAMES.contains(&self.name.as_str())
            || self.image_name().is_some_and(|name| IMAGES.contains(&name))
            || self.spark_server().is_some()
    }

    /// Every text of its command and variables.
    fn texts(&self) -> impl Iterator<Item = &Traced> {
        self.command.iter().chain(self.env.iter().filter_map(|variable| variable.value.as_ref()))
    }

    /// Where OpenTelemetry's agent is attached to a JVM.
    pub fn telemetry_agent(&self) -> Option<&Traced> {
        self.texts().find(|text| text.as_str().contains("-javaagent:") && text.as_str().contains("opentelemetry"))
    }

    /// Whether its telemetry says which service it is about; a variable that is filled in elsewhere may.
    pub fn names_service(&self) -> bool {
        let has = |name: &str, word: &str| {
            self.variable(name).is_some_and(|variable| variable.text().is_none_or(|text| text.contains(word)))
        };
        has("OTEL_SERVICE_NAME", "")
            || has("OTEL_RESOURCE_ATTRIBUTES", "service.name")
            || self
                .texts()
                .any(|text| text.as_str().contains("otel.service.name") || text.as_str().contains("service.name="))
            || self.texts().any(|text| text.as_str().contains("otel.javaagent.configuration-file"))
    }

    /// Where its telemetry is sent.
    pub fn telemetry_endpoints(&self) -> Vec<Traced> {
        let is_endpoint = |name: &str| name.starts_with("OTEL_EXPORTER_OTLP_") && name.ends_with("ENDPOINT");
        let variables = self.env.iter().filter(|variable| is_endpoint(variable.name.as_str()));
        let properties =
            self.texts().filter_map(|text| Some(text.group(ENDPOINT.as_ref()?.captures(text.as_str())?.get(1)?)));
        variables.filter_map(|variable| variable.value.clone()).chain(properties).collect()
    }

    /// The heap of the JVM it runs, where one place says it. A command line is stronger than variables; where variables
    /// differ, the smallest is taken, so that nothing is said too early.
    pub fn heap(&self) -> Option<Heap> {
        let on_command_line = self.command.iter().filter_map(heap_in).next_back();
        let options = self.env.iter().filter(|v| is_java_options(v.name.as_str()));
        let in_variables = options.filter_map(|v| heap_in(v.value.as_ref()?));
        on_command_line.or_else(|| smallest(in_variables)).or_else(|| self.spark_heap())
    }

    /// The heap that Spark's scripts give a daemon of this very container; drivers are known by their commands.
    fn spark_heap(&self) -> Option<Heap> {
        let daemon = self.variable("SPARK_DAEMON_MEMORY").filter(|_| self.is_daemon())?;
        spark_sized(daemon.value.clone()?)
    }

    /// What a worker gives to executors, which run in its own container, and where that is written. A flag is stronger.
    pub fn offered(&self) -> Option<(Quantity, Traced)> {
        let is_worker = |word: &Traced| WORKERS.iter().any(|worker| word.as_str().contains(worker));
        let mode = self.variable("SPARK_MODE").and_then(Variable::text);
        if !self.command.iter().any(is_worker) && mode != Some("worker") {
            return None;
        }
        let words = self.command.windows(2);
        let flag = words.filter(|two| matches!(two[0].as_str(), "-m" | "--memory")).map(|two| &two[1]).next_back();
        let variable = || self.variable("SPARK_WORKER_MEMORY").and_then(|variable| variable.value.as_ref());
        let text = flag.or_else(variable)?;
        Some((Quantity::parse_spark(text.as_str())?, text.clone()))
    }

    /// A history server, master or worker: what `SPARK_DAEMON_MEMORY` is for.
    fn is_daemon(&self) -> bool {
        let daemons =
            ["start-history-server", "HistoryServer", "deploy.master.Master", "start-master", WORKERS[0], WORKERS[1]];
        self.command.iter().any(|word| daemons.iter().any(|daemon| word.as_str().contains(daemon)))
    }
}

fn spark_sized(text: Traced) -> Option<Heap> {
    Some(Heap { size: HeapSize::Bytes(Quantity::parse_spark(text.as_str())?), text })
}

/// Whether a variable of this name holds options of a JVM.
fn is_java_options(name: &str) -> bool {
    let name = name.to_ascii_uppercase();
    let options = name.ends_with("OPTS") || name.ends_with("OPTIONS") || name.ends_with("OPT");
    name == "JAVA_HOME" || (options && ["JAVA", "JVM", "HEAP"].iter().any(|word| name.contains(word)))
}

/// The last size of a heap in a text.
fn heap_in(text: &Traced) -> Option<Heap> {
    if let Some(found) = HEAP.as_ref()?.captures_iter(text.as_str()).last() {
        let size = found.get(1)?;
        return Some(Heap { size: HeapSize::Bytes(Quantity::parse_jvm(size.as_str())?), text: text.group(size) });
    }
    let share = SHARE.as_ref()?.captures_iter(text.as_str()).last()?.get(1)?;
    Some(Heap { size: HeapSize::Percent(share.as_str().parse().ok()?), text: text.group(share) })
}

fn smallest(heaps: impl Iterator<Item = Heap>) -> Option<Heap> {
    heaps.reduce(|a, b| match (a.size, b.size) {
        (HeapSize::Bytes(x), HeapSize::Bytes(y)) if y < x => b,
        (HeapSize::Percent(x), HeapSize::Percent(y)) if y < x => b,
        (HeapSize::Percent(_), HeapSize::Bytes(_)) => b,
        _ => a,
    })
}

impl Variable {
    /// Its value as text.
    pub fn text(&self) -> Option<&str> {
        self.value.as_ref().map(Traced::as_str)
    }
}
