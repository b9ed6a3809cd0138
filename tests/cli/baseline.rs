//! Findings of earlier days.

use crate::repository::{BAD, Repository};

#[test]
fn a_baseline_holds_back_what_it_knows_and_tells_what_is_mended() {
    let repository = Repository::fixture("batch-job");
    let before = repository.json(&[]).rules();
    assert_eq!(before.len(), 3);
    let written = repository.run(&["check", "--write-baseline", "known.json"]);
    assert_eq!((written.code, written.out.as_str()), (0, ""), "{}", written.err);
    assert!(written.err.contains("wrote 3 findings to `known.json`"), "{}", written.err);
    let check = || repository.json(&["--baseline", "known.json"]);
    let held = check();
    assert_eq!((held.code, held.rules().len()), (0, 0));
    assert!(held.err.contains("3 in the baseline"), "{}", held.err);

    for path in ["Dockerfile", "k8s/cronjob.yaml"] {
        repository.write(path, format!("# one\n# two\n\n{}", repository.read(path)));
    }
    let moved = check();
    assert_eq!((moved.code, moved.rules().len()), (0, 0), "{}", moved.out);
    assert!(!moved.err.contains("matches nothing"), "{}", moved.err);

    repository.write("k8s/cronjob.yaml", repository.read("k8s/cronjob.yaml").replace("memory: 4G\n", "memory: 4Gi\n"));
    let mended = check();
    assert_eq!(mended.code, 0);
    assert!(
        mended.err.contains("`limit-below-request` in `k8s/cronjob.yaml` matches nothing any more"),
        "{}",
        mended.err
    );

    repository.write("web.yaml", BAD);
    let new = check();
    assert_eq!((new.code, new.rules()), (1, vec!["limit-below-request".to_owned()]));
    assert_eq!(new.json()["findings"][0]["path"], "web.yaml");
}

#[test]
fn equal_findings_are_told_apart_by_their_number() {
    let two = format!("{BAD}---\n{BAD}");
    let repository = Repository::of(&[("web.yaml", BAD)]);
    assert_eq!(repository.run(&["check", "--write-baseline", "known.json"]).code, 0);
    repository.write("web.yaml", &two);
    let run = repository.json(&["--baseline", "known.json"]);
    assert_eq!((run.code, run.rules().len()), (1, 1));
}

#[test]
fn a_baseline_that_cannot_be_read_is_two() {
    let repository = Repository::of(&[("web.yaml", BAD)]);
    for (text, name) in
        [("", "empty"), ("{}", "object"), ("[1]", "list"), ("{\"version\": 99, \"findings\": []}", "newer")]
    {
        repository.write("known.json", text);
        let run = repository.run(&["check", "--baseline", "known.json"]);
        assert_eq!(run.code, 2, "{name}: {}", run.err);
    }
    let run = repository.run(&["check", "--baseline", "nowhere.json"]);
    assert_eq!(run.code, 2);
    assert!(run.err.contains("--write-baseline"), "{}", run.err);
    assert_eq!(repository.run(&["check", "--write-baseline", "no/such/folder.json"]).code, 2);
}
