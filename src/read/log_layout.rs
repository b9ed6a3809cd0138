//! How Log4j 2 and Logback write their lines: the layouts of their configuration files, with what these are told.

use super::properties::{self, Property};
use super::tree::{Entry, MAX_DEPTH, Node};
use super::xml::{self, Element};
use super::{Extent, Loss, Reading};
use crate::source::{FileId, Span, Traced};
use std::collections::BTreeMap;

/// A layout or an encoder.
#[derive(Debug, Clone)]
pub struct Layout {
    /// Its type or class: `JsonLayout`, `net.logstash.logback.encoder.LogstashEncoder`.
    pub kind: Traced,
    /// What it is told: names of attributes, of elements inside it, of keys below it.
    pub told: Vec<(Box<str>, Traced)>,
    /// The elements inside it, by name.
    pub holds: Vec<Box<str>>,
}

/// More elements than any layout has.
const MAX_PARTS: usize = 256;

/// Reads the file, in XML or as properties.
pub fn read(file: FileId, text: &str) -> Reading<Vec<Layout>> {
    if text.trim_start_matches('\u{feff}').trim_start().starts_with('<') {
        let reading = xml::read(file, text);
        let mut layouts = Vec::new();
        for element in reading.body.elements().filter(|element| is_layout(element.name())) {
            layouts.extend(of_element(file, text, element));
        }
        // Nothing is built of these files, and some are templates: what is wrong in one is counted.
        let losses = reading.losses.into_iter().map(|loss| Loss { extent: Extent::Limit, ..loss }).collect();
        return Reading { body: layouts, comments: reading.comments, losses };
    }
    properties::read(file, text).map(|properties| of_properties(&properties))
}

fn is_layout(name: &str) -> bool {
    name == "encoder" || name == "layout" || name.ends_with("Layout")
}

/// Of Logback's elements the class says what they are, of Log4j's the name.
fn of_element(file: FileId, text: &str, element: Element<'_>) -> Option<Layout> {
    let own = attributes(file, text, element);
    let class = own.iter().find(|(name, _)| &**name == "class").map(|(_, value)| value.clone());
    let is_generic = matches!(element.name(), "encoder" | "layout");
    let kind = if is_generic { class? } else { Traced::literal(element.name(), element.name_span()) };
    let mut layout = Layout { kind, told: own, holds: Vec::new() };
    let mut open: Vec<Element<'_>> = element.children().collect();
    while let Some(inner) = open.pop().filter(|_| layout.holds.len() < MAX_PARTS) {
        // An encoder's layout is one of its own.
        layout.holds.push(inner.name().into());
        layout.told.extend(inner.text().map(|text| (inner.name().into(), text.clone())));
        layout.told.extend(attributes(file, text, inner));
        open.extend(inner.children());
    }
    Some(layout)
}

/// The attributes of a start tag.
fn attributes(file: FileId, text: &str, element: Element<'_>) -> Vec<(Box<str>, Traced)> {
    let tag = element.start_tag().range();
    let (mut found, mut at) = (Vec::new(), element.name_span().range().end);
    while let Some(rest) = text.get(at..tag.end).filter(|_| found.len() < MAX_PARTS) {
        let Some(equals) = rest.find('=') else { break };
        let name = rest.get(..equals).unwrap_or_default().trim();
        let value = rest.get(equals + 1..).unwrap_or_default();
        let start = at + equals + 1 + (value.len() - value.trim_start().len());
        let Some(quote) = value.trim_start().chars().next().filter(|c| matches!(c, '"' | '\'')) else { break };
        let Some(length) = text.get(start + 1..tag.end).and_then(|rest| rest.find(quote)) else { break };
        let range = start + 1..start + 1 + length;
        let value = text.get(range.clone()).unwrap_or_default();
        found.push((name.into(), Traced::literal(value, Span::new(file, range))));
        at = start + 2 + length;
    }
    found
}

/// The layouts of a file of Log4j in YAML: `JsonLayout: { … }` below an appender.
pub fn of_tree(root: Node<'_>) -> Vec<Layout> {
    let (mut found, mut open) = (Vec::new(), vec![(root, 0_usize)]);
    while let Some((node, depth)) = open.pop().filter(|_| found.len() < MAX_PARTS) {
        for (entry, inner) in node.entries().filter(|_| depth < MAX_DEPTH) {
            if entry.key.as_str().ends_with("Layout") {
                let own: Vec<(&Entry, Node<'_>)> = inner.entries().collect();
                let holds = own.iter().map(|(entry, _)| entry.key.as_str().into()).collect();
                let told =
                    own.iter().filter_map(|(entry, value)| Some((entry.key.as_str().into(), value.text()?.clone())));
                found.push(Layout { kind: entry.key.clone(), told: told.collect(), holds });
            } else {
                open.push((inner, depth + 1));
            }
        }
        open.extend(node.items().filter(|_| depth < MAX_DEPTH).map(|item| (item, depth + 1)));
    }
    found
}

/// The layouts of a file of properties: `appender.console.layout.type = JsonLayout`, and what stands below the same name.
pub fn of_properties(properties: &[Property]) -> Vec<Layout> {
    const MARK: &str = ".layout.";
    let mut groups: BTreeMap<&str, Vec<(&str, &Property)>> = BTreeMap::new();
    for property in properties {
        let key = property.key.as_str();
        if let Some((name, below)) = key.split_once(MARK).filter(|_| key.starts_with("appender.")) {
            groups.entry(name).or_default().push((below, property));
        }
    }
    let layout = |told: Vec<(&str, &Property)>| {
        let kind = told.iter().find(|(below, _)| *below == "type")?.1.value.trim();
        let last = |below: &str| below.rsplit('.').next().unwrap_or_default().to_owned();
        let told = told.into_iter().map(|(below, p)| (last(below).into(), p.value.trim())).collect();
        Some(Layout { kind, told, holds: Vec::new() })
    };
    groups.into_values().filter_map(layout).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Vec<String> {
        let told = |l: &Layout| l.told.iter().map(|(n, v)| format!("{n}={v}")).collect::<Vec<_>>().join(" ");
        read(FileId(0), text).body.iter().map(|l| format!("{} {}", l.kind, told(l))).collect()
    }

    const XML: &str = "\u{feff}<Configuration>\r\n<JsonLayout compact = \"true\" eol='x'>\r\n<KeyValuePair key=\"a\" value=\"b\"/></JsonLayout><encoder class=\"x.Y\"><pattern>%m</pattern></encoder><encoder/></Configuration>";

    #[test]
    fn layouts_are_read_with_what_they_are_told() {
        assert_eq!(shown(XML), ["JsonLayout compact=true eol=x key=a value=b", "x.Y class=x.Y pattern=%m"]);
        let text =
            "appender.c.layout.type = JsonLayout\r\nappender.c.layout.kv.key=a\nappender.d.layout.pattern=%m\nx=1\n";
        assert_eq!(shown(text), ["JsonLayout type=JsonLayout key=a"]);
        for text in ["", "<", "<JsonLayout a", "<JsonLayout a=", "<JsonLayout a='>", "appender..layout.=", "\u{feff}"] {
            assert!(shown(text).len() <= 1, "{text}");
        }
        let layouts = read(FileId(0), XML).body;
        let span = layouts[0].told[0].1.span();
        assert_eq!(XML.get(span.range()), Some("true"));
    }

    #[test]
    fn broken_files_do_not_hurt() {
        let sample = "appender.c.layout.type = JsonLayout\nappender.c.layout.kv.key=a\n";
        crate::read::mutation::each(&[XML, sample], |text| {
            for layout in read(FileId(0), text).body {
                crate::read::mutation::inside(text, layout.kind.span());
                layout.told.iter().for_each(|(_, value)| crate::read::mutation::inside(text, value.span()));
            }
        });
    }
}
