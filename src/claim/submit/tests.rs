use super::*;
use crate::claim::tests::facts;
use crate::read::mutation;
use crate::source::Format;

fn submissions(facts: &Facts) -> Vec<(PartId, &Submission)> {
    facts
        .parts()
        .filter_map(|(id, part)| if let PartKind::Submission(s) = &part.kind { Some((id, s)) } else { None })
        .collect()
}

/// Each submission as its application and its settings.
fn shown(path: &str, format: Format, text: &str) -> Vec<String> {
    let facts = facts(path, format, text);
    let one = |(id, submission): (PartId, &Submission)| {
        let settings = facts.settings.iter().filter(|s| s.part == id && s.via == Via::Submit);
        let settings: Vec<String> =
            settings.map(|s| format!("{}={}", s.key, s.value.as_ref().map_or("?", Traced::as_str))).collect();
        format!("{} [{}]", submission.main.as_ref().map_or("-", Traced::as_str), settings.join(" "))
    };
    submissions(&facts).into_iter().map(one).collect()
}

fn script(text: &str) -> Vec<String> {
    shown("run.sh", Format::Script, text)
}

#[test]
fn flags_are_settings() {
    let text = "P=a:b:1\n$SPARK_HOME/bin/spark-submit --master=local[2] --packages $P,c:d:$V \\\n --conf spark.a=b -c 'spark.x=y z' --conf spark.u=$U \\\n --verbose --class x.Main target/etl.jar --packages not:ours:1\n";
    let settings = "spark.master=local[2] spark.jars.packages=a:b:1,c:d:$V spark.a=b spark.x=y z spark.u=?";
    assert_eq!(script(text), [format!("target/etl.jar [{settings}]")]);
}

#[test]
fn of_a_repeated_flag_the_last_counts() {
    let text = "spark-submit --packages a:b:1 --jars x.jar --packages c:d:2 app.py";
    assert_eq!(script(text), ["app.py [spark.jars=x.jar spark.jars.packages=c:d:2]"]);
    let facts = facts("run.sh", Format::Script, text);
    let flags = &submissions(&facts)[0].1.flags;
    assert_eq!(flags.iter().map(|f| f.name.as_str()).collect::<Vec<_>>(), ["--packages", "--jars", "--packages"]);
}

#[test]
fn what_is_not_run_is_nothing() {
    for text in [
        "# spark-submit --packages a:b:1 x.py",
        "echo \"spark-submit --packages a:b:1 x.py\"",
        "pip install pyspark==3.5.1",
        "cat <<E\nspark-submit --jars a x.py\nE",
        "spark-submit --version",
        "which spark-submit; ls /opt/spark/bin/pyspark --x",
        "docker exec -it pyspark bash",
        "spark-class org.apache.spark.deploy.master.Master --port 1",
        "case $1 in spark-submit) shift;; esac",
    ] {
        assert_eq!(script(text), [""; 0], "{text}");
    }
    assert!(shown("README.md", Format::Script, "```\nspark-submit --jars a.jar x.py\n```").is_empty());
}

#[test]
fn programs_behind_others_are_found() {
    for text in [
        "sudo -u spark /opt/spark/bin/spark-submit --jars a.jar x.py",
        "docker exec -it -e A=b spark-master /spark/bin/spark-submit --jars a.jar x.py",
        "docker compose -f c.yml exec -T spark spark-submit --jars a.jar x.py",
        "kubectl exec -n ns pod -c main -- spark-submit --jars a.jar x.py",
        "docker run --rm -v $PWD:/x --network n apache/spark:3.5.1 /opt/spark/bin/spark-submit --jars a.jar x.py",
        "docker run --entrypoint /opt/spark/bin/spark-submit img --jars a.jar x.py",
        "bash -lc \"cd /x && spark-submit --jars a.jar x.py\"",
        "OUT=$(spark-submit --jars a.jar x.py)",
        "if ! timeout 60 spark-submit --jars a.jar x.py; then exit; fi",
        "poetry run spark-submit --jars a.jar x.py",
        "$SPARK_HOME/bin/spark-class org.apache.spark.deploy.SparkSubmit --jars a.jar x.py",
    ] {
        assert_eq!(script(text), ["x.py [spark.jars=a.jar]"], "{text}");
    }
    let run = facts("run.sh", Format::Script, "docker run apache/spark:3.5.1 spark-submit --jars a.jar x.py");
    assert_eq!(run.images[0].name, "apache/spark");
    let exec = facts("run.sh", Format::Script, "docker exec m spark-submit --jars a.jar x.py");
    assert_eq!(submissions(&exec)[0].1.container.as_ref().unwrap().as_str(), "m");
}

#[test]
fn arguments_in_the_environment() {
    let expected = ["- [spark.jars.packages=a:b:1]"];
    assert_eq!(script("export PYSPARK_SUBMIT_ARGS=\"--packages a:b:1 pyspark-shell\""), expected);
    assert_eq!(
        shown(
            "c.yml",
            Format::Yaml,
            "services:\n  s:\n    environment:\n      PYSPARK_SUBMIT_ARGS: --packages a:b:1 pyspark-shell\n"
        ),
        expected
    );
    assert_eq!(
        shown("c.yml", Format::Yaml, "services:\n  s:\n    environment:\n    - SPARK_SUBMIT_ARGS=--packages a:b:1\n"),
        expected
    );
}

#[test]
fn images_and_containers_run_submissions() {
    let dockerfile = "FROM x AS b\nRUN spark-submit --jars no.jar n.py\nFROM y\nENV V=1\nCMD [\"spark-submit\", \"--packages\", \"a:b:$V\", \"x.py\"]\nENTRYPOINT spark-submit --packages a:b:${V} y.py\n";
    let found = shown("Dockerfile", Format::Dockerfile, dockerfile);
    assert_eq!(found, ["y.py [spark.jars.packages=a:b:1]", "x.py [spark.jars.packages=a:b:$V]"]);
    let job = "apiVersion: batch/v1\nkind: Job\nmetadata:\n  name: j\nspec:\n  template:\n    spec:\n      containers:\n      - name: side\n        image: busybox\n      - name: etl\n        image: apache/spark:3.5.1\n        command: [/opt/spark/bin/spark-submit]\n        args:\n        - --packages\n        - a:b:1\n        - local:///x.jar\n      - name: sh\n        command: [sh, -c, \"spark-submit --jars a.jar $X/y.py\"]\n";
    let facts = facts("job.yaml", Format::Yaml, job);
    let found: Vec<_> = submissions(&facts).iter().map(|(_, s)| (s.within, s.slot.clone().unwrap())).collect();
    assert_eq!(found, [(Some(PartId(0)), "etl".to_owned()), (Some(PartId(0)), "sh".to_owned())]);
    let package = facts.settings.iter().find(|s| s.key.as_str() == "spark.jars.packages").unwrap();
    assert_eq!(&job[package.value.as_ref().unwrap().span().range()], "a:b:1");
}

#[test]
fn pipelines_and_platforms_run_submissions() {
    let gitlab = "variables:\n  V: '1'\njob:\n  script:\n    - cd x\n    - spark-submit --packages a:b:$V x.py\n";
    assert_eq!(shown(".gitlab-ci.yml", Format::Yaml, gitlab), ["x.py [spark.jars.packages=a:b:1]"]);
    let github = "jobs:\n  j:\n    env:\n      V: '2'\n    steps:\n    - run: |\n        spark-submit \\\n          --packages a:b:${{ env.V }} x.py\n";
    assert_eq!(shown(".github/workflows/a.yml", Format::Yaml, github), ["x.py [spark.jars.packages=a:b:2]"]);
    let emr = "Steps:\n- HadoopJarStep:\n    Jar: command-runner.jar\n    Args: [spark-submit, --packages, 'a:b:1', 's3://b/x.py']\n";
    assert_eq!(shown("emr.yaml", Format::Yaml, emr), ["s3://b/x.py [spark.jars.packages=a:b:1]"]);
    let task = "tasks:\n- spark_submit_task:\n    parameters: [--class, x.Y, 'dbfs:/x.jar']\n";
    assert_eq!(shown("job.yml", Format::Yaml, task), ["dbfs:/x.jar []"]);
}

#[test]
fn no_mutation_leaves_the_text() {
    let sample = "P=\"a:b:1\"\nspark-submit --packages $P,c \\\n --conf 'k=v' -c \"x=$Y\" x.py\nsh -c \"pyspark --jars 'a b'\"\n";
    mutation::each(&[sample], |text| {
        let facts = facts("run.sh", Format::Script, text);
        for setting in &facts.settings {
            mutation::inside(text, setting.key.span());
            setting.value.iter().for_each(|value| mutation::traced(text, value));
        }
        facts.parts.iter().for_each(|part| mutation::inside(text, part.span));
    });
}

#[test]
fn services_of_compose_files_are_workloads() {
    let text = "services:\n  spark-master:\n    image: ${IMG:-apache/spark:3.5.1}\n    container_name: master\n  worker:\n    build: ./worker\n    environment:\n      - SPARK_MASTER_URL=spark://spark-master:7077\n    command: spark-submit --packages a:b:1 x.py\n";
    let facts = facts("compose.yaml", Format::Yaml, text);
    let names: Vec<&str> = facts.images.iter().map(|image| image.name.as_str()).collect();
    assert_eq!(names, ["apache/spark", "-worker"]);
    assert_eq!(facts.services[0].names, ["spark-master", "master"]);
    assert_eq!(facts.image_names.len(), 1);
    let master = facts.settings.iter().find(|s| s.key.as_str() == "spark.master").unwrap();
    assert_eq!(master.value.as_ref().unwrap().as_str(), "spark://spark-master:7077");
    assert_eq!(submissions(&facts)[0].1.within, Some(master.part));
}

#[test]
fn jobs_set_up_and_build() {
    let text = "defaults:\n  run:\n    working-directory: etl\njobs:\n  a:\n    strategy:\n      matrix:\n        java: [11, '17']\n        include:\n          - java: 21\n    container: maven:3-eclipse-temurin-17\n    steps:\n    - uses: actions/setup-java@v4\n      with:\n        java-version: ${{ matrix.java }}\n    - uses: actions/setup-python@v5\n      with:\n        python-version: '3.10'\n    - run: |\n        mvn -B verify\n        cd py && python -m pytest\n";
    let found = facts(".github/workflows/ci.yml", Format::Yaml, text);
    let claims: Vec<String> = found
        .versions
        .iter()
        .filter(|c| c.how == crate::fact::How::Toolchain)
        .map(|c| format!("{} {}", c.component, c.text))
        .collect();
    assert_eq!(claims, ["Java 11, 17, 21", "Python 3.10"]);
    assert_eq!(found.images[0].name, "maven");
    let PartKind::Job(job) = &found.parts[0].kind else { panic!() };
    let folders: Vec<&str> = job.builds.iter().map(|build| build.path.as_str()).collect();
    assert_eq!(folders, ["etl", "etl/py"]);
    let gitlab = "image: maven:3-eclipse-temurin-17\nbuild:\n  script:\n  - cd etl\n  - ./mvnw package\n.hidden:\n  script: mvn package\n";
    let found = facts(".gitlab-ci.yml", Format::Yaml, gitlab);
    let PartKind::Job(job) = &found.parts[0].kind else { panic!() };
    assert_eq!((job.builds[0].path.as_str(), found.images.len(), found.parts.len()), ("etl", 1, 1));
}
