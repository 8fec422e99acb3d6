//! Turns a streamed answer of rig into model events.

use std::{
    collections::{HashMap, VecDeque},
    sync::Arc,
};

use futures::{Stream, StreamExt as _, stream};
use probity_eval::model::{ModelError, ModelEvent, ResponseHead};
use probity_trace::genai::{self, FinishReason};
use rig_core::{
    completion::{self, CompletionResponse, Usage},
    error::ProviderError,
    message::AssistantContent,
    streaming::{CompletionStream, Item, Part, PartKind, StreamEvent},
};

use super::{errors, tap::Call};

/// Returns the events of an answer.
pub(super) fn events(
    answer: CompletionStream,
    call: Arc<Call>,
) -> impl Stream<Item = Result<ModelEvent, ModelError>> + Send {
    let reading = Reading {
        answer: Some(answer),
        call,
        has_started: false,
        parts: Parts::default(),
        ready: VecDeque::new(),
    };
    stream::unfold(reading, |mut reading| async move {
        let event = reading.next().await?;
        Some((event, reading))
    })
}

/// An answer while it is read.
struct Reading {
    /// What rig reads; `None` at the end.
    answer: Option<CompletionStream>,
    call: Arc<Call>,
    has_started: bool,
    parts: Parts,
    ready: VecDeque<ModelEvent>,
}

impl Reading {
    async fn next(&mut self) -> Option<Result<ModelEvent, ModelError>> {
        loop {
            if let Some(event) = self.ready.pop_front() {
                return Some(Ok(event));
            }
            let item = self.answer.as_mut()?.next().await;
            if let Err(error) = self.take(item).await {
                self.answer = None;
                let has_begun = self.has_started || self.parts.has_any();
                return Some(Err(errors::model_error(&error, &self.call, has_begun)));
            }
        }
    }

    async fn take(
        &mut self,
        item: Option<Result<Item<StreamEvent>, ProviderError>>,
    ) -> Result<(), ProviderError> {
        self.start();
        match item {
            Some(Ok(Item::Event(event))) => {
                let event = self.parts.event(event, &self.call);
                self.ready.extend(event);
            }
            // Rig has logged that it does not know this payload.
            Some(Ok(Item::Unknown(_))) => {}
            Some(Err(error)) => return Err(error),
            None => {
                let answer = self.answer.take();
                if let Some(answer) = answer {
                    self.ready.extend(ending(&answer.finish().await?));
                }
            }
        }
        Ok(())
    }

    /// Says that the provider began to answer, as soon as the tap has seen it.
    fn start(&mut self) {
        if self.has_started {
            return;
        }
        let head = self.call.exchange().and_then(|exchange| exchange.head());
        if let Some((_, id)) = head {
            self.has_started = true;
            let mut head = ResponseHead::new();
            head.request_id = id;
            self.ready.push_back(ModelEvent::Started(head));
        }
    }
}

/// The parts of an answer so far.
#[derive(Default)]
struct Parts {
    /// The place of each tool call among the calls, and whether any of its arguments have come.
    calls: HashMap<Part, (usize, bool)>,
    has_any: bool,
}

impl Parts {
    fn has_any(&self) -> bool {
        self.has_any
    }

    fn event(&mut self, event: StreamEvent, call: &Call) -> Option<ModelEvent> {
        self.has_any = true;
        match event {
            StreamEvent::Text { text, .. } => {
                let is_refusal = call.exchange().is_some_and(|seen| seen.take_refusal(&text));
                let delta =
                    if is_refusal { ModelEvent::RefusalDelta } else { ModelEvent::TextDelta };
                Some(delta(text))
            }
            StreamEvent::Reasoning { text, .. } => Some(ModelEvent::ReasoningDelta(text)),
            StreamEvent::Start { part, kind: PartKind::ToolCall, name } => {
                let name = name.map(String::from);
                Some(self.tool_call(part, None, name, String::new()))
            }
            StreamEvent::Arguments { part, json } => Some(self.tool_call(part, None, None, json)),
            StreamEvent::End { part, content } => self.end(part, content),
            StreamEvent::Start { .. } => None,
        }
    }

    fn end(&mut self, part: Part, content: AssistantContent) -> Option<ModelEvent> {
        match content {
            AssistantContent::ToolCall(call) => {
                let has_arguments = self.calls.get(&part).is_some_and(|(_, has_any)| *has_any);
                let is_told = has_arguments || call.function.arguments.is_empty();
                let untold = (!is_told).then(|| call.function.arguments_value().to_string());
                let arguments = untold.unwrap_or_default();
                Some(self.tool_call(part, Some(call.id.to_string()), None, arguments))
            }
            AssistantContent::Image(_) => {
                tracing::warn!("the answer contains an image, which is left out");
                None
            }
            // Texts have been told piece by piece; the rest is what only the provider understands, such as
            // the state of a tool that it hosts.
            _ => None,
        }
    }

    fn tool_call(
        &mut self,
        part: Part,
        id: Option<String>,
        name: Option<String>,
        arguments: String,
    ) -> ModelEvent {
        let next = self.calls.len();
        let (index, has_arguments) = self.calls.entry(part).or_insert((next, false));
        *has_arguments |= !arguments.is_empty();
        ModelEvent::ToolCallDelta { index: *index, id, name, arguments }
    }
}

/// Returns the events that end an answer.
fn ending(response: &CompletionResponse) -> Vec<ModelEvent> {
    let mut head = ResponseHead::new();
    head.response_id = response.response_id().map(str::to_owned);
    head.request_id.clone_from(&response.provider_request_id);
    head.model = response.model().map(str::to_owned);
    let mut events = vec![ModelEvent::Started(head)];
    if response.usage.is_reported() {
        events.push(ModelEvent::Usage(usage(&response.usage)));
    }
    // A refusal of Anthropic is no part of the answer.
    events.extend(response.error.clone().map(ModelEvent::RefusalDelta));
    events.push(ModelEvent::Finished(finish_reason(response)));
    events
}

fn usage(usage: &Usage) -> genai::Usage {
    let mut counts = genai::Usage::default();
    counts.input_tokens = usage.input_tokens;
    counts.output_tokens = usage.output_tokens;
    counts.cache_read_input_tokens = usage.cached_input_tokens;
    counts.cache_write_input_tokens = usage.cache_creation_input_tokens;
    counts.reasoning_output_tokens = usage.reasoning_tokens;
    counts
}

fn finish_reason(response: &CompletionResponse) -> FinishReason {
    match response.finish_reason() {
        Some(completion::FinishReason::Length) => FinishReason::Length,
        Some(completion::FinishReason::ContentFilter) => FinishReason::ContentFilter,
        Some(completion::FinishReason::Other(reason)) => FinishReason::from(&*reason),
        Some(completion::FinishReason::ToolCalls) => FinishReason::ToolCall,
        // The provider has said that the answer is whole, and not why.
        None if response.tool_calls().next().is_some() => FinishReason::ToolCall,
        _ => FinishReason::Stop,
    }
}
