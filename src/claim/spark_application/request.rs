//! Which keys of Spark an operator's fields stand for.
//!
//! Sources: Kubeflow's `internal/controller/sparkapplication/submission.go` and `internal/controller/sparkconnect/options.go`, Apache's
//! `SparkAppSubmissionWorker.java`, Stackable's `rust/operator-binary/src/crd/mod.rs`.

use crate::claim::kubernetes;
use crate::fact::Unresolved;
use crate::fact::spark::{
    CPU_LIMIT, CPU_REQUEST, DAEMON_MEMORY, Given, Language, MEMORY_LIMIT, Operator, POD_MEMORY, Process, Request,
    WORKER_MEMORY, of_role,
};
use crate::read::tree::Node;
use crate::source::Traced;

/// A field below an application's spec and the key it stands for, in which `{}` is the role.
type Keys = &'static [(&'static [&'static str], &'static str)];

const KUBEFLOW: Keys = &[
    (&["cores"], "spark.{}.cores"),
    (&["coreRequest"], "spark.kubernetes.{}.request.cores"),
    (&["coreLimit"], "spark.kubernetes.{}.limit.cores"),
    (&["memory"], "spark.{}.memory"),
    (&["memoryOverhead"], "spark.{}.memoryOverhead"),
];

const CONNECT: Keys = &[(&["cores"], "spark.{}.cores"), (&["memory"], "spark.{}.memory")];

const STACKABLE: Keys = &[
    (&["config", "resources", "cpu", "min"], "spark.kubernetes.{}.request.cores"),
    (&["config", "resources", "cpu", "max"], "spark.kubernetes.{}.limit.cores"),
];

/// Fields of `dynamicAllocation`, which say nothing where it is not enabled.
const DYNAMIC: [(&str, &str); 5] = [
    ("initialExecutors", "spark.dynamicAllocation.initialExecutors"),
    ("minExecutors", "spark.dynamicAllocation.minExecutors"),
    ("maxExecutors", "spark.dynamicAllocation.maxExecutors"),
    ("shuffleTrackingEnabled", TRACKING),
    ("shuffleTrackingTimeout", "spark.dynamicAllocation.shuffleTracking.timeout"),
];
const TRACKING: &str = "spark.dynamicAllocation.shuffleTracking.enabled";

/// Sections of a resource that become servers: those of Apache's `SparkCluster`, then those of Stackable's.
const SERVERS: [(&str, &str); 4] =
    [("masterSpec", "master"), ("workerSpec", "worker"), ("nodes", "history server"), ("server", "server")];

/// The sections of a resource that each become a pod.
pub(super) fn processes(spec: Node<'_>) -> Vec<Process> {
    let of = |(section, role): (&str, &'static str)| {
        let (key, node) = spec.entry(section).filter(|(_, node)| node.is_mapping())?;
        let grace = kubernetes::field(node, "terminationGracePeriodSeconds", true, Node::int);
        Some(Process { role, span: key.span(), grace })
    };
    [("driver", "driver"), ("executor", "executor")].into_iter().chain(SERVERS).filter_map(of).collect()
}

/// What a resource's fields ask of Spark. `whole` says that nothing that is not read adds to the resource.
pub(super) fn request(
    group: &str,
    kind: &str,
    spec: Node<'_>,
    whole: bool,
    unresolved: &mut Vec<Unresolved>,
) -> Request {
    let operator = match (group, kind) {
        ("sparkoperator.k8s.io", "SparkConnect") => Operator::Connect,
        ("sparkoperator.k8s.io", _) => Operator::Kubeflow,
        ("spark.apache.org", "SparkApplication") => Operator::Apache,
        ("spark.stackable.tech", "SparkApplication") => Operator::Stackable,
        _ => Operator::Other,
    };
    let mut fields = Fields { spec, whole, list: Vec::new() };
    match operator {
        Operator::Kubeflow => {
            for role in ["driver", "executor"] {
                fields.role(role, role, KUBEFLOW);
                fields.add(&[role, "memoryLimit"], of_role(role, MEMORY_LIMIT));
                fields.template(role, &[role, "template"], CPU_LIMIT, "cpu");
            }
            fields.add(&["memoryOverheadFactor"], "spark.kubernetes.memoryOverheadFactor".to_owned());
            fields.add(&["executor", "instances"], "spark.executor.instances".to_owned());
            fields.dynamic();
        }
        Operator::Connect => {
            fields.role("server", "driver", CONNECT);
            fields.role("executor", "executor", CONNECT);
            fields.template("server", &["server", "template"], MEMORY_LIMIT, "memory");
            fields.template("executor", &["executor", "template"], CPU_LIMIT, "cpu");
            fields.add(&["executor", "instances"], "spark.executor.instances".to_owned());
            fields.dynamic();
        }
        Operator::Apache => {
            fields.template("driver", &["driverSpec", "podTemplateSpec"], CPU_LIMIT, "cpu");
            fields.template("executor", &["executorSpec", "podTemplateSpec"], CPU_LIMIT, "cpu");
        }
        Operator::Stackable => {
            for role in ["driver", "executor"] {
                fields.role(role, role, STACKABLE);
                fields.add(&[role, "config", "resources", "memory", "limit"], of_role(role, POD_MEMORY));
            }
            fields.add(&["mainClass"], "mainClass".to_owned());
            fields.add(&["executor", "replicas"], "spark.executor.instances".to_owned());
        }
        Operator::Other if group == "spark.apache.org" => {
            for (section, role) in SERVERS.iter().take(2) {
                fields.own_container(&[section, "statefulSetSpec", "template", "spec", "containers"], role);
            }
        }
        Operator::Other => {
            for (section, role) in SERVERS.iter().skip(2) {
                fields.stackable_server(section, role);
            }
        }
    }
    let conf = spec.get("sparkConf");
    let conf_open = conf.map_or(!whole || !kubernetes::is_closed(spec), |conf| !whole || !kubernetes::is_closed(conf));
    unresolved.extend(fields.unresolved());
    let fields = fields.list.into_iter().map(|field| (field.key, field.given)).collect();
    Request { operator, fields, conf_open, language: language(operator, spec, whole) }
}

struct Keyed<'t> {
    key: String,
    given: Given,
    node: Option<Node<'t>>,
}

struct Fields<'t> {
    spec: Node<'t>,
    whole: bool,
    list: Vec<Keyed<'t>>,
}

impl<'t> Fields<'t> {
    fn add(&mut self, path: &[&str], key: String) {
        let given = given(self.spec, path, self.whole);
        self.list.push(Keyed { key, given, node: self.spec.path(path) });
    }

    /// The fields of one section; `role` is the section's name, `of` the word in Spark's keys.
    fn role(&mut self, role: &str, of: &str, keys: Keys) {
        for (path, key) in keys {
            let path: Vec<&str> = std::iter::once(role).chain(path.iter().copied()).collect();
            self.add(&path, key.replace("{}", of));
        }
    }

    /// A limit of the template's container that becomes Spark's own: the one of Spark's name, else the first.
    fn template(&mut self, role: &str, path: &[&str], what: &str, resource: &str) {
        let containers = self.spec.path(path).and_then(|template| template.path(&["spec", "containers"]));
        let name = if role == "executor" { "spark-kubernetes-executor" } else { "spark-kubernetes-driver" };
        let named = |item: &Node<'_>| item.get("name").and_then(Node::str) == Some(name);
        let items = || containers.into_iter().flat_map(Node::items);
        let Some(container) = items().find(named).or_else(|| items().next()) else { return };
        let path = ["resources", "limits", resource];
        let given = given(container, &path, self.whole);
        self.list.push(Keyed { key: of_role(role, what), given, node: container.path(&path) });
    }

    /// A server's own container in a template, by its name: its variables and its resources.
    fn own_container(&mut self, path: &[&str], name: &str) {
        let containers = self.spec.path(path);
        let named = |item: &Node<'_>| item.get("name").and_then(Node::str) == Some(name);
        let Some(container) = containers.into_iter().flat_map(Node::items).find(named) else { return };
        for (variable, key) in [("SPARK_DAEMON_MEMORY", DAEMON_MEMORY), ("SPARK_WORKER_MEMORY", WORKER_MEMORY)] {
            let item = container.get("env").into_iter().flat_map(Node::items);
            let item = item.filter(|item| item.get("name").and_then(Node::str) == Some(variable)).last();
            let unread = container.get("envFrom").is_some() || !kubernetes::is_closed(container);
            let given = match item {
                Some(item) => given(item, &["value"], self.whole),
                None if unread || !self.whole => Given::Unknown,
                None => Given::Absent,
            };
            self.list.push(Keyed { key: of_role(name, key), given, node: item });
        }
        self.resource(container, &["resources", "requests", "cpu"], of_role(name, CPU_REQUEST));
        self.resource(container, &["resources", "limits", "cpu"], of_role(name, CPU_LIMIT));
        self.resource(container, &["resources", "limits", "memory"], of_role(name, MEMORY_LIMIT));
    }

    /// A server of Stackable's: what its only role group says, else its role.
    fn stackable_server(&mut self, section: &str, role: &str) {
        let Some(node) = self.spec.get(section) else { return };
        let groups: Vec<Node<'_>> =
            node.get("roleGroups").into_iter().flat_map(Node::entries).map(|(_, g)| g).collect();
        // Several groups are several pods, of which none is this one.
        let group = match groups.as_slice() {
            [] => None,
            [group] => Some(*group),
            _ => return,
        };
        // Overrides of the pod are stronger than both.
        let overrides = [Some(node), group]
            .into_iter()
            .flatten()
            .filter_map(|one| one.path(&["podOverrides", "spec", "containers"]));
        let mut overridden = overrides.flat_map(Node::items);
        if overridden.any(|container| container.get("resources").is_some()) {
            return;
        }
        let paths: [(&[&str], &str); 5] = [
            (&["config", "resources", "cpu", "min"], CPU_REQUEST),
            (&["config", "resources", "cpu", "max"], CPU_LIMIT),
            (&["config", "resources", "memory", "limit"], MEMORY_LIMIT),
            (&["envOverrides", "SPARK_DAEMON_MEMORY"], DAEMON_MEMORY),
            (&["configOverrides", "spark-defaults.conf", "spark.driver.memory"], DAEMON_MEMORY),
        ];
        for (path, key) in paths {
            // A history server has no driver, and a Connect server is one.
            if (key == DAEMON_MEMORY) && (path.len() == 2) != (section == "nodes") {
                continue;
            }
            let holder = group.filter(|group| group.path(path).is_some()).unwrap_or(node);
            self.resource(holder, path, of_role(role, key));
        }
    }

    fn resource(&mut self, holder: Node<'t>, path: &[&str], key: String) {
        let given = given(holder, path, self.whole);
        self.list.push(Keyed { key, given, node: holder.path(path) });
    }

    /// `dynamicAllocation`: where it is enabled, the operator also turns shuffle tracking on unless that is said otherwise.
    fn dynamic(&mut self) {
        let enabled = given(self.spec, &["dynamicAllocation", "enabled"], self.whole);
        match &enabled {
            Given::Is(text) if text.as_str() == "true" => {
                self.add(&["dynamicAllocation", "enabled"], "spark.dynamicAllocation.enabled".to_owned());
                for (field, key) in DYNAMIC {
                    self.add(&["dynamicAllocation", field], key.to_owned());
                }
                let by_default = Keyed { key: TRACKING.to_owned(), given: enabled.clone(), node: None };
                self.list.push(by_default);
            }
            Given::Unknown => {
                let keys = DYNAMIC.iter().map(|(_, key)| *key).chain(["spark.dynamicAllocation.enabled"]);
                let unknown = keys.map(|key| Keyed { key: key.to_owned(), given: Given::Unknown, node: None });
                self.list.extend(unknown);
            }
            _ => {}
        }
    }

    /// The values that a template makes.
    fn unresolved(&self) -> impl Iterator<Item = Unresolved> + '_ {
        let unknown = self.list.iter().filter(|field| field.given == Given::Unknown).filter_map(|field| field.node);
        unknown.map(|node| Unresolved { span: node.span(), why: "a template makes the value".into() })
    }
}

/// A scalar below a mapping. What is not there is absent only where nothing else writes to the mappings on the way.
fn given(mapping: Node<'_>, path: &[&str], whole: bool) -> Given {
    let mut node = mapping;
    for key in path {
        match node.get(key) {
            Some(next) => node = next,
            None if whole && kubernetes::is_closed(node) && !node.entries().any(|(e, _)| e.key.as_str() == "<<") => {
                return Given::Absent;
            }
            None => return Given::Unknown,
        }
    }
    match node.text() {
        Some(text) if !text.as_str().contains("{{") => Given::Is(text.clone()),
        None if node.is_null() => Given::Absent,
        _ => Given::Unknown,
    }
}

/// What the application's processes run. `spark-submit` looks at the ending of its jar or script, Apache's operator at the field.
fn language(operator: Operator, spec: Node<'_>, whole: bool) -> Language {
    let of = |field: &str| given(spec, &[field], whole);
    match operator {
        Operator::Connect | Operator::Other => Language::Jvm,
        Operator::Apache => match [of("jars"), of("pyFiles"), of("sparkRFiles")] {
            [Given::Unknown, ..] | [Given::Absent, Given::Unknown, _] => Language::Unknown,
            [Given::Absent, Given::Is(_), _] => Language::Python,
            [Given::Absent, Given::Absent, Given::Is(_)] => Language::R,
            _ => Language::Jvm,
        },
        Operator::Kubeflow | Operator::Stackable => {
            let main = of("mainApplicationFile");
            match main.text().map(Traced::as_str).map_or(Language::Unknown, Language::of_main) {
                Language::Unknown => match of("type") {
                    Given::Is(text) if text.as_str() == "Python" => Language::Python,
                    Given::Is(text) if text.as_str() == "R" => Language::R,
                    Given::Is(_) => Language::Jvm,
                    // Without a type it is Scala to the operator.
                    Given::Absent if operator == Operator::Kubeflow => Language::Jvm,
                    _ => Language::Unknown,
                },
                known => known,
            }
        }
    }
}
