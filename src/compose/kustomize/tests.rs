use super::*;
use crate::source::FileId;
use std::fmt::Write as _;

#[test]
fn patches_and_what_they_change_are_known() {
    let text = "resources:\n- all.yaml\npatchesStrategicMerge:\n- replicas.yaml\npatches:\n- path: ../shared/p.yaml\n  target: {kind: Deployment, name: web}\n\
                    - patch: |-\n    kind: Job\n    metadata:\n      name: load\n  \nimages:\n- name: acme/etl\n  newTag: 1.2.3\n\
                    replicas:\n- name: api\n  count: 3\nconfigMapGenerator:\n- name: settings\n";
    let trees = yaml::read(FileId(0), text).body;
    let patch = yaml::read(FileId(1), "kind: StatefulSet\nmetadata:\n  name: db\n").body;
    let mut kustomize = Kustomize::default();
    let by_path: HashMap<&str, &[Tree]> = HashMap::from([("k8s/overlays/replicas.yaml", patch.as_slice())]);
    for tree in &trees {
        kustomize.read("k8s/overlays", tree.root(), &by_path);
    }
    assert!(kustomize.is_patch("k8s/overlays/replicas.yaml") && kustomize.is_patch("k8s/shared/p.yaml"));
    for (kind, name) in [("Deployment", "web"), ("Job", "load"), ("StatefulSet", "db"), ("Deployment", "api")] {
        assert!(kustomize.is_patched("k8s/overlays/all.yaml", kind, name), "{kind}/{name}");
    }
    assert!(!kustomize.is_patched("elsewhere.yaml", "Deployment", "web"), "no kustomization takes it");
    assert!(!kustomize.is_patched("k8s/overlays/all.yaml", "Deployment", "db") && kustomize.images().eq(["acme/etl"]));
    assert_eq!(kustomize.generated().map(|one| one.name.as_str()).collect::<Vec<_>>(), ["settings"]);
}

/// Builds files given by path and text.
fn built(files: &[(&str, &str)]) -> Kustomize {
    let read: Vec<(&str, Vec<Tree>)> =
        files.iter().enumerate().map(|(i, (path, text))| (*path, yaml::read(FileId(i as u32), text).body)).collect();
    let by_path: HashMap<&str, &[Tree]> = read.iter().map(|(path, trees)| (*path, trees.as_slice())).collect();
    let folder = |path: &'static str| crate::source::folder_of(path);
    let own = read.iter().filter(|(path, _)| path.ends_with("kustomization.yaml"));
    let kustomizations: HashMap<&str, Node<'_>> = own
        .filter_map(|(path, trees)| {
            Some((folder(Box::leak((*path).to_owned().into_boxed_str())), trees.first()?.root()))
        })
        .collect();
    let mut kustomize = Kustomize::default();
    kustomize.build(&by_path, &kustomizations);
    kustomize
}

/// A tree in one line.
fn line(node: Node<'_>) -> String {
    let mut text = String::new();
    if node.is_mapping() {
        let inner = node.entries().map(|(entry, value)| format!("{}: {}", entry.key, line(value)));
        let _ = write!(text, "{{{}}}", inner.collect::<Vec<_>>().join(", "));
    } else if node.is_sequence() {
        let _ = write!(text, "[{}]", node.items().map(line).collect::<Vec<_>>().join(", "));
    } else {
        text.push_str(node.str().unwrap_or("?"));
    }
    text
}

const POD: &str = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers:\n  - {name: x, image: 'r/x:1', env: [{name: A, value: b}]}\n  - {name: y, image: r/y}\n  tolerations: [{key: k}]\n";

fn spec(kustomization: &str) -> String {
    let kustomization = format!("resources: [pod.yaml]\n{kustomization}");
    let kustomize = built(&[("kustomization.yaml", &kustomization), ("pod.yaml", POD)]);
    let [one] = kustomize.built() else { return format!("{} objects", kustomize.built().len()) };
    one.tree.root().get("spec").map(line).unwrap_or_default()
}

#[test]
fn strategic_patches_join_lists_by_name() {
    let patch = |spec: &str| {
        format!(
            "patches:\n- patch: |\n    apiVersion: v1\n    kind: Pod\n    metadata: {{name: a}}\n    spec: {spec}\n"
        )
    };
    for (written, expected) in [
        (
            "{containers: [{name: y, image: 'r/y:2'}]}",
            "{containers: [{name: x, image: r/x:1, env: [{name: A, value: b}]}, {name: y, image: r/y:2}], tolerations: [{key: k}]}",
        ),
        (
            "{containers: [{name: x, env: [{name: A, value: c}, {name: B, value: d}]}, {name: y, $patch: delete}]}",
            "{containers: [{name: x, image: r/x:1, env: [{name: A, value: c}, {name: B, value: d}]}], tolerations: [{key: k}]}",
        ),
        ("{containers: [{$patch: replace}, {name: z}], tolerations: null}", "{containers: [{name: z}]}"),
        ("{$patch: replace, hostNetwork: true}", "{hostNetwork: true}"),
        (
            "{containers: [{name: x, image: null}], tolerations: [{key: l}]}",
            "{containers: [{name: x, env: [{name: A, value: b}]}, {name: y, image: r/y}], tolerations: [{key: l}]}",
        ),
    ] {
        assert_eq!(spec(&patch(written)), expected, "{written}");
    }
    assert_eq!(
        spec("patches:\n- patch: |\n    apiVersion: v1\n    kind: Pod\n    metadata: {name: a}\n    $patch: delete\n"),
        "0 objects"
    );
}

#[test]
fn json_patches_follow_their_pointers() {
    let patch = |operation: &str| {
        format!("patchesJson6902:\n- target: {{version: v1, kind: Pod, name: a}}\n  patch: '[{operation}]'\n")
    };
    for (written, expected) in [
        (
            r#"{"op":"add","path":"/spec/containers/0/env/-","value":{"name":"B"}}, {"op":"remove","path":"/spec/containers/1"}"#,
            "{containers: [{name: x, image: r/x:1, env: [{name: A, value: b}, {name: B}]}], tolerations: [{key: k}]}",
        ),
        (
            r#"{"op":"move","from":"/spec/tolerations","path":"/spec/a~1b"}, {"op":"remove","path":"/spec/containers"}"#,
            "{a/b: [{key: k}]}",
        ),
    ] {
        assert_eq!(spec(&patch(written)), expected, "{written}");
    }
    let kustomization = format!("resources: [pod.yaml]\n{}", patch(r#"{"op":"replace","path":"/spec/no","value":1}"#));
    let kustomize = built(&[("kustomization.yaml", &kustomization), ("pod.yaml", POD)]);
    assert!(kustomize.is_patched("~kustomize/pod.yaml", "Pod", "a"), "what cannot be applied leaves doubt");
}

#[test]
fn images_keep_the_places_of_their_pieces() {
    let kustomization =
        "resources: [pod.yaml]\nimages:\n- {name: r/x, newName: q/z, newTag: '3'}\n- {name: r/y, digest: 'sha256:0'}\n";
    let kustomize = built(&[("kustomization.yaml", kustomization), ("pod.yaml", POD)]);
    let root = kustomize.built()[0].tree.root();
    let images: Vec<_> =
        root.path(&["spec", "containers"]).unwrap().items().map(|c| c.get("image").unwrap().text().unwrap()).collect();
    assert_eq!((images[0].as_str(), images[1].as_str()), ("q/z:3", "r/y@sha256:0"));
    let tag = images[0].slice(4..5).span();
    assert_eq!((tag.file, kustomization.get(tag.range())), (FileId(0), Some("3")));
    assert_eq!(images[1].slice(0..3).span().file, FileId(1));
}

#[test]
fn overlays_are_built_and_circles_end() {
    let kustomize = built(&[
        ("base/kustomization.yaml", "resources: [pod.yaml]\nnamePrefix: x-\n"),
        ("base/pod.yaml", POD),
        ("dev/kustomization.yaml", "resources: [../base]\nnamespace: dev\n"),
        ("prod/kustomization.yaml", "bases: [../base/]\npatches:\n- {path: p.yaml, target: {name: x-a}}\n"),
        ("prod/p.yaml", "metadata: {labels: {tier: top}}\n"),
        ("a/kustomization.yaml", "resources: [../b]\n"),
        ("b/kustomization.yaml", "resources: [../a]\n"),
    ]);
    let paths: Vec<&str> = kustomize.built().iter().map(|one| one.path.as_str()).collect();
    assert_eq!(paths, ["dev/~kustomize/pod.yaml", "prod/~kustomize/pod.yaml"]);
    let metadata: Vec<String> =
        kustomize.built().iter().map(|one| line(one.tree.root().get("metadata").unwrap())).collect();
    assert_eq!(metadata, ["{name: a, namespace: dev}", "{name: a, labels: {tier: top}}"]);
    assert!(kustomize.is_part("base/pod.yaml") && kustomize.is_part("prod/p.yaml"));
}

#[test]
fn hostile_kustomizations_end() {
    // Each doubles what the one before it has.
    let mut files = vec![("k0/kustomization.yaml".to_owned(), "resources: [pod.yaml]\n".to_owned())];
    files.push(("k0/pod.yaml".to_owned(), POD.to_owned()));
    for i in 1..40 {
        let text = format!("resources: [../k{0}, ../k{0}, ../k{0}/.]\n", i - 1);
        files.push((format!("k{i}/kustomization.yaml"), text));
    }
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    assert!(built(&files).built().len() <= 1);
    // Aliases that multiply.
    let mut bomb = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\na0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for i in 1..12 {
        let _ = writeln!(bomb, "a{i}: &a{i} [{}]", vec![format!("*a{}", i - 1); 9].join(", "));
    }
    assert!(built(&[("kustomization.yaml", "resources: [p.yaml]\n"), ("p.yaml", &bomb)]).built().is_empty());
    for text in [
        "",
        "patches",
        "patches: [1, {}, {patch: 'x: ['}]",
        "resources: [kustomization.yaml]",
        "images: [{}]\nresources: ['../..', p]",
    ] {
        built(&[("kustomization.yaml", text), ("p.yaml", POD)]);
    }
}
