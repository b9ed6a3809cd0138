"""Defects in charts, for `seed.py --charts`: one at a time in `values.yaml` or a template of a copy of a chart.

A seed counts where it is alive: with `--helm PATH`, where `helm template` with the chart's own values renders something else than
before. Without it, all places count, also those of what is off by default.
"""

import json
import pathlib
import random
import re
import shutil
import subprocess
import tempfile

ENTRY = re.compile(r"^(?P<indent> *)(?P<dash>- +)?(?P<key>[A-Za-z_][\w./-]*):(?P<gap> +)?(?P<quote>[\"']?)(?P<value>[^\"'#\n]*?)(?P=quote) *(?:#.*)?$")
API_OF_OLD = {
    ("apps/v1", "Deployment"): "extensions/v1beta1",
    ("apps/v1", "StatefulSet"): "apps/v1beta1",
    ("apps/v1", "DaemonSet"): "apps/v1beta2",
    ("policy/v1", "PodDisruptionBudget"): "policy/v1beta1",
    ("networking.k8s.io/v1", "Ingress"): "networking.k8s.io/v1beta1",
    ("rbac.authorization.k8s.io/v1", "Role"): "rbac.authorization.k8s.io/v1beta1",
    ("rbac.authorization.k8s.io/v1", "RoleBinding"): "rbac.authorization.k8s.io/v1beta1",
    ("rbac.authorization.k8s.io/v1", "ClusterRole"): "rbac.authorization.k8s.io/v1beta1",
    ("rbac.authorization.k8s.io/v1", "ClusterRoleBinding"): "rbac.authorization.k8s.io/v1beta1",
    ("batch/v1", "CronJob"): "batch/v1beta1",
    ("autoscaling/v2", "HorizontalPodAutoscaler"): "autoscaling/v2beta2",
}
MEMORY = re.compile(r"\d+(?:\.\d+)?(?:Mi|Gi|M|G)$")


class Entry:
    """A key with a scalar of a YAML text: its path, its value, and the value's place."""

    def __init__(self, path, value, start, siblings):
        self.path, self.value, self.start, self.siblings = path, value, start, siblings

    def under(self, *names):
        return tuple(self.path[-1 - len(names) : -1]) == names


def entries(text):
    """The scalars of a YAML text by their indentation; what stands in actions, comments and block scalars is passed over."""
    found, stack, at, block = [], [], 0, None
    siblings = {}
    for line in text.splitlines(keepends=True):
        start, at = at, at + len(line)
        bare = line.rstrip("\r\n")
        depth = len(bare) - len(bare.lstrip(" "))
        if block is not None and (not bare.strip() or depth > block):
            continue
        block = None
        match = ENTRY.match(bare)
        if not match or bare.lstrip().startswith(("#", "{{")):
            continue
        column = len(match["indent"]) + len(match["dash"] or "")
        while stack and (stack[-1][0] >= column or (match["dash"] and stack[-1][0] >= len(match["indent"]) and stack[-1][2])):
            stack.pop()
        path = [name for _, name, _ in stack] + [match["key"]]
        value = match["value"].strip()
        if value in ("|", ">", "|-", ">-", "|+", ">+"):
            block = column
            continue
        scope = siblings.setdefault(tuple(path[:-1]), {})
        scope[match["key"]] = value
        stack.append((column, match["key"], bool(match["dash"])))
        if value and "{{" not in value and not value.startswith(("&", "*", "[", "{", "!")):
            found.append(Entry(path, value, start + match.start("value"), scope))
    return found, siblings


def number(amount):
    """An amount of memory or cpu, to compare."""
    match = re.fullmatch(r"(\d+(?:\.\d+)?)([A-Za-z]*)", amount)
    units = {"": 1, "m": 1e-3, "k": 1e3, "M": 1e6, "G": 1e9, "Ki": 2**10, "Mi": 2**20, "Gi": 2**30}
    return float(match[1]) * units[match[2]] if match and match[2] in units else None


def requested(entry, siblings):
    return siblings.get(tuple(entry.path[:-2]) + ("requests",), {}).get(entry.path[-1])


def defects(path, text):
    """Every place for a defect in one file: (kind, start, end, new text, rules that may speak)."""
    all_of, siblings = entries(text)
    is_template = "templates/" in path
    asks = ".Capabilities" in text
    for e in all_of:
        key, value, end = e.path[-1], e.value, e.start + len(e.value)
        if e.under("limits") and key in ("memory", "cpu"):
            request = requested(e, siblings)
            if request and number(request) and number(value):
                small = "2Mi" if key == "memory" else "1m"
                if number(request) > number(small):
                    yield f"a limit of {key} below its request", e.start, end, small, {"limit-below-request"}
        if len(e.path) > 2 and e.path[-2] in ("limits", "requests") and key == "memory" and re.fullmatch(r"\d+Mi", value):
            yield "memory by the thousandth", e.start, end, value[:-1].replace("M", "m"), {"quantity-suspicious"}
            yield "a unit that is none", e.start, end, value.replace("Mi", "MB"), {"quantity-suspicious"}
        if len(e.path) > 1 and re.fullmatch(r"(?i)(liveness|readiness)Probe", e.path[-2]) and key == "timeoutSeconds":
            yield "a timeout beyond its period", e.start, end, "99999", {"probe-timeout-exceeds-period"}
        if is_template and (e.under("httpGet") or e.under("tcpSocket")) and key == "port" and not value.isdigit():
            yield "a probe of no port", e.start, end, value + "-x", {"probe-port-unknown"}
        if key == "tag" and re.search(r"\d", value) and any(k in e.siblings for k in ("repository", "name")) and "digest" not in value:
            yield "a tag that moves", e.start, end, "latest", {"image-unpinned"}
        if is_template and key == "image" and re.fullmatch(r"[\w./-]+:v?\d[\w.-]*", value):
            yield "a tag that moves", e.start + value.rindex(":") + 1, end, "latest", {"image-unpinned"}
        if key == "runAsUser" and value.isdigit() and value != "0" and e.path[-2] != "podSecurityContext":
            yield "a container as root", e.start, end, "0", {"container-root"}
        if key == "privileged" and value == "false":
            yield "a privileged container", e.start, end, "true", {"container-root"}
        if key == "allowPrivilegeEscalation" and value == "false":
            yield "more privileges than at the start", e.start, end, "true", {"container-root"}
        if is_template and key == "apiVersion" and len(e.path) == 1 and not asks:
            kind = re.compile(r"\s*kind: (\w+)").match(text, text.find("\n", end))
            old = API_OF_OLD.get((value, kind[1])) if kind else None
            if old:
                yield "an API of old", e.start, end, old, {"api-version-removed"}
        if is_template and key == "name" and "volumeMounts" in e.path[-2:-1]:
            yield "a mount of no volume", e.start, end, value + "-x", {"volume-mount-undefined"}
    if is_template:
        yield from dangling(text)
        yield from of_applications(text)
    for e in all_of if not is_template else []:
        yield from of_application_values(e)


def dangling(text):
    """References whose name ends in a literal."""
    for match in re.finditer(r"(?m)^ *(?:- )?(?:configMapRef|configMapKeyRef|secretKeyRef|secretRef|configMap|persistentVolumeClaim):\s*\n(?: +(?!name|claimName)\w+: \S+\n)* +(?:name|claimName): [^\n]*\}\}(?P<x>-[a-z-]{3,}) *$", text):
        yield "a name that nothing has", *match.span("x"), match["x"] + "x", {"reference-dangling"}


def of_applications(text):
    if not re.search(r"(?m)^kind: (?:Scheduled)?SparkApplication", text):
        return
    for match in re.finditer(r"(?m)^ +(?P<x>mainApplicationFile|sparkVersion|restartPolicy|dynamicAllocation|volumeMounts|serviceAccount):", text):
        wrong = match["x"][:-2] + match["x"][-1] + match["x"][-2]
        yield "a field of an application misspelt", *match.span("x"), wrong, {"app-field-unknown", "app-field-missing"}
    for match in re.finditer(r"(?m)^ +memory: [\"']?(?P<x>\d+[mMgG]i?)[\"']?\s*$", text):
        yield "memory of an application by another unit", *match.span("x"), match["x"][:-1] + "mb" if not match["x"].endswith("i") else match["x"] + "b", {"app-memory-unit", "app-field-mistyped"}
    for match in re.finditer(r"(?m)^ +(?:cores|instances): (?P<x>\d+)\s*$", text):
        yield "a number of an application as a text", *match.span("x"), f'"{match["x"]}"', {"app-field-mistyped"}


def of_application_values(_entry):
    return ()


def run(binary, folder):
    done = subprocess.run([binary, "check", "--format", "json", "--fail-on", "never"], cwd=folder, capture_output=True, text=True)
    return json.loads(done.stdout)["findings"] if done.stdout else []


def rendered(helm, chart):
    done = subprocess.run([helm, "template", "x", str(chart)], capture_output=True, text=True)
    return done.stdout if done.returncode == 0 else None


def key_of(line):
    return line.split(":")[0].strip()


def lines(text, chance):
    """What is rendered, without what chance makes anew each time."""
    return [line for line in text.split("\n") if key_of(line) not in chance]


def places(finding):
    yield finding["path"], finding["start"]["offset"], finding["end"]["offset"]
    for label in finding["labels"]:
        yield label["path"], label["start"]["offset"], label["end"]["offset"]


def charts(repository):
    """The charts of a repository that lie in no other one."""
    folders = sorted(p.parent for p in repository.rglob("Chart.yaml"))
    outer = [f for f in folders if not any(g != f and g in f.parents for g in folders)]
    return [f for f in outer if (f / "templates").is_dir() and not re.search(r"^type: library", (f / "Chart.yaml").read_text(errors="replace"), re.M)]


def libraries(repository):
    """Charts of helpers, by name: those that name them have them beside them."""
    found = {}
    for file in repository.rglob("Chart.yaml"):
        text = file.read_text(errors="replace")
        name = re.search(r"^name: *[\"']?([\w-]+)", text, re.M)
        if name and re.search(r"^type: library", text, re.M):
            found.setdefault(name[1], file.parent)
    return found


def copied(chart, known, work):
    """A copy of a chart in a repository of its own, with the libraries that it names."""
    copy = pathlib.Path(work) / chart.name
    shutil.copytree(chart, copy, symlinks=True, ignore=shutil.ignore_patterns(".git"))
    about = (chart / "Chart.yaml").read_text(errors="replace")
    lock = copy / "Chart.lock"
    for name in re.findall(r"(?m)^ *-? *name: *[\"']?([\w-]+)", about):
        target = copy / "charts" / name
        if name in known and not target.exists() and known[name] != chart:
            shutil.copytree(known[name], target, symlinks=True)
    if lock.exists():
        lock.unlink()
    subprocess.run(["git", "init", "--quiet", str(copy)], check=True)
    return copy


def without_missing(copy):
    """For Helm: what `Chart.yaml` names and is not there is taken out of it, in a copy of the copy."""
    plain = copy.parent / "plain" / copy.name
    if plain.exists():
        shutil.rmtree(plain)
    shutil.copytree(copy, plain, symlinks=True, ignore=shutil.ignore_patterns(".git"))
    file = plain / "Chart.yaml"
    text, kept = file.read_text(errors="replace"), []
    head, found, rest = text.partition("\ndependencies:")
    if found:
        body = re.match(r"[^\n]*\n(?:(?:[ -][^\n]*)?\n)*(?:[ -][^\n]*$)?", rest)
        behind = rest[body.end() :] if body else ""
        for item in re.split(r"(?m)^ *- ", body[0] if body else "")[1:]:
            name = re.search(r"(?m)^ *name: *[\"']?([\w-]+)", item)
            if name and (plain / "charts" / name[1]).is_dir():
                lines = item.rstrip("\n").split("\n")
                kept.append("  - " + "\n    ".join(line.strip() for line in lines if line.strip() and not line.strip().startswith("#")))
        file.write_text(head + ("\ndependencies:\n" + "\n".join(kept) if kept else "") + "\n" + behind)
    return plain


def main(args):
    by_kind, by_file, total, seeded, missed = {}, {"values": [0, 0], "templates": [0, 0]}, 0, 0, []
    for repository in args.repositories:
        known = libraries(repository)
        all_of = charts(repository)
        random.Random(f"{args.seed}/{repository.name}/charts").shuffle(all_of)
        for chart in all_of[: args.charts_each]:
            if total >= args.total:
                break
            chance = random.Random(f"{args.seed}/{repository.name}/{chart.name}")
            with tempfile.TemporaryDirectory() as work:
                copy = copied(chart, known, work)
                of_kind = {}
                files = [copy / "values.yaml", *sorted((copy / "templates").rglob("*.yaml")), *sorted((copy / "templates").rglob("*.tpl"))]
                for file in files:
                    relative = file.relative_to(copy).as_posix()
                    if file.is_file() and not file.is_symlink() and "/tests/" not in relative:
                        try:
                            text = file.read_bytes().decode()
                        except UnicodeDecodeError:
                            continue
                        for kind, start, end, new, rules in defects(relative, text):
                            of_kind.setdefault(kind, []).append((kind, relative, start, end, new, rules))
                if not of_kind:
                    continue
                plain = without_missing(copy) if args.helm else None
                base = rendered(args.helm, plain) if args.helm else ""
                if base is None:
                    continue
                again = rendered(args.helm, plain) if args.helm else ""
                chance_keys = {key_of(line) for a, b in ((base, again), (again, base)) for line in set((a or "").split("\n")) - set((b or "").split("\n"))}
                before = {(f["rule"], *place) for f in run(args.binary, copy) for place in places(f)}
                hit_one = False
                for kind, sites in sorted(of_kind.items()):
                    chance.shuffle(sites)
                    taken = 0
                    for _, path, start, end, new, rules in sites[: 6 * args.per_kind]:
                        if taken >= args.per_kind or total >= args.total:
                            break
                        if any(r in rules and p == path and a < end and start < b for r, p, a, b in before):
                            continue
                        file = copy / path
                        old = file.read_bytes()
                        text = old.decode()
                        changed = (text[:start] + new + text[end:]).encode()
                        if args.helm:
                            (plain / path).write_bytes(changed)
                            result = rendered(args.helm, plain)
                            (plain / path).write_bytes(old)
                            if result is None or lines(result, chance_keys) == lines(base, chance_keys):
                                continue
                        taken += 1
                        file.write_bytes(changed)
                        first = len(text[:start].encode())
                        last = first + len(new.encode())
                        told = [f for f in run(args.binary, copy) if f["rule"] in rules]
                        hits = [f for f in told if any((f["rule"], *p) not in before and p[0] == path and p[1] < last and first < p[2] for p in places(f))]
                        file.write_bytes(old)
                        total, hit_one = total + 1, True
                        for count in (by_kind.setdefault(kind, [0, 0]), by_file["values" if path == "values.yaml" else "templates"]):
                            count[0] += bool(hits)
                            count[1] += 1
                        if not hits:
                            line = text[:start].count("\n") + 1
                            elsewhere = [f for f in told if (f["rule"], *next(places(f))) not in before]
                            where = f", told at {elsewhere[0]['path']}:{elsewhere[0]['start']['line']}" if elsewhere else ""
                            print(f"missed: {kind}: {repository.name}/{chart.relative_to(repository)}/{path}:{line}: `{text[start:end]}` became `{new}`{where}", flush=True)
                seeded += hit_one
    for kind, (found, of) in sorted(by_kind.items()):
        print(f"{found:4} of {of:4}  {kind}")
    for place, (found, of) in by_file.items():
        print(f"{found:4} of {of:4}  in {place}")
    print(f"{sum(f for f, _ in by_kind.values())} of {total} seeds found, in {seeded} charts")
    return 0 if total else 1
