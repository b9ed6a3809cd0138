//! Which ports of Spark are shown, and to whom.

use super::Project;
use super::cluster::same_namespace;
use crate::fact::container::PortName;
use crate::fact::object::{Ingress, Object, ObjectBody, Service, ServicePort};
use crate::source::{Span, Traced};
use std::collections::HashMap;

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
        let named = self.named_ports();
        for object in &self.facts.objects {
            let ObjectBody::Service(service) = &object.body else { continue };
            let labels = service.selector.pairs.iter().flat_map(|(name, value)| [name.as_str(), value.as_str()]);
            let ports = service.ports.iter().filter_map(|port| port.name.as_ref()).map(Traced::as_str);
            if !is_spark(std::iter::once(object.name.as_str()).chain(labels).chain(ports)) {
                continue;
            }
            for port in &service.ports {
                let number = match &port.target {
                    Some(target) => target.number.or_else(|| named.get(&target.text.span()).copied()),
                    None => None,
                };
                let target = number.unwrap_or(port.port.value);
                found.extend(answers(target).map(|name| (object, service, port, name)));
            }
        }
        found
    }

    /// The numbers of the ports that Services name, by the place of the name, as the containers behind them declare them.
    fn named_ports(&self) -> HashMap<Span, i64> {
        let mut numbers = HashMap::new();
        for pod in self.pods() {
            for (_, service) in self.services_of(pod) {
                let targets = service.ports.iter().filter_map(|port| port.target.as_ref());
                for target in targets.filter(|target| target.number.is_none()) {
                    let mut ports = pod.containers().flat_map(|container| &container.ports);
                    let number = ports.find(|port| port.is_called(target)).and_then(|port| port.number);
                    numbers.extend(number.map(|number| (target.text.span(), number.value)));
                }
            }
        }
        numbers
    }

    /// Backends of Ingresses behind which Spark answers, and what does.
    pub fn spark_ingresses(&self) -> Vec<(&Object, &Ingress, &Traced, &'static str)> {
        let mut found = Vec::new();
        let mut services: HashMap<&str, Vec<(&Object, &ServicePort, &'static str)>> = HashMap::new();
        for (object, _, port, name) in self.spark_ports() {
            services.entry(object.name.as_str()).or_default().push((object, port, name));
        }
        for object in &self.facts.objects {
            let ObjectBody::Ingress(ingress) = &object.body else { continue };
            for (service, port) in &ingress.backends {
                let number = port.as_ref().and_then(|port: &PortName| port.number);
                let named = is_spark([service.as_str(), object.name.as_str()].into_iter());
                let behind = || {
                    let all = services.get(service.as_str()).into_iter().flatten();
                    let mut met = all.filter(|(other, _, _)| {
                        other.folder == object.folder
                            && same_namespace(other.namespace.as_deref(), object.namespace.as_deref())
                    });
                    met.find(|(_, own, _)| port.as_ref().is_some_and(|port| own.is_called(port)))
                        .map(|(_, _, name)| *name)
                };
                let name = number.and_then(answers).filter(|_| named).or_else(behind);
                found.extend(name.map(|name| (object, ingress, service, name)));
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
