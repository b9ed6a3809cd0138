//! Which ports of Spark are shown, and to whom.

use super::Project;
use crate::fact::container::PortName;
use crate::fact::object::{Ingress, Object, ObjectBody, Service, ServicePort};
use crate::source::Traced;

/// Ports of Spark and its neighbours, and what answers there.
const PORTS: [(i64, &str); 7] = [
    (4040, "Spark's UI (4040)"),
    (6066, "the REST API of Spark's master (6066)"),
    (7077, "the port of Spark's master (7077)"),
    (8998, "Livy (8998)"),
    (10000, "the Thrift server (10000)"),
    (15002, "Spark Connect (15002)"),
    (18080, "Spark's history server (18080)"),
];

/// What tells that a port of this number is Spark's: numbers alone are used by others as well.
const WORDS: [&str; 5] = ["spark", "livy", "thrift", "hive", "history-server"];

fn is_spark<'t>(mut texts: impl Iterator<Item = &'t str>) -> bool {
    texts.any(|text| {
        let text = text.to_ascii_lowercase();
        WORDS.iter().any(|word| text.contains(word))
    })
}

fn answers(number: i64) -> Option<&'static str> {
    PORTS.iter().find(|(port, _)| *port == number).map(|(_, name)| *name)
}

impl Project {
    /// Ports of Services behind which Spark answers, and what does.
    pub fn spark_ports(&self) -> Vec<(&Object, &Service, &ServicePort, &'static str)> {
        let mut found = Vec::new();
        for object in &self.facts.objects {
            let ObjectBody::Service(service) = &object.body else { continue };
            let labels = service.selector.pairs.iter().flat_map(|(name, value)| [name.as_str(), value.as_str()]);
            let ports = service.ports.iter().filter_map(|port| port.name.as_ref()).map(Traced::as_str);
            if !is_spark(std::iter::once(object.name.as_str()).chain(labels).chain(ports)) {
                continue;
            }
            for port in &service.ports {
                let target = port.target.as_ref().and_then(|target| target.number).unwrap_or(port.port.value);
                found.extend(answers(target).map(|name| (object, service, port, name)));
            }
        }
        found
    }

    /// Backends of Ingresses behind which Spark answers, and what does.
    pub fn spark_ingresses(&self) -> Vec<(&Object, &Ingress, &Traced, &'static str)> {
        let mut found = Vec::new();
        for object in &self.facts.objects {
            let ObjectBody::Ingress(ingress) = &object.body else { continue };
            for (service, port) in &ingress.backends {
                let number = port.as_ref().and_then(|port: &PortName| port.number);
                let named = is_spark([service.as_str(), object.name.as_str()].into_iter());
                found.extend(number.and_then(answers).filter(|_| named).map(|name| (object, ingress, service, name)));
            }
        }
        found
    }

    /// Whether a setting that lies in a folder makes Spark ask who calls.
    pub fn has_spark_authentication(&self, folder: &str) -> bool {
        self.facts.settings.iter().any(|setting| {
            let key = setting.key.as_str();
            let is_off = setting.value.as_ref().is_some_and(|value| value.as_str() == "false");
            let asks =
                ["spark.ui.filters", "spark.authenticate", "spark.acls.enable", "spark.connect.authenticate.token"];
            !is_off && asks.contains(&key) && self.part(setting.part).folder == folder
        })
    }
}
