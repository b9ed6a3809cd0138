#![allow(clippy::unwrap_used)]

use crate::claim::tests::facts;
use crate::fact::Facts;
use crate::read::mutation;
use crate::source::{Format, Traced};

fn image(text: &str) -> Facts {
    facts("Dockerfile", Format::Dockerfile, text)
}

/// The options of the JVM that an image starts: `None` where it starts none, `?` where they are not known.
fn options(text: &str) -> Option<String> {
    let facts = image(text);
    let run = facts.java_runs.first()?;
    assert_eq!(&text[run.span.range()], text[run.span.range()].trim(), "{text}");
    let joined = |options: &Vec<Traced>| options.iter().map(Traced::as_str).collect::<Vec<_>>().join(" ");
    Some(run.options.as_ref().map_or("?".to_owned(), joined))
}

fn opened(path: &str, format: Format, text: &str) -> Vec<String> {
    facts(path, format, text).opened.iter().map(|span| text[span.range()].to_owned()).collect()
}

#[test]
fn the_last_command_of_an_image_starts_a_jvm() {
    for (command, expected) in [
        ("CMD java -Xmx1g -jar /app.jar --x=1", "-Xmx1g"),
        ("CMD [\"java\", \"-Xmx1g\", \"-Da=b\", \"-jar\", \"/app.jar\"]", "-Xmx1g -Da=b"),
        ("ENTRYPOINT [\"/usr/bin/java\", \"-jar\", \"/app.jar\"]", ""),
        ("ENTRYPOINT exec java --add-opens=a/b=ALL-UNNAMED -jar app.jar", "--add-opens=a/b=ALL-UNNAMED"),
        ("ENTRYPOINT [\"tini\", \"--\", \"java\", \"-jar\", \"a.jar\"]", ""),
        ("CMD java $OPTIONS -jar app.jar", "?"),
        ("CMD java @options -jar app.jar", "?"),
    ] {
        for end in ["\n", "\r\n", ""] {
            let text = format!("FROM eclipse-temurin:17\n{command}{end}");
            assert_eq!(options(&text).as_deref(), Some(expected), "{text:?}");
        }
    }
}

#[test]
fn what_is_no_jvm_of_an_application_is_left_alone() {
    for command in [
        "CMD java -cp /app org.apache.spark.deploy.SparkSubmit",
        "CMD java -jar a.jar org.apache.spark.deploy.worker.Worker",
        "CMD java -cp /app Main",
        "CMD javac -jar a.jar",
        "CMD /opt/spark/bin/spark-submit a.jar",
        "CMD []",
        "CMD exec",
        "RUN java -jar /tmp/installer.jar",
    ] {
        assert_eq!(options(&format!("FROM a:1\n{command}\n")), None, "{command}");
    }
    assert_eq!(options(""), None);
}

#[test]
fn a_later_stage_decides() {
    let text = "FROM a:1 AS base\nCMD java -Da=1 -jar a.jar\nFROM base\nCMD java -Db=2 -jar b.jar\n";
    assert_eq!(options(text).as_deref(), Some("-Db=2"));
    let inherited = "FROM a:1 AS base\nCMD java -Da=1 -jar a.jar\nFROM base\nUSER 1000\n";
    assert_eq!(options(inherited).as_deref(), Some("-Da=1"));
    let beside = "FROM a:1 AS build\nCMD java -Da=1 -jar a.jar\nFROM b:1\nUSER 1000\n";
    assert_eq!(options(beside), None);
}

#[test]
fn variables_open_packages_to_every_jvm() {
    let text = "FROM a:1\nENV JAVA_TOOL_OPTIONS=\"--add-opens=a/b=ALL-UNNAMED\"\nCMD java -jar a.jar\n";
    assert_eq!(opened("Dockerfile", Format::Dockerfile, text), ["--add-opens=a/b=ALL-UNNAMED"]);
    for text in [
        "env:\n  - name: JDK_JAVA_OPTIONS\n    value: --add-opens=a/b=ALL-UNNAMED\n",
        "env:\r\n  JDK_JAVA_OPTIONS: --add-opens=a/b=ALL-UNNAMED\r\n",
        "\u{feff}JAVA_TOOL_OPTIONS: --add-opens=a/b=ALL-UNNAMED\n",
    ] {
        assert_eq!(opened("a.yaml", Format::Yaml, text), ["--add-opens=a/b=ALL-UNNAMED"], "{text:?}");
    }
    let list = "environment:\n  - JAVA_TOOL_OPTIONS=--add-opens=a/b=ALL-UNNAMED\n  - A=b\n";
    assert_eq!(opened("a.yaml", Format::Yaml, list), ["JAVA_TOOL_OPTIONS=--add-opens=a/b=ALL-UNNAMED"]);
    assert_eq!(opened("a.yaml", Format::Yaml, "name: JAVA_OPTS\nvalue: x\nlist:\n  - [a]\n"), Vec::<String>::new());
}

#[test]
fn no_text_breaks_it() {
    let image = "FROM a:1 AS b\nENV JAVA_TOOL_OPTIONS='-Xmx1g' X=\"é\"\nFROM b\nENTRYPOINT [\"tini\", \"--\", \"java\", \"-Da=é\", \"-jar\", \"/a.jar\"]\nCMD exec java -Xmx1g $A -jar a.jar\n";
    let manifest =
        "env: &e\n  - {name: JDK_JAVA_OPTIONS, value: 'é --add-opens=a'}\n  - JAVA_TOOL_OPTIONS=-Xmx1g\nother: *e\n";
    mutation::each(&[image, manifest], |text| {
        for (path, format) in [("Dockerfile", Format::Dockerfile), ("a.yaml", Format::Yaml)] {
            let facts = facts(path, format, text);
            facts.opened.iter().for_each(|span| mutation::inside(text, *span));
            for run in &facts.java_runs {
                mutation::inside(text, run.span);
                run.options.iter().flatten().for_each(|option| mutation::inside(text, option.span()));
            }
        }
    });
}
