//! No runtime is needed, and none is in the way.

use std::time::Duration;

use futures::{StreamExt as _, executor::block_on, future::join_all};
use probity_eval::{
    Llm, Probe,
    scripted::{Fault, Reply, ScriptedModel},
};
use probity_trace::capture;

use crate::support::{Verdict, llm, without_model};

fn is_send<T: Send>(value: T) -> T {
    value
}

fn is_shared<T: Send + Sync + 'static>() {}

struct Idle;

impl Probe for Idle {}

#[test]
fn everything_that_is_awaited_may_move_between_threads() {
    let llm = without_model();
    drop(is_send(llm.completion("?").collect()));
    drop(is_send(llm.completion("?").collect_with(Idle)));
    drop(is_send(llm.completion("?").stream()));
    drop(is_send(llm.structured::<Verdict>("?").collect()));
    is_shared::<Llm>();
    is_shared::<ScriptedModel>();
    is_shared::<Reply>();
    is_shared::<Fault>();
    is_shared::<probity_eval::TurnError>();
    is_shared::<probity_eval::TextTurnResult>();
    is_shared::<probity_eval::BudgetError>();
}

#[test]
fn turns_delays_and_waits_need_no_runtime() {
    let slow = Reply::text("one two")
        .with_delay(Duration::from_millis(2))
        .with_delay_between(Duration::from_millis(1));
    let limit = Fault::rate_limited().with_retry_after(Duration::from_millis(1));
    let model = ScriptedModel::replies([limit.into(), slow.clone(), slow.clone(), slow]);
    let llm = llm(&model);
    let collected = block_on(capture(async {
        let whole = llm.completion("?").collect().await.unwrap();
        let probed = llm.completion("?").collect_with(Idle).await.unwrap();
        let events = llm.completion("?").stream().count().await;
        (whole.attempts, probed.result.text, events)
    }));
    assert_eq!(collected.output, (2, "one two".to_owned(), 5));
    assert_eq!(collected.trace.spans("llm_turn").count(), 3);
}

#[test]
fn many_turns_may_wait_on_one_thread() {
    let model = ScriptedModel::from_fn(|request, _| {
        Reply::text(request.input.messages[0].content()).with_delay(Duration::from_millis(1))
    });
    let llm = llm(&model);
    let answers = block_on(join_all((0..100).map(|n| llm.completion(n.to_string()).collect())));
    for (number, answer) in answers.into_iter().enumerate() {
        assert_eq!(answer.unwrap().text, number.to_string());
    }
}
