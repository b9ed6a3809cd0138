//! Types.

use super::Parser;
use crate::go::lex::{Keyword, Kind, Op};
use crate::go::syntax::{Binary, Expr, ExprId, Field, Interface, Literal, Signature};

impl Parser<'_> {
    /// A type where nothing else can stand.
    pub(super) fn type_expr(&mut self) -> ExprId {
        self.nested(Self::type_here)
    }

    fn type_here(&mut self) -> ExprId {
        let start = self.start();
        match self.kind() {
            Kind::Name => self.type_name(),
            Kind::Op(Op::Star) => {
                self.step();
                let of = self.type_expr();
                self.make(Expr::Star(of), start)
            }
            Kind::Op(Op::Open) => {
                self.step();
                let of = self.type_expr();
                self.demand(Op::Close);
                self.make(Expr::Paren(of), start)
            }
            _ => {
                let made = self.type_literal();
                made.unwrap_or_else(|| self.bad(start))
            }
        }
    }

    /// What cannot stand here.
    pub(super) fn bad(&mut self, start: u32) -> ExprId {
        self.loss();
        self.make(Expr::Bad, start)
    }

    fn type_name(&mut self) -> ExprId {
        let start = self.start();
        let Some((name, _)) = self.name() else { return self.make(Expr::Bad, start) };
        let mut made = self.make(Expr::Name(name), start);
        if self.is(Op::Dot) && self.ahead(1).kind == Kind::Name {
            self.step();
            if let Some((name, _)) = self.name() {
                made = self.make(Expr::Selector { of: made, name }, start);
            }
        }
        if self.is(Op::OpenIndex) && self.ahead(1).kind != Kind::Op(Op::CloseIndex) {
            self.step();
            let from = self.pending.len();
            while !matches!(self.kind(), Kind::End | Kind::Semi | Kind::Op(Op::CloseIndex)) {
                let before = self.at;
                let argument = self.type_expr();
                self.pending.push(argument);
                if !self.eat(Op::Comma) || self.at == before {
                    break;
                }
            }
            self.demand(Op::CloseIndex);
            let by = self.close_list(from);
            made = self.make(Expr::Index { of: made, by }, start);
        }
        made
    }

    /// A type that its first token shows, within expressions as well.
    pub(super) fn type_literal(&mut self) -> Option<ExprId> {
        let start = self.start();
        let made = match self.kind() {
            Kind::Op(Op::OpenIndex) => self.array(),
            Kind::Keyword(Keyword::Struct) => self.structure(),
            Kind::Keyword(Keyword::Interface) => self.interface(),
            Kind::Keyword(Keyword::Func) => {
                self.step();
                let signature = self.signature();
                Expr::FuncOf(signature)
            }
            Kind::Keyword(Keyword::Map) => {
                self.step();
                self.demand(Op::OpenIndex);
                let key = self.type_expr();
                self.demand(Op::CloseIndex);
                let value = self.type_expr();
                Expr::MapOf(key, value)
            }
            Kind::Keyword(Keyword::Chan) => {
                self.step();
                self.eat(Op::Arrow);
                let of = self.type_expr();
                Expr::ChanOf(of)
            }
            Kind::Op(Op::Arrow) if self.ahead(1).kind == Kind::Keyword(Keyword::Chan) => {
                self.step();
                self.step();
                let of = self.type_expr();
                Expr::ChanOf(of)
            }
            _ => return None,
        };
        Some(self.make(made, start))
    }

    fn array(&mut self) -> Expr {
        self.step();
        if self.eat(Op::CloseIndex) {
            return Expr::SliceOf(self.type_expr());
        }
        let level = std::mem::replace(&mut self.level, 0);
        let length = if self.eat(Op::Dots) { None } else { Some(self.expr()) };
        self.level = level;
        self.demand(Op::CloseIndex);
        Expr::Array { length, of: self.type_expr() }
    }

    /// `T`, `...T`, `~T`, `A | ~B`.
    pub(super) fn constraint(&mut self) -> ExprId {
        let start = self.start();
        let mut made = self.term();
        while self.eat(Op::Or) {
            let right = self.term();
            made = self.make(Expr::Binary(Binary::Or, made, right), start);
        }
        made
    }

    fn term(&mut self) -> ExprId {
        let start = self.start();
        if self.eat(Op::Dots) {
            let of = self.type_expr();
            return self.make(Expr::Variadic(of), start);
        }
        if self.eat(Op::Tilde) {
            let of = self.type_expr();
            return self.make(Expr::Tilde(of), start);
        }
        self.type_expr()
    }

    /// Parameters and results, by number.
    pub(super) fn signature(&mut self) -> u32 {
        let parameters = self.parameters();
        let results = match self.kind() {
            Kind::Op(Op::Open) => self.parameters(),
            Kind::Name
            | Kind::Op(Op::Star | Op::OpenIndex | Op::Arrow)
            | Kind::Keyword(Keyword::Struct | Keyword::Interface | Keyword::Func | Keyword::Map | Keyword::Chan) => {
                let of = self.type_expr();
                vec![Field { names: Vec::new(), of, embedded: false, tag: None }]
            }
            _ => Vec::new(),
        };
        self.out.signatures.push(Signature { parameters, results });
        self.out.signatures.len() as u32 - 1
    }

    fn structure(&mut self) -> Expr {
        self.step();
        let mut fields = Vec::new();
        self.members(|parser| {
            let field = parser.field();
            fields.push(field);
        });
        self.out.structs.push(fields);
        Expr::StructOf(self.out.structs.len() as u32 - 1)
    }

    /// The lines between braces.
    fn members(&mut self, mut line: impl FnMut(&mut Self)) {
        let level = std::mem::replace(&mut self.level, 0);
        if self.demand(Op::OpenBrace) {
            while !matches!(self.kind(), Kind::End | Kind::Op(Op::CloseBrace)) {
                let before = self.at;
                if self.kind() == Kind::Semi {
                    self.step();
                    continue;
                }
                line(self);
                self.end_of_line();
                if self.at == before {
                    self.step();
                }
            }
            self.demand(Op::CloseBrace);
        }
        self.level = level;
    }

    fn field(&mut self) -> Field {
        let next = self.ahead(1).kind;
        let alone = matches!(next, Kind::Op(Op::Dot | Op::CloseBrace) | Kind::Semi | Kind::Text);
        let embedded = match self.kind() {
            Kind::Name => alone || (next == Kind::Op(Op::OpenIndex) && self.is_embedded_instance()),
            _ => true,
        };
        let mut names = Vec::new();
        if !embedded {
            names.extend(self.name());
            while self.eat(Op::Comma) {
                names.extend(self.name());
            }
        }
        let of = self.type_expr();
        let tag = (self.kind() == Kind::Text).then(|| {
            let start = self.start();
            let text = self.literal_text();
            self.step();
            self.make(Expr::Literal(Literal::Text(text)), start)
        });
        Field { names, of, embedded, tag }
    }

    /// `List[int]` on a line of its own against `values [4]int`.
    fn is_embedded_instance(&self) -> bool {
        let mate = self.mates.get(self.at + 1).map_or(0, |mate| *mate as usize);
        let behind = self.tokens.get(mate + 1).map(|t| t.kind);
        mate > self.at + 2 && matches!(behind, Some(Kind::Semi | Kind::Text | Kind::Op(Op::CloseBrace)))
    }

    fn interface(&mut self) -> Expr {
        self.step();
        let mut made = Interface::default();
        self.members(|parser| {
            if parser.kind() == Kind::Name && parser.ahead(1).kind == Kind::Op(Op::Open) {
                if let Some((name, _)) = parser.name() {
                    let signature = parser.signature();
                    made.methods.push((name, signature));
                }
            } else {
                let embedded = parser.constraint();
                made.embeds.push(embedded);
            }
        });
        self.out.interfaces.push(made);
        Expr::InterfaceOf(self.out.interfaces.len() as u32 - 1)
    }
}
