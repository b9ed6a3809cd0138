//! Strategic merge patches: mappings join, the lists of Kubernetes' own kinds join by their items' names, all else is replaced.

use super::value::{Member, Value, What};
use std::collections::{HashMap, HashSet};

/// The field by which the items of a list are the same, where Kubernetes' own kinds have one.
fn merge_key(list: &str, items: &[Value]) -> Option<&'static str> {
    Some(match list {
        "containers"
        | "initContainers"
        | "ephemeralContainers"
        | "volumes"
        | "env"
        | "imagePullSecrets"
        | "secrets"
        | "webhooks"
        | "claims" => "name",
        "volumeMounts" => "mountPath",
        "volumeDevices" => "devicePath",
        "hostAliases" => "ip",
        "topologySpreadConstraints" => "topologyKey",
        "ports" => {
            let has = |key: &str| items.iter().any(|item| item.get(key).is_some());
            if has("containerPort") { "containerPort" } else { "port" }
        }
        _ => return None,
    })
}

/// Merges a patch into a value. `by_name` says that the kind is Kubernetes' own.
pub(super) fn merge(base: &mut Value, patch: Value, by_name: bool) {
    merge_under(base, patch, "", by_name);
}

fn merge_under(base: &mut Value, patch: Value, key: &str, by_name: bool) {
    match (&mut base.what, patch.what) {
        (What::Map { members, open }, What::Map { members: patches, open: more }) => {
            let directive = patches.iter().find(|member| member.key.as_str() == "$patch");
            if directive.and_then(|member| member.value.str()) == Some("replace") {
                members.clear();
                *open = false;
                base.span = patch.span;
            }
            *open |= more;
            mappings(members, patches, by_name);
        }
        (What::List { items, open }, What::List { items: patches, open: more }) if by_name => {
            let key = merge_key(key, items).or_else(|| merge_key(key, &patches));
            let replaces = patches.iter().any(|item| directive(item) == Some("replace"));
            match key.filter(|_| !replaces) {
                Some(key) => lists(items, patches, key),
                None => *items = patches.into_iter().filter(|item| directive(item).is_none()).map(clean).collect(),
            }
            *open |= more;
        }
        // What a patch only repeats, to say which item it means, stands where it was.
        (What::Scalar { text, .. }, What::Scalar { text: same, .. }) if *text.as_str() == *same.as_str() => {}
        (_, what) => *base = clean(Value { what, ..patch }),
    }
}

/// What `$patch` says of an item or mapping.
pub(super) fn directive(value: &Value) -> Option<&str> {
    value.get("$patch")?.str()
}

fn mappings(members: &mut Vec<Member>, patches: Vec<Member>, by_name: bool) {
    let mut places: HashMap<String, usize> =
        members.iter().enumerate().map(|(i, member)| (member.key.to_string(), i)).collect();
    let mut gone = HashSet::new();
    for patch in patches {
        let key = patch.key.to_string();
        if let Some(list) = key.strip_prefix("$deleteFromPrimitiveList/") {
            let texts: Vec<&str> = patch.value.items().iter().filter_map(Value::str).collect();
            let own = places.get(list).and_then(|i| members.get_mut(*i)).and_then(|m| m.value.items_mut());
            if let Some(own) = own {
                own.retain(|item| item.str().is_none_or(|text| !texts.contains(&text)));
            }
            continue;
        }
        if key.starts_with('$') {
            continue;
        }
        let place = places.get(&key).copied();
        if patch.value.is_null() || directive(&patch.value) == Some("delete") {
            gone.extend(place);
            places.remove(&key);
            continue;
        }
        if let Some(own) = place.and_then(|i| members.get_mut(i)) {
            merge_under(&mut own.value, patch.value, &key, by_name);
        } else {
            places.insert(key, members.len());
            members.push(Member { value: clean(patch.value), ..patch });
        }
    }
    drop_at(members, &gone);
}

/// Takes away what stands at these places.
fn drop_at<T>(list: &mut Vec<T>, places: &HashSet<usize>) {
    let mut at = 0;
    list.retain(|_| {
        at += 1;
        !places.contains(&(at - 1))
    });
}

fn lists(items: &mut Vec<Value>, patches: Vec<Value>, key: &str) {
    let mut places: HashMap<String, usize> = HashMap::new();
    for (i, item) in items.iter().enumerate() {
        if let Some(name) = item.get(key).and_then(Value::str) {
            places.insert(name.to_owned(), i);
        }
    }
    let mut gone = HashSet::new();
    for patch in patches {
        let name = patch.get(key).and_then(Value::str).map(str::to_owned);
        let place = name.as_ref().and_then(|name| places.get(name).copied());
        if directive(&patch) == Some("delete") {
            gone.extend(place);
            continue;
        }
        if let Some(own) = place.and_then(|i| items.get_mut(i)) {
            merge_under(own, patch, "", true);
        } else {
            places.extend(name.map(|name| (name, items.len())));
            items.push(clean(patch));
        }
    }
    drop_at(items, &gone);
}

/// A patch's own value without the words that are for patches alone.
fn clean(mut value: Value) -> Value {
    match &mut value.what {
        What::Map { members, .. } => {
            members.retain(|member| !member.key.as_str().starts_with('$') && !member.value.is_null());
            for member in members {
                clean_in_place(&mut member.value);
            }
        }
        What::List { items, .. } => {
            items.retain(|item| directive(item).is_none());
            items.iter_mut().for_each(clean_in_place);
        }
        What::Scalar { .. } | What::Unknown => {}
    }
    value
}

fn clean_in_place(value: &mut Value) {
    let span = value.span;
    *value = clean(std::mem::replace(value, Value::empty(span)));
}
