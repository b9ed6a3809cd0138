//! What a function takes and, on some way, does not give back.

mod effect;

use super::Kept;
use super::known::{self, Kind, Pair};
use super::lex::Code;
use super::parse::{Function, Stmt};
use crate::source::{FileId, Span};
use effect::{Effect, Test};
use std::collections::{HashMap, HashSet};
use std::ops::Range;

/// How many things of one function are followed.
const MAX_TAKES: usize = 64;

/// What may be true of a taken thing at a place, as bits.
type State = u8;
/// It is not taken yet.
const FREE: State = 1;
/// It is held.
const HELD: State = 2;
/// It was given back, or somebody else has it, or there was nothing.
const DONE: State = 4;

/// Something that is taken.
struct Take<'c> {
    pair: &'static Pair,
    /// The call's name.
    at: usize,
    /// The variable.
    variable: &'c str,
}

/// What a function does not give back.
pub(super) fn kept<'c>(code: &'c Code<'_>, function: &'c Function, file: FileId) -> Vec<Kept> {
    let calls =
        function.range.clone().filter(|at| code.at(at + 1) == "(" && matches!(code.at(at.wrapping_sub(1)), "->" | "."));
    let pairs: Vec<(usize, &'static Pair)> = calls.filter_map(|at| Some((at, known::pair(code.at(at))?))).collect();
    if pairs.is_empty() {
        return Vec::new();
    }
    let declared = effect::declared(code, &function.range);
    let takes = pairs.into_iter().take(MAX_TAKES).filter_map(|(at, pair)| {
        let variable = effect::variable(code, &function.range, (at, pair))?;
        declared.contains(variable).then_some(Take { pair, at, variable })
    });
    takes.filter_map(|take| Walk::of(code, take).run(function, file)).collect()
}

struct Walk<'c, 't> {
    code: &'c Code<'t>,
    take: Take<'c>,
    /// Ways out on which it is held: the tokens that show each.
    ways: Vec<Range<usize>>,
    /// It falls out of the function's end, or of the block that it lives in.
    falls: bool,
    /// Somewhere it is given back.
    released: bool,
    /// What jumps bring to labels further down.
    labels: HashMap<&'c str, State>,
    /// What `break` and `continue` bring out of each loop or switch around.
    breaks: Vec<State>,
    continues: Vec<State>,
    /// What each switch around begins with.
    cases: Vec<State>,
    /// What was asked around the taking.
    asked: Vec<String>,
    /// Names that the taking has to do with.
    related: HashSet<&'c str>,
    /// It was taken in the statement before.
    fresh: bool,
}

impl<'c, 't> Walk<'c, 't> {
    fn of(code: &'c Code<'t>, take: Take<'c>) -> Self {
        Self {
            code,
            take,
            ways: Vec::new(),
            falls: false,
            released: false,
            labels: HashMap::new(),
            breaks: Vec::new(),
            continues: Vec::new(),
            cases: Vec::new(),
            asked: Vec::new(),
            related: HashSet::new(),
            fresh: false,
        }
    }

    fn run(mut self, function: &'c Function, file: FileId) -> Option<Kept> {
        let end = self.statements(&function.body, FREE);
        self.falls |= end & HELD != 0;
        if !self.falls && self.ways.is_empty() {
            return None;
        }
        let span = |range: Range<usize>| Span::new(file, self.code.bytes(range));
        let way_out = self.ways.first().cloned().filter(|_| self.released);
        // Given back somewhere and merely not at the end: the end has no words to show.
        let way_out = match (way_out, self.released) {
            (Some(way), _) => Some(span(way)),
            (None, true) => Some(span(function.range.end..function.range.end + 1)),
            (None, false) => None,
        };
        Some(Kept {
            span: span(self.take.at..self.take.at + 1),
            function: function.name.clone(),
            taken: self.take.pair.take,
            release: self.take.pair.release,
            variable: self.take.variable.to_owned(),
            way_out,
        })
    }

    fn holds(&self, range: &Range<usize>) -> bool {
        range.contains(&self.take.at)
    }

    fn statements(&mut self, stmts: &'c [Stmt], state: State) -> State
    where
        't: 'c,
    {
        let mut state = state;
        for stmt in stmts {
            let was_fresh = self.fresh;
            state = self.statement(stmt, state);
            if was_fresh {
                self.fresh = false;
            }
        }
        state
    }

    fn statement(&mut self, stmt: &'c Stmt, state: State) -> State {
        match stmt {
            Stmt::Plain(range) => self.plain(range, state),
            Stmt::Block(body) => self.statements(body, state),
            Stmt::Return(range) => {
                let state = self.plain(range, state);
                let gives = self.code.at(range.start) == "return" && self.effect(range) == Effect::Over;
                if state & HELD != 0 && !gives {
                    self.ways.push(range.start..range.start + 1);
                }
                0
            }
            Stmt::Goto(label) => {
                *self.labels.entry(self.code.at(*label)).or_default() |= state;
                0
            }
            Stmt::Label(label) => state | self.labels.remove(self.code.at(*label)).unwrap_or(0),
            Stmt::Break => {
                if let Some(last) = self.breaks.last_mut() {
                    *last |= state;
                }
                0
            }
            Stmt::Continue => {
                if let Some(last) = self.continues.last_mut() {
                    *last |= state;
                }
                0
            }
            Stmt::Case => state | self.cases.last().copied().unwrap_or(0),
            Stmt::If { asked, then, other } => self.condition((asked, then, other), state),
            Stmt::Loop { asked, body, once } => self.repeated((asked, body, *once), state),
            Stmt::Switch { asked, body } => {
                let state = self.plain(asked, state);
                self.cases.push(state);
                self.breaks.push(0);
                let end = self.statements(body, 0);
                self.cases.pop();
                // Without a default it may be passed by.
                end | self.breaks.pop().unwrap_or(0) | state
            }
        }
    }

    fn effect(&self, range: &Range<usize>) -> Effect {
        effect::of(self.code, range, self.take.variable, self.take.pair)
    }

    /// A statement without branches, or a condition's own words.
    fn plain(&mut self, range: &Range<usize>, state: State) -> State {
        if self.holds(range) {
            if state == 0 {
                return 0;
            }
            self.fresh = true;
            self.related.extend(effect::names(self.code, range));
            return HELD;
        }
        if state & HELD == 0 {
            return if effect::ends(self.code, range) { 0 } else { state };
        }
        match self.effect(range) {
            Effect::Nothing => state,
            Effect::Ends => 0,
            Effect::Over => {
                self.released = true;
                state & !HELD | DONE
            }
        }
    }

    fn condition(&mut self, (asked, then, other): (&Range<usize>, &'c [Stmt], &'c [Stmt]), state: State) -> State {
        let words = effect::words(self.code, asked);
        let taken_inside = then.first().zip(then.last()).is_some_and(|_| self.is_within(then));
        let (mut yes, mut no) = self.branches(asked, &words, state);
        if taken_inside {
            self.asked.push(words.clone());
            self.related.extend(effect::names(self.code, asked));
        }
        let held = yes & HELD != 0 || no & HELD != 0;
        yes = self.statements(then, yes);
        no = self.statements(other, no);
        // What decides about giving back is what decided about taking.
        let gave = |end: State| end & DONE != 0 && end & HELD == 0;
        if held && (gave(yes) != gave(no)) && self.is_related(asked) {
            for end in [&mut yes, &mut no] {
                if *end & HELD != 0 {
                    *end = *end & !HELD | DONE;
                }
            }
        }
        yes | no
    }

    /// What is true where a condition holds, and where it does not.
    fn branches(&mut self, asked: &Range<usize>, words: &str, state: State) -> (State, State) {
        let over = |state: State| if state & HELD != 0 { state & !HELD | DONE } else { state };
        let fresh = self.fresh;
        let inside = self.holds(asked);
        let state = self.plain(asked, state);
        match effect::test(self.code, asked, self.take.variable, self.take.pair) {
            Test::Null => return (over(state), state),
            Test::Given => return (state, over(state)),
            Test::None => {}
        }
        if inside || fresh {
            match effect::outcome(self.code, asked, &self.related, self.take.pair.kind == Kind::Struct, inside) {
                Test::Null => return (over(state), state),
                Test::Given => return (state, over(state)),
                Test::None => {}
            }
        }
        if self.asked.iter().any(|known| known == words) {
            return (state, over(state));
        }
        if self.asked.iter().any(|known| effect::is_opposite(known, words)) {
            return (over(state), state);
        }
        (state, state)
    }

    fn is_within(&self, stmts: &[Stmt]) -> bool {
        stmts.iter().any(|stmt| match stmt {
            Stmt::Plain(range) | Stmt::Return(range) => self.holds(range),
            Stmt::Block(body) => self.is_within(body),
            Stmt::If { asked, then, other } => self.holds(asked) || self.is_within(then) || self.is_within(other),
            Stmt::Loop { asked, body, .. } | Stmt::Switch { asked, body } => self.holds(asked) || self.is_within(body),
            _ => false,
        })
    }

    fn is_related(&self, asked: &Range<usize>) -> bool {
        effect::names(self.code, asked).any(|name| name == self.take.variable || self.related.contains(name))
    }

    fn repeated(&mut self, (asked, body, once): (&Range<usize>, &'c [Stmt], bool), state: State) -> State {
        let words = effect::words(self.code, asked);
        let (start, passed) = if once { (state, 0) } else { self.branches(asked, &words, state) };
        self.breaks.push(0);
        self.continues.push(0);
        let end = self.statements(body, start);
        let mut end = end | self.continues.pop().unwrap_or(0);
        if once {
            end = self.plain(asked, end);
        }
        let left = self.breaks.pop().unwrap_or(0);
        // Each turn takes it anew.
        if end & HELD != 0 && start & HELD == 0 && self.is_within(body) {
            self.falls = true;
            end = end & !HELD | DONE;
        }
        let is_endless = !once && matches!(words.as_str(), "1" | "true" | "; ;");
        if is_endless { left } else { passed | end | left }
    }
}
