//! Calls on what another call gives: `spark.readStream.format("kafka").option(…).load()`.

use super::{Call, Code};
use std::collections::HashMap;

/// The longest chain that is followed.
const MAX_LINKS: usize = 128;

/// The calls of a source by what they are called on.
#[derive(Debug)]
pub struct Chains<'c> {
    /// By everything before the brackets: where each call ends, in order.
    by_path: HashMap<String, Vec<(u32, &'c Call)>>,
}

impl<'c> Chains<'c> {
    /// Looks at the calls of a source.
    pub fn of(code: &'c Code) -> Self {
        let mut by_path: HashMap<String, Vec<(u32, &'c Call)>> = HashMap::new();
        for call in &code.calls {
            by_path.entry(call.path()).or_default().push((call.span.end, call));
        }
        for calls in by_path.values_mut() {
            calls.sort_by_key(|(end, _)| *end);
        }
        Self { by_path }
    }

    /// The calls before one in its chain, the nearest first. A chain that is cut off is shorter than its receiver says.
    pub fn before(&self, call: &Call) -> Vec<&'c Call> {
        let mut found: Vec<&'c Call> = Vec::new();
        while found.len() < MAX_LINKS {
            let last = found.last().copied().unwrap_or(call);
            let Some(next) = self.link(last) else { break };
            found.push(next);
        }
        found
    }

    /// The call whose result, or a property of it, this one is called on.
    fn link(&self, call: &Call) -> Option<&'c Call> {
        let mut path = call.receiver.as_str();
        for _ in 0..4 {
            if let Some(calls) = self.by_path.get(path) {
                let upto = calls.partition_point(|(end, _)| *end <= call.name.span().start);
                return upto.checked_sub(1).and_then(|at| calls.get(at)).map(|(_, call)| *call);
            }
            path = path.rsplit_once('.')?.0;
        }
        None
    }
}

impl Call {
    /// What is called, with what stands before it: `SparkSession.builder.config`.
    pub fn path(&self) -> String {
        if self.receiver.is_empty() {
            self.name.as_str().to_owned()
        } else {
            format!("{}.{}", self.receiver, self.name)
        }
    }
}
