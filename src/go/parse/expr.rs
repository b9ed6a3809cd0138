//! Expressions.

use super::Parser;
use crate::go::lex::{Keyword, Kind, Op};
use crate::go::syntax::{Binary, Expr, ExprId, List, Literal, Unary};

/// How tightly an operator binds, and what it does.
fn binary(kind: Kind) -> Option<(u8, Binary)> {
    let Kind::Op(op) = kind else { return None };
    Some(match op {
        Op::OrOr => (1, Binary::Logic),
        Op::AndAnd => (2, Binary::Logic),
        Op::Equal | Op::NotEqual | Op::Less | Op::LessEqual | Op::Greater | Op::GreaterEqual => (3, Binary::Compare),
        Op::Or => (4, Binary::Or),
        Op::Add => (4, Binary::Plus),
        Op::Sub | Op::Xor => (4, Binary::Other),
        Op::Shl | Op::Shr => (5, Binary::Shift),
        Op::Star => (5, Binary::Times),
        Op::Div | Op::Mod | Op::And | Op::AndNot => (5, Binary::Other),
        _ => return None,
    })
}

impl Parser<'_> {
    pub(super) fn expr(&mut self) -> ExprId {
        self.nested(|parser| parser.binary(1))
    }

    fn binary(&mut self, least: u8) -> ExprId {
        let start = self.start();
        let mut left = self.unary();
        while let Some((tightness, what)) = binary(self.kind()) {
            if tightness < least {
                break;
            }
            self.step();
            let right = self.binary(tightness + 1);
            left = self.make(Expr::Binary(what, left, right), start);
        }
        left
    }

    fn unary(&mut self) -> ExprId {
        let start = self.start();
        let what = match self.kind() {
            Kind::Op(Op::Star) => {
                self.step();
                let of = self.nested(Self::unary);
                return self.make(Expr::Star(of), start);
            }
            Kind::Op(Op::Arrow) if self.ahead(1).kind == Kind::Keyword(Keyword::Chan) => {
                return self.primary();
            }
            Kind::Op(Op::And) => Unary::Address,
            Kind::Op(Op::Arrow) => Unary::Receive,
            Kind::Op(Op::Not) => Unary::Not,
            Kind::Op(Op::Tilde) => {
                self.step();
                let of = self.nested(Self::unary);
                return self.make(Expr::Tilde(of), start);
            }
            Kind::Op(Op::Add | Op::Sub | Op::Xor) => Unary::Other,
            _ => return self.primary(),
        };
        self.step();
        let of = self.nested(Self::unary);
        self.make(Expr::Unary(what, of), start)
    }

    fn primary(&mut self) -> ExprId {
        let start = self.start();
        let mut made = self.operand();
        loop {
            match self.kind() {
                Kind::Op(Op::Dot) => {
                    self.step();
                    made = self.selector(made, start);
                }
                Kind::Op(Op::OpenIndex) => made = self.index(made, start),
                Kind::Op(Op::Open) => made = self.call(made, start),
                Kind::Op(Op::OpenBrace) if self.may_be_literal(made) => {
                    let elements = self.elements();
                    made = self.make(Expr::Composite { of: Some(made), elements }, start);
                }
                _ => return made,
            }
        }
    }

    /// Whether the brace here begins the elements of a literal of this type, and not a block.
    fn may_be_literal(&self, of: ExprId) -> bool {
        match self.peek(of) {
            Expr::Name(_) | Expr::Index { .. } => self.level >= 0,
            Expr::Selector { of, .. } => self.level >= 0 && matches!(self.peek(of), Expr::Name(_)),
            Expr::Array { .. } | Expr::SliceOf(_) | Expr::MapOf(..) | Expr::StructOf(_) => true,
            _ => false,
        }
    }

    fn selector(&mut self, of: ExprId, start: u32) -> ExprId {
        if self.eat(Op::Open) {
            let to = if self.eat_word(Keyword::Type) { None } else { Some(self.type_expr()) };
            self.demand(Op::Close);
            return self.make(Expr::Assert { of, to }, start);
        }
        match self.name() {
            Some((name, _)) => self.make(Expr::Selector { of, name }, start),
            // What is being typed still refers to its operand.
            None => of,
        }
    }

    fn index(&mut self, of: ExprId, start: u32) -> ExprId {
        let level = std::mem::replace(&mut self.level, 0);
        self.step();
        let from = self.pending.len();
        let mut slice = false;
        while !matches!(self.kind(), Kind::End | Kind::Semi | Kind::Op(Op::CloseIndex)) {
            let before = self.at;
            if self.eat(Op::Colon) {
                slice = true;
                continue;
            }
            let by = self.expr();
            self.pending.push(by);
            self.eat(Op::Comma);
            if self.at == before {
                break;
            }
        }
        let by = self.close_list(from);
        self.demand(Op::CloseIndex);
        self.level = level;
        let made = if slice { Expr::Slice { of, by } } else { Expr::Index { of, by } };
        self.make(made, start)
    }

    fn call(&mut self, of: ExprId, start: u32) -> ExprId {
        let level = std::mem::replace(&mut self.level, 0);
        self.step();
        let from = self.pending.len();
        let mut spread = false;
        while !matches!(self.kind(), Kind::End | Kind::Semi | Kind::Op(Op::Close | Op::CloseBrace)) {
            let argument = self.expr();
            self.pending.push(argument);
            spread |= self.eat(Op::Dots);
            if !self.eat(Op::Comma) {
                break;
            }
        }
        if !self.is(Op::Close) {
            self.loss();
            self.skip_to(Op::Close);
        }
        let arguments = self.close_list(from);
        self.eat(Op::Close);
        self.level = level;
        self.make(Expr::Call { of, arguments, spread }, start)
    }

    /// Goes on to a closing bracket that this statement may still have.
    fn skip_to(&mut self, close: Op) {
        while !self.is(close) {
            match self.kind() {
                Kind::End | Kind::Semi | Kind::Op(Op::CloseBrace | Op::Close) => return,
                Kind::Op(Op::Open | Op::OpenBrace | Op::OpenIndex) => self.skip_group(),
                _ => self.step(),
            }
        }
    }

    fn operand(&mut self) -> ExprId {
        let start = self.start();
        let literal = match self.kind() {
            Kind::Name => {
                let Some((name, _)) = self.name() else { return self.make(Expr::Bad, start) };
                return self.make(Expr::Name(name), start);
            }
            Kind::Int => Literal::Int(self.literal_number()),
            Kind::Float => Literal::Float(self.literal_number()),
            Kind::Imaginary => Literal::Imaginary,
            Kind::Char => Literal::Char,
            Kind::Text => Literal::Text(self.literal_text()),
            Kind::Op(Op::Open) => {
                let level = std::mem::replace(&mut self.level, 0);
                self.step();
                let of = self.expr();
                if !self.is(Op::Close) {
                    self.loss();
                    self.skip_to(Op::Close);
                }
                self.eat(Op::Close);
                self.level = level;
                return self.make(Expr::Paren(of), start);
            }
            Kind::Keyword(Keyword::Func) => return self.closure(),
            _ => {
                let made = self.type_literal();
                return made.unwrap_or_else(|| self.bad(start));
            }
        };
        self.step();
        self.make(Expr::Literal(literal), start)
    }

    fn closure(&mut self) -> ExprId {
        let start = self.start();
        self.step();
        let signature = self.signature();
        if !self.is(Op::OpenBrace) {
            return self.make(Expr::FuncOf(signature), start);
        }
        // In the head of a statement a brace behind `func()` is a body all the same.
        let body = self.function_body().unwrap_or(u32::MAX);
        self.make(Expr::Closure { signature, body }, start)
    }

    /// What stands between the braces of a composite literal.
    fn elements(&mut self) -> List {
        let level = std::mem::replace(&mut self.level, 0);
        self.step();
        let from = self.pending.len();
        while !matches!(self.kind(), Kind::End | Kind::Op(Op::CloseBrace)) {
            let before = self.at;
            let start = self.start();
            let mut element = self.element();
            if self.eat(Op::Colon) {
                let value = self.element();
                element = self.make(Expr::Pair(element, value), start);
            }
            self.pending.push(element);
            if !self.eat(Op::Comma) && !self.is(Op::CloseBrace) {
                self.loss();
                self.skip_to(Op::CloseBrace);
                if !self.is(Op::CloseBrace) && !self.eat_semi() {
                    break;
                }
            }
            if self.at == before {
                self.step();
            }
        }
        self.eat(Op::CloseBrace);
        self.level = level;
        self.close_list(from)
    }

    fn eat_semi(&mut self) -> bool {
        let here = self.kind() == Kind::Semi;
        if here {
            self.step();
        }
        here
    }

    fn element(&mut self) -> ExprId {
        if !self.is(Op::OpenBrace) {
            return self.expr();
        }
        self.nested(|parser| {
            let start = parser.start();
            let elements = parser.elements();
            parser.make(Expr::Composite { of: None, elements }, start)
        })
    }

    pub(super) fn expr_list(&mut self) -> List {
        let from = self.pending.len();
        loop {
            let made = self.expr();
            self.pending.push(made);
            if !self.eat(Op::Comma) {
                break;
            }
        }
        self.close_list(from)
    }
}
