//! Many turns at once.

use std::{sync::Arc, time::Duration};

use futures::{StreamExt as _, stream};
use probity_eval::{
    Budget, Llm,
    scripted::{Fault, Reply, ScriptedModel},
};
use probity_trace::{CaptureHandle, capture};
use tracing::Instrument as _;

use crate::support::{llm, soon, text};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_turns_on_many_threads_are_spans_of_one_capture() {
    const TURNS: usize = 200;
    let model = ScriptedModel::from_fn(|request, _| {
        let said = request.input.messages[0].content();
        Reply::text(format!("heard {said}"))
            .with_response_id(said)
            .with_delay(Duration::from_micros(50))
    });
    let llm = llm(&model);
    let collected = capture(async {
        let handle = CaptureHandle::current().unwrap();
        let tasks = (0..TURNS).map(|number| {
            let turn = llm.completion(number.to_string()).collect();
            let agent = tracing::info_span!("agent", number);
            tokio::spawn(handle.clone().attach(turn.instrument(agent)))
        });
        let mut answers = Vec::new();
        for task in tasks.collect::<Vec<_>>() {
            answers.push(task.await.unwrap().unwrap().text);
        }
        answers
    });
    let collected = collected.await;
    assert!(collected.output.iter().enumerate().all(|(n, said)| *said == format!("heard {n}")));
    assert_eq!(llm.budget().spent().requests, TURNS as u64);
    let mut found = 0;
    for turn in collected.trace.spans("llm_turn") {
        let agent = turn.parent().unwrap();
        assert_eq!(agent.name(), "agent");
        assert_eq!(text(turn, "gen_ai.response.id"), text(agent, "number"));
        assert_eq!(text(turn, "finish_reason").as_deref(), Some("stop"));
        found += 1;
    }
    assert_eq!(found, TURNS);
    assert_eq!(collected.trace.genai().llm_calls().len(), TURNS);
}

/// Right seven times in ten, and rate limited now and then; how long it takes depends on the case as well.
fn flaky() -> ScriptedModel {
    let limit = Fault::rate_limited().with_retry_after(Duration::ZERO);
    ScriptedModel::from_fn(|_, turn| {
        let right = if turn.chance(0.7) { "right" } else { "wrong" };
        Reply::text(right).with_delay(Duration::from_micros(turn.below(500)))
    })
    .with_fault_rate(0.2, limit)
    .with_seed(42)
}

/// What three turns of a trial come to, and the attempts they take.
async fn trial(llm: Llm) -> Vec<(String, u32)> {
    let mut answers = Vec::new();
    for _ in 0..3 {
        let answer = llm.completion("?").collect().await.unwrap();
        answers.push((answer.text, answer.attempts));
    }
    answers
}

#[tokio::test]
async fn trials_with_forks_of_their_own_come_out_the_same_in_whatever_order_they_run() {
    let model = flaky();
    let patient = soon().with_max_attempts(50);
    let one = |seed: u64| {
        let fork = Arc::new(model.fork(seed));
        trial(Llm::new(fork, Budget::unlimited()).with_retry(patient))
    };
    let alone: Vec<_> = stream::iter(0..40).then(one).collect().await;
    let at_once: Vec<_> = stream::iter(0..40).map(one).buffered(16).collect().await;
    assert_eq!(alone, at_once);
    let mut backwards: Vec<_> = stream::iter((0..40).rev()).map(one).buffered(40).collect().await;
    backwards.reverse();
    assert_eq!(alone, backwards);

    let answers: Vec<_> = alone.iter().flatten().collect();
    let right = answers.iter().filter(|(text, _)| text == "right").count();
    let again = answers.iter().filter(|(_, attempts)| *attempts > 1).count();
    // 84 of 120 are expected, and 24; both within four standard deviations.
    assert!((64..=104).contains(&right) && (7..=42).contains(&again), "{right} {again}");
    // A fork asks for nothing on behalf of the model that it was made of.
    assert!(model.requests().is_empty());
}

#[tokio::test]
async fn requests_with_seeds_of_their_own_come_out_the_same_in_whatever_order_they_run() {
    let ask = |seeds: Vec<u64>| async move {
        let llm = llm(&flaky()).with_retry(soon().with_max_attempts(50));
        let turns = stream::iter(seeds).map(|seed| {
            let turn = llm.completion("?").seed(seed).collect();
            async move { (seed, turn.await.unwrap()) }
        });
        let turns =
            turns.buffer_unordered(16).map(|(seed, answer)| (seed, answer.text, answer.attempts));
        let mut answers: Vec<_> = turns.collect().await;
        answers.sort_unstable();
        answers
    };
    let forwards = ask((0..60).collect()).await;
    assert_eq!(forwards, ask((0..60).rev().collect()).await);
    assert!(forwards.iter().any(|(_, text, _)| text == "right"));
    assert!(forwards.iter().any(|(_, text, _)| text == "wrong"));
}
