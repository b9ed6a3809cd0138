#![allow(clippy::unwrap_used)]

mod profiles;

use super::*;
use crate::read::read_text;
use crate::read::xml::tests::{assert_inside, mutations};
use crate::source::{Format, Location, Source};
use profiles::profiled;
use std::path::PathBuf;

/// The POMs at these paths, composed; each text may leave out what every POM has.
pub(crate) fn composed(poms: &[(&str, String)]) -> (Sources, Maven) {
    let source = |(path, text): &(&str, String)| Source {
        path: (*path).to_owned(),
        location: Location::Memory(text.as_bytes().into()),
        format: Format::Pom,
    };
    let sources = Sources::new(PathBuf::new(), poms.iter().map(source).collect());
    let read = |(id, source): (FileId, &Source)| read_text(id, source, &poms[id.0 as usize].1, false);
    let documents: Vec<Document> = sources.iter().map(read).collect();
    let maven = compose(&sources, &documents);
    (sources, maven)
}

/// A POM: `g:<artifact>:1` with these elements.
pub(crate) fn project(artifact: &str, inner: &str) -> String {
    format!("<project><groupId>g</groupId><artifactId>{artifact}</artifactId><version>1</version>{inner}</project>")
}

/// A POM whose parent is `g:<parent>:1` in the folder above.
pub(crate) fn child(artifact: &str, parent: &str, inner: &str) -> String {
    let parent = format!("<groupId>g</groupId><artifactId>{parent}</artifactId><version>1</version>");
    format!("<project><parent>{parent}</parent><artifactId>{artifact}</artifactId>{inner}</project>")
}

pub(crate) fn dependency(artifact: &str, rest: &str) -> String {
    format!("<dependency><groupId>x</groupId><artifactId>{artifact}</artifactId>{rest}</dependency>")
}

fn dependencies(inner: &str) -> String {
    format!("<dependencies>{inner}</dependencies>")
}

fn managed(inner: &str) -> String {
    format!("<dependencyManagement>{}</dependencyManagement>", dependencies(inner))
}

fn profile(id: &str, inner: &str) -> String {
    format!("<profile><id>{id}</id>{inner}</profile>")
}

fn properties(pairs: &[(&str, &str)]) -> String {
    let pairs: String = pairs.iter().flat_map(|(name, value)| ["<", name, ">", value, "</", name, ">"]).collect();
    format!("<properties>{pairs}</properties>")
}

/// `artifact:version` of a module's dependencies in one evaluation; `?` for an unknown version.
fn at(maven: &Maven, module: usize, evaluation: &str) -> Vec<String> {
    let module = &maven.modules[module];
    let number = maven.builds[module.build].evaluations.iter().position(|e| e == evaluation).unwrap();
    let there = module.dependencies.iter().filter(|(variants, _)| variants.has(number));
    there.map(|(_, d)| format!("{}:{}", d.artifact, d.version.as_ref().map_or("?", |t| t.as_str()))).collect()
}

fn why(maven: &Maven, module: usize) -> String {
    maven.modules[module].dependencies[0].1.version.as_ref().unwrap_err().to_string()
}

#[test]
fn a_suffix_points_into_the_property_of_the_parent() {
    let parent = project("p", &properties(&[("scala", "2.12")]));
    let own = child("c", "p", &dependencies(&dependency("spark_${scala}", "<version>3.5.1</version>")));
    let (_, maven) = composed(&[("pom.xml", parent.clone()), ("c/pom.xml", own)]);
    let artifact = &maven.modules[1].dependencies[0].1.artifact;
    assert_eq!(artifact.as_str(), "spark_2.12");
    let suffix = artifact.slice(6..10);
    assert_eq!((suffix.span().file, &parent[suffix.span().range()]), (FileId(0), "2.12"));
}

#[test]
fn properties_are_those_of_the_module_that_asks() {
    let parent = project(
        "p",
        &(properties(&[("v", "1"), ("w", "${v}.0")]) + &managed(&dependency("a", "<version>${w}</version>"))),
    );
    let one = child("one", "p", &dependencies(&dependency("a", "")));
    let two = child("two", "p", &(properties(&[("v", "2")]) + &dependencies(&dependency("a", ""))));
    let (_, maven) = composed(&[("pom.xml", parent), ("one/pom.xml", one), ("two/pom.xml", two)]);
    assert_eq!((at(&maven, 1, "default"), at(&maven, 2, "default")), (vec!["a:1.0".into()], vec!["a:2.0".into()]));
}

#[test]
fn the_project_itself_can_be_asked() {
    let deps = ["project.version", "pom.version", "version", "project.parent.version", "revision"]
        .map(|name| dependency(&name.replace('.', "-"), &format!("<version>${{{name}}}</version>")));
    let parent = project("p", &properties(&[("revision", "7")]));
    let own = child("c", "p", &dependencies(&deps.concat()));
    let (_, maven) = composed(&[("pom.xml", parent), ("c/pom.xml", own)]);
    let versions: Vec<String> = at(&maven, 1, "default").iter().map(|d| d.rsplit(':').next().unwrap().into()).collect();
    assert_eq!(versions, ["1", "1", "1", "1", "7"]);
}

#[test]
fn what_is_not_known_is_not_guessed() {
    let with = |version: &str, inner: &str| {
        project("p", &(inner.to_owned() + &dependencies(&dependency("a", &format!("<version>{version}</version>")))))
    };
    for (text, reason) in [
        (with("${nowhere}", ""), "the property `nowhere` is defined nowhere in this repository"),
        (with("${env.HOME}", ""), "`env.HOME` is only known when the build runs"),
        (with("${a}", &properties(&[("a", "${b}"), ("b", "${a}")])), "the property `a` refers to itself"),
        (with("@version@", ""), "a template fills it in"),
        (with("${a}", &properties(&[("a", "#if($x)")])), "a template fills it in"),
        (
            project("p", &dependencies(&dependency("a", ""))),
            "no version is written for this dependency, and none is managed",
        ),
        (
            child("c", "gone", &dependencies(&dependency("a", ""))),
            "its version is managed outside of this repository, by `g:gone:1`",
        ),
    ] {
        let (_, maven) = composed(&[("pom.xml", text)]);
        assert_eq!(why(&maven, 0), reason);
    }
}

#[test]
fn properties_that_double_each_other_stay_small() {
    let mut pairs = vec![("p0".to_owned(), "xxxxxxxxxx".to_owned())];
    pairs.extend((1..40).map(|i| (format!("p{i}"), format!("${{p{}}}${{p{}}}", i - 1, i - 1))));
    let pairs: Vec<(&str, &str)> = pairs.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
    let deps = dependencies(&dependency("a", "<version>${p39}</version>"));
    let (_, maven) = composed(&[("pom.xml", project("p", &(properties(&pairs) + &deps)))]);
    assert!(why(&maven, 0).contains("more than 512 bytes"));
}

#[test]
fn a_parent_is_only_one_whose_coordinates_match() {
    let deps = dependencies(&dependency("a", "<version>${v}</version>"));
    let parent = || ("pom.xml", project("p", &properties(&[("v", "1")])));
    let own = |relative: &str, version: &str| {
        let parent = format!("<groupId>g</groupId><artifactId>p</artifactId><version>{version}</version>{relative}");
        ("c/pom.xml", format!("<project><parent>{parent}</parent><artifactId>c</artifactId>{deps}</project>"))
    };
    for (relative, version, found) in [
        ("", "1", true),
        ("<relativePath>..</relativePath>", "1", true),
        ("<relativePath>../pom.xml</relativePath>", "1", true),
        ("<relativePath/>", "1", false),
        ("<relativePath>../../x</relativePath>", "1", false),
        ("", "2", false),
    ] {
        let (_, maven) = composed(&[parent(), own(relative, version)]);
        assert_eq!(maven.modules[1].parent.is_some(), found, "{relative} {version}");
        assert_eq!(at(&maven, 1, "default")[0] == "a:1", found);
    }
}

#[test]
fn circles_of_parents_and_modules_end() {
    let modules = |path: &str| format!("<modules><module>{path}</module></modules>");
    let (_, maven) = composed(&[
        (
            "a/pom.xml",
            child("a", "b", &modules("../b")).replace("</parent>", "<relativePath>../b</relativePath></parent>"),
        ),
        (
            "b/pom.xml",
            child("b", "a", &modules("../a")).replace("</parent>", "<relativePath>../a</relativePath></parent>"),
        ),
        ("c/pom.xml", child("c", "c", &modules(".")).replace("</parent>", "<relativePath>.</relativePath></parent>")),
    ]);
    assert_eq!((maven.modules.len(), maven.builds.len()), (3, 2));
}

#[test]
fn imported_boms_of_the_repository_manage_versions() {
    let import = |artifact: &str| {
        format!(
            "<dependency><groupId>g</groupId><artifactId>{artifact}</artifactId><version>1</version>\
             <type>pom</type><scope>import</scope></dependency>"
        )
    };
    let bom = project("bom", &managed(&dependency("a", "<version>${project.version}.5</version><scope>test</scope>")));
    let user = |imports: &str| project("user", &(managed(imports) + &dependencies(&dependency("a", ""))));
    let (_, maven) = composed(&[("bom/pom.xml", bom.clone()), ("pom.xml", user(&import("bom")))]);
    assert_eq!(at(&maven, 1, "default"), ["a:1.5"]);
    assert_eq!(maven.modules[1].dependencies[0].1.scope.as_ref().unwrap().as_str(), "test");
    let both = import("elsewhere") + &import("bom");
    let (_, maven) = composed(&[("bom/pom.xml", bom), ("pom.xml", user(&both))]);
    assert_eq!(at(&maven, 1, "default"), ["a:?"], "what comes first may manage it");
    assert_eq!(why(&maven, 1), "its version is managed outside of this repository, by `g:elsewhere:1`");
}

#[test]
fn a_nearer_declaration_replaces_an_inherited_one() {
    let parent = project(
        "p",
        &dependencies(&(dependency("a", "<version>1</version>") + &dependency("b", "<version>1</version>"))),
    );
    let own = child("c", "p", &dependencies(&dependency("a", "<version>2</version>")));
    let (_, maven) = composed(&[("pom.xml", parent), ("c/pom.xml", own)]);
    assert_eq!(at(&maven, 1, "default"), ["a:2", "b:1"]);
}

#[test]
fn a_module_s_path_may_hold_a_property() {
    let root = format!(
        "{}<modules><module>spark-${{line}}</module></modules><profiles>{}</profiles>",
        properties(&[("line", "3.5")]),
        profile("new", &properties(&[("line", "4.0")]))
    );
    let own = |name: &str| child(name, "p", "");
    let (_, maven) =
        composed(&[("pom.xml", project("p", &root)), ("spark-3.5/pom.xml", own("a")), ("spark-4.0/pom.xml", own("b"))]);
    assert_eq!(maven.builds.len(), 1);
}

#[test]
fn a_template_of_a_pom_claims_nothing() {
    let text = "#set($v = '1')\n<project><groupId>${groupId}</groupId><artifactId>${artifactId}</artifactId>\
        <version>@version@</version><dependencies>#if($x)\n<dependency><groupId>x</groupId>\
        <artifactId>a_${symbol_dollar}{s}</artifactId><version>1</version></dependency>#end</dependencies></project>";
    let (_, maven) = composed(&[("pom.xml", text.to_owned())]);
    let module = &maven.modules[0];
    assert!(module.dependencies.is_empty() && module.artefacts.is_empty());
    assert_eq!(module.unresolved.len(), 1);
    assert!(module.artifact.at(0).unwrap().is_err());
}

#[test]
fn the_compiler_s_level_is_found_where_it_is_set() {
    let plugin = |settings: &str| {
        format!(
            "<build><plugins><plugin><artifactId>maven-compiler-plugin</artifactId><configuration>{settings}</configuration></plugin></plugins></build>"
        )
    };
    for (inner, level) in [
        (properties(&[("maven.compiler.target", "1.8")]), "1.8"),
        (properties(&[("maven.compiler.target", "1.8"), ("maven.compiler.release", "11")]), "11"),
        (properties(&[("maven.compiler.release", "11")]) + &plugin("<release>17</release>"), "17"),
        (properties(&[("j", "21")]) + &plugin("<source>8</source><target>${j}</target>"), "21"),
        (
            plugin("<target>8</target>")
                .replace("<plugins>", "<pluginManagement><plugins>")
                .replace("</plugins>", "</plugins></pluginManagement>"),
            "8",
        ),
    ] {
        let (_, maven) = composed(&[("pom.xml", project("p", &inner))]);
        assert_eq!(maven.modules[0].java.at(0).unwrap().as_ref().unwrap().as_str(), level, "{inner}");
    }
}

#[test]
fn the_names_of_what_is_built_are_known() {
    let plugin = |name: &str, settings: &str| {
        format!(
            "<build><plugins><plugin><artifactId>{name}</artifactId><executions><execution><configuration>{settings}</configuration></execution></executions></plugin></plugins></build>"
        )
    };
    for (inner, names) in [
        (String::new(), vec!["p-1.jar"]),
        ("<packaging>war</packaging>".into(), vec!["p-1.war"]),
        ("<packaging>pom</packaging>".into(), vec![]),
        ("<build><finalName>app</finalName></build>".into(), vec!["app.jar"]),
        ("<build><finalName>app-${buildNumber}</finalName></build>".into(), vec!["app-*.jar"]),
        (
            plugin(
                "maven-assembly-plugin",
                "<descriptorRefs><descriptorRef>jar-with-dependencies</descriptorRef></descriptorRefs>",
            ),
            vec!["p-1-jar-with-dependencies.jar", "p-1.jar"],
        ),
        (
            plugin(
                "maven-assembly-plugin",
                "<finalName>fat</finalName><appendAssemblyId>false</appendAssemblyId><descriptorRefs><descriptorRef>x</descriptorRef></descriptorRefs>",
            ),
            vec!["fat.jar", "p-1.jar"],
        ),
        (
            plugin("maven-shade-plugin", "<shadedArtifactAttached>true</shadedArtifactAttached>"),
            vec!["p-1-shaded.jar", "p-1.jar"],
        ),
        (
            plugin(
                "maven-shade-plugin",
                "<shadedArtifactAttached>true</shadedArtifactAttached><shadedClassifierName>all</shadedClassifierName>",
            ),
            vec!["p-1-all.jar", "p-1.jar"],
        ),
        (
            plugin("maven-shade-plugin", "<outputFile>${project.build.directory}/uber.jar</outputFile>"),
            vec!["p-1.jar", "uber.jar"],
        ),
        (plugin("maven-jar-plugin", "<classifier>lib</classifier>"), vec!["p-1-lib.jar", "p-1.jar"]),
    ] {
        let (_, maven) = composed(&[("pom.xml", project("p", &inner))]);
        assert_eq!(maven.modules[0].artefacts, names, "{inner}");
    }
}

#[test]
fn a_large_build_costs_linear_time() {
    let profiles: String = (0..30).map(|i| profile(&format!("p{i}"), &properties(&[("v", &format!("{i}"))]))).collect();
    let management: String = (0..50).map(|i| dependency(&format!("a{i}_${{s}}"), "<version>${v}</version>")).collect();
    let deps: String = (0..50).map(|i| dependency(&format!("a{i}_${{s}}"), "")).collect();
    let count = 40;
    let names: Vec<String> = (0..count).map(|i| format!("<module>m{i}</module>")).collect();
    let names = names.concat();
    let root = properties(&[("v", "0"), ("s", "2.12")]) + &managed(&management);
    let root = format!("{root}<modules>{names}</modules><profiles>{profiles}</profiles>");
    let paths: Vec<String> = (0..count).map(|i| format!("m{i}/pom.xml")).collect();
    let mut poms = vec![("pom.xml", project("p", &root))];
    poms.extend(
        paths.iter().enumerate().map(|(i, path)| (path.as_str(), child(&format!("m{i}"), "p", &dependencies(&deps)))),
    );
    let start = std::time::Instant::now();
    let (_, maven) = composed(&poms);
    assert_eq!(maven.modules[1].dependencies.len(), 50 * 31);
    assert!(start.elapsed().as_secs() < 10, "{:?}", start.elapsed());
}

#[test]
fn changed_bytes_do_no_harm() {
    let samples = [profiled(), child("c", "p", &dependencies(&dependency("a_${s}", "<version>${v}</version>")))];
    let texts: Vec<&str> = samples.iter().map(String::as_str).collect();
    mutations(&texts, |text| {
        let other = profiled();
        let (_, maven) = composed(&[("pom.xml", other.clone()), ("c/pom.xml", text.to_owned())]);
        for (_, dependency) in maven.modules.iter().flat_map(|m| &m.dependencies) {
            for traced in [&dependency.group, &dependency.artifact].into_iter().chain(dependency.version.as_ref().ok())
            {
                let file = if traced.span().file == FileId(0) { &other } else { text };
                assert_inside(file, traced.span());
            }
        }
    });
}

#[test]
fn long_chains_of_properties_and_parents_end() {
    let pairs: Vec<(String, String)> = (0..5000).map(|i| (format!("p{i}"), format!("${{p{}}}", i + 1))).collect();
    let pairs: Vec<(&str, &str)> = pairs.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
    let deps = dependencies(&dependency("a", "<version>${p0}</version>"));
    let (_, maven) = composed(&[("pom.xml", project("p", &(properties(&pairs) + &deps)))]);
    assert!(why(&maven, 0).contains("more than 48 others"));
    let folder = |i: usize| "d/".repeat(i);
    let paths: Vec<String> = (0..200).map(|i| format!("{}pom.xml", folder(i))).collect();
    let own = |i: usize| if i == 0 { project("m0", "") } else { child(&format!("m{i}"), &format!("m{}", i - 1), "") };
    let poms: Vec<(&str, String)> = paths.iter().enumerate().map(|(i, path)| (path.as_str(), own(i))).collect();
    assert_eq!(composed(&poms).1.modules.len(), 200);
}

#[test]
fn many_managed_entries_that_look_alike_cost_little() {
    let alike =
        |n: usize| (0..n).map(|i| dependency(&format!("${{p}}{i}"), "<version>1</version>")).collect::<Vec<_>>();
    let deps: Vec<String> = (0..300).map(|i| dependency(&format!("a{i}"), "")).collect();
    let text = properties(&[("p", "x")]) + &managed(&alike(5000).concat()) + &dependencies(&deps.concat());
    let start = std::time::Instant::now();
    let (_, maven) = composed(&[("pom.xml", project("p", &text))]);
    assert_eq!(maven.modules[0].dependencies.len(), 300);
    assert!(start.elapsed().as_secs() < 10, "{:?}", start.elapsed());
}
