//! The scripted model itself.

use std::{
    collections::HashMap,
    fmt,
    time::{Duration, Instant},
};

use futures::TryStreamExt as _;
use probity_eval::{
    Model as _,
    model::{ModelErrorKind, ModelEvent, ModelRequest},
    scripted::{Fault, Reply, ScriptedModel, WhenUsedUp},
};
use probity_trace::genai::{FinishReason, Usage};
use serde::Serialize;
use serde_json::json;

use crate::support::llm;

/// The texts of so many turns, or the errors.
async fn said(model: &ScriptedModel, turns: usize) -> Vec<String> {
    let llm = llm(model);
    let mut said = Vec::new();
    for _ in 0..turns {
        let answer = llm.completion("?").collect().await;
        said.push(answer.map_or_else(|error| error.to_string(), |answer| answer.text));
    }
    said
}

#[tokio::test]
async fn replies_are_given_in_order_and_then_it_is_an_error_that_is_not_tried_again() {
    let model = ScriptedModel::replies(["one", "two"]);
    let used_up = "the model call failed: the script is used up after 2 replies: add more, or say by \
                   `when_used_up` what follows";
    assert_eq!(said(&model, 4).await, ["one", "two", used_up, used_up]);
    assert_eq!(model.requests().len(), 4);
    let none = ScriptedModel::replies([""; 0]);
    assert!(said(&none, 1).await[0].contains("used up after 0 replies"));
    let one = ScriptedModel::replies([String::from("one")]);
    assert!(said(&one, 2).await[1].contains("used up after 1 reply:"));
}

#[tokio::test]
async fn a_list_may_begin_again_or_stay_at_its_end() {
    let model = ScriptedModel::replies(["one", "two"]);
    let again = model.fork(0).when_used_up(WhenUsedUp::Repeat);
    assert_eq!(said(&again, 5).await, ["one", "two", "one", "two", "one"]);
    let last = model.fork(0).when_used_up(WhenUsedUp::RepeatLast);
    assert_eq!(said(&last, 4).await, ["one", "two", "two", "two"]);
    for then in [WhenUsedUp::Repeat, WhenUsedUp::RepeatLast] {
        let none = ScriptedModel::replies([""; 0]).when_used_up(then);
        assert!(said(&none, 1).await[0].contains("used up after 0 replies"));
    }
}

#[tokio::test]
async fn clones_share_their_place_and_their_requests_and_forks_begin_anew() {
    let model = ScriptedModel::replies(["one", "two"]);
    let (clone, fork) = (model.clone(), model.fork(1));
    assert_eq!(said(&model, 1).await, ["one"]);
    assert_eq!(said(&clone, 1).await, ["two"]);
    assert_eq!(said(&fork, 2).await, ["one", "two"]);
    assert_eq!((model.requests().len(), clone.requests().len(), fork.requests().len()), (2, 2, 2));
}

#[tokio::test]
async fn a_closure_sees_the_request_and_its_number() {
    let model = ScriptedModel::from_fn(|request, turn| {
        let tokens = request.settings.max_output_tokens;
        format!("{} {:?} {}", request.input.messages[0].content(), tokens, turn.number())
    });
    let llm = llm(&model);
    let first = llm.completion("a").collect().await.unwrap();
    let second = llm.completion("b").max_output_tokens(9).collect().await.unwrap();
    assert_eq!((&*first.text, &*second.text), ("a None 0", "b Some(9) 1"));
    assert_eq!(second.response_id.as_deref(), Some("resp_1"));
}

#[tokio::test]
async fn the_same_seed_gives_the_same_answers_and_another_gives_others() {
    let with_seed = |seed| {
        let draws = ScriptedModel::from_fn(|_, turn| {
            let word = turn.choose(&["a", "b", "c"]).copied().unwrap_or("none");
            let nothing = turn.choose::<u8>(&[]);
            format!("{word} {} {:.3} {nothing:?}", turn.below(1_000), turn.fraction())
        });
        draws.with_seed(seed)
    };
    let first = said(&with_seed(1), 20).await;
    assert_eq!(first, said(&with_seed(1), 20).await);
    assert_ne!(first, said(&with_seed(2), 20).await);
    assert_ne!(said(&with_seed(1).fork(3), 20).await, said(&with_seed(2).fork(3), 20).await);
    let distinct: std::collections::HashSet<_> = first.iter().collect();
    assert_eq!(distinct.len(), 20);
}

#[tokio::test]
async fn faults_happen_as_often_as_they_should_and_use_up_no_reply() {
    let replies: Vec<_> = (0..1_000).map(|number| number.to_string()).collect();
    let model = ScriptedModel::replies(replies.clone())
        .with_fault_rate(0.3, Fault::status(400))
        .with_fault_rate(0.2, Fault::truncated().after_deltas(0).with_should_retry(false))
        .with_seed(5);
    let llm = llm(&model).with_retry(probity_eval::RetryPolicy::never());
    let (mut answers, mut faults) = (Vec::new(), HashMap::new());
    while answers.len() < replies.len() {
        match llm.completion("?").collect().await {
            Ok(answer) => answers.push(answer.text),
            Err(error) => *faults.entry(error.model_error().unwrap().kind).or_insert(0) += 1,
        }
    }
    assert_eq!(answers, replies);
    // Of n requests 0.3 n are refused, 0.14 n break off, and 0.56 n, which are the 1,000, are answered.
    let (refused, truncated) =
        (faults[&ModelErrorKind::InvalidRequest], faults[&ModelErrorKind::Truncated]);
    assert!((450..=620).contains(&refused) && (190..=310).contains(&truncated), "{faults:?}");
    assert_eq!(faults.len(), 2);
}

#[tokio::test]
async fn a_fault_that_takes_the_place_of_the_answer_uses_it_up() {
    let replies = ["one", "two", "three"].map(|text| Reply::text(text).with_reasoning("hm"));
    let refusing = ScriptedModel::replies(replies).with_fault_rate(1.0, Fault::refusal("No."));
    let llm = llm(&refusing);
    for _ in 0..3 {
        let answer = llm.completion("?").collect().await.unwrap();
        assert_eq!(
            (answer.refusal.as_deref(), &*answer.text, &*answer.reasoning),
            (Some("No."), "", "")
        );
    }
    assert!(llm.completion("?").collect().await.is_err());
    let silent = ScriptedModel::replies(["one"]).with_fault_rate(1.0, Fault::empty_answer());
    assert_eq!(said(&silent, 1).await, [""]);
}

#[tokio::test]
async fn a_rate_of_nothing_changes_nothing() {
    let draws = ScriptedModel::from_fn(|_, turn| turn.below(1_000_000).to_string());
    let plain = said(&draws.fork(1), 10).await;
    for rate in [0.0, -1.0, f64::NAN] {
        let rated = draws.clone().with_fault_rate(rate, Fault::timeout());
        assert_eq!(said(&rated.fork(1), 10).await, plain);
    }
}

#[tokio::test]
async fn usage_is_estimated_unless_it_is_given_or_not_reported() {
    let estimated =
        Reply::text("01234567").with_reasoning("0123").with_tool_call("abcd", json!({"a": 1}));
    let model = ScriptedModel::replies([
        estimated,
        Reply::text("hi").with_usage(Usage::new(7, 8)),
        Reply::text("hi").without_usage(),
    ]);
    let llm = llm(&model);
    let mut usages = Vec::new();
    for _ in 0..3 {
        usages.push(llm.completion("0123456789").collect().await.unwrap().usage);
    }
    // Input: 10 bytes; output: 8, 4, 4 for the name and 7 for the arguments.
    let expected = [Usage::new(3, 6).with_reasoning(1), Usage::new(7, 8), Usage::default()];
    assert_eq!(usages, expected);
}

async fn events(reply: Reply) -> Vec<ModelEvent> {
    let stream = ScriptedModel::replies([reply]).stream(&ModelRequest::default()).await.unwrap();
    stream.try_collect().await.unwrap()
}

#[tokio::test]
async fn pieces_are_cut_as_was_said_and_the_whole_is_exact() {
    let reply = Reply::text("a bc  d").with_tool_call_text("t", "0123456789abcdef");
    for (reply, texts, fragments) in [
        (reply.clone(), vec!["a", " bc", "  d"], vec!["", "0123456789ab", "cdef"]),
        (
            reply.clone().cut_by_characters(4),
            vec!["a bc", "  d"],
            vec!["", "0123", "4567", "89ab", "cdef"],
        ),
        (reply.in_one_piece(), vec!["a bc  d"], vec!["", "0123456789abcdef"]),
    ] {
        let events = events(reply).await;
        let found: Vec<_> = events
            .iter()
            .filter_map(|event| match event {
                ModelEvent::TextDelta(delta) => Some(&**delta),
                _ => None,
            })
            .collect();
        assert_eq!(found, texts);
        let found: Vec<_> = events
            .iter()
            .filter_map(|event| match event {
                ModelEvent::ToolCallDelta { arguments, .. } => Some(&**arguments),
                _ => None,
            })
            .collect();
        assert_eq!(found, fragments);
    }
}

#[tokio::test]
async fn what_a_reply_says_of_itself_comes_through() {
    let reply = Reply::text("hi")
        .with_response_id("chatcmpl-1")
        .with_request_id("req-1")
        .with_model("other")
        .with_finish_reason(FinishReason::Length);
    let answer = llm(&ScriptedModel::replies([reply])).completion("?").collect().await.unwrap();
    assert_eq!(answer.response_id.as_deref(), Some("chatcmpl-1"));
    assert_eq!(answer.request_id.as_deref(), Some("req-1"));
    assert_eq!(answer.model.as_deref(), Some("other"));
    assert_eq!(answer.finish_reason, Some(FinishReason::Length));
}

#[tokio::test]
async fn delays_come_before_the_answer_and_between_its_pieces() {
    let (before, between) = (Duration::from_millis(20), Duration::from_millis(10));
    let reply = Reply::text("one two three").with_delay(before).with_delay_between(between);
    let answer = llm(&ScriptedModel::replies([reply])).completion("?").collect().await.unwrap();
    let first = answer.time_to_first_token.unwrap();
    assert!(first >= before, "{first:?}");
    // Two of the three pieces wait.
    assert!(answer.duration >= first + 2 * between, "{:?}", answer.duration);
}

#[tokio::test]
async fn a_fault_before_an_answer_waits_as_well() {
    let wait = Duration::from_millis(20);
    let model = ScriptedModel::replies([Reply::from(Fault::timeout()).with_delay(wait)]);
    let begun = Instant::now();
    assert!(model.stream(&ModelRequest::default()).await.is_err());
    assert!(begun.elapsed() >= wait);
}

#[tokio::test]
async fn a_fault_after_more_pieces_than_there_are_takes_the_place_of_the_end() {
    let reply = Reply::text("one two").with_fault(Fault::connection_reset().after_deltas(9));
    let stream = ScriptedModel::replies([reply]).stream(&ModelRequest::default()).await.unwrap();
    let found: Vec<_> = futures::StreamExt::collect(stream).await;
    let [Ok(ModelEvent::Started(_)), Ok(_), Ok(_), Err(error)] = &found[..] else {
        panic!("{found:?}")
    };
    assert_eq!(error.kind, ModelErrorKind::Connection);
}

#[tokio::test]
async fn an_error_in_mid_stream_has_its_kind_but_no_status_of_its_own() {
    let fault = Fault::status(529).with_retry_after(Duration::from_secs(1)).after_deltas(1);
    let reply = Reply::text("one two").with_fault(fault);
    let stream = ScriptedModel::replies([reply]).stream(&ModelRequest::default()).await.unwrap();
    let error = stream.try_collect::<Vec<_>>().await.unwrap_err();
    assert_eq!((error.kind, error.status), (ModelErrorKind::Server, None));
    assert_eq!(error.retry_after, Some(Duration::from_secs(1)));
}

/// Cannot be written.
struct Unwritable;

impl Serialize for Unwritable {
    fn serialize<S: serde::Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
        Err(serde::ser::Error::custom("no words for it"))
    }
}

#[tokio::test]
async fn a_value_that_cannot_be_written_is_an_error_of_the_request() {
    let model = ScriptedModel::replies([Reply::json(&Unwritable), Reply::json("fine")]);
    let expected =
        "the model call failed: the scripted reply cannot be written as JSON: no words for it";
    assert_eq!(said(&model, 2).await, [expected, "\"fine\""]);
}

#[tokio::test]
async fn a_closure_may_look_at_what_its_model_was_asked() {
    let model = ScriptedModel::replies(["one"]);
    let seen = model.clone();
    let watching = ScriptedModel::from_fn(move |_, _| seen.requests().len().to_string());
    assert_eq!(said(&watching, 1).await, ["0"]);
}

#[test]
fn headers_are_shown_by_name_only() {
    fn check(shown: impl fmt::Debug) {
        let shown = format!("{shown:?}");
        assert!(shown.contains("x-secret") && !shown.contains("hidden"), "{shown}");
    }
    check(Reply::text("hi").with_header("x-secret", "hidden"));
    check(Fault::timeout().with_header("x-secret", "hidden"));
}
