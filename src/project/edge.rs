//! An edge says that one part has another in it, and keeps how that is known.

use crate::fact::{PartId, Variants};
use crate::source::Span;
use std::collections::HashSet;
use std::sync::Arc;

/// One part holds, runs or inherits from another.
#[derive(Debug, Clone)]
pub struct Edge {
    /// What runs or contains.
    pub from: PartId,
    /// What is run or contained.
    pub to: PartId,
    /// In which way.
    pub kind: EdgeKind,
    /// How it is known, as a clause that can stand after "because".
    pub evidence: String,
    /// Where the evidence stands.
    pub span: Span,
    /// In which evaluations of the build it is there; only edges between modules depend on that.
    pub variants: Variants,
    /// It leads on from a module that was itself reached as a dependency; optional and `provided` ones do not.
    pub travels: bool,
    /// Which container of a workload it belongs to; other containers of the pod have no part in it.
    pub slot: Option<String>,
    /// What does not come along with what it leads to: `group:artifact`, with `*`.
    pub exclusions: Arc<[String]>,
    /// Both run together. A CI job that builds many modules puts none on another's class path.
    pub together: bool,
}

impl Edge {
    /// Whether what is joined meets at run time.
    pub fn meets(&self) -> bool {
        self.together && self.kind.meets()
    }
}

/// The ways in which parts are joined.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum EdgeKind {
    /// A module inherits from another. Nothing of the parent itself runs.
    Parent,
    /// A module has another one on its class path.
    Depends,
    /// An image holds what a module builds.
    Copies,
    /// An image is based on another one that is built here.
    Base,
    /// A workload or application runs an image that is built here.
    RunsImage,
    /// A container, image or CI job runs a submit command or a settings file's owner.
    Submits,
    /// A submission, application or setting loads what a module builds.
    Loads,
    /// A file of settings is in force where something runs.
    Configures,
    /// A CI job builds or tests a module.
    Builds,
    /// The configuration says so.
    Declared,
}

impl EdgeKind {
    /// The word used in listings.
    pub fn name(self) -> &'static str {
        match self {
            Self::Parent => "parent",
            Self::Depends => "depends",
            Self::Copies => "copies",
            Self::Base => "base",
            Self::RunsImage => "runs-image",
            Self::Submits => "submits",
            Self::Loads => "loads",
            Self::Configures => "configures",
            Self::Builds => "builds",
            Self::Declared => "declared",
        }
    }

    /// Whether what is joined meets at run time.
    pub fn meets(self) -> bool {
        self != Self::Parent
    }
}

/// The edges found so far.
#[derive(Debug, Default)]
pub struct Edges {
    /// In the order found.
    pub list: Vec<Edge>,
    /// How often several partners were possible.
    pub ambiguous: usize,
    seen: HashSet<(EdgeKind, PartId, PartId, Option<String>)>,
}

impl Edges {
    /// Adds an edge that is always there, once for each pair and kind.
    pub fn add(&mut self, kind: EdgeKind, from: PartId, to: PartId, span: Span, evidence: impl Into<String>) {
        self.add_for(None, kind, from, to, span, evidence);
    }

    /// Adds an edge of one container.
    pub fn add_for(
        &mut self,
        slot: Option<String>,
        kind: EdgeKind,
        from: PartId,
        to: PartId,
        span: Span,
        evidence: impl Into<String>,
    ) {
        let evidence = evidence.into();
        let (variants, travels, exclusions) = (Variants::ALL, true, Arc::default());
        let together = true;
        self.add_edge(Edge { from, to, kind, evidence, span, variants, travels, slot, exclusions, together });
    }

    /// Adds an edge that tells how two parts belong together, though they never run together.
    pub fn add_apart(&mut self, kind: EdgeKind, from: PartId, to: PartId, span: Span, evidence: String) {
        let (variants, travels, exclusions) = (Variants::ALL, true, Arc::default());
        let (slot, together) = (None, false);
        self.add_edge(Edge { from, to, kind, evidence, span, variants, travels, slot, exclusions, together });
    }

    /// Adds an edge, once for each pair, kind and container.
    pub fn add_edge(&mut self, edge: Edge) {
        if edge.from != edge.to && self.seen.insert((edge.kind, edge.from, edge.to, edge.slot.clone())) {
            self.list.push(edge);
        }
    }
}
