#![allow(clippy::unwrap_used)]

use super::*;
use crate::read::dockerfile::read;
use crate::read::mutation;
use crate::source::{FileId, Format, Location};

fn claimed(text: &str) -> Facts {
    let source = Source {
        path: "docker/Dockerfile".into(),
        location: Location::Memory(std::sync::Arc::from(text.as_bytes())),
        format: Format::Dockerfile,
    };
    claim(&source, &read(FileId(0), text).body, Passed::new())
}

fn build(facts: &Facts) -> &ImageBuild {
    let PartKind::ImageBuild(build) = &facts.parts[0].kind else { panic!("no image") };
    build
}

fn bases(text: &str) -> Vec<String> {
    claimed(text).images.iter().map(|i| i.reference.to_string()).collect()
}

fn reasons(text: &str) -> Vec<String> {
    claimed(text).unresolved.into_iter().map(|u| u.why).collect()
}

fn run_of(text: &str) -> String {
    build(&claimed(text)).stages.last().unwrap().runs[0].text.to_string()
}

#[test]
fn a_tag_from_an_argument_points_at_the_arguments_bytes() {
    let text = "ARG SPARK_VERSION=\"3.5.1\"\nFROM apache/spark:${SPARK_VERSION}-python3\n";
    let facts = claimed(text);
    let image = &facts.images[0];
    assert_eq!((image.name.as_str(), image.reference.as_str()), ("apache/spark", "apache/spark:3.5.1-python3"));
    let tag = image.tag.as_ref().unwrap();
    assert_eq!(&text[tag.slice(0..5).span().range()], "3.5.1");
    assert_eq!(tag.slice(0..5).span().start, 19);
    assert_eq!(&text[image.reference.written().range()], "apache/spark:${SPARK_VERSION}-python3");
    assert_eq!(facts.parts[0].name, "docker/Dockerfile");
    assert_eq!(facts.parts[0].folder, "docker");
    assert_eq!(&text[facts.parts[0].span.range()], "apache/spark:${SPARK_VERSION}-python3");
}

#[test]
fn substitution_is_dockers_own() {
    let from = |image: &str| bases(&format!("ARG V=1 E= N\nFROM {image}\n"));
    assert_eq!(from("x:$V"), ["x:1"]);
    assert_eq!(from("x:${V:-2}"), ["x:1"]);
    assert_eq!(from("x:${E:-2}"), ["x:2"]);
    assert_eq!(from("${E-y/}x"), ["x"]);
    assert_eq!(from("x:${N:-2}"), ["x:2"]);
    assert_eq!(from("x:${N-${Q:-a${V}b}c}"), ["x:a1bc"]);
    assert_eq!(from("x${V:+:alt}"), ["x:alt"]);
    assert_eq!(from("x${N:+:alt}"), ["x"]);
    assert_eq!(from("x:${V:?words}"), ["x:1"]);
    assert_eq!(from("\"x\":'$V'").len(), 0);
    for unknown in ["x:$N", "x:${V#1}", "x:$TARGETARCH", "x:${TARGETARCH:-y}", "x:$Q", "x:$E", "@BASE@", "<image>"] {
        assert!(from(unknown).is_empty(), "{unknown}");
        assert_eq!(claimed(&format!("ARG V=1 E= N\nFROM {unknown}\n")).unresolved.len(), 1, "{unknown}");
    }
}

#[test]
fn a_stage_sees_what_it_declares_and_inherits() {
    let text = "ARG A=1\nFROM x AS one\nARG A\nENV E=$A\nFROM one AS two\nCOPY $A-$E /t\nFROM x\nCOPY $A /t\n";
    let facts = claimed(text);
    let stages = &build(&facts).stages;
    assert_eq!(stages[1].base_stage, Some(0));
    assert_eq!(stages[1].copies[0].sources[0].as_str(), "1-1");
    assert_eq!(stages[2].copies[0].sources[0].as_str(), "$A");
    assert_eq!(reasons(text), ["`A` is set nowhere in this file"]);
    assert_eq!(facts.images.len(), 2);
}

#[test]
fn the_environment_wins_and_sees_what_was_before_it() {
    let copy = |lines: &str| {
        let facts = claimed(&format!("FROM x\n{lines}\nCOPY $A /t\n"));
        build(&facts).stages[0].copies[0].sources[0].to_string()
    };
    assert_eq!(copy("ENV A=env\nARG A=arg"), "env");
    assert_eq!(copy("ARG A=1\nARG A=2"), "2");
    assert_eq!(copy("ENV A=1\nENV A=2 B=$A\nENV A=$B"), "1");
    assert_eq!(copy("ARG A=1\nARG A"), "1");
}

#[test]
fn commands_keep_what_the_shell_must_know() {
    let text = "FROM x\nARG V=3.5.1\nRUN curl $V/${V}-${W:-w} '$V' $W\n";
    assert_eq!(run_of(text), "curl 3.5.1/3.5.1-${W:-w} '$V' $W");
    assert!(reasons(text).is_empty());
    assert_eq!(run_of("FROM x\nARG V=1\nRUN V=2; echo $V\n"), "V=2; echo $V");
    assert_eq!(run_of("FROM x\nARG V=1\nRUN <<EOF\necho $V\nEOF\n"), "echo 1\n");
    assert_eq!(run_of("FROM x\nARG V=1\nRUN cat <<EOF > /f\n$V\nEOF\n"), "cat <<EOF > /f\n1\nEOF");
    let facts = claimed("FROM x\nARG A=1\nENV E=2\nCMD echo $A $E\nENTRYPOINT [\"run\", \"$E\"]\nCMD c $A $E\n");
    let commands: Vec<_> = build(&facts).stages[0].commands.iter().map(|c| c.text.as_str()).collect();
    assert_eq!(commands, ["run '$E'", "c $A 2"], "arguments are gone when the image runs");
}

#[test]
fn stages_and_images_are_told_apart() {
    let text = "FROM maven:3 AS Build\nFROM scratch AS none\nFROM spark:3.5.1\nCOPY --from=build /a.jar b/\n\
                COPY --from=1 /c d\nCOPY --from=busybox:1 /e f\nCOPY --from=9 g h\n";
    let facts = claimed(text);
    let from: Vec<_> = build(&facts).stages[2].copies.iter().map(|c| c.from.clone().unwrap()).collect();
    let image = |name: &str| CopyFrom::Image(name.into());
    assert_eq!(from, [CopyFrom::Stage(0), CopyFrom::Stage(1), image("busybox:1"), image("9")]);
    let uses: Vec<_> = facts.images.iter().map(|i| i.usage.clone()).collect();
    assert_eq!(uses, [ImageUse::Base { stage: 0, last: false }, ImageUse::Base { stage: 2, last: true }]);
}

#[test]
fn folders_and_users_are_the_last_ones() {
    let text = "FROM x AS a\nWORKDIR /opt\nWORKDIR app\nUSER root\nUSER ${uid}\nFROM a\nWORKDIR lib\nFROM a\n";
    let facts = claimed(text);
    let stages = &build(&facts).stages;
    assert_eq!(stages[0].workdir.as_deref(), Some("/opt/app"));
    assert_eq!(stages[0].user.as_ref().unwrap().as_str(), "${uid}");
    assert_eq!(stages[1].workdir.as_deref(), Some("/opt/app/lib"));
    assert_eq!((&stages[2].workdir, stages[2].user.is_none()), (&None, true));
}

#[test]
fn a_file_without_stages_claims_little() {
    assert!(claimed("").parts.is_empty());
    let facts = claimed("RUN x\nCOPY a b\n");
    assert!(build(&facts).stages.is_empty() && facts.images.is_empty());
    let lost = claimed("FROM\nCOPY a b\n");
    assert!(build(&lost).stages[0].base.is_none() && lost.unresolved.is_empty());
}

#[test]
fn values_of_values_stay_bounded() {
    let doubling = (0..60).map(|i| format!("ENV A{}=$A{i}$A{i}\n", i + 1)).collect::<Vec<_>>().concat();
    let facts = claimed(&format!("FROM x\nENV A0=0123456789\n{doubling}COPY $A60 /t\n"));
    assert_eq!(facts.unresolved.len(), 1);
    let stages = format!("FROM x AS a\n{}{}", "ENV A=1\n".repeat(2000), "FROM a AS a\nENV B=$A\n".repeat(2000));
    assert_eq!(build(&claimed(&stages)).stages.len(), 2001);
    let deep = format!("FROM x\n{}", "WORKDIR aaaaaaaaaa\n".repeat(5000));
    assert!(build(&claimed(&deep)).stages[0].workdir.as_ref().unwrap().len() < 2 * LONGEST_FOLDER);
}

#[test]
fn mutated_files_never_panic_and_keep_their_places_inside() {
    let sample = "ARG V=1 W\nFROM x:${V:-a$W}b AS a\nENV A=\"${V+é}\" B='$A'\nCOPY --from=a [\"$A\", \"${B:-$V}\"]\n\
                  RUN echo ${A:-${B}} $V \\\n $A\nFROM a\nWORKDIR ${A}\nUSER $V\nCMD sh $B\n";
    mutation::each(&[sample], |text| {
        let facts = claimed(text);
        let inside = |span: Span| mutation::inside(text, span);
        facts.images.iter().for_each(|i| inside(i.reference.span()));
        facts.unresolved.iter().for_each(|u| inside(u.span));
        for stage in facts.parts.iter().flat_map(|_| &build(&facts).stages) {
            stage.runs.iter().chain(&stage.commands).for_each(|r| inside(r.text.span()));
            stage.copies.iter().flat_map(|c| &c.sources).for_each(|s| inside(s.span()));
        }
    });
}
