"""Writes rules/tables/custom-resources.fields: the fields of Spark's custom resources, of several releases at once.

    python3 tools/crd_fields.py FOLDER… > rules/tables/custom-resources.fields

Each FOLDER holds the CustomResourceDefinitions (YAML) of one release; oldest first, so that the last one says what is required.
What any release has is a field; a field of two types has both. Only names and types are written: no descriptions, no defaults.
Needs PyYAML.
"""

import sys
from pathlib import Path

import yaml

# Kubeflow's `template` and Stackable's `podOverrides` accept anything in the definition, and are decoded as pod templates: they
# get the pod template that Apache's definition has, without what it requires, since the operators complete it.
POD_TEMPLATES = {"template", "podOverrides"}
POD_TEMPLATE_SOURCE = ("spark.apache.org/v1", "SparkApplication", ["spec", "driverSpec", "podTemplateSpec"])

HEAD = """\
# The fields of Spark's custom resources: names and types from the CustomResourceDefinitions that their operators publish, of all
# the releases looked at together. Written by `tools/crd_fields.py`; not to be changed by hand.
#
# Sources: https://github.com/kubeflow/spark-operator, https://github.com/apache/spark-kubernetes-operator and
# https://github.com/stackabletech/spark-k8s-operator (Apache-2.0, Apache-2.0, OSL-3.0: facts only).
#
# `resource API KIND SHAPE`, then shapes: a name, and below it one field a line. `!` is required; `[T]` is a list, `{T}` a mapping
# with any keys, `=a,b` one of these texts, `?` anything, `A|B` either; a capital letter begins the name of another shape.
"""


def scalar(kind, **more):
    return {"kind": kind, **more}


def node(schema):
    """A definition's node, as far as we need it."""
    if schema.get("x-kubernetes-int-or-string"):
        return scalar("int-or-string")
    branches = [b for key in ("oneOf", "anyOf", "allOf") for b in schema.get(key, [])]
    kind = schema.get("type")
    if kind == "array":
        return {"kind": "list", "of": node(schema.get("items", {}))}
    properties = dict(schema.get("properties", {}))
    for branch in branches:
        for name, sub in branch.get("properties", {}).items():
            properties.setdefault(name, sub)
    if kind == "object" or properties:
        if properties:
            fields = {name: node(sub) for name, sub in properties.items()}
            # An object that keeps unknown fields as well is one of which nothing can be unknown.
            if schema.get("x-kubernetes-preserve-unknown-fields"):
                return scalar("any")
            return {"kind": "object", "fields": fields, "required": set(schema.get("required", []))}
        values = schema.get("additionalProperties")
        if isinstance(values, dict) and values:
            return {"kind": "map", "of": node(values)}
        return scalar("any")
    if kind == "string" and schema.get("enum") and all(isinstance(v, str) for v in schema["enum"] if v is not None):
        # Some releases allow the empty text, or nothing; neither is worth a value's name.
        return scalar("enum", values=sorted({v for v in schema["enum"] if v}))
    if kind in ("string", "integer", "number", "boolean"):
        return scalar(kind)
    return scalar("any")


def merge(old, new):
    """What either allows; required is what the newer one says."""
    if old["kind"] == "any" or new["kind"] == "any":
        return new if old["kind"] == "any" and new["kind"] == "object" else scalar("any")
    if old["kind"] != new["kind"]:
        kinds = {old["kind"], new["kind"]}
        if kinds == {"enum", "string"}:
            return scalar("string")
        simple = {"string", "integer", "number", "boolean", "int-or-string", "either"}
        if kinds <= simple:
            names = set(old.get("names", [old["kind"]])) | set(new.get("names", [new["kind"]]))
            return {"kind": "either", "names": names}
        return scalar("any")
    match new["kind"]:
        case "object":
            fields = dict(old["fields"])
            for name, sub in new["fields"].items():
                fields[name] = merge(fields[name], sub) if name in fields else sub
            return {"kind": "object", "fields": fields, "required": new["required"]}
        case "list" | "map":
            return {"kind": new["kind"], "of": merge(old["of"], new["of"])}
        case "enum":
            return scalar("enum", values=sorted(set(old["values"]) | set(new["values"])))
        case "either":
            return {"kind": "either", "names": set(old["names"]) | set(new["names"])}
    return new


def relaxed(tree):
    """The same without anything required."""
    if tree["kind"] == "object":
        return {"kind": "object", "fields": {k: relaxed(v) for k, v in tree["fields"].items()}, "required": set()}
    return {**tree, "of": relaxed(tree["of"])} if "of" in tree else tree


def with_templates(tree, template, name=""):
    if tree["kind"] == "any" and name in POD_TEMPLATES:
        return template
    if tree["kind"] == "object":
        fields = {k: with_templates(v, template, k) for k, v in tree["fields"].items()}
        return {**tree, "fields": fields}
    return {**tree, "of": with_templates(tree["of"], template)} if "of" in tree else tree


class Shapes:
    """Equal objects are written once."""

    def __init__(self):
        self.by_text, self.names, self.blocks = {}, set(), []

    def type(self, tree, name):
        match tree["kind"]:
            case "object":
                return self.shape(tree, name)
            case "list":
                return f"[{self.type(tree['of'], name.removesuffix('s') or name)}]"
            case "map":
                return "{" + self.type(tree["of"], name.removesuffix("s") or name) + "}"
            case "enum":
                return "=" + ",".join(tree["values"])
            case "either":
                return "|".join(sorted(tree["names"]))
            case "any":
                return "?"
        return tree["kind"]

    def shape(self, tree, name):
        lines = []
        for field in sorted(tree["fields"]):
            mark = "!" if field in tree["required"] else ""
            lines.append(f" {field}{mark} {self.type(tree['fields'][field], field)}")
        text = "\n".join(lines)
        if text not in self.by_text:
            base = name[:1].upper() + name[1:]
            own, number = base, 2
            while own in self.names:
                own, number = f"{base}{number}", number + 1
            self.names.add(own)
            self.by_text[text] = own
            self.blocks.append(f"{own}\n{text}\n")
        return self.by_text[text]


def definitions(folder):
    for path in sorted(Path(folder).glob("*.y*ml")):
        for document in yaml.load_all(path.read_text(), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
            if document and document.get("kind") == "CustomResourceDefinition":
                yield document["spec"]


def main(folders):
    resources = {}
    for folder in folders:
        for spec in definitions(folder):
            for version in spec.get("versions", []):
                schema = version.get("schema", {}).get("openAPIV3Schema") or spec.get("validation", {}).get("openAPIV3Schema")
                if not schema:
                    continue
                key = (f"{spec['group']}/{version['name']}", spec["names"]["kind"])
                tree = node(schema)
                for own in ("apiVersion", "kind"):
                    tree["fields"][own] = scalar("string")
                tree["fields"]["metadata"] = scalar("any")
                tree["fields"]["status"] = scalar("any")
                tree["required"] -= {"apiVersion", "kind", "metadata", "status"}
                resources[key] = merge(resources[key], tree) if key in resources else tree
    api, kind, path = POD_TEMPLATE_SOURCE
    template = resources[api, kind]
    for step in path:
        template = template["fields"][step]
    template = relaxed(template)
    shapes, lines = Shapes(), []
    for (api, kind), tree in sorted(resources.items()):
        lines.append(f"resource {api} {kind} {shapes.type(with_templates(tree, template), kind)}")
    print(HEAD)
    print("\n".join(lines))
    print()
    print("\n".join(shapes.blocks), end="")


main(sys.argv[1:])
