//! What expressions come to, as far as the text alone tells.

use super::{Look, Site, Value};
use syn::parse::Parser as _;
use syn::punctuated::Punctuated;
use syn::spanned::Spanned as _;
use syn::visit::Visit as _;

/// How deep chains and arguments are followed.
pub(super) const DEPTH: usize = 24;

/// How many tokens of a macro are looked into.
const MAX_INSIDE: usize = 100_000;

impl Look {
    /// A call of a function by its path.
    pub(super) fn call(&self, call: &syn::ExprCall) -> Option<Site> {
        let syn::Expr::Path(path) = &*call.func else { return None };
        super::is_ours(&self.names.full(&path.path)).then(|| self.call_within(call, DEPTH)).flatten()
    }

    /// Whether a chain of methods begins with a call of a library that rules look into.
    pub(super) fn begins_ours(&self, receiver: &syn::Expr) -> bool {
        let mut at = receiver;
        loop {
            match at {
                syn::Expr::MethodCall(call) => at = &call.receiver,
                syn::Expr::Try(inner) => at = &inner.expr,
                syn::Expr::Paren(inner) => at = &inner.expr,
                syn::Expr::Call(call) => {
                    return matches!(&*call.func, syn::Expr::Path(path) if super::is_ours(&self.names.full(&path.path)));
                }
                syn::Expr::Macro(of) => return super::is_ours(&self.names.full(&of.mac.path)),
                _ => return false,
            }
        }
    }

    fn call_within(&self, call: &syn::ExprCall, depth: usize) -> Option<Site> {
        let syn::Expr::Path(path) = &*call.func else { return None };
        let span = self.at.span(path.path.span());
        let arguments = call.args.iter().map(|argument| self.value(argument, depth)).collect();
        Some(self.site(self.names.full(&path.path), span, arguments))
    }

    /// A call of a method that is known by its name.
    pub(super) fn method(&self, call: &syn::ExprMethodCall) -> Site {
        let arguments = call.args.iter().map(|argument| self.value(argument, DEPTH)).collect();
        self.site(format!(".{}", call.method), self.at.span(call.method.span()), arguments)
    }

    fn site(&self, path: String, span: crate::source::Span, arguments: Vec<Value>) -> Site {
        let (function, chosen) = (self.function.clone(), self.chosen > 0);
        Site { path, span, arguments, then: Vec::new(), function, chosen }
    }

    /// A macro with the arguments of a call.
    pub(super) fn macro_call(&self, of: &syn::Macro) -> Option<Site> {
        let path = self.names.full(&of.path);
        if !super::is_ours(&path) {
            return None;
        }
        let path = path + "!";
        // What stands behind the first argument may be no expression: `"label" => value`.
        let mut first = proc_macro2::TokenStream::new();
        for token in of.tokens.clone() {
            if matches!(&token, proc_macro2::TokenTree::Punct(mark) if mark.as_char() == ',') {
                break;
            }
            first.extend([token]);
        }
        let first: syn::Expr = syn::parse2(first).ok()?;
        Some(self.site(path, self.at.span(of.path.span()), vec![self.value(&first, DEPTH)]))
    }

    /// Looks at the code that a macro is given, where it is some.
    pub(super) fn inside(&mut self, of: &syn::Macro) {
        let tokens = of.tokens.clone();
        if tokens.to_string().len() > MAX_INSIDE {
            return;
        }
        let name = of.path.segments.last().map(|last| last.ident.to_string()).unwrap_or_default();
        if name == "lazy_static" {
            self.statics(tokens);
        } else if let Ok(arguments) = Punctuated::<syn::Expr, syn::Token![,]>::parse_terminated.parse2(tokens) {
            arguments.iter().for_each(|argument| self.visit_expr(argument));
        }
    }

    /// `static ref NAME: Type = value;`, as often as it stands there.
    fn statics(&mut self, tokens: proc_macro2::TokenStream) {
        let mut value: Option<proc_macro2::TokenStream> = None;
        for token in tokens {
            match (&token, &mut value) {
                (proc_macro2::TokenTree::Punct(mark), Some(open)) if mark.as_char() == ';' => {
                    if let Ok(expr) = syn::parse2::<syn::Expr>(std::mem::take(open)) {
                        self.visit_expr(&expr);
                    }
                    value = None;
                }
                (proc_macro2::TokenTree::Punct(mark), None) if mark.as_char() == '=' => {
                    value = Some(proc_macro2::TokenStream::new());
                }
                (_, Some(open)) => open.extend([token]),
                _ => {}
            }
        }
    }

    fn value(&self, expr: &syn::Expr, depth: usize) -> Value {
        let span = self.at.span(expr.span());
        let Some(depth) = depth.checked_sub(1) else { return Value::Unknown(span) };
        match expr {
            syn::Expr::Lit(literal) => match &literal.lit {
                syn::Lit::Str(text) => self.text(text),
                syn::Lit::Bool(truth) => Value::Truth(truth.value, span),
                _ => Value::Unknown(span),
            },
            syn::Expr::Paren(inner) => self.value(&inner.expr, depth),
            syn::Expr::Reference(inner) => self.value(&inner.expr, depth),
            syn::Expr::Try(inner) => self.value(&inner.expr, depth),
            syn::Expr::Struct(literal) => Value::Path(self.names.full(&literal.path), span),
            syn::Expr::Path(path) => {
                match path.path.get_ident().and_then(|name| self.names.texts.get(&name.to_string())) {
                    Some(text) => self.text(text),
                    None => Value::Path(self.names.full(&path.path), span),
                }
            }
            syn::Expr::Call(call) => {
                self.call_within(call, depth).map_or(Value::Unknown(span), |site| Value::Made(Box::new(site)))
            }
            syn::Expr::Macro(of) => {
                self.macro_call(&of.mac).map_or(Value::Unknown(span), |site| Value::Made(Box::new(site)))
            }
            syn::Expr::MethodCall(call) => self.method_value(call, depth),
            _ => Value::Unknown(span),
        }
    }

    /// What a chain of methods gives.
    pub(super) fn method_value(&self, call: &syn::ExprMethodCall, depth: usize) -> Value {
        let span = self.at.span(call.span());
        let Some(depth) = depth.checked_sub(1) else { return Value::Unknown(span) };
        match self.value(&call.receiver, depth) {
            Value::Made(mut site) => {
                let arguments = call.args.iter().map(|argument| self.value(argument, depth)).collect();
                site.then.push(self.site(call.method.to_string(), self.at.span(call.method.span()), arguments));
                Value::Made(site)
            }
            text @ Value::Text(..) if call.args.is_empty() => text,
            _ => Value::Unknown(span),
        }
    }

    /// A text without escapes, inside of its quotes.
    fn text(&self, text: &syn::LitStr) -> Value {
        let (span, value) = (self.at.span(text.span()), text.value());
        let edge = (span.range().len().saturating_sub(value.len())) / 2;
        if edge * 2 + value.len() != span.range().len() {
            return Value::Unknown(span);
        }
        let edge = edge as u32;
        let inner = crate::source::Span { start: span.start + edge, end: span.end - edge, ..span };
        Value::Text(value.into(), inner)
    }
}
