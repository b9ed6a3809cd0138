//! Files that are no text, or no files.

use crate::check;
use crate::repository::{BAD, Repository, good};
use std::os::unix::fs::symlink;
use std::process::Command;

const NAMES: [&str; 10] = [
    "pom.xml",
    "go.mod",
    "Cargo.toml",
    "pyproject.toml",
    "x.yaml",
    "Dockerfile",
    "requirements.txt",
    "spark-defaults.conf",
    "x.go",
    "x.rs",
];

/// Bytes that look like nothing, the same each time.
fn noise(length: usize) -> Vec<u8> {
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 24) as u8
    };
    std::iter::repeat_with(&mut next).take(length).collect()
}

#[test]
fn a_binary_file_is_said() {
    for name in NAMES {
        let repository = Repository::empty();
        repository.write(name, noise(100_000));
        let run = check(&repository, name);
        assert_eq!(run.rules(), ["unreadable-file"], "{name}: {}", run.out);
        let build = !matches!(name, "x.yaml" | "spark-defaults.conf" | "x.go" | "x.rs");
        assert_eq!(run.code, i32::from(build), "{name}");
    }
}

#[test]
fn encodings_that_are_not_utf_8_are_said() {
    let utf16 = |bom: u16, order: fn(u16) -> [u8; 2]| -> Vec<u8> {
        std::iter::once(bom).chain(BAD.encode_utf16()).flat_map(order).collect()
    };
    let latin = BAD.replace("shop", "größe").chars().map(|c| c as u8).collect();
    let nul = BAD.replace("shop", "sh\0p").into_bytes();
    for (what, bytes) in [
        ("UTF-16LE", utf16(0xFEFF, u16::to_le_bytes)),
        ("UTF-16BE", utf16(0xFEFF, u16::to_be_bytes)),
        ("Latin-1", latin),
        ("NUL", nul),
    ] {
        let repository = Repository::empty();
        repository.write("web.yaml", bytes);
        let run = check(&repository, what);
        assert_eq!((run.code, run.rules()), (1, vec!["unreadable-file".to_owned()]), "{what}: {}", run.out);
    }
}

#[test]
fn empty_files_and_blanks_are_harmless() {
    for text in ["", "\n", "\r\n", "\r", "\u{feff}", "\u{feff}\r\n", " ", "\t", "#", "---", "---\n...\n"] {
        let repository = Repository::empty();
        for name in NAMES.into_iter().chain(["README.md", "build.sh", "app.json", "Chart.yaml", "kustomization.yaml"]) {
            repository.write(name, text);
        }
        check(&repository, text);
    }
}

#[test]
fn what_is_no_file_is_passed_over_and_never_waited_for() {
    let repository = Repository::of(&[("ok.yaml", &good())]);
    for folder in ["pom.xml", "Dockerfile", "web.yaml", "sparkproof.toml", ".gitignore"] {
        std::fs::create_dir_all(repository.at("folders").join(folder)).unwrap();
    }
    std::fs::create_dir(repository.at("pipes")).unwrap();
    for pipe in ["Dockerfile", "a.yaml", "pom.xml", "a.json", "README.md", "sparkproof.toml"] {
        assert!(Command::new("mkfifo").arg(repository.at("pipes").join(pipe)).status().unwrap().success());
    }
    symlink("nowhere", repository.at("Dockerfile")).unwrap();
    symlink("/dev/zero", repository.at("zero.yaml")).unwrap();
    symlink(".", repository.at("here")).unwrap();
    symlink("b", repository.at("a")).unwrap();
    symlink("a", repository.at("b")).unwrap();
    let run = check(&repository, "no files");
    assert_eq!(run.code, 0, "{}", run.out);
    assert_eq!(run.json()["coverage"]["files"], 1);
}

#[test]
fn ignore_files_that_are_pipes_are_not_waited_for() {
    for name in [".gitignore", ".ignore", ".git/info/exclude"] {
        let repository = Repository::of(&[("ok.yaml", &good()), (".git/info/x", "")]);
        assert!(Command::new("mkfifo").arg(repository.at(name)).status().unwrap().success());
        check(&repository, name);
    }
    for name in [".gitignore", ".ignore", "sub/.gitignore"] {
        let repository = Repository::of(&[("ok.yaml", BAD), ("sub/ok.yaml", &good())]);
        symlink("/dev/zero", repository.at(name)).unwrap();
        assert_eq!(check(&repository, name).code, 1);
    }
}

#[test]
fn pipes_and_devices_that_are_given_are_not_waited_for() {
    let repository = Repository::of(&[("ok.yaml", &good())]);
    assert!(Command::new("mkfifo").arg(repository.at("Dockerfile")).status().unwrap().success());
    for arguments in [
        &["check", "Dockerfile"] as &[&str],
        &["check", "--config", "Dockerfile"],
        &["check", "--config", "/dev/zero"],
        &["check", "/dev/zero"],
    ] {
        let run = repository.run(arguments);
        assert_eq!(run.code, 2, "{arguments:?}: {}", run.err);
    }
    for table in ["Dockerfile", "/dev/zero", "../outside.toml"] {
        repository.write("sparkproof.toml", format!("tables = [\"{table}\"]\n"));
        assert_eq!(check(&repository, table).code, 2);
    }
}

#[test]
fn a_configuration_that_links_out_of_the_root_does_not_show_what_is_there() {
    let repository = Repository::of(&[("ok.yaml", &good())]);
    std::fs::write(repository.path("secret"), "password = hunter2\n").unwrap();
    symlink(repository.path("secret"), repository.at("sparkproof.toml")).unwrap();
    let run = repository.run(&["check"]);
    assert!(!run.out.contains("hunter2") && !run.err.contains("hunter2"), "{}", run.err);
    std::fs::remove_file(repository.at("sparkproof.toml")).unwrap();
    repository.write("sparkproof.toml", "tables = [\"../secret\"]\n");
    let run = repository.run(&["check", "--format", "human"]);
    assert!(!run.out.contains("hunter2") && !run.err.contains("hunter2"), "{}", run.out);
}

#[test]
fn a_file_that_must_not_be_read_is_said() {
    use std::os::unix::fs::PermissionsExt as _;
    let repository = Repository::of(&[("pom.xml", "<project/>"), ("shut/x.yaml", BAD)]);
    std::fs::set_permissions(repository.at("pom.xml"), std::fs::Permissions::from_mode(0o000)).unwrap();
    // The superuser may read everything.
    if std::fs::read(repository.at("pom.xml")).is_err() {
        let run = check(&repository, "no permission");
        assert!(run.rules().contains(&"unreadable-file".to_owned()), "{}", run.out);
    }
}
