//! Calls in sources, with the arguments that the text alone tells: literals, constants of the same file, and what is put
//! together from them. Nothing is run; a name that is given several values, or one by a call, is unknown.

pub mod chain;
mod jvm;
mod python;
mod table;

use super::Reading;
use crate::python::Syntax;
use crate::source::{FileId, Span, Traced};

/// A source file, as far as it says something in plain text.
#[derive(Debug, Clone, Default)]
pub struct Code {
    /// Its calls, in the order of their names.
    pub calls: Vec<Call>,
    /// The names it imports, dotted: `delta`, `pyspark.sql.SparkSession`.
    pub imports: Vec<Traced>,
    /// What names stand for in it, where that was asked for.
    pub syntax: Option<Box<Syntax>>,
}

/// A call.
#[derive(Debug, Clone)]
pub struct Call {
    /// The last part of what is called: `config`. An assignment `a["k"] = v` is a call of [`SET_ITEM`].
    pub name: Traced,
    /// What stands before the name, without arguments of calls in it: `SparkSession.builder.master`; empty for a plain function.
    pub receiver: String,
    /// The arguments, in order.
    pub arguments: Vec<Argument>,
    /// From the name to the closing parenthesis.
    pub span: Span,
}

/// The name of an assignment to an item.
pub const SET_ITEM: &str = "[]=";

/// An argument of a call.
#[derive(Debug, Clone)]
pub struct Argument {
    /// `key` of `key=value`.
    pub name: Option<Traced>,
    /// Its value.
    pub value: Value,
}

/// What an expression comes to.
#[derive(Debug, Clone)]
pub enum Value {
    /// A text.
    Text(Traced),
    /// A list, tuple or set.
    List(Vec<Value>),
    /// A dictionary.
    Map(Vec<(Value, Value)>),
    /// A number or truth value, as written.
    Plain(Traced),
    /// A text of which parts are only known when it runs: these are `{}`.
    Partly(Span, Box<str>),
    /// Only known when it runs.
    Unknown(Span),
}

impl Value {
    /// The text, if it is one.
    pub fn text(&self) -> Option<&Traced> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    /// The text, number or truth value as it would be printed.
    pub fn shown(&self) -> Option<&Traced> {
        match self {
            Self::Text(text) | Self::Plain(text) => Some(text),
            _ => None,
        }
    }

    /// The text, with `{}` for parts that are not known.
    pub fn shape(&self) -> Option<&str> {
        match self {
            Self::Text(text) | Self::Plain(text) => Some(text.as_str()),
            Self::Partly(_, shape) => Some(shape),
            _ => None,
        }
    }

    /// The items of a list; nothing for what is none.
    pub fn items(&self) -> &[Value] {
        if let Self::List(items) = self { items } else { &[] }
    }

    /// The entries of a dictionary; nothing for what is none.
    pub fn entries(&self) -> &[(Value, Value)] {
        if let Self::Map(entries) = self { entries } else { &[] }
    }
}

impl Call {
    /// The argument at a position among those without a name, or of one of these names.
    pub fn argument(&self, position: usize, names: &[&str]) -> Option<&Value> {
        let is_it = |argument: &&Argument| argument.name.as_ref().is_some_and(|name| names.contains(&name.as_str()));
        let by_name = self.arguments.iter().find(is_it);
        by_name.or_else(|| self.arguments.iter().filter(|a| a.name.is_none()).nth(position)).map(|a| &a.value)
    }
}

/// Whether a text names a setting of Spark, or one of the ways by which code makes some.
pub fn may_concern_us(text: &str) -> bool {
    const WORDS: &[&str] = &[
        "enable.auto.commit",
        "enable_auto_commit",
        "confluent_kafka",
        "KafkaConsumer",
        "SparkSession.builder",
        "SparkContext",
        "spark-submit",
        "SparkKubernetesOperator",
        "\"spark.",
        "'spark.",
        "PYSPARK_",
        "SPARK_REMOTE",
        ".remote(",
        "configure_spark_with_delta_pip",
        "SparkSubmitOperator",
        "SparkSubmitHook",
        "ReleaseLabel",
        "release_label",
        "releaseLabel",
        "spark_version",
        "GlueVersion",
        "software_config",
        "prometheus_client",
        ".readStream",
        "KafkaUtils.",
        ".subscribe(",
        ".sequenceFile(",
        ".pickleFile(",
        "LivyOperator",
        "/batches",
        "/jars/",
    ];
    WORDS.iter().any(|word| memchr::memmem::find(text.as_bytes(), word.as_bytes()).is_some())
}

/// Whether a source for the JVM names a setting of Spark, or does what rules look into.
pub fn may_concern_us_on_jvm(text: &str) -> bool {
    [
        "\"spark.",
        ".remote(",
        ".getOrCreate(",
        ".master(\"local",
        "etMaster(\"local",
        "io.prometheus.",
        ".readStream",
        ".createDirectStream",
        "enable.auto.commit",
        "ENABLE_AUTO_COMMIT_CONFIG",
        "commitAsync(",
        "commitSync(",
        "sendOffsetsToTransaction(",
        "Encoders.kryo",
        "value.serializer",
        ".saveAsObjectFile(",
        "SparkSession.builder",
        "SparkContext(",
        "StreamingContext(",
    ]
    .iter()
    .any(|word| memchr::memmem::find(text.as_bytes(), word.as_bytes()).is_some())
}

/// Reads a Python source.
pub fn read_python(file: FileId, text: &str) -> Reading<Code> {
    python::read(file, text, python::Wanted { calls: true, names: false })
}

/// Reads a Python source with what its names stand for; its calls where they may concern us.
pub fn read_python_names(file: FileId, text: &str, calls: bool) -> Reading<Code> {
    python::read(file, text, python::Wanted { calls, names: true })
}

/// Reads a Scala, Java or Kotlin source.
pub fn read_jvm(file: FileId, text: &str) -> Reading<Code> {
    jvm::read(file, text)
}

#[cfg(test)]
mod tests;
