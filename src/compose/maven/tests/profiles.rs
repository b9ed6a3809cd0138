//! Profiles: which exclude each other, which hold by default, and how evaluations are shared.

use super::*;

const BY_DEFAULT: &str = "<activation><activeByDefault>true</activeByDefault></activation>";

pub(super) fn profiled() -> String {
    let profiles = [
        profile("one", &(BY_DEFAULT.to_owned() + &properties(&[("v", "1")]))),
        profile("two", &properties(&[("v", "2")])),
        profile("scala", &properties(&[("s", "2.13")])),
        profile("extra", &dependencies(&dependency("b", "<version>1</version>"))),
        profile("quiet", &properties(&[("skipTests", "true")])),
    ];
    let deps = dependencies(&dependency("a_${s}", "<version>${v}</version>"));
    project(
        "p",
        &format!("{}{deps}<profiles>{}</profiles>", properties(&[("s", "2.12"), ("v", "0")]), profiles.concat()),
    )
}

#[test]
fn profiles_that_set_the_same_exclude_each_other() {
    let (_, maven) = composed(&[("pom.xml", profiled())]);
    assert_eq!(
        maven.builds[0].evaluations,
        ["default", "one", "two", "scala", "extra", "one,scala", "two,scala", "one,extra", "two,extra", "scala,extra"]
    );
    for (evaluation, expected) in [
        ("default", vec!["a_2.12:1"]),
        ("two", vec!["a_2.12:2"]),
        ("scala", vec!["a_2.13:0"]),
        ("one,scala", vec!["a_2.13:1"]),
        ("two,extra", vec!["a_2.12:2", "b:1"]),
    ] {
        assert_eq!(at(&maven, 0, evaluation), expected, "{evaluation}");
    }
}

#[test]
fn equal_cases_of_one_declaration_are_one() {
    let (_, maven) = composed(&[("pom.xml", profiled())]);
    let of_a = maven.modules[0].dependencies.iter().filter(|(_, d)| d.artifact.as_str().starts_with("a_"));
    let all = of_a.clone().fold(Variants::NONE, |all, (v, _)| all.or(*v));
    assert_eq!((of_a.count(), all), (6, Variants::first(10)));
}

#[test]
fn a_profile_by_default_yields_in_its_own_pom_only() {
    let by_default = profile("d", &(BY_DEFAULT.to_owned() + &properties(&[("w", "2")])));
    let parent = project(
        "p",
        &format!("{}<profiles>{by_default}</profiles><modules><module>c</module></modules>", properties(&[("w", "1")])),
    );
    let own = child(
        "c",
        "p",
        &format!(
            "{}<profiles>{}</profiles>",
            dependencies(&dependency("a", "<version>${w}${x}</version>")),
            profile("e", &properties(&[("x", "0")]))
        ),
    );
    let (_, maven) = composed(&[("pom.xml", parent), ("c/pom.xml", own)]);
    assert_eq!(at(&maven, 1, "e"), ["a:20"]);
}

#[test]
fn a_profile_that_is_active_unless_asked_otherwise_holds_everywhere() {
    let unless = profile(
        "u",
        &("<activation><property><name>!no</name></property></activation>".to_owned() + &properties(&[("v", "1")])),
    );
    let deps = dependencies(&dependency("a", "<version>${v}</version>"));
    let (_, maven) = composed(&[("pom.xml", project("p", &format!("{deps}<profiles>{unless}</profiles>")))]);
    assert_eq!(at(&maven, 0, "default"), ["a:1"]);
}

#[test]
fn no_build_has_more_than_64_evaluations() {
    let profiles: String =
        (0..40).map(|i| profile(&format!("p{i}"), &properties(&[(&format!("v{i}"), "1")]))).collect();
    let deps: String =
        (0..40).map(|i| dependency(&format!("a{i}"), &format!("<version>${{v{i}}}</version>"))).collect();
    let (_, maven) =
        composed(&[("pom.xml", project("p", &format!("{}<profiles>{profiles}</profiles>", dependencies(&deps))))]);
    assert_eq!(maven.builds[0].evaluations.len(), 64);
    assert!(maven.builds[0].losses[0].message.contains("64 are evaluated"));
}

#[test]
fn modules_of_one_reactor_share_their_evaluations() {
    let root = project(
        "p",
        &format!(
            "<modules><module>c</module></modules><profiles>{}</profiles>",
            profile("more", "<modules><module>d</module></modules>")
        ),
    );
    let own = child(
        "c",
        "p",
        &format!(
            "{}<profiles>{}</profiles>",
            dependencies(&dependency("a", "<version>${v}</version>")),
            profile("x", &properties(&[("v", "1")]))
        ),
    );
    let (_, maven) = composed(&[("pom.xml", root), ("c/pom.xml", own), ("d/pom.xml", child("d", "p", ""))]);
    assert_eq!(maven.builds.len(), 1);
    assert_eq!(maven.builds[0].evaluations, ["default", "more", "x"]);
    assert_eq!((maven.modules[1].reached, maven.modules[2].reached), (Variants::first(3), Variants::only(1)));
}
