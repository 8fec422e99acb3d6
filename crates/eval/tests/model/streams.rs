//! Turns that are read as they come.

use std::time::Duration;

use futures::StreamExt as _;
use probity_eval::{
    model::ModelEvent,
    scripted::{Fault, Reply, ScriptedModel},
};
use probity_trace::{capture, genai::FinishReason};

use crate::support::{llm, text, turn};

#[tokio::test]
async fn the_events_come_in_order_and_make_the_answer() {
    let reply = Reply::text("one two").with_reasoning("hm");
    let mut answer = llm(&ScriptedModel::replies([reply])).completion("?").stream();
    let mut events = Vec::new();
    while let Some(event) = answer.next().await {
        events.push(event.unwrap());
    }
    let [ModelEvent::Started(head), content @ .., ModelEvent::Usage(_), last] = &events[..] else {
        panic!("{events:?}")
    };
    assert_eq!(head.response_id.as_deref(), Some("resp_0"));
    let delta = |text: &str| ModelEvent::TextDelta(text.to_owned());
    assert_eq!(content, [ModelEvent::ReasoningDelta("hm".to_owned()), delta("one"), delta(" two")]);
    assert_eq!(*last, ModelEvent::Finished(FinishReason::Stop));
    let result = answer.into_result();
    assert_eq!((&*result.text, &*result.reasoning, result.attempts), ("one two", "hm", 1));
}

#[tokio::test]
async fn after_its_end_a_stream_gives_nothing_more() {
    let mut answer = llm(&ScriptedModel::replies(["one"])).completion("?").stream();
    while answer.next().await.is_some() {}
    for _ in 0..3 {
        assert!(answer.next().await.is_none());
    }
    let mut failing = llm(&ScriptedModel::replies([Fault::status(400)])).completion("?").stream();
    assert!(failing.next().await.unwrap().is_err());
    for _ in 0..3 {
        assert!(failing.next().await.is_none());
    }
    assert!(!failing.into_result().is_complete());
}

#[tokio::test]
async fn the_span_of_a_stream_closes_at_its_end_and_not_when_it_is_dropped() {
    let collected = capture(async {
        let mut answer = llm(&ScriptedModel::replies(["one"])).completion("?").stream();
        while answer.next().await.is_some() {}
        answer
    });
    let collected = collected.await;
    let span = turn(&collected.trace);
    assert!(!span.is_open());
    assert_eq!(text(span, "finish_reason").as_deref(), Some("stop"));
    assert_eq!(collected.output.into_result().text, "one");
}

#[tokio::test]
async fn a_stream_that_is_dropped_early_is_cancelled() {
    let model = ScriptedModel::replies(["one two three"]);
    let llm = llm(&model).with_content_capture(true);
    let collected = capture(async {
        let mut answer = llm.completion("?").stream();
        while !matches!(answer.next().await, Some(Ok(ModelEvent::TextDelta(_)))) {}
    });
    let trace = collected.await.trace;
    let span = turn(&trace);
    assert!(!span.is_open());
    assert_eq!(text(span, "finish_reason").as_deref(), Some("cancelled"));
    assert_eq!(text(span, "gen_ai.response.id").as_deref(), Some("resp_0"));
    let output = text(span, "gen_ai.output.messages").unwrap();
    assert!(output.contains("one") && !output.contains("two"), "{output}");
    let spent = llm.budget().spent();
    assert_eq!((spent.requests, spent.estimated_requests), (1, 1));
}

#[tokio::test]
async fn a_stream_that_is_dropped_before_it_was_asked_for_sends_nothing() {
    let model = ScriptedModel::replies(["one"]);
    let llm = llm(&model);
    let trace = capture(async { drop(llm.completion("?").stream()) }).await.trace;
    assert_eq!(text(turn(&trace), "finish_reason").as_deref(), Some("cancelled"));
    assert_eq!(text(turn(&trace), "probity.attempts").as_deref(), Some("0"));
    assert_eq!((model.requests().len(), llm.budget().spent().requests), (0, 0));
    // A turn that asked no model is no call of one.
    assert_eq!(trace.genai().llm_calls(), []);
}

#[tokio::test]
async fn a_stream_that_is_dropped_while_it_waits_is_charged_the_attempts_it_made() {
    let limit = Fault::rate_limited().with_retry_after(Duration::from_mins(1));
    let llm = llm(&ScriptedModel::replies([limit]));
    let mut answer = llm.completion("?").stream();
    assert!(futures::poll!(answer.next()).is_pending());
    drop(answer);
    let spent = llm.budget().spent();
    assert_eq!((spent.requests, spent.tokens, spent.estimated_requests), (1, 0, 0));
}
