//! Joins the tool calls that spans describe with those that messages show.

use std::collections::{HashMap, VecDeque};

use super::{
    LlmCall, ToolCall,
    asked::{self, Asked},
    fingerprint::{self, Fingerprint},
    threads,
};

/// Calls that messages ask for and that no span was found for yet, in order.
///
/// A call is in several lists, and stays in the others when it is taken from one.
#[derive(Debug, Default)]
struct Waiting<'a> {
    taken: Vec<bool>,
    by_id: HashMap<&'a str, VecDeque<usize>>,
    /// By name and arguments; apart those that have an identifier.
    by_call: HashMap<(bool, Fingerprint), VecDeque<usize>>,
    by_name: HashMap<(bool, Fingerprint), VecDeque<usize>>,
    /// Those whose arguments are not known, by name.
    bare: HashMap<(bool, Fingerprint), VecDeque<usize>>,
    answered: VecDeque<usize>,
}

/// Returns the tool calls of the spans, with what only messages say, and those that only messages show
/// with their answer, in the order in which they began.
pub(super) fn joined(mut spans: Vec<ToolCall>, calls: &[LlmCall]) -> Vec<ToolCall> {
    let threads = threads::of(calls);
    let asked = asked::of(&threads);
    let mut waiting = Waiting::of(&asked);
    let mut alone: Vec<&mut ToolCall> = spans.iter_mut().collect();
    // The surest way comes first, so that no span takes the call of another.
    join(&mut alone, &asked, |call| waiting.of_id(call));
    join(&mut alone, &asked, |call| waiting.alike(call));
    join(&mut alone, &asked, |call| waiting.of_name(call));
    let mut counts: HashMap<String, usize> = HashMap::new();
    for call in &alone {
        *counts.entry(call.name.clone()).or_default() += 1;
    }
    join(&mut alone, &asked, |call| {
        let is_only = counts.get(&call.name) == Some(&1);
        is_only.then(|| waiting.of_only(call, &asked))?
    });
    join(&mut alone, &asked, |call| waiting.of_unnamed(call));
    let left =
        asked.iter().zip(&waiting.taken).filter(|(asked, taken)| !**taken && asked.is_answered());
    spans.extend(left.filter_map(|(asked, _)| asked.to_call(calls)));
    spans.sort_by_key(|call| call.started_at);
    spans
}

/// Gives each span what the call says that is found for it, and leaves the others.
fn join(
    alone: &mut Vec<&mut ToolCall>,
    asked: &[Asked<'_>],
    mut find: impl FnMut(&ToolCall) -> Option<usize>,
) {
    alone.retain_mut(|call| {
        let found = find(call).and_then(|position| asked.get(position));
        found.inspect(|asked| asked.fill(call)).is_none()
    });
}

impl<'a> Waiting<'a> {
    fn of(asked: &[Asked<'a>]) -> Self {
        let mut waiting = Self { taken: vec![false; asked.len()], ..Self::default() };
        for (position, asked) in asked.iter().enumerate() {
            if let Some(id) = asked.id {
                waiting.by_id.entry(id).or_default().push_back(position);
            }
            let has_id = asked.id.is_some();
            waiting.by_call.entry((has_id, asked.print())).or_default().push_back(position);
            let name = (has_id, fingerprint::of_name(asked.name));
            waiting.by_name.entry(name).or_default().push_back(position);
            if asked.has_no_arguments() {
                waiting.bare.entry(name).or_default().push_back(position);
            }
            waiting.answered.extend(asked.is_answered().then_some(position));
        }
        waiting
    }

    /// Takes the first call of the span's identifier.
    fn of_id(&mut self, call: &ToolCall) -> Option<usize> {
        take(self.by_id.get_mut(call.id.as_deref()?)?, &mut self.taken)
    }

    /// Takes the first call of the span's name and arguments.
    fn alike(&mut self, call: &ToolCall) -> Option<usize> {
        let print = fingerprint::of_call(&call.name, call.arguments.as_ref()?);
        let mut lists = may_have_id(call).iter().map(|has_id| (*has_id, print));
        lists.find_map(|key| take(self.by_call.get_mut(&key)?, &mut self.taken))
    }

    /// Takes the first call of the span's name, where the arguments of either are not known.
    fn of_name(&mut self, call: &ToolCall) -> Option<usize> {
        let print = fingerprint::of_name(&call.name);
        let calls = if call.arguments.is_none() { &mut self.by_name } else { &mut self.bare };
        let mut lists = may_have_id(call).iter().map(|has_id| (*has_id, print));
        lists.find_map(|key| take(calls.get_mut(&key)?, &mut self.taken))
    }

    /// Takes the only call of the span's name that is left, unless the span has another result. The program may
    /// have changed the arguments that the model wrote.
    fn of_only(&mut self, call: &ToolCall, asked: &[Asked<'_>]) -> Option<usize> {
        let print = fingerprint::of_name(&call.name);
        let lists =
            [true, false].into_iter().filter_map(|has_id| self.by_name.get(&(has_id, print)));
        let mut left =
            lists.flatten().filter(|position| self.taken.get(**position) == Some(&false));
        let (only, None) = (*left.next()?, left.next()) else { return None };
        let found = asked.get(only)?;
        let fits = may_have_id(call).contains(&found.id.is_some()) && found.may_answer(call);
        *self.taken.get_mut(only).filter(|_| fits)? = true;
        Some(only)
    }

    /// Takes the first call that was answered, for a span that does not say which tool it calls.
    fn of_unnamed(&mut self, call: &ToolCall) -> Option<usize> {
        let says_nothing = call.name.is_empty() && call.id.is_none();
        says_nothing.then(|| take(&mut self.answered, &mut self.taken))?
    }
}

/// Returns whether the call that a span describes may have an identifier: not one other than its own.
fn may_have_id(span: &ToolCall) -> &'static [bool] {
    if span.id.is_some() { &[false] } else { &[true, false] }
}

/// Takes the first that was not taken from another list.
fn take(list: &mut VecDeque<usize>, taken: &mut [bool]) -> Option<usize> {
    while let Some(position) = list.pop_front() {
        if let Some(taken @ false) = taken.get_mut(position) {
            *taken = true;
            return Some(position);
        }
    }
    None
}
