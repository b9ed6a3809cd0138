//! Prints the resources of every container that the charts of a folder make with their own values, for comparison with what
//! `helm template` makes: `file <tab> object <tab> container <tab> request or limit <tab> resource <tab> amount`, and a line
//! with `?` for resources that are not known. What is lost goes to standard error.
#![allow(clippy::print_stdout, clippy::print_stderr, clippy::unwrap_used)]

use sparkproof::discover::Request;
use sparkproof::fact::{Container, PartKind};
use sparkproof::session::{Wishes, prepare};
use std::path::PathBuf;

fn main() {
    let root = PathBuf::from(std::env::args().nth(1).expect("a folder"));
    let wishes = Wishes { request: Request { paths: vec![root], ..Request::default() }, ..Wishes::default() };
    let prepared = prepare(&wishes).unwrap();
    let sources = &prepared.sources;
    let project = sparkproof::analyse(&prepared.scope, sources, &prepared.settings, &prepared.tables);
    for loss in &project.facts.losses {
        eprintln!("{}: {}", sources.path(loss.span.file), loss.message);
    }
    for part in &project.facts.parts {
        let containers: &[Container] = match &part.kind {
            PartKind::Workload(workload) => &workload.containers,
            PartKind::Application(application) => &application.containers,
            _ => continue,
        };
        let path = sources.path(part.span.file);
        if part.folder.contains('~') || !path.contains("templates/") {
            continue;
        }
        for container in containers {
            let line = |what: &str, name: &str, amount: &str| {
                println!("{path}\t{}\t{}\t{what}\t{name}\t{amount}", part.name, container.name);
            };
            line("container", "", "");
            if !container.resources_known && container.resources.is_empty() {
                line("?", "", "");
            }
            for resource in &container.resources {
                for (what, amount) in [("requests", &resource.request), ("limits", &resource.limit)] {
                    if let Some(amount) = amount {
                        line(what, &resource.name, amount.text.as_str());
                    }
                }
            }
        }
    }
}
