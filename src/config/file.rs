//! The configuration file and the presets: the same rows, read strictly, one layer over the other.

use super::{IgnoreEntry, Known, Opt, Origin, Preset, Settings, UnitDeclaration, UnknownRule};
use crate::finding::Level;
use crate::read::keyed::{Fault, Keyed, nearest};
use crate::read::tree::Node;
use crate::source::{FileId, Span, Spanned, Traced};

use super::options::{DefaultValue, Value};

const KEYS: [&str; 11] =
    ["preset", "exclude", "fail-on", "rules", "tables", "unit", "ignore", "udf", "target", "forbidden", "entry"];
const LEVELS: &str = "write `off`, `info`, `warning` or `error`";

/// Reads a configuration file over a preset: the file's own, or the one the command line asks for.
///
/// # Errors
/// Everything that is wrong in the file, at once. An id that names no rule is no error: it is in `unknown_rules`.
pub fn parse(file: FileId, text: &str, preset: Option<Preset>, known: &[Known]) -> Result<Settings, Vec<Fault>> {
    let (mut keyed, tree) = Keyed::open(file, text);
    let Some(tree) = tree else {
        return if keyed.faults.is_empty() { Ok(base(preset, known)) } else { Err(keyed.faults) };
    };
    // What a syntax error leaves behind would only give faults that follow from it.
    if !keyed.faults.is_empty() {
        return Err(keyed.faults);
    }
    let root = tree.root();
    keyed.only(root, "the configuration", &KEYS);
    let mut settings = match preset {
        Some(_) => base(preset, known),
        None => file_preset(&mut keyed, root, known),
    };
    if let Some(level) = keyed.text(root, "fail-on") {
        match level.as_str() {
            "never" => settings.fail_on = None,
            word => {
                settings.fail_on = word.parse().ok();
                if settings.fail_on.is_none() {
                    let help = Some("write `info`, `warning`, `error` or `never`".to_owned());
                    keyed.fault(level.span(), format!("`{word}` is no level"), help);
                }
            }
        }
        settings.fail_on_from = Origin::File(level.span());
    }
    settings.exclude = globs(&mut keyed, root, "exclude");
    settings.tables =
        keyed.texts(root, "tables").into_iter().map(|t| Spanned::new(t.as_str().to_owned(), t.span())).collect();
    if let Some(udf) = root.get("udf") {
        keyed.only(udf, "`[udf]`", &["entries"]);
        settings.udf_entries = globs(&mut keyed, udf, "entries");
    }
    if let Some(target) = root.get("target") {
        keyed.only(target, "`[target]`", &["kubernetes", "spark-operator"]);
        settings.kubernetes = keyed.text(target, "kubernetes").map(|t| t.as_str().to_owned());
        settings.spark_operator = keyed.text(target, "spark-operator").map(|t| t.as_str().to_owned());
    }
    settings.units = keyed.tables(root, "unit").into_iter().filter_map(|t| unit(&mut keyed, t)).collect();
    settings.ignores = keyed.tables(root, "ignore").into_iter().filter_map(|t| ignore(&mut keyed, t)).collect();
    if let Some(rules) = root.get("rules") {
        apply_rules(&mut keyed, rules, known, &mut settings, &|span| Origin::File(span));
    }
    for entry in settings.ignores.clone() {
        note_unknown(&mut settings, known, &entry.rule, entry.span);
    }
    keyed.faults.sort_by_key(|fault| fault.span);
    if keyed.faults.is_empty() { Ok(settings) } else { Err(keyed.faults) }
}

fn base(preset: Option<Preset>, known: &[Known]) -> Settings {
    match preset {
        Some(preset) => Settings::preset(preset, Origin::CommandLine, known),
        None => Settings::recommended(known),
    }
}

fn file_preset(keyed: &mut Keyed, root: Node<'_>, known: &[Known]) -> Settings {
    let Some(name) = keyed.text(root, "preset") else { return Settings::recommended(known) };
    let Some(preset) = Preset::ALL.into_iter().find(|p| p.name() == name.as_str()) else {
        let names = Preset::ALL.map(Preset::name);
        let help = nearest(name.as_str(), names).map(|n| format!("did you mean `{n}`?"));
        keyed.fault(name.span(), format!("`{name}` is no preset: write `{}`", names.join("`, `")), help);
        return Settings::recommended(known);
    };
    Settings::preset(preset, Origin::File(name.span()), known)
}

/// Puts a preset's rows over the settings. The presets come with sparkproof; a test reads each of them for faults.
pub fn apply_preset(preset: Preset, known: &[Known], settings: &mut Settings) {
    let (mut keyed, tree) = Keyed::open(FileId(u32::MAX), preset.text());
    if let Some(rules) = tree.as_ref().and_then(|t| t.root().get("rules")) {
        apply_rules(&mut keyed, rules, known, settings, &|_| Origin::Preset(preset));
    }
}

/// `[rules]`: a word sets the level, a table sets options and, under `level`, the level too.
fn apply_rules(
    keyed: &mut Keyed,
    rules: Node<'_>,
    known: &[Known],
    settings: &mut Settings,
    from: &dyn Fn(Span) -> Origin,
) {
    for (entry, value) in rules.entries() {
        let Some(rule) = known.iter().find(|k| k.id == entry.key.as_str()) else {
            note_unknown(settings, known, entry.key.as_str(), entry.key.span());
            continue;
        };
        let mut level_at = value.text();
        let mut options = Vec::new();
        if value.is_mapping() {
            level_at = keyed.text(value, "level");
            let names: Vec<&str> = rule.options.iter().map(|o| o.name).chain(["level"]).collect();
            keyed.only(value, &format!("the rule `{}`", rule.id), &names);
            let set = |opt: &Opt| Some((opt.name, option(keyed, value, opt)?, from(value.get(opt.name)?.span())));
            options = rule.options.iter().filter_map(set).collect();
        }
        let level = level_at.and_then(|text| level(keyed, text).map(|level| (level, text.span())));
        if level_at.is_none() && !value.is_mapping() {
            keyed.fault(
                value.span(),
                format!("`{}` takes a level or a table of options", rule.id),
                Some(LEVELS.into()),
            );
        }
        let Some(target) = settings.rules.get_mut(rule.id) else { continue };
        if let Some((level, span)) = level {
            (target.level, target.level_from) = (level, from(span));
        }
        for (name, value, from) in options {
            target.options.set(name, value, from);
        }
    }
}

/// `Some(None)` is `off`, None a fault.
#[allow(clippy::option_option, reason = "a level that may be off, or no level at all")]
fn level(keyed: &mut Keyed, text: &Traced) -> Option<Option<Level>> {
    match text.as_str() {
        "off" => Some(None),
        word => {
            let parsed = word.parse::<Level>();
            if parsed.is_err() {
                keyed.fault(text.span(), format!("`{word}` is no level"), Some(LEVELS.into()));
            }
            parsed.ok().map(Some)
        }
    }
}

fn option(keyed: &mut Keyed, table: Node<'_>, opt: &Opt) -> Option<Value> {
    let node = table.get(opt.name)?;
    let value = match opt.default {
        DefaultValue::Bool(_) => node.bool().map(Value::Bool),
        DefaultValue::Int(_) => node.int().map(Value::Int),
        DefaultValue::Float(_) if node.is_string() => None,
        DefaultValue::Float(_) => node.str().and_then(|t| t.replace('_', "").parse().ok()).map(Value::Float),
        DefaultValue::Text(_) => node.text().filter(|_| node.is_string()).map(|t| Value::Text(t.as_str().to_owned())),
        DefaultValue::List(_) => {
            return Some(Value::List(keyed.texts(table, opt.name).iter().map(ToString::to_string).collect()));
        }
    };
    if value.is_none() {
        let help = Some(format!("its default is `{}`", opt.default.value()));
        keyed.fault(node.span(), format!("`{}` must be {}", opt.name, opt.default.type_name()), help);
    }
    value
}

fn globs(keyed: &mut Keyed, table: Node<'_>, key: &str) -> Vec<String> {
    let texts = keyed.texts(table, key);
    texts.into_iter().filter_map(|text| glob(keyed, text)).collect()
}

fn glob(keyed: &mut Keyed, text: &Traced) -> Option<String> {
    match globset::Glob::new(text.as_str()) {
        Ok(_) => Some(text.as_str().to_owned()),
        Err(error) => {
            keyed.fault(text.span(), format!("`{text}` is no path glob: {}", error.kind()), None);
            None
        }
    }
}

fn unit(keyed: &mut Keyed, table: Node<'_>) -> Option<UnitDeclaration> {
    keyed.only(table, "`[[unit]]`", &["name", "paths"]);
    let name = keyed.required(table, "`[[unit]]`", "name");
    let paths = globs(keyed, table, "paths");
    if paths.is_empty() {
        keyed.fault(table.span(), "`[[unit]]` needs `paths`: globs of the files that run together", None);
    }
    let name = name?;
    Some(UnitDeclaration { name: name.as_str().to_owned(), paths, span: name.span() })
}

fn ignore(keyed: &mut Keyed, table: Node<'_>) -> Option<IgnoreEntry> {
    keyed.only(table, "`[[ignore]]`", &["rule", "path", "reason"]);
    let rule = keyed.required(table, "`[[ignore]]`", "rule");
    let reason = keyed.required(table, "`[[ignore]]`", "reason");
    let path = keyed.text(table, "path").and_then(|text| glob(keyed, text));
    if let Some(empty) = reason.filter(|r| r.as_str().trim().is_empty()) {
        keyed.fault(empty.span(), "an ignore needs a reason", Some("say why the finding is no defect here".into()));
    }
    Some(IgnoreEntry { rule: rule?.as_str().to_owned(), path, reason: reason?.as_str().to_owned(), span: rule?.span() })
}

fn note_unknown(settings: &mut Settings, known: &[Known], id: &str, span: Span) {
    if known.iter().all(|k| k.id != id) {
        settings.unknown_rules.push(UnknownRule { id: id.to_owned(), span });
    }
}
