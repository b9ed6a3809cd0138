//! Which `ConfigMap` of a name is meant where one is asked for.

use super::cluster::{same_namespace, upwards};

/// Who asks, or what is there: a folder and a namespace.
#[derive(Clone, Copy)]
pub(super) struct Place<'p> {
    pub(super) folder: &'p str,
    pub(super) namespace: Option<&'p str>,
}

/// Those of a name that are meant: of the folder, else of one above or below it, else all that can be met.
pub(super) fn nearest<'p, T>(
    all: impl Iterator<Item = &'p T>,
    place: fn(&T) -> Place<'_>,
    asks: Place<'_>,
) -> Vec<&'p T> {
    let met: Vec<&T> = all.filter(|one| same_namespace(place(one).namespace, asks.namespace)).collect();
    let around = |one: &&T| {
        let folder = place(one).folder;
        upwards(asks.folder).any(|above| above == folder) || upwards(folder).any(|above| above == asks.folder)
    };
    let here: Vec<&T> = met.iter().copied().filter(|one| place(one).folder == asks.folder).collect();
    let near: Vec<&T> = met.iter().copied().filter(around).collect();
    [here, near, met].into_iter().find(|found| !found.is_empty()).unwrap_or_default()
}
