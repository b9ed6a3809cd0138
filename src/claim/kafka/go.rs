//! Go's clients of Kafka.

use crate::fact::code::{Argument, Deed, Value};
use crate::fact::kafka::{Against, AutoCommit};
use crate::fact::{CodeSite, Facts};
use crate::source::Span;
use std::collections::BTreeMap;

/// Commits of consumers that turn it on with a setting of `librdkafka`.
const COMMITS: [&str; 3] = ["Commit", "CommitMessage", "CommitOffsets"];

/// Commits of franz-go's client, which mean something only where it does not commit on its own.
const COMMITS_OF_FRANZ: [&str; 4] = ["CommitOffsets", "CommitOffsetsSync", "CommitRecords", "CommitUncommittedOffsets"];

/// Options of franz-go by which a client does not commit just anything on its own.
const CHOICES_OF_FRANZ: [&str; 2] = ["AutoCommitMarks", "DisableAutoCommit"];

/// Consumers of each package that commit on their own although something else in it does as well.
pub fn claim_go(facts: &Facts) -> Vec<AutoCommit> {
    let mut packages: BTreeMap<&str, Vec<&CodeSite>> = BTreeMap::new();
    for code in facts.code_sites() {
        let path = &*code.site.path;
        if path.contains("kafka") || path.contains("sarama") || path.contains("/kgo.") {
            packages.entry(&code.package).or_default().push(code);
        }
    }
    let mut found = Vec::new();
    for sites in packages.values() {
        confluent(sites, &mut found);
        sarama(sites, &mut found);
        franz(sites, &mut found);
        segmentio(sites, &mut found);
    }
    found
}

/// The method in a path of a type: `(*a/b.C).D`.
fn method<'p>(path: &'p str, module: &str, of: &str) -> Option<&'p str> {
    let rest = path.trim_start_matches(['(', '*']).strip_prefix(module)?;
    let (before, name) = rest.rsplit_once(").")?;
    before.rsplit(['/', '.']).next().filter(|own| *own == of).map(|_| name)
}

/// The function or type in a path: `a/b.C`.
fn function<'p>(path: &'p str, module: &str) -> Option<&'p str> {
    path.strip_prefix(module)?.rsplit('.').next()
}

fn name_of(code: &CodeSite) -> String {
    code.site.path.rsplit('.').next().unwrap_or_default().to_owned()
}

fn add(found: &mut Vec<AutoCommit>, code: &CodeSite, span: Span, by_default: bool, against: &Against) {
    found.push(AutoCommit { span, by_default, against: against.clone(), subject: code.subject() });
}

fn confluent(sites: &[&CodeSite], found: &mut Vec<AutoCommit>) {
    const MODULE: &str = "github.com/confluentinc/confluent-kafka-go/";
    let of = |of: &'static str, names: &'static [&'static str]| {
        sites.iter().find(move |code| method(&code.site.path, MODULE, of).is_some_and(|name| names.contains(&name)))
    };
    let sent = of("Producer", &["SendOffsetsToTransaction"]).map(|c| Against::Transaction(c.site.span, name_of(c)));
    let committed = of("Consumer", &COMMITS).map(|code| Against::Commit(code.site.span, name_of(code)));
    let Some(against) = sent.or(committed) else { return };
    let literals = || {
        let is_map = |code: &&&CodeSite| {
            code.site.deed == Deed::Literal && function(&code.site.path, MODULE) == Some("ConfigMap")
        };
        sites.iter().filter(is_map)
    };
    let said: Vec<(&CodeSite, &Argument)> =
        literals().filter_map(|code| Some((*code, code.site.field("enable.auto.commit")?))).collect();
    let is_on = |value: &Value| matches!(value, Value::Bool(true)) || value.text() == Some("true");
    // One consumer that does not, or may not, commit on its own is enough to know nothing of the others.
    let later = sites.iter().any(|code| name_of(code) == "SetKey" || name_of(code) == "Set");
    if later || said.iter().any(|(_, argument)| !is_on(&argument.value)) {
        return;
    }
    for (code, argument) in &said {
        add(found, code, argument.span, false, &against);
    }
    let is_open = |code: &CodeSite| code.site.arguments.iter().any(|argument| argument.name.is_none());
    for code in literals().filter(|code| code.site.field("group.id").is_some() && !is_open(code)) {
        if code.site.field("enable.auto.commit").is_none() {
            add(found, code, code.site.span, true, &against);
        }
    }
}

fn sarama(sites: &[&CodeSite], found: &mut Vec<AutoCommit>) {
    let of_sarama = |code: &CodeSite| code.site.path.contains("/sarama.");
    let is_switch = |code: &CodeSite| {
        code.site.deed == Deed::Set && of_sarama(code) && code.site.path.ends_with(".AutoCommit.Enable")
    };
    let switches: Vec<&&CodeSite> = sites.iter().filter(|code| is_switch(code)).collect();
    let is_on = |code: &CodeSite| *code.site.argument(0) == Value::Bool(true);
    if switches.is_empty() || !switches.iter().all(|code| is_on(code)) {
        return;
    }
    let called = |names: &[&str]| {
        sites.iter().find(|code| of_sarama(code) && code.site.deed == Deed::Call && names.contains(&&*name_of(code)))
    };
    let sent = called(&["AddOffsetsToTxn", "AddMessageToTxn"]).map(|c| Against::Transaction(c.site.span, name_of(c)));
    let is_session = |code: &&&CodeSite| code.site.path.contains("ConsumerGroupSession");
    let committed = called(&["Commit"]).filter(is_session).map(|c| Against::Commit(c.site.span, name_of(c)));
    let Some(against) = sent.or(committed) else { return };
    for code in switches {
        add(found, code, code.site.arguments.first().map_or(code.site.span, |a| a.span), false, &against);
    }
}

fn franz(sites: &[&CodeSite], found: &mut Vec<AutoCommit>) {
    const MODULE: &str = "github.com/twmb/franz-go/pkg/kgo";
    let is_choice = |code: &&CodeSite| {
        function(&code.site.path, MODULE)
            .is_some_and(|name| CHOICES_OF_FRANZ.contains(&name) || name.starts_with("NewGroupTransactSession"))
    };
    let commits = |code: &&&CodeSite| {
        method(&code.site.path, MODULE, "Client").is_some_and(|name| COMMITS_OF_FRANZ.contains(&name))
    };
    let Some(commit) = sites.iter().find(commits) else { return };
    if sites.iter().any(is_choice) {
        return;
    }
    let against = Against::Commit(commit.site.span, name_of(commit));
    let clients = sites.iter().filter(|code| function(&code.site.path, MODULE) == Some("NewClient"));
    for code in clients {
        let options = &code.site.arguments;
        let is_known = options.iter().all(|option| matches!(option.value, Value::Made(_)));
        let joins =
            options.iter().any(|option| option.value.made("github.com/twmb/franz-go/pkg/kgo.ConsumerGroup").is_some());
        if is_known && joins {
            add(found, code, code.site.span, true, &against);
        }
    }
}

/// `ReadMessage` commits what it reads, `FetchMessage` does not.
fn segmentio(sites: &[&CodeSite], found: &mut Vec<AutoCommit>) {
    const MODULE: &str = "github.com/segmentio/kafka-go";
    let calls = |name: &'static str| {
        sites
            .iter()
            .filter(move |code| method(&code.site.path, MODULE, "Reader") == Some(name) && code.site.on.is_some())
    };
    for read in calls("ReadMessage") {
        let same = |code: &&&&CodeSite| code.is_beside(read) && code.site.on == read.site.on;
        if let Some(commit) = calls("CommitMessages").find(|code| same(&code)) {
            let against = Against::Commit(commit.site.span, name_of(commit));
            add(found, read, read.site.span, true, &against);
        }
    }
}
