//! Watches an answer that somebody else reads, and records it on its span.

use std::time::Instant;

use bytes::Bytes;
use probity_eval::model::{ModelError, ModelEvent, ResponseHead};
use probity_trace::genai::{FinishReason, Message, Part, Role, Usage};
use reqwest::Response;
use serde_json::Value;
use tracing::Span;

use super::span;
use crate::{
    http::{Admitted, WireTap},
    openai::answering::Answering,
};

/// Watches an answer until it is over, or until nobody reads it any more.
#[derive(Debug)]
pub(super) struct Watch {
    answering: Answering,
    seen: Seen,
    /// None once the answer is recorded, so that the span ends with the answer and not with its reader.
    span: Option<Span>,
    captures_content: bool,
    /// The answer is a chat completion, and not something else that is only recorded.
    is_chat: bool,
    admitted: Admitted,
}

/// What was seen of an answer.
#[derive(Debug)]
pub(super) struct Seen {
    pub(super) head: ResponseHead,
    pub(super) usage: Usage,
    pub(super) finish: Option<FinishReason>,
    pub(super) time_to_first_chunk: Option<f64>,
    begun: Instant,
    text: String,
    reasoning: String,
    refusal: String,
    calls: Vec<SeenCall>,
}

/// What was seen of a tool call.
#[derive(Debug)]
struct SeenCall {
    index: usize,
    id: Option<String>,
    name: String,
    arguments: String,
}

impl Watch {
    pub(super) fn begin(
        response: &Response,
        span: Span,
        tap: WireTap,
        captures_content: bool,
    ) -> Self {
        let answering = Answering::begin(response, tap);
        Self {
            answering,
            seen: Seen::begin(),
            span: Some(span),
            captures_content,
            is_chat: true,
            admitted: Admitted::default(),
        }
    }

    /// Tells the rate limiter what comes of the call that it has admitted.
    pub(super) fn with_admitted(mut self, admitted: Admitted) -> Self {
        self.admitted = admitted;
        self
    }

    /// Begins to watch an answer that is no chat completion: it is recorded and not read.
    pub(super) fn begin_raw(response: &Response, tap: WireTap) -> Self {
        let mut watch = Self::begin(response, Span::none(), tap, false);
        watch.is_chat = false;
        watch
    }

    /// Sees more bytes of the body.
    pub(super) fn see(&mut self, bytes: &Bytes) {
        let Self { answering, seen, .. } = self;
        let mut failed = None;
        let payloads = answering.take(bytes);
        if !self.is_chat {
            return;
        }
        for payload in payloads {
            // The reader may go on after an error, and so does the record of it.
            if let Err(error) = answering.read(payload, &mut |event| seen.add(event)) {
                failed.get_or_insert(error);
            }
        }
        if let Some(error) = failed {
            self.fail(&error);
        } else if self.answering.is_done() {
            self.end();
        }
    }

    /// Sees that the connection broke.
    pub(super) fn broken(&mut self, error: &reqwest::Error) {
        if self.span.is_some() {
            let error = self.answering.broken(error);
            self.fail(&error);
        }
    }

    /// Sees that the body is over, or the answer has said so.
    pub(super) fn end(&mut self) {
        if self.span.is_none() {
            return;
        }
        let Self { answering, seen, .. } = self;
        if !self.is_chat {
            answering.record_whole();
            self.span = None;
            return;
        }
        match answering.end(&mut |event| seen.add(event)) {
            Ok(()) => self.record(),
            Err(error) => self.fail(&error),
        }
    }

    fn fail(&mut self, error: &ModelError) {
        if let Some(span) = &self.span {
            span::record_error(span, error);
        }
        self.admitted.failed(error);
        self.record();
    }

    fn record(&mut self) {
        self.admitted.end(self.seen.usage.total_tokens());
        if let Some(span) = self.span.take() {
            span::record_answer(&span, &self.seen);
            if self.captures_content {
                span::record_output(&span, &self.seen.message());
            }
        }
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        if self.span.is_some() {
            let partial = Some(&*self.seen.text).filter(|text| !text.is_empty());
            self.answering.tap().collect_error("the answer was not read to its end", partial);
            self.record();
        }
    }
}

impl Seen {
    fn begin() -> Self {
        Self {
            head: ResponseHead::new(),
            usage: Usage::default(),
            finish: None,
            time_to_first_chunk: None,
            begun: Instant::now(),
            text: String::new(),
            reasoning: String::new(),
            refusal: String::new(),
            calls: Vec::new(),
        }
    }

    fn add(&mut self, event: ModelEvent) {
        if event.is_content() {
            let begun = self.begun;
            self.time_to_first_chunk.get_or_insert_with(|| begun.elapsed().as_secs_f64());
        }
        match event {
            ModelEvent::Started(head) => self.head = head,
            ModelEvent::TextDelta(delta) => self.text += &delta,
            ModelEvent::ReasoningDelta(delta) => self.reasoning += &delta,
            ModelEvent::RefusalDelta(delta) => self.refusal += &delta,
            ModelEvent::ToolCallDelta { index, id, name, arguments } => {
                self.add_call(index, id, name.unwrap_or_default(), &arguments);
            }
            ModelEvent::Usage(usage) => self.usage = usage.or(self.usage),
            ModelEvent::Finished(reason) => self.finish = Some(reason),
            // Other facts have no attribute.
            _ => {}
        }
    }

    fn add_call(&mut self, index: usize, id: Option<String>, name: String, arguments: &str) {
        match self.calls.iter_mut().find(|call| call.index == index) {
            Some(call) => call.arguments += arguments,
            None => {
                self.calls.push(SeenCall { index, id, name, arguments: arguments.to_owned() });
            }
        }
    }

    /// The answer as the conventions write it.
    fn message(&self) -> Message {
        let said = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
        let thought = said(&self.reasoning).map(|content| Part::Reasoning { content });
        let text = said(&self.text).or_else(|| said(&self.refusal)).map(Part::text);
        let calls = self.calls.iter().map(|call| Part::ToolCall {
            id: call.id.clone(),
            name: call.name.clone(),
            arguments: serde_json::from_str(&call.arguments)
                .unwrap_or_else(|_| Value::String(call.arguments.clone())),
        });
        Message::new(Role::Assistant, thought.into_iter().chain(text).chain(calls).collect())
    }
}
