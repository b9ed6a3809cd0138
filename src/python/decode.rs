//! Broadcast values that are decoded.

use super::kind::Kind;
use super::syntax::{Binding, ExprId, Node, Syntax, Use};
use super::world::{Ref, Type, World};
use crate::source::Span;

/// How many calls and names lie between a decoder and the broadcast value.
const MAX_STEPS: usize = 8;

/// Functions that make objects of bytes or text: what they make could have been broadcast itself.
const PLAIN: [&str; 17] = [
    "cloudpickle.loads",
    "dill.loads",
    "json.loads",
    "marshal.loads",
    "msgpack.loads",
    "msgpack.unpackb",
    "orjson.loads",
    "pickle.loads",
    "pyspark.cloudpickle.loads",
    "rapidjson.loads",
    "simplejson.loads",
    "toml.loads",
    "tomllib.loads",
    "ujson.loads",
    "yaml.full_load",
    "yaml.load",
    "yaml.safe_load",
];

/// Functions whose objects not everything can send: only for each row is it certain that they are made too often.
const HEAVY: [&str; 6] = [
    "fastavro.parse_schema",
    "joblib.load",
    "onnx.load_from_string",
    "pandas.read_pickle",
    "torch.load",
    "xml.etree.ElementTree.fromstring",
];

/// What only unpacks on the way.
const BETWEEN: [&str; 8] = [
    "base64.b64decode",
    "bz2.decompress",
    "gzip.decompress",
    "io.BytesIO",
    "io.StringIO",
    "lzma.decompress",
    "zlib.decompress",
    "zstandard.decompress",
];

/// A broadcast value that is decoded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoding {
    /// What decodes.
    pub by: String,
    /// Where that is called.
    pub span: Span,
    /// The broadcast variable, as it is written.
    pub name: String,
    /// Where its value is taken.
    pub value: Span,
    /// What is made could have been broadcast itself.
    pub is_plain: bool,
}

/// What a call decodes, where that is a broadcast value and nothing keeps what is made of it.
pub(super) fn decoding(world: &mut World<'_>, of: Ref, id: ExprId) -> Option<Decoding> {
    let syntax = world.file(of.file)?;
    let Node::Call(callee, from, count) = syntax.expr(id)?.node else { return None };
    if syntax.expr(callee)?.usage == Use::Kept {
        return None;
    }
    let first = syntax.arguments(from, count).first()?.value;
    let (by, is_plain) = match world.eval(of.file, callee) {
        Type::Path(path) => {
            let path = world.text(path);
            let is_plain = PLAIN.contains(&path);
            (path.to_owned(), Some(is_plain).filter(|plain| *plain || HEAVY.contains(&path))?)
        }
        _ => return message(world, of, callee, first),
    };
    let (name, value) = broadcast(world, of, first)?;
    Some(Decoding { by, span: syntax.span(callee), name, value, is_plain })
}

/// `Message.FromString(…)`, `message.ParseFromString(…)`.
fn message(world: &mut World<'_>, of: Ref, callee: ExprId, first: ExprId) -> Option<Decoding> {
    let syntax = world.file(of.file)?;
    let Node::Attr(_, sym) = syntax.expr(callee)?.node else { return None };
    let by = syntax.text(sym);
    if !matches!(by, "FromString" | "ParseFromString") {
        return None;
    }
    let (name, value) = broadcast(world, of, first)?;
    Some(Decoding { by: by.to_owned(), span: syntax.span(callee), name, value, is_plain: false })
}

/// The broadcast variable whose value an expression is, and where it is taken.
fn broadcast(world: &mut World<'_>, of: Ref, id: ExprId) -> Option<(String, Span)> {
    let syntax = world.file(of.file)?;
    let mut at = id;
    for _ in 0..MAX_STEPS {
        let expr = syntax.expr(at)?;
        at = match expr.node {
            Node::Attr(base, sym) if syntax.text(sym) == "value" => {
                let is_broadcast = world.eval(of.file, base) == Type::Spark(Kind::Broadcast);
                return is_broadcast.then(|| Some((written(syntax, base)?, syntax.span(at))))?;
            }
            Node::Call(callee, from, count) => match world.eval(of.file, callee) {
                Type::Path(path) if BETWEEN.contains(&world.text(path)) => syntax.arguments(from, count).first()?.value,
                _ => match syntax.expr(callee)?.node {
                    Node::Attr(base, sym) if matches!(syntax.text(sym), "decode" | "tobytes") => base,
                    _ => return None,
                },
            },
            Node::Name(sym) => {
                let (scope, bindings) = syntax.lookup(expr.scope, sym)?;
                match bindings {
                    // Taken outside of the task, it is the value that is sent along.
                    [Binding::Value(value)] if syntax.function_of(scope) == of.id => *value,
                    _ => return None,
                }
            }
            _ => return None,
        };
    }
    None
}

/// `bc`, `self.bc`.
fn written(syntax: &Syntax, id: ExprId) -> Option<String> {
    match syntax.expr(id)?.node {
        Node::Name(sym) => Some(syntax.text(sym).to_owned()),
        Node::Attr(base, sym) => match syntax.expr(base)?.node {
            Node::Name(of) => Some(format!("{}.{}", syntax.text(of), syntax.text(sym))),
            _ => Some(syntax.text(sym).to_owned()),
        },
        _ => None,
    }
}
