#![allow(clippy::unwrap_used)]

use super::*;
use crate::read::mutation;

fn pairs(text: &str) -> Vec<(String, String)> {
    let reading = read(FileId(0), text);
    assert!(reading.losses.is_empty(), "{:?}", reading.losses);
    reading.body.iter().map(|p| (p.key.to_string(), p.value.to_string())).collect()
}

fn pair(text: &str) -> (String, String) {
    let mut all = pairs(text);
    assert_eq!(all.len(), 1, "{all:?}");
    all.remove(0)
}

const SAMPLES: [&str; 2] = [
    "# settings\nspark.master   k8s://https://api:443\nspark.app.name=etl\r\nspark.a : b\\\n   c\n! end\n",
    "\u{feff}caf\u{e9}=\\u00e9\\ud83d\\ude00 \\t\\:x\\\n\\\n# no comment\nempty\n\\=key = v\n",
];

#[test]
fn each_separator_is_one() {
    for text in ["k=v", "k = v", "k:v", "k v", "k\tv", "  k \t=  v", "k\u{c}v\r\n", "\u{feff}k=v\r"] {
        assert_eq!(pair(text), ("k".into(), "v".into()), "{text:?}");
    }
    assert_eq!(pair("k==v"), ("k".into(), "=v".into()));
    assert_eq!(pair("k"), ("k".into(), String::new()));
    assert_eq!(pair("spark.x  a b c "), ("spark.x".into(), "a b c ".into()));
}

#[test]
fn a_line_that_goes_on_is_one_value_of_two_pieces() {
    let text = "key = a, \\\r\n      b\nnext=1\n";
    let reading = read(FileId(0), text);
    assert_eq!(reading.body[0].value.as_str(), "a, b");
    let b = reading.body[0].value.slice(3..4);
    assert_eq!(&text[b.span().range()], "b");
    assert_eq!(reading.body[1].key.as_str(), "next");
    assert_eq!(pair("a=\\\\"), ("a".into(), "\\".into()));
    assert!(pairs("\\\n\n").is_empty());
}

#[test]
fn escapes_are_resolved_and_remember_their_bytes() {
    let text = "a\\:b\\ c = \\u00e9x\\ud83d\\ude00\\q\\t";
    let property = &read(FileId(0), text).body[0];
    assert_eq!(property.key.as_str(), "a:b c");
    assert_eq!(property.value.as_str(), "\u{e9}x\u{1f600}q\t");
    assert_eq!(&text[property.value.slice(0..2).span().range()], "\\u00e9");
    assert_eq!(&text[property.value.slice(2..3).span().range()], "x");
    assert!(property.value.slice(2..3).is_literal());
}

#[test]
fn comments_are_whole_lines_only() {
    let text = "  # one\r\n! two\nk=v # three\n";
    let reading = read(FileId(0), text);
    let comments: Vec<&str> = reading.comments.iter().map(|c| &text[c.range()]).collect();
    assert_eq!(comments, ["# one", "! two"]);
    assert_eq!(reading.body[0].value.as_str(), "v # three");
}

#[test]
fn a_malformed_escape_loses_its_line() {
    let text = "a=1\nb=\\u12g4\nc=3";
    let reading = read(FileId(0), text);
    assert_eq!(reading.body.iter().map(|p| p.key.as_str()).collect::<Vec<_>>(), ["a", "c"]);
    assert_eq!(&text[reading.losses[0].span.range()], "\\u");
}

#[test]
fn nothing_is_read_from_nothing() {
    assert!(pairs("").is_empty());
    assert!(pairs("\u{feff}").is_empty());
    assert!(pairs("\n\r\n \t\n").is_empty());
}

#[test]
fn very_many_pieces_cost_linear_time() {
    let text = format!("k={}", "\\:\\\n".repeat(100_000));
    assert_eq!(read(FileId(0), &text).body[0].value.as_str().len(), 100_000);
}

#[test]
fn broken_files_keep_their_spans() {
    mutation::each(&SAMPLES, |text| {
        let reading = read(FileId(0), text);
        for property in &reading.body {
            mutation::traced(text, &property.key);
            mutation::traced(text, &property.value);
            mutation::inside(text, property.span);
        }
        reading.comments.iter().for_each(|c| mutation::inside(text, *c));
        reading.losses.iter().for_each(|l| mutation::inside(text, l.span));
    });
}
