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
    answered: VecDeque<usize>,
}

/// A way to find the call that a span describes.
type Way<'a> = fn(&mut Waiting<'a>, &ToolCall) -> Option<usize>;

/// Returns the tool calls of the spans, with what only messages say, and those that only messages show
/// with their answer, in the order in which they began.
pub(super) fn joined(mut spans: Vec<ToolCall>, calls: &[LlmCall]) -> Vec<ToolCall> {
    let threads = threads::of(calls);
    let asked = asked::of(&threads);
    let mut waiting = Waiting::of(&asked);
    let mut alone: Vec<&mut ToolCall> = spans.iter_mut().collect();
    // The surest way comes first, so that no span takes the call of another.
    let ways: [Way<'_>; 4] =
        [Waiting::of_id, Waiting::alike, Waiting::of_name, Waiting::of_unnamed];
    for way in ways {
        alone.retain_mut(|call| {
            let found = way(&mut waiting, call).and_then(|position| asked.get(position));
            found.inspect(|asked| asked.fill(call)).is_none()
        });
    }
    let left =
        asked.iter().zip(&waiting.taken).filter(|(asked, taken)| !**taken && asked.is_answered());
    spans.extend(left.filter_map(|(asked, _)| asked.to_call(calls)));
    spans.sort_by_key(|call| call.started_at);
    spans
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
            waiting
                .by_name
                .entry((has_id, fingerprint::of_name(asked.name)))
                .or_default()
                .push_back(position);
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

    /// Takes the first call of the span's name.
    fn of_name(&mut self, call: &ToolCall) -> Option<usize> {
        let print = fingerprint::of_name(&call.name);
        let mut lists = may_have_id(call).iter().map(|has_id| (*has_id, print));
        lists.find_map(|key| take(self.by_name.get_mut(&key)?, &mut self.taken))
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
