//! Much of everything.

use crate::repository::{BAD, Repository, good};
use crate::{check, peak};
use std::fmt::Write as _;

#[test]
fn files_that_are_too_large_are_said_and_not_read() {
    let filler = format!("# {}\n", "x".repeat(1021)).repeat(50 * 1024);
    let repository = Repository::of(&[("data.yaml", &filler)]);
    let run = check(&repository, "50 MB of YAML");
    assert_eq!((run.code, run.rules()), (0, vec!["unreadable-file".to_owned()]), "{}", run.out);
    assert_eq!(run.json()["findings"][0]["level"], "warning");

    let repository = Repository::of(&[("web.yaml", &format!("{BAD}{filler}"))]);
    let run = check(&repository, "50 MB of a manifest");
    assert_eq!((run.code, run.rules()), (1, vec!["unreadable-file".to_owned()]));
    assert!(peak(&repository) < 200, "{} MB", peak(&repository));

    let pom = format!("<project><!-- {} --></project>", "x".repeat(17 << 20));
    let run = check(&Repository::of(&[("pom.xml", &pom)]), "17 MB of pom.xml");
    assert_eq!((run.code, run.rules()), (1, vec!["unreadable-file".to_owned()]));
}

#[test]
fn long_lines_are_cut_in_what_people_read() {
    let values = "0123456789".repeat(1 << 20);
    let yaml = BAD.replace("{memory: 256Mi}", &format!("{{memory: 256Mi, x: \"{values}\"}}"));
    let json = format!(
        "{{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{{\"name\":\"x\"}},\"note\":\"{values}\",\"spec\":{{\"containers\":[{{\
         \"name\":\"a\",\"resources\":{{\"requests\":{{\"memory\":\"2Gi\"}},\"limits\":{{\"memory\":\"1Gi\"}}}}}}]}}}}"
    );
    let repository = Repository::of(&[("web.yaml", &yaml), ("pod.json", &json)]);
    let run = check(&repository, "lines of 10 MB");
    assert_eq!(run.rules(), ["limit-below-request", "limit-below-request"], "{}", run.err);
    for format in ["human", "concise", "github", "sarif", "json"] {
        let run = repository.run(&["check", "--format", format]);
        assert!(run.out.len() < 1_000_000, "{format}: {} bytes", run.out.len());
    }
}

#[test]
fn many_small_manifests_are_checked_in_time() {
    let repository = Repository::empty();
    for n in 0..5000 {
        repository.write(&format!("{}/{n}.yaml", n / 100), BAD.replace("web", &format!("web-{n}")));
    }
    let run = check(&repository, "5,000 manifests");
    assert_eq!(run.json()["summary"]["error"], 5000);
    for format in ["human", "concise", "github", "sarif"] {
        assert_eq!(repository.run(&["check", "--format", format]).code, 1);
    }
}

#[test]
fn many_findings_in_one_file_are_told_in_time() {
    let text = format!("{BAD}---\n").repeat(5000);
    let run = check(&Repository::of(&[("web.yaml", &text)]), "5,000 documents in one file");
    assert_eq!(run.json()["summary"]["error"], 5000);
}

#[test]
fn many_ignores_and_rules_in_the_configuration_cost_little() {
    let mut config = String::from("[rules]\n");
    for n in 0..2000 {
        writeln!(config, "no-such-rule-{n} = \"off\"").unwrap();
    }
    for n in 0..2000 {
        writeln!(config, "[[ignore]]\nrule = \"limit-below-request\"\npath = \"{n}/**\"\nreason = \"x\"").unwrap();
    }
    let repository = Repository::of(&[("sparkproof.toml", &config), ("web.yaml", BAD)]);
    check(&repository, "a long configuration");
}

#[test]
fn deep_folders_are_read() {
    let repository = Repository::empty();
    // As deep as a path may be long.
    let folder = ["d"; 300].join("/");
    repository.write(&format!("{folder}/web.yaml"), BAD);
    repository.write("web.yaml", good());
    let run = check(&repository, "300 folders");
    assert_eq!(run.json()["findings"][0]["path"], format!("{folder}/web.yaml"));
}

#[test]
fn lines_without_end_are_read() {
    let many = |line: &str| line.repeat(200_000);
    let repository = Repository::of(&[
        ("go.mod", &format!("module a\nrequire (\n{})\n", many("  b.c/d v1.0.0\n"))),
        ("requirements.txt", &many("a==1\n")),
        ("Dockerfile", &format!("FROM a:1\nRUN true \\\n{}  true\n", many("  x \\\n"))),
        ("spark-defaults.conf", &many("spark.a b\n")),
        ("build.sh", &many("docker build -t a/b:1 .\n")),
    ]);
    check(&repository, "many lines");
}
