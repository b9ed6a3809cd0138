//! End to end on generated trees, and each reader on generated text. `benches/README.md` has the figures.
#![allow(clippy::unwrap_used)]

#[path = "check/tree.rs"]
mod tree;

use divan::counter::{BytesCount, ItemsCount};
use divan::{Bencher, black_box};
use sparkproof::discover::Request;
use sparkproof::session::{self, Wishes};
use sparkproof::source::FileId;
use sparkproof::{go, read, rust};
use std::path::Path;

fn main() {
    if let Some(wanted) = std::env::var_os("SPARKPROOF_TREE") {
        return write_tree(wanted.to_str().unwrap());
    }
    let threads = rayon::ThreadPoolBuilder::new().stack_size(16 << 20);
    threads.build_global().unwrap();
    divan::main();
}

/// `manifests 1000 folder`: only writes a tree, to be measured by other means.
fn write_tree(wanted: &str) {
    let mut words = wanted.splitn(3, ' ');
    let mut next = || words.next().unwrap_or_default();
    let (kind, count, folder) = (next(), next().parse().unwrap(), Path::new(next()).to_path_buf());
    match kind {
        "manifests" => tree::manifests(&folder, count),
        "maven" => tree::maven(&folder, count),
        "images" => tree::images(&folder, count),
        "services" => tree::services(&folder, count),
        "mixed" => tree::mixed(&folder, count),
        kind => panic!("no tree is called `{kind}`"),
    }
}

fn check(bencher: Bencher, folder: &Path, files: usize) {
    bencher.counter(ItemsCount::new(files)).bench(|| {
        let request = Request { paths: vec![folder.to_path_buf()], ..Request::default() };
        let outcome = session::run(&Wishes { request, ..Wishes::default() }).unwrap();
        black_box(outcome.sifted.findings.len())
    });
}

#[divan::bench(args = [100, 1000, 10_000], sample_count = 5, sample_size = 1)]
fn manifests(bencher: Bencher, count: usize) {
    let folder = tempfile::tempdir().unwrap();
    tree::manifests(folder.path(), count);
    check(bencher, folder.path(), count);
}

#[divan::bench(args = [100, 500, 2000], sample_count = 5, sample_size = 1)]
fn maven_modules(bencher: Bencher, count: usize) {
    let folder = tempfile::tempdir().unwrap();
    tree::maven(folder.path(), count);
    check(bencher, folder.path(), count);
}

#[divan::bench(args = [100, 200, 400], sample_count = 3, sample_size = 1)]
fn images_of_one_build(bencher: Bencher, count: usize) {
    let folder = tempfile::tempdir().unwrap();
    tree::images(folder.path(), count);
    check(bencher, folder.path(), 2 * count);
}

#[divan::bench(args = [100, 500, 2000], sample_count = 5, sample_size = 1)]
fn services(bencher: Bencher, count: usize) {
    let folder = tempfile::tempdir().unwrap();
    tree::services(folder.path(), count);
    check(bencher, folder.path(), 3 * count);
}

#[divan::bench(args = [2000, 20_000], sample_count = 3, sample_size = 1)]
fn mostly_other_files(bencher: Bencher, count: usize) {
    let folder = tempfile::tempdir().unwrap();
    tree::mixed(folder.path(), count);
    check(bencher, folder.path(), count);
}

/// A reader's throughput on about a megabyte.
fn reader<T>(bencher: Bencher, piece: &str, frame: [&str; 2], read: impl Fn(FileId, &str) -> T + Sync) {
    let text = format!("{}{}{}", frame[0], piece.repeat((1 << 20) / piece.len()), frame[1]);
    bencher.counter(BytesCount::of_str(&text)).bench(|| read(FileId(0), black_box(&text)));
}

#[divan::bench(sample_count = 10)]
fn read_yaml(bencher: Bencher) {
    reader(bencher, tree::MANIFEST, ["", ""], read::yaml::read);
}

#[divan::bench(sample_count = 10)]
fn read_json(bencher: Bencher) {
    reader(bencher, "{\"name\": \"a\", \"values\": [1, true, \"x\"]},\n", ["[", "{}]"], read::json::read);
}

#[divan::bench(sample_count = 10)]
fn read_pom(bencher: Bencher) {
    let frame = ["<project><dependencies>", "</dependencies></project>"];
    reader(bencher, tree::DEPENDENCY, frame, read::pom::read);
}

#[divan::bench(sample_count = 10)]
fn read_go_mod(bencher: Bencher) {
    let frame = ["module example.com/a\n\ngo 1.24\n\nrequire (\n", ")\n"];
    reader(bencher, "\texample.com/other v1.2.3 // indirect\n", frame, read::go_mod::read);
}

#[divan::bench(sample_count = 10)]
fn read_toml(bencher: Bencher) {
    reader(bencher, "[[dependency]]\nname = \"a\"\nversion = { at-least = \"1.0\" }\n", ["", ""], read::toml::read);
}

#[divan::bench(sample_count = 10)]
fn read_dockerfile(bencher: Bencher) {
    let piece = "ARG VERSION=1.2.3\nRUN apt-get update \\\n && apt-get install a\nCOPY --chown=1 a b\n";
    reader(bencher, piece, ["FROM apache/spark:3.5.4\n", ""], read::dockerfile::read);
}

#[divan::bench(sample_count = 10)]
fn read_requirements(bencher: Bencher) {
    reader(bencher, "pyspark[sql]==3.5.4 ; python_version >= '3.9'  # why\n", ["", ""], read::requirements::read);
}

#[divan::bench(sample_count = 10)]
fn read_properties(bencher: Bencher) {
    reader(bencher, "spark.executor.memory 4g\nspark.executor.cores=2\n", ["", ""], read::properties::read);
}

#[divan::bench(sample_count = 5)]
fn read_go(bencher: Bencher) {
    let piece =
        "//sparkproof:udf\nfunc F(a string) string {\n\tresponse, _ := http.Get(a)\n\treturn response.Status\n}\n";
    reader(bencher, piece, ["package p\n\nimport \"net/http\"\n", ""], |file, text| {
        go::parse(file, text, go::Depth::Whole)
    });
}

#[divan::bench(sample_count = 5)]
fn read_rust(bencher: Bencher) {
    let piece = "// sparkproof:udf\nfn f(a: &str) -> Option<String> {\n    fs::read_to_string(a).ok()\n}\n";
    reader(bencher, piece, ["use std::fs;\n", ""], rust::read);
}
