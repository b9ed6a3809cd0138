#!/usr/bin/env python3
"""Runs the oracles about Go over repositories, and fails where sparkproof falls below its floors.

    tools/nightly.py [--entries N] DIR...

Needs cargo and go; each DIR is a Go module whose dependencies lie in the module cache or in `vendor/`. For each it compares
what go/types says about names with what sparkproof says (`references`), and what x/tools' VTA call graph says is reached from
about N exported functions (`reachable`; left out with `--entries 0`). Prints rows for the tables of docs/accuracy.md.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

HERE = Path(__file__).resolve().parent
# What docs/accuracy.md promises.
STANDARD, OTHER, REACHED = 0.9997, 0.99, 0.95


def run(command, to, folder=HERE.parent):
    with open(to, "w") as out:
        subprocess.run(command, cwd=folder, stdout=out, stderr=subprocess.DEVNULL, check=True)


def rows(path):
    with open(path) as lines:
        return [line.rstrip("\n").split("\t") for line in lines]


def is_standard(path):
    return "." not in path.lstrip("(*").split("/")[0] or "/" not in path


def share(right, all):
    return f"{right:,} of {all:,} ({100 * right / all:.2f} %)" if all else "0"


def references(tools, examples, folder, work):
    run([tools / "references", folder], work / "expected")
    run([examples / "go_references", folder], work / "found")
    expected = rows(work / "expected")
    files = {row[1] for row in expected if row[0] == "F"}
    names = {(row[0], row[1]): row[2] for row in expected if row[0] != "F" and row[2] != "?"}
    fields = {(row[0], row[1]) for row in expected if row[0] != "F" and row[2] == "?"}
    found = {(row[0], row[1]): row[2] for row in rows(work / "found") if row[0] in files}
    every, right, wrong = Counter(), Counter(), []
    for at, path in names.items():
        kind = is_standard(path)
        every[kind] += 1
        right[kind] += found.get(at) == path
        if found.get(at, path) != path:
            wrong.append((*at, path, found[at]))
    wrong += [(*at, "nothing", path) for at, path in found.items() if at not in names and at not in fields and path != "?"]
    lines = sum(sum(1 for _ in open(Path(folder) / file, errors="replace")) for file in files)
    print(f"| {Path(folder).name} | {lines:,} | {share(right[True], every[True])} | {share(right[False], every[False])} | {len(wrong)} |")
    for file, end, path, said in wrong[:20]:
        print(f"  wrong: {file} at {end}: {path}, not {said}", file=sys.stderr)
    return not wrong and right[True] >= STANDARD * every[True] and right[False] >= OTHER * every[False]


def reachable(tools, examples, folder, entries, work):
    run([tools / "reachable", folder, str(entries)], work / "expected")
    run([examples / "go_reachable", folder, work / "expected"], work / "found")
    expected = [row for row in rows(work / "expected") if len(row) > 2]
    found = {tuple(row) for row in rows(work / "found")}
    # Ways that lead through other modules do not exist, as docs/accuracy.md says.
    own = {tuple(row) for row in expected if len(row) == 3}
    count = len({row[0] for row in rows(work / "expected")})
    print(f"| {Path(folder).name} | {count} entries | {share(len(own & found), len(own))} leaves |")
    for row in sorted(own - found)[:20]:
        print(f"  missed: {' '.join(row)}", file=sys.stderr)
    return len(own & found) >= REACHED * len(own)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--entries", type=int, default=40)
    parser.add_argument("folders", nargs="+", metavar="DIR")
    arguments = parser.parse_args()
    target = Path(os.environ.get("CARGO_TARGET_DIR", HERE.parent / "target"))
    subprocess.run(["cargo", "build", "--quiet", "--release", "--examples"], cwd=HERE.parent, check=True)
    good = True
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        for tool in ["references", "reachable"]:
            subprocess.run(["go", "build", "-o", work / tool, f"./{tool}"], cwd=HERE / "go", check=True)
        for folder in arguments.folders:
            folder = os.path.abspath(folder)
            good &= references(work, target / "release/examples", folder, work)
            if arguments.entries:
                good &= reachable(work, target / "release/examples", folder, arguments.entries, work)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
