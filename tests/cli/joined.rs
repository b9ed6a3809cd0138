//! Which parts of a repository belong together: small repositories, and the edges that must and must not be there.

use crate::repository::Repository;

/// The edges of a repository of these files: `kind from -> to`, sorted, each once.
fn edges(files: &[(&str, &str)]) -> Vec<String> {
    let facts = Repository::of(files).run(&["facts", "--format", "json"]).json();
    let text = |edge: &serde_json::Value, key: &str| edge[key].as_str().unwrap_or_default().to_owned();
    let edge =
        |e: &serde_json::Value| format!("{} {} -> {}", text(e, "kind"), text(e, "from-path"), text(e, "to-path"));
    let mut found: Vec<String> = facts["edges"].as_array().into_iter().flatten().map(edge).collect();
    found.sort();
    found.dedup();
    found
}

fn of(kind: &str, files: &[(&str, &str)]) -> Vec<String> {
    let own = |edge: String| edge.strip_prefix(kind).map(|rest| rest.trim_start().to_owned());
    edges(files).into_iter().filter_map(own).collect()
}

const REACTOR: &str = "<project><groupId>g</groupId><artifactId>all</artifactId><version>1</version>\
    <packaging>pom</packaging><modules><module>core</module><module>job</module><module>it</module></modules></project>";

fn module(name: &str, dependency: &str) -> String {
    format!("<project><groupId>g</groupId><artifactId>{name}</artifactId><version>1</version>{dependency}</project>")
}

fn on(name: &str, scope: &str) -> String {
    format!(
        "<dependencies><dependency><groupId>g</groupId><artifactId>{name}</artifactId><version>1</version>\
         <scope>{scope}</scope></dependency></dependencies>"
    )
}

fn workflow(run: &str) -> String {
    format!("jobs:\n  a:\n    runs-on: x\n    steps:\n    - run: {run}\n")
}

const CI: &str = ".github/workflows/ci.yml";

fn reactor(run: &str) -> Vec<String> {
    let (core, job, it) = (module("core", ""), module("job", &on("core", "compile")), module("it", &on("job", "test")));
    let ci = workflow(run);
    let files: [(&str, &str); 5] =
        [("pom.xml", REACTOR), ("core/pom.xml", &core), ("job/pom.xml", &job), ("it/pom.xml", &it), (CI, &ci)];
    let built = of("builds", &files).into_iter();
    built.map(|edge| edge.rsplit(" -> ").next().unwrap().to_owned()).collect()
}

#[test]
fn a_job_builds_what_its_tool_makes() {
    assert_eq!(reactor("mvn -B verify"), ["core/pom.xml", "it/pom.xml", "job/pom.xml", "pom.xml"]);
    assert_eq!(reactor("mvn verify -N"), ["pom.xml"]);
    assert_eq!(reactor("mvn verify -pl job"), ["job/pom.xml", "pom.xml"]);
    assert_eq!(reactor("mvn verify -pl job -am"), ["core/pom.xml", "job/pom.xml", "pom.xml"]);
    // What only tests need is made as well.
    assert_eq!(reactor("mvn verify -pl it -am"), ["core/pom.xml", "it/pom.xml", "job/pom.xml", "pom.xml"]);
    assert_eq!(reactor("mvn spotless:check"), [""; 0]);
}

#[test]
fn a_job_installs_requirements_and_projects() {
    let files = |run: &str| {
        let ci = workflow(run);
        let project = "[project]\nname = \"etl\"\nversion = \"1\"\ndependencies = [\"pandas\"]\n";
        let found =
            of("builds", &[(CI, &ci), ("py/requirements.txt", "pyspark==3.5.1\n"), ("pyproject.toml", project)]);
        found.into_iter().map(|edge| edge.rsplit(" -> ").next().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(files("pip install -q -r py/requirements.txt"), ["py/requirements.txt"]);
    assert_eq!(files("cd py && python3.11 -m pip install --requirement=requirements.txt"), ["py/requirements.txt"]);
    assert_eq!(files("pip install -e '.[dev]'"), ["pyproject.toml"]);
    assert_eq!(files("uv pip install . -c py/requirements.txt"), ["pyproject.toml"]);
    assert_eq!(files("pip install pyspark==3.5.1"), [""; 0]);
    assert_eq!(files("pip download -r py/requirements.txt"), [""; 0]);
}

#[test]
fn gradle_builds_what_it_is_told() {
    let files = |run: &str| {
        let ci = workflow(run);
        let settings = "include 'app', 'lib'\n";
        let java = "plugins { id 'java' }\n";
        let found = of(
            "builds",
            &[
                (CI, &ci),
                ("settings.gradle", settings),
                ("build.gradle", java),
                ("app/build.gradle", java),
                ("lib/build.gradle", java),
            ],
        );
        found.into_iter().map(|edge| edge.rsplit(" -> ").next().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(files("./gradlew build"), ["app/build.gradle", "build.gradle", "lib/build.gradle"]);
    assert_eq!(files("./gradlew :app:test"), ["app/build.gradle"]);
}

#[test]
fn workspaces_of_uv_hold_their_members() {
    let files = [
        (
            "pyproject.toml",
            "[project]\nname = \"all\"\nversion = \"1\"\n[tool.uv.workspace]\nmembers = [\"apps/*\", \"lib\"]\n",
        ),
        (
            "apps/etl/pyproject.toml",
            "[project]\nname = \"etl\"\nversion = \"1\"\ndependencies = [\"my-lib\"]\n[tool.uv.sources]\nmy_lib = { workspace = true }\n",
        ),
        ("lib/pyproject.toml", "[project]\nname = \"my-lib\"\nversion = \"1\"\n"),
        ("other/pyproject.toml", "[project]\nname = \"other\"\nversion = \"1\"\n"),
    ];
    assert_eq!(of("depends", &files), ["apps/etl/pyproject.toml -> lib/pyproject.toml"]);
    let ci = workflow("uv sync --all-packages");
    let with: Vec<(&str, &str)> = files.into_iter().chain([(CI, ci.as_str())]).collect();
    let built = of("builds", &with);
    assert_eq!(built.len(), 3, "{built:?}");
    assert!(!built.iter().any(|edge| edge.contains("other/")));
}

#[test]
fn a_session_without_settings_has_the_libraries_around_it() {
    let pom = module("etl", "");
    let java = "class A { void a() { var s = SparkSession.builder().getOrCreate(); } }\n";
    let files = [("pom.xml", pom.as_str()), ("src/main/java/A.java", java), ("src/test/java/BTest.java", java)];
    assert_eq!(of("loads", &files), ["src/main/java/A.java -> pom.xml"]);
    let context = "class A { void a() { var s = new JavaSparkContext(conf); } }\n";
    assert_eq!(of("loads", &[("pom.xml", &pom), ("src/main/java/A.java", context)]).len(), 1);
    // It is handed a session, and makes none.
    let handed = "class A { void a(SparkSession spark) { spark.sparkContext(); new SparkContextHelper(); } }\n";
    assert_eq!(of("loads", &[("pom.xml", &pom), ("src/main/java/A.java", handed)]), [""; 0]);
}

#[test]
fn a_script_is_no_part_of_a_project_that_brings_no_session() {
    let session = "spark = SparkSession.builder.appName('a').getOrCreate()\n";
    let loads = |manifest: (&str, &str), script: &str| of("loads", &[manifest, (script, session)]).len();
    let tools = ("requirements.txt", "faker==22.5.1\n");
    let spark = ("requirements.txt", "pyspark==3.5.1\n");
    assert_eq!((loads(tools, "jobs/a.py"), loads(spark, "jobs/a.py"), loads(tools, "a.py")), (0, 1, 1));
    let project = ("pyproject.toml", "[project]\nname = \"a\"\nversion = \"1\"\ndependencies = [\"faker\"]\n");
    assert_eq!((loads(project, "jobs/a.py"), loads(project, "src/a/b.py")), (0, 1));
}

#[test]
fn operators_run_commands() {
    let compose = "services:\n  spark:\n    image: apache/spark:3.5.1\n    container_name: spark-master\n";
    let submits = |dag: &str| of("submits", &[("compose.yaml", compose), ("dags/etl.py", dag)]);
    let expected = ["dags/etl.py -> compose.yaml"];
    assert_eq!(
        submits("a = BashOperator(bash_command='docker exec spark-master spark-submit /jobs/a.py')\n"),
        expected
    );
    assert_eq!(submits("subprocess.run(['docker', 'exec', 'spark-master', 'spark-submit', 'a.py'])\n"), expected);
    assert_eq!(submits("os.system('docker exec spark-master spark-submit a.py')\n"), expected);
    assert_eq!(submits("log('docker exec spark-master spark-submit a.py')\n"), [""; 0]);
    assert_eq!(submits("self.run('docker exec spark-master spark-submit a.py')\n"), [""; 0]);
}

#[test]
fn a_service_of_kubernetes_is_a_master() {
    let workload = |kind: &str, name: &str, container: &str| {
        let version = if kind == "Job" { "batch/v1" } else { "apps/v1" };
        format!(
            "apiVersion: {version}\nkind: {kind}\nmetadata: {{ name: {name} }}\nspec:\n  selector: {{ matchLabels: {{ app: {name} }} }}\n  template:\n    metadata: {{ labels: {{ app: {name} }} }}\n    spec:\n      containers:\n      - name: {name}\n        image: apache/spark:3.5.1\n{container}"
        )
    };
    let master = workload("Deployment", "master", "")
        + "---\napiVersion: v1\nkind: Service\nmetadata: { name: spark-master }\nspec: { selector: { app: master } }\n";
    let job = |host: &str| {
        workload("Job", "job", &format!("        args: [spark-submit, --master, 'spark://{host}:7077', /a.py]\n"))
    };
    let submits = |host: &str| of("submits", &[("k8s/master.yaml", &master), ("k8s/job.yaml", &job(host))]);
    assert!(submits("spark-master").contains(&"k8s/job.yaml -> k8s/master.yaml".to_owned()));
    assert!(submits("spark-master.default.svc.cluster.local").contains(&"k8s/job.yaml -> k8s/master.yaml".to_owned()));
    assert!(!submits("another").contains(&"k8s/job.yaml -> k8s/master.yaml".to_owned()));
}

#[test]
fn a_jar_keeps_its_module_under_another_name() {
    let pom = module("etl", "");
    let docker = "FROM apache/spark:3.5.1\nWORKDIR /opt\nCOPY target/etl-1.jar app.jar\nCOPY conf.jar /opt/other.jar\n";
    let application = |file: &str| {
        format!(
            "apiVersion: sparkoperator.k8s.io/v1beta2\nkind: SparkApplication\nmetadata: {{ name: etl }}\nspec:\n  type: Scala\n  image: etl:local\n  mainApplicationFile: local://{file}\n"
        )
    };
    let loads = |file: &str| {
        let application = application(file);
        of("loads", &[("pom.xml", &pom), ("etl/Dockerfile", docker), ("etl/app.yaml", &application)])
    };
    assert_eq!(loads("/opt/app.jar"), ["etl/app.yaml -> pom.xml"]);
    assert_eq!(loads("/opt/other.jar"), [""; 0]);
}

#[test]
fn a_wheel_is_its_project() {
    let project = "[project]\nname = \"my-jobs\"\nversion = \"1.0\"\ndependencies = [\"faker\"]\n";
    let loads = |wheel: &str| {
        let script = format!("spark-submit --py-files s3://b/{wheel} s3://b/main.py\n");
        of("loads", &[("lib/pyproject.toml", project), ("submit.sh", &script)])
    };
    assert_eq!(loads("my_jobs-1.0-py3-none-any.whl"), ["submit.sh -> lib/pyproject.toml"]);
    assert_eq!(loads("other_jobs-1.0-py3-none-any.whl"), [""; 0]);
}

#[test]
fn workloads_and_jobs_run_scripts() {
    let script = "spark-submit --class a.B /opt/x.jar\n";
    let compose = "services:\n  job:\n    build: .\n    command: sh -c \"sleep 3 && /app/start.sh\"\n";
    let docker = "FROM apache/spark:3.5.1\nCOPY scripts/start.sh /app/start.sh\n";
    let files = [("compose.yaml", compose), ("Dockerfile", docker), ("scripts/start.sh", script)];
    assert_eq!(of("submits", &files), ["compose.yaml -> scripts/start.sh"]);
    let mounted = "services:\n  job:\n    image: apache/spark:3.5.1\n    volumes: ['./scripts:/app']\n    command: [bash, /app/start.sh]\n";
    assert_eq!(of("submits", &[("compose.yaml", mounted), files[2]]), ["compose.yaml -> scripts/start.sh"]);
    let ci = workflow("./scripts/start.sh");
    assert_eq!(of("submits", &[(CI, &ci), files[2]]), [".github/workflows/ci.yml -> scripts/start.sh"]);
    let other = workflow("./start.sh");
    assert_eq!(of("submits", &[(CI, &other), files[2]]), [""; 0]);
}
