#![allow(clippy::unwrap_used)]

use super::*;
use crate::read::{Extent, Loss};

fn xml(text: &str) -> Reading<Xml> {
    super::read(FileId(0), text)
}

fn messages(losses: &[Loss]) -> Vec<&str> {
    losses.iter().map(|l| l.message.as_str()).collect()
}

/// Numbers that look random and are the same in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % n.max(1) as u64) as usize
    }
}

/// Changes a few bytes of a text; what is no UTF-8 afterwards is replaced.
pub(crate) fn mutations(samples: &[&str], mut check: impl FnMut(&str)) {
    let times = std::env::var("SPARKPROOF_MUTATIONS").ok().and_then(|n| n.parse().ok()).unwrap_or(1);
    let mut random = Random(0x5eed_1234_abcd_0001);
    for sample in samples {
        for _ in 0..150 * times {
            let mut bytes = sample.as_bytes().to_vec();
            for _ in 0..=random.below(4) {
                let at = random.below(bytes.len());
                let noise = b"<>/!-[]&;${}\"' \n\xc3a";
                let byte = noise[random.below(noise.len())];
                match random.below(4) {
                    0 if at < bytes.len() => bytes[at] = byte,
                    1 => bytes.insert(at, byte),
                    2 if at < bytes.len() => drop(bytes.remove(at)),
                    _ => bytes.truncate(at.max(1)),
                }
            }
            check(&String::from_utf8_lossy(&bytes));
        }
    }
}

pub(crate) fn assert_inside(text: &str, span: Span) {
    assert!(span.start <= span.end && text.get(span.range()).is_some(), "{span:?} in {text:?}");
}

#[test]
fn names_texts_and_spans_are_exact() {
    let text = "<?xml version=\"1.0\"?>\n<!DOCTYPE a [<!ENTITY e \"boom\">]>\n<a x='1'>\n  <b> one </b><c/>\n</a>\n";
    let reading = xml(text);
    let root = reading.body.root().unwrap();
    assert!(reading.losses.is_empty(), "{:?}", reading.losses);
    assert_eq!((root.name(), &text[root.name_span().range()]), ("a", "a"));
    assert_eq!(&text[root.span().range()], text[text.find("<a").unwrap()..].trim_end());
    let b = root.child("b").unwrap();
    assert_eq!(&text[b.span().range()], "<b> one </b>");
    let value = b.text().unwrap();
    assert_eq!((value.as_str(), &text[value.span().range()], value.is_literal()), ("one", "one", true));
    assert_eq!(&text[root.child("c").unwrap().span().range()], "<c/>");
    assert!(root.child("c").unwrap().text().is_none() && root.text().is_none());
}

#[test]
fn the_byte_order_mark_and_crlf_count_in_offsets() {
    let text = "\u{feff}<?xml version=\"1.0\"?>\r\n<a>\r\n  <b>\r\n 1 \r\n</b>\r\n</a>\r\n";
    let reading = xml(text);
    let value = reading.body.root().unwrap().child_text("b").unwrap().clone();
    assert_eq!((value.as_str(), &text[value.span().range()]), ("1", "1"));
    assert!(reading.losses.is_empty());
}

#[test]
fn comments_inside_a_text_do_not_count_and_have_spans() {
    let text = "<a><b>1.<!-- sparkproof: ignore[x] y -->0</b></a>";
    let reading = xml(text);
    assert_eq!(reading.body.root().unwrap().child_text("b").unwrap().as_str(), "1.0");
    assert_eq!(&text[reading.comments[0].range()], "<!-- sparkproof: ignore[x] y -->");
}

#[test]
fn cdata_and_the_known_entities_are_text() {
    let text = "<a><b><![CDATA[ 1<2 ]]></b><c>a &amp; &#66;&#x43; &e;</c></a>";
    let reading = xml(text);
    let root = reading.body.root().unwrap();
    let data = root.child_text("b").unwrap();
    assert_eq!((data.as_str(), &text[data.span().range()]), ("1<2", "1<2"));
    assert_eq!(root.child_text("c").unwrap().as_str(), "a & BC &e;");
    let amp = root.child_text("c").unwrap().slice(2..3);
    assert_eq!((amp.as_str(), &text[amp.span().range()]), ("&", "&amp;"));
}

#[test]
fn entities_are_never_expanded() {
    let bomb: Vec<String> = (1..20).map(|i| format!("<!ENTITY a{i} \"&a{};&a{};\">", i - 1, i - 1)).collect();
    let text = format!("<!DOCTYPE a [<!ENTITY a0 \"aaaaaaaaaa\">{}]><a><b>&a19;</b></a>", bomb.concat());
    assert_eq!(xml(&text).body.root().unwrap().child_text("b").unwrap().as_str(), "&a19;");
}

#[test]
fn a_merge_conflict_loses_its_markers_only() {
    let text = "<a>\n<<<<<<< HEAD\n  <b>1</b>\n=======\n  <b>2</b>\n>>>>>>> other\n  <c>3</c>\n</a>\n";
    let reading = xml(text);
    let root = reading.body.root().unwrap();
    assert_eq!(messages(&reading.losses), ["a merge conflict is left in this file"]);
    assert_eq!(&text[reading.losses[0].span.range()], "<<<<<<< HEAD");
    assert_eq!(root.children().count(), 3);
    assert_eq!(root.child_text("c").unwrap().as_str(), "3");
}

#[test]
fn a_malformed_tag_loses_itself() {
    for (text, message) in [
        ("<a><x <b>1</b><c>2</c></a>", "the tag `<x` is not closed by `>`"),
        ("<a><1>1</1><b>1</b><c>2</c></a>", "`1` is no element name"),
        ("<a><b>1</b></x><c>2</c></a>", "`</x>` closes no element"),
        ("<a><b>1</b><x><c>2</c></a>", "`<x>` is never closed"),
        ("<a><b>1 & 2</b><c>2</c></a>", "`&` starts no entity: write `&amp;`"),
        ("<a><b>1</b><c>2</c>", "`<a>` is never closed"),
        ("<a><b>1</b><c>2</c><!-- ", "this comment is never closed"),
        ("<a><b>1</b><c>2</c><d", "this tag is never closed"),
        ("<a><b>1</b><x y=\"><c>2</c></a>", "this tag is never closed"),
    ] {
        let reading = xml(text);
        assert_eq!(messages(&reading.losses)[0], message, "{text}");
        assert!(reading.losses.iter().all(|l| l.extent == Extent::Part));
        let has = |name| reading.body.elements().any(|e| e.name() == name && e.text().is_some());
        assert!(has("b") && has("c"), "{text}");
    }
}

#[test]
fn deep_nesting_is_bounded() {
    let text = format!("{}{}<z>1</z>", "<a>".repeat(5000), "</a>".repeat(5000));
    let reading = xml(&text);
    assert_eq!(reading.body.elements().count(), MAX_DEPTH + 1);
    assert_eq!(messages(&reading.losses).len(), 2, "{:?}", reading.losses);
}

#[test]
fn nothing_is_no_element() {
    for text in ["", "\u{feff}", "  \r\n", "<!-- only -->", "<?xml version=\"1.0\"?>"] {
        assert!(xml(text).body.root().is_none() && xml(text).losses.is_empty(), "{text:?}");
    }
    assert_eq!(xml("#set($a = 1)\n<a/>").losses[0].extent, Extent::Limit);
}

#[test]
fn many_open_brackets_cost_linear_time() {
    let start = std::time::Instant::now();
    for text in ["<".repeat(200_000), "<a ".repeat(70_000), "<a>".repeat(70_000), "</a".repeat(50_000)] {
        xml(&format!("<a>{text}>"));
        xml(&format!("<a>{text}"));
    }
    assert!(start.elapsed().as_secs() < 5, "{:?}", start.elapsed());
}

#[test]
fn changed_bytes_do_no_harm() {
    let samples = [
        "\u{feff}<?xml version=\"1.0\"?>\r\n<a x='1'>\r\n <b>ä &amp; &x;</b><!-- c --><c><![CDATA[<d>]]></c>\r\n</a>\r\n",
        "<a>\n<<<<<<< HEAD\n <b>1</b>\n=======\n <b>2</b>\n>>>>>>> x\n</a>",
    ];
    mutations(&samples, |text| {
        let reading = xml(text);
        reading.losses.iter().for_each(|l| assert_inside(text, l.span));
        reading.comments.iter().for_each(|c| assert_inside(text, *c));
        for element in reading.body.elements() {
            assert_inside(text, element.span());
            assert_eq!(&text[element.name_span().range()], element.name());
            element.text().into_iter().for_each(|t| assert_inside(text, t.span()));
        }
    });
}
