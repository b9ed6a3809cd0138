#![allow(clippy::unwrap_used, clippy::format_collect)]

use super::*;
use crate::source::FileId;

const WAYS: [(&str, bool); 7] = [
    ("pyspark.sql.UDFRegistration.register", false),
    ("pyspark.sql.functions.udf", false),
    ("pyspark.RDD.map", false),
    ("pyspark.RDD.mapPartitions", false),
    ("pyspark.sql.DataFrame.foreach", false),
    ("udf.register", true),
    ("mapInPandas", true),
];

fn parsed(number: usize, text: &str) -> Syntax {
    let mut parser = tree_sitter::Parser::new();
    parser.set_language(&tree_sitter_python::LANGUAGE.into()).unwrap();
    lower(FileId(number as u32), text, &parser.parse(text, None).unwrap())
}

/// What is reached: `function: path`, `function ! captured`, each once.
fn reached(files: &[(&str, &str)]) -> Vec<String> {
    let syntax: Vec<Syntax> = files.iter().enumerate().map(|(number, (_, text))| parsed(number, text)).collect();
    let mut world = World::new(&syntax, files.iter().map(|(path, _)| *path));
    let ways: Vec<Way> = WAYS
        .iter()
        .map(|(name, is_name)| Way { name: (*name).into(), is_name: *is_name, methods: Vec::new() })
        .collect();
    let mut roots = Vec::new();
    for file in 0..syntax.len() as u32 {
        roots.extend(entries::handed(&mut world, file, &ways).iter().map(|handed| handed.function));
    }
    let found = graph::reach(&mut world, &[roots]);
    let mut lines = Vec::new();
    for one in &found {
        let name = &world.function(one.function).unwrap().name;
        lines.extend(one.references.iter().map(|reference| format!("{name}: {}", reference.path)));
        lines.extend(one.captures.iter().map(|capture| {
            if capture.is_made {
                format!("{name} makes {:?}", capture.kind)
            } else {
                format!("{name} ! {}", capture.name)
            }
        }));
    }
    lines.sort();
    lines.dedup();
    lines
}

fn one(text: &str) -> Vec<String> {
    let head = "import os\nfrom pyspark.sql import SparkSession\nfrom pyspark.sql.functions import udf\nspark = SparkSession.builder.getOrCreate()\n";
    reached(&[("job.py", &format!("{head}{text}"))])
}

#[test]
fn functions_come_to_tasks_in_many_spellings() {
    for text in [
        "@udf\ndef f(x): return os.a(x)",
        "@udf()\ndef f(x): return os.a(x)",
        "@udf('int')\ndef f(x): return os.a(x)",
        "def f(x): return os.a(x)\ng = udf(f, 'int')",
        "def f(x): return os.a(x)\ng = udf('int')(f)",
        "def f(x): return os.a(x)\ng = udf(f=f)",
        "def f(x): return os.a(x)\nspark.udf.register('f', f)",
        "def f(x): return os.a(x)\nspark.udf.register(name='f', f=f)",
        "def f(x): return os.a(x)\nclass A:\n  def go(self): self.any.udf.register('f', f)",
        "def f(x): return os.a(x)\nspark.sql('').rdd.map(f)",
        "def f(x): return os.a(x)\nspark.sparkContext.parallelize([]).map(f)",
        "def f(x): return os.a(x)\nimport functools\nudf(functools.partial(f, 1))",
        "def f(x): return os.a(x)\nfrom functools import partial as p\nudf(p(f, 1))",
        "def f(x): return os.a(x)\ndef go(frame): frame.mapInPandas(f, 'a int')",
        "def go(rdd):\n  def f(x): return os.a(x)\n  rdd.map(f)",
        "def go(frame: 'pyspark.sql.DataFrame'): pass\ndef f(x): return os.a(x)\nimport pyspark\ndef go(frame: \"pyspark.sql.DataFrame\"): frame.foreach(f)",
        "from typing import Optional\nfrom pyspark.sql import DataFrame as D\ndef f(x): return os.a(x)\ndef go(frame: Optional[D]): frame.foreach(f)",
        "from pyspark.sql import DataFrame as D\ndef f(x): return os.a(x)\ndef go(frame: D | None = None): frame.where('a').foreach(f)",
        "from pyspark.sql import DataFrame as D\ndef f(x): return os.a(x)\ndef load() -> D: ...\nload().foreach(f)",
        "def f(x): return os.a(x)\ndef load(): return spark.table('a')\ndata = load()\ndata = data.where('b')\ndata.foreach(f)",
        "import pyspark.sql.functions\ndef f(x): return os.a(x)\npyspark.sql.functions.udf(f)",
        "from pyspark.sql.functions import *\ndef f(x): return os.a(x)\nudf(f)",
        "f = lambda x: os.a(x)\nudf(f)",
        "def f(x): return os.a(x)\nf = udf(f, 'int')",
        "def f(x): return os.a(x)\nf = udf('int')(f)",
        "from decimal import *\nfrom pyspark.sql.functions import *\ndef f(x): return os.a(x)\ng = udf(f)",
        "def outer():\n  def f(x): return os.a(x)\n  return f\nudf(outer())",
        "class A:\n  def f(self, x): return os.a(x)\nudf(A().f)",
        "class A:\n  @staticmethod\n  def f(x): return os.a(x)\nudf(A.f)",
        "class A:\n  def __call__(self, x): return os.a(x)\nudf(A())",
        "if (g := udf(lambda x: os.a(x))): pass",
        "with open('a') as f:\n  udf(lambda x: os.a(x))",
        "try:\n  udf(lambda x: os.a(x))\nexcept OSError as e: pass",
        "x = [udf(lambda x: os.a(x)) for _ in range(3)]",
        "async def go():\n  return udf(lambda x: os.a(x))",
        "match 1:\n  case 1:\n    udf(lambda x: os.a(x))",
    ] {
        let found = one(text);
        assert!(found.iter().any(|line| line.ends_with(": os.a")), "{text}: {found:?}");
    }
}

#[test]
fn what_only_looks_like_it_is_none() {
    for text in [
        "def f(x): return os.a(x)\nlist(map(f, []))",
        "def f(x): return os.a(x)\nimport pandas as pd\npd.Series().map(f)",
        "def f(x): return os.a(x)\nspark.table('a').toPandas().x.map(f)",
        "def f(x): return os.a(x)\nspark.table('a').transform(f)",
        "def f(x): return os.a(x)\nspark.readStream.load().writeStream.foreachBatch(f)",
        "def udf(f): return f\ndef f(x): return os.a(x)\nudf(f)",
        "from mine import udf\ndef f(x): return os.a(x)\nudf(f)",
        "def g(udf):\n  udf(lambda x: os.a(x))",
        "def f(x): return os.a(x)\ndef go(rows): rows.map(f)",
        "class A:\n  def mapInPandas(self, f): pass\nA().mapInPandas(lambda x: os.a(x))",
        "def f(x): return os.a(x)\nspark.table('a').rdd.collect().map(f)",
        "def f(os): return os.a(1)\nudf(f)",
        "def f(x):\n  os = x\n  return os.a(1)\nudf(f)",
        "def f(x):\n  for os in x: os.a(1)\nudf(f)",
        "def f(x): return [os.a(1) for os in x]\nudf(f)",
        "def f(x):\n  with x as os: os.a(1)\nudf(f)",
        "def f(x):\n  try: pass\n  except E as os: os.a(1)\nudf(f)",
        "def f(x):\n  match x:\n    case {'a': os}: os.a(1)\nudf(f)",
        "def f(x):\n  from mine import os\n  os.a(1)\nudf(f)",
        "def f(x):\n  def os(): pass\n  os.a(1)\nudf(f)",
        "def f(x: os.a): pass\nudf(f)",
        "@udf\ndef f(x):\n  y: os.a = 1",
        "try:\n  import os as o\nexcept ImportError:\n  import mine as o\nudf(lambda x: o.a(x))",
    ] {
        let found = one(text);
        assert!(!found.iter().any(|line| line.ends_with(": os.a")), "{text}: {found:?}");
    }
}

#[test]
fn the_way_leads_through_what_python_calls() {
    for text in [
        "def g(x): os.a(x)\n@udf\ndef f(x): return g(x)",
        "def g(x): os.a(x)\n@udf\ndef f(x): return sorted(x, key=g)",
        "@udf\ndef f(x):\n  def g(): os.a(x)\n  return g()",
        "@udf\ndef f(x): return (lambda: os.a(x))()",
        "class A:\n  def __init__(self): os.a(1)\n@udf\ndef f(x): return A()",
        "class B:\n  def g(self): os.a(1)\nclass A(B):\n  def h(self): self.g()\n@udf\ndef f(x): return A().h()",
        "class B:\n  def g(self): os.a(1)\nclass A(B):\n  def g(self): super().g()\n@udf\ndef f(x): return A().g()",
        "class A:\n  @property\n  def g(self): return os.a(1)\n@udf\ndef f(x): return A().g",
        "class A:\n  def __init__(self): self.b = B()\nclass B:\n  def g(self): os.a(1)\n@udf\ndef f(x): return A().b.g()",
        "class A:\n  @classmethod\n  def make(cls): return cls()\n  def g(self): os.a(1)\n@udf\ndef f(x): return A.make().g()",
        "def wrap(f):\n  def inner(*a):\n    os.a(1)\n    return f(*a)\n  return inner\n@udf\n@wrap\ndef f(x): return x",
        "def wrap(n):\n  def outer(f):\n    def inner(*a): return os.a(1)\n    return inner\n  return outer\n@udf\n@wrap(3)\ndef f(x): return x",
        "def g(x, run=os.a): run(x)\n@udf\ndef f(x): return g(x)",
        "run = os.a\n@udf\ndef f(x): return run(x)",
        "@udf\ndef f(x): return __import__('os').a(x)",
        "import importlib\n@udf\ndef f(x): return importlib.import_module('os').a(x)",
        "@udf\ndef f(x): return getattr(os, 'a')(x)",
        "@udf\ndef f(x):\n  import os as o\n  return o.a(x)",
        "@udf\ndef f(x): return f'{os.a(x)}'",
        "@udf\ndef f(x):\n  global later\n  later = os.a\ndef g(): later()\n",
        "@udf\ndef f(x):\n  yield from (os.a(y) for y in x)",
        "@udf\ndef f(x): return {'k': os.a}[x]()",
        "@udf\ndef f(x): return (g if x else None)(x)\ndef g(x): os.a(x)",
    ] {
        let found = one(text);
        assert!(found.iter().any(|line| line.ends_with(": os.a")), "{text}: {found:?}");
    }
}

#[test]
fn modules_are_found_as_python_finds_them() {
    let main = "from pyspark.sql.functions import udf\n";
    for (import, call, path) in [
        ("from helpers import f", "f(x)", "jobs/helpers.py"),
        ("import helpers", "helpers.f(x)", "jobs/helpers.py"),
        ("import pkg.sub.helpers", "pkg.sub.helpers.f(x)", "pkg/sub/helpers.py"),
        ("import pkg.sub.helpers as h", "h.f(x)", "pkg/sub/helpers.py"),
        ("from pkg.sub import helpers", "helpers.f(x)", "pkg/sub/helpers.py"),
        ("from pkg import sub", "sub.f(x)", "pkg/sub/__init__.py"),
        ("from .helpers import f", "f(x)", "jobs/helpers.py"),
        ("from . import helpers", "helpers.f(x)", "jobs/helpers.py"),
        ("from ..pkg import f", "f(x)", "pkg/__init__.py"),
        ("from .. import helpers as h", "h.f(x)", "helpers.py"),
        ("from pkg.helpers import f", "f(x)", "src/pkg/helpers.py"),
        ("from pkg.helpers import f", "f(x)", "python/deep/down/pkg/helpers.py"),
        ("from pkg.helpers import *", "f(x)", "pkg/helpers.py"),
    ] {
        let text = format!("{main}{import}\n@udf\ndef go(x): return {call}\n");
        let found = reached(&[("jobs/main.py", &text), (path, "import os\ndef f(x): os.a(x)\n")]);
        assert_eq!(found, ["f: os.a"], "{import} of {path}");
    }
    let found = reached(&[
        ("main.py", "from pyspark.sql.functions import udf\nimport pkg\nudf(pkg.f)\n"),
        ("pkg/__init__.py", "from .inner import *\n"),
        ("pkg/inner.py", "from . import deep as d\nf = d.g\n"),
        ("pkg/deep.py", "import os\ndef g(x): os.a(x)\n"),
    ]);
    assert_eq!(found, ["g: os.a"]);
}

#[test]
fn circles_end() {
    let files = [
        ("a.py", "from b import *\nfrom b import f\nfrom pyspark.sql.functions import udf\nudf(f)\nudf(nothing)\n"),
        ("b.py", "from a import *\nfrom a import f\nx = y\ny = x\nclass A(B): pass\nclass B(A): pass\nudf(A().m)\n"),
    ];
    assert_eq!(reached(&files), Vec::<String>::new());
    let found = one("def g(x): return f(x)\n@udf\ndef f(x):\n  os.a(1)\n  return g(x)\nz = g(1)\nz = z.a\n");
    assert_eq!(found, ["f: os.a"]);
}

#[test]
fn the_drivers_things_are_told_by_where_they_are_bound() {
    assert_eq!(one("@udf\ndef f(x): return spark.sql(x)"), ["f ! spark"]);
    assert_eq!(one("@udf\ndef f(x): return SparkSession.builder.appName('a').getOrCreate()"), ["f makes Session"]);
    assert_eq!(one("data = spark.table('a')\nspark.range(3).rdd.map(lambda x: data.count())"), ["<lambda> ! data"]);
    assert_eq!(one("rows = spark.table('a').collect()\nspark.range(3).rdd.map(lambda x: rows)"), Vec::<String>::new());
    assert_eq!(one("@udf\ndef f(spark): return spark.sql(1)"), Vec::<String>::new());
    assert_eq!(one("@udf\ndef f(x):\n  spark = x\n  return spark.sql(1)"), Vec::<String>::new());
    assert_eq!(
        one(
            "class A:\n  def __init__(self, spark): self.s = spark\n  def f(self, x): return self.s.sql(x)\nudf(A(spark).f)"
        ),
        ["A.f ! self.s"]
    );
}

#[test]
fn long_and_deep_texts_take_linear_time() {
    let chain: String = (0..5000).map(|n| format!("def f{n}(x): return f{}(x)\n", n + 1)).collect();
    assert_eq!(one(&format!("{chain}def f5000(x): os.a(x)\nudf(f0)")), ["f5000: os.a"]);
    let names: String = (0..5000).map(|n| format!("a{} = a{n}\n", n + 1)).collect();
    drop(one(&format!("a0 = os.a\n{names}udf(lambda x: a5000(x))")));
    let backwards: String = (0..5000).rev().map(|n| format!("a{} = a{n}\n", n + 1)).collect();
    drop(one(&format!("{backwards}a0 = os.a\nudf(lambda x: a5000(x))")));
    drop(one(&format!("udf(lambda x: x{})", ".a()".repeat(20_000))));
    drop(one(&format!("udf(lambda x: {}os.a{})", "(".repeat(5000), ")".repeat(5000))));
    drop(one(&format!("x = {}1", "lambda: ".repeat(5000))));
    drop(one(&"udf(".repeat(5000)));
    let classes: String = (1..200).map(|n| format!("class A{n}(A{}, A{}): pass\n", n - 1, n / 2)).collect();
    drop(one(&format!("class A0: pass\n{classes}udf(A199().m)")));
    let same: String = (0..20_000).map(|n| format!("a = f{n}\nudf(a)\n")).collect();
    drop(one(&same));
    let circle: String =
        (0..3000).map(|n| format!("a{n} = a{}.x if a{} else a{n}\n", (n + 1) % 3000, (n * 7) % 3000)).collect();
    drop(one(&circle));
    let nested: String = (0..1000).map(|n| format!("{}def f{n}():\n", " ".repeat(n))).collect();
    drop(one(&nested));
}

#[test]
fn no_text_breaks_it() {
    let samples = [
        "import os as o, a.b\nfrom . import (c, d as e)\nfrom x import *\n@udf('é')\ndef f(a, b: int = 1, *c, d=2, **e) -> 'D':\n  global g\n  g = self.h = a[0] = lambda x, y=1: x if y else {**e}\n  with a as b, c: return [z for z in b if z]\n",
        "class A(B, metaclass=C):\n  x: Optional[D] = None\n  @property\n  def f(self): self.y, z = f'{self.x!r:>{w}}'\n  async def g(self):\n    async for a in b: await c\n    match a:\n      case [d, *e]: del d\n",
    ];
    crate::read::mutation::each(&samples, |text| {
        let found = one(text);
        drop(found);
    });
}
