//! From the stream of `genai` to the events of an answer.

use std::sync::Arc;

use ::genai::chat::{ChatStream, ChatStreamEvent, StopReason, StreamEnd, Usage};
use futures::StreamExt as _;
use probity_eval::model::{ModelError, ModelEvent, ModelStream};
use probity_trace::genai::{self, FinishReason};

use super::{errors, frames::Frames, quiet::quietly, tool_calls::ToolCalls};
use crate::http::{
    WireTap,
    pending::{self, Pending, Reading as _},
};

/// Sends a request, which `genai` does when its stream is read, and reads the answer.
pub(super) async fn read(
    stream: ChatStream,
    frames: Frames,
    tap: Arc<WireTap>,
) -> Result<ModelStream, ModelError> {
    let mut reading =
        Reading { stream, frames, tap, calls: ToolCalls::default(), pending: Pending::default() };
    reading.begin().await?;
    Ok(pending::events(reading))
}

/// An answer that is being read.
struct Reading {
    stream: ChatStream,
    frames: Frames,
    tap: Arc<WireTap>,
    calls: ToolCalls,
    pending: Pending,
}

impl pending::Reading for Reading {
    async fn read_on(&mut self) {
        let next = quietly(self.stream.next()).await;
        self.add_seen();
        match next {
            Some(Ok(event)) => self.add(event),
            Some(Err(error)) => {
                self.pending.fail(errors::in_stream(&error, &self.frames, &self.tap));
            }
            None => self.pending.fail(errors::cut_off(&self.frames, &self.tap)),
        }
    }

    fn pending(&mut self) -> &mut Pending {
        &mut self.pending
    }
}

impl Reading {
    /// Waits until the answer begins.
    async fn begin(&mut self) -> Result<(), ModelError> {
        while self.pending.events.is_empty() && !self.pending.is_over {
            self.read_on().await;
        }
        let has_begun = !self.pending.events.is_empty() || self.frames.any();
        match self.pending.failed.take_if(|_| !has_begun) {
            Some(error) => Err(error),
            None => Ok(()),
        }
    }

    /// Adds what only the payloads say.
    fn add_seen(&mut self) {
        self.pending.events.extend(self.frames.take_head().map(ModelEvent::Started));
        self.pending.events.extend(self.frames.take_refusal().map(ModelEvent::RefusalDelta));
    }

    fn add(&mut self, event: ChatStreamEvent) {
        match event {
            ChatStreamEvent::Chunk(chunk) => self.say(chunk.content, ModelEvent::TextDelta),
            ChatStreamEvent::ReasoningChunk(chunk) => {
                self.say(chunk.content, ModelEvent::ReasoningDelta);
            }
            ChatStreamEvent::ToolCallChunk(chunk) => {
                self.pending.events.extend(self.calls.add(&chunk.tool_call));
            }
            ChatStreamEvent::End(end) => self.end(&end),
            // Signs of life, and signatures that only the provider understands.
            ChatStreamEvent::Start
            | ChatStreamEvent::Heartbeat
            | ChatStreamEvent::ThoughtSignatureChunk(_) => {}
        }
    }

    fn say(&mut self, text: String, event: fn(String) -> ModelEvent) {
        if !text.is_empty() {
            self.pending.events.push_back(event(text));
        }
    }

    fn end(&mut self, end: &StreamEnd) {
        for call in end.captured_tool_calls().unwrap_or_default() {
            self.pending.events.extend(self.calls.add_untold(call));
        }
        if let Some(counts) = &end.captured_usage {
            self.pending.events.push_back(ModelEvent::Usage(usage(counts)));
        }
        let Some(reason) = &end.captured_stop_reason else {
            // Some streamers end a stream whose provider did not.
            return self.pending.fail(errors::cut_off(&self.frames, &self.tap));
        };
        if reason.raw() == "refusal" {
            // The words came as text.
            self.pending.events.push_back(ModelEvent::RefusalDelta(String::new()));
        }
        self.pending.events.push_back(ModelEvent::Finished(finish(reason)));
        self.pending.is_over = true;
    }
}

fn finish(reason: &StopReason) -> FinishReason {
    match reason {
        StopReason::Completed(_) | StopReason::StopSequence(_) => FinishReason::Stop,
        StopReason::MaxTokens(_) => FinishReason::Length,
        StopReason::ToolCall(_) => FinishReason::ToolCall,
        StopReason::ContentFilter(_) => FinishReason::ContentFilter,
        StopReason::Other(reason) => FinishReason::from(reason.as_str()),
    }
}

fn usage(counts: &Usage) -> genai::Usage {
    let count = |count: Option<i32>| count.and_then(|count| u64::try_from(count).ok());
    let prompt = counts.prompt_tokens_details.as_ref();
    let completion = counts.completion_tokens_details.as_ref();
    let mut usage = genai::Usage::default();
    usage.input_tokens = count(counts.prompt_tokens);
    usage.output_tokens = count(counts.completion_tokens);
    usage.cache_read_input_tokens = count(prompt.and_then(|details| details.cached_tokens));
    usage.cache_write_input_tokens =
        count(prompt.and_then(|details| details.cache_creation_tokens));
    usage.reasoning_output_tokens = count(completion.and_then(|details| details.reasoning_tokens));
    usage
}
