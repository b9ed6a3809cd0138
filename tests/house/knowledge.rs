//! Presets and tables: what the program knows is itself right.

use super::none;
use sparkproof::config::{self, Preset};
use sparkproof::fact::Component;
use sparkproof::read::keyed::Fault;
use sparkproof::rules;
use sparkproof::source::FileId;
use sparkproof::table::{BUILT_IN, Contents, ENTRIES, FORBIDDEN, TEXTS, entries, forbidden};
use std::collections::BTreeSet;

const FILE: FileId = FileId(0);

fn told<'f>(name: &'f str, text: &'f str, faults: Vec<Fault>) -> impl Iterator<Item = String> + 'f {
    let line = |fault: &Fault| text[..fault.span.start as usize].matches('\n').count() + 1;
    faults.into_iter().map(move |fault| format!("{name}:{}: {}", line(&fault), fault.message))
}

/// The first two of each kind that stand in the wrong order or twice.
fn out_of_order<K: Ord>(name: &str, keys: &[(K, String)]) -> Vec<String> {
    let wrong = keys.windows(2).filter(|pair| pair[0].0 >= pair[1].0);
    wrong.map(|pair| format!("{name}: `{}` stands before `{}`", pair[0].1, pair[1].1)).collect()
}

#[test]
fn presets_speak_of_rules_and_options_that_exist() {
    let mut faults = Vec::new();
    for preset in Preset::ALL {
        match config::parse(FILE, preset.text(), None, &rules::known()) {
            Ok(settings) => {
                faults.extend(settings.unknown_rules.iter().map(|rule| format!("{preset}: no rule `{}`", rule.id)));
            }
            Err(found) => faults.extend(told(preset.name(), preset.text(), found)),
        }
    }
    none(&faults);
}

#[test]
fn version_rows_are_right() {
    let mut faults = Vec::new();
    let mut keys_of_all = BTreeSet::new();
    let mut count = 0;
    for (name, text) in TEXTS {
        let (Contents { rows, .. }, found) = Contents::read(FILE, text, true);
        faults.extend(told(name, text, found));
        count += rows.len();
        let keys: Vec<_> = rows
            .iter()
            .map(|row| {
                let component = row.relation.component.name().to_lowercase();
                let key = (
                    row.subject.clone(),
                    row.versions.low().cloned(),
                    component,
                    row.distribution.clone(),
                    !row.relation.is_needs(),
                    row.versions.to_string(),
                );
                let place = text[..row.span.start as usize].matches('\n').count() + 1;
                (key, format!("{} {} {} (line {place})", row.subject, row.versions, row.relation.component))
            })
            .collect();
        faults.extend(out_of_order(name, &keys));
        for row in &rows {
            let outside = row.checked.iter().filter(|version| !row.versions.contains(version));
            faults.extend(outside.map(|v| format!("{name}: `{v}` was checked for {} {}", row.subject, row.versions)));
            if !keys_of_all.insert(format!("{:?}", row.key())) {
                faults.push(format!(
                    "{name}: {} {} {} stands in two tables",
                    row.subject, row.versions, row.relation.component
                ));
            }
        }
    }
    assert!(count > 50, "{count} rows");
    none(&faults);
}

#[test]
fn rows_speak_of_artefacts_that_are_known() {
    let mut faults = Vec::new();
    let known = |component: Component| {
        !matches!(component, Component::Library(_)) || BUILT_IN.artefacts().any(|a| a.component == component)
    };
    for (name, text) in TEXTS {
        for row in Contents::read(FILE, text, false).0.rows {
            for component in [Component::named(&row.subject), row.relation.component] {
                if !known(component) {
                    faults.push(format!("{name}: no artefact is called `{component}`"));
                }
            }
        }
    }
    faults.dedup();
    none(&faults);
}

#[test]
fn image_families_read_the_tags_they_were_made_from() {
    let mut faults = Vec::new();
    let families: Vec<_> = TEXTS.iter().flat_map(|(_, text)| Contents::read(FILE, text, true).0.images).collect();
    assert!(families.len() > 10, "{} families", families.len());
    for family in &families {
        let name = &family.family;
        if family.checked.is_empty() || family.repositories.is_empty() {
            faults.push(format!("images: {name} has no checked tag or no repository"));
        }
        for tag in &family.checked {
            if !family.reads(tag) {
                faults.push(format!("images: {name} does not read `{tag}`"));
            }
            // Of several entries for one repository, the first whose expression matches speaks: it must be of this family.
            let speaks =
                |repository: &&String| BUILT_IN.image_family(repository, Some(tag)).map(|f| &f.family) != Some(name);
            faults.extend(
                family
                    .repositories
                    .iter()
                    .filter(speaks)
                    .map(|r| format!("images: `{r}:{tag}` is read by another family than {name}")),
            );
        }
        for other in &family.repositories {
            if *other != other.to_lowercase()
                || other.starts_with("library/")
                || other.starts_with("docker.io/")
                || other.contains('@')
            {
                faults.push(format!("images: `{other}` is no normalised name"));
            }
        }
    }
    none(&faults);
}

#[test]
fn forbidden_lists_are_right() {
    let mut faults = Vec::new();
    for (language, text) in FORBIDDEN {
        let name = &format!("forbidden/{language:?}").to_lowercase();
        let (rows, found) = forbidden::read(FILE, text, language);
        faults.extend(told(name, text, found));
        assert!(rows.len() > 50, "{name}: {} rows", rows.len());
        let keys: Vec<_> = rows.iter().map(|row| (row.path.clone(), row.path.clone())).collect();
        faults.extend(out_of_order(name, &keys));
        for row in &rows {
            let texts = [Some(&row.reason), row.replacement.as_ref()];
            faults.extend(
                texts
                    .into_iter()
                    .flatten()
                    .filter_map(|t| super::words::style(t).map(|w| format!("{name}: {}: {w}: {t}", row.path))),
            );
        }
    }
    none(&faults);
}

#[test]
fn entry_points_are_right() {
    let (rows, found) = entries::read(FILE, ENTRIES);
    let mut faults: Vec<String> = told("forbidden/entries", ENTRIES, found).collect();
    assert!(rows.len() > 5, "{} rows", rows.len());
    let styled =
        |row: &entries::EntryPoint| super::words::style(&row.why).map(|w| format!("{}: {w}: {}", row.name, row.why));
    faults.extend(rows.iter().filter_map(styled));
    none(&faults);
}
