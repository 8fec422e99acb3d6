//! Counts each request to a model once, where spans of model calls lie in one another.

use std::time::Duration;

use super::{LlmCall, Usage};

/// A model call with the one around it.
#[derive(Debug)]
pub(super) struct Nested {
    pub(super) call: LlmCall,
    /// The position of the call that this one is a part of, which is before it.
    pub(super) outer: Option<usize>,
    /// The call is one of our turns, and what lies in it are its attempts.
    pub(super) is_turn: bool,
}

/// Returns the calls that count, in their order.
///
/// A call with others in it repeats them and does not count, but for a turn, which counts in place of
/// what lies in it.
pub(super) fn counted(mut calls: Vec<Nested>) -> Vec<LlmCall> {
    // For each call, those that count of what lies in it, or itself. Inner calls are after outer ones.
    let mut counted: Vec<Vec<usize>> = vec![Vec::new(); calls.len()];
    let mut top = Vec::new();
    for position in (0..calls.len()).rev() {
        let Some(inner) = counted.get_mut(position).map(std::mem::take) else { continue };
        let found = settle(&mut calls, position, inner);
        match calls.get(position).and_then(|call| counted.get_mut(call.outer?)) {
            Some(outer) => join(outer, found),
            None => join(&mut top, found),
        }
    }
    let mut counts = vec![false; calls.len()];
    for position in top {
        if let Some(counts) = counts.get_mut(position) {
            *counts = true;
        }
    }
    let calls = calls.into_iter().zip(counts).filter(|(_, counts)| *counts);
    calls.map(|(nested, _)| nested.call).collect()
}

/// Decides which calls count: one, or those in it.
fn settle(calls: &mut [Nested], position: usize, mut inner: Vec<usize>) -> Vec<usize> {
    let Some((before, [outer, after @ ..])) = calls.split_at_mut_checked(position) else {
        return inner;
    };
    // Positions of inner calls are greater.
    let offset = before.len() + 1;
    let at = |position: &usize| position.checked_sub(offset);
    if inner.is_empty() {
        return vec![position];
    }
    if outer.is_turn {
        inner.sort_unstable();
        let attempts = inner.iter().filter_map(|inner| after.get(at(inner)?));
        absorb(&mut outer.call, &attempts.map(|inner| &inner.call).collect::<Vec<_>>());
        return vec![position];
    }
    if let [only] = inner.as_slice()
        && let Some(only) = at(only).and_then(|only| after.get_mut(only))
    {
        // Of a request that neither answered nor failed, the span around it may know what became of it.
        if only.call.error.is_none() && !has_answer(&only.call) {
            only.call.error.clone_from(&outer.call.error);
        }
        fill(&mut only.call, &outer.call);
    } else {
        let is_known = |inner: &usize| {
            let inner = at(inner).and_then(|inner| after.get(inner));
            inner.is_some_and(|inner| !inner.call.usage.is_unknown())
        };
        // Tokens that only the outer call tells are not lost: the last of the calls has them.
        if !outer.call.usage.is_unknown()
            && !inner.iter().any(is_known)
            && let Some(last) = inner.iter().max().and_then(|last| after.get_mut(at(last)?))
        {
            last.call.usage = outer.call.usage;
        }
    }
    inner
}

/// Moves what is in `from` to `into`, the smaller list to the larger one.
fn join(into: &mut Vec<usize>, mut from: Vec<usize>) {
    if into.len() < from.len() {
        std::mem::swap(into, &mut from);
    }
    into.append(&mut from);
}

/// Takes from the attempts of a turn what the turn did not record.
pub(super) fn absorb(turn: &mut LlmCall, attempts: &[&LlmCall]) {
    let sent = attempts.iter().map(|attempt| attempt.attempts).fold(0, u32::saturating_add);
    turn.attempts = turn.attempts.max(sent);
    if turn.usage.is_unknown() {
        turn.usage = attempts.iter().map(|attempt| attempt.usage).sum::<Usage>();
    }
    let answered = attempts.iter().rfind(|attempt| attempt.error.is_none());
    let Some(last) = answered.or(attempts.last()) else { return };
    if answered.is_none() && turn.error.is_none() && !has_answer(turn) {
        turn.error.clone_from(&last.error);
    }
    fill(turn, last);
}

fn has_answer(call: &LlmCall) -> bool {
    !call.output.is_empty() || !call.finish_reasons.is_empty()
}

/// Takes from another span of the same request what a call did not record.
fn fill(call: &mut LlmCall, other: &LlmCall) {
    for (text, known) in [
        (&mut call.provider, &other.provider),
        (&mut call.request_model, &other.request_model),
        (&mut call.response_model, &other.response_model),
        (&mut call.response_id, &other.response_id),
        (&mut call.previous_response_id, &other.previous_response_id),
        (&mut call.request_id, &other.request_id),
        (&mut call.conversation_id, &other.conversation_id),
        (&mut call.agent, &other.agent),
    ] {
        if text.is_none() {
            text.clone_from(known);
        }
    }
    if call.operation.is_empty() {
        call.operation.clone_from(&other.operation);
    }
    for (messages, known) in [(&mut call.input, &other.input), (&mut call.output, &other.output)] {
        if messages.is_empty() {
            messages.clone_from(known);
        }
    }
    if call.finish_reasons.is_empty() {
        call.finish_reasons.clone_from(&other.finish_reasons);
    }
    call.usage = call.usage.or(other.usage);
    call.time_to_first_token = call.time_to_first_token.or_else(|| first_token(call, other));
}

/// Returns the time from the start of a call to the first token that another span of it recorded.
fn first_token(call: &LlmCall, other: &LlmCall) -> Option<Duration> {
    let since_other = other.time_to_first_token?;
    match other.started_at.duration_since(call.started_at) {
        Ok(later) => later.checked_add(since_other),
        Err(earlier) => since_other.checked_sub(earlier.duration()),
    }
}
