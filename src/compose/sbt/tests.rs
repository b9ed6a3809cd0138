#![allow(clippy::unwrap_used)]

use super::*;
use crate::discover::format_of;
use crate::read::{mutation, read_text};
use crate::source::Location;
use std::path::PathBuf;

/// The files at these paths, composed.
pub(crate) fn composed(files: &[(&str, &str)]) -> (Sources, Sbt) {
    let source = |(path, text): &(&str, &str)| Source {
        path: (*path).to_owned(),
        location: Location::Memory(text.as_bytes().into()),
        format: format_of(path, String::new).unwrap(),
    };
    let sources = Sources::new(PathBuf::new(), files.iter().map(source).collect());
    let documents: Vec<Document> =
        sources.iter().map(|(id, source)| read_text(id, source, files[id.0 as usize].1, false)).collect();
    let sbt = compose(&sources, &documents);
    (sources, sbt)
}

/// `organization:name_suffix:version scope` of a module's libraries in one evaluation; `?` for an unknown version.
fn at(sbt: &Sbt, id: &str, evaluation: &str) -> Vec<String> {
    let module = sbt.modules.iter().find(|module| module.id == id).unwrap();
    let number = sbt.builds[module.build].evaluations.iter().position(|name| name == evaluation).unwrap();
    let here = module.dependencies.iter().filter(|(variants, _)| variants.has(number));
    let show = |dependency: &Dependency| {
        let suffix = dependency.scala.as_ref().map_or_else(String::new, |s| format!("_{s}"));
        let version = dependency.version.as_ref().map_or("?", Traced::as_str);
        let scope = match dependency.scope {
            Scope::Compile => String::new(),
            other => format!(" {other:?}").to_ascii_lowercase(),
        };
        format!("{}:{}{suffix}:{version}{scope}", dependency.organization, dependency.name)
    };
    here.map(|(_, dependency)| show(dependency)).collect()
}

/// The libraries of a build with one project, whose only script this is.
fn libraries(text: &str) -> Vec<String> {
    let (_, sbt) = composed(&[("build.sbt", text)]);
    at(&sbt, &sbt.modules[0].id.clone(), "default")
}

fn cases(cases: &Cases<Text>) -> Vec<String> {
    cases.iter().map(|(_, text)| text.as_ref().map_or_else(|_| "?".to_owned(), ToString::to_string)).collect()
}

#[test]
fn values_operators_and_scopes() {
    let text = r#"
        ThisBuild / scalaVersion := "2.12.18"
        val v = "3.5.1"
        lazy val spark = Seq("core", "sql").map(m => "org.apache.spark" %% s"spark-$m" % v % Provided)
        libraryDependencies ++= spark :+ "g" % "a" % ("1." + "2") % "it,test"
        libraryDependencies += "g" %% "full" % v cross CrossVersion.full
        libraryDependencies += ("g" % "b" % v).exclude("x", "y") % "compile->default"
        libraryDependencies += "g" % s"c_${scalaBinaryVersion.value}" % v % Runtime classifier "tests"
    "#;
    assert_eq!(
        libraries(text),
        [
            "org.apache.spark:spark-core_2.12:3.5.1 provided",
            "org.apache.spark:spark-sql_2.12:3.5.1 provided",
            "g:a:1.2 test",
            "g:full_2.12.18:3.5.1",
            "g:b:3.5.1",
            "g:c_2.12:3.5.1 runtime",
        ]
    );
}

#[test]
fn the_suffix_and_the_version_point_at_their_literals() {
    let text = "scalaVersion := \"2.12.18\"\nval v = \"3.5.1\"\nlibraryDependencies += \"g\" %% \"a\" % v\n";
    let (_, sbt) = composed(&[("build.sbt", text)]);
    let (_, dependency) = &sbt.modules[0].dependencies[0];
    let (scala, version) = (dependency.scala.as_ref().unwrap(), dependency.version.as_ref().unwrap());
    assert_eq!(&text[scala.span().range()], "2.12");
    assert_eq!(&text[version.span().range()], "3.5.1");
    assert!(scala.is_replaceable() && version.is_replaceable());
    assert!(!scala.is_literal() && !version.is_literal(), "both are written elsewhere");
    assert_eq!(&text[dependency.span.range()], "\"g\" %% \"a\" % v");
}

#[test]
fn values_come_from_the_folder_project() {
    let files = [
        (
            "build.sbt",
            "import Dependencies._\nscalaVersion := Versions.scala\nlibraryDependencies ++= core ++ Dependencies.test(\"3.2.1\")\n",
        ),
        (
            "project/Dependencies.scala",
            "package deps\nimport sbt._\nobject Dependencies extends Shared {\n  import Versions._\n  val core = Seq(sql(spark), \"g\" % \"n\" % own)\n  def test(v: String, scope: String = \"test\"): Seq[ModuleID] = Seq(\"t\" %% \"t\" % v % scope)\n}\n",
        ),
        ("project/Versions.scala", "object Versions { val spark = \"3.4.1\"; val scala = \"2.13.12\" }\n"),
        (
            "project/Shared.scala",
            "trait Shared { val own = \"9\"; def sql(v: String) = \"org.apache.spark\" %% \"spark-sql\" % v % \"provided\" }\n",
        ),
        ("project/plugins.sbt", "addSbtPlugin(\"com.eed3si9n\" % \"sbt-assembly\" % \"2.1.1\")\n"),
    ];
    let (_, sbt) = composed(&files);
    assert_eq!(sbt.modules.len(), 1);
    assert_eq!(
        at(&sbt, "root", "default"),
        ["org.apache.spark:spark-sql_2.13:3.4.1 provided", "g:n:9", "t:t_2.13:3.2.1 test"]
    );
}

#[test]
fn projects_inherit_depend_and_aggregate() {
    let text = r#"
        ThisBuild / organization := "org.acme"
        ThisBuild / version := "1.0"
        lazy val common = Seq(scalaVersion := "2.12.18", libraryDependencies += "g" % "all" % "1")
        lazy val root = (project in file(".")).aggregate(core, app).settings(common)
        lazy val core = project.settings(common, name := "the-core")
        lazy val app = Project("app", file("apps/main"))
          .dependsOn(core % "compile->compile;test->test", tests % Test)
          .settings(common: _*)
          .settings(libraryDependencies += "g" %% "own" % "2")
        lazy val tests = (project in file("tests")).settings(common)
    "#;
    let (_, sbt) = composed(&[("build.sbt", text)]);
    let ids: Vec<&str> = sbt.modules.iter().map(|module| module.id.as_str()).collect();
    assert_eq!(ids, ["root", "core", "app", "tests"]);
    assert_eq!(at(&sbt, "app", "default"), ["g:all:1", "g:own_2.12:2"]);
    let app = &sbt.modules[2];
    assert_eq!((app.folder.as_str(), cases(&app.organization)), ("apps/main", vec!["org.acme".to_owned()]));
    let links: Vec<(usize, bool)> = app.links.iter().map(|link| (link.target, link.linked)).collect();
    assert_eq!(links, [(1, true), (3, false)]);
    assert_eq!(sbt.modules[0].aggregates.len(), 2);
    assert!(sbt.modules[1].artefacts.contains(&"the-core_2.12-1.0.jar".to_owned()));
    assert!(sbt.modules[1].artefacts.contains(&"the-core-assembly-1.0.jar".to_owned()));
}

#[test]
fn each_scala_version_is_an_evaluation() {
    let text = r#"
        val scala212 = "2.12.18"
        ThisBuild / scalaVersion := scala212
        lazy val core = (project in file("core")).settings(
          crossScalaVersions := Seq(scala212, "2.13.12"),
          libraryDependencies += "org.apache.spark" %% "spark-sql" % "3.5.1" % Provided,
          libraryDependencies ++= {
            CrossVersion.partialVersion(scalaVersion.value) match {
              case Some((2, n)) if n >= 13 => Seq("g" %% "par" % "1")
              case _ => Nil
            }
          })
        lazy val only = (project in file("only")).dependsOn(core).settings(libraryDependencies += "g" %% "x" % "1")
    "#;
    let (_, sbt) = composed(&[("build.sbt", text)]);
    assert_eq!(sbt.builds[0].evaluations, ["default", "++2.13.12"]);
    assert_eq!(at(&sbt, "core", "default"), ["org.apache.spark:spark-sql_2.12:3.5.1 provided"]);
    assert_eq!(at(&sbt, "core", "++2.13.12"), ["org.apache.spark:spark-sql_2.13:3.5.1 provided", "g:par_2.13:1"]);
    let only = sbt.modules.iter().find(|module| module.id == "only").unwrap();
    assert_eq!(only.reached, Variants::only(0));
    assert_eq!(only.links[0].variants, Variants::only(0));
}

#[test]
fn functions_of_the_scala_version_are_called() {
    let files = [
        (
            "build.sbt",
            "scalaVersion := \"2.13.9\"\ncrossScalaVersions := Seq(\"2.12.17\", \"2.13.9\")\nlibraryDependencies += \"org.apache.spark\" %% \"spark-sql\" % Deps.spark(scalaVersion.value)\n",
        ),
        (
            "project/Deps.scala",
            "object Deps {\n  private val old = \"3.1.3\"\n  def spark(scala: String): String = sys.props.getOrElse(\"SPARK\", if (scala.startsWith(\"2.12.\")) { old } else if (scala startsWith \"2.13\") \"3.4.1\" else throw new Exception(\"no\"))\n}\n",
        ),
        ("project/plugins.sbt", "\n"),
    ];
    let (_, sbt) = composed(&files);
    assert_eq!(at(&sbt, "root", "default"), ["org.apache.spark:spark-sql_2.13:3.4.1"]);
    assert_eq!(at(&sbt, "root", "++2.12.17"), ["org.apache.spark:spark-sql_2.12:3.1.3"]);
    let names: Vec<&str> = sbt.defaults.iter().map(|(outside, _)| outside.name.as_str()).collect();
    assert_eq!(names, ["SPARK", "SPARK"]);
}

#[test]
fn what_only_the_outside_sets_is_its_default() {
    for value in [
        "sys.props.getOrElse(\"v\", \"1\")",
        "sys.props.get(\"v\").getOrElse(\"1\")",
        "sys.env.getOrElse(\"V\", \"1\")",
        "Option(System.getProperty(\"v\")).getOrElse(\"1\")",
        "System.getProperty(\"v\", \"1\")",
        "scala.util.Properties.envOrElse(\"V\", \"1\")",
        "sys.env.get(\"V\").orElse(sys.props.get(\"v\")).filter(_.nonEmpty).getOrElse(\"1\")",
        "sys.env.get(\"V\") match { case Some(v) => v; case None => \"1\" }",
    ] {
        let (_, sbt) = composed(&[("build.sbt", &format!("libraryDependencies += \"g\" % \"a\" % ({value})\n"))]);
        assert_eq!(at(&sbt, "root", "default"), ["g:a:1"], "{value}");
        assert!(!sbt.defaults.is_empty(), "{value}");
    }
    let (_, sbt) = composed(&[("build.sbt", "libraryDependencies += \"g\" % \"a\" % sys.props(\"v\")\n")]);
    assert_eq!(at(&sbt, "root", "default"), ["g:a:?"]);
    assert_eq!(sbt.modules[0].unresolved.len(), 1);
}

#[test]
fn what_cannot_be_computed_is_told_and_the_rest_is_kept() {
    let text = "libraryDependencies ++= IO.read(file(\"x\")).split(\"\\n\") ++ Seq(\"g\" % \"a\" % \"1\", \"g\" % \"b\" % plugin.version)\n";
    let (_, sbt) = composed(&[("build.sbt", text)]);
    assert_eq!(at(&sbt, "root", "default"), ["g:a:1", "g:b:?"]);
    assert_eq!(sbt.modules[0].unresolved.len(), 2);
}

#[test]
fn settings_set_add_and_remove() {
    let text = r#"
        ThisBuild / libraryDependencies += "g" % "a" % "1"
        libraryDependencies += "g" % "b" % "1"
        libraryDependencies := libraryDependencies.value :+ "g" % "c" % "1"
        libraryDependencies -= "g" % "b" % "1"
        libraryDependencies ~= { _.map(_.exclude("x", "y")) }
        dependencyOverrides += "g" % "c" % "2"
    "#;
    assert_eq!(libraries(text), ["g:a:1", "g:c:2"]);
    assert_eq!(
        libraries("libraryDependencies += \"g\" % \"a\" % \"1\"\nlibraryDependencies := Seq(\"g\" % \"b\" % \"1\")\n"),
        ["g:b:1"]
    );
}

#[test]
fn scala_3_takes_what_is_built_for_2_13() {
    let text = "scalaVersion := \"3.3.1\"\nlibraryDependencies ++= Seq(\"org.apache.spark\" %% \"spark-sql\" % \"3.5.0\" cross CrossVersion.for3Use2_13, \"g\" %% \"a\" % \"1\")\n";
    assert_eq!(libraries(text), ["org.apache.spark:spark-sql_2.13:3.5.0", "g:a_3:1"]);
}

#[test]
fn classes_of_the_build_are_made() {
    let files = [
        (
            "build.sbt",
            "libraryDependencies += \"g\" % \"a\" % Spec.find(\"4.0\").full\nlibraryDependencies += \"g\" % \"b\" % Spec.last().full\n",
        ),
        (
            "project/Spec.scala",
            "case class Spec(full: String, jvm: String = \"17\") {\n  def short: String = full.split(\"\\\\.\").toList match { case a :: b :: _ :: _ => s\"$a.$b\"; case _ => full }\n}\nobject Spec {\n  val all = Seq(Spec(\"3.5.1\"), Spec(full = \"4.0.1\"))\n  def last() = all.last\n  def find(v: String): Spec = all.find { s => s.full == v || s.short == v }.getOrElse(throw new Exception(v))\n}\n",
        ),
        ("project/plugins.sbt", ""),
    ];
    let (_, sbt) = composed(&files);
    assert_eq!(at(&sbt, "root", "default"), ["g:a:4.0.1", "g:b:4.0.1"]);
}

#[test]
fn scripts_in_a_projects_folder_are_its_own_and_others_are_builds() {
    let files = [
        ("build.sbt", "ThisBuild / scalaVersion := \"2.13.1\"\nlazy val core = project\n"),
        ("core/build.sbt", "val v = \"1\"\nlibraryDependencies += \"g\" %% \"a\" % v\n"),
        ("demo/build.sbt", "scalaVersion := \"2.12.1\"\nlibraryDependencies += \"g\" %% \"b\" % \"1\"\n"),
    ];
    let (_, sbt) = composed(&files);
    assert_eq!(sbt.builds.len(), 2);
    assert_eq!(at(&sbt, "core", "default"), ["g:a_2.13:1"]);
    assert_eq!(at(&sbt, "demo", "default"), ["g:b_2.12:1"]);
}

#[test]
fn plugins_of_the_build_set_what_they_always_set() {
    let files = [
        (
            "build.sbt",
            "lazy val a = project.enablePlugins(Extra)\nlazy val b = project\nlibraryDependencies ++= sparkLibs\n",
        ),
        (
            "project/Common.scala",
            "import sbt._\nobject Common extends AutoPlugin {\n  override def trigger = allRequirements\n  object autoImport { val sparkLibs = Seq(\"g\" %% \"s\" % \"1\") }\n  override def projectSettings = Seq(scalaVersion := \"2.12.9\")\n}\nobject Extra extends AutoPlugin { override def projectSettings = Seq(libraryDependencies += \"g\" %% \"x\" % \"1\") }\n",
        ),
        ("project/plugins.sbt", ""),
    ];
    let (_, sbt) = composed(&files);
    assert_eq!(at(&sbt, "a", "default"), ["g:x_2.12:1"]);
    assert_eq!(at(&sbt, "b", "default"), Vec::<String>::new());
    assert_eq!(at(&sbt, "root", "default"), ["g:s_2.12:1"]);
}

#[test]
fn projects_of_builds_in_scala_are_found() {
    let files = [
        (
            "project/TheBuild.scala",
            "import sbt._\nobject Parts { lazy val core = Project(\"core\", file(\"core\")).tuned.settings(libraryDependencies += \"g\" % \"a\" % \"1\") }\nobject TheBuild extends sbt.internal.BuildDef {\n  override def projectDefinitions(base: File): Seq[Project] = Seq(Parts.core) ++ more\n  lazy val more = Seq(Project(\"cli\", file(\"cli\")).dependsOn(Parts.core))\n}\nobject Ops { implicit class Tuned(p: Project) { def tuned(): Project = if (unknown) p else p.settings() } }\n",
        ),
        ("project/plugins.sbt", ""),
        ("version.sbt", "ThisBuild / version := \"1\"\n"),
    ];
    let (_, sbt) = composed(&files);
    let ids: Vec<&str> = sbt.modules.iter().map(|module| module.id.as_str()).collect();
    assert_eq!(ids, ["root", "core", "cli"]);
    assert_eq!(at(&sbt, "core", "default"), ["g:a:1"]);
    assert_eq!(sbt.modules[2].links.len(), 1);
}

#[test]
fn compilers_assemblies_and_images() {
    let text = r#"
        scalaVersion := "2.12.18"
        javacOptions ++= Seq("-source", "11", "-target", "11")
        scalacOptions += "-target:jvm-1.8"
        assembly / assemblyMergeStrategy := {
          case PathList("META-INF", xs @ _*) => xs.map(_.toLowerCase) match {
            case "manifest.mf" :: Nil => MergeStrategy.discard
            case "services" :: _ => MergeStrategy.filterDistinctLines
            case _ => MergeStrategy.discard
          }
          case _ => MergeStrategy.first
        }
        assembly / assemblyOption := (assembly / assemblyOption).value.copy(includeScala = false)
        assembly / assemblyJarName := s"${name.value}.jar"
        name := "app"
        docker / dockerfile := { val jar = assembly.value; new Dockerfile { from("apache/spark:3.5.1"); copy(jar, "/app.jar") } }
    "#;
    let (_, sbt) = composed(&[("build.sbt", text)]);
    let module = &sbt.modules[0];
    assert_eq!(cases(&module.java), ["11"]);
    assert!(module.artefacts.contains(&"app.jar".to_owned()));
    let assembly = module.assembly.as_ref().unwrap();
    assert!(!assembly.include_scala);
    let image = module.image.as_ref().unwrap();
    assert_eq!(image.base.as_ref().map(Traced::as_str), Some("apache/spark:3.5.1"));
    assert_eq!(image.copies.len(), 1);
}

#[test]
fn spark_packages_are_components() {
    let files = [
        (
            "build.sbt",
            "scalaVersion := \"2.11.12\"\nsparkVersion := \"2.4.8\"\nsparkComponents ++= Seq(\"sql\", \"mllib\")\n",
        ),
        ("project/plugins.sbt", "addSbtPlugin(\"org.spark-packages\" % \"sbt-spark-package\" % \"0.2.6\")\n"),
    ];
    let (_, sbt) = composed(&files);
    assert_eq!(
        at(&sbt, "root", "default"),
        ["org.apache.spark:spark-sql_2.11:2.4.8 provided", "org.apache.spark:spark-mllib_2.11:2.4.8 provided"]
    );
}

#[test]
fn endless_definitions_end() {
    for text in [
        "val a = b\nval b = a\nlibraryDependencies += \"g\" % \"a\" % a\n",
        "def f(x: String): String = f(x + \"a\")\nlibraryDependencies += \"g\" % \"a\" % f(\"\")\n",
        "a := b.value\nb := a.value\nlibraryDependencies += \"g\" % \"a\" % a.value\n",
        "scalaVersion := crossScalaVersions.value.head\ncrossScalaVersions := Seq(scalaVersion.value)\nlibraryDependencies += \"g\" %% \"a\" % \"1\"\n",
        "object A extends A { val x = A.x }\nimport A._\nlibraryDependencies += \"g\" % \"a\" % x\n",
        "lazy val a = project.dependsOn(b)\nlazy val b = project.dependsOn(a)\n",
    ] {
        let (_, sbt) = composed(&[("build.sbt", text)]);
        assert!(!sbt.modules.is_empty(), "{text}");
    }
    let wide =
        format!("def f(x: String): Seq[String] = {}\nlibraryDependencies ++= f(\"a\")\n", ["f(x)"; 50].join(" ++ "));
    assert!(!composed(&[("build.sbt", &wide)]).1.modules.is_empty());
}

#[test]
fn broken_variants_compose() {
    let samples = [
        "scalaVersion := \"2.12.1\"\nlazy val a = (project in file(\"a\")).settings(libraryDependencies += \"g\" %% s\"n_$v\" % \"1\" % Test)\nval v = \"1\"\n",
        "crossScalaVersions := Seq(\"2.12.1\", \"2.13.1\")\nscalaVersion := crossScalaVersions.value.last\nlibraryDependencies ++= { scalaBinaryVersion.value match { case \"2.12\" => Seq(\"a\" % \"b\" % \"1\") case _ => Nil } }\n",
    ];
    mutation::each(&samples, |text| {
        let (_, sbt) = composed(&[("build.sbt", text)]);
        for (_, dependency) in sbt.modules.iter().flat_map(|module| &module.dependencies) {
            mutation::inside(text, dependency.span);
            mutation::traced(text, &dependency.name);
            dependency.scala.iter().chain(&dependency.version).for_each(|t| mutation::inside(text, t.span()));
        }
    });
}
