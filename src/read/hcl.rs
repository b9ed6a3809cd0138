//! Terraform's language, as far as values need it: blocks, attributes, texts, lists, objects. A block is an entry whose value is
//! its body below its labels; what an expression makes is kept as written and marked as not known from the text alone.

use super::tree::{Entry, Kind, MAX_DEPTH, NodeData, NodeId, Style, Syntax, Tree};
use super::{Loss, Reading, directive};
use crate::source::{FileId, Span, Traced};
use std::ops::Range;

/// The deepest nesting of values; labels of blocks count as well.
const DEEPEST: usize = MAX_DEPTH / 2;

/// Reads a text.
pub fn read(file: FileId, text: &str) -> Reading<Tree> {
    let comments = if directive::may_hold(text) {
        directive::line_comments(file, text, "#", |line, at| {
            line.get(..at).is_some_and(|before| before.trim().is_empty())
        })
    } else {
        Vec::new()
    };
    let start = if text.starts_with('\u{feff}') { 3 } else { 0 };
    let mut reader = Reader { file, text, at: start, nodes: Vec::new(), losses: Vec::new() };
    let root = reader.body(0);
    if reader.at < text.len() {
        reader.lose("a closing brace stands here without an opening one");
    }
    let tree = Tree::new(file, Syntax::Json, reader.nodes, root);
    Reading { body: tree, comments, losses: reader.losses }
}

struct Reader<'a> {
    file: FileId,
    text: &'a str,
    at: usize,
    nodes: Vec<NodeData>,
    losses: Vec<Loss>,
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn span(&self, range: Range<usize>) -> Span {
        Span::new(self.file, range)
    }

    fn literal(&self, range: Range<usize>) -> Traced {
        Traced::literal(self.text.get(range.clone()).unwrap_or_default(), self.span(range))
    }

    fn add(&mut self, range: Range<usize>, kind: Kind, templated: bool) -> NodeId {
        self.nodes.push(NodeData { span: self.span(range), kind, templated });
        NodeId(self.nodes.len() as u32 - 1)
    }

    fn lose(&mut self, message: &str) {
        if self.losses.is_empty() {
            let end = (self.at + self.rest().chars().next().map_or(0, char::len_utf8)).min(self.text.len());
            self.losses.push(Loss::limit(self.span(self.at..end), message));
        }
    }

    /// Passes over blanks and comments; line breaks too, where they mean nothing.
    fn skip(&mut self, lines: bool) {
        loop {
            match self.peek() {
                Some(b'\n') if !lines => return,
                Some(b' ' | b'\t' | b'\r' | b'\n') => self.at += 1,
                Some(b'#') => self.skip_line(),
                Some(b'/') if self.rest().starts_with("//") => self.skip_line(),
                Some(b'/') if self.rest().starts_with("/*") => {
                    let len = self.rest().find("*/").map_or(self.rest().len(), |n| n + 2);
                    self.at += len;
                }
                _ => return,
            }
        }
    }

    fn skip_line(&mut self) {
        self.at += self.rest().find('\n').unwrap_or(self.rest().len());
    }

    fn name(&mut self) -> Range<usize> {
        let start = self.at;
        let len = self.rest().bytes().take_while(|b| b.is_ascii_alphanumeric() || b"_-".contains(b)).count();
        self.at += len;
        start..self.at
    }

    /// A body: attributes and blocks up to its closing brace, which stays.
    fn body(&mut self, depth: usize) -> NodeId {
        let start = self.at;
        let mut entries = Vec::new();
        loop {
            self.skip(true);
            match self.peek() {
                None | Some(b'}') => break,
                _ => {
                    let before = self.at;
                    entries.extend(self.entry(depth));
                    if self.at == before {
                        self.lose("this is neither an attribute nor a block");
                        self.at += self.rest().chars().next().map_or(1, char::len_utf8);
                    }
                }
            }
        }
        self.add(start..self.at, Kind::Mapping { entries, open: false }, false)
    }

    /// `name = value`, or `kind "label" { … }`.
    fn entry(&mut self, depth: usize) -> Option<Entry> {
        let name = if self.peek() == Some(b'"') { self.quoted() } else { self.name() };
        if name.is_empty() {
            return None;
        }
        let key = self.literal(name);
        self.skip(false);
        if matches!(self.peek(), Some(b'=' | b':')) {
            self.at += 1;
            self.skip(false);
            let value = self.value(depth + 1);
            return Some(Entry { key, key_templated: false, value });
        }
        let mut labels = Vec::new();
        while let Some(byte) = self.peek() {
            let label = match byte {
                b'"' => self.quoted(),
                b if b.is_ascii_alphabetic() => self.name(),
                _ => break,
            };
            labels.push(self.literal(label));
            self.skip(false);
        }
        if self.peek() != Some(b'{') {
            self.skip_line();
            return None;
        }
        if depth + labels.len() >= DEEPEST {
            let range = self.nested();
            let value = self.opaque(range);
            return Some(Entry { key, key_templated: false, value });
        }
        let open = self.at;
        self.at += 1;
        let mut value = self.body(depth + labels.len() + 1);
        self.at = (self.at + 1).min(self.text.len());
        for label in labels.into_iter().rev() {
            let entries = vec![Entry { key: label, key_templated: false, value }];
            value = self.add(open..self.at, Kind::Mapping { entries, open: false }, false);
        }
        Some(Entry { key, key_templated: false, value })
    }

    /// A quoted text's inside; expressions in it may hold quotes.
    fn quoted(&mut self) -> Range<usize> {
        let start = self.at + 1;
        self.at = start;
        let mut depth = 0_usize;
        while let Some(byte) = self.peek() {
            match byte {
                b'\\' => self.at += 1,
                b'"' if depth == 0 => break,
                b'\n' => break,
                b'{' if depth > 0 || self.text.as_bytes().get(self.at.wrapping_sub(1)) == Some(&b'$') => depth += 1,
                b'}' => depth = depth.saturating_sub(1),
                _ => {}
            }
            self.at += 1;
        }
        let end = self.at.min(self.text.len());
        let end = (start.min(end)..=end).rev().find(|at| self.text.is_char_boundary(*at)).unwrap_or(end);
        self.at = (end + usize::from(self.text.as_bytes().get(end) == Some(&b'"'))).min(self.text.len());
        start.min(end)..end
    }

    fn opaque(&mut self, range: Range<usize>) -> NodeId {
        let text = self.literal(range.clone());
        self.add(range, Kind::Scalar { text, style: Style::Plain }, true)
    }

    /// Passes over what stands between brackets, quotes in it included.
    fn nested(&mut self) -> Range<usize> {
        let (start, mut depth) = (self.at, 0_usize);
        while let Some(byte) = self.peek() {
            match byte {
                b'"' => {
                    self.quoted();
                    continue;
                }
                b'{' | b'[' | b'(' => depth += 1,
                b'}' | b']' | b')' => depth = depth.saturating_sub(1),
                _ => {}
            }
            self.at += self.rest().chars().next().map_or(1, char::len_utf8);
            if depth == 0 {
                break;
            }
        }
        start..self.at
    }

    fn value(&mut self, depth: usize) -> NodeId {
        let start = self.at;
        let node = match self.peek() {
            _ if depth >= DEEPEST => {
                let range = self.nested();
                self.opaque(range)
            }
            Some(b'"') => {
                let range = self.quoted();
                let text = self.literal(range.clone());
                let open = text.as_str().contains("${") || text.as_str().contains("%{");
                self.add(range, Kind::Scalar { text, style: Style::Quoted }, open)
            }
            Some(b'[') => self.list(depth),
            Some(b'{') => {
                self.at += 1;
                let node = self.object(depth);
                self.at = (self.at + 1).min(self.text.len());
                node
            }
            Some(b'<') if self.rest().starts_with("<<") => return self.heredoc(),
            _ => {
                let len = self.rest().bytes().take_while(|b| b.is_ascii_alphanumeric() || b"_-.*".contains(b)).count();
                let word = self.rest().get(..len).unwrap_or_default().to_owned();
                self.at += len;
                if self.peek() == Some(b'(') {
                    if word == "jsonencode" || word == "tomap" || word == "tolist" || word == "toset" {
                        self.at += 1;
                        self.skip(true);
                        let node = self.value(depth + 1);
                        self.skip(true);
                        self.at += usize::from(self.peek() == Some(b')'));
                        return node;
                    }
                    self.nested();
                    self.opaque(start..self.at)
                } else {
                    let plain = word.bytes().all(|b| b.is_ascii_digit() || b == b'.')
                        || matches!(word.as_str(), "true" | "false" | "null");
                    let text = self.literal(start..self.at);
                    self.add(start..self.at, Kind::Scalar { text, style: Style::Plain }, !plain)
                }
            }
        };
        self.skip(false);
        // More of an expression: a condition, an operator, a call of what was read.
        if self.peek().is_none_or(|byte| b"\n,}])#".contains(&byte)) {
            return node;
        }
        while self.peek().is_some_and(|byte| !b"\n,}])".contains(&byte)) {
            self.nested();
        }
        self.opaque(start..self.at)
    }

    fn list(&mut self, depth: usize) -> NodeId {
        let start = self.at;
        self.at += 1;
        let mut items = Vec::new();
        loop {
            self.skip(true);
            match self.peek() {
                None => break,
                Some(b']') => {
                    self.at += 1;
                    break;
                }
                Some(b',') => self.at += 1,
                Some(_) => {
                    let before = self.at;
                    items.push(self.value(depth + 1));
                    if self.at == before {
                        self.lose("this is no value");
                        self.at += self.rest().chars().next().map_or(1, char::len_utf8);
                    }
                }
            }
        }
        self.add(start..self.at, Kind::Sequence { items, open: false }, false)
    }

    fn object(&mut self, depth: usize) -> NodeId {
        let start = self.at;
        let mut entries = Vec::new();
        loop {
            self.skip(true);
            match self.peek() {
                None | Some(b'}') => break,
                Some(b',') => self.at += 1,
                Some(_) => {
                    let before = self.at;
                    entries.extend(self.entry(depth));
                    if self.at == before {
                        // A key that an expression makes.
                        self.nested();
                    }
                }
            }
        }
        self.add(start..self.at, Kind::Mapping { entries, open: false }, false)
    }

    /// `<<-NAME` and what follows up to that name.
    fn heredoc(&mut self) -> NodeId {
        self.at += 2;
        self.at += usize::from(self.peek() == Some(b'-'));
        let name = self.name();
        let name = self.text.get(name).unwrap_or_default().to_owned();
        self.skip_line();
        self.at = (self.at + 1).min(self.text.len());
        let start = self.at;
        let mut end = self.text.len();
        while self.at < self.text.len() {
            let line = self.rest().split_inclusive('\n').next().unwrap_or_default();
            if line.trim() == name {
                end = self.at;
                self.at += line.trim_end().len();
                break;
            }
            self.at += line.len();
        }
        let range = start..end.max(start);
        let text = self.literal(range.clone());
        let open = text.as_str().contains("${");
        self.add(range, Kind::Scalar { text, style: Style::Literal }, open)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::read::mutation;
    use crate::read::tree::Node;

    const SAMPLE: &str = "# c\nresource \"aws_emr_cluster\" \"x\" {\n  release_label = \"emr-6.15.0\" // why\n  applications  = [\"Spark\", \"Hadoop\",]\n  name = \"${var.a}-${lookup(var.b, \"k\")}\"\n  step {\n    args = [\"spark-submit\", var.jar]\n  }\n  tags = {\n    a = 1, \"b\" : true\n  }\n  count = var.on ? 1 : 0\n  conf = jsonencode([{ Classification = \"spark\" }])\n  doc = <<-EOT\n    x y\n  EOT\n}\n";

    fn tree(text: &str) -> Reading<Tree> {
        read(FileId(0), text)
    }

    #[test]
    fn blocks_are_entries_below_their_labels() {
        for text in [SAMPLE.to_owned(), SAMPLE.replace('\n', "\r\n"), format!("\u{feff}{SAMPLE}")] {
            let reading = tree(&text);
            assert!(reading.losses.is_empty(), "{:?}", reading.losses);
            let cluster = reading.body.root().path(&["resource", "aws_emr_cluster", "x"]).unwrap();
            let label = cluster.get("release_label").unwrap().text().unwrap();
            assert_eq!((label.as_str(), &text[label.span().range()]), ("emr-6.15.0", "emr-6.15.0"));
            assert_eq!(cluster.get("applications").unwrap().items().count(), 2);
            assert!(cluster.get("name").unwrap().text().is_none() && cluster.get("count").unwrap().text().is_none());
            let arguments: Vec<Option<&str>> =
                cluster.path(&["step", "args"]).unwrap().items().map(Node::str).collect();
            assert_eq!(arguments, [Some("spark-submit"), None]);
            assert_eq!(cluster.path(&["tags", "b"]).unwrap().bool(), Some(true));
            let first = cluster.get("conf").unwrap().items().next().unwrap();
            assert_eq!(first.get("Classification").unwrap().str(), Some("spark"));
            assert!(cluster.get("doc").unwrap().str().unwrap().contains("x y"));
        }
    }

    #[test]
    fn broken_texts_end() {
        for text in
            ["", "{", "}", "a", "a =", "a = \"", "a = [", "a = <<X", "a = \"${", "a \"b\" {", "a = f(", "= 1", "[ ( {"]
        {
            tree(text);
        }
        tree(&"a { ".repeat(5000));
        tree(&format!("a = {}", "[".repeat(5000)));
        tree(&format!("a = {}", "f(".repeat(5000)));
        tree(&format!("a = {}", "jsonencode(".repeat(5000)));
    }

    #[test]
    fn no_mutation_leaves_the_text() {
        mutation::each(&[SAMPLE], |text| {
            let reading = tree(text);
            reading.losses.iter().for_each(|loss| mutation::inside(text, loss.span));
            for node in reading.body.nodes() {
                mutation::inside(text, node.span());
                if let Kind::Scalar { text: value, .. } = node.kind() {
                    mutation::traced(text, value);
                }
            }
        });
    }
}
