//! What does a document say once its own format has joined it? Inheritance inside one format, nothing across formats.

pub mod cargo;
pub mod definition;
pub mod environment;
pub mod go;
pub mod gradle;
pub mod helm;
pub mod kustomize;
pub mod maven;
pub mod python;
pub mod python_code;
pub mod rust;
pub mod sbt;
pub mod terraform;

use crate::read::Document;
use crate::source::Sources;

/// All documents, and the effective ones made of several.
#[derive(Debug, Default)]
pub struct Composed {
    /// Every file as read.
    pub documents: Vec<Document>,
    /// Effective Maven modules.
    pub maven: maven::Maven,
    /// Effective Gradle projects.
    pub gradle: gradle::Gradle,
    /// Effective Cargo packages.
    pub cargo: cargo::Cargo,
    /// Effective sbt builds.
    pub sbt: sbt::Sbt,
    /// Charts and their values.
    pub helm: helm::Helm,
    /// Python's locks, constraints and interpreters.
    pub python: python::Python,
    /// What kustomizations change.
    pub kustomize: kustomize::Kustomize,
    /// Terraform's variables.
    pub terraform: terraform::Terraform,
    /// Where definitions of custom resources stand.
    pub definitions: definition::Definitions,
    /// Files of variables.
    pub environment: environment::Environment,
}

/// Joins the documents of each format that has inheritance.
pub fn compose(sources: &Sources, documents: Vec<Document>) -> Composed {
    let maven = maven::compose(sources, &documents);
    let gradle = gradle::compose(sources, &documents);
    let cargo = cargo::compose(sources, &documents);
    let sbt = sbt::compose(sources, &documents);
    let helm = helm::compose(sources, &documents);
    let python = python::compose(sources, &documents);
    let kustomize = kustomize::compose(sources, &documents);
    let terraform = terraform::compose(sources, &documents);
    let definitions = definition::compose(&documents);
    let environment = environment::compose(sources, &documents);
    Composed { documents, maven, gradle, cargo, sbt, helm, python, kustomize, terraform, definitions, environment }
}
