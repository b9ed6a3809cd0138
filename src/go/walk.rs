//! The walk over a file's tree: blocks in the language's order of scope, with a stack of its own instead of recursion.

use super::import::{self, Import, ImportName};
use super::scope::{Binding, Scopes};
use super::stdlib;
use super::{File, Reference, Usage};
use crate::read::directive::{self, Directive, DirectiveKind};
use crate::read::loss::{Loss, Reading};
use crate::source::{FileId, Span, Spanned};
use std::collections::HashMap;
use tree_sitter::{Node, Tree};

/// How many places of broken syntax are reported in one file.
const MAX_LOSSES: usize = 20;

/// The state of the walk.
pub(super) struct Walk<'t> {
    source: &'t str,
    pub(super) file: FileId,
    pub(super) out: File,
    pub(super) scopes: Scopes<'t>,
    /// Imports by the name they have in this file.
    imports: HashMap<String, usize>,
    pub(super) marks: Vec<Directive>,
    pub(super) tasks: Vec<Task<'t>>,
    pub(super) function: Option<usize>,
}

/// What is still to be done, last first: a stack of our own, so that deep nesting costs memory and no call depth.
#[derive(Debug, Clone, Copy)]
pub(super) enum Task<'t> {
    /// Look at a node and everything below it.
    Visit(Node<'t>),
    /// The same for a node that is called.
    Called(Node<'t>),
    /// Declare what a declaration declares.
    Declare(Node<'t>),
    /// A clause of a type switch declares the switch's variable with the clause's own type.
    DeclareCase(Node<'t>, Node<'t>),
    /// A block begins.
    Enter,
    /// A block ends.
    Leave,
    /// What follows stands in this function.
    Inside(Option<usize>),
}

pub(super) fn walk(file: FileId, source: &str, tree: &Tree) -> Reading<File> {
    let root = tree.root_node();
    let (comments, losses) = survey(file, root);
    let marks = directive::parse(source, &comments).into_iter().filter(|d| d.kind == DirectiveKind::Udf).collect();
    let mut walk = Walk {
        source,
        file,
        out: File::default(),
        scopes: Scopes::default(),
        imports: HashMap::new(),
        marks,
        tasks: Vec::new(),
        function: None,
    };
    walk.package(root);
    walk.run(root);
    walk.comments(&comments);
    let mut body = walk.out;
    body.references.sort_by_key(|r| (r.span.start, r.span.end));
    Reading { body, comments, losses }
}

/// Comments in order, and the first broken place of each top-level declaration.
fn survey(file: FileId, root: Node<'_>) -> (Vec<Span>, Vec<Loss>) {
    let (mut comments, mut losses) = (Vec::new(), Vec::new());
    let mut cursor = root.walk();
    let (mut depth, mut lost) = (0_usize, false);
    loop {
        let node = cursor.node();
        lost &= depth > 1;
        if node.kind() == "comment" {
            comments.push(Span::new(file, node.byte_range()));
        } else if (node.is_error() || node.is_missing()) && depth > 0 && !lost {
            lost = true;
            if losses.len() < MAX_LOSSES {
                let message = if node.is_missing() {
                    format!("Go syntax: `{}` is missing here", node.kind())
                } else {
                    "Go syntax that cannot be read".to_owned()
                };
                losses.push(Loss::part(Span::new(file, node.byte_range()), message));
            }
        }
        if cursor.goto_first_child() {
            depth += 1;
            continue;
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                if root.is_error() && losses.is_empty() {
                    losses.push(Loss::part(Span::new(file, root.byte_range()), "Go syntax that cannot be read"));
                }
                return (comments, losses);
            }
            depth -= 1;
        }
    }
}

/// The named children of a node, in order.
pub(super) fn children(node: Node<'_>) -> Vec<Node<'_>> {
    node.named_children(&mut node.walk()).collect()
}

/// The nodes of a field that can be repeated; commas between them are left out.
pub(super) fn fields<'t>(node: Node<'t>, field: &str) -> Vec<Node<'t>> {
    node.children_by_field_name(field, &mut node.walk()).filter(Node::is_named).collect()
}

impl<'t> Walk<'t> {
    pub(super) fn text(&self, node: Node<'t>) -> &'t str {
        self.source.get(node.byte_range()).unwrap_or_default()
    }

    pub(super) fn span(&self, node: Node<'t>) -> Span {
        Span::new(self.file, node.byte_range())
    }

    /// The import a package name means here.
    pub(super) fn import_of(&self, name: &str) -> Option<usize> {
        if self.scopes.get(name).is_some() { None } else { self.imports.get(name).copied() }
    }

    /// The import that an operand names.
    pub(super) fn imported(&self, operand: Node<'t>) -> Option<usize> {
        (operand.kind() == "identifier").then(|| self.import_of(self.text(operand))).flatten()
    }

    pub(super) fn import_path(&self, import: usize) -> Option<&str> {
        self.out.imports.get(import).map(|i| i.path.as_str())
    }

    /// What a bare name means that only a dot import can bring; known for some packages of the standard library.
    pub(super) fn dot_imported(&self, name: &str) -> Option<(String, &'static stdlib::Name)> {
        let dots = self.out.imports.iter().filter(|i| i.name == ImportName::Dot);
        dots.take(8).find_map(|i| Some((format!("{}.{name}", i.path), stdlib::member(&i.path, name)?)))
    }

    /// Declares what the whole file sees: imports, then the package's own names.
    fn package(&mut self, root: Node<'t>) {
        let top = children(root);
        for node in &top {
            match node.kind() {
                "package_clause" => {
                    if let Some(name) = node.named_child(0) {
                        let text = self.text(name).to_owned();
                        self.out.is_test = text.ends_with("_test");
                        self.out.package = Some(Spanned::new(text, self.span(name)));
                    }
                }
                "import_declaration" => self.imports(*node),
                _ => {}
            }
        }
        self.declare_imports();
        // Own names next, because an initialiser may stand above the function it calls.
        for node in &top {
            match node.kind() {
                "function_declaration" => {
                    let results = self.written_results(*node);
                    if let Some(name) = node.child_by_field_name("name") {
                        self.scopes.declare(self.text(name), Binding::Function(results));
                    }
                }
                "type_declaration" => {
                    for spec in children(*node) {
                        self.declare(spec);
                    }
                }
                _ => {}
            }
        }
        for node in &top {
            if matches!(node.kind(), "var_declaration" | "const_declaration") {
                for spec in specs(*node) {
                    self.declare(spec);
                }
            }
        }
    }

    fn imports(&mut self, declaration: Node<'t>) {
        for child in children(declaration) {
            let specs = if child.kind() == "import_spec_list" { children(child) } else { vec![child] };
            for spec in specs.into_iter().filter(|s| s.kind() == "import_spec") {
                let Some(quoted) = spec.child_by_field_name("path") else { continue };
                let path = self.text(quoted).trim_matches(['"', '`']).to_owned();
                let name = match spec.child_by_field_name("name") {
                    Some(name) if name.kind() == "dot" => ImportName::Dot,
                    Some(name) if self.text(name) == "_" => ImportName::Blank,
                    Some(name) => ImportName::Alias(self.text(name).to_owned()),
                    None => import::own_name(&path),
                };
                self.out.imports.push(Import { path, name, span: self.span(quoted) });
            }
        }
    }

    fn declare_imports(&mut self) {
        let mut guesses: HashMap<&str, Vec<(usize, usize)>> = HashMap::new();
        let mut sure: Vec<(usize, &str)> = Vec::new();
        for (number, import) in self.out.imports.iter().enumerate() {
            match &import.name {
                ImportName::Alias(name) | ImportName::Own(name) => sure.push((number, name)),
                ImportName::Guessed(names) => {
                    for (rank, name) in names.iter().enumerate() {
                        guesses.entry(name).or_default().push((rank, number));
                    }
                }
                ImportName::Dot | ImportName::Blank => {}
            }
        }
        // A guess counts where one import alone guesses it best.
        let best = guesses.into_iter().filter_map(|(name, mut ranked)| {
            ranked.sort_unstable();
            match ranked.as_slice() {
                [(_, number)] => Some((*number, name)),
                [(first, number), (second, _), ..] if first < second => Some((*number, name)),
                _ => None,
            }
        });
        let named: Vec<(usize, String)> = best.chain(sure).map(|(number, name)| (number, name.to_owned())).collect();
        self.imports.extend(named.into_iter().map(|(number, name)| (name, number)));
    }

    /// Generated code, build tags and linker directives stand in comments.
    fn comments(&mut self, comments: &[Span]) {
        let code = self.out.package.as_ref().map_or(u32::MAX, |p| p.span.start);
        for span in comments {
            let text = self.source.get(span.range()).unwrap_or_default();
            let before_code = span.start < code;
            if before_code && text.starts_with("// Code generated ") && text.trim_end().ends_with(" DO NOT EDIT.") {
                self.out.generated = true;
            }
            let tag = text.strip_prefix("//go:build ").or_else(|| text.strip_prefix("// +build "));
            if let Some(tag) = tag.filter(|_| before_code) {
                self.out.build_tags.push(tag.trim().to_owned());
            }
            if text.starts_with("//go:linkname ") {
                let path = "//go:linkname".to_owned();
                let function = self.function_below(*span);
                self.out.references.push(Reference { path, usage: Usage::Directive, span: *span, function });
            }
        }
    }

    /// The function that a comment stands directly above, with nothing but comments and blanks between.
    fn function_below(&self, comment: Span) -> Option<usize> {
        let next = self.out.functions.partition_point(|f| f.body.start < comment.end);
        let between = self.source.get(comment.end as usize..self.out.functions.get(next)?.body.start as usize)?;
        let only_comments = between.lines().take(64).all(|l| l.trim().is_empty() || l.trim().starts_with("//"));
        (only_comments && between.lines().count() <= 64).then_some(next)
    }
}

/// The specs of a `var` or `const` declaration, grouped or not.
pub(super) fn specs(declaration: Node<'_>) -> Vec<Node<'_>> {
    children(declaration)
        .into_iter()
        .flat_map(|child| if child.kind() == "var_spec_list" { children(child) } else { vec![child] })
        .collect()
}
