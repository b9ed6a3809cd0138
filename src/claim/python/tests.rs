#![allow(clippy::unwrap_used)]

use super::*;
use crate::compose::python;
use crate::fact::PartKind;
use crate::read;
use crate::source::{FileId, Format, Location, Sources};

fn source(path: &str, format: Format) -> Source {
    Source { path: path.into(), location: Location::Memory([].into()), format }
}

fn requirements(path: &str, text: &str) -> Facts {
    let requirements = read::requirements::read(FileId(0), text).body;
    with_claims(claim_requirements(&source(path, Format::Requirements), &requirements, &Python::default()))
}

fn with_claims(mut facts: Facts) -> Facts {
    crate::claim::library::claim(&mut facts, &crate::table::BUILT_IN);
    facts
}

fn pyproject(text: &str) -> Facts {
    let tree = read::toml::read(FileId(0), text).body.unwrap();
    with_claims(claim_toml(&source("app/pyproject.toml", Format::Toml), &tree, &Python::default()))
}

fn claims(facts: &Facts) -> Vec<String> {
    facts.versions.iter().map(|v| format!("{} {} `{}`", v.component, v.versions, v.text)).collect()
}

fn needs(facts: &Facts) -> Vec<String> {
    let classifier = |d: &Dependency| d.classifier.clone().map_or(String::new(), |c| format!("[{c}]"));
    facts.dependencies.iter().map(|d| format!("{}{} {} {:?}", d.name, classifier(d), d.versions, d.scope)).collect()
}

fn local(facts: &Facts) -> Vec<&str> {
    match &facts.parts[0].kind {
        PartKind::Module(module) => module.local.iter().map(|l| l.path.as_str()).collect(),
        kind => panic!("{kind:?}"),
    }
}

#[test]
fn a_pin_of_pyspark_is_a_claim() {
    let facts =
        requirements("jobs/requirements.txt", "-r ../base.txt\n-e ./plugin\nPySpark[sql] == 3.5.1  # x\npandas\n");
    assert_eq!(claims(&facts), ["Spark 3.5.1 `3.5.1`"]);
    assert_eq!(needs(&facts), ["PySpark[sql] 3.5.1 Compile", "pandas * Compile"]);
    assert_eq!(local(&facts), ["base.txt", "jobs/plugin"]);
    assert_eq!(facts.parts[0].name, "jobs/requirements.txt");
    assert_eq!(claims(&requirements("r.txt", "pyspark>=3.4,<3.6")), ["Spark >=3.4, <3.6 `>=3.4,<3.6`"]);
    assert_eq!(claims(&requirements("r.txt", "pyspark==3.5.*")), ["Spark 3.5 `3.5.*`"]);
}

#[test]
fn clients_and_open_requirements_claim_no_spark() {
    for text in ["pyspark-client==4.0.0", "databricks-connect==15.1", "pyspark", "pyspark-extension==2.1", "", "# x"] {
        let facts = requirements("requirements.txt", text);
        assert!(claims(&facts).iter().all(|claim| !claim.starts_with("Spark ")), "{text}");
    }
    assert!(requirements("requirements.txt", "--index-url x").parts.is_empty());
}

#[test]
fn a_marker_of_every_line_leaves_nothing_out() {
    let marked = |name: &str| format!("{name} ; python_version >= '3.10'\n");
    let text: String = ["pyspark==4.0.1", "pandas==2.3.3", "py4j==0.10.9.9"].map(marked).concat();
    let facts = requirements("requirements.txt", &format!("{text}numpy==2.2.6 ; python_version == '3.10'\n"));
    assert!(claims(&facts).contains(&"Spark 4.0.1 `4.0.1`".to_owned()));
    assert!(facts.versions.iter().all(|claim| claim.by != "numpy"));
}

#[test]
fn what_a_marker_may_leave_out_claims_nothing() {
    let old_and_new = "pyspark==3.5.1; python_version < '3.12'\npyspark==4.0.0; python_version >= '3.12'";
    let same = "pyspark==3.5.1; python_version < '3.12'\npyspark==3.5.1; python_version >= '3.12'";
    for text in [old_and_new, same, "pyspark==3.5.1; os_name == 'nt'"] {
        let facts = requirements("requirements.txt", text);
        assert_eq!((facts.versions.len(), facts.unresolved.len()), (0, 1), "{text}");
        assert_eq!(facts.dependencies.len(), text.lines().count());
    }
}

#[test]
fn files_for_development_claim_nothing() {
    for path in ["requirements-dev.txt", "requirements_test.txt", "docs/requirements.txt", "requirements/dev.txt"] {
        let facts = requirements(path, "pyspark==3.5.1");
        assert_eq!((needs(&facts), claims(&facts)), (vec!["pyspark 3.5.1 Test".to_owned()], vec![]), "{path}");
    }
}

#[test]
fn a_variable_is_unresolved() {
    let facts = requirements("requirements.txt", "pyspark==${SPARK_VERSION}\n");
    assert_eq!((needs(&facts), facts.unresolved.len()), (vec!["pyspark * Compile".to_owned()], 1));
    assert!(facts.versions.is_empty());
}

#[test]
fn specifiers_beyond_all_use_are_unresolved() {
    let text = format!("pyspark{}", ",!=1.2.3".repeat(100_000).replacen(',', "", 1));
    let facts = requirements("requirements.txt", &text);
    assert_eq!((facts.dependencies.len(), facts.versions.len(), facts.unresolved.len()), (1, 0, 1));
}

#[test]
fn names_are_compared_as_the_index_does() {
    assert_eq!(crate::fact::module::pypi_name("Py_Spark.-x"), "py-spark-x");
}

#[test]
fn the_standards_tables_are_read() {
    let text = "\u{feff}[build-system]\r\nrequires = [\"hatchling\"]\r\n[project]\r\nname = \"etl\"\r\nrequires-python = \">=3.9\"\r\n\
        dependencies = [\"pyspark[connect]~=3.5.0\", \"broken=1\", \"x @ file:../x\"]\r\n\
        [project.optional-dependencies]\r\ntest = [\"pyspark==3.4.0\"]\r\naws = ['boto3>=1']\r\n\
        [dependency-groups]\r\nlint = ['ruff', {include-group = 'other'}]\r\n";
    let facts = pyproject(text);
    assert_eq!(claims(&facts), ["Spark >=3.5.0, <3.6 `~=3.5.0`", "Python >=3.9 `>=3.9`"]);
    assert_eq!(
        needs(&facts),
        [
            "pyspark[connect] >=3.5.0, <3.6 Compile",
            "x * Compile",
            "pyspark 3.4.0 Test",
            "boto3 >=1 Other",
            "ruff * Test",
            "hatchling * Other"
        ]
    );
    assert_eq!(&text[facts.losses[0].span.range()], "=1");
    assert_eq!((facts.parts[0].name.as_str(), &text[facts.parts[0].span.range()]), ("etl", "etl"));
    assert_eq!(&text[facts.versions[0].text.span().range()], "~=3.5.0");
    assert_eq!(local(&facts), ["x"]);
}

#[test]
fn what_only_the_build_knows_is_unresolved() {
    let facts = pyproject(
        "[project]\nname = 'a'\ndynamic = ['version', 'dependencies']\ndependencies = 'x'\n\
        [tool.setuptools.dynamic]\ndependencies = { file = ['requirements.txt'] }\n",
    );
    assert_eq!((facts.unresolved.len(), facts.losses.len(), local(&facts)), (1, 1, vec!["app/requirements.txt"]));
}

#[test]
fn poetrys_constraints_are_sets() {
    let text = "[tool.poetry]\nname = 'etl'\n[tool.poetry.dependencies]\npython = '^3.9'\n\
        pyspark = { version = '3.5.1', extras = ['sql'] }\na = '^0.2.3'\nb = '~1.2'\nc = '>= 1.2 <2 || ^3.1'\n\
        d = [{ version = '1.0', python = '<3.9' }, { version = '2.0', python = '>=3.9' }]\ne = { path = '../e' }\nf = '*'\n\
        [tool.poetry.group.dev.dependencies]\npytest = '*'\n[tool.poetry.dev-dependencies]\nold = '1.*'\n";
    let facts = pyproject(text);
    assert_eq!(claims(&facts), ["Spark 3.5.1 `3.5.1`", "Python >=3.9, <4 `^3.9`"]);
    assert_eq!(
        needs(&facts),
        [
            "pyspark[sql] 3.5.1 Compile",
            "a >=0.2.3, <0.3 Compile",
            "b 1.2 Compile",
            "c >=1.2, <2 || >=3.1, <4 Compile",
            "d 1.0 Compile",
            "d 2.0 Compile",
            "e * Compile",
            "f * Compile",
            "old 1 Test",
            "pytest * Test"
        ]
    );
    assert_eq!(local(&facts), ["e"]);
}

#[test]
fn a_file_that_only_configures_tools_is_no_project() {
    assert!(pyproject("[tool.ruff]\nline-length = 100\n").parts.is_empty());
    assert!(pyproject("# nothing\n").parts.is_empty());
}

/// The facts of several files that know of each other.
fn files(texts: &[(&str, &str)]) -> Facts {
    let format = |path: &str, text: &str| crate::discover::format_of(path, || text.to_owned()).unwrap();
    let list = texts.iter().map(|(path, text)| source(path, format(path, text))).collect();
    let sources = Sources::new(".".into(), list);
    let documents: Vec<_> = sources
        .iter()
        .zip(texts)
        .map(|((file, source), (_, text))| read::read_text(file, source, text, false))
        .collect();
    let world = python::compose(&sources, &documents);
    let mut facts = Facts::default();
    for document in &documents {
        let source = sources.get(document.file);
        facts.append(match &document.body {
            read::Body::Toml(tree) => claim_toml(source, tree, &world),
            read::Body::Requirements(lines) => claim_requirements(source, lines, &world),
            read::Body::Ini(sections) => claim_setup_cfg(source, sections, &world),
            read::Body::Code(code) => claim_setup_py(source, code, &world),
            read::Body::Yaml(trees) => claim_conda(source, trees, &world),
            _ => Facts::default(),
        });
    }
    with_claims(facts)
}

#[test]
fn a_lock_beats_its_manifest() {
    let manifest = "[tool.poetry]\nname = \"etl\"\n[tool.poetry.dependencies]\npython = \"^3.9\"\npyspark = {version = \"^3.4\", extras = [\"connect\"]}\n[tool.poetry.group.dev.dependencies]\npandas = \"*\"\n";
    let lock = "[[package]]\nname = \"pyspark\"\nversion = \"3.5.2\"\n[package.dependencies]\npy4j = \"0.10.9.7\"\n[package.extras]\nconnect = [\"grpcio (>=1.56)\", \"pandas (>=1)\"]\nml = [\"numpy\"]\n[[package]]\nname = \"py4j\"\nversion = \"0.10.9.7\"\n[[package]]\nname = \"grpcio\"\nversion = \"1.60.0\"\n[[package]]\nname = \"numpy\"\nversion = \"2.0\"\n[[package]]\nname = \"pandas\"\nversion = \"2.2\"\n";
    let facts = files(&[("a/pyproject.toml", manifest), ("a/poetry.lock", lock)]);
    assert!(claims(&facts).contains(&"Spark 3.5.2 `3.5.2`".to_owned()), "{:?}", claims(&facts));
    assert_eq!(
        needs(&facts),
        ["pyspark[connect] 3.5.2 Compile", "pandas 2.2 Test", "grpcio 1.60.0 Compile", "py4j 0.10.9.7 Compile"]
    );
    let spark = facts.versions.iter().find(|v| v.component == crate::fact::Component::Spark).unwrap();
    assert_eq!((spark.text.span().file, spark.text.written().file), (FileId(1), FileId(0)));
    let stale = files(&[("pyproject.toml", &manifest.replace("^3.4", "^3.6")), ("poetry.lock", lock)]);
    assert!(
        claims(&stale).contains(&"Spark >=3.6, <4.0.0-0 `^3.6`".to_owned())
            || claims(&stale).iter().any(|c| c.contains("^3.6")),
        "{:?}",
        claims(&stale)
    );
}

#[test]
fn a_lock_above_knows_its_members() {
    let lock = "[[package]]\nname = \"job\"\nversion = \"0.1\"\nsource = { editable = \"jobs/a\" }\n[[package]]\nname = \"pyspark\"\nversion = \"4.0.1\"\ndependencies = [{ name = \"py4j\" }, { name = \"numpy\", marker = \"x\" }]\n[[package]]\nname = \"py4j\"\nversion = \"0.10.9.9\"\n[[package]]\nname = \"numpy\"\nversion = \"1.26\"\n";
    let manifest = "[project]\nname = \"job\"\ndependencies = [\"pyspark>=3.5\"]\n";
    let inside = files(&[("uv.lock", lock), ("jobs/a/pyproject.toml", manifest)]);
    assert_eq!(needs(&inside), ["pyspark 4.0.1 Compile", "numpy 1.26 Compile", "py4j 0.10.9.9 Compile"]);
    assert_eq!(inside.dependencies.iter().map(|d| d.conditional).collect::<Vec<_>>(), [false, true, false]);
    let outside = files(&[("uv.lock", lock), ("jobs/b/pyproject.toml", manifest)]);
    assert_eq!(needs(&outside), ["pyspark >=3.5 Compile"]);
}

#[test]
fn a_pipfile_has_a_lock_too() {
    let facts = files(&[
        (
            "Pipfile",
            "[packages]\npyspark = \"*\"\n[dev-packages]\npytest = \"*\"\n[requires]\npython_version = \"3.10\"\n",
        ),
        (
            "Pipfile.lock",
            "{\"default\": {\"pyspark\": {\"version\": \"==3.4.1\"}, \"py4j\": {\"version\": \"==0.10.9.7\"}}}",
        ),
    ]);
    // The lock is JSON, which `files` reads as well.
    assert_eq!(needs(&facts), ["pyspark 3.4.1 Compile", "pytest * Test", "py4j 0.10.9.7 Compile"]);
    assert_eq!(claims(&facts), ["Spark 3.4.1 `3.4.1`", "py4j 0.10.9.7 `0.10.9.7`", "Python 3.10 `3.10`"]);
}

#[test]
fn constraints_narrow_and_install_nothing() {
    let facts = files(&[
        ("app/requirements.txt", "-c constraints.txt\n-r base-requirements.txt\npyspark>=3.3\n"),
        ("app/constraints.txt", "pyspark==3.4.2\nnumpy<2\npandas<2\n"),
        ("app/base-requirements.txt", "numpy\n"),
    ]);
    assert!(claims(&facts).contains(&"Spark 3.4.2 `3.4.2`".to_owned()), "{:?}", claims(&facts));
    assert!(
        needs(&facts).contains(&"numpy <2.0-0 Compile".to_owned())
            || needs(&facts).iter().any(|n| n.starts_with("numpy <2")),
        "{:?}",
        needs(&facts)
    );
    assert!(!needs(&facts).iter().any(|n| n.starts_with("pandas") && n.ends_with("Compile")), "{:?}", needs(&facts));
}

#[test]
fn setup_cfg_says_what_setuptools_installs() {
    let facts = files(&[(
        "setup.cfg",
        "[metadata]\nname = etl\n[options]\npython_requires = >=3.8\ninstall_requires =\n    pyspark==3.3.2\n    pandas<2; python_version < '3.12'\n[options.extras_require]\ntest = pytest\nconnect =\n    grpcio\n",
    )]);
    assert_eq!(claims(&facts), ["Spark 3.3.2 `3.3.2`", "Python >=3.8 `>=3.8`"]);
    assert_eq!(needs(&facts).len(), 4);
    assert!(files(&[("setup.cfg", "[flake8]\nmax-line-length = 100\n")]).parts.is_empty());
}

#[test]
fn a_conda_environment_installs_python_and_java() {
    let facts = files(&[(
        "environment.yml",
        "name: etl\nchannels: [conda-forge]\ndependencies:\n  - python=3.11\n  - openjdk=8.0.382=h1\n  - conda-forge::pyspark=3.3.*\n  - pip\n  - pip:\n    - delta-spark==2.3.0\n    - -r requirements.txt\n",
    )]);
    assert!(claims(&facts).contains(&"Python 3.11 `3.11`".to_owned()), "{:?}", claims(&facts));
    assert!(claims(&facts).contains(&"Java 8 `8.0.382`".to_owned()), "{:?}", claims(&facts));
    assert!(claims(&facts).contains(&"Spark 3.3 `3.3.*`".to_owned()), "{:?}", claims(&facts));
    assert_eq!(local(&facts), ["requirements.txt"]);
    assert!(files(&[("Chart.yaml", "name: a\ndependencies:\n  - name: b\n    version: 1.0\n")]).parts.is_empty());
}

#[test]
fn the_interpreter_of_a_folder_is_that_of_its_manifests() {
    let facts = files(&[(".python-version", "3.12.1\n"), ("requirements.txt", "pyspark==3.4.1\n")]);
    assert!(claims(&facts).contains(&"Python 3.12.1 `3.12.1`".to_owned()), "{:?}", claims(&facts));
}

#[test]
fn setup_py_says_what_it_says_in_plain_text() {
    let facts = files(&[(
        "setup.py",
        "from setuptools import setup\nBASE = ['pyspark==3.2.1', 'numpy']\nsetup(\n  name='etl',\n  python_requires='>=3.7',\n  install_requires=BASE + ['pandas<2'],\n  extras_require={'dev': ['pytest'], 'ml': read('ml.txt')},\n)\n",
    )]);
    assert_eq!(claims(&facts), ["Spark 3.2.1 `3.2.1`", "pandas <2 `<2`", "Python >=3.7 `>=3.7`"]);
    assert_eq!(needs(&facts)[..3], ["pyspark 3.2.1 Compile", "numpy * Compile", "pandas <2 Compile"]);
    assert_eq!((facts.dependencies.len(), facts.unresolved.len()), (4, 1));
    assert!(files(&[("setup.py", "print('no')\n")]).parts.is_empty());
}

/// What the commands of a Dockerfile install.
fn image(text: &str) -> Facts {
    let source = source("Dockerfile", Format::Dockerfile);
    let dockerfile = read::dockerfile::read(FileId(0), text).body;
    let mut facts = crate::claim::dockerfile::claim(&source, &dockerfile, crate::claim::arguments::Passed::new());
    claim_image(&mut facts, PartId(0));
    with_claims(facts)
}

#[test]
fn commands_install_packages() {
    let facts = image(
        "FROM python:3.11\nARG SPARK=3.5.1\nRUN --mount=type=cache,target=/root pip3 install --no-cache-dir -i https://x/y \"pyspark[sql]==${SPARK}\" 'pandas<2' \\\n  numpy && python -m pip install -U pyarrow==15.0.0\nRUN pip install -r requirements.txt -t /other skipped==1\nRUN sudo -H pip install -r /tmp/a.txt ./local.whl git+https://x/y\n",
    );
    assert_eq!(
        needs(&facts),
        ["pyspark[sql] 3.5.1 Compile", "pandas <2 Compile", "numpy * Compile", "pyarrow 15.0.0 Compile"]
    );
    assert_eq!(claims(&facts)[0], "Spark 3.5.1 `3.5.1`");
    let PartKind::ImageBuild(build) = &facts.parts[0].kind else { panic!() };
    assert_eq!(build.stages[0].requirements.iter().map(ToString::to_string).collect::<Vec<_>>(), ["/tmp/a.txt"]);
}

#[test]
fn only_what_the_final_image_has_in_the_end_counts() {
    let builder = "FROM python:3.11 AS b\nRUN pip install pyspark==3.4.0\nFROM python:3.11\n";
    assert!(needs(&image(builder)).is_empty());
    let copied = format!("{builder}COPY --from=b /opt/venv /opt/venv\nRUN pip install numpy\n");
    assert_eq!(needs(&image(&copied)), ["pyspark 3.4.0 Compile", "numpy * Compile"]);
    let again =
        "FROM a\nRUN pip install pyspark==3.4.0 numpy==1.2\nRUN pip uninstall -y numpy && pip install pyspark==3.5.0\n";
    assert_eq!(needs(&image(again)), ["pyspark 3.5.0 Compile"]);
    let choice = "FROM a\nRUN if [ $X ]; then pip install pyspark==3.4.0; else pip install pyspark==3.5.0; fi\n";
    assert!(claims(&image(choice)).is_empty(), "{:?}", claims(&image(choice)));
    let unknown = image("FROM a\nARG V\nRUN pip install pyspark==$V\n");
    assert_eq!((claims(&unknown).len(), unknown.unresolved.len()), (0, 1));
}

#[test]
fn an_image_may_make_a_python_its_own() {
    for (text, python) in [
        ("FROM a\nRUN conda install -y -c conda-forge python=3.8 pyspark=3.2\n", Some("Python 3.8 `3.8`")),
        (
            "FROM a\nRUN apt-get install -y python3.11 && ln -s /usr/bin/python3.11 /usr/bin/python3\n",
            Some("Python 3.11 `3.11`"),
        ),
        (
            "FROM a\nRUN apt-get install -y python3.11 python3.11-venv\nRUN python3.11 -m pip install x\n",
            Some("Python 3.11 `3.11`"),
        ),
        ("FROM a\nRUN apt-get install -y python3.11\n", None),
        ("FROM a\nRUN apt-get install -y python3\n", None),
    ] {
        let facts = image(text);
        let found: Vec<String> = claims(&facts).into_iter().filter(|claim| claim.starts_with("Python")).collect();
        assert_eq!(found.first().map(String::as_str), python, "{text}");
    }
}
