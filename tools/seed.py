#!/usr/bin/env python3
"""Seeds one defect at a time into copies of clean repositories and counts how many the checker finds at the seeded bytes.

    tools/seed.py BINARY REPOSITORY... [--per-kind N] [--total N] [--seed S]

Each kind of defect is a pattern with the bytes to change, what they become, and the rules that may tell it. A seed counts as found where a
finding that was not there before has its primary place or a label on the changed bytes; anything else is printed as a miss. Where such a finding
has a fix at the seeded bytes, it is applied: the file should be what it was before, else the difference is printed. Nothing is fetched, and the
repositories themselves are not touched.
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

SKIPPED = {"test", "tests", ".git", "target", "node_modules", "vendor", "testdata", "fixtures", "test-data"}
OTHER_SPARK = {"3.2": "3.4.1", "3.3": "3.5.1", "3.4": "3.2.4", "3.5": "3.3.2", "4.0": "3.5.1", "4.1": "3.5.1"}


def other_spark(version):
    return OTHER_SPARK.get(".".join(version.split(".")[:2]), "3.5.1")


def other_scala(version):
    return "2.12" if version == "2.13" else "2.13"


# What says which Spark runs, in the same file.
SAYS_SPARK = r"(?:sparkVersion: |[ /]spark:v?)[\"']?\d\.\d|spark-\d\.\d\.\d-bin"

# name, file names, pattern whose group `x` is changed, what it becomes, what the file must hold beside it, rules that may speak
KINDS = [
    ("suffix of one of several artefacts", r"pom\.xml$",
     r"<dependency>\s*<groupId>[^<]*</groupId>\s*<artifactId>[\w.-]+_(?P<x>2\.1[123])</artifactId>", other_scala,
     r"(?s)_2\.1[123]</artifactId>.*_2\.1[123]</artifactId>",
     {"scala-binary-mismatch", "scala-unpublished"}),
    ("version of one Spark module", r"pom\.xml$",
     r"<groupId>org\.apache\.spark</groupId>\s*<artifactId>spark-(?:mllib|hive|streaming|graphx|avro|sql-kafka-0-10)_[^<]*</artifactId>\s*<version>(?P<x>\d[\d.]+)</version>",
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
     r"spark-(?:sql-kafka-0-10|avro|connect)_2\.1[23]:(?P<x>\d\.\d\.\d)", other_spark, SAYS_SPARK, {"spark-module-mismatch"}),
    ("hadoop-aws package", r"\.ya?ml$|spark-defaults\.conf$|\.sh$",
     r"org\.apache\.hadoop:hadoop-aws:(?P<x>\d[\d.]+)", lambda v: "3.2.0" if not v.startswith("3.2") else "2.7.4", SAYS_SPARK,
     {"hadoop-mismatch"}),
    ("suffix of a package", r"\.ya?ml$|spark-defaults\.conf$|\.sh$",
     r"org\.apache\.spark:spark-[\w-]+_(?P<x>2\.1[23]):", other_scala, r"_2\.1[23][:-][^\n]*_2\.1[23][:-]|" + SAYS_SPARK,
     {"scala-binary-mismatch", "scala-unpublished"}),
    ("base image of another Spark", r"Dockerfile[^/]*$",
     r"(?mi)^FROM (?:docker\.io/)?(?:apache/)?spark:v?(?P<x>\d\.\d\.\d)", other_spark,
     r"(?i)spark-[\w-]+_2\.1[23][-:]\d|pyspark==\d|hadoop-aws-\d|delta-(?:spark|core)_|COPY [^\n]*_2\.1[23][^\n]*\.jar",
     {"spark-runtime-mismatch", "scala-binary-mismatch", "connector-incompatible", "hadoop-mismatch", "spark-module-mismatch"}),
    ("a jar of another Hadoop", r"Dockerfile[^/]*$",
     r"hadoop-aws-(?P<x>\d\.\d\.\d)\.jar", lambda v: "3.2.0" if not v.startswith("3.2") else "2.7.4", r"(?mi)^FROM \S*spark", {"hadoop-mismatch"}),
    ("a tarball that never was", r"Dockerfile[^/]*$|\.sh$",
     r"://[^\s\"']*spark-\d\.\d\.\d-bin-(?P<x>hadoop\d(?:\.\d)?)\.tgz\b", lambda v: "hadoop3.3" if v != "hadoop3.3" else "hadoop3.9", r"spark",
     {"tarball-unpublished"}),
    ("pandas outside of PySpark's window", r"requirements[^/]*\.txt$",
     r"(?m)^pandas==(?P<x>\d[\d.]+)", lambda v: "0.20.0", r"(?m)^pyspark", {"python-library-incompatible"}),
    ("suffix of a library in sbt", r"\.sbt$",
     r"%\s*\"(?:spark|delta)-[\w-]+_(?P<x>2\.1[23])\"\s*%", other_scala, r"(?i)scalaVersion", {"scala-binary-mismatch", "scala-version-inconsistent", "scala-unpublished"}),
    ("Delta for another Spark in sbt", r"\.sbt$",
     r"\"delta-(?:core|spark)\"\s*%\s*\"(?P<x>\d[\d.]+)\"", lambda v: "1.0.0" if not v.startswith("1.0") else "0.8.0", r"org.apache.spark",
     {"connector-incompatible", "scala-unpublished"}),
    ("delta-spark beside PySpark", r"requirements[^/]*\.txt$|pyproject\.toml$",
     r"delta-spark==(?P<x>\d[\d.]+)", lambda v: "1.0.1" if not v.startswith("1.0") else "3.2.0", r"pyspark", {"python-library-incompatible", "connector-incompatible", "python-jar-mismatch"}),
    ("delta package", r"\.ya?ml$|spark-defaults\.conf$|\.sh$|\.py$",
     r"io\.delta:delta-(?:core|spark)_2\.1[23]:(?P<x>\d\.\d\.\d)", lambda v: "1.0.0" if not v.startswith("1.0") else "2.4.0", SAYS_SPARK,
     {"connector-incompatible", "python-jar-mismatch", "scala-unpublished"}),
    ("a limit below its request", r"\.ya?ml$",
     r"limits:\s*(?:cpu: \S+\s+)?memory: [\"']?(?P<x>\d+[MG]i)", lambda v: "1Mi", r"kind: (?:Deployment|StatefulSet|DaemonSet|Job|CronJob|Pod)\b[\s\S]*requests:[\s\S]{0,80}memory:", {"limit-below-request"}),
    ("a timeout beyond its period", r"\.ya?ml$",
     r"(?:liveness|readiness)Probe:(?:\n +(?!timeoutSeconds)\S[^\n]*){0,8}\n +timeoutSeconds: (?P<x>\d+)", lambda v: "99999", r"Probe:",
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
            # What a chart makes of its values is not known from them, and templates are read with holes in them.
            if rules & {"limit-below-request", "probe-timeout-exceeds-period"} and re.search(r"values|templates/|charts?/", relative):
                continue
            if re.search(beside, text):
                for match in re.finditer(pattern, text):
                    line = text[text.rfind("\n", 0, match.start("x")) + 1 : match.start("x")].lstrip()
                    if line.startswith(("#", "//", "*")) or text.rfind("<!--", 0, match.start("x")) > text.rfind("-->", 0, match.start("x")):
                        continue
                    new = becomes(match["x"])
                    if new != match["x"]:
                        yield name, relative, match.span("x"), new, rules


def mended(binary, copy, path, old, finding):
    """What a fix of the seeded bytes makes of the file: `equal`, `silent` (another text, and the finding is gone), or `told`."""
    file = copy / path
    seeded = file.read_bytes()
    text = seeded
    for edit in sorted(finding["fix"]["edits"], key=lambda e: -e["start"]["offset"]):
        if edit["path"] != path:
            return "elsewhere"
        text = text[: edit["start"]["offset"]] + edit["text"].encode() + text[edit["end"]["offset"] :]
    if text == old:
        return "equal"
    file.write_bytes(text)
    again = run(binary, copy)
    file.write_bytes(seeded)
    same = any(f["rule"] == finding["rule"] and f["message"] == finding["message"] for f in again)
    return "told" if same else "silent"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("binary")
    parser.add_argument("repositories", nargs="+", type=pathlib.Path)
    parser.add_argument("--per-kind", type=int, default=2, help="seeds of one kind in one repository")
    parser.add_argument("--total", type=int, default=200, help="the most seeds of all")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    by_kind, fixes, repositories, total = {}, {}, 0, 0
    for repository in args.repositories:
        # The same sites of a repository, whatever stands beside it on the command line.
        chance = random.Random(f"{args.seed}/{repository.name}")
        of_kind = {}
        for site in sites(repository):
            of_kind.setdefault(site[0], []).append(site)
        if not of_kind:
            continue
        with tempfile.TemporaryDirectory() as work:
            copy = pathlib.Path(work) / repository.name
            shutil.copytree(repository, copy, symlinks=True, ignore=shutil.ignore_patterns(".git"))
            subprocess.run(["git", "init", "--quiet", str(copy)], check=True)
            before = {(f["rule"], *place) for f in run(args.binary, copy) for place in places(f)}

            def clean(site):
                """Whether nothing is wrong there already."""
                _, path, (start, end), _, rules = site
                return not any(r in rules and p == path and a < end and start < b for r, p, a, b in before)

            chosen = []
            for all_of in of_kind.values():
                all_of = [site for site in all_of if clean(site)]
                chosen += chance.sample(all_of, min(args.per_kind, len(all_of)))
            chosen = chosen[: args.total - total]
            repositories += bool(chosen)
            for name, path, (start, end), new, rules in chosen:
                file = copy / path
                old = file.read_bytes()
                text = old.decode()
                first = len(text[:start].encode())
                file.write_bytes((text[:start] + new + text[end:]).encode())
                last = first + len(new.encode())
                hits = [
                    f
                    for f in run(args.binary, copy)
                    if f["rule"] in rules
                    and any((f["rule"], *p) not in before and p[0] == path and p[1] < last and first < p[2] for p in places(f))
                ]
                found = by_kind.setdefault(name, [0, 0])
                found[0] += bool(hits)
                found[1] += 1
                total += 1
                line = text[:start].count("\n") + 1
                where = f"{name}: {repository.name}/{path}:{line}: `{text[start:end]}` became `{new}`"
                if not hits:
                    print(f"missed: {where}", flush=True)
                for hit in hits[:1]:
                    on_seed = hit["fix"] and any(e["start"]["offset"] < last and first < e["end"]["offset"] for e in hit["fix"]["edits"])
                    result = mended(args.binary, copy, path, old, hit) if on_seed else ("none" if not hit["fix"] else "another place")
                    fixes[result] = fixes.get(result, 0) + 1
                    if result in ("told", "silent"):
                        edits = ", ".join(f"`{e['text']}`" for e in hit["fix"]["edits"])
                        print(f"fixed otherwise ({result}): {where}, fixed to {edits}", flush=True)
                file.write_bytes(old)
        if total >= args.total:
            break
    for name, (found, of) in sorted(by_kind.items()):
        print(f"{found:4} of {of:4}  {name}")
    print(f"{sum(f for f, _ in by_kind.values())} of {total} seeds found, in {repositories} repositories")
    print("fixes: " + ", ".join(f"{count} {result}" for result, count in sorted(fixes.items())))
    return 0 if total else 1


if __name__ == "__main__":
    sys.exit(main())
