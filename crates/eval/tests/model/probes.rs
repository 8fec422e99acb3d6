//! Probes that watch a turn.

use probity_eval::{
    Probe, StopReason, TurnError,
    scripted::{Fault, Reply, ScriptedModel},
};
use probity_trace::{
    capture,
    genai::{LlmCall, ToolCall, Usage},
};
use serde_json::json;

use crate::support::{llm, text, turn};

/// Notes what it is shown, and ends the turn after so many characters of text.
#[derive(Debug, Default)]
struct Notes {
    seen: Vec<String>,
    characters: usize,
    at_most: Option<usize>,
}

impl Probe for Notes {
    fn on_text_delta(&mut self, delta: &str) {
        self.seen.push(format!("text {delta}"));
        self.characters += delta.len();
    }

    fn on_reasoning_delta(&mut self, delta: &str) {
        self.seen.push(format!("reasoning {delta}"));
    }

    fn on_tool_call(&mut self, call: &ToolCall) {
        let arguments = call.arguments.as_ref().map(ToString::to_string).unwrap_or_default();
        self.seen.push(format!("tool {} {arguments}", call.name));
    }

    fn on_turn_finished(&mut self, call: &LlmCall) {
        let error = call.error.as_ref().map(|error| &*error.error_type);
        self.seen.push(format!("finished {:?} {error:?}", call.finish_reasons));
    }

    fn stop(&self) -> Option<StopReason> {
        let at_most = self.at_most?;
        (self.characters > at_most).then(|| StopReason::new("it rambles"))
    }
}

fn telling() -> Reply {
    Reply::text("one two three")
        .with_reasoning("let me")
        .with_tool_call("count", json!({"to": 3}))
        .with_usage(Usage::new(50, 9))
}

#[tokio::test]
async fn a_probe_sees_the_whole_turn_in_order_and_is_handed_back() {
    let llm = llm(&ScriptedModel::replies([telling()]));
    let probed = llm.completion("?").collect_with(Notes::default()).await.unwrap();
    assert_eq!(
        probed.probe.seen,
        [
            "reasoning let",
            "reasoning  me",
            "text one",
            "text  two",
            "text  three",
            r#"tool count {"to":3}"#,
            "finished [ToolCall] None",
        ]
    );
    assert_eq!((probed.stopped.is_none(), probed.panicked.is_none()), (true, true));
    assert_eq!((&*probed.text, probed.is_complete()), ("one two three", true));
}

#[tokio::test]
async fn a_probe_ends_the_turn_and_what_had_come_is_kept_and_marked() {
    let llm = llm(&ScriptedModel::replies([telling()]));
    let probe = Notes { at_most: Some(5), ..Notes::default() };
    let collected = capture(llm.completion("0123").collect_with(probe)).await;
    let probed = collected.output.unwrap();
    assert_eq!(
        (&*probed.text, probed.is_complete(), probed.tool_calls.len()),
        ("one two", false, 0)
    );
    assert_eq!(probed.probe.seen.last().unwrap(), "finished [] None");
    assert!(!probed.probe.seen.contains(&"text  three".to_owned()));

    let span = turn(&collected.trace);
    let reason = probed.stopped.unwrap();
    assert_eq!(reason.to_string(), "stopped by Notes: it rambles");
    assert_eq!((reason.span, reason.model_calls), (Some(span.id()), 1));
    assert_eq!(text(span, "finish_reason").as_deref(), Some("stopped"));
    assert_eq!(text(span, "probity.stopped_by").as_deref(), Some("stopped by Notes: it rambles"));
    assert_eq!(text(span, "error.type"), None);
    // One token of input; four of the answer: 6 bytes of reasoning and 7 of text.
    let spent = llm.budget().spent();
    assert_eq!((spent.requests, spent.tokens, spent.estimated_requests), (1, 5, 1));
}

/// Panics at its second piece of text.
#[derive(Default)]
struct Panics(usize);

impl Probe for Panics {
    fn on_text_delta(&mut self, _: &str) {
        self.0 += 1;
        assert!(self.0 < 2, "out of paper");
    }
}

#[tokio::test]
async fn a_probe_that_panics_is_reported_and_the_turn_goes_on() {
    let llm = llm(&ScriptedModel::replies([telling()]));
    let collected = capture(llm.completion("?").collect_with(Panics::default())).await;
    let probed = collected.output.unwrap();
    assert_eq!(probed.panicked.as_deref(), Some("out of paper"));
    assert_eq!((probed.probe.0, probed.stopped), (2, None));
    assert_eq!((&*probed.result.text, probed.result.is_complete()), ("one two three", true));
    let span = turn(&collected.trace);
    let event = span.event("a probe panicked; it is asked no more").unwrap();
    assert_eq!(event.field("error").unwrap(), "out of paper");
    assert_eq!(text(span, "finish_reason").as_deref(), Some("tool_call"));
}

/// Panics when the turn has ended.
struct PanicsLate;

impl Probe for PanicsLate {
    fn on_turn_finished(&mut self, _: &LlmCall) {
        panic!("too late");
    }
}

#[tokio::test]
async fn a_probe_that_panics_at_the_end_is_reported_too() {
    let llm = llm(&ScriptedModel::replies([telling()]));
    let probed = llm.completion("?").collect_with(PanicsLate).await.unwrap();
    assert_eq!(probed.panicked.as_deref(), Some("too late"));
    assert!(probed.is_complete());
}

#[tokio::test]
async fn a_probe_that_is_lent_is_told_of_a_turn_that_fails_and_outlives_it() {
    let broken = telling().with_fault(Fault::connection_reset().after_deltas(3));
    let llm = llm(&ScriptedModel::replies([broken]));
    let mut probe = Notes::default();
    let error = llm.completion("?").collect_with(&mut probe).await.unwrap_err();
    assert!(matches!(error, TurnError::Model { partial: Some(_), .. }));
    assert_eq!(
        probe.seen,
        ["reasoning let", "reasoning  me", "text one", r#"finished [] Some("connection")"#]
    );
}

/// Ends a turn that asks for any tool.
#[derive(Default)]
struct NoTools(bool);

impl Probe for NoTools {
    fn on_tool_call(&mut self, _: &ToolCall) {
        self.0 = true;
    }

    fn stop(&self) -> Option<StopReason> {
        self.0.then(|| StopReason::new("a tool was asked for"))
    }
}

#[tokio::test]
async fn a_reason_that_comes_with_the_end_is_told_though_the_answer_is_whole() {
    let llm = llm(&ScriptedModel::replies([telling()]));
    let pair = (Notes::default(), NoTools::default());
    let probed = llm.completion("?").collect_with(pair).await.unwrap();
    let reason = probed.stopped.unwrap();
    assert_eq!(reason.to_string(), "stopped by NoTools: a tool was asked for");
    assert_eq!(reason.usage, Usage::new(50, 9));
    assert!(probed.result.is_complete());
}
