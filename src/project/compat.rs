//! What do the tables say about the versions that meet in a unit?

use super::conflict::{Conflict, Odd, by_left, conflicts, different_lines};
use super::{Project, Unit};
use crate::fact::{Component, How, VersionClaim};
use crate::table::{Row, Tables};
use crate::version::VersionSet;
use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::ops::Bound;

/// A claim about one component that a row forbids beside the claims about another.
#[derive(Debug)]
pub struct Misfit<'p> {
    /// The claim about the row's subject.
    pub claim: &'p VersionClaim,
    /// The claims about the component that the row speaks of; never empty.
    pub others: Vec<&'p VersionClaim>,
    /// The row.
    pub row: &'p Row,
}

/// The claims of a unit for which a row forbids what is claimed about `component`.
///
/// Where the unit disagrees with itself about `component`, that is another finding's matter: only what fits none of its claims is told here.
pub fn misfits<'p>(
    project: &'p Project,
    unit: &'p Unit,
    tables: &'p Tables,
    wanted: impl Fn(&VersionClaim) -> bool,
    component: Component,
) -> Vec<Misfit<'p>> {
    let rulings = Rulings { tables, component, known: RefCell::default() };
    let row = |claim, other| rulings.row(claim, other);
    // What an artefact is made for is no proof of what runs.
    let about = |claim: &VersionClaim| claim.component == component && claim.how != How::Name;
    // An artefact whose own name says what it is made for is not held against itself.
    let apart = |a: &VersionClaim, b: &VersionClaim| a.part != b.part || a.by != b.by;
    let found = conflicts(project, unit, wanted, about, |a, b| apart(a, b) && row(a, b).is_some());
    let mut seen = HashSet::new();
    let all: Vec<&VersionClaim> =
        project.claims(unit).filter(|claim| about(claim) && seen.insert((&claim.versions, claim.how))).collect();
    let found: Vec<Conflict<'p>> = found
        .into_iter()
        .filter(|conflict| {
            let (claim, other) = conflict.pair();
            !all.iter().any(|with| different_lines(with, other) && row(claim, with).is_none())
        })
        .collect();
    let misfit = |Odd { claim, others, .. }: Odd<'p>| {
        let row = others.iter().find_map(|other| row(claim, other))?;
        Some(Misfit { claim, others, row })
    };
    by_left(&found).into_iter().filter_map(misfit).collect()
}

/// What the rows say of pairs of claims. Many claims of a unit name the same few versions: each pair of these is looked up once.
struct Rulings<'p> {
    tables: &'p Tables,
    component: Component,
    known: RefCell<HashMap<(Said<'p>, Said<'p>), Option<&'p Row>>>,
}

/// All of a claim that rows ask for.
type Said<'p> = (Component, &'p VersionSet, Option<&'static str>, How);

impl<'p> Rulings<'p> {
    fn row(&self, claim: &'p VersionClaim, other: &'p VersionClaim) -> Option<&'p Row> {
        let said = |claim: &'p VersionClaim| (claim.component, &claim.versions, claim.distribution, claim.how);
        let look_up = || self.tables.contradiction(claim, self.component, &allowed(other));
        *self.known.borrow_mut().entry((said(claim), said(other))).or_insert_with(look_up)
    }
}

/// What a claim lets run: a compiler's release is the oldest Java that loads its classes.
pub fn allowed(claim: &VersionClaim) -> VersionSet {
    match (claim.component, claim.how, claim.versions.low()) {
        (Component::Java, How::Compiler, Some(low)) => {
            VersionSet::between(Bound::Included(low.clone()), Bound::Unbounded)
        }
        _ => claim.versions.clone(),
    }
}
