use super::*;
use crate::read;
use crate::source::{Format, Location, Source, Span};
use std::fmt::Write as _;
use std::path::PathBuf;

/// A repository of these files and what its templates make.
struct Charts {
    sources: Sources,
    texts: Vec<String>,
    helm: Helm,
}

fn charts(files: &[(&str, &str)]) -> Charts {
    let source = |(path, text): &(&str, &str)| Source {
        path: (*path).to_owned(),
        location: Location::Memory(text.as_bytes().into()),
        format: if path.rsplit('.').next() == Some("tpl") { Format::Template } else { Format::Yaml },
    };
    let sources = Sources::new(PathBuf::new(), files.iter().map(source).collect());
    let documents: Vec<Document> = sources.iter().map(|(file, source)| read::read(file, source, false)).collect();
    let helm = compose(&sources, &documents);
    Charts { texts: files.iter().map(|(_, text)| (*text).to_owned()).collect(), sources, helm }
}

impl Charts {
    fn trees(&self, path: &str, variant: Option<&str>) -> &[Tree] {
        let (file, _) = self.sources.iter().find(|(_, source)| source.path == path).unwrap();
        let rendered = self.helm.rendered(file).iter().find(|one| one.variant.as_deref() == variant);
        &rendered.unwrap_or_else(|| panic!("{path} is not followed")).trees
    }

    /// The bytes of a place, with the file's name.
    fn at(&self, span: Span) -> String {
        format!("{}: {}", self.sources.path(span.file), &self.texts[span.file.0 as usize][span.range()])
    }

    /// Each scalar of the first document with the bytes that it comes from; `?` where it is not known.
    fn scalars(&self, path: &str, variant: Option<&str>) -> String {
        let mut lines = String::new();
        if let Some(tree) = self.trees(path, variant).first() {
            self.walk(tree.root(), "", &mut lines);
        }
        lines
    }

    fn walk(&self, node: Node<'_>, path: &str, lines: &mut String) {
        for (entry, value) in node.entries() {
            self.walk(value, &format!("{path}.{}", entry.key), lines);
        }
        for (i, item) in node.items().enumerate() {
            self.walk(item, &format!("{path}.{i}"), lines);
        }
        if !node.is_mapping() && !node.is_sequence() {
            let value = node.text().map_or("?", Traced::as_str);
            let from = node.text().map(|text| format!(" < {}", self.at(text.span()))).unwrap_or_default();
            writeln!(lines, "{path} = {value}{from}").unwrap();
        }
        if node.is_open() {
            writeln!(lines, "{path} is open").unwrap();
        }
    }
}

/// One template beside these values.
fn one(values: &str, template: &str) -> String {
    let helpers = "{{- define \"etl.name\" -}}\n{{ default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix \"-\" }}\n{{- end -}}\n\
        {{- define \"etl.labels\" -}}\napp: {{ include \"etl.name\" . }}\n{{- if .Chart.AppVersion }}\nversion: {{ .Chart.AppVersion | quote }}\n{{- end }}\n{{- end -}}\n";
    let files = [
        ("etl/Chart.yaml", "apiVersion: v2\nname: etl\nversion: 0.1.0\nappVersion: \"3.5.1\"\n"),
        ("etl/values.yaml", values),
        ("etl/templates/_helpers.tpl", helpers),
        ("etl/templates/a.yaml", template),
    ];
    charts(&files).scalars("etl/templates/a.yaml", None)
}

#[test]
fn values_keep_their_places() {
    let values = "image:\n  repository: acme/etl\n  tag: \"\"\nport: 8080\n";
    let template = "image: \"{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}\"\n\
        port: {{ .Values.port }}\nother: {{ .Values.missing | default 9090 }}\n";
    assert_eq!(
        one(values, template),
        ".image = acme/etl:3.5.1 < etl/templates/a.yaml: {{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}\n\
         .port = 8080 < etl/values.yaml: 8080\n\
         .other = 9090 < etl/templates/a.yaml: 9090\n"
    );
}

#[test]
fn collections_are_written_as_yaml() {
    let values = "resources:\n  limits: { memory: 1Gi }\n  requests:\n    cpu: 100m\nempty: {}\nlist: [a, \"8\"]\n";
    let template = "resources:\n  {{- toYaml .Values.resources | nindent 2 }}\nempty:\n  {{- toYaml .Values.empty | nindent 2 }}\nlist: {{ toYaml .Values.list | nindent 2 }}\n";
    assert_eq!(
        one(values, template),
        ".resources.limits.memory = 1Gi < etl/values.yaml: 1Gi\n.resources.requests.cpu = 100m < etl/values.yaml: 100m\n\
         .list.0 = a < etl/values.yaml: a\n.list.1 = 8 < etl/values.yaml: 8\n"
    );
}

#[test]
fn helpers_write_where_they_are_called() {
    let template = "labels:\n  {{- include \"etl.labels\" . | nindent 2 }}\nname: {{ .Release.Name }}-{{ include \"etl.name\" . }}\n";
    assert_eq!(
        one("nameOverride: \"\"\n", template),
        ".labels.app = etl < etl/Chart.yaml: etl\n.labels.version = 3.5.1 < etl/Chart.yaml: 3.5.1\n\
         .name = release-name-etl < etl/templates/a.yaml: {{ .Release.Name }}-{{ include \"etl.name\" . }}\n"
    );
}

#[test]
fn a_branch_that_is_not_taken_is_not_there_unless_others_install_the_chart() {
    let values = "a: false\nb: true\n";
    let template = "x:\n  one: 1\n  {{- if .Values.a }}\n  two: 2\n  {{- else if .Values.b }}\n  three: 3\n  {{- else }}\n  four: 4\n  {{- end }}\ny: 5\n";
    let written = ".x.one = 1 < etl/templates/a.yaml: 1\n.x.three = 3 < etl/templates/a.yaml: 3\n";
    assert_eq!(one(values, template), format!("{written}.y = 5 < etl/templates/a.yaml: 5\n"));
    let files = [
        ("etl/Chart.yaml", "name: etl\n"),
        ("etl/values.yaml", values),
        ("etl/values-prod.yaml", "c: 1\n"),
        ("etl/templates/a.yaml", template),
    ];
    let open = charts(&files).scalars("etl/templates/a.yaml", None);
    assert_eq!(open, format!("{written}.x is open\n.y = 5 < etl/templates/a.yaml: 5\n"));
}

#[test]
fn what_is_not_known_poisons_only_itself() {
    let template = "key: {{ randAlphaNum 8 }}\nsum: {{ include \"etl.name\" . | sha256sum }}\n\
        {{- if .Capabilities.APIVersions.Has \"x/v1\" }}\none: 1\n{{- else }}\ntwo: 2\n{{- end }}\nname: {{ .Chart.Name }}\n";
    assert_eq!(
        one("a: 1\n", template),
        ".key = ?\n.sum = ?\n.two = 2 < etl/templates/a.yaml: 2\n.name = etl < etl/Chart.yaml: etl\n is open\n"
    );
}

#[test]
fn loops_go_over_lists_and_mappings() {
    let values = "env:\n  B: \"2\"\n  A: one\nports: [80, 443]\nnone: []\n";
    let template = "env:\n{{- range $key, $value := .Values.env }}\n  - name: {{ $key }}\n    value: {{ $value | quote }}\n{{- end }}\n\
        ports:\n{{- range .Values.ports }}\n  - {{ . }}\n{{- end }}\nlast: {{ with .Values.none }}a{{ else }}b{{ end }}\n";
    assert_eq!(
        one(values, template),
        ".env.0.name = A < etl/values.yaml: A\n.env.0.value = one < etl/values.yaml: one\n.env.1.name = B < etl/values.yaml: B\n\
         .env.1.value = 2 < etl/values.yaml: 2\n.ports.0 = 80 < etl/values.yaml: 80\n.ports.1 = 443 < etl/values.yaml: 443\n\
         .last = b < etl/templates/a.yaml: b\n"
    );
}

#[test]
fn variables_and_functions() {
    let template = "{{- $name := printf \"%s-%d\" .Chart.Name 2 -}}\n{{- $all := dict \"a\" (list 1 2) \"b\" \"x\" -}}\n{{- if true }}{{ $name = upper $name }}{{ end -}}\n\
        name: {{ $name }}\nb: {{ get $all \"b\" | squote }}\nn: {{ add (index $all.a 1) 3 | int }}\nt: {{ ternary \"y\" \"n\" (eq $name \"ETL-2\") }}\n\
        e: {{ b64enc \"ab\" }}\nj: {{ join \",\" $all.a }}\nk: {{ hasKey $all \"c\" }}\n";
    assert_eq!(
        one("a: 1\n", template).lines().map(|line| line.split(" < ").next().unwrap()).collect::<Vec<_>>(),
        [".name = ETL-2", ".b = x", ".n = 5", ".t = y", ".e = YWI=", ".j = 1,2", ".k = false"]
    );
}

#[test]
fn each_values_file_is_a_variant() {
    let files = [
        ("etl/Chart.yaml", "apiVersion: v2\nname: etl\nversion: 0.1.0\n"),
        ("etl/values.yaml", "memory: 1Gi\nreplicas: 1\n"),
        ("etl/values-prod.yaml", "memory: 8Gi\n"),
        ("etl/ci/small-values.yaml", "replicas: 0\n"),
        ("etl/templates/a.yaml", "memory: {{ .Values.memory }}\nreplicas: {{ .Values.replicas }}\n"),
    ];
    let charts = charts(&files);
    let path = "etl/templates/a.yaml";
    assert_eq!(
        charts.scalars(path, None),
        ".memory = 1Gi < etl/values.yaml: 1Gi\n.replicas = 1 < etl/values.yaml: 1\n"
    );
    assert_eq!(
        charts.scalars(path, Some("values-prod")),
        ".memory = 8Gi < etl/values-prod.yaml: 8Gi\n.replicas = 1 < etl/values.yaml: 1\n"
    );
    assert_eq!(
        charts.scalars(path, Some("ci-small-values")),
        ".memory = 1Gi < etl/values.yaml: 1Gi\n.replicas = 0 < etl/ci/small-values.yaml: 0\n"
    );
    assert_eq!(path_of(path, "values-prod"), "etl/~values-prod/templates/a.yaml");
}

#[test]
fn charts_inside_take_values_of_the_outer_one() {
    let files = [
        ("app/Chart.yaml", "apiVersion: v2\nname: app\nversion: 0.1.0\n"),
        ("app/values.yaml", "global: { registry: r.example.com }\ndb:\n  memory: 2Gi\n"),
        ("app/charts/db/Chart.yaml", "apiVersion: v2\nname: db\nversion: 0.1.0\n"),
        ("app/charts/db/values.yaml", "memory: 1Gi\ncpu: 1\n"),
        (
            "app/charts/db/templates/db.yaml",
            "m: {{ .Values.memory }}\nc: {{ .Values.cpu }}\ni: {{ .Values.global.registry }}/{{ .Chart.Name }}\n",
        ),
    ];
    assert_eq!(
        charts(&files).scalars("app/charts/db/templates/db.yaml", None),
        ".m = 2Gi < app/values.yaml: 2Gi\n.c = 1 < app/charts/db/values.yaml: 1\n\
         .i = r.example.com/db < app/charts/db/templates/db.yaml: {{ .Values.global.registry }}/{{ .Chart.Name }}\n"
    );
}

#[test]
fn a_template_that_calls_itself_is_given_up() {
    let files = [
        ("etl/Chart.yaml", "name: etl\n"),
        ("etl/templates/_a.tpl", "{{ define \"a\" }}{{ include \"a\" . }}{{ end }}"),
        ("etl/templates/a.yaml", "a: {{ include \"a\" . }}\n"),
        (
            "etl/templates/b.yaml",
            "{{ range until 999 }}{{ range until 999 }}{{ range until 999 }}a{{ end }}{{ end }}{{ end }}",
        ),
    ];
    let charts = charts(&files);
    assert!(charts.helm.rendered.is_empty(), "{:?}", charts.helm.rendered);
}

#[test]
fn a_template_that_may_call_itself_is_followed_up_to_that_doubt() {
    let deep = "{{ define \"deep\" }}{{ $to := deepCopy .to }}{{ range $k, $v := .from }}{{ if hasKey $to $k }}\
                {{ $_ := set $to $k (include \"deep\" (dict \"to\" (index $to $k) \"from\" $v) | fromYaml) }}{{ end }}{{ end }}\
                {{ toYaml $to }}{{ end }}";
    let files = [
        ("etl/Chart.yaml", "name: etl\n"),
        ("etl/templates/_deep.tpl", deep),
        (
            "etl/templates/a.yaml",
            "a: 1\nb: {{ include \"deep\" (dict \"to\" (dict \"x\" (randAlpha 3)) \"from\" (randAlpha 9 | fromYaml)) | quote }}\n",
        ),
    ];
    assert!(charts(&files).scalars("etl/templates/a.yaml", None).starts_with(".a = 1 < "));
}

#[test]
fn names_of_images_are_filled_in_where_a_template_is_not_followed() {
    let values =
        "images: { repository: gcr.io/acme }\netl:\n  name: etl\nimage:\n  repository: acme/api\n  tag: \"\"\n";
    let charts = charts(&[("charts/etl/Chart.yaml", "name: etl\n"), ("charts/etl/values.yaml", values)]);
    let name = |image: &str| {
        let written = Traced::literal(image, Span::new(FileId(1), 0..image.len()));
        charts.helm.image_name("charts/etl/templates/job/job.yaml", &written).map(|name| name.to_string())
    };
    let default = "{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}";
    assert_eq!(name(default).unwrap(), "acme/api");
    assert_eq!(name("{{ .Values.images.repository }}/{{ .Values.etl.name }}:1.0").unwrap(), "gcr.io/acme/etl");
    assert_eq!(name("{{ include \"etl.image\" . }}"), None);
    assert_eq!(name("{{ .Values.image.registry }}/{{ .Values.image.repository }}:1"), None);
    assert_eq!(name("{{ $registry }}/etl:1"), None);
}

#[test]
fn what_is_off_is_a_variant_and_failures_are_none() {
    let files = [
        ("etl/Chart.yaml", "name: etl\n"),
        ("etl/values.yaml", "metrics:\n  enabled: false\n  port: 9090\n"),
        (
            "etl/templates/a.yaml",
            "{{- if .Values.metrics.enabled }}\nport: {{ .Values.metrics.port }}\n{{- fail \"never\" }}\n---\n{{- $x := 1 -}}\nb: {{ $x }}\n{{- end }}\n",
        ),
    ];
    let charts = charts(&files);
    let path = "etl/templates/a.yaml";
    assert!(charts.trees(path, None).is_empty());
    assert_eq!(charts.scalars(path, Some(ALL_ON)), ".port = 9090 < etl/values.yaml: 9090\n");
    assert_eq!(charts.trees(path, Some(ALL_ON)).len(), 2);
}

#[test]
fn empty_values_are_what_they_are_and_empty_words_are_left_to_whoever_installs_the_chart() {
    let values = "resources: {}\ntag: \"\"\nname: x\n";
    let template = "resources: {{- toYaml .Values.resources | nindent 2 }}\nimage: \"acme:{{ .Values.tag }}\"\nsame: {{ eq (toYaml .Values.resources) \"{}\" }}\n\
        labels:\n  a: b\n  {{- with .Values.resources }}\n  c: {{ . }}\n  {{- end }}\n";
    assert_eq!(
        one(values, template),
        ".image = ?\n.same = true < etl/templates/a.yaml: {{ eq (toYaml .Values.resources) \"{}\" }}\n\
         .labels.a = b < etl/templates/a.yaml: b\n"
    );
}

#[test]
fn no_mutation_panics_or_leaves_its_file() {
    let template = "{{- range $i, $v := .Values.list }}\n- name: {{ $v | quote }}\n{{- end }}\nx: {{ include \"etl.labels\" . | nindent 2 }}\r\ny: {{ printf \"%s-%d\" .Chart.Name 3 | trunc 4 }}\nz: {{- toYaml .Values.map | nindent 2 }}\n";
    let values = "list: [a, b]\nmap: { a: { b: [1, { c: |\n d }] } }\n";
    crate::read::mutation::each(&[template, values], |text| {
        let is_template = text.contains("nindent") || text.contains("range");
        let (template, values) = if is_template { (text, values) } else { (template, text) };
        let files = [
            ("etl/Chart.yaml", "name: etl\n"),
            ("etl/values.yaml", values),
            ("etl/templates/_h.tpl", "{{ define \"etl.labels\" }}a: {{ .Chart.Name }}\nb: é{{ end }}"),
            ("etl/templates/a.yaml", template),
        ];
        let charts = charts(&files);
        for node in charts.helm.rendered.values().flatten().flat_map(|one| &one.trees).flat_map(Tree::nodes) {
            charts.at(node.span());
            if let Some(text) = node.text() {
                charts.at(text.written());
                if text.is_replaceable() {
                    assert!(charts.at(text.span()).ends_with(text.as_str()));
                }
            }
        }
    });
}

#[test]
fn texts_of_values_are_templates_with_places() {
    let values =
        "probe:\n  path: \"{{ .Chart.Name }}/ready\"\n  timeoutSeconds: 99\nscript: |\n  run {{ .Chart.Name }}\n";
    let template =
        "probe:\n  {{- tpl (toYaml .Values.probe) $ | nindent 2 }}\nscript: {{ tpl .Values.script . | quote }}\n";
    assert_eq!(
        one(values, template),
        ".probe.path = etl/ready < etl/values.yaml: {{ .Chart.Name }}/ready\n\
         .probe.timeoutSeconds = 99 < etl/values.yaml: 99\n.script = run etl\n < etl/values.yaml: run \n"
    );
}

#[test]
fn what_functions_write_is_seen_by_all_who_hold_it() {
    let template = "{{- define \"mode\" }}{{ $_ := set . \"mode\" \"ha\" }}{{ $_ := set .Values.a \"c\" 3 }}{{ end -}}\n\
        {{- $a := .Values.a -}}{{- template \"mode\" . -}}\nmode: {{ .mode }}\nc: {{ $a.c }}\nall:\n  {{- toYaml .Values.a | nindent 2 }}\n\
        {{- $d := dict \"x\" 1 -}}{{- $e := deepCopy $d -}}{{- $_ := set $d \"x\" 2 }}\nd: {{ $d.x }}\ne: {{ $e.x }}\n";
    assert_eq!(
        one("a: { b: 1 }\n", template).lines().map(|line| line.split(" < ").next().unwrap()).collect::<Vec<_>>(),
        [".mode = ha", ".c = 3", ".all.b = 1", ".all.c = 3", ".d = 2", ".e = 1"]
    );
}

#[test]
fn what_a_template_writes_into_the_values_the_next_one_reads() {
    let files = [
        ("etl/Chart.yaml", "name: etl\n"),
        ("etl/values.yaml", "a: 1\n"),
        ("etl/templates/zzz.yaml", "{{- $_ := set $ \"Values\" (merge (dict \"b\" 2) .Values) }}\n"),
        ("etl/templates/a.yaml", "a: {{ .Values.a }}\nb: {{ .Values.b }}\n"),
    ];
    let made = charts(&files).scalars("etl/templates/a.yaml", None);
    assert_eq!(made, ".a = 1 < etl/values.yaml: 1\n.b = 2 < etl/templates/zzz.yaml: 2\n");
}

#[test]
fn loops_are_left() {
    let template = "{{- range $i, $v := .Values.list }}\n{{- if eq $v \"b\" }}{{ continue }}{{ end }}\n{{- if eq $v \"d\" }}{{ break }}{{ end }}\n- {{ $v }}\n{{- end }}\n";
    let made = one("list: [a, b, c, d, e]\n", template);
    assert_eq!(made, ".0 = a < etl/values.yaml: a\n.1 = c < etl/values.yaml: c\n");
}

#[test]
fn a_cluster_of_today_answers_and_what_hangs_on_it_is_said_so() {
    let template = "{{- if semverCompare \">=1.25-0\" .Capabilities.KubeVersion.GitVersion }}\napiVersion: policy/v1\n{{- else }}\napiVersion: policy/v1beta1\n\
        {{- end }}\nkind: A\n{{- if .Capabilities.APIVersions.Has \"security.openshift.io/v1\" }}\nuser: 1\n{{- end }}\n---\napiVersion: v1\nkind: B\n";
    let files = [("etl/Chart.yaml", "name: etl\n"), ("etl/values.yaml", "a: 1\n"), ("etl/templates/a.yaml", template)];
    let charts = charts(&files);
    let trees = charts.trees("etl/templates/a.yaml", None);
    assert_eq!(trees[0].root().get("apiVersion").and_then(Node::str), Some("policy/v1"));
    assert_eq!(trees.iter().map(|tree| tree.asks_cluster).collect::<Vec<_>>(), [true, false]);
    assert!(trees[0].root().is_open(), "another cluster would have a user");
}

#[test]
fn charts_inside_follow_their_conditions_and_aliases() {
    let about = "name: app\ndependencies:\n- { name: db, condition: db.enabled }\n- { name: db, alias: other, tags: [extra] }\n- { name: cache, repository: \"file://parts/cache\" }\n";
    let files = [
        ("app/Chart.yaml", about),
        (
            "app/values.yaml",
            "db: { enabled: false }\ntags: { extra: true }\nother: { memory: 3Gi }\ncache: { memory: 5Gi }\n",
        ),
        ("app/charts/db/Chart.yaml", "name: db\n"),
        ("app/charts/db/values.yaml", "memory: 1Gi\n"),
        ("app/charts/db/templates/db.yaml", "m: {{ .Values.memory }}\n"),
        ("app/parts/cache/Chart.yaml", "name: cache\n"),
        ("app/parts/cache/values.yaml", "memory: 1Gi\n"),
        ("app/parts/cache/templates/c.yaml", "m: {{ .Values.memory }}\n"),
    ];
    let charts = charts(&files);
    assert_eq!(charts.scalars("app/charts/db/templates/db.yaml", None), ".m = 3Gi < app/values.yaml: 3Gi\n");
    assert_eq!(charts.scalars("app/parts/cache/templates/c.yaml", None), ".m = 5Gi < app/values.yaml: 5Gi\n");
}

#[test]
fn hostile_values_end() {
    let doubled = "{{- $x := dict \"a\" 1 }}{{- range until 60 }}{{- $x = dict \"a\" $x \"b\" $x }}{{- end }}\na: {{ toYaml $x | len }}\nb: {{ toJson $x | len }}\nc: {{ eq (list $x) (list $x) }}\n";
    let text =
        "{{- $s := \"aaaaaaaa\" }}{{- range until 60 }}{{- $s = printf \"%s%s\" $s $s }}{{- end }}\na: {{ len $s }}\n";
    let lists = "{{- $l := list 1 2 }}{{- range until 60 }}{{- $l = concat $l $l }}{{- end }}\na: {{ len $l }}\n";
    let own = "{{- $d := dict }}{{- $_ := set $d \"a\" $d }}{{- $_ := set $d \"b\" $d }}\na: {{ toYaml $d | len }}\nb: {{ len (deepCopy $d) }}\n";
    let deep = "{{- $x := dict }}{{- range until 999 }}{{- range until 100 }}{{- $x = dict \"a\" (list $x) }}{{- end }}{{- end }}\na: b\n";
    let many = "{{- $d := dict }}{{- range $i := until 999 }}{{- range $j := until 100 }}{{- $_ := set $d (printf \"%d-%d\" $i $j) 1 }}{{- end }}{{- end }}\na: b\n";
    for template in [doubled, text, lists, own, deep, many] {
        let files =
            [("etl/Chart.yaml", "name: etl\n"), ("etl/values.yaml", "a: 1\n"), ("etl/templates/a.yaml", template)];
        charts(&files);
    }
}
