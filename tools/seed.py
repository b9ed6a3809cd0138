#!/usr/bin/env python3
"""Seeds one defect at a time into copies of clean repositories, counts how many the checker finds at the seeded bytes, and tries their fixes.

    tools/seed.py BINARY REPOSITORY... [--per-kind N] [--total N] [--most N] [--seed S] [--kind TEXT]
    tools/seed.py BINARY REPOSITORY... --manifests [--per-kind N] [--total N] [--most N] [--seed S]
    tools/seed.py BINARY REPOSITORY... --charts [--helm PATH] [--charts-each N] [--per-kind N] [--total N] [--seed S]

`seed_kinds.py` says which defects there are. A seed counts as found where a finding that was not there before has its primary place or a label on
the changed bytes; anything else is printed as a miss. A fix of such a finding is applied, and the repository checked again: the file should be what
it was before, or at least nothing may be told that was not told of the repository as it was. Nothing is fetched, and the repositories
themselves are not touched.
"""

import argparse
import collections
import json
import pathlib
import random
import re
import shutil
import subprocess
import sys
import tempfile

import seed_charts
import seed_manifests
from seed_kinds import KINDS, MANIFEST, sparks

SKIPPED = {"test", "tests", ".git", "target", "node_modules", "vendor", "testdata", "fixtures", "test-data", "docs"}


def run(binary, folder):
    done = subprocess.run([binary, "check", "--format", "json", "--fail-on", "never"], cwd=folder, capture_output=True, text=True)
    return json.loads(done.stdout)["findings"] if done.stdout else []


def places(finding):
    yield finding["path"], finding["start"]["offset"], finding["end"]["offset"]
    for label in finding["labels"]:
        yield label["path"], label["start"]["offset"], label["end"]["offset"]


def texts(repository):
    """The manifests and scripts of a repository, without its test data."""
    for path in sorted(repository.rglob("*")):
        relative = path.relative_to(repository).as_posix()
        if SKIPPED & set(relative.split("/")) or not path.is_file() or path.is_symlink() or path.stat().st_size > 1 << 20:
            continue
        if re.search(MANIFEST, relative) or any(re.search(kind.files, relative) for kind in KINDS):
            try:
                yield relative, path.read_bytes().decode()
            except UnicodeDecodeError:
                continue


def one_spark(where, relative, files, lines):
    """The line of Spark that is named in the file, in other files of its folder, or anywhere; none where several are."""
    folder = relative.rpartition("/")[0]
    if where == "file":
        named = lines[relative]
    elif where == "folder":
        named = set().union(*(lines[f] for f in files if f.rpartition("/")[0] == folder))
        # Whoever else is named in the repository makes it doubtful which one runs.
        named = named if not set().union(*lines.values()) - named else set()
    else:
        near = [f for f in files if f.rpartition("/")[0] == folder and re.search(r"[Dd]ockerfile", f)]
        named = set().union(*(lines[f] for f in near if re.search(r"(?m)^(?:COPY|ADD) (?:[^\n]*requirements|\.)", files[f])))
    return next(iter(named)) if len(named) == 1 else None


def is_used(line, files):
    """Whether a library of a Gradle catalog is on some build's class path, not only in the catalog or in its tests."""
    alias = line.split("=")[0].strip().replace("-", ".").replace("_", ".")
    scripts = (text for path, text in files.items() if re.search(r"\.gradle(?:\.kts)?$", path))
    used = re.compile(r"(?m)^\s*(?:api|implementation|compileOnly|runtimeOnly)\b.*\blibs\." + re.escape(alias) + r"\b")
    return any(used.search(text) for text in scripts)


def sites(repository):
    """Every place where some kind of defect can be seeded."""
    files = dict(texts(repository))
    lines = {relative: sparks(text) if re.search(MANIFEST, relative) else set() for relative, text in files.items()}
    for relative, text in files.items():
        for kind in KINDS:
            # What a chart makes of its values is not known from them, and templates are read with holes in them.
            templated = kind.rules & {"limit-below-request", "probe-timeout-exceeds-period"} and re.search(r"values|templates/|charts?/", relative)
            if not re.search(kind.files, relative) or templated or not re.search(kind.beside, text) or re.search(kind.without, text):
                continue
            spark = one_spark(kind.spark or "file", relative, files, lines)
            if kind.spark and not spark:
                continue
            for match in re.finditer(kind.pattern, text):
                group = "x" if match["x"] or "y" not in match.re.groupindex else "y"
                # What is only managed says nothing of what is used.
                if text.rfind("<dependencyManagement>", 0, match.start(group)) > text.rfind("</dependencyManagement>", 0, match.start(group)):
                    continue
                line = text[text.rfind("\n", 0, match.start(group)) + 1 : match.start(group)].lstrip()
                if relative.endswith("libs.versions.toml") and not is_used(line, files):
                    continue
                if line.startswith(("#", "//", "*")) or text.rfind("<!--", 0, match.start(group)) > text.rfind("-->", 0, match.start(group)):
                    continue
                new = kind.becomes(match[group], spark)
                if new and new != match[group]:
                    yield kind, relative, match.span(group), new


def kept(findings):
    """What is told, without places, so that files may grow."""
    return collections.Counter((f["rule"], f["path"], f["message"]) for f in findings)


def mended(binary, copy, path, old, hit, told):
    """What a fix makes of the repository, and the edits."""
    if not hit["fix"]:
        return "none", ""
    before = {}
    for edit in sorted(hit["fix"]["edits"], key=lambda e: -e["start"]["offset"]):
        file = copy / edit["path"]
        text = file.read_bytes()
        before.setdefault(file, text)
        file.write_bytes(text[: edit["start"]["offset"]] + edit["text"].encode() + text[edit["end"]["offset"] :])
    edits = ", ".join(f"{e['path']}:{e['start']['line']} to `{e['text']}`" for e in hit["fix"]["edits"])
    if set(before) == {copy / path} and (copy / path).read_bytes() == old:
        result = "as it was"
    else:
        now = kept(run(binary, copy))
        news = now - told
        result = "otherwise, all silent" if not news else "still told" if any(n[0] == hit["rule"] and n[2] == hit["message"] for n in news) else "told anew"
        edits += "".join(f"; {rule}: {message}" for rule, _, message in news)
    for file, text in before.items():
        file.write_bytes(text)
    return result, edits


class Count:
    """What became of the seeds."""

    def __init__(self):
        self.kinds, self.fixes, self.repositories, self.total = {}, collections.Counter(), 0, 0


def seed(binary, copy, chosen, findings, count):
    """Puts one defect after the other into a copy, and takes it out again."""
    before, told = {(f["rule"], *place) for f in findings for place in places(f)}, kept(findings)
    for kind, path, (start, end), new in chosen:
        file = copy / path
        old = file.read_bytes()
        text = old.decode()
        first = len(text[:start].encode())
        last = first + len(new.encode())
        file.write_bytes((text[:start] + new + text[end:]).encode())

        def is_new(finding):
            return any((finding["rule"], *p) not in before and p[0] == path and p[1] < last and first < p[2] for p in places(finding))

        now = run(binary, copy)
        hits = [f for f in now if f["rule"] in kind.rules and is_new(f)]
        line = text[:start].count("\n") + 1
        where = f"{kind.name}: {copy.name}/{path}:{line}: `{text[start:end]}` became `{new}`"
        found = count.kinds.setdefault(kind.name, [0, 0, collections.Counter()])
        found[0] += bool(hits)
        found[1] += 1
        count.total += 1
        if not hits:
            others = ", ".join(sorted({f["rule"] for f in now if kept([f]) - told}))
            print(f"missed: {where}" + (f" (told: {others})" if others else ""), flush=True)
        for hit in sorted(hits, key=lambda f: not f["fix"])[:1]:
            result, edits = mended(binary, copy, path, old, hit, told)
            found[2][result] += 1
            count.fixes[result] += 1
            if result != "as it was":
                print(f"fix, {result}: {where}: {hit['rule']}: {edits}", flush=True)
        file.write_bytes(old)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("binary")
    parser.add_argument("repositories", nargs="+", type=pathlib.Path)
    parser.add_argument("--per-kind", type=int, default=2, help="seeds of one kind in one repository")
    parser.add_argument("--total", type=int, default=10_000, help="the most seeds of all")
    parser.add_argument("--most", type=int, default=20, help="the most seeds of one kind")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kind", default="", help="only kinds whose name holds this text")
    parser.add_argument("--charts", action="store_true", help="defects in the values and templates of charts, see seed_charts.py")
    parser.add_argument("--manifests", action="store_true", help="defects in manifests and custom resources, see seed_manifests.py")
    parser.add_argument("--helm", help="Helm itself: only seeds that it renders count")
    parser.add_argument("--charts-each", type=int, default=4, help="charts of one repository")
    args = parser.parse_args()
    if args.charts:
        return seed_charts.main(args)
    count, seeded = Count(), collections.Counter()
    for repository in args.repositories:
        # The same sites of a repository, whatever stands beside it on the command line.
        chance = random.Random(f"{args.seed}/{repository.name}")
        of_kind = {}
        for site in seed_manifests.sites(repository) if args.manifests else sites(repository):
            if args.kind in site[0].name:
                of_kind.setdefault(site[0].name, []).append(site)
        if not of_kind:
            continue
        with tempfile.TemporaryDirectory() as work:
            copy = pathlib.Path(work) / repository.name
            shutil.copytree(repository, copy, symlinks=True, ignore=shutil.ignore_patterns(".git"))
            subprocess.run(["git", "init", "--quiet", str(copy)], check=True)
            ignored = ["git", "-C", str(copy), "ls-files", "--others", "--ignored", "--exclude-standard"]
            ignored = set(subprocess.run(ignored, capture_output=True, text=True).stdout.splitlines())
            findings = run(args.binary, copy)
            before = [(f["rule"], *place) for f in findings for place in places(f)]

            def clean(site):
                """Whether nothing is wrong there already, and the file is read at all."""
                kind, path, (start, end), _ = site
                return path not in ignored and not any(r in kind.rules and p == path and a < end and start < b for r, p, a, b in before)

            chosen = []
            for name, all_of in of_kind.items():
                all_of = [site for site in all_of if clean(site)]
                all_of = chance.sample(all_of, min(args.per_kind, len(all_of)))[: max(0, args.most - seeded[name])]
                seeded[name] += len(all_of)
                chosen += all_of
            chosen = chosen[: args.total - count.total]
            count.repositories += bool(chosen)
            seed(args.binary, copy, chosen, findings, count)
        if count.total >= args.total:
            break
    for name, (found, of, fixes) in sorted(count.kinds.items()):
        print(f"{found:4} of {of:4}  {name}; fixes: " + ", ".join(f"{n} {result}" for result, n in sorted(fixes.items())))
    print(f"{sum(k[0] for k in count.kinds.values())} of {count.total} seeds found, in {count.repositories} repositories")
    print("fixes: " + ", ".join(f"{n} {result}" for result, n in sorted(count.fixes.items())))
    return 0 if count.total else 1


if __name__ == "__main__":
    sys.exit(main())
