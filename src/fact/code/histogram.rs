//! Histograms of Go code whose buckets end before what they observe is given up.

use super::{CodeSite, Deed, Made, Value};
use crate::fact::Facts;
use crate::source::Span;
use std::collections::HashMap;

/// A histogram that cannot tell how long the slowest calls take.
#[derive(Debug, Clone)]
pub struct Cut<'f> {
    /// The options it is made with.
    pub code: &'f CodeSite,
    /// The buckets, or where there are none the type of the options.
    pub span: Span,
    /// The default buckets are meant.
    pub is_default: bool,
    /// Its name, as far as it is known.
    pub name: &'f str,
    /// Where the buckets end, in seconds.
    pub end: f64,
    /// After how many seconds what it observes is given up.
    pub timeout: f64,
    /// Where that is said.
    pub limit: Span,
    /// Where it observes that.
    pub observed: Span,
}

const CLIENT: &str = "github.com/prometheus/client_golang/prometheus.";
const PROMAUTO: &str = "github.com/prometheus/client_golang/prometheus/promauto.";
const ROUND_TRIPPER: &str = "github.com/prometheus/client_golang/prometheus/promhttp.InstrumentRoundTripperDuration";
const HANDLER: &str = "github.com/prometheus/client_golang/prometheus/promhttp.InstrumentHandlerDuration";
const DEFAULT_END: f64 = 10.0;
const NANOSECONDS: f64 = 1e9;
/// More buckets than anyone has: powers stay finite.
const MAX_BUCKETS: f64 = 1000.0;

/// A histogram whose end is known.
struct Histogram<'f> {
    code: &'f CodeSite,
    name: &'f str,
    variable: &'f str,
    buckets: Option<Span>,
    end: f64,
}

impl Facts {
    /// Histograms whose largest bucket lies below the timeout of what they observe.
    pub fn cut_histograms(&self) -> Vec<Cut<'_>> {
        let code = Code::of(self);
        let mut cuts: Vec<Cut<'_>> = code.histograms.iter().flat_map(|one| code.cuts(one)).collect();
        cuts.sort_by_key(|cut| cut.span);
        cuts.dedup_by_key(|cut| cut.span);
        cuts
    }
}

/// What the code around says.
struct Code<'f> {
    histograms: Vec<Histogram<'f>>,
    /// The sites of each function that matter here, by file and function.
    functions: HashMap<(u32, &'f str), Vec<&'f CodeSite>>,
}

impl<'f> Code<'f> {
    fn of(facts: &'f Facts) -> Self {
        let mut functions: HashMap<(u32, &str), Vec<&CodeSite>> = HashMap::new();
        let (mut options, mut makers) = (Vec::new(), Vec::new());
        for code in facts.code_sites() {
            let path = &*code.site.path;
            let ours = [CLIENT, PROMAUTO, ROUND_TRIPPER, HANDLER].iter().any(|own| path.contains(own));
            if !(ours || path.contains("net/http.") || path == "context.WithTimeout") {
                continue;
            }
            functions.entry((code.site.span.file.0, &code.function)).or_default().push(code);
            if code.site.deed == Deed::Literal && path.strip_prefix(CLIENT) == Some("HistogramOpts") {
                options.push(code);
            }
            if code.site.deed == Deed::Call && (path.ends_with(".NewHistogram") || path.ends_with(".NewHistogramVec")) {
                makers.push(code);
            }
        }
        let histograms = options.into_iter().filter_map(|code| histogram(code, &makers)).collect();
        Self { histograms, functions }
    }

    fn cuts(&self, histogram: &Histogram<'f>) -> Vec<Cut<'f>> {
        let cut = |observed: Span, (timeout, limit): (f64, Span)| Cut {
            code: histogram.code,
            span: histogram.buckets.unwrap_or(histogram.code.site.span),
            is_default: histogram.buckets.is_none(),
            name: histogram.name,
            end: histogram.end,
            timeout,
            limit,
            observed,
        };
        let functions = self.functions.values();
        let limits = functions.filter_map(|sites| {
            let observed = observes(histogram, sites)?;
            let others = self.histograms.iter().filter(|other| observes(other, sites).is_some()).count();
            let limit = Self::around(observed, sites).or_else(|| (others == 1).then(|| self.limit(sites)).flatten())?;
            (histogram.end < limit.0).then(|| cut(observed.site.span, limit))
        });
        limits.collect()
    }

    /// The timeout of the client or server whose literal an instrument stands in.
    fn around(instrument: &CodeSite, sites: &[&CodeSite]) -> Option<(f64, Span)> {
        let (literal, field) = match &*instrument.site.path {
            ROUND_TRIPPER => ("net/http.Client", "Timeout"),
            HANDLER => ("net/http.Server", "WriteTimeout"),
            _ => return None,
        };
        let holds = |code: &&&CodeSite| &*code.site.path == literal && code.site.whole.contains(instrument.site.whole);
        seconds(sites.iter().find(holds)?, field)
    }

    /// The one timeout that a function has for what it asks of others.
    fn limit(&self, sites: &[&CodeSite]) -> Option<(f64, Span)> {
        if sites.iter().any(|code| code.site.path.ends_with(").Shutdown")) {
            return None;
        }
        let contexts = sites.iter().filter(|code| &*code.site.path == "context.WithTimeout");
        let contexts = contexts.map(|code| {
            let argument = code.site.arguments.get(1)?;
            Some((argument.value.number()? / NANOSECONDS, argument.span))
        });
        let asks = sites.iter().filter(|code| code.site.path.starts_with("(*net/http.Client)."));
        let mut limits: Vec<Option<(f64, Span)>> = contexts.collect();
        limits.extend(asks.map(|ask| self.client(ask)));
        let known: Option<Vec<(f64, Span)>> = limits.into_iter().collect();
        // The shortest ends the call.
        known?.into_iter().min_by(|a, b| a.0.total_cmp(&b.0))
    }

    /// The timeout of the client that asks: of this function, or of the package.
    fn client(&self, ask: &CodeSite) -> Option<(f64, Span)> {
        let on = ask.site.on.as_deref()?;
        let is_it = |code: &&&CodeSite| {
            let same = code.site.on.as_deref() == Some(on) && code.package == ask.package;
            &*code.site.path == "net/http.Client" && same && (code.is_global || code.is_beside(ask))
        };
        let mut clients = self.functions.values().flatten().filter(is_it);
        let client = clients.next().filter(|_| clients.next().is_none())?;
        seconds(client, "Timeout")
    }
}

fn seconds(code: &CodeSite, field: &str) -> Option<(f64, Span)> {
    let field = code.site.field(field)?;
    Some((field.value.number()? / NANOSECONDS, field.span)).filter(|(seconds, _)| *seconds > 0.0)
}

/// What a function observes with a histogram, where it does so.
fn observes<'f>(histogram: &Histogram<'f>, sites: &[&'f CodeSite]) -> Option<&'f CodeSite> {
    let first = sites.first()?;
    let is_seen = if histogram.code.is_global {
        histogram.code.package == first.package
    } else {
        histogram.code.is_beside(first)
    };
    let observes = |code: &&&'f CodeSite| {
        let site = &code.site;
        let handed = || site.arguments.first().and_then(|a| a.variable.as_deref()) == Some(histogram.variable);
        let on = || site.on.as_deref() == Some(histogram.variable);
        match &*site.path {
            ROUND_TRIPPER | HANDLER => handed(),
            path if path.strip_prefix(CLIENT) == Some("NewTimer") => handed(),
            path if [").Observe", ").WithLabelValues", ").With"].iter().any(|end| path.ends_with(end)) => on(),
            _ => false,
        }
    };
    sites.iter().filter(|_| is_seen).find(observes).copied()
}

fn histogram<'f>(code: &'f CodeSite, makers: &[&'f CodeSite]) -> Option<Histogram<'f>> {
    let name = code.site.field("Name")?.value.text()?;
    let in_seconds = match name.rsplit('_').next()? {
        "seconds" => 1.0,
        "milliseconds" | "ms" => 1e-3,
        _ => return None,
    };
    let own = makers.iter().filter(|maker| maker.site.whole.contains(code.site.whole));
    let maker = own.min_by_key(|maker| maker.site.whole.end - maker.site.whole.start)?;
    // Native buckets have no end.
    if code.site.arguments.iter().any(|field| field.name.as_deref().is_some_and(|n| n.starts_with("NativeHistogram"))) {
        return None;
    }
    let (buckets, end) = match code.site.field("Buckets") {
        None => (None, DEFAULT_END),
        Some(field) => (Some(field.span), end(&field.value)?),
    };
    Some(Histogram { code, name, variable: maker.site.on.as_deref()?, buckets, end: end * in_seconds })
}

/// The largest bucket.
fn end(buckets: &Value) -> Option<f64> {
    match buckets {
        Value::Name(name) => name.ends_with("/prometheus.DefBuckets").then_some(DEFAULT_END),
        Value::List(list) => {
            let each: Option<Vec<f64>> = list.iter().map(|bucket| bucket.value.number()).collect();
            each?.into_iter().reduce(f64::max)
        }
        Value::Made(made) => made_end(made),
        _ => None,
    }
}

fn made_end(made: &Made) -> Option<f64> {
    let numbers: Option<Vec<f64>> = made.arguments.iter().map(|argument| argument.value.number()).collect();
    let &[a, b, count] = numbers?.as_slice() else { return None };
    if !(1.0..=MAX_BUCKETS).contains(&count) {
        return None;
    }
    match made.path.strip_prefix(CLIENT)? {
        "ExponentialBuckets" => Some(a * b.powf(count - 1.0)),
        "LinearBuckets" => Some(a + b * (count - 1.0)),
        "ExponentialBucketsRange" => Some(b),
        _ => None,
    }
}
