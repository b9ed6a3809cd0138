//! Clients of Spark Connect, and the servers that they speak to. The two are processes of their own, mostly units of their own, and
//! need not be of one version: only a client that is newer than its server asks for what that one does not know.

use super::python::Connecting;
use super::{Project, Unit};
use crate::fact::{Component, How, PartId, PartKind, VersionClaim};
use crate::table::{Kind, Tables};
use crate::version::VersionSet;
use std::collections::{BTreeSet, HashMap, HashSet};

/// A client and the server that it is known to speak to.
#[derive(Debug)]
pub struct Connection<'p> {
    /// What says the client's version.
    pub client: &'p VersionClaim,
    /// The Sparks whose protocol it speaks.
    pub speaks: VersionSet,
    /// What says which Spark the server runs.
    pub server: &'p VersionClaim,
    /// How the two are known to meet.
    pub because: String,
}

/// A Connect server that something here starts.
struct Server<'p> {
    unit: usize,
    spark: &'p VersionClaim,
    /// What starts it.
    starter: PartId,
    names: HashSet<String>,
}

/// Hosts that say nothing of which server is meant.
const HERE: [&str; 5] = ["", "localhost", "127.0.0.1", "0.0.0.0", "host.docker.internal"];

impl Project {
    /// Every client whose server is known.
    pub fn connections(&self, tables: &Tables) -> Vec<Connection<'_>> {
        let servers = self.servers();
        if servers.is_empty() {
            return Vec::new();
        }
        let connecting = Connecting::of(self);
        let hosts = self.hosts();
        let mut clients = Vec::new();
        for (number, unit) in self.units.iter().enumerate() {
            for claim in self.claims(unit) {
                if let Some(speaks) = speaks(claim, tables, connecting.unit(unit).is_some()) {
                    clients.push((number, unit, claim, speaks));
                }
            }
        }
        let folders: BTreeSet<&str> =
            clients.iter().map(|(.., claim, _)| self.part(claim.part).folder.as_str()).collect();
        let alone = folders.len() == 1;
        let mut seen = HashSet::new();
        let mut found = Vec::new();
        for (number, unit, client, speaks) in clients {
            let asked: BTreeSet<&str> =
                unit.members.iter().flat_map(|m| hosts.get(m).into_iter().flatten()).map(String::as_str).collect();
            if let Some((server, because)) = self.meet(&servers, number, client, &asked, alone)
                && seen.insert((client.text.span(), server.text.span()))
            {
                found.push(Connection { client, speaks, server, because });
            }
        }
        found
    }

    /// What says which Spark the Connect servers run that something here starts.
    pub fn connect_servers(&self) -> Vec<&VersionClaim> {
        self.servers().into_iter().map(|server| server.spark).collect()
    }

    /// The server of a client: the one of its own unit, the one that its address names, or the only one there is.
    fn meet<'p>(
        &'p self,
        servers: &[Server<'p>],
        unit: usize,
        client: &VersionClaim,
        asked: &BTreeSet<&str>,
        alone: bool,
    ) -> Option<(&'p VersionClaim, String)> {
        if let Some(own) = servers.iter().find(|server| server.unit == unit) {
            // What is installed beside a server is the server's own, unless it can be nothing but a client.
            let because = self.because(self.units.get(unit)?, client.part, own.spark.part);
            return (client.component != Component::Spark).then_some((own.spark, because));
        }
        let hosts: Vec<&str> = asked.iter().copied().filter(|host| !HERE.contains(host)).collect();
        if let [host] = hosts.as_slice() {
            let mut named = servers.iter().filter(|server| server.names.contains(*host));
            let (first, more) = (named.next(), named.next());
            let because = format!("the client's address is `{host}`, a name of what starts the server");
            return first.filter(|_| more.is_none()).map(|server| (server.spark, because));
        }
        let first = servers.first().filter(|_| hosts.is_empty())?;
        let agree = |server: &Server| server.spark.versions.lines(2) == first.spark.versions.lines(2);
        if !servers.iter().all(agree) {
            return None;
        }
        let (above, below) = (&self.part(first.starter).folder, &self.part(client.part).folder);
        let holds =
            |a: &str, b: &str| a.is_empty() || a == b || b.strip_prefix(a).is_some_and(|rest| rest.starts_with('/'));
        let near = holds(above, below) || holds(below, above);
        let place = self.place(self.part(first.starter).span);
        (near || alone).then(|| (first.spark, format!("`{place}` starts the only Connect server here")))
    }

    fn servers<'p>(&'p self) -> Vec<Server<'p>> {
        let mut starters: HashMap<PartId, Option<String>> = HashMap::new();
        for (id, part) in self.facts.parts() {
            match &part.kind {
                PartKind::Submission(submission) => {
                    let class =
                        submission.main_class.as_ref().is_some_and(|c| c.as_str().ends_with(".SparkConnectServer"));
                    if class || submission.program.as_str().ends_with("start-connect-server.sh") {
                        starters.insert(id, None);
                    }
                }
                PartKind::Application(application) if application.kind == "SparkConnect" => {
                    starters.insert(id, None);
                }
                PartKind::Workload(workload) => {
                    let starts = |server: &str| server.contains("onnect");
                    let container =
                        workload.containers.iter().find(|c| c.spark_server().is_some_and(|(_, server)| starts(server)));
                    starters.extend(container.map(|container| (id, Some(container.name.clone()))));
                }
                _ => {}
            }
        }
        let of = |(number, unit): (usize, &'p Unit)| {
            let fits = |member: &&PartId| match starters.get(member) {
                Some(Some(slot)) => unit.slot.as_ref().is_none_or(|own| own == slot),
                Some(None) => true,
                None => false,
            };
            let starter = *unit.members.iter().find(fits)?;
            Some(Server { unit: number, spark: self.server_spark(unit)?, starter, names: self.names_of(unit) })
        };
        self.units.iter().enumerate().filter_map(of).collect()
    }

    /// What says which Spark a server's unit runs, where its claims agree.
    fn server_spark<'p>(&'p self, unit: &'p Unit) -> Option<&'p VersionClaim> {
        let rank = |claim: &VersionClaim| match claim.how {
            How::ImageTag | How::Install => Some(0),
            How::ImageDefault | How::Field(_) => Some(1),
            How::Package | How::Jar => Some(2),
            How::Pin => Some(3),
            _ => None,
        };
        let spark = |claim: &&VersionClaim| claim.component == Component::Spark && rank(claim).is_some();
        let claims: Vec<&VersionClaim> = self.claims(unit).filter(spark).collect();
        let first = claims.iter().copied().min_by_key(|claim| rank(claim))?;
        let line = first.versions.lines(2);
        claims.iter().all(|claim| claim.versions.lines(2).meets(&line)).then_some(first)
    }

    /// The names by which others reach what a unit starts.
    fn names_of(&self, unit: &Unit) -> HashSet<String> {
        let mut names = HashSet::new();
        let services = self.facts.services.iter().filter(|service| service.part == unit.root);
        names.extend(services.flat_map(|service| service.names.iter().cloned()));
        let span = self.part(unit.root).span;
        for pod in self.pods().filter(|pod| pod.part.span == span) {
            names.extend(self.services_of(pod).into_iter().map(|(object, _)| object.name.clone()));
        }
        if let PartKind::Application(application) = &self.part(unit.root).kind {
            // The operators name the server's own Service after the resource.
            names.extend(["", "-server", "-svc"].map(|end| format!("{}{end}", application.name)));
        }
        names
    }

    /// The hosts that parts are told to connect to, by settings and by their containers' variables.
    fn hosts(&self) -> HashMap<PartId, Vec<String>> {
        let mut hosts: HashMap<PartId, Vec<String>> = HashMap::new();
        for setting in self.facts.settings.iter().filter(|setting| setting.key.as_str() == "spark.remote") {
            let host = setting.value.as_ref().and_then(|value| host(value.as_str()));
            hosts.entry(setting.part).or_default().extend(host);
        }
        for (id, part) in self.facts.parts() {
            let containers = match &part.kind {
                PartKind::Workload(workload) => &workload.containers,
                _ => continue,
            };
            let values = containers.iter().flat_map(|container| &container.env).filter_map(|v| v.value.as_ref());
            let found: Vec<String> = values.filter_map(|value| host(value.as_str())).collect();
            hosts.entry(id).or_default().extend(found);
        }
        hosts
    }
}

/// The first name of the host in `sc://spark-connect.jobs.svc:15002/;token=…`.
fn host(address: &str) -> Option<String> {
    let rest = address.trim().strip_prefix("sc://")?;
    let host = rest.split([':', '/', ';']).next()?;
    let is_number = host.split('.').all(|part| part.parse::<u8>().is_ok());
    let name = if is_number { host } else { host.split('.').next()? };
    (!name.contains(['$', '{', '<'])).then(|| name.to_owned())
}

/// The Sparks whose protocol a client speaks; none for what is no client.
fn speaks(claim: &VersionClaim, tables: &Tables, connects: bool) -> Option<VersionSet> {
    let versions = match claim.component {
        Component::Spark => {
            (connects && claim.how == How::Pin && claim.by == "pyspark").then(|| claim.versions.clone())
        }
        // What Databricks' own client speaks to is a runtime of theirs.
        Component::Library("databricks-connect") => None,
        Component::Library("pyspark-client" | "pyspark-connect" | "spark-connect-client") => {
            Some(claim.versions.clone())
        }
        component if tables.kind(component) == Some(Kind::Client) => {
            tables.needs(claim, Component::Spark).map(|row| row.relation.versions.clone())
        }
        _ => None,
    }?;
    (versions != VersionSet::any() && !versions.is_empty()).then_some(versions)
}

#[cfg(test)]
mod tests {
    use super::host;

    #[test]
    fn the_host_of_an_address() {
        for (address, expected) in [
            ("sc://spark-connect:15002", Some("spark-connect")),
            ("sc://spark.jobs.svc.cluster.local:15002/;user_id=a", Some("spark")),
            ("sc://10.0.0.1:15002", Some("10.0.0.1")),
            ("sc://localhost", Some("localhost")),
            ("sc://${HOST}:15002", None),
            ("local[2]", None),
        ] {
            assert_eq!(host(address).as_deref(), expected, "{address}");
        }
    }
}
