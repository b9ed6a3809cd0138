//! `sparkproof config`: each value in force and where it came from.

use super::terminal::wishes;
use super::{Answer, ConfigArgs, print};
use crate::config::Origin;
use crate::report::look;
use crate::session::{self, Prepared};
use crate::source::text::{Text, Texts};
use std::fmt::Write as _;

pub(super) fn run(args: &ConfigArgs) -> Answer {
    let prepared = session::prepare(&wishes(&args.scope)?)?;
    print(text(&prepared).as_bytes())
}

fn text(prepared: &Prepared) -> String {
    let settings = &prepared.settings;
    let files = Texts::load(&prepared.sources, prepared.config, |_| 0);
    let config = prepared.config.map(|id| (prepared.sources.path(id), files.get(id)));
    let from = |origin: Origin| origin_words(origin, config);
    let mut text = String::new();
    let _ = writeln!(text, "root    = {}", look::clean(&prepared.scope.root.to_string_lossy()));
    let _ = writeln!(text, "preset  = {}    # {}", settings.preset, from(settings.preset_from));
    let fail_on = settings.fail_on.map_or("never", |level| level.name());
    let _ = writeln!(text, "fail-on = {fail_on}    # {}", from(settings.fail_on_from));
    let tables: Vec<String> = settings.tables.iter().map(|table| table.value.clone()).collect();
    let path = config.map_or("", |(path, _)| path);
    let lists = [("exclude", &settings.exclude), ("tables", &tables), ("udf.entries", &settings.udf_entries)];
    for (name, list) in lists.into_iter().filter(|(_, list)| !list.is_empty()) {
        let _ = writeln!(text, "{name} = {list:?}    # {path}");
    }
    let targets = [("target.kubernetes", &settings.kubernetes), ("target.spark-operator", &settings.spark_operator)];
    for (name, value) in targets.into_iter().filter_map(|(name, value)| Some((name, value.as_ref()?))) {
        let _ = writeln!(text, "{name} = {value:?}    # {path}");
    }
    for unit in &settings.units {
        let _ = writeln!(text, "unit {:?} = {:?}    # {}", unit.name, unit.paths, from(Origin::File(unit.span)));
    }
    for ignore in &settings.ignores {
        let place = ignore.path.as_deref().unwrap_or("everywhere");
        let _ = writeln!(text, "ignore {} = {place:?}    # {}", ignore.rule, from(Origin::File(ignore.span)));
    }
    let _ = writeln!(text, "\n[rules]");
    let width = settings.rules.keys().map(|id| id.len()).max().unwrap_or_default();
    for (id, rule) in &settings.rules {
        let level = rule.level.map_or("off", |level| level.name());
        let _ = writeln!(text, "{id:width$} = {level:7}    # {}", from(rule.level_from));
        for (name, value, origin) in rule.options.iter() {
            let _ = writeln!(text, "{:width$}   {name} = {value}    # {}", "", from(origin));
        }
    }
    text
}

fn origin_words(origin: Origin, config: Option<(&str, &Text)>) -> String {
    match (origin, config) {
        (Origin::Default, _) => "default".into(),
        (Origin::Preset(preset), _) => format!("preset {preset}"),
        (Origin::CommandLine, _) => "command line".into(),
        (Origin::File(span), Some((path, text))) => format!("{path}:{}", text.position(span.start as usize).line),
        (Origin::File(_), None) => "configuration".into(),
    }
}
