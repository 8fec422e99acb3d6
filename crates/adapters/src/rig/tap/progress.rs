//! What the payloads of an answer tell of its course, in the dialects of OpenAI and Anthropic.

use probity_trace::genai::FinishReason;
use serde_json::Value;

/// How far an answer has come.
#[derive(Debug, Default)]
pub(super) struct Progress {
    stage: Stage,
    finish: Option<FinishReason>,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Stage {
    /// Nothing has come.
    #[default]
    Silent,
    /// The answer is in a dialect of which it is not known how answers end.
    Foreign,
    /// The answer is under way, and is cut off where nothing follows.
    UnderWay,
    /// The provider has said that the answer is at its end.
    Ended,
    /// No payload follows.
    Complete,
}

impl Progress {
    /// Looks at a payload of a stream, or at the body of an answer that is not streamed.
    pub(super) fn see(&mut self, payload: &Value) {
        let text = |pointer| payload.pointer(pointer).and_then(Value::as_str);
        let kind = text("/type").unwrap_or_default();
        let reason = match kind {
            "message_delta" => text("/delta/stop_reason"),
            "message" => text("/stop_reason"),
            _ => text("/choices/0/finish_reason"),
        };
        let stage = match kind {
            "message_stop" | "response.completed" | "response.incomplete" | "response.failed" => {
                Stage::Complete
            }
            _ if reason.is_some() => Stage::Ended,
            "message_start" => Stage::UnderWay,
            _ if kind.starts_with("response.") => Stage::UnderWay,
            _ if payload.get("choices").is_some_and(Value::is_array) => Stage::UnderWay,
            _ => Stage::Foreign,
        };
        self.stage = self.stage.max(stage);
        if let Some(reason) = reason {
            self.finish = Some(FinishReason::from(reason));
        }
    }

    /// The payload has come that ends a stream of OpenAI.
    pub(super) fn done(&mut self) {
        self.stage = Stage::Complete;
    }

    /// Returns whether the provider has said that the answer is at its end.
    pub(super) fn has_ended(&self) -> bool {
        self.stage >= Stage::Ended
    }

    /// Returns whether no payload follows.
    pub(super) fn is_complete(&self) -> bool {
        self.stage == Stage::Complete
    }

    /// Returns whether an answer that ends here is cut off; `has_rest` says whether it ends within a payload.
    pub(super) fn is_cut_off(&self, has_rest: bool) -> bool {
        match self.stage {
            Stage::Silent => has_rest,
            Stage::UnderWay => true,
            Stage::Foreign | Stage::Ended | Stage::Complete => false,
        }
    }

    /// Returns why the model stopped.
    pub(super) fn finish(&self) -> Option<&FinishReason> {
        self.finish.as_ref()
    }
}

/// Returns the words of a refusal in a payload of OpenAI's stream. Rig hands them on as text.
pub(super) fn refusal(payload: &Value) -> Option<&str> {
    let delta = payload.pointer("/choices/0/delta")?;
    let said = |key| delta.get(key).and_then(Value::as_str).filter(|text| !text.is_empty());
    // Rig takes the refusal only where there is no text.
    said("content").is_none().then(|| said("refusal")).flatten()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check<const N: usize>(payloads: [&Value; N], finish: Option<&FinishReason>, cut_off: bool) {
        let mut progress = Progress::default();
        for payload in payloads {
            progress.see(payload);
        }
        assert_eq!((progress.finish(), progress.is_cut_off(false)), (finish, cut_off));
    }

    #[test]
    fn an_answer_without_its_end_is_cut_off_in_every_known_dialect() {
        let chunk = |reason: Value| json!({"choices": [{"delta": {}, "finish_reason": reason}]});
        let (piece, last) = (chunk(Value::Null), chunk(json!("tool_calls")));
        check([&piece], None, true);
        check([&piece, &last], Some(&FinishReason::ToolCall), false);
        let start = json!({"type": "message_start"});
        let end = json!({"type": "message_delta", "delta": {"stop_reason": "end_turn"}});
        check([&start], None, true);
        check([&start, &end], Some(&FinishReason::Stop), false);
        let created = json!({"type": "response.created"});
        check([&created], None, true);
        check([&created, &json!({"type": "response.completed"})], None, false);
    }

    #[test]
    fn an_answer_that_ends_within_its_first_payload_is_cut_off() {
        let mut progress = Progress::default();
        assert!(progress.is_cut_off(true) && !progress.is_cut_off(false));
        progress.see(&json!({"candidates": []}));
        assert!(!progress.is_cut_off(true), "nothing is known of how this dialect ends");
    }

    #[test]
    fn nothing_is_said_about_other_dialects() {
        check([&json!({"candidates": []}), &json!("text"), &json!(null)], None, false);
    }

    #[test]
    fn answers_that_are_not_streamed_tell_their_reason_too() {
        let completion = json!({"choices": [{"message": {}, "finish_reason": "length"}]});
        check([&completion], Some(&FinishReason::Length), false);
        let message = json!({"type": "message", "stop_reason": "refusal"});
        check([&message], Some(&FinishReason::ContentFilter), false);
    }

    #[test]
    fn a_refusal_is_told_from_text() {
        let delta = |delta: Value| json!({"choices": [{"delta": delta}]});
        assert_eq!(refusal(&delta(json!({"refusal": "No."}))), Some("No."));
        for other in [
            json!({"content": "Yes."}),
            json!({"content": "a", "refusal": "b"}),
            json!({"refusal": null}),
        ] {
            assert_eq!(refusal(&delta(other)), None);
        }
    }
}
