#![allow(clippy::unwrap_used)]

use super::*;
use crate::read::Extent;

const SAMPLE: &str = "\
# syntax=docker/dockerfile:1
ARG VERSION=3.5.1 TAG
FROM --platform=$BUILDPLATFORM acme/spark:${VERSION:-x${TAG}y} AS Base
ENV A=1 B=\"two words\" C=it\\ is
ENV OLD value with  blanks
RUN --mount=type=cache,target=/cache apt-get update \\
    # a comment between
    && echo \"$A\" '$B' ${C:-c} \\

    done
COPY --from=base --chown=1:2 [\"a b\", \"c\\td\", \"/to/\"]
COPY <<EOF <<\"RAW\" /etc/
FROM inside
EOF
COPY raw
RAW
RUN <<-END
\techo $A
\tEND
ENTRYPOINT [\"java\", \"-cp\", \"a b\", \"it's\"]
CMD [\"/bin/sh\", \"-c\", \"echo $A\"]
WORKDIR /opt/$A
USER 185
";

fn loaded(text: &str) -> Reading<Dockerfile> {
    read(FileId(0), text)
}

fn words(text: &str) -> Vec<String> {
    let mut all = Vec::new();
    for instruction in &loaded(text).body.instructions {
        match &instruction.kind {
            Kind::From { image, .. } => all.extend(image.as_ref().map(|w| w.raw().to_string())),
            Kind::Arg(arguments) => all.extend(arguments.iter().map(|a| match &a.default {
                Some(default) => format!("{}={}", a.name, default.raw()),
                None => a.name.to_string(),
            })),
            Kind::Env(settings) => all.extend(settings.iter().map(|s| format!("{}={}", s.name, s.value.raw()))),
            Kind::Copy(t) => all.extend(t.sources.iter().chain([&t.target]).map(|w| w.raw().to_string())),
            Kind::Run(c) | Kind::Entrypoint(c) | Kind::Cmd(c) => all.push(c.text.raw().to_string()),
            Kind::Workdir(w) | Kind::User(w) => all.push(w.raw().to_string()),
            Kind::Other => all.push(String::new()),
        }
    }
    all
}

fn messages(text: &str) -> Vec<(Extent, String, String)> {
    let losses = loaded(text).losses;
    losses.into_iter().map(|l| (l.extent, text[l.span.range()].to_owned(), l.message)).collect()
}

#[test]
fn all_forms_are_read() {
    assert!(loaded(SAMPLE).losses.is_empty());
    let expected = [
        "VERSION=3.5.1",
        "TAG",
        "acme/spark:${VERSION:-x${TAG}y}",
        "A=1",
        "B=two words",
        "C=it is",
        "OLD=value with  blanks",
        "apt-get update     && echo \"$A\" '$B' ${C:-c}     done",
        "a b",
        "c\td",
        "/to/",
        "/etc/",
        "\techo $A\n",
        "java -cp 'a b' 'it'\\''s'",
        "echo $A",
        "/opt/$A",
        "185",
    ];
    assert_eq!(words(SAMPLE), expected);
}

#[test]
fn spans_hold_the_whole_instruction() {
    let read = loaded(SAMPLE);
    let text_of = |n: usize| &SAMPLE[read.body.instructions[n].span.range()];
    assert_eq!(text_of(1), "FROM --platform=$BUILDPLATFORM acme/spark:${VERSION:-x${TAG}y} AS Base");
    assert!(text_of(4).starts_with("RUN --mount") && text_of(4).ends_with("done"));
    assert!(text_of(6).starts_with("COPY <<EOF") && text_of(6).ends_with("raw\nRAW"));
    assert!(text_of(7).ends_with("\tEND"));
    let comments: Vec<_> = read.comments.iter().map(|c| &SAMPLE[c.range()]).collect();
    assert_eq!(comments, ["# syntax=docker/dockerfile:1", "# a comment between"]);
}

#[test]
fn a_joined_line_maps_back_to_its_bytes() {
    let text = "\u{feff}FROM x\r\nRUN pip \\\r\n  # why\r\n  install pyspark==3.5.1 \\\r\n  && true\r\n";
    let read = loaded(text);
    let Kind::Run(command) = &read.body.instructions[1].kind else { panic!("no RUN") };
    let value = command.text.raw();
    assert_eq!(value.as_str(), "pip   install pyspark==3.5.1   && true");
    let at = value.as_str().find("3.5.1").unwrap();
    let version = value.slice(at..at + 5);
    assert_eq!(&text[version.span().range()], "3.5.1");
    assert!(version.is_replaceable());
    assert_eq!(&text[read.comments[0].range()], "# why");
    let Kind::From { image: Some(image), .. } = &read.body.instructions[0].kind else { panic!("no FROM") };
    assert_eq!(&text[image.span.range()], "x");
}

#[test]
fn a_string_of_the_exec_form_maps_back_too() {
    let text = "FROM x\nENTRYPOINT [ \"run\", \"--v\\u003d1 2\" , \"spark-3.5.1\" ]\n";
    let read = loaded(text);
    let Kind::Entrypoint(command) = &read.body.instructions[1].kind else { panic!("no ENTRYPOINT") };
    let value = command.text.raw();
    assert_eq!(value.as_str(), "run '--v=1 2' spark-3.5.1");
    let at = value.as_str().find("3.5.1").unwrap();
    assert_eq!(&text[value.slice(at..at + 5).span().range()], "3.5.1");
    let quoted = value.as_str().find('\'').unwrap();
    assert!(!value.slice(quoted..quoted + 1).is_replaceable(), "a quote of ours is no byte of the file");
}

#[test]
fn the_escape_directive_holds() {
    let text = "# escape=`\nFROM x\nRUN dir C:\\ `\n && echo\nENV P=C:\\a Q=`$X\n";
    assert_eq!(words(text), ["x", "dir C:\\  && echo", "P=C:\\a", "Q=$X"]);
    let read = loaded(text);
    let Kind::Env(settings) = &read.body.instructions[2].kind else { panic!("no ENV") };
    assert!(settings[1].value.variables.is_empty(), "an escaped dollar is no variable");
    assert_eq!(messages("# escape=x\nFROM a\n")[0].1, "# escape=x");
    assert_eq!(words("# words\n# escape=`\nFROM x\nRUN a \\\n b\n"), ["x", "a  b"], "only at the top");
}

#[test]
fn an_escape_that_is_escaped_continues_nothing() {
    assert_eq!(words("FROM x\nRUN a \\\\\nUSER b\n"), ["x", "a \\\\", "b"]);
    assert_eq!(words("FROM x\nRUN a \\  \n  b\n"), ["x", "a   b"]);
    assert_eq!(words("FROM x\nRUN a \\"), ["x", "a"]);
}

#[test]
fn variables_of_a_command_are_those_the_shell_has_from_docker() {
    let text =
        "FROM x\nRUN A=1; echo $A ${B} '$C' \"'$D'\" \\$E ${F%.*} ${G:-$H} # $I\nRUN for v in 1; do echo $v; done\n";
    let names = |n: usize| {
        let read = loaded(text);
        let Kind::Run(command) = &read.body.instructions[n].kind else { panic!("no RUN") };
        command.text.variables.iter().map(|v| command.text.name(v).to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(names(1), ["B", "D", "G", "H"]);
    assert!(names(2).is_empty());
}

#[test]
fn malformed_lines_lose_themselves() {
    let text = "FROM a b c\nRUNN x\nfoo\nENV A\nENV A=1 B\nCOPY x\nFROM\nUSER 'x\nARG\nRUN cat <<EOF\nUSER y\n";
    let losses = messages(text);
    let places: Vec<_> = losses.iter().map(|(_, place, _)| place.as_str()).collect();
    assert_eq!(places, ["FROM a b c", "RUNN", "A", "B", "COPY x", "FROM", "'x", "ARG", "<<EOF"]);
    assert!(losses.iter().all(|(extent, ..)| *extent == Extent::Part));
    assert_eq!(losses[1].2, "`RUNN` is no instruction, nor does the next line begin with one");
    assert_eq!(words(text), ["a", "A=1", "cat <<EOF", "y"]);
}

#[test]
fn a_stage_must_begin_first() {
    assert!(messages("").is_empty());
    assert!(messages("# only words\n\n").is_empty());
    assert_eq!(messages("ARG X\nRUN a\n")[0].2, "no `FROM` instruction stands in this file");
    assert_eq!(messages("ARG X\nRUN a\nFROM x\n")[0].1, "RUN");
}

#[test]
fn templates_are_limits() {
    let text = "{{ if a then (\n  1\n) -}}\nFROM {{ base | x }}:1 AS b\n{% set v = 1 %}\nENV A={{ v }} B=2\n\
                RUN a; \\\n{{ if b -}}\n  c; \\\n{{ end }}\n  d\n{{ inspect }}\nwords\n";
    assert!(messages(text).iter().all(|(extent, ..)| *extent == Extent::Limit));
    assert_eq!(words(text), ["{{ base | x }}:1", "A={{ v }}", "B=2", "a;   c;   d"]);
    assert!(messages("FROM x\nRUN docker inspect -f '{{.Id}}' x\n").is_empty());
}

#[test]
fn a_placeholder_on_its_own_line_is_a_template() {
    for line in ["{args}", "  {pip_1} ", "{{args}}", "{{ args }}", "{0}"] {
        let found = messages(&format!("FROM x\r\n{line}\r\nRUN a\r\n"));
        assert!(matches!(found.as_slice(), [(Extent::Limit, text, _)] if text == line.trim()), "{found:?}");
    }
    assert_eq!(messages("{base}\nRUN a\n").iter().filter(|(extent, ..)| *extent != Extent::Limit).count(), 0);
    for line in ["{}", "{a b}", "{a} b", "{a", "a}"] {
        assert_eq!(messages(&format!("FROM x\n{line}\n"))[0].0, Extent::Part, "{line}");
    }
    assert_eq!(words("FROM x\nRUN a \\\n{b}\n"), ["x", "a {b}"]);
}

#[test]
fn another_frontend_may_have_instructions_of_its_own() {
    assert_eq!(messages("# syntax=acme/frontend\nFROM x\nINCLUDE y\n")[0].0, Extent::Limit);
    assert_eq!(messages("# syntax=docker/dockerfile:1.7\nFROM x\nINCLUDE y\n")[0].0, Extent::Part);
}

#[test]
fn a_hostile_file_costs_linear_time() {
    let many = 20_000;
    for text in [
        format!("FROM x\nRUN {}\n", "a $B \\\n".repeat(many)),
        format!("FROM x\nENV {}\n", "A=$B \\\n".repeat(many)),
        format!("FROM x\nENV A={}{}\n", "${B:-".repeat(many), "}".repeat(many)),
        format!("FROM x\n{}", "RUN <<A\n".repeat(many)),
        format!("FROM x\n{}", "{{ a\n".repeat(many)),
        format!("FROM {}\n", "{{ ".repeat(many)),
        format!("FROM x\nCMD [{}\n", "\"a\\\\\",".repeat(many)),
        format!("FROM x\nCOPY {}\n", "<<A ".repeat(many)),
        format!("FROM x\nCOPY {} /t\n{}", "<<A ".repeat(many), "A\n".repeat(many)),
        format!("FROM x\n{}", "junk\n".repeat(many)),
    ] {
        loaded(&text);
    }
}

#[test]
fn mutated_files_never_panic_and_keep_their_spans_inside() {
    crate::read::mutation::each(&[SAMPLE], check_spans);
}

/// Reads a text and looks at every place.
fn check_spans(text: &str) {
    let read = loaded(text);
    let inside = |span: Span| assert!(text.get(span.range()).is_some(), "{span:?} in {text:?}");
    read.losses.iter().for_each(|l| inside(l.span));
    read.comments.iter().for_each(|c| inside(*c));
    let inside_word = |word: &Word| {
        inside(word.span);
        inside(word.raw().span());
        for variable in &word.variables {
            let range = variable.range.start as usize..variable.range.end as usize;
            assert!(word.text.as_str().get(range.clone()).is_some_and(|v| v.starts_with('$')), "{text:?}");
            inside(word.text.traced(range).span());
            assert!(variable.operand <= variable.range.end, "{text:?}");
        }
    };
    for instruction in &read.body.instructions {
        inside(instruction.span);
        inside(instruction.keyword);
        match &instruction.kind {
            Kind::From { platform, image, name } => {
                platform.iter().chain(image).for_each(inside_word);
                if let Some(name) = name {
                    inside(name.span());
                }
            }
            Kind::Arg(arguments) => arguments.iter().filter_map(|a| a.default.as_ref()).for_each(inside_word),
            Kind::Env(settings) => settings.iter().for_each(|s| inside_word(&s.value)),
            Kind::Copy(t) => t.sources.iter().chain(&t.from).chain([&t.target]).for_each(inside_word),
            Kind::Run(c) | Kind::Entrypoint(c) | Kind::Cmd(c) => inside_word(&c.text),
            Kind::Workdir(w) | Kind::User(w) => inside_word(w),
            Kind::Other => {}
        }
    }
}
