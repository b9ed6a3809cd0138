#![allow(clippy::unwrap_used)]

use super::*;
use crate::read::mutation;
use crate::read::yaml;
use crate::source::{FileId, Format, Location};

fn claimed(path: &str, text: &str) -> Facts {
    let location = Location::Memory(std::sync::Arc::from(text.as_bytes()));
    let source = Source { path: path.into(), location, format: Format::Yaml };
    claim(&source, &yaml::read(FileId(0), text).body, &Environment::default())
}

fn pairs(path: &str, text: &str) -> Vec<(String, String)> {
    claimed(path, text)
        .image_names
        .into_iter()
        .filter_map(|n| Some((n.name.to_string(), n.paths.first()?.clone())))
        .collect()
}

fn pair(name: &str, path: &str) -> (String, String) {
    (name.into(), path.into())
}

#[test]
fn compose_services_build_their_images() {
    let text = "x-b: &b\n  context: ./etl\n  dockerfile: ../docker/Etl.dockerfile\nservices:\n  etl:\n    image: acme/etl:${TAG:-1}\n    build: *b\n  web:\n    build: web\n    image: web\n  db:\n    image: postgres\n  anonymous:\n    build: .\n  remote:\n    image: x\n    build: https://example.com/x.git\n  other:\n    image: ${IMAGE}\n    build: .\n";
    let found = claimed("deploy/compose.yaml", text);
    assert_eq!(
        pairs("deploy/compose.yaml", text),
        [pair("acme/etl:${TAG:-1}", "deploy/docker/Etl.dockerfile"), pair("web", "deploy/web")]
    );
    assert_eq!(found.image_names[0].how, "the compose service `etl`");
    assert_eq!(&text[found.image_names[1].name.span().range()], "web");
    assert_eq!(found.unresolved.len(), 1);
}

#[test]
fn skaffold_artifacts_are_built_from_their_context() {
    let text = "apiVersion: skaffold/v3\nbuild:\n  artifacts:\n  - image: a\n    context: src/a\n  - image: b\n    context: src/b/\n    docker:\n      dockerfile: d/Dockerfile\n  - image: c\n    jib: {}\n  - image: d\nprofiles:\n- build:\n    artifacts:\n    - image: e\n      context: e\n";
    let found = pairs("k8s/skaffold.yaml", text);
    let paths = ["k8s/src/a", "k8s/src/b/d/Dockerfile", "k8s", "k8s/e"];
    assert_eq!(found.iter().map(|(_, path)| path.as_str()).collect::<Vec<_>>(), paths);
    assert!(pairs("x.yaml", &text.replace("skaffold/", "other/")).is_empty());
}

#[test]
fn workflow_steps_build_from_the_root() {
    let text = "env:\n  REPO: acme/etl\njobs:\n  a:\n    steps:\n    - id: meta\n      uses: docker/metadata-action@v5\n      with:\n        images: |\n          ghcr.io/${{ github.repository_owner }}/spark-etl\n          name=acme/second\n    - uses: docker/build-push-action@v6\n      with:\n        context: jobs/etl\n        file: ${{ github.workspace }}/jobs/etl/Dockerfile.prod\n        tags: ${{ steps.meta.outputs.tags }}\n    - uses: docker/build-push-action@v6\n      with:\n        tags: x/${{ env.REPO }}:1, y/b:${{ github.sha }}\n    - uses: docker/build-push-action@v6\n      with:\n        tags: ${{ matrix.image }}\n    - run: |\n        cd sub && podman build -t q -f D .\n      working-directory: w\n";
    let found = pairs(".github/workflows/ci.yaml", text);
    let expected = [
        pair("ghcr.io/${{ github.repository_owner }}/spark-etl", "jobs/etl/Dockerfile.prod"),
        pair("acme/second", "jobs/etl/Dockerfile.prod"),
        pair("x/acme/etl:1", ""),
        pair("y/b:${{ github.sha }}", ""),
        pair("q", "w/sub/D"),
    ];
    assert_eq!(found, expected);
    assert_eq!(claimed(".github/workflows/ci.yaml", text).unresolved.len(), 1);
    assert_eq!(pairs("part/.github/workflows/ci.yaml", text)[2].1, "part");
}

#[test]
fn scripts_build_where_they_stand() {
    let script = |lines: &str| {
        let indented = lines.replace('\n', "\n      ");
        pairs(".gitlab-ci.yml", &format!("variables:\n  REG: r.io\njob:\n  script:\n    - |\n      {indented}\n"))
    };
    assert_eq!(script("docker build \"--tag=$REG/etl:${V}\" ./etl"), [pair("r.io/etl:${V}", "etl")]);
    assert_eq!(
        script("docker buildx build --push \\\n  -f docker/D --platform a,b -t x/y:1 -t z ."),
        [pair("x/y:1", "docker/D"), pair("z", "docker/D")]
    );
    assert_eq!(script("IMG=a/b\nsudo docker build . -t $IMG:1 > log 2>&1"), [pair("a/b:1", "")]);
    assert_eq!(
        script("(cd a; docker build -t b .); docker build -t c . # docker build -t d ."),
        [pair("b", "a"), pair("c", "")]
    );
    assert_eq!(script("docker build -t $(name) .\ncd $X && docker build -t e ."), []);
    assert_eq!(script("docker build -t x - < Dockerfile\ndocker build -t y https://example.com/y\necho docker"), []);
    assert_eq!(script("docker build -t x -f \"$CI_PROJECT_DIR/d/Dockerfile\" ."), [pair("x", "d/Dockerfile")]);
    let lines = "job:\n  script:\n    - cd a\n    - docker build -t b c\n";
    assert_eq!(pairs(".gitlab-ci.yml", lines), [pair("b", "a/c")]);
    assert_eq!(pairs("t/Taskfile.yml", "tasks:\n  x:\n    cmds:\n      - docker build -t b .\n"), [pair("b", "t")]);
}

#[test]
fn broken_and_hostile_files_say_nothing() {
    for text in [
        "",
        "services: 1\n",
        "services: [build]\n",
        "jobs: {a: {steps: [1, {run: [x]}]}}\n",
        "run: 'docker build -t'\n",
    ] {
        assert!(pairs("x.yaml", text).is_empty(), "{text}");
    }
    let many = format!("run: |\n{}", "  docker build -t a${X .\n".repeat(5000));
    assert!(claimed("x.yaml", &many).image_names.is_empty());
    let scripts = "  docker build -t a b\n".repeat(1000);
    let aliases = "- script: *s\n".repeat(1000);
    let again = claimed("x.yaml", &format!("- script: &s |\n  {}\n{aliases}", scripts.replace('\n', "\n  ")));
    assert!(again.image_names.len() < 10_000 && again.losses.len() == 1);
    let open = format!("run: |\n  docker build {}\n", "$( ".repeat(20_000));
    assert!(claimed("x.yaml", &open).image_names.is_empty());
    let doubling = (0..64).map(|i| format!("  A{}=$A{i}$A{i}\n", i + 1)).collect::<Vec<_>>().concat();
    claimed("x.yaml", &format!("run: |\n  A0=0123456789\n{doubling}  docker build -t a/$A64 .\n"));
}

#[test]
fn mutated_files_never_panic_and_keep_their_places_inside() {
    let sample = "env:\n  A: b\nservices:\n  x:\n    image: a/${A}\n    build: {context: ., dockerfile: D}\njobs:\n  a:\n    steps:\n    - uses: docker/build-push-action@v1\n      with:\n        tags: |\n          é/${{ env.A }}, b\n    - run: |\n        cd \"é\"; docker build -t \"$A\"/'é'`x` -f \\\n          D . && B=${A}c\n";
    mutation::each(&[sample], |text| {
        let facts = claimed("a/b.yaml", text);
        for span in facts.image_names.iter().map(|n| n.name.span()).chain(facts.unresolved.iter().map(|u| u.span)) {
            mutation::inside(text, span);
        }
    });
}

#[test]
fn a_makefile_runs_beside_its_file_and_a_script_there_or_at_the_root() {
    let location = Location::Memory(std::sync::Arc::from(&b""[..]));
    let source = |path: &str| Source { path: path.into(), location: location.clone(), format: Format::Script };
    let text =
        "REG?=acme\nIMAGE ?= $(REG)/etl\nimage:\n\t@docker build -t $(IMAGE):$(TAG) -f docker/Dockerfile.etl .\n";
    let span = crate::source::Span::new(FileId(0), 0..text.len());
    let names = claim_scripts(&source("ci/Makefile"), &[Traced::literal(text, span)]).image_names;
    assert_eq!(names[0].name.as_str(), "acme/etl:$(TAG)");
    assert_eq!(names[0].how, "`docker build -t` in `ci/Makefile`");
    assert_eq!(names.iter().map(|n| n.paths[0].as_str()).collect::<Vec<_>>(), ["ci/docker/Dockerfile.etl"]);
    let text = "docker build -t acme/etl -f docker/Dockerfile.etl .\n";
    let span = crate::source::Span::new(FileId(0), 0..text.len());
    let names = claim_scripts(&source("ci/build.sh"), &[Traced::literal(text, span)]).image_names;
    let paths: Vec<&str> = names.iter().map(|n| n.paths[0].as_str()).collect();
    assert_eq!(paths, ["ci/docker/Dockerfile.etl", "docker/Dockerfile.etl"]);
}
