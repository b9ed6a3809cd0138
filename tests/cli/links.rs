//! Which files of a repository are joined, as `facts` prints it.

use crate::repository::Repository;

const POM: &str = "<project><modelVersion>4.0.0</modelVersion><groupId>com.example</groupId><artifactId>NAME</artifactId><version>1</version>MORE</project>";

fn pom(name: &str, more: &str) -> String {
    POM.replace("NAME", name).replace("MORE", more)
}

/// The edges of a repository: `from-path kind to-path`, sorted.
fn edges(files: &[(&str, &str)]) -> Vec<String> {
    let facts = Repository::of(files).run(&["facts", "--format", "json"]).json();
    let text = |edge: &serde_json::Value, key: &str| edge[key].as_str().unwrap_or_default().to_owned();
    let list = facts["edges"].as_array().into_iter().flatten();
    let mut edges: Vec<String> =
        list.map(|e| format!("{} {} {}", text(e, "from-path"), text(e, "kind"), text(e, "to-path"))).collect();
    edges.sort();
    edges.dedup();
    edges
}

#[test]
fn a_jar_names_one_of_many_sbt_projects() {
    let build = "lazy val etl = (project in file(\"etl\")).settings(name := \"orders-etl\", scalaVersion := \"2.12.18\")\n\
        lazy val web = (project in file(\"web\")).settings(name := \"orders-web\", scalaVersion := \"2.12.18\")\n";
    let script = "#!/bin/sh\nspark-submit --master yarn /opt/jars/orders-etl-assembly-1.0.jar\n";
    assert_eq!(edges(&[("build.sbt", build), ("run.sh", script)]), ["run.sh loads build.sbt"]);
}

#[test]
fn a_shell_inside_a_container_submits_there() {
    let compose = "services:\n  master:\n    image: apache/spark:3.5.1\n    container_name: spark-master\n";
    let script = "#!/bin/sh\ndocker exec spark-master bash -lc \"spark-submit --master yarn jobs/etl.py\"\n";
    let found = edges(&[("compose.yaml", compose), ("run.sh", script)]);
    assert_eq!(found, ["run.sh submits compose.yaml"]);
}

#[test]
fn a_job_builds_the_modules_that_its_flags_name() {
    let modules = "<packaging>pom</packaging><modules><module>a</module><module>b</module></modules>";
    let files = |step: &str| {
        let job = format!("on: push\njobs:\n  test:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: {step}\n");
        edges(&[
            (".github/workflows/ci.yaml", &job),
            ("pom.xml", &pom("all", modules)),
            ("a/pom.xml", &pom("a", "")),
            ("b/pom.xml", &pom("b", "")),
            ("lib/pyproject.toml", "[project]\nname = \"lib\"\ndependencies = [\"pyspark==3.5.1\"]\n"),
            ("native/Cargo.toml", "[package]\nname = \"native\"\nversion = \"1.0.0\"\n[dependencies]\nregex = \"1\"\n"),
        ])
    };
    let builds = |step: &str| -> Vec<String> {
        let of_job = |edge: &String| edge.strip_prefix(".github/workflows/ci.yaml builds ").map(str::to_owned);
        files(step).iter().filter_map(of_job).collect()
    };
    // Which profiles and JDKs they are made with is not decided: they are listed and meet nobody.
    assert_eq!(builds("mvn -B verify"), ["a/pom.xml", "b/pom.xml", "pom.xml"]);
    assert_eq!(builds("mvn -B apache-rat:check"), [""; 0]);
    assert_eq!(builds("mvn -B -pl b -am verify"), ["b/pom.xml", "pom.xml"]);
    assert_eq!(builds("mvn --projects=a,!b verify"), ["a/pom.xml", "pom.xml"]);
    assert_eq!(builds("mvn -pl :a verify"), ["pom.xml"]);
    assert_eq!(builds("uv run --project lib pytest -q"), ["lib/pyproject.toml"]);
    assert_eq!(builds("cargo test --manifest-path native/Cargo.toml -p native"), ["native/Cargo.toml"]);
    assert_eq!(builds("uv run ruff check"), [""; 0]);
}

#[test]
fn settings_are_in_force_where_compose_puts_them() {
    let compose = "services:\n  spark:\n    image: apache/spark:3.5.1\n    volumes:\n      - ./conf/spark-defaults.conf:/opt/spark/conf/spark-defaults.conf:ro\n      - data:/data\n";
    let conf = ("conf/spark-defaults.conf", "spark.executor.memory 2g\n");
    assert_eq!(edges(&[("compose.yaml", compose), conf]), ["compose.yaml configures conf/spark-defaults.conf"]);
    let elsewhere = compose.replace("/opt/spark/conf/spark-defaults.conf", "/examples/spark.txt");
    assert_eq!(edges(&[("compose.yaml", &elsewhere), conf]), [""; 0]);
}

#[test]
fn a_script_that_is_only_made_executable_is_not_run() {
    let script = ("start.sh", "#!/bin/sh\nspark-submit --master yarn etl.py\n");
    let dockerfile = "FROM apache/spark:3.5.1\nCOPY start.sh /opt/\nRUN chmod +x /opt/start.sh\n";
    assert_eq!(edges(&[("Dockerfile", dockerfile), script]), [""; 0]);
    let run = format!("{dockerfile}CMD [\"sh\", \"/opt/start.sh\"]\n");
    assert_eq!(edges(&[("Dockerfile", &run), script]), ["Dockerfile submits start.sh"]);
}
