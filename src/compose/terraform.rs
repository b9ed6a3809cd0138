//! What Terraform's variables hold in a module: locals, defaults of variables, and what a `tfvars` file that is loaded by itself
//! says. A module is a folder.

use crate::read::tree::{Kind, Node};
use crate::read::{Body, Document};
use crate::source::{Sources, Traced};
use std::collections::HashMap;

/// How often a value may be another variable.
const MAX_HOPS: usize = 8;

/// The values of all modules.
#[derive(Debug, Default)]
pub struct Terraform {
    /// By folder, then by `var.name` or `local.name`; None where several files say different things.
    modules: HashMap<String, HashMap<String, Option<Traced>>>,
}

/// Collects the values of all modules.
pub fn compose(sources: &Sources, documents: &[Document]) -> Terraform {
    let mut terraform = Terraform::default();
    for document in documents {
        let Body::Hcl(tree) = &document.body else { continue };
        let source = sources.get(document.file);
        let values = terraform.modules.entry(source.folder().to_owned()).or_default();
        if source.name().ends_with(".tfvars") {
            // Only these are loaded without being asked for; what others say may or may not hold.
            let loaded = source.name() == "terraform.tfvars" || source.name().ends_with(".auto.tfvars");
            for (entry, value) in tree.root().entries() {
                let known = value.text().cloned().filter(|_| loaded);
                values.insert(format!("var.{}", entry.key), known);
            }
            continue;
        }
        for (entry, block) in tree.root().entries() {
            match entry.key.as_str() {
                "locals" => block.entries().for_each(|(local, value)| {
                    values.insert(format!("local.{}", local.key), scalar(value).cloned());
                }),
                "variable" => block.entries().for_each(|(variable, body)| {
                    let default = body.get("default").and_then(Node::text).cloned();
                    values.entry(format!("var.{}", variable.key)).or_insert(default);
                }),
                _ => {}
            }
        }
    }
    terraform
}

fn scalar(node: Node<'_>) -> Option<&Traced> {
    match node.kind() {
        Kind::Scalar { text, .. } if !node.is_null() => Some(text),
        _ => None,
    }
}

impl Terraform {
    /// A text with the variables of its module filled in; none where one of them is not known.
    pub fn fill(&self, folder: &str, node: Node<'_>) -> Option<Traced> {
        if let Some(text) = node.text() {
            return Some(text.clone());
        }
        let values = self.modules.get(folder)?;
        let mut text = scalar(node)?.clone();
        for _ in 0..MAX_HOPS {
            let value = text.as_str();
            if let Some(whole) = values.get(value) {
                text = whole.clone()?;
                continue;
            }
            let Some(start) = value.find("${") else { break };
            let end = start + value.get(start..)?.find('}')?;
            let inner = values.get(value.get(start + 2..end)?.trim())?.clone()?;
            text = Traced::concat(text.written(), [text.slice(0..start), inner, text.slice(end + 1..value.len())]);
        }
        let value = text.as_str();
        let open =
            value.contains("${") || value.starts_with("var.") || value.starts_with("local.") || value.contains('(');
        (!open && !value.contains(char::is_whitespace)).then_some(text)
    }
}
