"""Defects in manifests and custom resources as they stand, for `seed.py --manifests`: charts' templates and values are `seed_charts.py`'s."""

import re
from typing import NamedTuple

import seed_charts

SKIPPED = {"test", "tests", "e2e", "e2e-tests", ".git", ".github", "target", "node_modules", "vendor", "testdata", "fixtures", "test-data", "templates", "crds", "crd"}
WORKLOADS = {"Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob", "Pod", "Rollout", "ReplicaSet"}
KUBEFLOW = r"(?m)^apiVersion: sparkoperator\.k8s\.io/v1beta2"
APPLICATION = r"(?m)^apiVersion: [\"']?(?:sparkoperator\.k8s\.io|spark\.apache\.org|spark\.stackable\.tech)/"
RESOURCE = r"(?m)^kind: (?:Scheduled)?SparkApplication"


class Kind(NamedTuple):
    """What a defect is called, and which rules may tell it."""

    name: str
    rules: set[str]


def documents(text):
    """The documents of a file and where they start."""
    at = 0
    for match in re.finditer(r"(?m)^---.*$", text):
        yield at, text[at : match.start()]
        at = match.end()
    yield at, text[at:]


def swapped(key):
    """A name with two letters in each other's place."""
    at = next(i for i in range(len(key) - 2, 0, -1) if key[i] != key[i + 1] and "." not in key[i : i + 2])
    return key[:at] + key[at + 1] + key[at] + key[at + 2 :]


def of_workload(text, all_of, siblings):
    kind = re.search(r"(?m)^kind: *[\"']?(\w+)", text)
    # Spark's own containers are completed by Spark, and patches by what they change.
    if not kind or kind[1] not in WORKLOADS or not re.search(r"(?m)^ *(?:- )?image:", text) or "spark-kubernetes-" in text:
        return
    volumes = set(re.findall(r"(?m)^ *- name: *(\S+)", text))
    for e in all_of:
        key, value, end = e.path[-1], e.value, e.start + len(e.value)
        if e.under("limits") and key in ("memory", "cpu"):
            request = seed_charts.requested(e, siblings)
            small = "2Mi" if key == "memory" else "1m"
            if request and seed_charts.number(request) and seed_charts.number(value) and seed_charts.number(request) > seed_charts.number(small):
                yield f"a limit of {key} below its request", e.start, end, small, {"limit-below-request"}
        if len(e.path) > 2 and e.path[-2] in ("limits", "requests") and key == "memory" and re.fullmatch(r"\d+Mi", value):
            yield "memory by the thousandth", e.start, end, value[:-1].replace("M", "m"), {"quantity-suspicious"}
            yield "a unit that is none", e.start, end, value.replace("Mi", "MB"), {"quantity-suspicious"}
        if len(e.path) > 1 and e.path[-2] in ("livenessProbe", "readinessProbe") and key == "timeoutSeconds":
            yield "a timeout beyond its period", e.start, end, "99999", {"probe-timeout-exceeds-period"}
        if (e.under("httpGet") or e.under("tcpSocket")) and key == "port" and not value.isdigit():
            yield "a probe of no port", e.start, end, value + "-x", {"probe-port-unknown"}
        if key == "image" and re.fullmatch(r"[\w./-]+:v?\d[\w.-]*", value) and "containers" in [p.lower()[-10:] for p in e.path]:
            yield "a tag that moves", e.start + value.rindex(":") + 1, end, "latest", {"image-unpinned"}
        if key == "runAsUser" and value.isdigit() and value != "0" and "containers" in e.path:
            yield "a container as root", e.start, end, "0", {"container-root"}
        if key in ("privileged", "allowPrivilegeEscalation") and value == "false" and "containers" in e.path:
            yield "more privileges", e.start, end, "true", {"container-root"}
        if key == "fsGroup" and e.under("securityContext"):
            key_start = text.rfind("fsGroup", 0, e.start)
            yield "a container's field in the pod", key_start, end, "privileged: true", {"security-field-misplaced"}
        if key == "apiVersion" and len(e.path) == 1:
            old = seed_charts.API_OF_OLD.get((value, kind[1]))
            if old:
                yield "an API of old", e.start, end, old, {"api-version-removed"}
        if key == "name" and e.path[-2:-1] == ["volumeMounts"] and value in volumes:
            yield "a mount of no volume", e.start, end, value + "-x", {"volume-mount-undefined"}
        if key == "name" and e.path[-2:-1] in (["configMapRef"], ["configMap"], ["configMapKeyRef"]) and re.search(rf"(?ms)^kind: ConfigMap\b.*?^  name: {re.escape(value)}$", text):
            yield "a ConfigMap that nothing has", e.start, end, value + "x", {"reference-dangling"}


def of_application(text, all_of, siblings):
    if not re.search(APPLICATION, text) or not re.search(RESOURCE, text):
        return
    kubeflow = bool(re.search(KUBEFLOW, text))
    for e in all_of:
        key, value, end = e.path[-1], e.value, e.start + len(e.value)
        role = e.path[-2] if len(e.path) > 1 else ""
        if kubeflow and role in ("driver", "executor"):
            if key == "cores" and value.isdigit():
                yield "cores in parts", e.start, end, "0.5", {"app-cores-fractional", "app-field-mistyped"}
            if key == "coreLimit":
                yield "a limit below the cores", e.start, end, "10m", {"app-cpu-limit-below-request"}
            if key == "memory" and re.fullmatch(r"\d+[mMgG]", value):
                yield "memory by Kubernetes' unit", e.start, end, value[:-1] + value[-1].upper() + "i", {"app-memory-unit"}
                if role == "driver":
                    yield "a heap under Spark's least", e.start, end, "300m", {"heap-below-minimum"}
            if key == "memoryOverhead":
                yield "an overhead in parts", e.start, end, "0.2", {"app-overhead-fraction"}
            if key == "serviceAccount":
                start = text.rfind("serviceAccount", 0, e.start)
                yield "a field of an application misspelt", start, start + len("serviceAccount"), "serviceAcount", {"app-field-unknown"}
        if kubeflow and key in ("mainApplicationFile", "sparkVersion", "mainClass", "imagePullPolicy"):
            start = text.rfind(key, 0, e.start)
            yield "a field of an application misspelt", start, start + len(key), swapped(key), {"app-field-unknown", "app-field-missing"}
        if kubeflow and key == "type" and role == "restartPolicy" and value == "Never" and "onFailureRetries" not in e.siblings:
            yield "a restart without a number", e.start, end, "OnFailure", {"app-restart-without-retries"}
        if key == "name" and e.path[-2:-1] == ["volumeMounts"] and kubeflow and "template" not in e.path[2:]:
            yield "a mount of no volume", e.start, end, value + "-x", {"app-volume-undefined", "volume-mount-undefined"}
        if kubeflow and key == "name" and e.path == ["metadata", "name"]:
            yield "a name that is too long", e.start, end, value + "-of-the-department-of-very-long-names-and-of-nothing-else"[: 64], {"app-name-too-long"}
        if key == "minExecutors" and value.isdigit():
            yield "more executors at least than at most", e.start, end, "99999", {"dynamic-allocation-unsafe"}
        if role in ("sparkConf",):
            yield from of_setting(text, e, kubeflow)
        if key in ("image", "spark.kubernetes.container.image") and re.search(r"(?:^|/)spark:", value):
            yield "an image that is gone", e.start, end, "bitnami/spark:3.5.0", {"image-gone"}
        if key == "sparkVersion" and re.match(r"\d\.\d\.\d", value) and re.search(r"image: [\"']?\S*spark:v?\d", text):
            other = "3.3.2" if not value.startswith("3.3") else "3.5.1"
            yield "another Spark than the image's", e.start, end, other, {"spark-runtime-mismatch", "scala-binary-mismatch", "spark-module-mismatch"}


def of_setting(text, e, kubeflow):
    key, value, end = e.path[-1], e.value, e.start + len(e.value)
    start = text.rfind(key, 0, e.start)
    quote = text[e.start - 1]
    if not key.startswith("spark.") or start < 0 or key.startswith(("spark.hadoop.", "spark.sql.catalog.")):
        return
    known = r"spark\.(?:eventLog|executor|driver|sql\.(?:shuffle|adaptive|extensions)|dynamicAllocation|serializer|ui|jars|scheduler|kubernetes\.(?:executor|driver|allocation))"
    if re.match(known, key) and len(key) > 16 and "." not in key[-4:] and not re.search(r"annotation|label|nodeSelector|secret|volumes|env|Env|podTemplate", key):
        yield "a setting misspelt", start, start + len(key), swapped(key), {"conf-unknown-key"}
    if kubeflow and quote in "\"'" and (value in ("true", "false") or value.isdigit()):
        yield "a setting that is no text", e.start - 1, end + 1, value, {"app-conf-not-string"}
    if re.search(r"\.memory(?:Overhead)?$", key) and re.fullmatch(r"\d+[mgMG]", value):
        yield "a size by Kubernetes' unit", e.start, end, value.upper() + "i", {"conf-invalid-value", "app-memory-unit"}
    if value in ("true", "false") and re.match(r"spark\.(?:eventLog\.enabled|sql\.adaptive\.enabled|dynamicAllocation\.enabled)$", key):
        yield "a switch that is none", e.start, end, "yess", {"conf-invalid-value"}
    stop = end + (quote in "\"'")
    if quote != text[start - 1]:
        yield "a secret in plain text", start, stop, 'spark.hadoop.fs.s3a.secret.key: "wJ4lrXUtnFE7K2MDENG8bPxRfiCYzQ9a"', {"plaintext-credential"}
        if kubeflow:
            yield "a setting that the operator refuses", start, stop, 'spark.kubernetes.container.image: "acme/other:1.0.0"', {"app-conf-denied", "app-conf-shadowed"}


SETTING = re.compile(r"(?m)(?:^ +|--conf[ =][\"']?)(?P<x>spark\.(?:eventLog\.enabled|executor\.(?:memory|cores|instances)|driver\.memory|sql\.shuffle\.partitions|dynamicAllocation\.enabled|shuffle\.service\.enabled|serializer))(?=[ =])")


def of_scalars(text):
    """Settings inside block scalars and commands."""
    if not re.search(r"spark-defaults\.conf: *[|>]|spark-submit", text):
        return
    for match in SETTING.finditer(text):
        yield "a setting misspelt in a file or command", *match.span("x"), swapped(match["x"]), {"conf-unknown-key"}


def sites(repository):
    """Every place where some kind of defect can be seeded."""
    # Whatever runs of an image that is built here is decided by who builds it.
    built = {file.parent.name.lower() for file in repository.rglob("*ockerfile*")}
    charts = [file.parent for file in repository.rglob("Chart.yaml")]
    for path in sorted([*repository.rglob("*.yaml"), *repository.rglob("*.yml")]):
        relative = path.relative_to(repository).as_posix()
        if SKIPPED & set(relative.split("/")) or not path.is_file() or path.is_symlink() or path.stat().st_size > 1 << 20:
            continue
        if any(chart in path.parents for chart in charts):
            continue
        try:
            text = path.read_bytes().decode()
        except UnicodeDecodeError:
            continue
        # What is no YAML is told as such.
        if re.search(r"\{\{|image: \{|\r", text) or "kind:" not in text or "patch" in path.name:
            continue
        for at, document in documents(text):
            all_of, siblings = seed_charts.entries(document)
            for places in (of_workload(document, all_of, siblings), of_application(document, all_of, siblings), of_scalars(document)):
                for name, start, end, new, rules in places:
                    if name == "a tag that moves" and re.search(r"([\w.-]+):$", document[:start])[1].lower() in built:
                        continue
                    yield Kind(name, rules), relative, (at + start, at + end), new
