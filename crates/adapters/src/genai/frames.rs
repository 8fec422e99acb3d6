//! The payloads of a stream as they came, for what `genai` does not hand on.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use ::genai::{
    Error,
    chat::{ChatFrameSink, FrameCtx, RawFrameRef, StreamEnd},
};
use probity_eval::model::ResponseHead;
use serde_json::Value;

use crate::http::WireTap;

/// Where the providers write the identifier and the model of an answer.
const HEADS: [(&str, &str); 4] = [
    ("/id", "/model"),                   // OpenAI and compatible
    ("/message/id", "/message/model"),   // Anthropic
    ("/response/id", "/response/model"), // OpenAI's responses
    ("/responseId", "/modelVersion"),    // Gemini
];

/// What was seen in the payloads of one stream.
#[derive(Debug, Clone)]
pub(super) struct Frames {
    seen: Arc<Mutex<Seen>>,
    sink: Arc<Sink>,
}

#[derive(Debug, Default)]
struct Seen {
    head: Option<ResponseHead>,
    head_told: bool,
    refusal: String,
    last: String,
    any: bool,
}

/// Records every payload, and hands it on to the sink of the options, if there is one.
struct Sink {
    seen: Arc<Mutex<Seen>>,
    tap: Arc<WireTap>,
    next: Option<Arc<dyn ChatFrameSink>>,
}

impl Frames {
    pub(super) fn begin(tap: Arc<WireTap>, next: Option<Arc<dyn ChatFrameSink>>) -> Self {
        let seen = Arc::default();
        let sink = Arc::new(Sink { seen: Arc::clone(&seen), tap, next });
        Self { seen, sink }
    }

    pub(super) fn sink(&self) -> Arc<dyn ChatFrameSink> {
        Arc::clone(&self.sink) as Arc<dyn ChatFrameSink>
    }

    /// Returns the head of the answer, once.
    pub(super) fn take_head(&self) -> Option<ResponseHead> {
        self.seen().head.take()
    }

    /// Returns more of a refusal, which `genai` does not hand on.
    pub(super) fn take_refusal(&self) -> Option<String> {
        let refusal = std::mem::take(&mut self.seen().refusal);
        Some(refusal).filter(|refusal| !refusal.is_empty())
    }

    /// Returns the last payload.
    pub(super) fn last(&self) -> String {
        self.seen().last.clone()
    }

    /// Returns whether any payload came, and so the answer had begun.
    pub(super) fn any(&self) -> bool {
        self.seen().any
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl ChatFrameSink for Sink {
    fn on_frame(&self, context: &FrameCtx, frame: RawFrameRef<'_>) {
        // A comment has no payload.
        if !frame.data.is_empty() {
            self.tap.payload(frame.data);
            self.seen.lock().unwrap_or_else(PoisonError::into_inner).see(frame.data);
        }
        if let Some(next) = &self.next {
            next.on_frame(context, frame);
        }
    }

    fn on_end(&self, context: &FrameCtx, end: &StreamEnd) {
        if let Some(next) = &self.next {
            next.on_end(context, end);
        }
    }

    fn on_error(&self, context: &FrameCtx, error: &Error) {
        if let Some(next) = &self.next {
            next.on_error(context, error);
        }
    }
}

impl std::fmt::Debug for Sink {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sink").field("seen", &self.seen).finish_non_exhaustive()
    }
}

impl Seen {
    fn see(&mut self, payload: &str) {
        self.any = true;
        payload.clone_into(&mut self.last);
        let may_refuse = payload.contains("\"refusal\"");
        if self.head_told && !may_refuse {
            return;
        }
        let payload: Value = serde_json::from_str(payload).unwrap_or_default();
        if !self.head_told {
            self.head = head(&payload);
            self.head_told = self.head.is_some();
        }
        let refusal = payload.pointer("/choices/0/delta/refusal").and_then(Value::as_str);
        self.refusal.push_str(refusal.unwrap_or_default());
    }
}

fn head(payload: &Value) -> Option<ResponseHead> {
    HEADS.into_iter().find_map(|(id, model)| {
        let text = |pointer| payload.pointer(pointer).and_then(Value::as_str);
        let mut head = ResponseHead::new().with_response_id(text(id)?);
        head.model = text(model).map(str::to_owned);
        Some(head)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_head_is_found_with_every_provider() {
        for payload in [
            r#"{"id":"a","model":"m","choices":[]}"#,
            r#"{"type":"message_start","message":{"id":"a","model":"m"}}"#,
            r#"{"type":"response.created","response":{"id":"a","model":"m"}}"#,
            r#"{"candidates":[],"modelVersion":"m","responseId":"a"}"#,
        ] {
            let mut seen = Seen::default();
            seen.see(payload);
            let head = ResponseHead::new().with_response_id("a").with_model("m");
            assert_eq!(seen.head, Some(head), "{payload}");
        }
    }

    #[test]
    fn what_has_no_head_is_passed_over() {
        let mut seen = Seen::default();
        for payload in ["[DONE]", r#"{"type":"ping"}"#, "oops"] {
            seen.see(payload);
        }
        assert!(seen.head.is_none() && !seen.head_told && seen.last == "oops");
    }
}
