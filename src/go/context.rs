//! For which systems a file is built: its name and its build lines say it.

const SYSTEMS: [&str; 18] = [
    "aix",
    "android",
    "darwin",
    "dragonfly",
    "freebsd",
    "hurd",
    "illumos",
    "ios",
    "js",
    "linux",
    "nacl",
    "netbsd",
    "openbsd",
    "plan9",
    "solaris",
    "wasip1",
    "windows",
    "zos",
];
const MACHINES: [&str; 18] = [
    "386", "amd64", "arm", "arm64", "loong64", "mips", "mips64", "mips64le", "mipsle", "ppc64", "ppc64le", "riscv",
    "riscv64", "s390x", "sparc64", "wasm", "armbe", "amd64p32",
];

/// The system or machine in a file's name: `open_windows.go`, `sum_arm64.go`.
pub(super) fn system_of(name: &str) -> Option<&str> {
    let stem = name.strip_suffix(".go").unwrap_or(name);
    let stem = stem.strip_suffix("_test").unwrap_or(stem);
    let (head, last) = stem.rsplit_once('_')?;
    if SYSTEMS.contains(&last) {
        return Some(last);
    }
    if !MACHINES.contains(&last) {
        return None;
    }
    match head.rsplit_once('_') {
        Some((before, system)) if SYSTEMS.contains(&system) => stem.get(before.len() + 1..),
        _ => Some(last),
    }
}

/// Whether a build for Linux on amd64 reads a file.
pub(super) fn is_usual(path: &str, build_tags: &[String]) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let by_name = system_of(name).is_none_or(|of| of.split('_').all(|part| part == "linux" || part == "amd64"));
    by_name && build_tags.iter().all(|line| line_holds(line))
}

fn line_holds(line: &str) -> bool {
    let mut words = Words { rest: line, fuel: 256 };
    words.either().unwrap_or(true)
}

/// A `//go:build` expression, read from the left.
struct Words<'t> {
    rest: &'t str,
    fuel: usize,
}

impl Words<'_> {
    fn eat(&mut self, mark: &str) -> bool {
        self.rest = self.rest.trim_start();
        let Some(rest) = self.rest.strip_prefix(mark) else { return false };
        self.rest = rest;
        true
    }

    fn either(&mut self) -> Option<bool> {
        let mut holds = self.both()?;
        while self.eat("||") {
            holds |= self.both()?;
        }
        Some(holds)
    }

    fn both(&mut self) -> Option<bool> {
        let mut holds = self.one()?;
        while self.eat("&&") {
            holds &= self.one()?;
        }
        Some(holds)
    }

    fn one(&mut self) -> Option<bool> {
        self.fuel = self.fuel.checked_sub(1)?;
        if self.eat("!") {
            return self.one().map(|holds| !holds);
        }
        if self.eat("(") {
            let holds = self.either()?;
            return self.eat(")").then_some(holds);
        }
        let end = self.rest.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '.')).unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest;
        let release = word.strip_prefix("go1.").is_some_and(|minor| minor.parse::<u32>().is_ok());
        (!word.is_empty()).then_some(matches!(word, "linux" | "amd64" | "unix" | "gc" | "cgo") || release)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_lines_decide() {
        for (name, usual) in [
            ("a.go", true),
            ("a_linux.go", true),
            ("a_linux_arm64.go", false),
            ("a_windows_test.go", false),
            ("linux.go", true),
        ] {
            assert_eq!(is_usual(name, &[]), usual, "{name}");
        }
        for (line, usual) in [
            ("linux && !cgo", false),
            ("!(windows || darwin) && go1.20", true),
            ("ignore", false),
            ("integration || linux", true),
            ("(", true),
        ] {
            assert_eq!(is_usual("a.go", &[line.to_owned()]), usual, "{line}");
        }
    }
}
