//! Where a key comes from: constants, or what a request, a message or a row brings.

use crate::go::Usage;
use crate::go::flow::{Flow, Node, Role};
use crate::go::syntax::{Binary, Decl, Expr, ExprId, Field, Name, Stmt, Unary};
use crate::go::trouble::Way;
use crate::go::types::DeclId;
use crate::go::walk::{blocks, parts};
use crate::go::world::look::Looked;
use crate::go::world::note::Target;
use crate::go::world::{Entry, What, World};
use crate::source::Span;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

/// Types of parameters that bring what somebody outside chose; `*` at the end stands for the rest of a path.
const BRINGS: [&str; 17] = [
    "cloud.google.com/go/pubsub.Message",
    "github.com/IBM/sarama.ConsumerGroupClaim",
    "github.com/IBM/sarama.ConsumerMessage",
    "github.com/Shopify/sarama.ConsumerGroupClaim",
    "github.com/Shopify/sarama.ConsumerMessage",
    "github.com/aws/aws-lambda-go/events.*",
    "github.com/confluentinc/confluent-kafka-go/kafka.Message",
    "github.com/confluentinc/confluent-kafka-go/v2/kafka.Message",
    "github.com/gin-gonic/gin.Context",
    "github.com/gofiber/fiber/v2.Ctx",
    "github.com/labstack/echo/v4.Context",
    "github.com/nats-io/nats.go.Msg",
    "github.com/segmentio/kafka-go.Message",
    "github.com/twmb/franz-go/pkg/kgo.Fetches",
    "github.com/twmb/franz-go/pkg/kgo.Record",
    "github.com/valyala/fasthttp.RequestCtx",
    "net/http.Request",
];

/// Members of requests and messages that have few values.
const FEW: [&str; 12] = [
    "Context",
    "FullPath",
    "IsTLS",
    "Method",
    "Partition",
    "Pattern",
    "Proto",
    "Scheme",
    "TLS",
    "Topic",
    "TopicPartition",
    "WithContext",
];

/// Words in the names of functions that look whether a value is one of some.
const CHECKS: [&str; 8] = ["allow", "valid", "contains", "known", "exists", "supported", "isone", "permit"];

const MAX_STEPS: usize = 12;
const MAX_HOPS: usize = 4;

/// A declaration that was walked through.
pub(super) struct Scan<'w> {
    pub(super) entry: &'w Rc<Entry>,
    pub(super) flow: Flow<'w>,
    names: HashMap<u32, Target>,
    /// Parameters that bring what somebody outside chose, with how often they are declared.
    brought: HashMap<Name, (u32, Span)>,
    /// The function's own parameters.
    parameters: Vec<(Name, u32)>,
    /// What is ranged over, by the variables.
    ranges: HashMap<Name, ExprId>,
    constants: HashSet<u32>,
    function: String,
}

/// Where a value comes from.
#[derive(Default)]
struct Source {
    /// A parameter that brings it from outside.
    outside: Option<Span>,
    /// Parameters of the function.
    parameters: Vec<usize>,
}

impl<'w> Scan<'w> {
    pub(super) fn new(world: &World<'_>, entry: &'w Rc<Entry>, one: &Looked, is_task: bool) -> Option<Self> {
        let flow = Flow::of(&entry.syntax, entry.syntax.decls.get(one.line)?);
        let mut names: HashMap<u32, Target> = HashMap::new();
        for note in one.notes.list.iter().filter(|note| !matches!(note.target, Target::Handed(_))) {
            names.entry(note.span.end).or_insert(note.target);
        }
        let is_constant =
            |target: &Target| matches!(target, Target::Ours(decl) if world.decl(*decl).what == What::Const);
        let constants = names.iter().filter(|(_, target)| is_constant(target)).map(|(end, _)| *end).collect();
        let mut scan = Self {
            entry,
            flow,
            names,
            constants,
            brought: HashMap::new(),
            parameters: Vec::new(),
            ranges: HashMap::new(),
            function: one.name.clone(),
        };
        if let Some(func) = World::func_decl_of(entry, one.line) {
            let fields = &entry.syntax.signature(func.signature).parameters;
            scan.parameters = fields.iter().flat_map(|field| field.names.iter().copied()).collect();
            let serves = func.receiver.as_ref().is_some_and(|receiver| serves(entry, receiver));
            for field in fields {
                scan.parameter(world, field, is_task || serves);
            }
            for list in func.body.map(|body| blocks(&entry.syntax, entry.syntax.body(body))).unwrap_or_default() {
                scan.ranges(list);
            }
        }
        let closures: Vec<(u32, u32)> = scan.flow.nodes.iter().filter_map(|n| closure(entry, n.expr)).collect();
        for (signature, body) in closures {
            for field in &entry.syntax.signature(signature).parameters {
                scan.parameter(world, field, false);
            }
            for list in blocks(&entry.syntax, entry.syntax.body(body)) {
                scan.ranges(list);
            }
        }
        Some(scan)
    }

    /// Takes a parameter down, where its type brings what somebody outside chose.
    fn parameter(&mut self, world: &World<'_>, field: &Field, any: bool) {
        let syntax = &self.entry.syntax;
        let of = match syntax.expr(field.of) {
            Expr::Star(of) | Expr::Variadic(of) | Expr::SliceOf(of) => of,
            _ => field.of,
        };
        let outside = match self.names.get(&syntax.span(of).end) {
            Some(Target::Outside(path)) => Some(world.words.get(*path)),
            _ => None,
        };
        let is_asked = |path: &str| {
            BRINGS.iter().any(|asked| asked.strip_suffix('*').map_or(*asked == path, |start| path.starts_with(start)))
        };
        let is_context = outside.is_some_and(|path| path == "context.Context");
        if outside.is_some_and(is_asked) || (any && !is_context) {
            for (name, at) in &field.names {
                let end = at + syntax.name(*name).len() as u32;
                let span = Span { file: self.entry.file(), start: *at, end };
                self.brought.entry(*name).or_insert((0, span)).0 += 1;
            }
        }
    }

    fn ranges(&mut self, list: &[Stmt]) {
        for statement in list {
            let Stmt::Range { left, over, .. } = statement else { continue };
            for id in self.entry.syntax.list(*left) {
                if let Expr::Name(name) = self.entry.syntax.expr(*id) {
                    self.ranges.insert(name, *over);
                }
            }
        }
    }

    fn source(&self, id: ExprId, steps: usize, source: &mut Source) {
        let Some(steps) = steps.checked_sub(1) else { return };
        let syntax = &self.entry.syntax;
        match syntax.expr(id) {
            Expr::Name(name) => self.named(name, steps, source),
            Expr::Selector { name, .. } if FEW.contains(&syntax.name(name)) => {}
            // Only sums and products have as many values as their parts; a remainder has few.
            Expr::Binary(what, ..) if !matches!(what, Binary::Plus | Binary::Times) => {}
            Expr::Call { of, .. } if self.is_size(of) => {}
            _ => {
                for part in parts(syntax, id) {
                    self.source(part, steps, source);
                }
            }
        }
    }

    fn is_size(&self, of: ExprId) -> bool {
        matches!(self.entry.syntax.expr(of), Expr::Name(name) if matches!(self.entry.syntax.name(name), "len" | "cap"))
    }

    fn named(&self, name: Name, steps: usize, source: &mut Source) {
        let Some(local) = self.flow.locals.get(&name) else { return };
        if let Some((times, span)) = self.brought.get(&name) {
            if *times == local.times {
                source.outside = source.outside.or(Some(*span));
            }
            return;
        }
        if let Some(place) = self.parameters.iter().position(|(own, _)| *own == name) {
            if local.times == 1 {
                source.parameters.push(place);
            }
            return;
        }
        if let Some(over) = self.ranges.get(&name) {
            return self.source(*over, steps, source);
        }
        match local.value {
            Some(value) if local.times == 1 => self.source(value, steps, source),
            None => self.filled(name, steps, source),
            Some(_) => {}
        }
    }

    /// A variable whose address goes to a call that reads something into it.
    fn filled(&self, name: Name, steps: usize, source: &mut Source) {
        let syntax = &self.entry.syntax;
        for node in &self.flow.nodes {
            let is_it = matches!(syntax.expr(node.expr), Expr::Unary(Unary::Address, of) if syntax.expr(of) == Expr::Name(name));
            let call = node.parent.filter(|_| is_it).and_then(|call| self.flow.nodes.get(call as usize));
            if let Some(Expr::Call { .. }) = call.map(|call| syntax.expr(call.expr)) {
                let Some(call) = call else { continue };
                for part in parts(syntax, call.expr).into_iter().filter(|part| *part != node.expr) {
                    self.source(part, steps, source);
                }
            }
        }
    }

    /// Whether something looks whether a variable is one of some values. Where the key is only handed on, what is found by it,
    /// or not, counts as well; where it is added, that is what is kept.
    fn is_checked(&self, key: ExprId, is_handed: bool) -> bool {
        let syntax = &self.entry.syntax;
        let mut at = key;
        while let Expr::Paren(of) = syntax.expr(at) {
            at = of;
        }
        let Expr::Name(name) = syntax.expr(at) else { return false };
        self.flow.nodes.iter().any(|node| {
            if syntax.expr(node.expr) != Expr::Name(name) || node.expr == key {
                return false;
            }
            let above = node.parent.and_then(|above| self.flow.nodes.get(above as usize));
            match above.map(|above| syntax.expr(above.expr)) {
                None => node.role == Role::Asked,
                Some(Expr::Call { of, .. }) if of != node.expr => {
                    self.is_check(of) || above.is_some_and(|call| self.is_lookup(call, of, is_handed))
                }
                Some(Expr::Index { of, .. }) if of != node.expr => {
                    let other = self.flow.dotted(of);
                    let own = self.flow.nodes.iter().find_map(|n| match syntax.expr(n.expr) {
                        Expr::Index { of, by } if syntax.list(by).first() == Some(&key) => Some(self.flow.dotted(of)),
                        _ => None,
                    });
                    own.is_some_and(|own| own != other)
                }
                _ => false,
            }
        })
    }

    /// `x, ok := find(key)`; not in a map for several goroutines, which is what is filled.
    fn is_lookup(&self, call: &Node, of: ExprId, is_handed: bool) -> bool {
        let syntax = &self.entry.syntax;
        let Role::Given { to, .. } = call.role else { return false };
        let last = match syntax.list(to).last().map(|id| syntax.expr(*id)) {
            Some(Expr::Name(name)) if call.parent.is_none() => syntax.name(name),
            _ => return false,
        };
        let of_map = self.flow.dotted(of).is_some_and(|of| of.ends_with(".Load") || of.ends_with(".LoadOrStore"));
        let says = matches!(last, "ok" | "found" | "exists" | "known" | "present" | "has");
        !of_map && (says || (is_handed && last.starts_with("err")))
    }

    fn is_check(&self, of: ExprId) -> bool {
        let name = self.flow.dotted(of).unwrap_or_default().to_ascii_lowercase();
        let last = name.rsplit('.').next().unwrap_or_default();
        CHECKS.iter().any(|word| last.contains(word))
    }
}

fn closure(entry: &Entry, id: ExprId) -> Option<(u32, u32)> {
    if let Expr::Closure { signature, body } = entry.syntax.expr(id) { Some((signature, body)) } else { None }
}

/// Whether a method's type is a server of gRPC: it has the unimplemented one in it.
fn serves(entry: &Entry, receiver: &Field) -> bool {
    let syntax = &entry.syntax;
    let mut at = receiver.of;
    while let Expr::Star(of) | Expr::Paren(of) = syntax.expr(at) {
        at = of;
    }
    let of = syntax.decls.iter().find_map(|line| match line {
        Decl::Type(line) if syntax.expr(at) == Expr::Name(line.name) => Some(line.of),
        _ => None,
    });
    let Some(Expr::StructOf(number)) = of.map(|of| syntax.expr(of)) else { return false };
    let fields = syntax.structs.get(number as usize).map_or(&[][..], Vec::as_slice);
    fields.iter().filter(|field| field.embedded).any(|field| {
        let name = match syntax.expr(field.of) {
            Expr::Name(name) | Expr::Selector { name, .. } => syntax.name(name),
            _ => "",
        };
        name.starts_with("Unimplemented") && name.ends_with("Server")
    })
}

/// Who calls whom, as far as keys are handed on.
pub(super) struct Callers<'w, 'f> {
    world: &'w World<'f>,
    looked: &'w [(usize, Looked)],
    files: &'w [Rc<Entry>],
    tasks: &'w HashSet<usize>,
    scans: HashMap<usize, Rc<Scan<'w>>>,
    calls: HashMap<DeclId, Vec<(usize, Span)>>,
}

impl<'w, 'f> Callers<'w, 'f> {
    pub(super) fn new(
        world: &'w World<'f>,
        looked: &'w [(usize, Looked)],
        files: &'w [Rc<Entry>],
        tasks: &'w HashSet<usize>,
        scans: HashMap<usize, Rc<Scan<'w>>>,
    ) -> Self {
        let mut calls: HashMap<DeclId, Vec<(usize, Span)>> = HashMap::new();
        for (number, (_, one)) in looked.iter().enumerate() {
            for note in one.notes.list.iter().filter(|note| note.usage == Usage::Call) {
                if let Target::Ours(decl) = note.target {
                    calls.entry(decl).or_default().push((number, note.span));
                }
            }
        }
        Self { world, looked, files, tasks, scans, calls }
    }

    fn scan(&mut self, number: usize) -> Option<Rc<Scan<'w>>> {
        if let Some(known) = self.scans.get(&number) {
            return Some(known.clone());
        }
        let (file, one) = self.looked.get(number)?;
        let entry = self.files.get(*file).filter(|entry| !entry.is_test)?;
        let scan = Rc::new(Scan::new(self.world, entry, one, self.tasks.contains(&number))?);
        self.scans.insert(number, scan.clone());
        Some(scan)
    }

    /// How what somebody outside chose comes to be this key; none where it does not, or is looked at first.
    pub(super) fn way(&mut self, by: usize, key: ExprId) -> Option<Way> {
        let mut open = vec![(by, key, Vec::new())];
        let mut seen = HashSet::new();
        while let Some((number, key, hops)) = open.pop() {
            if !seen.insert((number, key)) || hops.len() > MAX_HOPS || seen.len() > 256 {
                continue;
            }
            let Some(scan) = self.scan(number) else { continue };
            if scan.is_checked(key, !hops.is_empty()) || scan.constants.contains(&scan.entry.syntax.span(key).end) {
                continue;
            }
            let mut source = Source::default();
            scan.source(key, MAX_STEPS, &mut source);
            if let Some(from) = source.outside {
                let mut hops: Vec<Span> = hops;
                hops.reverse();
                return Some(Way { from, function: scan.function.clone(), hops });
            }
            let decls = self.looked.get(number).map(|(_, one)| one.decls.clone()).unwrap_or_default();
            let calls: Vec<(usize, Span)> =
                decls.iter().flat_map(|decl| self.calls.get(decl).into_iter().flatten().copied()).collect();
            for (caller, span) in calls {
                let Some(scan) = self.scan(caller) else { continue };
                let Some(arguments) = called_at(&scan, span) else { continue };
                for place in &source.parameters {
                    if let Some(argument) = arguments.get(*place) {
                        let mut hops = hops.clone();
                        hops.push(span);
                        open.push((caller, *argument, hops));
                    }
                }
            }
        }
        None
    }
}

/// The arguments of the call whose function is named here.
fn called_at(walked: &Scan<'_>, span: Span) -> Option<Vec<ExprId>> {
    let syntax = &walked.entry.syntax;
    walked.flow.nodes.iter().find_map(|node| match syntax.expr(node.expr) {
        Expr::Call { of, arguments, .. } if syntax.span(of).end == span.end => Some(syntax.list(arguments).to_vec()),
        _ => None,
    })
}
