//! Manifests that other checkers stumble over.

use crate::repository::{BAD, Repository, good};

/// The rules that speak about a text, with the lines they name.
fn told(files: &[(&str, &str)]) -> Vec<(String, u64)> {
    let json = Repository::of(files).json(&[]).json();
    let findings = json["findings"].as_array().unwrap().clone();
    findings.iter().map(|f| (f["rule"].as_str().unwrap().to_owned(), f["start"]["line"].as_u64().unwrap())).collect()
}

fn limit(line: u64) -> Vec<(String, u64)> {
    vec![("limit-below-request".to_owned(), line)]
}

#[test]
fn separators_may_have_comments_and_blanks() {
    for separator in ["---\n", "--- # the second\n", "---  \n", "---\t\n", "...\n---\n", "---\r\n"] {
        let text = format!("{separator}{}{separator}{BAD}", good());
        let lines = separator.matches('\n').count() as u64;
        assert_eq!(told(&[("web.yaml", &text)]), limit(36 + 2 * lines), "{separator:?}");
    }
}

#[test]
fn a_separator_inside_a_block_scalar_separates_nothing() {
    let map = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: notes\ndata:\n  a.md: |\n    # title\n    ---\n    kind: Pod\n    ---\n";
    assert_eq!(told(&[("web.yaml", &format!("{map}---\n{BAD}"))]), limit(29));
}

#[test]
fn templated_and_missing_names_hide_no_object() {
    for name in ["name: ${APP}", "name: \"{{ app }}\"", "generateName: web-", "labels: {a: b}"] {
        assert_eq!(told(&[("web.yaml", &BAD.replacen("name: web", name, 1))]), limit(18), "{name}");
    }
}

#[test]
fn a_malformed_document_neither_vanishes_nor_hides_the_next() {
    let broken = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\n name: b\n";
    let repository = Repository::of(&[("web.yaml", &format!("{broken}---\n{BAD}"))]);
    let run = repository.json(&[]);
    assert_eq!((run.code, run.rules()), (1, vec!["unreadable-file".to_owned(), "limit-below-request".to_owned()]));
}

#[test]
fn named_ports_are_told_apart() {
    let pod = |ready: &str| {
        let probes = format!(
            "          livenessProbe: {{httpGet: {{path: /, port: mgmt}}}}\n          readinessProbe: {{httpGet: {{path: /, port: {ready}}}}}\n"
        );
        let ports = "          ports: [{name: http, containerPort: 80}, {name: mgmt, containerPort: 81}]\n";
        format!("{}{ports}{probes}", good())
    };
    assert_eq!(told(&[("web.yaml", &pod("http"))]), []);
    assert_eq!(told(&[("web.yaml", &pod("mgmt"))]), [("probe-identical".to_owned(), 20)]);
}

#[test]
fn a_service_in_another_file_counts() {
    let service =
        "apiVersion: v1\nkind: Service\nmetadata:\n  name: web\nspec:\n  selector: {app: web}\n  ports: [{port: 80}]\n";
    let seen = told(&[("deploy/web.yaml", &good()), ("deploy/service.yaml", service)]);
    assert_eq!(seen, [("probe-missing".to_owned(), 14)]);
}

#[test]
fn init_containers_need_no_probes() {
    let service = "---\napiVersion: v1\nkind: Service\nmetadata:\n  name: web\nspec:\n  selector: {app: web}\n  ports: [{port: 80}]\n";
    let init = "      initContainers:\n        - {name: init, image: example.org/init:1.0.0}\n";
    let probes =
        "          readinessProbe: {tcpSocket: {port: 80}}\n          livenessProbe: {exec: {command: [/alive]}}\n";
    assert_eq!(told(&[("web.yaml", &format!("{}{probes}{init}{service}", good()))]), []);
}

#[test]
fn other_kinds_have_no_containers() {
    let kinds = [
        "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: a}\n",
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: b}\ndata: {containers: none, privileged: \"true\"}\n",
        "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: c}\nspec:\n  versions:\n    - schema:\n        \
         openAPIV3Schema: {properties: {containers: {items: {properties: {image: {type: string}}}}}}\n",
        "apiVersion: v1\nkind: Namespace\nmetadata: {name: d}\n",
    ];
    let run = Repository::of(&[("all.yaml", &kinds.join("---\n"))]).json(&["--preset", "strict"]);
    assert_eq!(run.rules(), Vec::<String>::new());
}

#[test]
fn sarif_names_the_field() {
    let repository = Repository::of(&[("web.yaml", BAD)]);
    let run = repository.run(&["check", "--format", "sarif"]);
    let region = &run.json()["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"];
    assert_eq!((region["startLine"].as_u64(), region["startColumn"].as_u64()), (Some(18), Some(30)));
}

#[test]
fn fixes_leave_the_rest_as_it_is() {
    let odd = BAD
        .replace("apiVersion: apps/v1", "# kept\napiVersion:   apps/v1beta2   # why")
        .replace("256Mi", "512Mi")
        .replace("  namespace: shop\n", "\n\n");
    let repository = Repository::of(&[("web.yaml", &odd)]);
    let run = repository.run(&["check", "--fix", "--unsafe-fixes"]);
    assert_eq!(repository.read("web.yaml"), odd.replace("apps/v1beta2", "apps/v1"), "{}{}", run.out, run.err);
}
