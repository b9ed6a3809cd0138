//! Files that are made from the code: they must be what the code makes of them today.

use super::root;
use sparkproof::config::{Origin, Preset, Settings};
use sparkproof::rule::Rule;
use sparkproof::rules;
use std::fmt::Write as _;
use std::fs;
use std::process::Command;

/// Compares a file with what it should be, or writes it where that is asked for.
fn current(path: &str, made: &str) {
    let file = root().join(path);
    if std::env::var_os("BLESS").is_some_and(|value| value == "1") {
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(&file, made).unwrap();
    }
    let found = fs::read_to_string(&file).unwrap_or_default();
    let line = found.lines().zip(made.lines()).take_while(|(a, b)| a == b).count() + 1;
    assert!(found == made, "{path} is not current from line {line} on: run `BLESS=1 cargo test --test house`");
}

/// What the binary prints.
fn printed(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_sparkproof")).args(arguments).env_remove("COLUMNS").output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn the_list_of_rules_is_current() {
    let known = rules::known();
    let presets = Preset::ALL.map(|preset| (preset, Settings::preset(preset, Origin::Default, &known)));
    let mut text = "<!-- Made by tests/house.rs: `BLESS=1 cargo test --test house` writes it. -->\n# Rules\n\n\
        One page a rule: what it says, why, what it looks like when it happens, and examples that are run as tests. Each preset holds \
        the ones before it: `recommended` (without any configuration), `production-checklist`, `strict`.\n\n\
        | group | rule | level | on in | fix | what it says |\n|---|---|---|---|---|---|\n"
        .to_owned();
    for rule in rules::ALL {
        let Rule { id, group, level, .. } = rule;
        let on = presets.iter().filter(|(_, settings)| settings.rules.get(id).is_some_and(|rule| rule.level.is_some()));
        let on: Vec<&str> = on.map(|(preset, _)| preset.name()).collect();
        let on = if on.len() == presets.len() { "all presets".to_owned() } else { on.join(", ") };
        let fix = if rule.section("Fixed").is_empty() { "no" } else { "yes" };
        let summary = rule.summary().split_whitespace().collect::<Vec<_>>().join(" ").replace('|', "\\|");
        let _ = writeln!(text, "| {group} | [{id}]({group}/{id}.md) | {level} | {on} | {fix} | {summary} |");
    }
    current("rules/README.md", &text);
}

#[test]
fn the_schema_is_current() {
    current("docs/sparkproof.schema.json", &printed(&["schema"]));
}

#[test]
fn the_page_of_commands_is_current() {
    let main = printed(&["--help"]);
    let listed = main.split("\nCommands:\n").nth(1).unwrap().split("\n\n").next().unwrap();
    let commands = listed.lines().filter_map(|line| line.strip_prefix("  ")?.split_whitespace().next());
    let commands: Vec<&str> =
        commands.filter(|name| name.starts_with(char::is_alphabetic) && *name != "help").collect();
    assert!(commands.contains(&"check") && commands.contains(&"explain"), "{commands:?}");
    let mut text =
        "<!-- Made by tests/house.rs: `BLESS=1 cargo test --test house` writes it. -->\n# Commands\n".to_owned();
    let mut add = |title: &str, help: &str| {
        let lines: Vec<&str> = help.lines().map(str::trim_end).collect();
        let _ = writeln!(text, "\n## `{title}`\n\n```text\n{}\n```", lines.join("\n").trim_end());
    };
    add("sparkproof", &main);
    for command in commands.into_iter().filter(|name| *name != "check") {
        add(&format!("sparkproof {command}"), &printed(&[command, "--help"]));
    }
    current("docs/cli.md", &text);
}
