//! `sparkproof schema`: the JSON schema of the configuration, made from the rules' own declarations.

use super::{Answer, print};
use crate::config::{DefaultValue, Opt, Preset};
use crate::rule::Rule;
use crate::rules;
use serde_json::{Map, Value, json};

pub(super) fn run() -> Answer {
    let mut text = serde_json::to_string_pretty(&schema()).unwrap_or_default();
    text.push('\n');
    print(text.as_bytes())
}

fn schema() -> Value {
    let texts = json!({ "type": "array", "items": { "type": "string" } });
    let level = json!({ "enum": ["off", "info", "warning", "error"] });
    let rules: Map<String, Value> = rules::ALL.iter().map(|rule| (rule.id.to_owned(), of_rule(rule, &level))).collect();
    let table = |properties: Value, required: &[&str]| json!({ "type": "object", "additionalProperties": false, "properties": properties, "required": required });
    let text = json!({ "type": "string" });
    let allow = table(json!({ "path": text, "package": text, "reason": text }), &["reason"]);
    let forbidden = json!({
        "path": text, "kind": text, "language": { "enum": ["go", "rust"] }, "capability": text, "level": level, "reason": text,
        "replacement": text, "except": texts, "source": text, "reachable-from": texts, "tests": { "type": "boolean" },
        "allow": { "type": "array", "items": allow },
    });
    let entry = json!({
        "language": { "enum": ["go"] }, "kind": { "enum": ["export", "function", "registration", "interface"] },
        "name": text, "why": text, "source": text,
    });
    json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "sparkproof.toml",
        "type": "object",
        "additionalProperties": false,
        "properties": {
            "preset": { "enum": Preset::ALL.map(Preset::name), "default": Preset::Recommended.name() },
            "fail-on": { "enum": ["info", "warning", "error", "never"], "default": "error" },
            "exclude": texts, "tables": texts,
            "rules": table(Value::Object(rules), &[]),
            "udf": table(json!({ "entries": texts }), &[]),
            "target": table(json!({ "kubernetes": text, "spark-operator": text }), &[]),
            "forbidden": { "type": "array", "items": table(forbidden, &["path", "kind", "level"]) },
            "entry": { "type": "array", "items": table(entry, &["language", "kind", "name", "why"]) },
            "unit": { "type": "array", "items": table(json!({ "name": text, "paths": texts }), &["name", "paths"]) },
            "ignore": { "type": "array", "items": table(json!({ "rule": text, "path": text, "reason": text }), &["rule", "reason"]) },
        }
    })
}

fn of_rule(rule: &Rule, level: &Value) -> Value {
    let summary = rule.summary().split_whitespace().collect::<Vec<_>>().join(" ");
    let mut properties: Map<String, Value> =
        rule.options.iter().map(|opt| (opt.name.to_owned(), of_option(opt))).collect();
    properties.insert("level".into(), level.clone());
    let table = json!({ "type": "object", "additionalProperties": false, "properties": properties });
    json!({ "description": summary, "anyOf": [level, table] })
}

fn of_option(opt: &Opt) -> Value {
    let (kind, default) = match opt.default {
        DefaultValue::Bool(b) => (json!({ "type": "boolean" }), json!(b)),
        DefaultValue::Int(i) => (json!({ "type": "integer" }), json!(i)),
        DefaultValue::Float(x) => (json!({ "type": "number" }), json!(x)),
        DefaultValue::Text(t) => (json!({ "type": "string" }), json!(t)),
        DefaultValue::List(l) => (json!({ "type": "array", "items": { "type": "string" } }), json!(l)),
    };
    let mut schema = kind;
    schema["description"] = json!(opt.help);
    schema["default"] = default;
    schema
}
