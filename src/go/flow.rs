//! The expressions of a function in their order, each with what stands around it.

use super::syntax::{Branch, Decl, Expr, ExprId, Field, List, Name, Stmt, Syntax, Unary, ValueDecl};
use std::collections::HashMap;

/// What stands around an expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[allow(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub struct Around {
    /// Something decides whether it runs: an `if`, a `switch`, a `select`, an early return that no error causes.
    pub chosen: bool,
    /// It stands within the branch of such a statement.
    pub branched: bool,
    /// It stands in a loop.
    pub repeated: bool,
    /// A `go` statement starts it.
    pub started: bool,
    /// A `defer` statement runs it.
    pub deferred: bool,
    /// It stands in a closure.
    pub closure: bool,
}

/// What a statement does with an expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// It is run for what it does.
    Run,
    Returned,
    Sent,
    /// Conditions, what is switched or ranged over.
    Asked,
    /// What is assigned to.
    Target,
    /// The value for one of some targets.
    Given {
        to: List,
        place: u32,
        of: u32,
    },
    /// The value of a variable's declaration.
    Declared(Name),
}

/// An expression where it stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Node {
    pub(super) expr: ExprId,
    /// The expression around it, by its number here.
    pub(super) parent: Option<u32>,
    /// What the statement does with the outermost expression.
    pub(super) role: Role,
    pub(super) around: Around,
}

/// A variable of a function, by its name: what several blocks declare counts as one that changes.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Local {
    /// How often it is declared or assigned to, or its address taken.
    pub(super) times: u32,
    /// The value that it is given.
    pub(super) value: Option<ExprId>,
}

/// A function that was walked through.
#[derive(Debug)]
pub(super) struct Flow<'s> {
    syntax: &'s Syntax,
    pub(super) nodes: Vec<Node>,
    pub(super) locals: HashMap<Name, Local>,
    /// What fields and elements are set to, by the expression that names them.
    pub(super) sets: HashMap<ExprId, ExprId>,
    /// Where the function itself returns, closures aside.
    pub(super) returns: Vec<u32>,
    /// What the cases of type switches name.
    pub(super) type_cases: Vec<ExprId>,
    /// What `go` statements start.
    pub(super) starts: Vec<ExprId>,
}

impl<'s> Flow<'s> {
    /// Walks through a declaration.
    pub(super) fn of(syntax: &'s Syntax, decl: &Decl) -> Self {
        let mut flow = Self {
            syntax,
            nodes: Vec::new(),
            locals: HashMap::new(),
            sets: HashMap::new(),
            returns: Vec::new(),
            type_cases: Vec::new(),
            starts: Vec::new(),
        };
        match decl {
            Decl::Func(func) => {
                if let Some(receiver) = &func.receiver {
                    flow.parameters(std::slice::from_ref(receiver));
                }
                flow.signature(func.signature);
                if let Some(body) = func.body {
                    flow.statements(syntax.body(body), Around::default());
                }
            }
            Decl::Value(value) => flow.values(value, Around::default()),
            Decl::Type(_) => {}
        }
        flow
    }

    fn signature(&mut self, number: u32) {
        let signature = self.syntax.signature(number);
        self.parameters(&signature.parameters);
        self.parameters(&signature.results);
    }

    fn parameters(&mut self, fields: &[Field]) {
        for (name, _) in fields.iter().flat_map(|field| &field.names) {
            self.locals.entry(*name).or_default().times += 1;
        }
    }

    /// A value that a variable gets, where it is one of as many as there are variables.
    fn assigned(&mut self, name: Name, value: Option<ExprId>) {
        let local = self.locals.entry(name).or_default();
        local.times += 1;
        local.value = value;
    }

    fn values(&mut self, value: &ValueDecl, around: Around) {
        let values = self.syntax.list(value.values);
        for (number, (name, _)) in value.names.iter().enumerate() {
            let first = values.first().filter(|_| number == 0 && values.len() == 1);
            let own = values.get(number).filter(|_| values.len() == value.names.len()).or(first).copied();
            // A variable without a value gets its first one later.
            if own.is_some() || !values.is_empty() {
                self.assigned(*name, own);
            } else {
                self.locals.entry(*name).or_default();
            }
        }
        for (number, id) in values.iter().enumerate() {
            let name = value.names.get(number).map(|(name, _)| *name);
            self.expr(*id, name.map_or(Role::Run, Role::Declared), around);
        }
    }

    fn statements(&mut self, list: &[Stmt], around: Around) {
        let mut around = around;
        for statement in list {
            self.statement(statement, around);
            around.chosen |= self.is_way_out(statement);
        }
    }

    /// An `if` that leaves the block for another reason than an error: what follows is one of two ways.
    fn is_way_out(&self, statement: &Stmt) -> bool {
        let Stmt::If { condition: Some(condition), then, otherwise: None, .. } = statement else { return false };
        let leaves = matches!(then.last(), Some(Stmt::Return(..) | Stmt::Branch(_)));
        leaves && !self.is_about_error(*condition)
    }

    /// `err != nil`, also with more beside it.
    fn is_about_error(&self, condition: ExprId) -> bool {
        let mut open = vec![condition];
        while let Some(at) = open.pop() {
            match self.syntax.expr(at) {
                Expr::Paren(of) | Expr::Unary(_, of) => open.push(of),
                Expr::Binary(_, left, right) => open.extend([left, right]),
                Expr::Name(name) if self.syntax.name(name).to_ascii_lowercase().contains("err") => return true,
                _ => {}
            }
        }
        false
    }

    fn statement(&mut self, statement: &Stmt, around: Around) {
        let chosen = Around { chosen: true, branched: true, ..around };
        let repeated = Around { repeated: true, ..around };
        match statement {
            Stmt::Expr(expr) => self.expr(*expr, Role::Run, around),
            Stmt::Go(expr) => {
                self.starts.push(*expr);
                self.expr(*expr, Role::Run, Around { started: true, ..around });
            }
            Stmt::Defer(expr) => self.expr(*expr, Role::Run, Around { deferred: true, ..around }),
            Stmt::Send(to, value) => {
                self.expr(*to, Role::Asked, around);
                self.expr(*value, Role::Sent, around);
            }
            Stmt::Assign(left, right) | Stmt::Define(left, right) => self.assign(*left, *right, around),
            Stmt::Return(values, start) => {
                self.returns.extend(Some(*start).filter(|_| !around.closure));
                self.each(*values, Role::Returned, around);
            }
            Stmt::Branch(Branch::Break | Branch::Continue | Branch::Fallthrough | Branch::Label) => {}
            Stmt::Block(list) => self.statements(list, around),
            Stmt::Decl(lines) => {
                for line in lines {
                    if let Decl::Value(value) = line {
                        self.values(value, around);
                    }
                }
            }
            Stmt::Labeled(inner) => self.statement(inner, around),
            Stmt::If { before, condition, then, otherwise } => {
                self.maybe(before.as_deref(), around);
                self.asked(*condition, around);
                self.statements(then, chosen);
                self.maybe(otherwise.as_deref(), chosen);
            }
            Stmt::Switch { before, of, cases } => {
                self.maybe(before.as_deref(), around);
                self.asked(*of, around);
                for case in cases {
                    self.each(case.values, Role::Asked, around);
                    self.statements(&case.body, chosen);
                }
            }
            Stmt::TypeSwitch { before, bind, of, cases } => {
                self.maybe(before.as_deref(), around);
                self.expr(*of, Role::Asked, around);
                if let Some((name, _)) = bind {
                    self.assigned(*name, None);
                }
                for case in cases {
                    self.type_cases.extend(self.syntax.list(case.values));
                    self.statements(&case.body, chosen);
                }
            }
            Stmt::Select(cases) => {
                for case in cases {
                    self.maybe(case.on.as_ref(), chosen);
                    self.statements(&case.body, chosen);
                }
            }
            Stmt::For { before, condition, after, body, .. } => {
                self.maybe(before.as_deref(), around);
                self.asked(*condition, repeated);
                self.maybe(after.as_deref(), repeated);
                self.statements(body, repeated);
            }
            Stmt::Range { left, over, body, .. } => {
                self.expr(*over, Role::Asked, around);
                for id in self.syntax.list(*left) {
                    self.target(*id, None, repeated);
                }
                self.statements(body, repeated);
            }
        }
    }

    fn maybe(&mut self, statement: Option<&Stmt>, around: Around) {
        if let Some(statement) = statement {
            self.statement(statement, around);
        }
    }

    fn asked(&mut self, expr: Option<ExprId>, around: Around) {
        if let Some(expr) = expr {
            self.expr(expr, Role::Asked, around);
        }
    }

    fn each(&mut self, list: List, role: Role, around: Around) {
        for id in self.syntax.list(list) {
            self.expr(*id, role, around);
        }
    }

    fn assign(&mut self, left: List, right: List, around: Around) {
        let (targets, values) = (self.syntax.list(left), self.syntax.list(right));
        for (number, id) in targets.iter().enumerate() {
            // Of several results the first one is what the call is made for.
            let first = values.first().filter(|_| number == 0 && values.len() == 1);
            let own = values.get(number).filter(|_| values.len() == targets.len()).or(first);
            self.target(*id, own.copied(), around);
        }
        for (number, id) in values.iter().enumerate() {
            let role = Role::Given { to: left, place: number as u32, of: values.len() as u32 };
            self.expr(*id, role, around);
        }
    }

    fn target(&mut self, id: ExprId, value: Option<ExprId>, around: Around) {
        if let Expr::Name(name) = self.syntax.expr(id) {
            self.assigned(name, value);
        } else {
            self.sets.extend(value.map(|value| (id, value)));
            self.expr(id, Role::Target, around);
        }
    }

    /// An expression and what it is made of, without recursion; closures are walked through behind it.
    fn expr(&mut self, root: ExprId, role: Role, around: Around) {
        let mut open = vec![(root, None, around)];
        let mut closures = Vec::new();
        while let Some((id, parent, around)) = open.pop() {
            let number = self.nodes.len() as u32;
            self.nodes.push(Node { expr: id, parent, role, around });
            let own = Some(number);
            let inner = Around { started: false, deferred: false, ..around };
            let from = open.len();
            match self.syntax.expr(id) {
                Expr::Closure { signature, body } => closures.push((signature, body, around)),
                Expr::Call { of, arguments, .. } => {
                    open.push((of, own, around));
                    open.extend(self.syntax.list(arguments).iter().map(|id| (*id, own, inner)));
                }
                Expr::Composite { elements, .. } => {
                    open.extend(self.syntax.list(elements).iter().map(|id| (*id, own, inner)));
                }
                Expr::Pair(key, value) => {
                    // A bare name is a field in most literals.
                    let is_name = matches!(self.syntax.expr(key), Expr::Name(_));
                    open.extend(Some((key, own, inner)).filter(|_| !is_name));
                    open.push((value, own, inner));
                }
                Expr::Index { of, by } | Expr::Slice { of, by } => {
                    open.push((of, own, inner));
                    open.extend(self.syntax.list(by).iter().map(|id| (*id, own, inner)));
                }
                Expr::Unary(what, of) => {
                    if let (Unary::Address, Expr::Name(name)) = (what, self.syntax.expr(of)) {
                        self.locals.entry(name).or_default().times += 1;
                    }
                    open.push((of, own, inner));
                }
                Expr::Binary(_, left, right) => open.extend([(left, own, inner), (right, own, inner)]),
                Expr::Paren(of) => open.push((of, own, around)),
                Expr::Selector { of, .. } | Expr::Assert { of, .. } | Expr::Star(of) => open.push((of, own, inner)),
                _ => {}
            }
            if let Some(added) = open.get_mut(from..) {
                added.reverse();
            }
        }
        for (signature, body, around) in closures {
            self.signature(signature);
            self.statements(self.syntax.body(body), Around { closure: true, ..around });
        }
    }

    /// A name, or names with dots between them: where a value lies.
    pub(super) fn dotted(&self, id: ExprId) -> Option<String> {
        let mut parts = Vec::new();
        let mut at = id;
        for _ in 0..16 {
            match self.syntax.expr(at) {
                Expr::Name(name) => {
                    parts.push(self.syntax.name(name));
                    parts.reverse();
                    return Some(parts.join("."));
                }
                Expr::Selector { of, name } => {
                    parts.push(self.syntax.name(name));
                    at = of;
                }
                Expr::Paren(of) | Expr::Star(of) | Expr::Unary(Unary::Address, of) => at = of,
                _ => return None,
            }
        }
        None
    }
}
