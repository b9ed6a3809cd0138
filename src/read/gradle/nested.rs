//! All expressions of a block, those inside others included.

use super::{Block, Expression, ExpressionKind as Kind, Statement};

/// More expressions than this are not looked through.
const MAX_EXPRESSIONS: usize = 4096;

impl Block {
    /// Every expression below, in no order that matters: those of nested blocks, of arguments, of operands.
    pub fn expressions(&self) -> Vec<&Expression> {
        let (mut found, mut open, mut blocks) = (Vec::new(), Vec::new(), vec![self]);
        loop {
            while let Some(block) = blocks.pop() {
                for statement in &block.statements {
                    match statement {
                        Statement::Expression(e) | Statement::Return(Some(e)) => open.push(e),
                        Statement::Assign { value, .. } | Statement::Define { value: Some(value), .. } => {
                            open.push(value);
                        }
                        Statement::For { body, .. } => blocks.push(body),
                        _ => {}
                    }
                }
            }
            let Some(expression) = open.pop().filter(|_| found.len() < MAX_EXPRESSIONS) else { return found };
            found.push(expression);
            match &expression.kind {
                Kind::Call { callee, arguments, block } => {
                    open.push(callee);
                    open.extend(arguments.iter().map(|argument| &argument.value));
                    blocks.extend(block);
                }
                Kind::Member(of, _) | Kind::Not(of) => open.push(of),
                Kind::Binary(_, a, b) | Kind::Index(a, b) => open.extend([&**a, &**b]),
                Kind::If(branches, otherwise) => {
                    open.extend(branches.iter().map(|(condition, _)| condition));
                    blocks.extend(branches.iter().map(|(_, block)| block).chain(otherwise));
                }
                Kind::Block(block) => blocks.push(block),
                Kind::List(items) => open.extend(items),
                _ => {}
            }
        }
    }
}
