//! Functions that C calls: what they take, and what may go wrong in them.

use crate::source::{FileId, Span};
use syn::spanned::Spanned as _;
use syn::visit::{self, Visit};

/// What is wrong with a function that C calls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flaw {
    /// Where.
    pub span: Span,
    /// What.
    pub kind: FlawKind,
    /// The function.
    pub function: String,
}

/// What is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FlawKind {
    /// It may panic: by this method or macro.
    Panic(String),
    /// A pointer is used that was not compared with null: the parameter.
    Unchecked(String),
    /// A type without a layout that C knows.
    Type(String),
}

/// Whether a text can hold a function that C calls.
pub fn may_hold(text: &str) -> bool {
    let holds = |word: &str| memchr::memmem::find(text.as_bytes(), word.as_bytes()).is_some();
    (holds("no_mangle") || holds("export_name")) && holds("extern")
}

/// Where bytes of the parser's text lie in the file.
#[derive(Debug, Clone, Copy)]
pub(super) struct At {
    pub(super) file: FileId,
    pub(super) start: usize,
}

impl At {
    pub(super) fn span(self, span: proc_macro2::Span) -> Span {
        let range = span.byte_range();
        Span::new(self.file, self.start + range.start..self.start + range.end)
    }
}

/// The flaws of a function, if C can call it.
pub(super) fn flaws(item: &syn::ItemFn, at: At) -> Vec<Flaw> {
    let Some(abi) = abi_of(item) else { return Vec::new() };
    let mut look = Look {
        at,
        function: item.sig.ident.to_string(),
        pointers: Vec::new(),
        found: Vec::new(),
        caught: 0,
        unwinds: abi.ends_with("-unwind"),
    };
    for input in &item.sig.inputs {
        let syn::FnArg::Typed(input) = input else { continue };
        look.types(&input.ty);
        if let (syn::Type::Ptr(_), syn::Pat::Ident(name)) = (&*input.ty, &*input.pat) {
            look.pointers.push(Pointer { name: name.ident.to_string(), used: None, checked: false });
        }
    }
    if let syn::ReturnType::Type(_, of) = &item.sig.output {
        look.types(of);
    }
    look.visit_block(&item.block);
    let unchecked = std::mem::take(&mut look.pointers).into_iter().filter(|pointer| !pointer.checked);
    let unchecked: Vec<(Span, String)> = unchecked.filter_map(|pointer| Some((pointer.used?, pointer.name))).collect();
    for (span, name) in unchecked {
        look.tell(span, FlawKind::Unchecked(name));
    }
    look.found
}

/// The ABI of a function that keeps its name for C.
fn abi_of(item: &syn::ItemFn) -> Option<String> {
    let abi = item.sig.abi.as_ref()?;
    let name = abi.name.as_ref().map_or_else(|| "C".to_owned(), syn::LitStr::value);
    let is_c = matches!(name.as_str(), "C" | "C-unwind" | "system" | "system-unwind");
    let exported = item.attrs.iter().any(|attribute| {
        let path = attribute.path();
        let inner = || attribute.parse_args::<syn::Meta>().is_ok_and(|meta| is_export(meta.path()));
        is_export(path) || path.is_ident("unsafe") && inner()
    });
    (is_c && exported).then_some(name)
}

fn is_export(path: &syn::Path) -> bool {
    path.is_ident("no_mangle") || path.is_ident("export_name")
}

/// Methods of the standard library that run a closure as it is.
const PLAIN: [&str; 14] = [
    "all",
    "and_then",
    "any",
    "filter",
    "filter_map",
    "flat_map",
    "fold",
    "for_each",
    "is_some_and",
    "map",
    "map_err",
    "map_or",
    "then",
    "unwrap_or_else",
];

fn has_closure<T>(arguments: &syn::punctuated::Punctuated<syn::Expr, T>) -> bool {
    arguments.iter().any(|argument| matches!(argument, syn::Expr::Closure(_)))
}

struct Pointer {
    name: String,
    used: Option<Span>,
    checked: bool,
}

struct Look {
    at: At,
    function: String,
    pointers: Vec<Pointer>,
    found: Vec<Flaw>,
    /// How many calls that may catch a panic stand around.
    caught: usize,
    unwinds: bool,
}

impl Look {
    fn tell(&mut self, span: Span, kind: FlawKind) {
        let function = self.function.clone();
        self.found.push(Flaw { span, kind, function });
    }

    fn types(&mut self, of: &syn::Type) {
        if let Some(name) = foreign_to_c(of, 4) {
            let span = self.at.span(of.span());
            self.tell(span, FlawKind::Type(name));
        }
    }

    fn panics(&mut self, span: proc_macro2::Span, name: &str) {
        if self.caught == 0 && !self.unwinds {
            let span = self.at.span(span);
            self.tell(span, FlawKind::Panic(name.to_owned()));
        }
    }

    /// The parameter that an expression is, through brackets and casts.
    fn pointer(&mut self, expr: &syn::Expr) -> Option<&mut Pointer> {
        let mut at = expr;
        loop {
            match at {
                syn::Expr::Paren(inner) => at = &inner.expr,
                syn::Expr::Cast(inner) => at = &inner.expr,
                syn::Expr::MethodCall(call)
                    if matches!(
                        call.method.to_string().as_str(),
                        "cast" | "cast_mut" | "cast_const" | "add" | "offset"
                    ) =>
                {
                    at = &call.receiver;
                }
                syn::Expr::Path(path) => {
                    let name = path.path.get_ident()?.to_string();
                    return self.pointers.iter_mut().find(|pointer| pointer.name == name);
                }
                _ => return None,
            }
        }
    }

    fn used(&mut self, expr: &syn::Expr, span: proc_macro2::Span) {
        let span = self.at.span(span);
        if let Some(pointer) = self.pointer(expr) {
            pointer.used.get_or_insert(span);
        }
    }

    fn checked(&mut self, expr: &syn::Expr) {
        if let Some(pointer) = self.pointer(expr) {
            pointer.checked = true;
        }
    }
}

impl<'ast> Visit<'ast> for Look {
    fn visit_expr_method_call(&mut self, call: &'ast syn::ExprMethodCall) {
        match call.method.to_string().as_str() {
            name @ ("unwrap" | "expect") => self.panics(call.method.span(), name),
            "read" | "write" => self.used(&call.receiver, call.span()),
            "is_null" | "as_ref" | "as_mut" => self.checked(&call.receiver),
            _ => {}
        }
        // A helper that runs a closure may catch what it throws; those of the standard library do not.
        let catches = !PLAIN.contains(&call.method.to_string().as_str()) && has_closure(&call.args);
        self.caught += usize::from(catches);
        visit::visit_expr_method_call(self, call);
        self.caught -= usize::from(catches);
    }

    fn visit_expr_call(&mut self, call: &'ast syn::ExprCall) {
        let name = match &*call.func {
            syn::Expr::Path(path) => path.path.segments.iter().rev().take(2).map(|s| s.ident.to_string()).collect(),
            _ => Vec::new(),
        };
        let names: Vec<&str> = name.iter().map(String::as_str).collect();
        let catches = has_closure(&call.args);
        match (names.as_slice(), call.args.first()) {
            (["from_ptr", "CStr"] | ["from_raw", _] | ["from_raw_parts" | "from_raw_parts_mut", ..], Some(first)) => {
                self.used(first, call.span());
            }
            // Whoever gets it may look at it first.
            (_, _) => call.args.iter().for_each(|argument| self.checked(argument)),
        }
        self.caught += usize::from(catches);
        visit::visit_expr_call(self, call);
        self.caught -= usize::from(catches);
    }

    fn visit_expr_unary(&mut self, unary: &'ast syn::ExprUnary) {
        if matches!(unary.op, syn::UnOp::Deref(_)) {
            self.used(&unary.expr, unary.span());
        }
        visit::visit_expr_unary(self, unary);
    }

    fn visit_expr_binary(&mut self, binary: &'ast syn::ExprBinary) {
        if matches!(binary.op, syn::BinOp::Eq(_) | syn::BinOp::Ne(_)) {
            self.checked(&binary.left);
            self.checked(&binary.right);
        }
        visit::visit_expr_binary(self, binary);
    }

    fn visit_macro(&mut self, of: &'ast syn::Macro) {
        let name = of.path.segments.last().map(|s| s.ident.to_string()).unwrap_or_default();
        if matches!(
            name.as_str(),
            "panic" | "todo" | "unimplemented" | "unreachable" | "assert" | "assert_eq" | "assert_ne"
        ) {
            self.panics(of.path.span(), &format!("{name}!"));
        } else {
            // What a macro does with a pointer is its own affair.
            let text = of.tokens.to_string();
            for pointer in &mut self.pointers {
                pointer.checked |=
                    text.split(|c: char| !(c.is_alphanumeric() || c == '_')).any(|word| word == pointer.name);
            }
        }
    }

    /// What an inner function does is not done here.
    fn visit_item(&mut self, _: &'ast syn::Item) {}
}

/// A type without a layout that C knows, by its name.
fn foreign_to_c(of: &syn::Type, fuel: usize) -> Option<String> {
    const OWNING: [&str; 9] =
        ["BTreeMap", "Cow", "HashMap", "HashSet", "PathBuf", "Result", "String", "Vec", "VecDeque"];
    let fuel = fuel.checked_sub(1)?;
    match of {
        syn::Type::Paren(inner) => foreign_to_c(&inner.elem, fuel),
        syn::Type::Reference(inner) => match &*inner.elem {
            syn::Type::Slice(_) => Some("&[T]".to_owned()),
            syn::Type::Path(path) if path.path.is_ident("str") => Some("&str".to_owned()),
            syn::Type::TraitObject(_) => Some("&dyn Trait".to_owned()),
            _ => None,
        },
        syn::Type::Tuple(tuple) if !tuple.elems.is_empty() => Some("a tuple".to_owned()),
        syn::Type::Path(path) if path.qself.is_none() && path.path.segments.len() == 1 => {
            let last = path.path.segments.last()?;
            let name = last.ident.to_string();
            let generic = matches!(last.arguments, syn::PathArguments::AngleBracketed(_));
            let whole = matches!(name.as_str(), "String" | "PathBuf") && !generic;
            (whole || generic && OWNING.contains(&name.as_str()) && name != "String").then_some(name)
        }
        _ => None,
    }
}
