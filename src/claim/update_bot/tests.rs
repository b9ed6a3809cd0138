use crate::claim::tests::facts;
use crate::fact::{Ecosystem, UpdateBot};
use crate::read::mutation;
use crate::source::Format;

fn dependabot(text: &str) -> Vec<UpdateBot> {
    facts(".github/dependabot.yml", Format::Yaml, text).update_bots
}

fn renovate(text: &str) -> Vec<UpdateBot> {
    facts("renovate.json", Format::Json, text).update_bots
}

#[test]
fn dependabot_says_what_it_updates_where() {
    let text = "\
version: 2
updates:
  - package-ecosystem: maven
    directory: /jobs/
    ignore:
      - dependency-name: 'org.apache.spark:*'
      - {dependency-name: 'a:b', versions: ['1']}
      - {dependency-name: 'a:c', update-types: [major]}
    groups:
      spark: {patterns: ['org.apache.spark:*', 'io.delta:*']}
      rest: {update-types: [minor]}
  - package-ecosystem: pip
    directories: [/, /tools]
    allow: [{dependency-name: pyspark}]
  - {package-ecosystem: docker, directory: /}
  - {package-ecosystem: sbt, directory: /, open-pull-requests-limit: 0}
  - {directory: /}
";
    for text in [text.to_owned(), text.replace('\n', "\r\n"), format!("\u{feff}{text}")] {
        let bots = dependabot(&text);
        assert_eq!(bots.len(), 2, "{bots:?}");
        assert_eq!((bots[0].ecosystems.as_slice(), bots[0].text.as_str()), (&[Ecosystem::Maven][..], "maven"));
        assert_eq!(bots[0].folders, ["jobs"]);
        assert_eq!(bots[0].groups, [vec!["org.apache.spark:*", "io.delta:*"], vec!["*"]]);
        assert!(
            !bots[0].updates("org.apache.spark:spark-sql_2.12") && bots[0].updates("a:b") && bots[0].updates("a:c")
        );
        assert_eq!(bots[1].folders, ["", "tools"]);
        assert!(bots[1].updates("pyspark") && !bots[1].updates("pandas"));
        mutation::traced(&text, &bots[0].text);
    }
}

#[test]
fn only_files_that_a_bot_reads_count() {
    let text = "updates: [{package-ecosystem: maven, directory: /}]\n";
    for path in ["dependabot.yml", ".github/workflows/dependabot.yml", ".github/bots.yml"] {
        assert!(facts(path, Format::Yaml, text).update_bots.is_empty(), "{path}");
    }
    for text in
        ["", "updates: maven\n", "updates: [{package-ecosystem: [maven]}]\n", "[]\n", "updates: [maven, null]\n"]
    {
        assert!(dependabot(text).is_empty(), "{text}");
    }
}

#[test]
fn renovate_says_what_it_groups() {
    let bots = renovate(
        r#"{
  "extends": ["config:recommended"],
  "enabledManagers": ["maven", "pip_requirements", "poetry", "docker"],
  "ignoreDeps": ["a:b"],
  "packageRules": [
    {"matchPackagePatterns": ["^org\\.apache\\.spark:", "delta$", "(a|b)"], "groupName": "spark"},
    {"matchPackagePrefixes": ["io.delta:"], "enabled": false},
    {"matchPackageNames": ["/^com\\.x:/", "c:**"], "groupName": "c"},
    {"matchUpdateTypes": ["major"], "groupName": "major"}
  ]
}"#,
    );
    let [bot] = bots.as_slice() else { panic!("{bots:?}") };
    assert_eq!(bot.ecosystems, [Ecosystem::Maven, Ecosystem::PyPi]);
    assert_eq!(bot.groups, [vec!["org.apache.spark:*", "*delta", "*"], vec!["com.x:*", "c:*"], vec!["*"]]);
    assert_eq!(bot.ignored, ["io.delta:*", "a:b"]);
    assert_eq!(bot.text.as_str(), "config:recommended");
}

#[test]
fn renovate_that_takes_what_is_not_known_says_nothing() {
    for text in [
        "{}",
        "[]",
        "",
        r#"{"extends": ["github>house/presets"]}"#,
        r#"{"extends": ["config:base", "group:all"]}"#,
        r#"{"extends": ["config:base"], "enabled": false}"#,
        r#"{"extends": ["config:base"], "groupName": "all"}"#,
        r#"{"extends": ["config:base"], "includePaths": ["a"]}"#,
        r#"{"extends": {"config:base": 1}}"#,
    ] {
        assert!(renovate(text).is_empty(), "{text}");
    }
    let all = renovate(r#"{"extends": "config:base"}"#);
    assert!(all[0].ecosystems.contains(&Ecosystem::Sbt) && all[0].groups.is_empty());
}

#[test]
fn no_text_breaks_it() {
    let first = "updates:\n  - package-ecosystem: maven\n    directories: ['/é', b]\n    groups: {a: {patterns: ['x*']}, b: null}\n    ignore: [{dependency-name: 'é:*'}]\n";
    let second = "{\"extends\": [\"config:base\"], \"packageRules\": [{\"matchPackagePatterns\": [\"^é\\\\.a.*$\"], \"groupName\": \"x\"}, {\"matchDepNames\": [\"/a/i\", \"b**\"], \"enabled\": false}]}";
    mutation::each(&[first, second], |text| {
        for bot in dependabot(text).iter().chain(&renovate(text)) {
            mutation::traced(text, &bot.text);
            bot.updates("org.apache.spark:spark-sql_2.12");
        }
    });
}
