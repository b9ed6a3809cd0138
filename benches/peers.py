#!/usr/bin/env python3
"""Measures sparkproof beside kube-linter and kube-score on the same manifests, in turns.

    SPARKPROOF_TREE='manifests 2000 /tmp/manifests' cargo bench --bench check
    benches/peers.py [--runs N] /tmp/manifests

Needs the three programs on the path (`go install golang.stackrox.io/kube-linter/cmd/kube-linter@latest`, the same with
`github.com/zegl/kube-score/cmd/kube-score`, and sparkproof's release build). Each reads what the folder holds, with its own
defaults. The objects that each one parsed are counted first, and must be equally many: kube-linter by a check that every
object fails, kube-score by its report (which takes objects of one name for one), sparkproof by its facts. Then come N rounds of one run each. Printed are the
medians: wall time, processor time (user and system, which other work on the machine changes less) and peak memory.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

# A check that no object passes.
COUNT = """
checks: {doNotAutoAddDefaults: true, include: [never]}
customChecks:
  - name: never
    template: required-label
    params: {key: no.such/label}
    scope: {objectKinds: [Any]}
"""


def counted(folder, files, work):
    """How many objects each program parsed."""
    config = work / "count.yaml"
    config.write_text(COUNT)
    lint = output(["kube-linter", "lint", "--config", str(config), "--format", "json", folder])
    score = output(["kube-score", "score", "--output-format", "json", *files])
    facts = output(["sparkproof", "facts", "--format", "json", folder])
    return {
        "kube-linter": len(json.loads(lint)["Reports"] or []),
        "kube-score": len(json.loads(score)),
        "sparkproof": sum(part["kind"] == "workload" for part in json.loads(facts)["parts"]),
    }


def output(command):
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False).stdout


def measure(command, work):
    """Wall time, processor time and peak memory in MB of one run."""
    with open(work / "out", "w") as out:
        began = time.monotonic()
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.DEVNULL)
        _, status, used = os.wait4(process.pid, 0)
        wall = time.monotonic() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    # Findings make it one; more is a failure, which costs what it likes.
    if process.returncode not in (0, 1):
        sys.exit(f"{command[0]} ended with {process.returncode}")
    return wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=10)
    parser.add_argument("--count", action="store_true", help="only print the counts of objects")
    parser.add_argument("folder")
    arguments = parser.parse_args()
    folder = arguments.folder
    files = sorted(str(file) for file in Path(folder).rglob("*") if file.suffix in (".yaml", ".yml"))
    if arguments.count:
        with tempfile.TemporaryDirectory() as name:
            return print(json.dumps(counted(folder, files, Path(name))))
    commands = {
        "kube-linter": ["kube-linter", "lint", "--format", "json", folder],
        "kube-score": ["kube-score", "score", "--output-format", "json", *files],
        "sparkproof": ["sparkproof", "check", "--format", "json", folder],
    }
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        # Memory counts from what a process was before it became another: this one has to stay small.
        told = output([sys.executable, __file__, "--count", folder])
        counts = json.loads(told)
        print(f"{len(files):,} files; objects:", ", ".join(f"{tool} {count:,}" for tool, count in counts.items()))
        if len(set(counts.values())) != 1:
            sys.exit("the programs do not parse the same objects: what follows would compare nothing")
        runs = {tool: [] for tool in commands}
        for _ in range(arguments.runs):
            for tool, command in commands.items():
                runs[tool].append(measure(command, work))
    medians = {tool: [statistics.median(column) for column in zip(*rows)] for tool, rows in runs.items()}
    print("| program | wall | processor | memory |\n|---|---:|---:|---:|")
    for tool, (wall, processor, memory) in medians.items():
        print(f"| {tool} | {wall:.2f} s | {processor:.2f} s | {memory:.0f} MB |")
    others = [times for tool, times in medians.items() if tool != "sparkproof"]
    for n, what in enumerate(["wall", "processor"]):
        print(f"the faster of them takes {min(row[n] for row in others) / medians['sparkproof'][n]:.1f} times as long ({what})")


if __name__ == "__main__":
    main()
