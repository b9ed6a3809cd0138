"""The kinds of defects that `seed.py` knows: where they can be put, what they are, and which rules may tell them."""

import re
from collections.abc import Callable
from typing import NamedTuple

OTHER_SPARK = {"3.0": "3.4.1", "3.1": "3.4.1", "3.2": "3.4.1", "3.3": "3.5.1", "3.4": "3.2.4", "3.5": "3.3.2", "4.0": "3.5.1", "4.1": "3.5.1"}
MANIFEST = r"pom\.xml$|\.sbt$|\.gradle(?:\.kts)?$|\.toml$|requirements[^/]*\.txt$|[Dd]ockerfile[^/]*$|\.ya?ml$|\.sh$|\.conf$"

# What says which Spark runs.
SPARK = re.compile(
    r"(?:sparkVersion: |[ /](?:spark|pyspark-notebook):v?(?:spark-)?)[\"']?(\d\.\d)"
    r"|spark-(\d\.\d)\.\d-bin|pyspark(?:\[[\w,]*\])? ?==? ?[\"']?(\d\.\d)|(?i:spark[._]?version)\s*(?::=|[=:>])\s*[\"']?v?(\d\.\d)\."
    r"|<spark\.version>(\d\.\d)|\"org\.apache\.spark\" %% \"[\w-]+\" % \"(\d\.\d)"
)


def sparks(text):
    """The lines of Spark that a text names."""
    return {next(filter(None, match.groups())) for match in SPARK.finditer(text)}


class Kind(NamedTuple):
    """A kind of defect."""

    name: str
    files: str
    # Its group `x` is what is changed.
    pattern: str
    # What the value becomes, from the value and the one line of Spark that file or repository name.
    becomes: Callable[[str, str | None], str | None]
    rules: set[str]
    # What the file must hold as well.
    beside: str = ""
    # Where one line of Spark has to be named: in the `file`, its `folder` (and no other in the repository), or the Dockerfiles `beside` it.
    spark: str = ""
    # What the file must not hold: what makes it doubtful that this is a defect.
    without: str = r"\Z(?!)"


def other_spark(version, _=None):
    return OTHER_SPARK.get(".".join(version.split(".")[:2]), "3.5.1")


def other_scala(version, _=None):
    return "2.12" if version == "2.13" else "2.13"


def never(scala, spark):
    """A Scala that this Spark was never published for."""
    wrong = "2.12" if spark and spark >= "4" else "2.11" if spark and spark >= "3" else None
    return wrong and (f"{wrong}.12" if scala.count(".") == 2 else wrong)


def other_hadoop(version, _=None):
    return "2.7.4" if version.startswith("3.2") else "3.2.0"


def old_delta(version, _=None):
    return "0.8.0" if version.startswith("1.0") else "1.0.0"


def wrong_java(_, spark):
    return spark and ("11" if spark >= "4" else "25" if spark >= "3.2" else "21")


def wrong_python(_, spark):
    return spark and ("3.6" if spark >= "3.3" else "3.13")


def always(value):
    return lambda old, _: value if old != value else None


SUFFIX = {"scala-binary-mismatch", "scala-unpublished", "scala-version-inconsistent"}
MODULE = {"spark-version-skew", "spark-module-mismatch", "spark-runtime-mismatch", "python-jar-mismatch", "connector-incompatible"}
RUNS = {"spark-runtime-mismatch", "scala-binary-mismatch", "connector-incompatible", "hadoop-mismatch", "spark-module-mismatch", "python-jar-mismatch",
        "java-unsupported", "python-library-incompatible", "spark-version-skew", "connect-client-newer", "python-worker-mismatch"}  # fmt: skip
# Modules for several Scalas that one build unites, and images of several stages, of which only the last one runs.
SEVERAL_SCALAS = r"(?s)_2\.12\b.*_2\.1[13]\b|_2\.13\b.*_2\.1[12]\b|_2\.11\b.*_2\.1[23]\b"
SEVERAL_STAGES = r"(?msi)^FROM .*^FROM "
LOADED = r"\.ya?ml$|\.conf$|\.sh$|\.py$|[Dd]ockerfile[^/]*$|Makefile$"
DOCKERFILE = r"[Dd]ockerfile[^/]*$"
# What only developers install meets nothing that runs.
REQUIREMENTS = r"requirements(?![^/]*(?:dev|test|lint|doc))[^/]*\.txt$"

KINDS = [
    # Builds of the JVM
    Kind("suffix of one of several libraries, Maven", r"pom\.xml$",
         r"<dependency>\s*<groupId>[^<]*</groupId>\s*<artifactId>[\w.-]+_(?P<x>2\.1[123])</artifactId>", other_scala, SUFFIX,
         r"(?s)_2\.1[123]</artifactId>.*_2\.1[123]</artifactId>", without=SEVERAL_SCALAS),
    Kind("a Scala that its Spark was never published for", r"pom\.xml$",
         r"<scala\.(?:binary|compat|short)\.version>(?P<x>2\.1[23])<|<scala\.version>(?P<y>2\.1[23]\.\d+)<", never, SUFFIX | {"java-unsupported"},
         r"<artifactId>spark-\w+_\$\{scala\.(?:binary|compat|short)\.version\}", "file", r"<profile>"),
    Kind("version of one Spark module, Maven", r"pom\.xml$",
         r"<groupId>org\.apache\.spark</groupId>\s*<artifactId>spark-(?:mllib|hive|streaming|graphx|avro|sql-kafka-0-10)_[^<]*</artifactId>\s*<version>(?P<x>\d[\d.]+)</version>",
         other_spark, MODULE, r"(?s)spark-(?:core|sql)_.*"),
    Kind("Java beyond Spark's, Maven", r"pom\.xml$",
         r"<(?:maven\.compiler\.(?:target|release)|java\.version)>(?P<x>1\.8|8|11|17)<", lambda v, s: "25" if s and s < "4" else None,
         {"java-unsupported", "jdk-disagreement", "jdk-prerelease"}, r"<artifactId>spark-(?:core|sql)_", "file", r"<(?:source|target|release|parent|profile|jdk)>"),
    Kind("hadoop-aws in a build", r"pom\.xml$|\.sbt$|\.gradle$",
         r"(?:<artifactId>hadoop-aws</artifactId>\s*<version>|hadoop-aws[\"'] *% *\"|hadoop:hadoop-aws:)(?P<x>\d[\d.]+)", other_hadoop, {"hadoop-mismatch"},
         r"org\.apache\.spark"),
    Kind("Delta for another Spark, Maven", r"pom\.xml$",
         r"<artifactId>delta-(?:core|spark)_[^<]*</artifactId>\s*<version>(?P<x>\d[\d.]+)</version>", old_delta,
         {"connector-incompatible", "scala-unpublished"}, r"org\.apache\.spark"),
    Kind("suffix of a library, sbt", r"\.sbt$",
         r"%\s*\"[\w.-]+_(?P<x>2\.1[23])\"\s*%", other_scala, SUFFIX, r"(?i)scalaVersion"),
    Kind("a Scala that its Spark was never published for, sbt", r"build\.sbt$",
         r"scalaVersion *:= *\"(?P<x>2\.1[23]\.\d+)\"", never, SUFFIX, r"%% *\"spark-", "file",
         r"(?s)scalaVersion *:=.*scalaVersion *:="),
    Kind("version of one Spark module, sbt", r"\.sbt$",
         r"\"org\.apache\.spark\" *%% *\"spark-(?:mllib|hive|streaming|graphx|avro|sql-kafka-0-10)\" *% *\"(?P<x>\d[\d.]+)\"", other_spark, MODULE,
         r"%% *\"spark-(?:core|sql)\" *%"),
    Kind("Delta for another Spark, sbt", r"\.sbt$",
         r"\"delta-(?:core|spark)\"\s*%\s*\"(?P<x>\d[\d.]+)\"", old_delta, {"connector-incompatible", "scala-unpublished"}, r"org.apache.spark"),
    Kind("suffix of one of several libraries, Gradle", r"\.gradle(?:\.kts)?$|libs\.versions\.toml$",
         r"[\"'][\w.-]+:[\w.-]+_(?P<x>2\.1[23])[:\"']", other_scala, SUFFIX, r"(?s)_2\.1[23][:\"'].*_2\.1[23][:\"']", without=SEVERAL_SCALAS),
    Kind("version of one Spark module, Gradle", r"\.gradle(?:\.kts)?$",
         r"org\.apache\.spark:spark-(?:mllib|hive|streaming|graphx|avro|sql-kafka-0-10)_2\.1[23]:(?P<x>\d[\d.]+)", other_spark, MODULE,
         r"spark:spark-(?:core|sql)_2"),
    # Resources, scripts and settings
    Kind("Spark of the CR unlike its image", r"\.ya?ml$",
         r"(?m)^\s+image: [\"']?(?:docker\.io/)?(?:apache/)?spark:v?\d[^\n]*\n(?:(?!---)[^\n]*\n){0,20}?\s+sparkVersion: [\"']?(?P<x>\d\.\d\.\d)", other_spark, {"spark-runtime-mismatch", "scala-binary-mismatch", "java-unsupported"}),
    Kind("a module of another Spark is loaded", LOADED,
         r"spark-(?:sql-kafka-0-10|avro|connect|streaming-kafka-0-10)_2\.1[23]:(?P<x>\d\.\d\.\d)", other_spark, MODULE, spark="file"),
    Kind("a module of another Spark than the only one", LOADED,
         r"spark-(?:sql-kafka-0-10|avro|connect|streaming-kafka-0-10)_2\.1[23]:(?P<x>\d\.\d\.\d)", other_spark, MODULE, spark="folder"),
    Kind("hadoop-aws is loaded", LOADED,
         r"org\.apache\.hadoop:hadoop-aws:(?P<x>\d[\d.]+)", other_hadoop, {"hadoop-mismatch"}, spark="file"),
    Kind("suffix of a loaded package", LOADED,
         r"(?:org\.apache\.spark:spark|io\.delta:delta|org\.apache\.iceberg:iceberg-spark)-[\w.-]+_(?P<x>2\.1[23]):", other_scala, SUFFIX,
         r"_2\.1[23][:-][^\n]*_2\.1[23][:-]"),
    Kind("Delta for another Spark is loaded", LOADED,
         r"io\.delta:delta-(?:core|spark)_2\.1[23]:(?P<x>\d\.\d\.\d)", lambda v, _: "2.4.0" if v.startswith("1.0") else "1.0.0",
         {"connector-incompatible", "python-jar-mismatch", "scala-unpublished"}, spark="file"),
    Kind("Iceberg for another Spark is loaded", LOADED,
         r"(?:org\.apache\.iceberg:|://\S*/)iceberg-spark-runtime-(?P<x>3\.\d)_2\.1[23](?::|-[^/\s\"']*\.jar)", lambda v, _: "3.3" if v != "3.3" else "3.5", {"connector-incompatible", "python-jar-mismatch"}, spark="file"),
    # Images
    Kind("base image of another Spark", DOCKERFILE,
         r"(?mi)^FROM (?:docker\.io/)?(?:apache/)?spark:v?(?P<x>\d\.\d\.\d)", other_spark, RUNS,
         r"(?i)spark-[\w-]+_2\.1[23][-:]\d|pyspark==\d|hadoop-aws-\d|delta-(?:spark|core)_|COPY [^\n]*_2\.1[23][^\n]*\.jar"),
    Kind("one service with another Spark", r"compose[^/]*\.ya?ml$",
         r"(?m)image: [\"']?(?:docker\.io/)?(?:bitnami/|bitnamilegacy/|apache/)?spark:v?(?P<x>\d\.\d(?:\.\d)?)[\"']?\s*$", other_spark, RUNS,
         r"(?s)image: [\"']?\S*spark:v?\d.*image: [\"']?\S*spark:v?\d", "file"),
    Kind("a jar of another Hadoop", DOCKERFILE, r"hadoop-aws-(?P<x>\d\.\d\.\d)\.jar", other_hadoop, {"hadoop-mismatch"}, spark="file"),
    Kind("a jar of a module of another Spark", DOCKERFILE,
         r"spark-(?:sql-kafka-0-10|avro|connect|token-provider-kafka-0-10)_2\.1[23]-(?P<x>\d\.\d\.\d)\.jar", other_spark, MODULE, spark="file"),
    Kind("an archive that never was", DOCKERFILE + r"|\.sh$",
         r"://[^\s\"']*spark-[2-4]\.\d\.\d-bin-(?P<x>hadoop\d(?:\.\d)?)\.tgz\b", lambda v, _: "hadoop3.3" if v != "hadoop3.3" else "hadoop3.9",
         {"tarball-unpublished"}),
    Kind("an archive that never was, by its parts", DOCKERFILE + r"|\.sh$",
         r"(?m)^(?:ARG|ENV|export)? *(?:SPARK_)?HADOOP_VERSION[= ][\"']?(?P<x>\d(?:\.\d)?)[\"']?\s*$", always("3.9"), {"tarball-unpublished"},
         r"://[^\s\"']*spark-[^\s\"']*-bin-hadoop\$\{?(?:SPARK_)?HADOOP_VERSION", "file"),
    Kind("an image that is gone", DOCKERFILE + r"|compose[^/]*\.ya?ml$|\.ya?ml$",
         r"(?:FROM |image: [\"']?)(?:docker\.io/)?(?P<x>apache/spark|quay\.io/jupyter/pyspark-notebook):\d", lambda v, _: "bitnami/spark" if "apache" in v else "jupyter/pyspark-notebook",
         {"image-gone"}),
    Kind("a tag that never was", DOCKERFILE + r"|\.ya?ml$",
         r"(?:FROM |image: [\"']?)(?:docker\.io/)?apache/spark:(?P<x>3\.[45]\.[0-4](?:-[\w.-]+)?)\b(?![\w.@{$])", lambda v, _: v[:5] + "-scala2.12-java8", {"image-unpublished"}),
    Kind("a mirror without old releases", DOCKERFILE + r"|\.sh$",
         r"https?://(?P<x>archive\.apache\.org/dist)/spark/spark-\d\.[0-4]\.\d/", always("dlcdn.apache.org"), {"download-gone"}),
    Kind("Java that Spark does not run on", DOCKERFILE,
         r"(?m)^FROM (?:eclipse-temurin|openjdk|amazoncorretto):(?P<x>8|11|17)\b|openjdk-(?P<y>8|11|17)-j[rd][ek]", wrong_java, {"java-unsupported", "java-home-arch"},
         spark="file", without=SEVERAL_STAGES),
    Kind("Python that Spark does not run on", DOCKERFILE,
         r"(?m)^FROM python:(?P<x>3\.\d+)", wrong_python, {"python-unsupported", "python-worker-mismatch"},
         r"(?m)^[^#\n]*(?:pyspark|COPY [^\n]*requirements)", "folder", SEVERAL_STAGES),
    Kind("Py4J of another Spark", DOCKERFILE + r"|compose[^/]*\.ya?ml$|\.sh$",
         r"py4j-(?P<x>0\.10\.9(?:\.\d)?)-src", lambda v, _: "0.10.9" if v != "0.10.9" else "0.10.9.7", {"py4j-path-mismatch"}, spark="file"),
    # Python
    Kind("PySpark unlike the image beside it", REQUIREMENTS + r"|pyproject\.toml$",
         r"(?m)^(?:pyspark(?:\[[\w,]*\])?==|pyspark *= *\")(?P<x>\d\.\d\.\d)", other_spark, RUNS, spark="beside"),
    Kind("PySpark unlike the Spark of its Dockerfile", DOCKERFILE,
         r"pyspark==(?P<x>\d\.\d\.\d)", other_spark, RUNS, r"(?m)^FROM [^\n]*spark:v?\d|spark-\d\.\d\.\d-bin|(?i:ARG|ENV) SPARK_VERSION[= ]\"?\d"),
    Kind("pandas before PySpark's", REQUIREMENTS, r"(?m)^pandas==(?P<x>\d[\d.]+)", always("0.20.0"), {"python-library-incompatible"}, r"(?m)^pyspark"),
    Kind("pyarrow before PySpark's", REQUIREMENTS, r"(?m)^pyarrow==(?P<x>\d[\d.]+)", always("0.10.0"), {"python-library-incompatible"}, r"(?m)^pyspark *="),
    Kind("numpy after PySpark's", REQUIREMENTS, r"(?m)^numpy==(?P<x>1[\d.]+)", lambda v, s: "2.1.0" if s and s < "4" else None,
         {"python-library-incompatible"}, r"(?m)^pyspark *==", "file"),
    Kind("grpcio before PySpark's", REQUIREMENTS, r"(?m)^grpcio(?:-status)?==(?P<x>\d[\d.]+)", always("1.30.0"), {"python-library-incompatible", "grpc-incompatible"},
         r"(?m)^pyspark(?:\[connect|-client)"),
    Kind("gRPC before the client's", r"go\.mod$", r"google\.golang\.org/grpc v(?P<x>1\.\d+\.\d+)(?! // indirect)", always("1.40.0"), {"grpc-incompatible"}, r"spark-connect-go"),
    Kind("delta-spark beside PySpark", REQUIREMENTS + r"|pyproject\.toml$",
         r"delta-spark==(?P<x>\d[\d.]+)", lambda v, _: "1.0.1" if not v.startswith("1.0") else "3.2.0",
         {"python-library-incompatible", "connector-incompatible", "python-jar-mismatch"}, r"pyspark"),
    Kind("pandas before PySpark's, installed by a command", r"\.ya?ml$|\.sh$|" + DOCKERFILE,
         r"pip3? install[^\n]*pandas==(?P<x>\d[\d.]+)", always("0.20.0"), {"python-library-incompatible"}, r"pip3? install[^\n]*pyspark=="),
    Kind("delta-spark beside PySpark, installed by a command", r"\.ya?ml$|\.sh$|" + DOCKERFILE,
         r"pip3? install[^\n]*delta-spark==(?P<x>\d[\d.]+)", lambda v, _: "1.0.1" if not v.startswith("1.0") else "3.2.0",
         {"python-library-incompatible", "connector-incompatible", "python-jar-mismatch"}, r"pip3? install[^\n]*pyspark=="),
    # Workloads
    Kind("a limit below its request", r"\.ya?ml$",
         r"limits:\s*(?:cpu: \S+\s+)?memory: [\"']?(?P<x>\d+[MG]i)", always("1Mi"), {"limit-below-request"},
         r"kind: (?:Deployment|StatefulSet|DaemonSet|Job|CronJob|Pod)\b[\s\S]*requests:[\s\S]{0,80}memory:"),
    Kind("a timeout beyond its period", r"\.ya?ml$",
         r"(?:liveness|readiness)Probe:(?:\n +(?!timeoutSeconds)\S[^\n]*){0,8}\n +timeoutSeconds: (?P<x>\d+)", always("99999"), {"probe-timeout-exceeds-period"}),
]  # fmt: skip
