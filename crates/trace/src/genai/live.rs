//! The calls of a run while it happens, each once.

use std::collections::HashMap;

use super::{LlmCall, ToolCall, Usage, kind::is_turn};
use crate::{
    ids::SpanId,
    node::{SpanNode, TraceEvent},
};

/// Follows the events of a run, and tells the calls as they end, each once.
///
/// The rules are those of the [view](super::GenAi): of model calls inside one another the innermost
/// counts, but a turn of probity includes the calls in it. Tool calls are those that have a span.
#[derive(Debug, Default)]
pub struct LiveCalls {
    open: HashMap<SpanId, Open>,
    usage: Usage,
    model_calls: u64,
}

/// A span that has not closed.
#[derive(Debug)]
struct Open {
    parent: Option<SpanId>,
    is_turn: bool,
    holds_calls: bool,
}

/// A call that has ended.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum EndedCall {
    /// A model call.
    Llm(Box<LlmCall>),
    /// A tool call.
    Tool(Box<ToolCall>),
}

impl LiveCalls {
    /// Notes what happened, and returns the call that ended with it.
    pub fn note(&mut self, event: &TraceEvent) -> Option<EndedCall> {
        match event {
            TraceEvent::SpanOpened(span) => {
                let is_turn = is_turn(span);
                let open = Open { parent: span.parent, is_turn, holds_calls: false };
                self.open.insert(span.id, open);
                None
            }
            TraceEvent::SpanClosed(span) => self.closed(span),
            _ => None,
        }
    }

    /// Returns the tokens that the model calls used which have ended.
    #[must_use]
    pub fn usage(&self) -> Usage {
        self.usage
    }

    /// Returns how many model calls have ended.
    #[must_use]
    pub fn model_calls(&self) -> u64 {
        self.model_calls
    }

    fn closed(&mut self, span: &SpanNode) -> Option<EndedCall> {
        let closed = self.open.remove(&span.id);
        if let Some(call) = ToolCall::from_span(span) {
            return Some(EndedCall::Tool(Box::new(call)));
        }
        let call = LlmCall::from_span(span)?;
        let holds_calls = closed.is_some_and(|open| open.holds_calls && !open.is_turn);
        let is_attempt = self.is_within_turn(span.parent);
        self.mark_ancestors(span.parent);
        if holds_calls || is_attempt {
            return None;
        }
        self.usage += call.usage;
        self.model_calls += 1;
        Some(EndedCall::Llm(Box::new(call)))
    }

    fn is_within_turn(&self, mut parent: Option<SpanId>) -> bool {
        while let Some(open) = parent.and_then(|id| self.open.get(&id)) {
            if open.is_turn {
                return true;
            }
            parent = open.parent;
        }
        false
    }

    /// Notes at every open span around a call that it holds one; where it is noted already, it is so
    /// further out.
    fn mark_ancestors(&mut self, mut parent: Option<SpanId>) {
        while let Some(open) = parent.and_then(|id| self.open.get_mut(&id)) {
            if open.holds_calls {
                return;
            }
            open.holds_calls = true;
            parent = open.parent;
        }
    }
}
