//! What each format looks like, and what none of them may do.

#![allow(clippy::unwrap_used)]

use super::look::is_unseen;
use super::sample::{Sample, hostile, shapes, usual};
use super::{Format, Look, human};
use crate::read::keyed::Fault;
use crate::source::text::Text;
use crate::source::{FileId, Span};
use serde_json::Value;
use std::time::{Duration, Instant};

const WIDTHS: [usize; 3] = [40, 100, 160];

/// Compares with the stored picture; escapes are shown, so that it can be read.
fn compare(name: &str, rendered: &str) {
    insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!(name, rendered.replace('\u{1b}', "␛"));
    });
}

#[test]
fn human_looks_as_it_should() {
    for width in WIDTHS {
        compare(&format!("human-{width}"), &usual().render(Format::Human, width, false));
        compare(&format!("human-{width}-colour"), &usual().render(Format::Human, width, true));
        compare(&format!("human-{width}-shapes"), &shapes().render(Format::Human, width, false));
    }
    compare("human-100-hostile", &hostile().render(Format::Human, 100, false));
}

#[test]
fn the_other_formats_look_as_they_should() {
    compare("concise", &usual().render(Format::Concise, 100, false));
    compare("github", &usual().render(Format::Github, 100, false));
    compare("json", &usual().render(Format::Json, 100, false));
    let version = format!("ersion\": \"{}\"", env!("CARGO_PKG_VERSION"));
    compare("sarif", &usual().render(Format::Sarif, 100, false).replace(&version, "ersion\": \"…\""));
    compare("concise-hostile", &hostile().render(Format::Concise, 100, false));
    compare("github-hostile", &hostile().render(Format::Github, 100, false));
}

#[test]
fn only_human_looks_at_the_terminal() {
    for format in [Format::Concise, Format::Github, Format::Json, Format::Sarif] {
        assert_eq!(usual().render(format, 40, true), usual().render(format, 160, false), "{format:?}");
    }
}

#[test]
fn no_finding_says_so() {
    let clean = Sample::new(&[("a.yaml", "a: 1\n")]);
    assert_eq!(clean.render(Format::Human, 100, true), "no findings\n");
    assert_eq!(clean.render(Format::Concise, 100, true), "");
    assert_eq!(clean.render(Format::Github, 100, true), "");
}

#[test]
fn nothing_steers_the_terminal() {
    for format in [Format::Human, Format::Concise, Format::Github, Format::Json, Format::Sarif] {
        for width in [0, 1, 40, 100, 160] {
            let text = hostile().render(format, width, false).replace("👩\u{200d}🚀", "");
            let threat = text.chars().find(|c| (c.is_control() && *c != '\n') || is_unseen(*c));
            assert_eq!(threat, None, "{format:?} {width}");
        }
    }
}

#[test]
fn with_colour_every_escape_is_ours() {
    for width in WIDTHS {
        let text = hostile().render(Format::Human, width, true);
        for escape in text.split('\u{1b}').skip(1) {
            let ours = ["[0m", "[1m", "[2m", "[4m", "[36m", "[1;31m", "[1;33m", "[1;34m", "]8;;\u{1b}", "]8;;", "\\"];
            assert!(ours.iter().any(|known| escape.starts_with(known)), "{escape:?}");
        }
    }
}

#[test]
fn no_foreign_text_begins_a_line_as_a_command() {
    let commands = |text: &str| text.lines().filter(|line| line.trim_start().starts_with("::")).count();
    for width in 0..120 {
        assert_eq!(commands(&hostile().render(Format::Human, width, false)), 0, "{width}");
    }
    assert_eq!(commands(&hostile().render(Format::Concise, 100, false)), 0);
    let all = hostile().findings.len();
    let github = hostile().render(Format::Github, 100, false);
    assert_eq!((commands(&github), github.lines().count()), (all, all));
}

#[test]
fn lines_stay_within_the_terminal() {
    for width in [40, 60, 100, 160] {
        for sample in [usual(), shapes()] {
            for line in sample.render(Format::Human, width, false).lines() {
                let has_unbreakable =
                    line.contains("://") || line.contains("─ ") || line.starts_with(char::is_alphabetic);
                assert!(super::look::width(line) <= width || has_unbreakable, "{width}: {line}");
            }
        }
    }
}

#[test]
fn json_keeps_its_contract() {
    let log: Value = serde_json::from_str(&usual().render(Format::Json, 100, false)).unwrap();
    let keys = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>().join(" ");
    assert_eq!(log["version"], 1);
    assert_eq!(keys(&log), "coverage findings summary version");
    assert_eq!(
        keys(&log["findings"][0]),
        "because docs end fix group help labels level message path rule source start"
    );
    assert_eq!(keys(&log["findings"][0]["labels"][0]), "end message path start");
    assert_eq!(keys(&log["findings"][0]["fix"]["edits"][0]), "end path start text");
    assert_eq!(keys(&log["coverage"]), "ambiguous files formats parsed partial skipped units unresolved");
    assert_eq!(keys(&log["coverage"]["partial"][0]), "message path start");
    assert_eq!(log["coverage"]["partial"][0]["start"]["line"], 3);
    assert_eq!(log["summary"], serde_json::json!({ "error": 1, "warning": 1, "info": 1 }));
    assert_eq!(log["findings"][0]["start"], serde_json::json!({ "line": 9, "column": 30, "offset": 239 }));
    assert_eq!((&log["findings"][1]["because"], &log["findings"][2]["fix"]), (&Value::Null, &Value::Null));
    assert_eq!((&log["findings"][0]["fix"]["safety"], &log["findings"][2]["level"]), (&"safe".into(), &"info".into()));
}

#[test]
fn json_says_exactly_what_was_found() {
    let sample = hostile();
    let log: Value = serde_json::from_str(&sample.render(Format::Json, 100, false)).unwrap();
    assert_eq!(log["findings"][0]["message"], sample.findings[0].message);
    assert_eq!(log["findings"][0]["help"], "first\n::set-env::second\u{2028}");
    assert_eq!(log["findings"][0]["start"]["column"], 9);
}

#[test]
fn faults_come_all_at_once() {
    let text = Text::new("preset = \"strickt\"\n[rules]\nprobe-mising = \"off\"\n".into());
    let fault = |at: std::ops::Range<usize>, message: &str, help: Option<&str>| Fault {
        span: Span::new(FileId(0), at),
        message: message.into(),
        help: help.map(Into::into),
    };
    let faults = [
        fault(9..18, "there is no preset `strickt`", Some("did you mean `strict`?")),
        fault(27..39, "there is no rule `probe-mising`", None),
    ];
    let mut out = Vec::new();
    let look = Look { width: 100, colour: false };
    human::faults("sparkproof.toml", &text, &faults, look, &mut out).unwrap();
    compare("faults", &String::from_utf8(out).unwrap());
}

/// The report of `count` findings in a file of nine megabytes, in lines of some length.
fn large(count: usize, line: usize) -> Sample {
    let text = format!("{}ä\n", "key: value # ".repeat(line / 13)).repeat(9_000_000 / line);
    let mut sample = Sample::new(&[("large.yaml", &text)]);
    for n in 0..count {
        let at = text.len() / (count + 1) * n / 13 * 13;
        let at = (at..at + 4).find(|at| text.is_char_boundary(*at)).unwrap();
        let end = (at + 5..at + 10).find(|at| text.is_char_boundary(*at)).unwrap();
        sample.find(1, Span::new(FileId(0), at..end), "slow").label(Span::new(FileId(0), 0..3), "here");
    }
    sample
}

#[test]
fn large_files_cost_no_more_than_small_ones() {
    for line in [130, 1_300_000] {
        let sample = large(1_000, line);
        sample.with(|report| {
            for format in [Format::Human, Format::Concise, Format::Json, Format::Sarif, Format::Github] {
                let begin = Instant::now();
                super::write(format, report, Look { width: 100, colour: true }, &mut std::io::sink()).unwrap();
                assert!(begin.elapsed() < Duration::from_secs(5), "{format:?} with lines of {line} bytes");
            }
        });
    }
}

#[test]
fn no_text_and_no_place_breaks_a_report() {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut random = |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % below.max(1) as u64).unwrap()
    };
    let seed: Vec<char> =
        "a: 1\r\n\tb\u{301}配👩\u{200d}🚀\u{feff}\u{1b}[\u{202e}\n\n  - é\u{9b}x \u{7f}`%:,".chars().collect();
    let rounds: usize = std::env::var("SPARKPROOF_MUTATIONS").ok().and_then(|n| n.parse().ok()).unwrap_or(1);
    for _ in 0..300 * rounds {
        let text: String = (0..random(300)).map(|_| seed[random(seed.len())]).collect();
        let mut sample = Sample::new(&[("a.yaml", &text), ("b\u{1b}.yaml", "x: 1\n")]);
        let mut place = |file| {
            let start = random(text.len() + 20);
            Span::new(FileId(file), start..start + random(60))
        };
        let (at, labels) = (place(0), [place(0), place(0), place(0), place(0), place(1)]);
        let finding = sample.find(0, at, &text);
        for label in labels {
            finding.label(label, text.chars().take(20).collect::<String>());
        }
        finding.help(text.clone()).because(text.clone()).source(text.clone());
        for format in [Format::Human, Format::Concise, Format::Github, Format::Json, Format::Sarif] {
            let shown = sample.render(format, random(130), false);
            let threat = shown.chars().find(|c| (c.is_control() && *c != '\n') || (is_unseen(*c) && *c != '\u{200d}'));
            assert_eq!(threat, None, "{format:?} {text:?}");
        }
    }
}
