#!/usr/bin/env python3
"""Seeds one defect at a time into copies of clean repositories and counts how many the checker finds at the seeded bytes.

    tools/seed.py BINARY REPOSITORY... [--per-kind N] [--seed S]

Each kind of defect is a pattern with the bytes to change, what they become, and the rules that may tell it. A seed counts as found where a
finding that was not there before has its primary place or a label on the changed bytes; anything else is printed as a miss. Nothing is
fetched, and the repositories themselves are not touched.
"""

import argparse
import json
import pathlib
import random
import re
import shutil
import subprocess
import sys
import tempfile

SKIPPED = {".git", "target", "node_modules", "vendor", "testdata", "fixtures", "test-data"}
OTHER_SPARK = {"3.2": "3.4.1", "3.3": "3.5.1", "3.4": "3.2.4", "3.5": "3.3.2", "4.0": "3.5.1", "4.1": "3.5.1"}


def other_spark(version):
    return OTHER_SPARK.get(".".join(version.split(".")[:2]), "3.5.1")


def other_scala(version):
    return "2.12" if version == "2.13" else "2.13"


# name, file names, pattern whose group `x` is changed, what it becomes, what the file must hold beside it, rules that may speak
KINDS = [
    ("suffix of one of several artefacts", r"pom\.xml$",
     r"<artifactId>[\w.-]+_(?P<x>2\.1[123])</artifactId>", other_scala, r"(?s)_2\.1[123]</artifactId>.*_2\.1[123]</artifactId>",
     {"scala-binary-mismatch", "scala-unpublished"}),
    ("version of one Spark module", r"pom\.xml$",
     r"<artifactId>spark-(?:mllib|hive|streaming|graphx|avro|sql-kafka-0-10)_[^<]*</artifactId>\s*<version>(?P<x>\d[\d.]+)</version>",
     other_spark, r"(?s)spark-(?:core|sql)_.*", {"spark-version-skew", "spark-module-mismatch", "spark-runtime-mismatch"}),
    ("hadoop-aws in a build", r"pom\.xml$",
     r"<artifactId>hadoop-aws</artifactId>\s*<version>(?P<x>\d[\d.]+)</version>", lambda v: "3.2.0" if not v.startswith("3.2") else "2.7.4",
     r"org\.apache\.spark", {"hadoop-mismatch"}),
    ("Delta for another Spark", r"pom\.xml$",
     r"<artifactId>delta-(?:core|spark)_[^<]*</artifactId>\s*<version>(?P<x>\d[\d.]+)</version>", lambda v: "1.0.0" if not v.startswith("1.0") else "0.8.0",
     r"org\.apache\.spark", {"connector-incompatible", "scala-unpublished"}),
    ("Spark of the CR unlike its image", r"\.ya?ml$",
     r"(?m)^\s+sparkVersion: [\"']?(?P<x>\d\.\d\.\d)", other_spark, r"image: [\"']?(?:docker\.io/)?(?:apache/)?spark:\d",
     {"spark-runtime-mismatch", "scala-binary-mismatch", "java-unsupported"}),
    ("Kafka module of another Spark", r"\.ya?ml$|spark-defaults\.conf$",
     r"spark-(?:sql-kafka-0-10|avro|connect)_2\.1[23]:(?P<x>\d\.\d\.\d)", other_spark, r"(?i)spark", {"spark-module-mismatch"}),
    ("hadoop-aws package", r"\.ya?ml$|spark-defaults\.conf$|\.sh$",
     r"org\.apache\.hadoop:hadoop-aws:(?P<x>\d[\d.]+)", lambda v: "3.2.0" if not v.startswith("3.2") else "2.7.4", r"(?i)spark",
     {"hadoop-mismatch"}),
    ("suffix of a package", r"\.ya?ml$|spark-defaults\.conf$|\.sh$",
     r"org\.apache\.spark:spark-[\w-]+_(?P<x>2\.1[23]):", other_scala, r"(?i)spark", {"scala-binary-mismatch", "scala-unpublished"}),
    ("base image of another Spark", r"Dockerfile[^/]*$",
     r"(?mi)^FROM (?:docker\.io/)?(?:apache/)?spark:v?(?P<x>\d\.\d\.\d)", other_spark, r"(?i)COPY", 
     {"spark-runtime-mismatch", "scala-binary-mismatch", "connector-incompatible", "hadoop-mismatch", "spark-module-mismatch"}),
    ("a jar of another Hadoop", r"Dockerfile[^/]*$",
     r"hadoop-aws-(?P<x>\d\.\d\.\d)\.jar", lambda v: "3.2.0" if not v.startswith("3.2") else "2.7.4", r"(?mi)^FROM \S*spark", {"hadoop-mismatch"}),
    ("a tarball that never was", r"Dockerfile[^/]*$|\.sh$",
     r"spark-\d\.\d\.\d-bin-(?P<x>hadoop\d(?:\.\d)?)\b", lambda v: "hadoop3.3", r"spark", {"tarball-unpublished"}),
    ("pandas outside of PySpark's window", r"requirements[^/]*\.txt$",
     r"(?m)^pandas==(?P<x>\d[\d.]+)", lambda v: "0.20.0", r"(?m)^pyspark", {"python-library-incompatible"}),
    ("a limit below its request", r"\.ya?ml$",
     r"limits:\s*(?:cpu: \S+\s+)?memory: [\"']?(?P<x>\d+[MG]i)", lambda v: "1Mi", r"requests:[\s\S]{0,80}memory:", {"limit-below-request"}),
    ("a timeout beyond its period", r"\.ya?ml$",
     r"(?:liveness|readiness)Probe:(?:\n\s+(?!timeoutSeconds)[^\n]+){0,8}\n\s+timeoutSeconds: (?P<x>\d+)", lambda v: "99999", r"Probe:",
     {"probe-timeout-exceeds-period"}),
]


def run(binary, folder):
    done = subprocess.run([binary, "check", "--format", "json", "--fail-on", "never"], cwd=folder, capture_output=True, text=True)
    return json.loads(done.stdout)["findings"] if done.stdout else []


def places(finding):
    yield finding["path"], finding["start"]["offset"], finding["end"]["offset"]
    for label in finding["labels"]:
        yield label["path"], label["start"]["offset"], label["end"]["offset"]


def sites(repository):
    """Every place where some kind of defect can be seeded."""
    for path in sorted(repository.rglob("*")):
        relative = path.relative_to(repository).as_posix()
        if SKIPPED & set(relative.split("/")) or not path.is_file() or path.is_symlink() or path.stat().st_size > 1 << 20:
            continue
        kinds = [kind for kind in KINDS if re.search(kind[1], relative)]
        if not kinds:
            continue
        try:
            text = path.read_bytes().decode()
        except UnicodeDecodeError:
            continue
        for name, _, pattern, becomes, beside, rules in kinds:
            if re.search(beside, text):
                for match in re.finditer(pattern, text):
                    new = becomes(match["x"])
                    if new != match["x"]:
                        yield name, relative, match.span("x"), new, rules


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("binary")
    parser.add_argument("repositories", nargs="+", type=pathlib.Path)
    parser.add_argument("--per-kind", type=int, default=2, help="seeds of one kind in one repository")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    chance = random.Random(args.seed)
    found = total = 0
    for repository in args.repositories:
        by_kind = {}
        for site in sites(repository):
            by_kind.setdefault(site[0], []).append(site)
        chosen = [site for all_of in by_kind.values() for site in chance.sample(all_of, min(args.per_kind, len(all_of)))]
        if not chosen:
            continue
        with tempfile.TemporaryDirectory() as work:
            copy = pathlib.Path(work) / repository.name
            shutil.copytree(repository, copy, symlinks=True, ignore=shutil.ignore_patterns(".git"))
            subprocess.run(["git", "init", "--quiet", str(copy)], check=True)
            before = {(f["rule"], *place) for f in run(args.binary, copy) for place in places(f)}
            for name, path, (start, end), new, rules in chosen:
                file = copy / path
                old = file.read_bytes()
                text = old.decode()
                first = len(text[:start].encode())
                file.write_bytes((text[:start] + new + text[end:]).encode())
                last = first + len(new.encode())
                hit = any(
                    f["rule"] in rules and (f["rule"], *place) not in before and place[0] == path and place[1] < last and first < place[2]
                    for f in run(args.binary, copy)
                    for place in places(f)
                )
                file.write_bytes(old)
                total += 1
                found += hit
                if not hit:
                    line = text[:start].count("\n") + 1
                    print(f"missed: {name}: {repository.name}/{path}:{line}: `{text[start:end]}` became `{new}`")
    print(f"{found} of {total} seeds found")
    return 0 if total else 1


if __name__ == "__main__":
    sys.exit(main())
