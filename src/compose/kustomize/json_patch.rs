//! JSON patches (RFC 6902).

use super::value::{Value, What};
use crate::source::Traced;

/// Applies the operations of a patch in order. False where one of them has nothing to work on: Kustomize would refuse to build.
pub(super) fn apply(object: &mut Value, operations: &[Value]) -> bool {
    operations.iter().all(|operation| one(object, operation).is_some())
}

fn one(object: &mut Value, operation: &Value) -> Option<()> {
    let path = operation.get("path")?.text()?.clone();
    let steps = pointer(path.as_str())?;
    match operation.get("op")?.str()? {
        "add" => add(object, &steps, &path, operation.get("value")?.clone()),
        "replace" => {
            *find(object, &steps)? = operation.get("value")?.clone();
            Some(())
        }
        "remove" => remove(object, &steps).map(|_| ()),
        "move" => {
            let from = pointer(operation.get("from")?.str()?)?;
            let value = remove(object, &from)?;
            add(object, &steps, &path, value)
        }
        "copy" => {
            let from = pointer(operation.get("from")?.str()?)?;
            let value = find(object, &from)?.clone();
            add(object, &steps, &path, value)
        }
        "test" => Some(()),
        _ => None,
    }
}

/// The steps of a pointer.
fn pointer(path: &str) -> Option<Vec<String>> {
    if path.is_empty() {
        return Some(Vec::new());
    }
    let steps = path.strip_prefix('/')?.split('/');
    Some(steps.map(|step| step.replace("~1", "/").replace("~0", "~")).collect())
}

fn find<'v>(value: &'v mut Value, steps: &[String]) -> Option<&'v mut Value> {
    steps.iter().try_fold(value, |value, step| match &value.what {
        What::List { .. } => value.items_mut()?.get_mut(step.parse::<usize>().ok()?),
        _ => value.get_mut(step),
    })
}

fn add(object: &mut Value, steps: &[String], path: &Traced, new: Value) -> Option<()> {
    let Some((last, above)) = steps.split_last() else {
        *object = new;
        return Some(());
    };
    let parent = find(object, above)?;
    match &mut parent.what {
        What::List { items, .. } => {
            let at = if last == "-" { items.len() } else { last.parse().ok().filter(|at| *at <= items.len())? };
            items.insert(at, new);
        }
        What::Map { .. } => parent.set(Traced::made(last.as_str(), path.span()), new),
        What::Scalar { .. } | What::Unknown => return None,
    }
    Some(())
}

fn remove(object: &mut Value, steps: &[String]) -> Option<Value> {
    let (last, above) = steps.split_last()?;
    let parent = find(object, above)?;
    if let Some(items) = parent.items_mut() {
        let at = last.parse::<usize>().ok().filter(|at| *at < items.len())?;
        return Some(items.remove(at));
    }
    parent.remove(last)
}
