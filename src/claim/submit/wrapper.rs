//! What stands before a program and runs it: `sudo`, `docker exec`, `kubectl exec`, `sh -c`.

use crate::read::shell::Word;
use crate::source::Traced;

/// How many of them may stand one before another.
const MAX_STEPS: usize = 8;

/// Flags of container tools that take the next word.
const WITH_VALUE: [&str; 52] = [
    "--add-host",
    "--cap-add",
    "--cidfile",
    "--container",
    "--cpus",
    "--cpu-shares",
    "--detach-keys",
    "--device",
    "--dns",
    "--entrypoint",
    "--env",
    "--env-file",
    "--expose",
    "--file",
    "--gpus",
    "--group-add",
    "--hostname",
    "--index",
    "--ip",
    "--ipc",
    "--label",
    "--link",
    "--log-driver",
    "--log-opt",
    "--memory",
    "--mount",
    "--name",
    "--namespace",
    "--net",
    "--network",
    "--network-alias",
    "--platform",
    "--profile",
    "--project-directory",
    "--project-name",
    "--publish",
    "--pull",
    "--restart",
    "--runtime",
    "--shm-size",
    "--tmpfs",
    "--ulimit",
    "--user",
    "--volume",
    "--volumes-from",
    "--workdir",
    "-c",
    "-e",
    "-f",
    "-n",
    "-p",
    "-v",
];

/// Where a command runs.
#[derive(Debug, Default, Clone)]
pub(super) struct Inside {
    /// The container that `docker exec` names.
    pub(super) container: Option<Traced>,
    /// The image that `docker run` names.
    pub(super) image: Option<Traced>,
}

impl Inside {
    /// The same, within what a command around it says.
    pub(super) fn within(self, outer: &Inside) -> Self {
        Self {
            container: self.container.or_else(|| outer.container.clone()),
            image: self.image.or_else(|| outer.image.clone()),
        }
    }
}

/// A command without what stands before its program.
pub(super) struct Found<'w> {
    pub(super) words: Vec<&'w Word>,
    /// The text that a shell is given to run.
    pub(super) script: Option<&'w Word>,
    pub(super) inside: Inside,
}

/// Finds the program that a command runs in the end; None where it is not to be told.
pub(super) fn unwrap(words: &[Word]) -> Option<Found<'_>> {
    let mut words: Vec<&Word> = words.iter().collect();
    let mut inside = Inside::default();
    for _ in 0..MAX_STEPS {
        let first = words.first()?;
        let name = first.as_str().trim_start_matches(['@', '-', '+']);
        let name = name.rsplit('/').next().unwrap_or_default();
        let rest = words.get(1..).unwrap_or_default();
        let next = match name {
            "sudo" | "env" | "exec" | "time" | "nohup" | "command" | "nice" | "stdbuf" | "setsid" | "tini"
            | "dumb-init" | "eval" | "xargs" | "ionice" | "catchsegv" => after_flags(rest, &["-u", "-n", "-g", "-c"]),
            "timeout" | "gosu" | "su-exec" | "chroot" | "flock" => after_flags(rest, &["-k", "-s"]).get(1..)?,
            "ssh" => after_flags(rest, &["-i", "-p", "-o", "-l", "-F"]).get(1..)?,
            "poetry" | "uv" | "pipenv" | "pdm" | "hatch" | "rye" | "conda" | "micromamba" => {
                if rest.first()?.as_str() != "run" {
                    return None;
                }
                after_flags(rest.get(1..)?, &["-n", "--name", "-p", "--prefix", "--with", "--python"])
            }
            "sh" | "bash" | "dash" | "ash" | "zsh" | "su" | "runuser" => {
                let is_script = |w: &&Word| {
                    let flag = w.as_str();
                    flag.starts_with('-') && !flag.starts_with("--") && flag.ends_with('c')
                };
                if let Some(at) = rest.iter().position(is_script) {
                    let script = rest.get(at + 1).copied();
                    return script.map(|script| Found { words: Vec::new(), script: Some(script), inside });
                }
                after_flags(rest, &[])
            }
            "docker" | "podman" | "nerdctl" | "docker-compose" | "podman-compose" => {
                words = container(name, rest, &mut inside)?;
                continue;
            }
            "kubectl" | "oc" => {
                let verb = rest.iter().position(|w| matches!(w.as_str(), "exec" | "run"))?;
                let dashes = rest.iter().position(|w| w.as_str() == "--").filter(|at| *at > verb)?;
                rest.get(dashes + 1..)?
            }
            _ if name.ends_with("entrypoint.sh") => rest,
            _ => return Some(Found { words, script: None, inside }),
        };
        words = next.to_vec();
    }
    None
}

fn after_flags<'s, 'w>(words: &'s [&'w Word], with_value: &[&str]) -> &'s [&'w Word] {
    let mut at = 0;
    while let Some(word) = words.get(at) {
        let text = word.as_str();
        let assigns = text
            .split_once('=')
            .is_some_and(|(name, _)| !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_'));
        if text == "--" {
            return words.get(at + 1..).unwrap_or_default();
        }
        if !text.starts_with('-') && !assigns {
            break;
        }
        at += if with_value.contains(&text) { 2 } else { 1 };
    }
    words.get(at..).unwrap_or_default()
}

/// `docker exec`, `docker run`, `docker compose exec`: where it runs, and what.
fn container<'w>(tool: &str, words: &[&'w Word], inside: &mut Inside) -> Option<Vec<&'w Word>> {
    let mut at = 0;
    let mut composes = tool.ends_with("-compose");
    let mut entrypoint = None;
    let mut verb = None;
    while let Some(word) = words.get(at) {
        let text = word.as_str();
        let flag = text.split('=').next().unwrap_or(text);
        match text {
            "compose" if verb.is_none() => composes = true,
            "container" if verb.is_none() => {}
            "exec" | "run" if verb.is_none() => verb = Some(text),
            _ if text.starts_with('-') => {
                let takes = WITH_VALUE.contains(&flag) || matches!(flag, "-u" | "-w" | "-h" | "-l" | "-m");
                if flag == "--entrypoint" {
                    entrypoint = words.get(at + 1).copied();
                }
                at += usize::from(takes && flag.len() == text.len());
            }
            _ => break,
        }
        at += 1;
    }
    let target = words.get(at)?;
    if verb? == "exec" || composes {
        inside.container = target.value().cloned();
    } else {
        inside.image = target.value().cloned();
    }
    // The program stands before the image, its arguments behind it.
    Some(entrypoint.into_iter().chain(words.get(at + 1..)?.iter().copied()).collect())
}
