#![allow(clippy::unwrap_used)]

use super::*;
use crate::compose::maven::tests::{child, composed, project};

fn facts(poms: &[(&str, String)]) -> Facts {
    let (sources, maven) = composed(poms);
    let mut facts = claim(&sources, &maven);
    crate::claim::library::claim(&mut facts, &crate::table::BUILT_IN);
    facts
}

fn spark(artifact: &str, rest: &str) -> String {
    format!("<dependency><groupId>org.apache.spark</groupId><artifactId>{artifact}</artifactId>{rest}</dependency>")
}

fn build(inner: &str) -> String {
    project(
        "etl",
        &format!(
            "<properties><spark.version>3.5.1</spark.version><scala>2.12</scala></properties>\
             <dependencies>{inner}</dependencies>"
        ),
    )
}

fn module(facts: &Facts, part: usize) -> &fact::Module {
    match &facts.parts[part].kind {
        PartKind::Module(module) => module,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_scala_suffix_is_split_off_and_keeps_its_place() {
    let text = build(&spark("spark-sql_${scala}", "<version>${spark.version}</version><scope>provided</scope>"));
    let facts = facts(&[("jobs/etl/pom.xml", text.clone())]);
    let dependency = &facts.dependencies[0];
    assert_eq!(dependency.coordinate(), "org.apache.spark:spark-sql_2.12");
    assert_eq!((dependency.name.as_str(), dependency.scope), ("spark-sql", Scope::Provided));
    let suffix = dependency.scala.as_ref().unwrap();
    assert!(suffix.is_replaceable() && &text[suffix.span().range()] == "2.12");
    let part = &facts.parts[0];
    assert_eq!((part.name.as_str(), part.folder.as_str(), &text[part.span.range()]), ("g:etl", "jobs/etl", "etl"));
    assert_eq!(module(&facts, 0).artefacts, ["etl-1.jar"]);
}

#[test]
fn only_known_suffixes_are_scala_s() {
    for (artifact, name, suffix) in
        [("a_2.13", "a", Some("2.13")), ("a_3", "a", Some("3")), ("a_2.9", "a_2.9", None), ("a_b", "a_b", None)]
    {
        let facts = facts(&[("pom.xml", build(&spark(artifact, "<version>1</version>")))]);
        let dependency = &facts.dependencies[0];
        assert_eq!((dependency.name.as_str(), dependency.scala.as_ref().map(Traced::as_str)), (name, suffix));
    }
}

#[test]
fn one_place_makes_one_claim() {
    let versions = "<version>${spark.version}</version>";
    let inner =
        ["spark-sql", "spark-core", "spark-mllib"].map(|a| spark(&format!("{a}_${{scala}}"), versions)).concat();
    let facts = facts(&[("pom.xml", build(&inner))]);
    let claims: Vec<(Component, &str, &str)> =
        facts.versions.iter().map(|c| (c.component, c.text.as_str(), c.by.as_str())).collect();
    assert_eq!(
        claims,
        [
            (Component::Scala, "2.12", "org.apache.spark:spark-sql_2.12"),
            (Component::Spark, "3.5.1", "org.apache.spark:spark-sql_2.12"),
        ]
    );
    assert_eq!(facts.versions[1].versions.exact(), Version::parse("3.5.1").as_ref());
}

#[test]
fn tests_claim_nothing() {
    let facts = facts(&[("pom.xml", build(&spark("spark-sql_2.12", "<version>3.5.1</version><scope>test</scope>")))]);
    assert!(facts.versions.is_empty());
    assert_eq!(facts.dependencies[0].scope, Scope::Test);
}

#[test]
fn java_hadoop_and_the_scala_library_are_claims_too() {
    let of = |group: &str, artifact: &str, version: &str| {
        format!(
            "<dependency><groupId>{group}</groupId><artifactId>{artifact}</artifactId>\
             <version>{version}</version></dependency>"
        )
    };
    let inner =
        of("org.apache.hadoop", "hadoop-client-api", "3.3.4") + &of("org.scala-lang", "scala-library", "2.12.18");
    let text = build(&inner).replace("<properties>", "<properties><maven.compiler.target>1.8</maven.compiler.target>");
    let facts = facts(&[("pom.xml", text)]);
    let claims: Vec<(Component, How, String)> =
        facts.versions.iter().map(|c| (c.component, c.how, c.versions.to_string())).collect();
    assert_eq!(
        claims,
        [
            (Component::Hadoop, How::Dependency, "3.3.4".to_owned()),
            (Component::Scala, How::Dependency, "2.12".to_owned()),
            (Component::ScalaLibrary, How::Dependency, "2.12.18".to_owned()),
            (Component::Java, How::Compiler, "8".to_owned()),
        ]
    );
}

#[test]
fn modules_know_each_other() {
    let root =
        project("root", "<packaging>pom</packaging><modules><module>core</module><module>app</module></modules>");
    let on = |scope: &str, version: &str| {
        format!(
            "<dependencies><dependency><groupId>${{project.groupId}}</groupId><artifactId>core</artifactId>\
             <version>{version}</version><scope>{scope}</scope></dependency></dependencies>"
        )
    };
    let poms = |inner: &str| {
        [
            ("pom.xml", root.clone()),
            ("core/pom.xml", child("core", "root", "")),
            ("app/pom.xml", child("app", "root", inner)),
        ]
    };
    let facts = facts(&poms(&on("compile", "${project.version}")));
    let paths = |part: usize| -> Vec<(String, bool)> {
        module(&facts, part).local.iter().map(|l| (l.path.clone(), l.linked)).collect()
    };
    assert_eq!(paths(0), [("core/pom.xml".to_owned(), false), ("app/pom.xml".to_owned(), false)]);
    assert_eq!(paths(2), [("core/pom.xml".to_owned(), true)]);
    assert!(module(&facts, 0).aggregator && !module(&facts, 2).aggregator);
    assert_eq!(module(&facts, 2).parent, Some(FileId(0)));
    for inner in [on("test", "1"), on("compile", "2")] {
        assert!(module(&self::facts(&poms(&inner)), 2).local.is_empty(), "{inner}");
    }
}

#[test]
fn an_unknown_version_is_counted_once() {
    let root = project(
        "root",
        &format!(
            "<modules><module>a</module></modules><dependencies>{}</dependencies>",
            spark("spark-sql_2.12", "<version>${nowhere}</version>")
        ),
    );
    let facts = facts(&[("pom.xml", root), ("a/pom.xml", child("a", "root", ""))]);
    assert_eq!((facts.dependencies.len(), facts.unresolved.len()), (2, 1));
    assert!(facts.dependencies[0].version.is_none() && facts.unresolved[0].why.contains("`nowhere`"));
}

#[test]
fn profiles_number_the_evaluations() {
    let profile = "<profiles><profile><id>new</id><properties><spark.version>4.0.0</spark.version></properties></profile></profiles>";
    let text = build(&spark("spark-sql_2.13", "<version>${spark.version}</version>")).replace("</project>", profile);
    let facts = facts(&[("pom.xml", text + "</project>")]);
    assert_eq!(module(&facts, 0).evaluations, ["default", "new"]);
    let of_spark: Vec<(&str, Variants)> = facts
        .versions
        .iter()
        .filter(|c| c.component == Component::Spark)
        .map(|c| (c.text.as_str(), c.variants))
        .collect();
    assert_eq!(of_spark, [("3.5.1", Variants::only(0)), ("4.0.0", Variants::only(1))]);
    assert_eq!(facts.dependencies.len(), 2);
}
