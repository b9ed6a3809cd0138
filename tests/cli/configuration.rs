//! `sparkproof.toml`: its faults, its warnings, and the commands about it.

use crate::repository::{BAD, Repository, good};

const FAULTY: &str = "\
preset = \"strickt\"
fail-on = 3
exclude = [\"a[\"]
tables = [1]
colour = true

[rules]
limit-below-request = \"loud\"
base-image-unpinned = { require-digest = \"yes\", require = 1 }

[[ignore]]
rule = \"limit-below-request\"

[[ignore]]
rule = \"limit-below-request\"
reason = \" \"

[[unit]]
paths = []

[target]
kubernets = \"1.30\"
";

#[test]
fn all_faults_are_told_at_once_at_their_places() {
    let repository = Repository::of(&[("sparkproof.toml", FAULTY), ("a.yaml", BAD)]);
    for arguments in [&["check"] as &[&str], &["check", "--format", "json"], &["config"], &["facts"]] {
        let run = repository.run(arguments);
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{arguments:?}");
        for word in [
            "strickt",
            "fail-on",
            "a[",
            "colour",
            "loud",
            "require-digest",
            "`require`",
            "reason",
            "name",
            "paths",
            "kubernets",
        ] {
            assert!(run.err.contains(word), "{word}: {}", run.err);
        }
        assert!(run.err.matches("error: ").count() >= 10, "{}", run.err);
        assert!(run.err.contains("^^^") && run.err.contains("sparkproof.toml:1:11"), "{}", run.err);
        assert!(run.err.contains("did you mean `strict`?"), "{}", run.err);
    }
}

#[test]
fn broken_toml_is_two_with_a_place() {
    for text in ["preset = ", "[rules\n", "a = 1\na = 2\n", "preset = \"strict\"\n]]]"] {
        let repository = Repository::of(&[("sparkproof.toml", text), ("a.yaml", &good())]);
        let run = repository.run(&["check"]);
        assert_eq!(run.code, 2, "{text:?}: {}", run.err);
        assert!(run.err.contains("sparkproof.toml:"), "{text:?}: {}", run.err);
    }
}

#[test]
fn a_configuration_that_is_no_text_or_no_file_is_two() {
    let repository = Repository::of(&[("a.yaml", &good())]);
    for bytes in [b"\xff\xfeA" as &[u8], b"preset = \"strict\" # \0"] {
        repository.write("sparkproof.toml", bytes);
        let run = repository.run(&["check"]);
        assert_eq!(run.code, 2);
        assert!(run.err.contains("`sparkproof.toml`"), "{}", run.err);
    }
    std::fs::remove_file(repository.at("sparkproof.toml")).unwrap();
    for config in ["nowhere.toml", "."] {
        let run = repository.run(&["check", "--config", config]);
        assert_eq!(run.code, 2, "{config}: {}", run.err);
    }
}

#[test]
fn a_rule_that_does_not_exist_is_a_warning() {
    let text = "[rules]\nlimit-bellow-request = \"off\"\n";
    let repository = Repository::of(&[("sparkproof.toml", text), ("a.yaml", &good())]);
    let run = repository.json(&[]);
    assert_eq!((run.code, run.rules()), (0, vec!["unknown-rule".to_owned()]));
    let finding = &run.json()["findings"][0];
    assert_eq!((finding["level"].as_str(), finding["path"].as_str()), (Some("warning"), Some("sparkproof.toml")));
    assert_eq!(finding["help"], "did you mean `limit-below-request`?");
}

#[test]
fn tables_that_cannot_be_used_are_said() {
    let repository = Repository::of(&[("sparkproof.toml", "tables = [\"house.toml\"]\n"), ("a.yaml", &good())]);
    let run = repository.run(&["check"]);
    assert_eq!(run.code, 2);
    assert!(run.err.contains("house.toml"), "{}", run.err);
    repository.write("house.toml", "[[row]]\nsubject = \"spark\"\n");
    let run = repository.json(&[]);
    assert!(run.rules().iter().all(|rule| rule == "table-row-invalid") && !run.rules().is_empty(), "{}", run.out);
    assert_eq!(run.json()["findings"][0]["path"], "house.toml");
}

#[test]
fn another_configuration_can_be_given() {
    let repository = Repository::of(&[("a.yaml", BAD), ("ci/quiet.toml", "[rules]\nlimit-below-request = \"off\"\n")]);
    assert_eq!(repository.run(&["check"]).code, 1);
    let run = repository.run(&["check", "--config", "ci/quiet.toml"]);
    assert_eq!(run.code, 0, "{}{}", run.out, run.err);
}

#[test]
fn config_tells_where_each_setting_comes_from() {
    let repository = Repository::fixture("house-rules");
    let run = repository.run(&["config"]);
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    let line =
        |word: &str| run.out.lines().find(|line| line.starts_with(word)).unwrap_or_else(|| panic!("{}", run.out));
    assert!(line("preset ").contains("production-checklist") && line("preset ").ends_with("sparkproof.toml:1"));
    assert!(line("fail-on ").contains("warning") && line("fail-on ").ends_with("sparkproof.toml:2"));
    assert!(
        line("base-image-unpinned ").contains("info") && line("base-image-unpinned ").ends_with("sparkproof.toml:7")
    );
    assert!(line("java-unsupported ").ends_with("default"), "{}", run.out);
    let strict = repository.run(&["config", "--preset", "strict"]);
    assert!(strict.out.contains("preset  = strict    # command line"), "{}", strict.out);
}

#[test]
fn init_writes_a_configuration_once() {
    let repository = Repository::of(&[("a.yaml", &good())]);
    let first = repository.run(&["init"]);
    assert_eq!(first.code, 0, "{}", first.err);
    let text = repository.read("sparkproof.toml");
    assert_eq!(repository.run(&["check"]).code, 0);
    repository.write("sparkproof.toml", "# mine\n");
    let second = repository.run(&["init"]);
    assert_eq!(second.code, 2);
    assert!(second.err.contains("sparkproof.toml"), "{}", second.err);
    assert_eq!(repository.read("sparkproof.toml"), "# mine\n");
    assert_eq!(repository.run(&["init", "nowhere"]).code, 2);
    assert!(text.contains("preset"));
}

#[test]
fn the_schema_takes_the_template_and_refuses_what_the_reader_refuses() {
    let repository = Repository::empty();
    let schema = repository.run(&["schema"]);
    assert_eq!(schema.code, 0);
    let schema = schema.json();
    assert!(jsonschema::draft7::meta::is_valid(&schema));
    let validator = jsonschema::draft7::new(&schema).unwrap();
    assert_eq!(repository.run(&["init"]).code, 0);
    let template = repository.read("sparkproof.toml");
    let in_force = template.lines().map(|line| {
        line.strip_prefix("# ").filter(|rest| rest.contains(" = ") || rest.starts_with('[')).unwrap_or(line)
    });
    let in_force = in_force.collect::<Vec<_>>().join("\n");
    let house =
        Repository::fixture("house-rules").read("sparkproof.toml").replace("limit-bellow-request = \"off\"\n", "");
    for text in [&template, &in_force, &house] {
        let json = serde_json::to_value(toml::from_str::<toml::Table>(text).unwrap()).unwrap();
        let errors: Vec<String> = validator.iter_errors(&json).map(|e| e.to_string()).collect();
        assert!(errors.is_empty(), "{errors:?}\n{text}");
    }
    for text in FAULTY.split_inclusive('\n').take(4) {
        let json = serde_json::to_value(toml::from_str::<toml::Table>(text).unwrap()).unwrap();
        assert!(text.contains("a[") || !validator.is_valid(&json), "{text}");
    }
}
