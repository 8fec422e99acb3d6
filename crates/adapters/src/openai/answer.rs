//! From the payloads of a completion to the events of an answer.

use probity_eval::model::{ModelEvent, ResponseHead};
use probity_trace::genai::FinishReason;

use super::chunk::{CallPiece, Choice, Chunk};

/// The payload that ends a stream.
const DONE: &str = "[DONE]";

/// Makes events of payloads. Of several choices only the first is told.
#[derive(Debug, Default)]
pub(super) struct AnswerReader {
    request_id: Option<String>,
    head_told: bool,
    finish: Option<FinishReason>,
    is_done: bool,
}

impl AnswerReader {
    pub(super) fn new(request_id: Option<String>) -> Self {
        Self { request_id, ..Self::default() }
    }

    /// Reads one payload, or a whole completion.
    pub(super) fn read(
        &mut self,
        payload: &str,
        tell: &mut dyn FnMut(ModelEvent),
    ) -> Result<(), serde_json::Error> {
        if payload.trim() == DONE {
            self.is_done = true;
            return Ok(());
        }
        let chunk: Chunk = serde_json::from_str(payload)?;
        if !self.head_told {
            self.head_told = true;
            let mut head = ResponseHead::new();
            head.request_id = self.request_id.take();
            (head.response_id, head.model) = (chunk.id, chunk.model);
            tell(ModelEvent::Started(head));
        }
        for choice in chunk.choices.into_iter().filter(|choice| choice.index == 0) {
            self.read_choice(choice, tell);
        }
        if let Some(usage) = chunk.usage {
            tell(ModelEvent::Usage(usage.into()));
        }
        Ok(())
    }

    /// Returns whether the stream has said that it is over.
    pub(super) fn is_done(&self) -> bool {
        self.is_done
    }

    /// Returns why the model stopped, once the answer is over; `None` if it broke off.
    pub(super) fn finish(&mut self) -> Option<FinishReason> {
        self.finish.take()
    }

    fn read_choice(&mut self, choice: Choice, tell: &mut dyn FnMut(ModelEvent)) {
        let delta = choice.delta;
        let said = |text: Option<String>| text.filter(|text| !text.is_empty());
        if let Some(text) = said(delta.reasoning_content).or_else(|| said(delta.reasoning)) {
            tell(ModelEvent::ReasoningDelta(text));
        }
        if let Some(text) = said(delta.content) {
            tell(ModelEvent::TextDelta(text));
        }
        if let Some(text) = said(delta.refusal) {
            tell(ModelEvent::RefusalDelta(text));
        }
        for (position, piece) in delta.tool_calls.into_iter().flatten().enumerate() {
            tell(call_delta(piece, position));
        }
        if let Some(reason) = choice.finish_reason {
            self.finish = Some(FinishReason::from(reason.as_str()));
        }
    }
}

fn call_delta(piece: CallPiece, position: usize) -> ModelEvent {
    let said = |text: Option<String>| text.filter(|text| !text.is_empty());
    ModelEvent::ToolCallDelta {
        index: piece.index.unwrap_or(position),
        id: said(piece.id),
        name: said(piece.function.name),
        arguments: piece.function.arguments.unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use probity_trace::genai::Usage;

    use super::*;

    fn read(reader: &mut AnswerReader, payloads: &[&str]) -> Vec<ModelEvent> {
        let mut events = Vec::new();
        for payload in payloads {
            reader.read(payload, &mut |event| events.push(event)).unwrap();
        }
        events
    }

    #[test]
    fn the_head_is_told_once_and_empty_deltas_and_other_choices_are_not() {
        let mut reader = AnswerReader::new(Some("req_1".to_owned()));
        let events = read(
            &mut reader,
            &[
                r#"{"id":"c1","model":"m","choices":[{"index":0,"delta":{"role":"assistant","content":""}}]}"#,
                r#"{"id":"c1","model":"m","choices":[{"index":0,"delta":{"content":"Hi"}},{"index":1,"delta":{"content":"no"}}]}"#,
                r#"{"id":"c1","model":"m","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"#,
                r#"{"id":"c1","model":"m","choices":[],"usage":{"prompt_tokens":3,"completion_tokens":1}}"#,
                "[DONE]",
            ],
        );
        let head = ResponseHead::new().with_response_id("c1").with_model("m");
        assert_eq!(
            events,
            [
                ModelEvent::Started(head.with_request_id("req_1")),
                ModelEvent::TextDelta("Hi".to_owned()),
                ModelEvent::Usage(Usage::new(3, 1)),
            ]
        );
        assert!(reader.is_done());
        assert_eq!(reader.finish(), Some(FinishReason::Stop));
    }

    #[test]
    fn a_whole_completion_is_read_as_a_stream_of_one_payload() {
        let mut reader = AnswerReader::default();
        let events = read(
            &mut reader,
            &[r#"{"choices":[{"index":0,"message":{"content":null,
            "refusal":null,"reasoning_content":"hm","tool_calls":[
                {"id":"a","type":"function","function":{"name":"f","arguments":"{}"}},
                {"id":"b","type":"function","function":{"name":"g","arguments":"{}"}}]},
            "finish_reason":"tool_calls"}]}"#],
        );
        let call = |index, id: &str, name: &str| ModelEvent::ToolCallDelta {
            index,
            id: Some(id.to_owned()),
            name: Some(name.to_owned()),
            arguments: "{}".to_owned(),
        };
        let thought = ModelEvent::ReasoningDelta("hm".to_owned());
        assert_eq!(events[1..], [thought, call(0, "a", "f"), call(1, "b", "g")]);
        assert_eq!(reader.finish(), Some(FinishReason::ToolCall));
    }

    #[test]
    fn what_is_no_completion_is_an_error_and_not_an_empty_answer() {
        for payload in ["{}", "[]", "oops", r#"{"choices":[{"oops":1}]}"#] {
            assert!(AnswerReader::default().read(payload, &mut |_| ()).is_err(), "{payload}");
        }
    }
}
