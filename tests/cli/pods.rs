//! What Spark's pods get, as the facts tell it.

use super::repository::Repository;
use serde_json::Value;

/// A number in a unit that people read: `driver.memory` in mebibytes.
fn memory(facts: &Value, role: &str) -> Option<i64> {
    let bytes = pod(facts, role)["memory"]["request"].as_str()?.parse::<i64>().ok()?;
    Some(bytes / 1024 / 1024)
}

fn pod<'v>(facts: &'v Value, role: &str) -> &'v Value {
    let pods = facts["spark"].as_array().unwrap().iter().flat_map(|launch| launch["pods"].as_array().unwrap());
    let of_role: Vec<&Value> = pods.filter(|pod| pod["role"] == role).collect();
    assert_eq!(of_role.len(), 1, "{facts}");
    of_role[0]
}

fn facts(files: &[(&str, &str)]) -> Value {
    Repository::of(files).run(&["facts", "--format", "json"]).json()
}

#[test]
fn kubeflows_fields_come_before_its_settings() {
    let app = "apiVersion: sparkoperator.k8s.io/v1beta2\nkind: SparkApplication\nmetadata: { name: etl }\nspec:\n  type: Python\n  \
               sparkVersion: 3.5.1\n  mainApplicationFile: local:///app/etl.py\n  sparkConf:\n    spark.executor.memory: 2g\n    \
               spark.driver.memory: 2g\n    spark.executor.pyspark.memory: 1g\n  driver: { cores: 2, coreLimit: 2500m }\n  \
               executor: { memory: 10g, coreRequest: 500m }\n";
    let facts = facts(&[("app.yaml", app)]);
    // 2048 and four tenths of it; 10240, its four tenths, and Python's own.
    assert_eq!((memory(&facts, "driver"), memory(&facts, "executor")), (Some(2048 + 819), Some(10240 + 4096 + 1024)));
    let (driver, executor) = (&pod(&facts, "driver")["amounts"], &pod(&facts, "executor")["amounts"]);
    assert_eq!((&driver["heap"]["from"], &driver["heap"]["at"]), (&"setting".into(), &"app.yaml:10".into()));
    assert_eq!((&executor["heap"]["from"], &executor["heap"]["at"]), (&"field".into(), &"app.yaml:13".into()));
    assert_eq!((&driver["cpu-request"]["amount"], &driver["cpu-limit"]["amount"]), (&"2".into(), &"2.5".into()));
    assert_eq!((&executor["cpu-request"]["amount"], &executor["cpu-limit"]), (&"0.5".into(), &Value::Null));
}

#[test]
fn what_a_template_decides_is_not_known() {
    let app = "apiVersion: sparkoperator.k8s.io/v1beta2\nkind: SparkApplication\nmetadata: { name: etl }\nspec:\n  type: Scala\n  \
               mainApplicationFile: local:///app/etl.jar\n  driver:\n    memory: {{ .Values.memory }}\n  executor:\n    \
               {{- toYaml .Values.executor | nindent 4 }}\n    cores: 2\n";
    let facts = facts(&[
        ("chart/Chart.yaml", "apiVersion: v2\nname: etl\nversion: 0.1.0\n"),
        ("chart/templates/app.yaml", app),
    ]);
    assert_eq!((memory(&facts, "driver"), memory(&facts, "executor")), (None, None));
    assert_eq!(pod(&facts, "executor")["amounts"]["cores"]["text"], "2");
    assert_eq!(pod(&facts, "executor")["amounts"]["cpu-request"], Value::Null);
}

#[test]
fn a_command_reads_its_file_of_settings() {
    let run = "spark-submit --master k8s://https://k8s:6443 --deploy-mode cluster --properties-file etl.conf \
               --conf spark.executor.memory=3g --executor-memory 4g local:///app/etl.py\n";
    let conf = "spark.driver.memory 1g\nspark.executor.memory 8g\nspark.driver.memoryOverhead 512\n";
    let facts = facts(&[("run.sh", run), ("etl.conf", conf)]);
    // A flag of its own is stronger than `--conf`, that than the file.
    assert_eq!((memory(&facts, "driver"), memory(&facts, "executor")), (Some(1024 + 512), Some(4096 + 1638)));
    assert_eq!(pod(&facts, "executor")["amounts"]["heap"]["text"], "4g");
}

#[test]
fn stackables_limit_holds_heap_and_overhead() {
    let app = "apiVersion: spark.stackable.tech/v1alpha1\nkind: SparkApplication\nmetadata: { name: etl }\nspec:\n  \
               sparkImage: { productVersion: 3.5.8 }\n  mode: cluster\n  mainApplicationFile: local:///app/etl.py\n  \
               driver: { config: { resources: { memory: { limit: 1Gi } } } }\n  executor:\n    \
               config: { resources: { cpu: { min: 250m, max: \"2\" }, memory: { limit: 2Gi } } }\n";
    let facts = facts(&[("app.yaml", app)]);
    // 1024 without at least 384, and what Spark adds again; 2048 / 1.4 is 1462, and 384 are added.
    assert_eq!((memory(&facts, "driver"), memory(&facts, "executor")), (Some(1024), Some(1462 + 384)));
    let executor = &pod(&facts, "executor")["amounts"];
    assert_eq!((&executor["cpu-request"]["text"], &executor["cpu-limit"]["text"]), (&"250m".into(), &"2".into()));
}

#[test]
fn a_connect_servers_executors_run_no_python_of_their_own() {
    let app = "apiVersion: sparkoperator.k8s.io/v1alpha1\nkind: SparkConnect\nmetadata: { name: connect }\nspec:\n  \
               sparkVersion: 4.0.1\n  sparkConf: { spark.executor.pyspark.memory: 2g }\n  server:\n    memory: 2g\n    template:\n      \
               spec:\n        containers:\n          - name: spark-kubernetes-driver\n            \
               resources: { limits: { memory: 3Gi } }\n  executor: { memory: 8g }\n";
    let facts = facts(&[("app.yaml", app)]);
    assert_eq!(memory(&facts, "executor"), Some(8192 + 819));
    let server = pod(&facts, "server");
    assert_eq!((&server["memory"], &server["amounts"]["memory-limit"]["text"]), (&Value::Null, &"3Gi".into()));
}
