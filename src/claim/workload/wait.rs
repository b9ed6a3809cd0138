//! How long a container waits before it is stopped: the `sleep` of its preStop hook.

use super::super::kubernetes::words;
use crate::fact::container::PreStop;
use crate::read::tree::Node;
use crate::source::Traced;
use regex::Regex;
use std::sync::LazyLock;

/// A `sleep` at the start of a command, and the time it sleeps.
static SLEEP: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?:^|[;&|\n(]|\bthen\s)\s*(?:exec\s+)?(?:/usr)?(?:/bin/)?sleep\s+([0-9.]+[smhd]?)(?:$|[\s;&|)])").ok()
});

/// What makes it unknown whether or how often a command runs.
static BRANCHES: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(^|[\s;&|])(if|while|until|for|case|trap|function)\s|\|\||&\s*$|&[^&>]|\{").ok());

/// The hook's own waiting, where it is known.
pub(super) fn pre_stop(hook: Node<'_>) -> Option<PreStop> {
    if let Some(seconds) = hook.path(&["sleep", "seconds"]) {
        let text = seconds.text()?.clone();
        return Some(PreStop { seconds: text.as_str().parse().ok()?, text });
    }
    let command = words(hook.path(&["exec", "command"]));
    let [first, rest @ ..] = command.as_slice() else { return None };
    let program = first.as_str().rsplit('/').next().unwrap_or_default();
    match (program, rest) {
        ("sleep", [time, ..]) => Some(PreStop { seconds: duration(time.as_str())?, text: time.clone() }),
        ("sh" | "bash" | "ash" | "dash", [flag, script, ..])
            if flag.as_str().starts_with('-') && flag.as_str().ends_with('c') =>
        {
            in_script(script)
        }
        _ => None,
    }
}

/// The sleeps of a script that runs straight on.
fn in_script(script: &Traced) -> Option<PreStop> {
    let text = script.as_str();
    let whole = text.replace("&&", ";;");
    if BRANCHES.as_ref()?.is_match(&whole) {
        return None;
    }
    let mut total = 0.0;
    let mut longest: Option<(f64, Traced)> = None;
    for found in SLEEP.as_ref()?.captures_iter(&whole) {
        let time = found.get(1)?;
        let seconds = duration(time.as_str())?;
        total += seconds;
        if longest.as_ref().is_none_or(|(most, _)| seconds > *most) {
            longest = Some((seconds, script.slice(time.range())));
        }
    }
    longest.map(|(_, text)| PreStop { seconds: total, text })
}

/// The time of `sleep`: seconds, or with a unit.
fn duration(text: &str) -> Option<f64> {
    let (number, unit) = match text.strip_suffix(['s', 'm', 'h', 'd']) {
        Some(number) => (number, text.chars().next_back()?),
        None => (text, 's'),
    };
    let factor = match unit {
        's' => 1.0,
        'm' => 60.0,
        'h' => 3600.0,
        _ => 86400.0,
    };
    let seconds: f64 = number.parse().ok()?;
    (seconds.is_finite() && seconds >= 0.0).then_some(seconds * factor)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::read::yaml;
    use crate::source::FileId;

    fn waits(hook: &str) -> Option<f64> {
        let tree = yaml::read(FileId(0), hook).body.remove(0);
        pre_stop(tree.root()).map(|stop| stop.seconds)
    }

    #[test]
    fn sleeps_are_counted() {
        assert_eq!(waits("exec: {command: [sleep, '30']}"), Some(30.0));
        assert_eq!(waits("exec: {command: [/bin/sleep, 1m]}"), Some(60.0));
        assert_eq!(waits("exec: {command: [/bin/sh, -c, 'sleep 5; nginx -s quit; sleep 2.5']}"), Some(7.5));
        assert_eq!(waits("exec: {command: [sh, -ec, 'touch /tmp/x && sleep 20']}"), Some(20.0));
        assert_eq!(waits("sleep: {seconds: 12}"), Some(12.0));
        assert_eq!(waits("exec:\n  command:\n  - bash\n  - -c\n  - |\n    echo bye\n    sleep 40\n"), Some(40.0));
    }

    #[test]
    fn what_may_not_run_is_not_counted() {
        for script in [
            "while pgrep java; do sleep 1; done",
            "if [ -f /x ]; then sleep 60; fi",
            "kill 1 || sleep 60",
            "sleep $WAIT",
            "sleep 60 & wait 1",
            "nosleep 60",
        ] {
            assert_eq!(waits(&format!("exec: {{command: [sh, -c, '{script}']}}")), None, "{script}");
        }
        assert_eq!(waits("httpGet: {path: /quit, port: 80}"), None);
    }
}
