#![allow(clippy::unwrap_used)]

use super::*;
use crate::discover::format_of;
use crate::source::{Location, Source};
use std::path::PathBuf;

fn gradle(files: &[(&str, &str)]) -> Gradle {
    let source = |(path, text): &(&str, &str)| Source {
        path: (*path).to_owned(),
        location: Location::Memory(text.as_bytes().into()),
        format: format_of(path, || (*text).to_owned()).unwrap(),
    };
    let sources = Sources::new(PathBuf::new(), files.iter().map(source).collect());
    let documents: Vec<Document> =
        sources.iter().map(|(file, source)| crate::read::read(file, source, false)).collect();
    compose(&sources, &documents)
}

/// The dependencies of a project, as `configuration group:name:version` with the evaluations in which they are there.
fn dependencies(gradle: &Gradle, path: &str) -> Vec<String> {
    let module = gradle.modules.iter().find(|m| m.path == path).unwrap();
    let names = &gradle.builds[module.build].evaluations;
    let one = |(variants, dependency): &(Variants, Dependency)| {
        let target = match &dependency.target {
            Target::Library { group, name, version, .. } => {
                format!("{group}:{name}:{}", version.as_ref().map_or("?", |v| v.as_str()))
            }
            Target::Project(folder) => format!("project {folder}"),
        };
        let all = variants.and(module.reached) == module.reached;
        let held: Vec<&str> =
            names.iter().enumerate().filter(|(i, _)| variants.has(*i)).map(|(_, n)| n.as_str()).collect();
        let held = if all { String::new() } else { format!(" in {}", held.join("|")) };
        format!("{} {target}{held}", dependency.configuration)
    };
    module.dependencies.iter().map(one).collect()
}

fn of_script(script: &str) -> Vec<String> {
    let gradle = gradle(&[("build.gradle", script)]);
    dependencies(&gradle, ":")
}

#[test]
fn every_way_to_write_a_dependency() {
    let script = "plugins { id 'java' }\ndef spark = '3.5.1'\next { scala = '2.12' }\next.hadoop = '3.3.4'\n\
        def v = [delta: '3.1.0']\ndependencies {\n\
        implementation \"org.apache.spark:spark-sql_$scala:$spark\"\n  compileOnly group: 'a', name: 'b', version: spark\n\
        runtimeOnly(\"a:c:${v.delta}\") { exclude group: 'x' }\n  api 'a:d:1', 'a:e:2'\n  implementation(['a:f:1', 'a:g:1'])\n\
        implementation 'a:h:' + hadoop\n  implementation('a:i') { version { strictly '4' } }\n  implementation fileTree(dir: 'libs')\n\
        constraints { implementation 'a:j:9' }\n  implementation 'a:j'\n  testImplementation platform('a:bom:1')\n}\n";
    let expected = [
        "implementation org.apache.spark:spark-sql_2.12:3.5.1",
        "compileOnly a:b:3.5.1",
        "runtimeOnly a:c:3.1.0",
        "api a:d:1",
        "api a:e:2",
        "implementation a:f:1",
        "implementation a:g:1",
        "implementation a:h:3.3.4",
        "implementation a:i:4",
        "implementation a:j:9",
    ];
    assert_eq!(of_script(script), expected);
}

#[test]
fn kotlin_scripts_and_catalogs() {
    let files = [
        ("settings.gradle.kts", "rootProject.name = \"etl\"\ninclude(\":core\")\nincludeBuild(\"build-logic\")\n"),
        ("gradle.properties", "hadoopVersion=3.3.4\n"),
        (
            "gradle/libs.versions.toml",
            "[versions]\nspark-core = \"3.5.1\"\n[libraries]\nspark-sql = { module = \"o:spark-sql_2.12\", version.ref = \"spark-core\" }\n\
             guava = \"g:guava:33\"\n[bundles]\nall = [\"spark-sql\", \"guava\"]\n",
        ),
        (
            "core/build.gradle.kts",
            "val hadoopVersion: String by project\nval x by extra(\"7\")\ndependencies {\n  compileOnly(libs.spark.sql)\n\
             implementation(libs.bundles.all)\n  \"api\"(\"a:b:$hadoopVersion\")\n  implementation(\"a:c:${libs.versions.spark.core.get()}\")\n\
             implementation(\"a:d:${extra[\"x\"]}\")\n}\n",
        ),
        ("build.gradle.kts", "dependencies { implementation(projects.core) }\n"),
    ];
    let gradle = gradle(&files);
    let expected = [
        "compileOnly o:spark-sql_2.12:3.5.1",
        "implementation o:spark-sql_2.12:3.5.1",
        "implementation g:guava:33",
        "api a:b:3.3.4",
        "implementation a:c:3.5.1",
        "implementation a:d:7",
    ];
    assert_eq!(dependencies(&gradle, ":core"), expected);
    assert_eq!(dependencies(&gradle, ":"), ["implementation project core"]);
    assert!(gradle.defaults.iter().any(|default| &*default.name == "hadoopVersion"));
}

#[test]
fn a_version_points_at_the_bytes_that_say_it() {
    let text = "ext { spark = '3.5.1' }\ndependencies { implementation \"o:s:$spark\" }\n";
    let gradle = gradle(&[("build.gradle", text)]);
    let Target::Library { version: Ok(version), .. } = &gradle.modules[0].dependencies[0].1.target else { panic!() };
    assert_eq!(version.span().start as usize, text.find("3.5.1").unwrap());
    assert!(version.is_replaceable());
}

#[test]
fn what_the_root_says_for_all() {
    let files = [
        ("settings.gradle", "include 'a', ':b:c'\nproject(':b:c').projectDir = file('deep/c')\n"),
        (
            "build.gradle",
            "ext.spark = '3.4.1'\nallprojects { ext.scala = '2.12' }\nsubprojects {\n  apply plugin: 'java'\n  dependencies { implementation \"o:x:1\" }\n}\n\
             project(':a') { dependencies { api 'o:y:1' } }\nconfigure([project(':b:c')]) { sourceCompatibility = '11' }\n",
        ),
        (
            "a/build.gradle",
            "dependencies { compileOnly \"o:s_$scala:${rootProject.ext.spark}\"\n implementation project(':b:c') }\n",
        ),
        ("deep/c/build.gradle", "apply from: \"$rootDir/gradle/more.gradle\"\n"),
        ("gradle/more.gradle", "dependencies { implementation \"o:more:$spark\" }\n"),
    ];
    let gradle = gradle(&files);
    assert_eq!(
        dependencies(&gradle, ":a"),
        ["implementation o:x:1", "api o:y:1", "compileOnly o:s_2.12:3.4.1", "implementation project deep/c"]
    );
    assert_eq!(dependencies(&gradle, ":b:c"), ["implementation o:x:1", "implementation o:more:3.4.1"]);
    let c = gradle.modules.iter().find(|m| m.path == ":b:c").unwrap();
    assert_eq!((c.java[0].1.0, c.java[0].1.1.as_str()), ("sourceCompatibility", "11"));
}

#[test]
fn branches_that_exclude_each_other_never_meet() {
    let script = "def spark = findProperty('sparkVersion') ?: '3.5'\ndependencies {\n  if (spark == '3.4') {\n    implementation 'o:delta-core:2.4.0'\n\
        } else {\n    implementation 'o:delta-spark:3.1.0'\n  }\n  implementation \"o:spark:$spark\"\n}\n";
    let expected = [
        "implementation o:delta-spark:3.1.0 in default",
        "implementation o:spark:3.5 in default",
        "implementation o:delta-core:2.4.0 in sparkVersion=3.4",
        "implementation o:spark:3.4 in sparkVersion=3.4",
    ];
    assert_eq!(of_script(script), expected);
    let unknown = "dependencies {\n  if (JavaVersion.current().isJava9()) { implementation 'a:b:1' } else { implementation 'a:b:2' }\n}\n";
    assert_eq!(
        of_script(unknown),
        ["implementation a:b:1 in default", "implementation a:b:2 in (JavaVersion.current().isJava9())#1"]
    );
    let which = "val d = when (providers.gradleProperty(\"v\").getOrElse(\"a\")) {\n \"a\" -> \"1\"\n \"b\" -> \"2\"\n else -> error(\"\")\n}\n\
        dependencies { implementation(\"x:y:$d\") }\n";
    let gradle = gradle(&[("build.gradle.kts", which)]);
    assert_eq!(dependencies(&gradle, ":"), ["implementation x:y:1 in default", "implementation x:y:2 in v=b"]);
}

#[test]
fn loops_over_versions_make_projects_of_their_own() {
    let files = [
        ("gradle.properties", "systemProp.sparkVersions=3.4,3.5\n"),
        (
            "settings.gradle",
            "def versions = System.getProperty(\"sparkVersions\").split(\",\")\nversions.each { v ->\n  include \":spark-$v\"\n  project(\":spark-$v\").projectDir = file(\"spark/v$v\")\n}\n",
        ),
        (
            "build.gradle",
            "for (v in System.getProperty('sparkVersions').split(',')) {\n  project(\":spark-$v\") { dependencies { compileOnly \"o:spark:${v}.0\" } }\n}\n",
        ),
    ];
    let gradle = gradle(&files);
    assert_eq!(dependencies(&gradle, ":spark-3.4"), ["compileOnly o:spark:3.4.0"]);
    assert_eq!(dependencies(&gradle, ":spark-3.5"), ["compileOnly o:spark:3.5.0"]);
    assert_eq!(gradle.modules.iter().find(|m| m.path == ":spark-3.5").unwrap().folder, "spark/v3.5");
}

#[test]
fn configurations_have_the_scope_of_those_that_extend_them() {
    let script = "plugins { id 'java' }\nconfigurations {\n  bundle\n  spark34\n  compileOnly.extendsFrom lent\n  implementation { extendsFrom bundle }\n\
        all { exclude group: 'log4j' }\n}\ndependencies {\n  bundle 'a:b:1'\n  lent 'a:c:1'\n  spark34 'a:d:1'\n  shadow 'a:e:1'\n  implementation 'log4j:log4j:1.2'\n}\n";
    let gradle = gradle(&[("build.gradle", script)]);
    let scopes: Vec<Scope> = gradle.modules[0].dependencies.iter().map(|(_, d)| d.scope).collect();
    assert_eq!(scopes, [Scope::Compile, Scope::Provided, Scope::Other, Scope::Provided]);
}

#[test]
fn build_scripts_own_libraries_are_not_the_codes() {
    let script = "buildscript {\n  ext.v = '1'\n  dependencies { classpath \"p:q:$v\" }\n}\ndependencies { implementation \"a:b:$v\" }\n";
    assert_eq!(of_script(script), ["implementation a:b:1"]);
}

#[test]
fn versions_that_a_rule_of_the_build_replaces() {
    let script = "configurations.all {\n  resolutionStrategy {\n    force 'a:b:3'\n    eachDependency { d -> if (d.requested.group == 'org.x') { d.useVersion '2' } }\n  }\n}\n\
        dependencies {\n  implementation 'a:b:1'\n  implementation 'org.x:c:1'\n  implementation 'a:d:1'\n}\n";
    assert_eq!(of_script(script), ["implementation a:b:3", "implementation org.x:c:?", "implementation a:d:1"]);
}

#[test]
fn plugins_that_are_scripts_and_objects_of_the_build() {
    let files = [
        (
            "buildSrc/src/main/groovy/my.spark.gradle",
            "plugins { id 'java' }\ndependencies { compileOnly \"o:spark:${Versions.SPARK}\" }\n",
        ),
        (
            "buildSrc/src/main/kotlin/Versions.kt",
            "object Versions {\n  const val SPARK = \"3.5.1\"\n  inline val minor get() = SPARK.substringBeforeLast('.')\n}\n",
        ),
        ("build.gradle", "plugins { id 'my.spark' }\ndependencies { implementation \"o:minor:${Versions.minor}\" }\n"),
    ];
    assert_eq!(dependencies(&gradle(&files), ":"), ["compileOnly o:spark:3.5.1", "implementation o:minor:3.5"]);
}

#[test]
fn fat_jars_images_and_names() {
    let script = "plugins { id 'java'\n id 'com.github.johnrengelman.shadow' version '8.1.1'\n id 'com.google.cloud.tools.jib' }\nversion = '1.2'\n\
        shadowJar {\n  archiveClassifier.set('fat')\n  mergeServiceFiles()\n  dependencies { exclude(dependency('org.apache.spark:.*')) }\n}\n\
        jib { from { image = 'apache/spark:3.5.1' }\n to { image = 'me/etl' } }\njava { toolchain { languageVersion = JavaLanguageVersion.of(17) } }\n";
    let gradle = gradle(&[("settings.gradle", "rootProject.name = 'etl'"), ("build.gradle", script)]);
    let module = &gradle.modules[0];
    assert_eq!(module.artefacts, ["etl-1.2-fat.jar", "etl-1.2.jar"]);
    let jar = module.fat_jar.as_ref().unwrap();
    assert!(jar.shadow && jar.merges_services && jar.left_out == ["org.apache.spark:.*"]);
    let image = module.image.as_ref().unwrap();
    assert_eq!(image.from.as_ref().unwrap().as_str(), "apache/spark:3.5.1");
    assert_eq!((module.java[0].1.0, module.java[0].1.1.as_str()), ("java.toolchain", "17"));
}

#[test]
fn endless_builds_end() {
    let calls = "def f(x) { f(x); f(x) }\nf(1)\next.a = \"$a$a\"\next.b = \"1\"\n";
    let doubling: String = (0..64).map(|_| "ext.b = \"$b$b\"\n").collect();
    of_script(&format!("{calls}{doubling}dependencies {{ implementation \"a:b:$b\" }}"));
    let conditions: String =
        (0..200).fold(String::new(), |all, n| all + &format!("if (hasProperty('p{n}')) {{ ext.x{n} = 1 }}\n"));
    of_script(&conditions);
    let recursive = [
        ("settings.gradle", "apply from: 'settings.gradle'\ninclude 'a'\nproject(':a').name = ''"),
        ("build.gradle", "apply from: 'build.gradle'\n"),
    ];
    gradle(&recursive);
}
