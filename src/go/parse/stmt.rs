//! Statements.

use super::Parser;
use crate::go::lex::{Keyword, Kind, Op};
use crate::go::syntax::{Branch, Case, Comm, Expr, ExprId, List, Name, Stmt};
use crate::source::Span;

/// The head of a `for`, `if` or `switch`.
enum Simple {
    Stmt(Stmt),
    /// `k, v := range x`.
    Range {
        left: List,
        define: bool,
        over: ExprId,
    },
    /// `x := y.(type)`, `y.(type)`.
    Guard {
        bind: Option<(Name, u32)>,
        of: ExprId,
    },
}

impl Simple {
    fn stmt(self) -> Stmt {
        match self {
            Self::Stmt(stmt) => stmt,
            Self::Range { over: of, .. } | Self::Guard { of, .. } => Stmt::Expr(of),
        }
    }
}

impl Parser<'_> {
    /// Statements between braces.
    pub(super) fn block(&mut self) -> Vec<Stmt> {
        if !self.demand(Op::OpenBrace) {
            return Vec::new();
        }
        let body = self.statements();
        self.demand(Op::CloseBrace);
        body
    }

    fn statements(&mut self) -> Vec<Stmt> {
        let mut list = Vec::new();
        loop {
            match self.kind() {
                Kind::End | Kind::Op(Op::CloseBrace) | Kind::Keyword(Keyword::Case | Keyword::Default) => return list,
                Kind::Semi => self.step(),
                // A function with a name cannot stand within another: a brace is missing.
                Kind::Keyword(Keyword::Func) if self.begins_line() && self.ahead(1).kind == Kind::Name => return list,
                _ => {
                    let before = self.at;
                    list.extend(self.statement());
                    self.end_of_line();
                    if self.at == before {
                        self.step();
                    }
                }
            }
        }
    }

    fn statement(&mut self) -> Option<Stmt> {
        if self.nesting >= self.limit {
            let token = self.token();
            self.too_deep.get_or_insert(Span { file: self.out.file, start: token.start, end: token.end });
            self.skip_statement();
            return None;
        }
        self.nesting += 1;
        let made = self.statement_here();
        self.nesting -= 1;
        made
    }

    fn statement_here(&mut self) -> Option<Stmt> {
        let start = self.start();
        Some(match self.kind() {
            Kind::Op(Op::OpenBrace) => Stmt::Block(self.block()),
            Kind::Keyword(word) => match word {
                Keyword::Var | Keyword::Const | Keyword::Type => Stmt::Decl(self.declaration()),
                Keyword::If => self.if_statement(),
                Keyword::For => self.for_statement(),
                Keyword::Switch => self.switch(),
                Keyword::Select => self.select(),
                Keyword::Go | Keyword::Defer => {
                    self.step();
                    let call = self.expr();
                    if word == Keyword::Go { Stmt::Go(call) } else { Stmt::Defer(call) }
                }
                Keyword::Return => {
                    self.step();
                    let ends = matches!(self.kind(), Kind::Semi | Kind::End | Kind::Op(Op::CloseBrace));
                    let values = if ends { List::default() } else { self.expr_list() };
                    Stmt::Return(values, start)
                }
                Keyword::Break | Keyword::Continue | Keyword::Goto | Keyword::Fallthrough => {
                    self.step();
                    let labeled = self.kind() == Kind::Name;
                    if labeled {
                        self.step();
                    }
                    Stmt::Branch(match word {
                        _ if labeled => Branch::Label,
                        Keyword::Break => Branch::Break,
                        Keyword::Continue => Branch::Continue,
                        Keyword::Fallthrough => Branch::Fallthrough,
                        _ => Branch::Label,
                    })
                }
                _ => self.simple(true).stmt(),
            },
            Kind::Name if self.ahead(1).kind == Kind::Op(Op::Colon) => {
                self.step();
                self.step();
                if matches!(self.kind(), Kind::Semi | Kind::Op(Op::CloseBrace)) {
                    return None;
                }
                Stmt::Labeled(Box::new(self.statement()?))
            }
            _ => self.simple(true).stmt(),
        })
    }

    /// Expressions, assignments, sends; heads with `range` or a type switch where they may stand.
    fn simple(&mut self, plain: bool) -> Simple {
        if !plain && self.eat_word(Keyword::Range) {
            return Simple::Range { left: List::default(), define: false, over: self.expr() };
        }
        let left = self.expr_list();
        match self.kind() {
            Kind::Op(Op::Define) => {
                self.step();
                if self.eat_word(Keyword::Range) {
                    return Simple::Range { left, define: true, over: self.expr() };
                }
                let right = self.expr_list();
                self.guard(Some(left), right).unwrap_or(Simple::Stmt(Stmt::Define(left, right)))
            }
            Kind::Op(Op::Assign) => {
                self.step();
                if self.eat_word(Keyword::Range) {
                    return Simple::Range { left, define: false, over: self.expr() };
                }
                let right = self.expr_list();
                Simple::Stmt(Stmt::Assign(left, right))
            }
            Kind::Op(
                Op::AddAssign
                | Op::SubAssign
                | Op::MulAssign
                | Op::DivAssign
                | Op::ModAssign
                | Op::AndAssign
                | Op::OrAssign
                | Op::XorAssign
                | Op::ShlAssign
                | Op::ShrAssign
                | Op::AndNotAssign,
            ) => {
                self.step();
                let right = self.expr_list();
                Simple::Stmt(Stmt::Assign(left, right))
            }
            Kind::Op(Op::Inc | Op::Dec) => {
                self.step();
                Simple::Stmt(Stmt::Assign(left, List::default()))
            }
            Kind::Op(Op::Arrow) => {
                self.step();
                let value = self.expr();
                let to = self.only(left);
                Simple::Stmt(Stmt::Send(to, value))
            }
            _ => match self.guard(None, left) {
                Some(guard) => guard,
                None if left.len == 1 => Simple::Stmt(Stmt::Expr(self.only(left))),
                None => Simple::Stmt(Stmt::Assign(left, List::default())),
            },
        }
    }

    fn only(&self, list: List) -> ExprId {
        self.out.list(list).first().copied().unwrap_or(ExprId(u32::MAX))
    }

    /// The guard of a type switch, if these are one.
    fn guard(&self, left: Option<List>, right: List) -> Option<Simple> {
        let [only] = self.out.list(right) else { return None };
        let Expr::Assert { of, to: None } = self.peek(*only) else { return None };
        let bind = left.and_then(|left| match self.peek(self.only(left)) {
            Expr::Name(name) => Some((name, self.start_of(self.only(left)))),
            _ => None,
        });
        Some(Simple::Guard { bind, of })
    }

    /// The head of an `if` or `switch`: a statement before, and what is asked.
    fn head(&mut self) -> (Option<Box<Stmt>>, Option<Simple>) {
        let level = std::mem::replace(&mut self.level, -1);
        let mut before = None;
        let mut asked = None;
        if !self.is(Op::OpenBrace) {
            if self.kind() != Kind::Semi {
                asked = Some(self.simple(false));
            }
            if self.kind() == Kind::Semi {
                self.step();
                before = asked.take().map(|simple| Box::new(simple.stmt()));
                if !self.is(Op::OpenBrace) {
                    asked = Some(self.simple(false));
                }
            }
        }
        self.level = level;
        (before, asked)
    }

    fn if_statement(&mut self) -> Stmt {
        self.step();
        let (before, asked) = self.head();
        let (before, condition) = match asked {
            Some(Simple::Stmt(Stmt::Expr(condition))) => (before, Some(condition)),
            Some(other) => (before.or_else(|| Some(Box::new(other.stmt()))), None),
            None => (before, None),
        };
        let then = self.block();
        let otherwise = if self.eat_word(Keyword::Else) {
            match self.kind() {
                Kind::Keyword(Keyword::If) | Kind::Op(Op::OpenBrace) => self.statement().map(Box::new),
                _ => {
                    self.loss();
                    None
                }
            }
        } else {
            None
        };
        Stmt::If { before, condition, then, otherwise }
    }

    fn switch(&mut self) -> Stmt {
        self.step();
        let (before, asked) = self.head();
        let cases = self.cases();
        match asked {
            Some(Simple::Guard { bind, of }) => Stmt::TypeSwitch { before, bind, of, cases },
            Some(Simple::Stmt(Stmt::Expr(of))) => Stmt::Switch { before, of: Some(of), cases },
            Some(other) => Stmt::Switch { before: before.or_else(|| Some(Box::new(other.stmt()))), of: None, cases },
            None => Stmt::Switch { before, of: None, cases },
        }
    }

    fn cases(&mut self) -> Vec<Case> {
        let mut cases = Vec::new();
        if !self.demand(Op::OpenBrace) {
            return cases;
        }
        while !matches!(self.kind(), Kind::End | Kind::Op(Op::CloseBrace)) {
            let before = self.at;
            let values = match self.kind() {
                Kind::Keyword(Keyword::Case) => {
                    self.step();
                    Some(self.expr_list())
                }
                Kind::Keyword(Keyword::Default) => {
                    self.step();
                    Some(List::default())
                }
                _ => None,
            };
            if let Some(values) = values {
                self.demand(Op::Colon);
                cases.push(Case { values, body: self.statements() });
            } else if self.kind() != Kind::Semi {
                self.loss();
                if self.begins_line() && self.is_word(Keyword::Func) {
                    return cases;
                }
            }
            if self.at == before || self.kind() == Kind::Semi {
                self.step();
            }
        }
        self.demand(Op::CloseBrace);
        cases
    }

    fn select(&mut self) -> Stmt {
        self.step();
        let mut cases = Vec::new();
        if !self.demand(Op::OpenBrace) {
            return Stmt::Select(cases);
        }
        while !matches!(self.kind(), Kind::End | Kind::Op(Op::CloseBrace)) {
            let before = self.at;
            let on = match self.kind() {
                Kind::Keyword(Keyword::Case) => {
                    self.step();
                    Some(Some(self.simple(true).stmt()))
                }
                Kind::Keyword(Keyword::Default) => {
                    self.step();
                    Some(None)
                }
                _ => None,
            };
            if let Some(on) = on {
                self.demand(Op::Colon);
                cases.push(Comm { on, body: self.statements() });
            } else if self.kind() != Kind::Semi {
                self.loss();
                if self.begins_line() && self.is_word(Keyword::Func) {
                    return Stmt::Select(cases);
                }
            }
            if self.at == before || self.kind() == Kind::Semi {
                self.step();
            }
        }
        self.demand(Op::CloseBrace);
        Stmt::Select(cases)
    }

    fn for_statement(&mut self) -> Stmt {
        let start = self.start();
        self.step();
        let level = std::mem::replace(&mut self.level, -1);
        let mut parts: [Option<Simple>; 3] = [None, None, None];
        let mut part = 0;
        while !matches!(self.kind(), Kind::End | Kind::Op(Op::OpenBrace)) && part < 3 {
            if self.kind() == Kind::Semi {
                self.step();
                part += 1;
                continue;
            }
            let at = self.at;
            parts[part] = Some(self.simple(false));
            if !matches!(self.kind(), Kind::Semi | Kind::Op(Op::OpenBrace)) || self.at == at {
                break;
            }
        }
        self.level = level;
        let body = self.block();
        match (part, parts) {
            (0, [Some(Simple::Range { left, define, over }), ..]) => Stmt::Range { left, define, over, body, start },
            (0, [Some(Simple::Stmt(Stmt::Expr(condition))), ..]) => {
                Stmt::For { before: None, condition: Some(condition), after: None, body, start }
            }
            (_, [first, second, third]) => {
                let condition = match second {
                    Some(Simple::Stmt(Stmt::Expr(condition))) => Some(condition),
                    _ => None,
                };
                let boxed = |simple: Option<Simple>| simple.map(|s| Box::new(s.stmt()));
                Stmt::For { before: boxed(first), condition, after: boxed(third), body, start }
            }
        }
    }
}
