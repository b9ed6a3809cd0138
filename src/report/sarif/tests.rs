#![allow(clippy::unwrap_used)]

use super::*;
use crate::report::Format;
use crate::report::sample::{Sample, hostile, usual};
use serde_json::Value;

fn parse(sample: &Sample) -> Value {
    serde_json::from_str(&sample.render(Format::Sarif, 100, false)).unwrap()
}

fn complaints(log: &Value) -> Vec<String> {
    let schema = serde_json::from_str(include_str!("../../../tests/schemas/sarif-subset.json")).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    validator.iter_errors(log).map(|e| format!("{}: {e}", e.instance_path)).collect()
}

#[test]
fn every_report_follows_the_schema() {
    for sample in [usual(), hostile(), Sample::new(&[("empty.yaml", "")])] {
        assert_eq!(complaints(&parse(&sample)), Vec::<String>::new());
    }
}

#[test]
fn the_schema_does_complain() {
    let mut log = parse(&usual());
    log["runs"][0]["results"][0]["locations"] = Value::Array(Vec::new());
    log["runs"][0]["results"][1]["message"]["text"] = "".into();
    assert_eq!(complaints(&log).len(), 2);
}

#[test]
fn a_clean_run_is_written_too() {
    let log = parse(&Sample::new(&[("a.yaml", "a: 1\n")]));
    assert_eq!(log["runs"][0]["results"], Value::Array(Vec::new()));
    assert_eq!(log["runs"][0]["tool"]["driver"]["rules"].as_array().unwrap().len(), 3);
    assert_eq!(log["runs"][0]["invocations"][0]["executionSuccessful"], true);
}

#[test]
fn a_result_names_its_rule_its_places_and_its_fix() {
    let log = parse(&usual());
    let run = &log["runs"][0];
    let result = &run["results"][0];
    let rule = &run["tool"]["driver"]["rules"][usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap()];
    assert_eq!((&rule["id"], &rule["name"]), (&result["ruleId"], &"ScalaBinaryMismatch".into()));
    assert_eq!(
        rule["fullDescription"]["text"],
        "Two artefacts that run together are built for different Scala binary versions. \
         The binary interface changes with each minor release of Scala."
    );
    assert_eq!(result["partialFingerprints"]["sparkproof/v1"], "7a3f9b2c11d0e845");
    assert_eq!(result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"], "jobs/etl/pom.xml");
    assert_eq!(result["relatedLocations"][0]["message"]["text"], "the image brings Scala 2.13");
    let change = &result["fixes"][0]["artifactChanges"][0]["replacements"][0];
    assert_eq!(change["insertedContent"]["text"], "2.13");
    assert_eq!(change["deletedRegion"], result["locations"][0]["physicalLocation"]["region"]);
    assert_eq!(run["results"][2]["level"], "note");
}

#[test]
fn paths_are_references_and_descriptions_are_short() {
    assert_eq!(encode("a b/ä#%:?.yaml"), "a%20b/%C3%A4%23%25%3A%3F.yaml");
    assert_eq!(cut(&"ä".repeat(2000)).chars().count(), LONGEST);
    assert_eq!(pascal_case("go-1x-module"), "Go1xModule");
}
