#![allow(clippy::unwrap_used)]

use super::*;
use crate::read::mutation;
use std::fmt::Write as _;

const SAMPLE: &str = "\
# base
-r base.txt
--constraint=limits.txt  # why
-e ./plugin
pyspark[sql, connect] >=3.4,<3.6 ; python_version >= \"3.8\"  # the engine
pandas==2.2.0 \\
    --hash=sha256:aaaa \\
    --hash sha256:bbbb
numpy (>=1.26)
git+https://example.com/a/b.git@v1#egg=b&subdirectory=x
tool @ https://example.com/t.zip ; os_name == 'nt'
./wheels/x-1.0-py3-none-any.whl
--index-url https://example.com/simple
requests
spark==${SPARK_VERSION}
";

fn show(text: &str) -> String {
    let reading = read(FileId(0), text);
    assert!(reading.losses.is_empty(), "{:?}", reading.losses);
    reading.body.iter().fold(String::new(), |mut all, r| {
        let _ = match &r.wants {
            Wants::Package(p) => {
                let extras: Vec<&str> = p.extras.iter().map(Traced::as_str).collect();
                let or = |t: &Option<Traced>| t.as_ref().map_or("-".to_owned(), Traced::to_string);
                let tail = format!("{} {} {}", or(&p.specifiers), or(&p.marker), or(&p.url));
                writeln!(all, "{}[{}] {tail} {}", p.name, extras.join(","), p.hashes.len())
            }
            Wants::File { path, constraint } => writeln!(all, "file {path} {constraint}"),
            Wants::Location { location, name, editable } => {
                writeln!(all, "at {location} {} {editable}", name.as_ref().map_or("-", Traced::as_str))
            }
            Wants::Option(option) => writeln!(all, "option {option}"),
        };
        all
    })
}

#[test]
fn every_kind_of_line_is_read() {
    let expected = "\
file base.txt false
file limits.txt true
at ./plugin - true
pyspark[sql,connect] >=3.4,<3.6 python_version >= \"3.8\" - 0
pandas[] ==2.2.0 - - 2
numpy[] >=1.26 - - 0
at git+https://example.com/a/b.git@v1#egg=b&subdirectory=x b false
tool[] - os_name == 'nt' https://example.com/t.zip 0
at ./wheels/x-1.0-py3-none-any.whl - false
option --index-url https://example.com/simple
requests[] - - - 0
spark[] ==${SPARK_VERSION} - - 0
";
    assert_eq!(show(SAMPLE), expected);
    assert_eq!(show(&format!("\u{feff}{}", SAMPLE.replace('\n', "\r\n"))), expected);
}

#[test]
fn values_know_their_bytes_over_line_ends() {
    let text = "\u{feff}pyspark==\\\r\n  3.5.1 # x\r\n";
    let reading = read(FileId(0), text);
    let Wants::Package(package) = &reading.body[0].wants else { panic!() };
    let specifiers = package.specifiers.as_ref().unwrap();
    let at = specifiers.as_str().find('3').unwrap();
    let version = specifiers.slice(at..specifiers.as_str().len());
    assert!(version.is_literal());
    assert_eq!(&text[version.span().range()], "3.5.1");
    assert_eq!(&text[reading.body[0].span.range()], "pyspark==\\\r\n  3.5.1");
    assert_eq!(&text[reading.comments[0].range()], "# x");
}

#[test]
fn a_malformed_line_loses_itself() {
    for (line, place) in [
        ("pyspark=3.5.1", "=3.5.1"),
        ("pyspark 3.5.1", "3.5.1"),
        ("pyspark==", "=="),
        ("pyspark==3.5.1,,>2", "==3.5.1,,>2"),
        ("pyspark[sql==3", "[sql==3"),
        ("pyspark (==3", "(==3"),
        ("pyspark==3 ;", ";"),
        ("==3.5", "==3.5"),
        ("<<<<<<< HEAD", "<<<<<<< HEAD"),
        ("{{ cookiecutter }}", "{{ cookiecutter }}"),
        ("-r", "-r"),
        ("a==1#x", "==1#x"),
        ("tool @", "tool"),
    ] {
        let text = format!("first\n{line}\nlast==1\n");
        let reading = read(FileId(0), &text);
        assert_eq!(reading.body.len(), 2, "{line}");
        let places: Vec<&str> = reading.losses.iter().map(|l| &text[l.span.range()]).collect();
        assert_eq!(places, [place], "{line}: {:?}", reading.losses);
    }
}

#[test]
fn a_comment_ends_a_line_that_goes_on() {
    assert_eq!(show("a==1 \\\n# note \\\nb==2"), "a[] ==1 - - 0\nb[] ==2 - - 0\n");
    assert_eq!(show("a==1\\\n# note\nb==2"), "a[] ==1 - - 0\nb[] ==2 - - 0\n");
}

#[test]
fn nothing_is_read_from_nothing() {
    assert_eq!(show(""), "");
    assert_eq!(show("\u{feff}\r\n \\\n\n# x"), "");
}

#[test]
fn very_long_lines_cost_linear_time() {
    let text = format!("a==1 {}", "\\\n --hash=x ".repeat(50_000));
    let reading = read(FileId(0), &text);
    assert!(matches!(&reading.body[0].wants, Wants::Package(p) if p.hashes.len() == 50_000));
    assert_eq!(read(FileId(0), &format!("a{}", "[".repeat(100_000))).losses.len(), 1);
}

#[test]
fn broken_files_keep_their_spans() {
    mutation::each(&[SAMPLE], |text| {
        let reading = read(FileId(0), text);
        for requirement in &reading.body {
            mutation::inside(text, requirement.span);
            match &requirement.wants {
                Wants::Package(p) => {
                    let values = [&p.specifiers, &p.url, &p.marker].into_iter().flatten();
                    values.chain([&p.name]).chain(&p.extras).chain(&p.hashes).for_each(|v| mutation::traced(text, v));
                }
                Wants::File { path: value, .. } | Wants::Location { location: value, .. } | Wants::Option(value) => {
                    mutation::traced(text, value);
                }
            }
        }
        reading.comments.iter().for_each(|c| mutation::inside(text, *c));
        reading.losses.iter().for_each(|l| mutation::inside(text, l.span));
    });
}
