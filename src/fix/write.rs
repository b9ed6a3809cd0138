//! Writing a plan's changes: whole files by renaming, files that share a fix together or not at all.

use super::{Change, Plan, Refused, changed};
use crate::source::{Location, Sources, reason};
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

/// Writes the changes and returns what was really done: a plan whose [`Plan::changes`] and [`Plan::fixed`] are what
/// was written, and whose [`Plan::refused`] also holds what could not be.
///
/// Files that share a fix are written together: all are checked and staged beside their targets before the first is
/// renamed, and a rename that fails puts the ones before it back. Between two renames the system can still fail; no
/// file is ever half written. A file must still hold the bytes that were read and lie below the root when symbolic links
/// are followed. Permissions are kept; hard links are not.
pub fn write(plan: Plan, sources: &Sources) -> Plan {
    let mut done = Plan { changes: Vec::new(), ..plan };
    let root = fs::canonicalize(&sources.root);
    for bundle in bundles(plan.changes) {
        let written = root
            .as_ref()
            .map_err(|e| format!("the root cannot be opened: {}", reason(e)))
            .and_then(|root| write_together(&bundle, sources, root));
        match written {
            Ok(()) => done.changes.extend(bundle),
            Err(why) => refuse(&mut done, &bundle, &why),
        }
    }
    done.changes.sort_by_key(|change| change.file);
    done.refused.sort_by_key(|refused| refused.finding);
    done
}

fn refuse(plan: &mut Plan, bundle: &[Change], why: &str) {
    let mut findings: Vec<usize> = bundle.iter().flat_map(|change| &change.findings).copied().collect();
    findings.sort_unstable();
    findings.dedup();
    plan.fixed.retain(|index| findings.binary_search(index).is_err());
    plan.refused.extend(findings.into_iter().map(|finding| Refused { finding, why: why.to_owned() }));
}

/// The changes in groups that share no fix.
fn bundles(changes: Vec<Change>) -> Vec<Vec<Change>> {
    let mut bundles: Vec<Vec<Change>> = Vec::new();
    let mut bundle_of = std::collections::BTreeMap::new();
    for change in changes {
        let mut joined: Vec<usize> = change.findings.iter().filter_map(|f| bundle_of.get(f)).copied().collect();
        joined.sort_unstable();
        joined.dedup();
        let home = joined.first().copied().unwrap_or(bundles.len());
        let mut members = vec![change];
        for bundle in joined.iter().skip(1) {
            members.extend(bundles.get_mut(*bundle).map(std::mem::take).unwrap_or_default());
        }
        bundle_of.extend(members.iter().flat_map(|member| &member.findings).map(|finding| (*finding, home)));
        match bundles.get_mut(home) {
            Some(bundle) => bundle.append(&mut members),
            None => bundles.push(members),
        }
    }
    bundles
}

fn write_together(bundle: &[Change], sources: &Sources, root: &Path) -> Result<(), String> {
    let mut staged: Vec<Staged> = Vec::with_capacity(bundle.len());
    for change in bundle {
        let target = target(change, sources, root)?;
        if staged.iter().any(|other| other.target == target) {
            return Err(format!("`{}` is a second name of a file that this fix changes already", change.path));
        }
        let new = Staged::new(&target, &change.new);
        staged.push(new.map_err(|e| format!("`{}` cannot be written: {}", change.path, reason(&e)))?);
    }
    // Staging takes time: look again at all of them right before the first is replaced.
    for (change, new) in bundle.iter().zip(&staged) {
        holds(&new.target, &change.old).then_some(()).ok_or_else(|| changed(&change.path))?;
    }
    for (count, change) in bundle.iter().enumerate() {
        let renamed = staged.get_mut(count).map_or(Ok(()), Staged::put);
        if let Err(e) = renamed {
            let why = format!("`{}` cannot be replaced: {}", change.path, reason(&e));
            return Err(put_back(bundle.iter().zip(&staged).take(count), why));
        }
    }
    Ok(())
}

/// Undoes what was written of a bundle, and says so where that fails too.
fn put_back<'a>(written: impl Iterator<Item = (&'a Change, &'a Staged)>, mut why: String) -> String {
    for (change, new) in written {
        let restored = holds(&new.target, &change.new)
            && Staged::new(&new.target, &change.old).and_then(|mut old| old.put()).is_ok();
        if !restored {
            why.push_str("; `");
            why.push_str(&change.path);
            why.push_str("` was already replaced and could not be put back");
        }
    }
    why
}

/// The real file behind a change, checked.
fn target(change: &Change, sources: &Sources, root: &Path) -> Result<PathBuf, String> {
    let path = &change.path;
    let Location::Disk(place) = &sources.get(change.file).location else {
        return Err(format!("`{path}` is no file on disk"));
    };
    let target = fs::canonicalize(place).map_err(|e| format!("`{path}` cannot be opened: {}", reason(&e)))?;
    if !target.starts_with(root) {
        return Err(format!("`{path}` leads out of the repository"));
    }
    let meta = fs::metadata(&target).map_err(|e| format!("`{path}` cannot be opened: {}", reason(&e)))?;
    if !meta.is_file() {
        return Err(format!("`{path}` is not a regular file"));
    }
    if meta.permissions().readonly() {
        return Err(format!("`{path}` is read-only"));
    }
    if holds(&target, &change.old) { Ok(target) } else { Err(changed(path)) }
}

fn holds(path: &Path, text: &str) -> bool {
    let as_long = fs::metadata(path).is_ok_and(|meta| meta.len() == text.len() as u64);
    as_long && fs::read(path).is_ok_and(|bytes| bytes == text.as_bytes())
}

/// A new text beside its target, gone again unless it is put there.
#[derive(Debug)]
struct Staged {
    target: PathBuf,
    waiting: Option<PathBuf>,
}

impl Staged {
    fn new(target: &Path, text: &str) -> io::Result<Self> {
        let (file, path) = create_beside(target)?;
        // Owns the file from here on, so that every early return removes it.
        let staged = Self { target: target.to_owned(), waiting: Some(path) };
        fill(file, text, target)?;
        Ok(staged)
    }

    fn put(&mut self) -> io::Result<()> {
        if let Some(path) = &self.waiting {
            fs::rename(path, &self.target)?;
        }
        self.waiting = None;
        Ok(())
    }
}

impl Drop for Staged {
    fn drop(&mut self) {
        if let Some(path) = &self.waiting {
            // Nobody is left to tell; the target is untouched.
            let _ = fs::remove_file(path);
        }
    }
}

fn fill(mut file: File, text: &str, target: &Path) -> io::Result<()> {
    let like = fs::metadata(target)?;
    file.write_all(text.as_bytes())?;
    keep_owner(&file, &like);
    file.set_permissions(like.permissions())?;
    file.sync_all()
}

/// Only a privileged user can give a file away; for anyone else the new file is their own, as an editor's is.
#[cfg(unix)]
fn keep_owner(file: &File, like: &fs::Metadata) {
    use std::os::unix::fs::{MetadataExt as _, fchown};
    if file.metadata().is_ok_and(|now| (now.uid(), now.gid()) != (like.uid(), like.gid())) {
        let _ = fchown(file, Some(like.uid()), Some(like.gid()));
    }
}

#[cfg(not(unix))]
fn keep_owner(_file: &File, _like: &fs::Metadata) {}

/// A new file in the target's folder, since a rename works within one file system only.
fn create_beside(target: &Path) -> io::Result<(File, PathBuf)> {
    let folder = target.parent().unwrap_or(Path::new("."));
    let mut last = io::Error::from(io::ErrorKind::AlreadyExists);
    for attempt in 0..100 {
        let path = folder.join(format!(".sparkproof-{}-{attempt}.tmp", std::process::id()));
        match new_file().open(&path) {
            Ok(file) => return Ok((file, path)),
            Err(e) if e.kind() == io::ErrorKind::AlreadyExists => last = e,
            Err(e) => return Err(e),
        }
    }
    Err(last)
}

/// Nobody else may read it before it has its target's permissions.
#[cfg(unix)]
fn new_file() -> OpenOptions {
    use std::os::unix::fs::OpenOptionsExt as _;
    OpenOptions::new().write(true).create_new(true).mode(0o600).clone()
}

#[cfg(not(unix))]
fn new_file() -> OpenOptions {
    OpenOptions::new().write(true).create_new(true).clone()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::source::FileId;

    #[test]
    fn what_was_replaced_is_put_back_unless_someone_else_wrote_since() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("a");
        let (path, old, new) = ("a".to_owned(), "a: 1\r\n".to_owned(), "a: 2\r\n".to_owned());
        let change = Change { file: FileId(0), path, edits: Vec::new(), findings: Vec::new(), old, new };
        fs::write(&target, &change.new).unwrap();
        let staged = Staged { target: target.clone(), waiting: None };

        assert_eq!(put_back([(&change, &staged)].into_iter(), "it failed".into()), "it failed");
        assert_eq!(fs::read_to_string(&target).unwrap(), change.old);

        fs::write(&target, "mine").unwrap();
        let why = put_back([(&change, &staged)].into_iter(), "it failed".into());
        assert_eq!(why, "it failed; `a` was already replaced and could not be put back");
        assert_eq!(fs::read_to_string(&target).unwrap(), "mine");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
