//! Which calls are tried again, and when.

use std::time::{Duration, Instant};

use futures::TryStreamExt as _;
use probity_eval::{
    Probe, RetryPolicy, TurnError,
    model::ModelEvent,
    scripted::{Fault, Reply, ScriptedModel, WhenUsedUp},
};
use probity_trace::capture;
use serde_json::json;

use crate::support::{llm, text, turn};

/// Fails three times with a fault, then answers.
fn failing(fault: &Fault) -> ScriptedModel {
    let failing = Reply::text("one two").with_fault(fault.clone());
    ScriptedModel::replies([failing.clone(), failing.clone(), failing, Reply::text("well")])
}

#[tokio::test]
async fn what_may_pass_is_tried_again_and_what_will_not_is_not() {
    let statuses = |statuses: &[u16]| -> Vec<_> {
        statuses.iter().map(|status| Fault::status(*status)).collect()
    };
    let mut passing = statuses(&[408, 409, 429, 500, 502, 503, 504, 529]);
    passing.extend([
        Fault::timeout(),
        Fault::connection_reset(),
        Fault::connection_reset().after_deltas(1),
        Fault::truncated(),
        Fault::truncated().after_deltas(0),
        Fault::server_error().after_deltas(1),
        Fault::status(400).with_should_retry(true),
    ]);
    let mut lasting = statuses(&[400, 401, 402, 403, 404, 413, 422]);
    lasting.extend([
        Fault::malformed_json(),
        Fault::rate_limited().with_should_retry(false),
        Fault::server_error().with_should_retry(false),
    ]);
    for (faults, attempts) in [(passing, 3), (lasting, 1)] {
        for fault in faults {
            let model = failing(&fault);
            let error = llm(&model).completion("?").collect().await.unwrap_err();
            let TurnError::Model { attempts: counted, .. } = error else { panic!("{error}") };
            assert_eq!(
                (counted, model.requests().len()),
                (attempts, attempts as usize),
                "{fault:?}"
            );
        }
    }
}

#[tokio::test]
async fn as_many_attempts_are_made_as_the_policy_allows() {
    for (allowed, made) in [(0, 1), (1, 1), (2, 2), (4, 4), (9, 4)] {
        let model = failing(&Fault::server_error());
        let llm = llm(&model).with_retry(crate::support::soon().with_max_attempts(allowed));
        let answer = llm.completion("?").collect().await;
        assert_eq!((answer.is_ok(), model.requests().len()), (allowed >= 4, made), "{allowed}");
        if let Ok(answer) = answer {
            assert_eq!((&*answer.text, answer.attempts), ("well", 4));
        }
    }
}

#[tokio::test]
async fn the_provider_s_wait_takes_the_place_of_the_policy_s() {
    let long = Duration::from_secs(20);
    let limit = Fault::rate_limited().with_retry_after(Duration::from_millis(1));
    let model = ScriptedModel::replies([limit.into(), Reply::text("well")]);
    let llm = llm(&model).with_retry(RetryPolicy::default().with_waits(long, long));
    let answer = llm.completion("?").collect().await.unwrap();
    assert_eq!(answer.text, "well");
    assert!(answer.duration < long);
}

#[tokio::test]
async fn the_provider_s_wait_is_waited() {
    let wait = Duration::from_millis(40);
    let model = ScriptedModel::replies([
        Fault::rate_limited().with_retry_after(wait).into(),
        Reply::text("well"),
    ]);
    let llm =
        llm(&model).with_retry(RetryPolicy::default().with_waits(Duration::ZERO, Duration::ZERO));
    let begun = Instant::now();
    let answer = llm.completion("?").collect().await.unwrap();
    assert!(begun.elapsed() >= wait && answer.duration >= wait);
    // The wait is not a part of what the model took to begin its answer.
    assert!(answer.time_to_first_token.unwrap() + wait <= answer.duration);
}

#[tokio::test]
async fn a_provider_that_asks_for_too_long_a_wait_fails_the_call_at_once() {
    let limit = Fault::rate_limited().with_retry_after(Duration::from_secs(121));
    let model = ScriptedModel::replies([limit.into(), Reply::text("well")]);
    let error = llm(&model).completion("?").collect().await.unwrap_err();
    assert_eq!(model.requests().len(), 1);
    assert_eq!(error.model_error().unwrap().retry_after, Some(Duration::from_secs(121)));
}

#[tokio::test]
async fn each_wait_is_an_event_in_the_turn_s_span() {
    let limit =
        Fault::rate_limited().with_body("slow down").with_retry_after(Duration::from_millis(2));
    let model = ScriptedModel::replies([
        limit.into(),
        Fault::connection_reset().into(),
        Reply::text("well"),
    ]);
    let trace = capture(llm(&model).completion("?").collect()).await.trace;
    let span = turn(&trace);
    let events: Vec<_> = span.events().collect();
    let [first, second] = &events[..] else { panic!("{trace}") };
    assert_eq!(first.message(), Some("a model call failed and will be tried again"));
    assert_eq!(first.level(), tracing::Level::WARN);
    assert_eq!(first.field("attempt"), Some(1_u64.into()));
    assert_eq!(first.field("wait_ms"), Some(2_u64.into()));
    assert_eq!(first.field("error.type").unwrap(), "429");
    assert!(first.field("error").unwrap().as_str().unwrap().contains("slow down"));
    assert_eq!(second.field("attempt"), Some(2_u64.into()));
    assert_eq!(second.field("error.type").unwrap(), "connection");
    assert_eq!(text(span, "probity.attempts").as_deref(), Some("3"));
    assert_eq!(text(span, "error.type"), None);
}

/// Breaks off in the middle of everything, then answers.
fn breaking() -> ScriptedModel {
    let whole = Reply::text("one two")
        .with_reasoning("first second")
        .with_tool_call("count", json!({"to": 2}));
    let broken = |deltas| whole.clone().with_fault(Fault::connection_reset().after_deltas(deltas));
    ScriptedModel::replies([broken(3), broken(6), whole.clone()])
}

#[tokio::test]
async fn a_turn_of_which_nobody_saw_a_part_begins_anew_when_its_answer_breaks_off() {
    let answer = llm(&breaking()).completion("?").collect().await.unwrap();
    assert_eq!((&*answer.text, &*answer.reasoning), ("one two", "first second"));
    assert_eq!(answer.tool_calls.len(), 1);
    assert_eq!(answer.tool_calls[0].arguments, json!({"to": 2}));
    assert_eq!((answer.attempts, answer.response_id.as_deref()), (3, Some("resp_2")));
}

#[tokio::test]
async fn an_answer_that_breaks_off_at_every_attempt_is_kept_as_far_as_it_came() {
    let broken = Reply::text("one two three").with_fault(Fault::truncated().after_deltas(2));
    let model = ScriptedModel::replies([broken]).when_used_up(WhenUsedUp::Repeat);
    let error = llm(&model).completion("?").collect().await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "the answer broke off: the stream ended before the answer did (after 3 attempts)"
    );
    let TurnError::Model { partial: Some(partial), .. } = error else { panic!("{error}") };
    assert_eq!((&*partial.text, partial.attempts), ("one two", 3));
    assert!(!partial.is_complete());
}

#[tokio::test]
async fn a_stream_whose_reader_saw_a_part_does_not_begin_anew() {
    let model = breaking();
    let mut answer = llm(&model).completion("?").stream();
    let mut seen = Vec::new();
    let error = loop {
        match answer.try_next().await {
            Ok(event) => seen.push(event.expect("the stream breaks off before its end")),
            Err(error) => break error,
        }
    };
    let TurnError::Model { attempts, partial: Some(partial), .. } = error else {
        panic!("{error}")
    };
    assert_eq!((attempts, model.requests().len()), (1, 1));
    assert_eq!((&*partial.reasoning, &*partial.text), ("first second", "one"));
    assert_eq!(seen.iter().filter(|event| event.is_content()).count(), 3);
    // What came is still there for whoever reads on.
    assert_eq!(answer.into_result().text, partial.text);
}

#[tokio::test]
async fn a_stream_of_which_nothing_was_seen_begins_anew() {
    let broken = Reply::text("one").with_fault(Fault::connection_reset().after_deltas(0));
    let model = ScriptedModel::replies([Fault::timeout().into(), broken, Reply::text("well")]);
    let events: Vec<_> = llm(&model).completion("?").stream().try_collect().await.unwrap();
    let texts = events.iter().filter(|event| matches!(event, ModelEvent::TextDelta(_)));
    assert_eq!((texts.count(), model.requests().len()), (1, 3));
}

/// Collects what it sees.
#[derive(Debug, Default)]
struct Seen(String);

impl Probe for Seen {
    fn on_text_delta(&mut self, delta: &str) {
        self.0.push_str(delta);
    }

    fn on_reasoning_delta(&mut self, delta: &str) {
        self.0.push_str(delta);
    }
}

#[tokio::test]
async fn a_turn_that_a_probe_saw_a_part_of_does_not_begin_anew() {
    let model = breaking();
    let mut seen = Seen::default();
    let error = llm(&model).completion("?").collect_with(&mut seen).await.unwrap_err();
    let TurnError::Model { partial: Some(partial), .. } = error else { panic!("{error}") };
    assert_eq!((seen.0, model.requests().len()), ("first secondone".to_owned(), 1));
    assert_eq!(partial.text, "one");
}

#[tokio::test]
async fn a_turn_that_a_probe_saw_nothing_of_begins_anew() {
    let model = ScriptedModel::replies([Fault::server_error().into(), Reply::text("well")]);
    let probed = llm(&model).completion("?").collect_with(Seen::default()).await.unwrap();
    assert_eq!((&*probed.probe.0, probed.attempts), ("well", 2));
}

/// Answers, says that the answer is whole, and then breaks off.
struct BreaksAfterTheEnd;

#[probity_eval::async_trait]
impl probity_eval::Model for BreaksAfterTheEnd {
    fn provider(&self) -> &'static str {
        "test"
    }

    fn name(&self) -> &'static str {
        "test"
    }

    async fn stream(
        &self,
        _request: &probity_eval::model::ModelRequest,
    ) -> Result<probity_eval::model::ModelStream, probity_eval::ModelError> {
        use probity_eval::model::{ModelErrorKind, ModelEvent};
        use probity_trace::genai::FinishReason;

        Ok(Box::pin(futures::stream::iter([
            Ok(ModelEvent::TextDelta("whole".to_owned())),
            Ok(ModelEvent::Finished(FinishReason::Stop)),
            Err(probity_eval::ModelError::new(ModelErrorKind::Connection, "reset")),
        ])))
    }
}

#[tokio::test]
async fn what_goes_wrong_after_the_answer_is_whole_takes_nothing_from_it() {
    let model = std::sync::Arc::new(BreaksAfterTheEnd);
    let llm = probity_eval::Llm::new(model, probity_eval::Budget::unlimited());
    let answer = llm.completion("?").collect().await.unwrap();
    assert_eq!((&*answer.text, answer.attempts), ("whole", 1));
}
