//! The calls of a run while it happens, each once.

use std::collections::HashMap;

use super::{
    LlmCall, ToolCall, Usage,
    kind::{Kind, Task},
    nesting, same_tool,
    signs::is_turn,
};
use crate::{
    ids::SpanId,
    node::{FieldNode, SpanNode, TraceEvent},
};

/// Follows the events of a run, and tells the calls as they end, each once.
///
/// The rules are those of the [view](super): of model calls inside one another the innermost counts,
/// but a turn of probity includes the calls in it. Tool calls are those that have a span. What is only
/// known later is not told: what a span around a call says, what the messages of later calls say, and
/// that a call beside another has the same answer.
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
    kind: Option<Kind>,
    /// The span, while it is not known of which kind it is.
    unknown: Option<Box<SpanNode>>,
    is_turn: bool,
    /// A call of the same task lies in it.
    holds_calls: bool,
    /// The requests of a turn.
    attempts: Vec<LlmCall>,
    /// A tool call that lies right in one of a tool.
    inner: Option<ToolCall>,
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
                self.open.insert(span.id, Open::of(span));
                None
            }
            TraceEvent::FieldsRecorded { span, fields } => {
                if let Some(open) = self.open.get_mut(span) {
                    open.learn(fields);
                }
                None
            }
            TraceEvent::SpanClosed(span) => self.closed(span),
            TraceEvent::Event(_) => None,
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
        let open = self.open.remove(&span.id).unwrap_or_else(|| Open::of(span));
        match Kind::of(span)? {
            Kind::Model(task) => self.ended_model(LlmCall::from_span(span)?, task, &open),
            Kind::Tool => self.ended_tool(ToolCall::from_span(span)?, &open),
            Kind::Agent => None,
        }
    }

    /// Tells a model call, unless those in it were told or it belongs to a turn.
    fn ended_model(&mut self, mut call: LlmCall, task: Task, open: &Open) -> Option<EndedCall> {
        let turn = self.mark_around(open.parent, task);
        if !open.attempts.is_empty() {
            nesting::absorb(&mut call, &open.attempts.iter().collect::<Vec<_>>());
        } else if open.holds_calls {
            return None;
        }
        if let Some(turn) = turn.and_then(|turn| self.open.get_mut(&turn)) {
            turn.attempts.push(call);
            return None;
        }
        self.usage += call.usage;
        self.model_calls += 1;
        Some(EndedCall::Llm(Box::new(call)))
    }

    /// Notes at the nearest call around a call of this task that it holds one, and returns the turn that
    /// they belong to. What a tool asks belongs to no call around the tool.
    fn mark_around(&mut self, mut parent: Option<SpanId>, task: Task) -> Option<SpanId> {
        let mut is_marked = false;
        while let Some((id, open)) = parent.and_then(|id| Some((id, self.open.get_mut(&id)?))) {
            match open.kind {
                Some(Kind::Tool) => return None,
                Some(Kind::Model(around)) if around == task => {
                    open.holds_calls |= !is_marked;
                    is_marked = true;
                    if open.is_turn {
                        return Some(id);
                    }
                }
                _ => {}
            }
            parent = open.parent;
        }
        None
    }

    /// Tells a tool call, unless the same call was told by a span in this one.
    fn ended_tool(&mut self, call: ToolCall, open: &Open) -> Option<EndedCall> {
        self.mark_tool(open.parent, &call);
        let is_told = open.inner.as_ref().is_some_and(|inner| same_tool::is_repeated(&call, inner));
        (!is_told).then(|| EndedCall::Tool(Box::new(call)))
    }

    /// Notes at the nearest call around a tool call that it lies there, if that is one of a tool.
    fn mark_tool(&mut self, mut parent: Option<SpanId>, call: &ToolCall) {
        while let Some(open) = parent.and_then(|id| self.open.get_mut(&id)) {
            match open.kind {
                Some(Kind::Tool) => return open.inner = Some(call.clone()),
                Some(_) => return,
                None => parent = open.parent,
            }
        }
    }
}

impl Open {
    fn of(span: &SpanNode) -> Self {
        let kind = Kind::of(span);
        Self {
            parent: span.parent,
            kind,
            unknown: kind.is_none().then(|| Box::new(span.clone())),
            is_turn: is_turn(span),
            holds_calls: false,
            attempts: Vec::new(),
            inner: None,
        }
    }

    /// Notes fields that the span got after it was opened.
    fn learn(&mut self, fields: &[FieldNode]) {
        let Some(span) = &mut self.unknown else { return };
        for field in fields {
            span.fields.retain(|known| known.key != field.key);
            span.fields.push(field.clone());
        }
        self.kind = Kind::of(span.as_ref());
        if self.kind.is_some() {
            self.unknown = None;
        }
    }
}
