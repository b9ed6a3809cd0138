//! Which files are read, and which findings are told.

use crate::repository::{BAD, Repository, finish, good};

const DOCKERFILE: &str = "FROM apache/spark:latest\nUSER 185\n";

#[test]
fn a_single_file_is_judged_with_the_files_beside_it() {
    let repository = Repository::fixture("layered-build");
    let all = repository.json(&[]);
    assert!(all.rules().len() >= 2, "{}", all.out);
    let one = repository.json(&["docker/Dockerfile"]);
    assert_eq!(one.code, 1);
    let json = one.json();
    assert!(!one.rules().is_empty());
    for finding in json["findings"].as_array().unwrap() {
        let labels = finding["labels"].as_array().unwrap().iter();
        let mut paths = labels.map(|l| &l["path"]).chain([&finding["path"]]);
        assert!(paths.any(|path| path == "docker/Dockerfile"), "{finding}");
    }
    assert_eq!(json["coverage"]["files"], all.json()["coverage"]["files"]);
}

#[test]
fn findings_of_other_files_are_not_told() {
    let repository = Repository::of(&[("a.yaml", BAD), ("b.yaml", &good())]);
    assert_eq!(repository.run(&["check", "b.yaml"]).code, 0);
    assert_eq!(repository.run(&["check", "a.yaml"]).code, 1);
    assert_eq!(repository.run(&["check", "a.yaml", "b.yaml"]).code, 1);
}

#[test]
fn the_working_folder_decides_what_is_asked_and_paths_stay_relative_to_the_root() {
    let repository = Repository::of(&[("a/web.yaml", BAD), ("b/web.yaml", BAD)]);
    let mut command = repository.command(&["check", "--format", "json"]);
    let run = finish(command.current_dir(repository.at("a")));
    assert_eq!(run.json()["findings"][0]["path"], "a/web.yaml");
    assert_eq!(run.rules().len(), 1);
}

#[test]
fn a_path_that_does_not_exist_is_two() {
    let repository = Repository::of(&[("a.yaml", BAD)]);
    for command in ["check", "facts", "config"] {
        let run = repository.run(&[command, "a.yaml", "nowhere.yaml"]);
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{command}");
        assert!(run.err.contains("error: `nowhere.yaml` cannot be checked"), "{}", run.err);
        assert!(run.err.contains("help: "), "{}", run.err);
    }
}

#[test]
fn unknown_flags_and_words_are_two() {
    let repository = Repository::empty();
    let bad: [&[&str]; 6] = [
        &["--nope"],
        &["check", "--format", "morse"],
        &["check", "--fail-on", "always"],
        &["check", "--threads", "0"],
        &["check", "--preset", "none"],
        &["check", "--exclude", "a["],
    ];
    for arguments in bad {
        let run = repository.run(arguments);
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{arguments:?}");
        assert!(run.err.starts_with("error: "), "{}", run.err);
    }
    for arguments in [["--help"], ["--version"]] {
        let run = repository.run(&arguments);
        assert_eq!((run.code, run.err.as_str()), (0, ""));
    }
}

#[test]
fn what_git_ignores_is_not_read_unless_it_is_given() {
    let repository = Repository::of(&[(".gitignore", "generated/\nscratch.yaml\n"), ("ok.yaml", &good())]);
    repository.write("generated/web.yaml", BAD);
    repository.write("scratch.yaml", BAD);
    assert_eq!(repository.run(&["check"]).code, 0);
    for path in ["generated", "generated/web.yaml", "scratch.yaml"] {
        let run = repository.json(&[path]);
        assert_eq!(run.rules(), ["limit-below-request"], "{path}");
    }
    assert_eq!(repository.json(&["generated", "scratch.yaml"]).rules().len(), 2);
}

#[test]
fn what_is_excluded_is_not_read() {
    let repository = Repository::of(&[("a/web.yaml", BAD), ("b/c/web.yaml", BAD), ("d.yaml", BAD)]);
    let left = |globs: &[&str]| {
        let flags: Vec<&str> = globs.iter().flat_map(|glob| ["--exclude", glob]).collect();
        repository.json(&flags).rules().len()
    };
    assert_eq!(left(&[]), 3);
    assert_eq!(left(&["a"]), 2);
    assert_eq!(left(&["b/**", "d.yaml"]), 1);
    assert_eq!(left(&["web.yaml"]), 1);
    assert_eq!(left(&["**"]), 0);
}

#[test]
fn hidden_folders_that_are_ours_are_read() {
    let repository =
        Repository::of(&[(".github/deploy.yaml", BAD), (".gitlab-ci.yml", "a: [\n"), (".git/x.yaml", BAD)]);
    let run = repository.json(&[]);
    let json = run.json();
    let paths: Vec<&str> = json["findings"].as_array().unwrap().iter().map(|f| f["path"].as_str().unwrap()).collect();
    assert_eq!(paths, [".github/deploy.yaml", ".gitlab-ci.yml"]);
}

#[test]
#[cfg(unix)]
fn symbolic_links_are_not_followed_out_of_the_root() {
    use std::os::unix::fs::symlink;
    let repository = Repository::of(&[("ok.yaml", &good())]);
    std::fs::create_dir(repository.path("outside")).unwrap();
    std::fs::write(repository.path("outside/web.yaml"), BAD).unwrap();
    symlink(repository.path("outside"), repository.at("folder")).unwrap();
    symlink(repository.path("outside/web.yaml"), repository.at("file.yaml")).unwrap();
    symlink("nowhere", repository.at("dangling.yaml")).unwrap();
    symlink("..", repository.at("up")).unwrap();
    symlink("loop", repository.at("loop")).unwrap();
    let run = repository.json(&[]);
    assert_eq!(run.json()["coverage"]["files"], 1, "{}", run.out);
    assert_eq!(run.code, 0);
    let given = repository.run(&["check", "ok.yaml", "file.yaml"]);
    assert_eq!((given.code, given.out.as_str()), (2, ""));
    assert!(given.err.contains("does not lie below"), "{}", given.err);
}

#[test]
fn without_repository_and_configuration_only_what_is_given_is_read() {
    let repository = Repository::of(&[("a.yaml", BAD), ("b.yaml", BAD)]);
    std::fs::remove_dir(repository.at(".git")).unwrap();
    assert_eq!(repository.json(&["a.yaml"]).json()["coverage"]["files"], 1);
    assert_eq!(repository.json(&["a.yaml", "b.yaml"]).rules().len(), 2);
    assert_eq!(repository.json(&[]).rules().len(), 2);
}

#[test]
fn a_repository_whose_git_is_a_file_is_one() {
    let repository = Repository::of(&[("sub/web.yaml", BAD), ("Dockerfile", DOCKERFILE)]);
    std::fs::remove_dir(repository.at(".git")).unwrap();
    repository.write(".git", "gitdir: /nowhere/at/all\n");
    let run = repository.json(&["sub"]);
    assert_eq!(run.json()["findings"][0]["path"], "sub/web.yaml");
    assert_eq!(run.json()["coverage"]["files"], 2);
}

#[test]
fn an_empty_folder_is_clean_with_a_notice() {
    for arguments in [&["check"] as &[&str], &[], &["check", "."]] {
        let run = Repository::empty().run(arguments);
        assert_eq!((run.code, run.out.as_str()), (0, ""));
        assert!(run.err.contains("nothing here is of a format"), "{}", run.err);
    }
}

#[test]
fn rules_are_asked_for_by_name() {
    let repository = Repository::of(&[("web.yaml", BAD), ("Dockerfile", DOCKERFILE)]);
    assert_eq!(repository.json(&[]).rules(), ["base-image-unpinned", "limit-below-request"]);
    assert_eq!(repository.json(&["--rule", "base-image-unpinned"]).rules(), ["base-image-unpinned"]);
    assert_eq!(repository.json(&["--rule", "base-image-unpinned", "--rule", "limit-below-request"]).rules().len(), 2);
    let wrong = repository.run(&["check", "--rule", "limit-bellow-request"]);
    assert_eq!(wrong.code, 2);
    assert!(wrong.err.contains("did you mean `limit-below-request`?"), "{}", wrong.err);
}

#[test]
fn presets_contain_each_other() {
    let repository = Repository::of(&[("Dockerfile", "FROM apache/spark:3.5.4-scala2.12-java17-ubuntu\nUSER 185\n")]);
    let rules = |preset: &str| repository.json(&["--preset", preset]).rules();
    let [recommended, checklist, strict] = ["recommended", "production-checklist", "strict"].map(rules);
    assert!(!recommended.contains(&"base-image-unpinned".to_owned()));
    assert!(checklist.contains(&"base-image-unpinned".to_owned()), "{checklist:?}");
    assert!(recommended.iter().all(|rule| checklist.contains(rule)));
    assert!(checklist.iter().all(|rule| strict.contains(rule)));
}
