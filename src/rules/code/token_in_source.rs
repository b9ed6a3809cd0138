//! See `rules/code/token-in-source.md`.

use crate::fact::Via;
use crate::fact::connect_url;
use crate::fact::secret::{credential, is_secret};
use crate::finding::Level;
use crate::rule::{Case, Findings, Group, Rule};
use crate::source::Span;

/// The rule.
pub static RULE: Rule = Rule {
    id: "token-in-source",
    group: Group::Code,
    level: Level::Warning,
    options: &[],
    yields_to: &[],
    page: include_str!("../../../rules/code/token-in-source.md"),
    check,
};

/// Calls that send a header, and where its name and value stand.
const HEADERS: [(&str, usize); 6] = [
    ("(net/http.Header).Add", 0),
    ("(net/http.Header).Set", 0),
    ("google.golang.org/grpc/metadata.AppendToOutgoingContext", 1),
    ("google.golang.org/grpc/metadata.Pairs", 0),
    ("(google.golang.org/grpc/metadata.MD).Set", 0),
    ("(google.golang.org/grpc/metadata.MD).Append", 0),
];
const HELP: &str = "read it when the program starts: from a mounted secret, or from the environment; and replace it, since it was published";

fn check(case: &Case, findings: &mut Findings) {
    let mut tell = |at: Span, what: &str, subject: String| {
        let message = format!("{what} stands in the source: everyone who reads the code can use it");
        let finding = findings.report(at, message);
        finding.subject(subject).help(HELP).source("https://cwe.mitre.org/data/definitions/798.html");
    };
    let remotes = case.project.facts.settings.iter().filter(|s| s.via == Via::Code && s.key.as_str() == "spark.remote");
    for address in remotes.filter_map(|setting| setting.value.as_ref()) {
        let token = connect_url::token(address.as_str()).map(|range| address.slice(range));
        if let Some(token) = token.filter(|token| is_secret(token.as_str())) {
            tell(token.span(), "the token of a Spark Connect server", "spark.remote/token".to_owned());
        }
    }
    for code in case.project.facts.code_sites() {
        let site = &code.site;
        if site.path.contains("/spark-connect-go/") {
            for argument in &site.arguments {
                let text = argument.value.text().unwrap_or_default();
                let range = connect_url::token(text).filter(|range| is_secret(&text[range.clone()]));
                if let Some(range) = range {
                    tell(argument.within(range), "the token of a Spark Connect server", code.subject());
                }
            }
        }
        if let Some(token) = site.field("AccessToken").filter(|_| &*site.path == "golang.org/x/oauth2.Token") {
            let is_known = token.value.text().is_some_and(is_secret);
            is_known.then(|| tell(token.from, "an access token", code.subject()));
        }
        let Some((_, start)) = HEADERS.iter().find(|(path, _)| *path == &*site.path) else { continue };
        for pair in site.arguments.get(*start..).unwrap_or_default().chunks(2) {
            let [name, value] = pair else { continue };
            let named = name.value.text().is_some_and(|name| name.eq_ignore_ascii_case("authorization"));
            if let Some(range) = value.value.text().filter(|_| named).and_then(credential) {
                tell(value.within(range), "a credential", code.subject());
            }
        }
    }
}
