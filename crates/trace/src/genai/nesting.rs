//! Counts each request to a model once, where spans of model calls lie in one another.

use std::{borrow::Cow, time::Duration};

use super::{CallError, LlmCall, Unreadable, Usage};

/// What is wrong with tokens that are too few to say what a call in this one used.
const UNTOLD_TOKENS: &str =
    "tells fewer tokens than the model calls in this one, of which not all tell theirs";

/// A model call with the one around it.
#[derive(Debug)]
pub(super) struct Nested {
    pub(super) call: LlmCall,
    /// The position of the call that this one is a part of, which is before it.
    pub(super) outer: Option<usize>,
    /// The call is one of our turns, and what lies in it are its attempts.
    pub(super) is_turn: bool,
    /// Under which keys the span tells its error and its tokens.
    pub(super) error_key: Option<&'static str>,
    pub(super) usage_key: Option<&'static str>,
}

/// Returns the calls that count, in their order.
///
/// A call with others in it repeats them and does not count, but for a turn, which counts in place of
/// what lies in it. Also returned is what a call that does not count says and those in it do not.
pub(super) fn counted(mut calls: Vec<Nested>) -> (Vec<LlmCall>, Vec<Unreadable>) {
    let mut untold = Vec::new();
    // For each call, those that count of what lies in it, or itself. Inner calls are after outer ones.
    let mut counted: Vec<Vec<usize>> = vec![Vec::new(); calls.len()];
    let mut top = Vec::new();
    for position in (0..calls.len()).rev() {
        let Some(inner) = counted.get_mut(position).map(std::mem::take) else { continue };
        let found = settle(&mut calls, position, inner, &mut untold);
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
    untold.reverse();
    (calls.map(|(nested, _)| nested.call).collect(), untold)
}

/// Decides which calls count: one, or those in it.
fn settle(
    calls: &mut [Nested],
    position: usize,
    mut inner: Vec<usize>,
    untold: &mut Vec<Unreadable>,
) -> Vec<usize> {
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
    if let Some(error) = &outer.call.error
        && let Some(last) = inner.iter().max().and_then(|last| after.get_mut(at(last)?))
    {
        untold.extend(pass_error(outer, error, &mut last.call));
    }
    if let [only] = inner.as_slice()
        && let Some(only) = at(only).and_then(|only| after.get_mut(only))
    {
        fill(&mut only.call, &outer.call);
    } else if !outer.call.usage.is_unknown() {
        let usage = |inner: &usize| Some(after.get(at(inner)?)?.call.usage);
        let known = inner.iter().filter_map(usage).sum::<Usage>();
        let is_unknown = |inner: &&usize| usage(inner).is_some_and(|usage| usage.is_unknown());
        let unknown = inner.iter().filter(is_unknown).max().and_then(at);
        if let Some(unknown) = unknown.and_then(|unknown| after.get_mut(unknown)) {
            untold.extend(pass_tokens(outer, known, &mut unknown.call));
        }
    }
    inner
}

/// Gives the last request in a call the error that only the call tells, if it tells neither an answer nor an
/// error. Returns the error if it is that of the call alone.
fn pass_error(outer: &Nested, error: &CallError, last: &mut LlmCall) -> Option<Unreadable> {
    if last.error.is_some() {
        return None;
    }
    if !has_answer(last) {
        last.error = Some(error.clone());
        return None;
    }
    let kind = start(&error.error_type, 40);
    let what = error.message.as_ref().map(|message| format!(" ({})", start(message, 80)));
    let what = what.unwrap_or_default();
    Some(Unreadable {
        span: outer.call.span,
        key: Cow::Borrowed(outer.error_key?),
        reason: format!("is {kind}{what}, though the model calls in this one were answered"),
        cut: false,
    })
}

/// Returns the start of the first line of a text, of this many bytes at most.
fn start(text: &str, bytes: usize) -> &str {
    let line = text.lines().next().unwrap_or_default();
    line.get(..line.floor_char_boundary(bytes)).unwrap_or_default()
}

/// Gives a request of which no tokens are known those that only the call around it tells. Returns what is
/// wrong if those cannot be its own.
fn pass_tokens(outer: &Nested, known: Usage, unknown: &mut LlmCall) -> Option<Unreadable> {
    if known.is_unknown() {
        unknown.usage = outer.call.usage;
        return None;
    }
    match outer.call.usage.without(known) {
        Some(left) if left.total_tokens() == Some(0) => None,
        Some(left) => {
            unknown.usage = left;
            None
        }
        None => Some(Unreadable {
            span: outer.call.span,
            key: Cow::Borrowed(outer.usage_key?),
            reason: UNTOLD_TOKENS.to_owned(),
            cut: false,
        }),
    }
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
