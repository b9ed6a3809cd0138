//! What names itself, straight or by way of others.

use crate::check;
use crate::repository::Repository;
use std::fmt::Write as _;

fn pom(name: &str, parent: Option<(&str, &str)>, rest: &str) -> String {
    let parent = parent.map_or(String::new(), |(name, path)| {
        format!(
            "<parent><groupId>g</groupId><artifactId>{name}</artifactId><version>1</version>\
             <relativePath>{path}</relativePath></parent>"
        )
    });
    format!("<project>{parent}<groupId>g</groupId><artifactId>{name}</artifactId><version>1</version>{rest}</project>")
}

#[test]
fn maven_builds_that_turn_in_circles_end() {
    let module = |name: &str| format!("<modules><module>{name}</module></modules>");
    let import = |name: &str| {
        format!(
            "<dependencyManagement><dependencies><dependency><groupId>g</groupId><artifactId>{name}</artifactId>\
             <version>1</version><type>pom</type><scope>import</scope></dependency></dependencies></dependencyManagement>"
        )
    };
    let depends = |name: &str| {
        format!(
            "<dependencies><dependency><groupId>g</groupId><artifactId>{name}</artifactId><version>1</version></dependency></dependencies>"
        )
    };
    let properties = "<properties><a>${b}</a><b>${c}</b><c>${a}</c><d>${d}</d><e>x${e}x</e></properties>\
         <dependencies><dependency><groupId>${a}</groupId><artifactId>${d}</artifactId><version>${e}</version></dependency></dependencies>";
    let cases = [
        ("parents", vec![("a/pom.xml", pom("a", Some(("b", "../b/pom.xml")), "")), ("b/pom.xml", pom("b", Some(("a", "../a")), ""))]),
        ("own parent", vec![("pom.xml", pom("a", Some(("a", "pom.xml")), properties))]),
        ("own parent's folder", vec![("pom.xml", pom("a", Some(("a", ".")), ""))]),
        ("properties", vec![("pom.xml", pom("a", None, properties))]),
        ("modules", vec![("pom.xml", pom("a", None, &module("b"))), ("b/pom.xml", pom("b", None, &module("..")))]),
        ("own module", vec![("pom.xml", pom("a", None, &module(".")))]),
        ("imports", vec![("pom.xml", pom("a", None, &import("b"))), ("b/pom.xml", pom("b", None, &import("a")))]),
        ("own import", vec![("pom.xml", pom("a", None, &import("a")))]),
        ("dependencies", vec![("pom.xml", pom("a", None, &depends("b"))), ("b/pom.xml", pom("b", None, &depends("a")))]),
        ("coordinates", vec![("pom.xml", "<project><groupId>${project.groupId}</groupId><artifactId>${project.artifactId}</artifactId><version>${project.version}</version></project>".to_owned())]),
    ];
    for (what, files) in cases {
        let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (*path, text.as_str())).collect();
        check(&Repository::of(&files), what);
    }
}

#[test]
fn long_chains_of_parents_end() {
    let repository = Repository::empty();
    for n in 0..1000 {
        let parent = format!("m{}", n + 1);
        let path = format!("../{parent}/pom.xml");
        let rest = format!("<properties><p{n}>${{p{}}}</p{n}></properties>", n + 1);
        repository.write(&format!("m{n}/pom.xml"), pom(&format!("m{n}"), Some((&parent, &path)), &rest));
    }
    check(&repository, "1,000 parents");
}

#[test]
fn docker_stages_that_name_themselves_end() {
    let mut long = String::from("FROM a:1 AS s0\n");
    for n in 1..2000 {
        writeln!(long, "FROM s{} AS s{n}\nCOPY --from=s{} /a /b", n - 1, n - 1).unwrap();
    }
    for text in [
        "FROM a AS a\nCOPY --from=a /x /y\n",
        "FROM b AS a\nFROM a AS b\nCOPY --from=b /x /y\nCOPY --from=1 /x /y\n",
        "ARG A=$A\nARG B=$C\nARG C=$B\nFROM $A:$B AS $C\nENV X=$X Y=$Z Z=$Y\nCOPY $X $Y\n",
        "FROM a:1\nCOPY --from=99999999999999999999 / /\nCOPY --from=0 / /\nCOPY --from=-1 / /\n",
        &long,
    ] {
        check(&Repository::of(&[("Dockerfile", text)]), text.get(..40).unwrap_or(text));
    }
}

#[test]
fn workspaces_and_includes_that_turn_in_circles_end() {
    let cargo = |name: &str, rest: &str| format!("[package]\nname = \"{name}\"\nversion.workspace = true\n{rest}");
    let repository = Repository::of(&[
        (
            "Cargo.toml",
            &cargo(
                "a",
                "workspace = \"b\"\n[workspace]\nmembers = [\".\", \"b\", \"../x\", \"**\"]\n[dependencies]\nb = { path = \"b\" }\n",
            ),
        ),
        (
            "b/Cargo.toml",
            &cargo(
                "b",
                "workspace = \"..\"\n[workspace]\nmembers = [\"..\"]\n[dependencies]\na = { path = \"..\" }\nb.workspace = true\n",
            ),
        ),
        ("requirements.txt", "-r requirements.txt\n-r sub/requirements.txt\n-c constraints.txt\npyspark\n"),
        ("constraints.txt", "-c constraints.txt\n-r requirements.txt\n"),
        ("sub/requirements.txt", "-r ../requirements.txt\n-r ../../../../etc/passwd\n-r /etc/passwd\n"),
        ("go.work", "go 1.24\nuse .\nuse ./sub\nuse ../..\n"),
        ("go.mod", "module a\nreplace a => ./\nreplace b => ./sub\n"),
        ("sub/go.mod", "module b\nreplace a => ../\nreplace b => a v1.0.0\nreplace a => b v1.0.0\n"),
    ]);
    let run = check(&repository, "circles");
    assert!(!run.out.contains("root:"), "{}", run.out);
}

#[test]
fn kustomizations_and_charts_that_turn_in_circles_end() {
    let head = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n";
    let repository = Repository::of(&[
        ("kustomization.yaml", &format!("{head}resources: [., a, kustomization.yaml, ../.., /etc]\n")),
        ("a/kustomization.yaml", &format!("{head}resources: [../b]\ncomponents: [.]\n")),
        ("b/kustomization.yaml", &format!("{head}bases: [../a, ..]\npatches: [{{path: kustomization.yaml}}]\n")),
        (
            "chart/Chart.yaml",
            "apiVersion: v2\nname: c\nversion: 1.0.0\ndependencies: [{name: c, repository: \"file://.\"}]\n",
        ),
        ("chart/values.yaml", "a: \"{{ .Values.a }}\"\nimage: {tag: \"{{ .Values.image.tag }}\"}\n"),
        ("chart/templates/_h.tpl", "{{ define \"x\" }}{{ include \"x\" . }}{{ end }}"),
        (
            "chart/templates/a.yaml",
            "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - image: {{ .Values.image.tag }}\n      name: {{ include \"x\" . }}\n",
        ),
    ]);
    check(&repository, "circles");
}
