//! `sparkproof matrix`: the tables, asked from outside.

use crate::repository::Repository;
use serde_json::Value;

#[test]
fn what_fits_a_spark_is_told_with_its_source() {
    let run = Repository::of(&[]).run(&["matrix", "spark", "3.5.1"]);
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    for (start, end) in [
        ("spark 3.5 needs hadoop 3.3.4", "pkg:maven/org.apache.spark/"),
        ("spark 3.5 needs scala 2.12 || 2.13", "pkg:maven/org.apache.spark/"),
        ("delta-spark >=3.0, <4.0 needs spark 3.5", "https://docs.delta.io/releases/"),
        ("iceberg-spark-runtime 1.4 needs spark 3.2 || 3.3 || 3.4 || 3.5", "https://github.com/apache/iceberg/"),
    ] {
        let line = run.out.lines().find(|line| line.trim_start().starts_with(start));
        assert!(line.is_some_and(|line| line.contains(end)), "{start}: {line:?}");
    }
    assert!(!run.out.contains("spark 3.4 needs"), "{}", run.out);
}

#[test]
fn what_a_reader_asks_first_stands_first() {
    let out = Repository::of(&[]).run(&["matrix", "spark", "3.5.1"]).out;
    let headings: Vec<&str> = out.lines().filter(|line| line.ends_with(':') && !line.starts_with(' ')).collect();
    assert_eq!((headings.first(), headings.last()), (Some(&"what it runs on:"), Some(&"images:")));
    let modules = out.split("\n\n").find(|section| section.starts_with("modules")).unwrap();
    assert!(modules.contains("spark-sql-kafka-0-10 3.5.1"), "{modules}");
    assert!(!modules.contains("flume") && !modules.contains("profiler"), "neither is of Spark 3.5: {modules}");
}

#[test]
fn a_library_is_known_by_its_other_names_too() {
    let repository = Repository::of(&[]);
    let of = |name: &str| repository.run(&["matrix", name, "2.4.0"]).out;
    assert!(of("delta-spark").contains("needs spark 3.4"));
    assert_eq!(of("delta-core"), of("delta-spark"));
}

#[test]
fn all_rows_are_data() {
    let run = Repository::of(&[]).run(&["matrix", "--all", "--format", "json"]);
    let json: Value = serde_json::from_str(&run.out).unwrap();
    let lines = json["lines"].as_array().unwrap();
    assert!(json["version"] == 1 && lines.len() > 300, "{} lines", lines.len());
    assert!(lines.iter().all(|line| line["source"].as_str().is_some_and(|source| source.contains(':'))));
}

#[test]
fn what_the_tables_do_not_know_is_said() {
    let repository = Repository::of(&[]);
    let run = repository.run(&["matrix", "delta-sprak"]);
    assert_eq!(run.code, 2);
    assert!(run.err.contains("know nothing of `delta-sprak`") && run.err.contains("`delta-spark`"), "{}", run.err);
    assert_eq!(repository.run(&["matrix", "spark", "three"]).code, 2);
    let none = repository.run(&["matrix", "hadoop-aws", "2.0"]);
    assert!(none.code == 0 && none.out.contains("say nothing"), "{}", none.out);
}
