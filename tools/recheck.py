#!/usr/bin/env python3
"""Re-checks the rows of rules/tables against the registries, and prints what is wrong or new.

    tools/recheck.py rows [SUBJECT ...]   what the artefacts that rows cite say today
    tools/recheck.py new [SUBJECT ...]    releases that no row of a subject was checked with

Run by hand: it needs mvn and pip, whose own settings say where the registries are, and asks for one artefact at a time. Nothing of
sparkproof runs it. A row agrees where every version that the artefact names for the component lies in the row's range; what an
artefact does not name (a fact from documentation, from a jar's contents) is counted as unsaid, not as right.
"""

import functools
import json
import re
import subprocess
import sys
import tempfile
import time
import tomllib
import urllib.error
import urllib.request
import xml.etree.ElementTree as ElementTree
from pathlib import Path

TABLES = Path(__file__).resolve().parent.parent / "rules" / "tables"
PROPERTIES = {
    "hadoop": ["hadoop.version"],
    "scala": ["scala.binary.version"],
    "scala-library": ["scala.version"],
    "java": ["java.version"],
    "spark": ["spark.version"],
}
MAX_PARENTS = 8


def numbers(version):
    """3.5.1 as a key that sorts; what follows the numbers counts only in that it makes a pre-release."""
    release = re.match(r"\d+(\.\d+)*", version)
    return [int(n) for n in release.group().split(".")] if release else []


def holds(range_, version):
    """Whether a range in the tables' grammar holds a version."""

    def one(part):
        operator, bound = re.match(r"(>=|<=|<|>|=)?\s*(.*)", part.strip()).groups()
        have, want = numbers(version), numbers(bound)
        if bound == "*":
            return True
        if operator in (None, "="):
            return have[: len(want)] == want
        return {">=": have >= want, "<=": have <= want or have[: len(want)] == want, "<": have < want, ">": have > want}[operator]

    return any(all(one(part) for part in choice.split(",")) for choice in range_.split("||"))


def load(kind):
    for path in sorted(TABLES.glob("*.toml")):
        for entry in tomllib.loads(path.read_text(encoding="utf-8")).get(kind, []):
            yield path.name, entry


@functools.cache
def get(address):
    """The text behind an address; None where there is nothing."""
    time.sleep(0.2)
    try:
        with urllib.request.urlopen(address, timeout=60) as answer:
            return answer.read()
    except urllib.error.HTTPError as error:
        if error.code == 404:
            return None
        raise


@functools.cache
def maven_repository():
    """The address that Maven's own settings name."""
    with tempfile.TemporaryDirectory() as folder:
        pom = "<project><modelVersion>4.0.0</modelVersion><groupId>a</groupId><artifactId>b</artifactId><version>1</version></project>"
        (Path(folder) / "pom.xml").write_text(pom, encoding="utf-8")
        subprocess.run(["mvn", "-q", "-B", "help:effective-pom", "-Doutput=e.xml"], cwd=folder, check=True)
        effective = re.sub(r'\sxmlns="[^"]*"', "", (Path(folder) / "e.xml").read_text(encoding="utf-8"))
        return ElementTree.fromstring(effective).findtext("repositories/repository/url").rstrip("/")


@functools.cache
def wheel(name, version):
    """The metadata of a wheel, as pip shows it; None where only a source archive is published, which pip would have to build."""
    command = [sys.executable, "-m", "pip", "install", "-q", "--dry-run", "--ignore-installed", "--no-deps", "--only-binary", ":all:"]
    asked = subprocess.run([*command, "--ignore-requires-python", "--report", "-", f"{name}=={version}"], capture_output=True, text=True)
    return json.loads(asked.stdout)["install"][0]["metadata"] if asked.returncode == 0 else None


@functools.cache
def pom(group, artifact, version):
    text = get(f"{maven_repository()}/{group.replace('.', '/')}/{artifact}/{version}/{artifact}-{version}.pom")
    if text is None:
        return None
    try:
        return ElementTree.fromstring(re.sub(rb'\sxmlns="[^"]*"', b"", text))
    except ElementTree.ParseError as error:
        print(f"{group}:{artifact}:{version} is no well-formed POM: {error}")
        return ElementTree.Element("project")


def inherited(group, artifact, version):
    """A POM and its parents, the nearest first."""
    found = []
    while len(found) < MAX_PARENTS and (root := pom(group, artifact, version)) is not None:
        found.append(root)
        parent = root.find("parent")
        if parent is None:
            break
        group, artifact, version = (parent.findtext(key) for key in ("groupId", "artifactId", "version"))
    return found


def maven_says(group, artifact, version, component, coordinates):
    """The versions that a POM names for a component; None where the POM is not there."""
    poms = inherited(group, artifact, version)
    if not poms:
        return None
    properties = {}
    for root in reversed(poms):
        properties |= {p.tag: (p.text or "").strip() for p in root.findall("properties/*")}
        properties["project.version"] = version
    resolve = lambda text: re.sub(r"\$\{([^}]*)\}", lambda m: properties.get(m[1], m[0]), text or "")
    said = {resolve(properties[name]) for name in PROPERTIES.get(component, []) if name in properties}
    for dependency in (d for root in poms for d in root.iter("dependency")):
        name = resolve(dependency.findtext("artifactId"))
        bare, _, suffix = name.partition("_2.")
        if component == "scala" and suffix:
            said.add(f"2.{suffix}")
        if f"{resolve(dependency.findtext('groupId'))}:{bare}" in coordinates:
            said.add(resolve(dependency.findtext("version")))
    return {text for text in said if numbers(text)}


def pypi_says(name, version, component):
    """The ranges that a wheel's metadata names for a component; nothing where there is no wheel."""
    metadata = wheel(name, version) or {}
    if component == "python":
        return {metadata["requires_python"]} if "requires_python" in metadata else set()
    names = {component, {"spark": "pyspark"}.get(component, component)}
    wanted = (re.match(r"([\w.-]+)\s*(?:\[[^]]*\])?\s*\(?([^;)]*)", line) for line in metadata.get("requires_dist", []))
    return {found[2].strip() for found in wanted if found and found[1].lower().replace("_", "-") in names and found[2].strip()}


def relations(subjects):
    """Each cited package URL with one relation that it stands for."""
    for table, row in load("row"):
        source = re.fullmatch(r"pkg:(maven|pypi)/(?:([^/@]+)/)?([^@]+)@(.+)", row.get("source", ""))
        if source and (not subjects or row["subject"] in subjects):
            for component, range_ in row.get("needs", {}).items():
                yield table, row, source.groups(), component, range_


def rows(subjects):
    coordinates = {}
    for _, artefact in load("artefact"):
        coordinates.setdefault(artefact["subject"], set()).update(artefact.get("maven", []))
    counts = {"agrees": 0, "differs": 0, "unsaid": 0, "gone": 0}
    for table, row, (kind, group, name, version), component, range_ in relations(subjects):
        if kind == "maven":
            said = maven_says(group, name, version, component, coordinates.get(component, set()))
        else:
            said = pypi_says(name, version, component)
        if said is None:
            verdict = "gone"
        elif not said:
            verdict = "unsaid"
        elif kind == "pypi":
            same = {re.sub(r"\s", "", text) for text in said} & {re.sub(r"\s", "", range_)}
            verdict = "agrees" if same or all(holds(range_, low) for text in said for low in re.findall(r">=\s*([\d.]+)", text)) else "differs"
        else:
            verdict = "agrees" if all(holds(range_, text) for text in said) else "differs"
        counts[verdict] += 1
        if verdict in ("differs", "gone"):
            what = "is not there" if said is None else f"says {', '.join(sorted(said))}"
            print(f"{table}: {row['subject']} {row['versions']} needs {component} {range_}: {row['source']} {what}")
    print(", ".join(f"{n} {verdict}" for verdict, n in counts.items()))
    return counts["differs"] + counts["gone"]


def releases(artefact):
    """All releases of a subject that the registries hold."""
    for coordinate in artefact.get("maven", []):
        if re.search(r"[{*]", coordinate):
            continue
        group, name = coordinate.split(":")
        for suffix in ("", "_2.12", "_2.13"):
            listing = get(f"{maven_repository()}/{group.replace('.', '/')}/{name}{suffix}/maven-metadata.xml")
            if listing is not None:
                yield from (version.text for version in ElementTree.fromstring(listing).iter("version"))
    for name in artefact.get("pypi", []):
        asked = subprocess.run([sys.executable, "-m", "pip", "index", "versions", name], capture_output=True, text=True)
        listed = re.search(r"Available versions: (.*)", asked.stdout)
        yield from listed[1].split(", ") if listed else []


def new(subjects):
    known, found = {}, 0
    for _, row in load("row"):
        known.setdefault(row["subject"], []).extend(numbers(version) for version in row.get("checked", []))
    for _, artefact in load("artefact"):
        subject = artefact["subject"]
        if (subjects and subject not in subjects) or not known.get(subject) or "version" in artefact:
            continue
        plain = {version for version in releases(artefact) if re.fullmatch(r"\d+(\.\d+)*", version)}
        newer = sorted((v for v in plain if numbers(v) > max(known[subject])), key=numbers)
        if newer:
            found += 1
            print(f"{subject}: {', '.join(newer)} (rows know up to {'.'.join(map(str, max(known[subject])))})")
    return found


if __name__ == "__main__":
    commands = {"rows": rows, "new": new}
    if len(sys.argv) < 2 or sys.argv[1] not in commands:
        sys.exit(__doc__)
    sys.exit(1 if commands[sys.argv[1]](set(sys.argv[2:])) else 0)
