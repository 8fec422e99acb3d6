//! Turns ask the rate limiter before they are sent, and tell it what came of it.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use futures::{FutureExt as _, StreamExt as _, executor::block_on, future::join_all};
use probity_eval::{
    Budget, Llm, Model, ModelError, RateLimiter, RateLimits, TurnError, async_trait,
    model::{ModelRequest, ModelStream},
    scripted::{Fault, Reply, ScriptedModel, WhenUsedUp},
};
use probity_trace::capture;

use crate::support::{llm, soon, spending, text, turn};

fn limiter(limits: RateLimits) -> RateLimiter {
    RateLimiter::new(limits)
}

fn unlimited() -> RateLimiter {
    limiter(RateLimits::new())
}

fn saying(text: &str) -> ScriptedModel {
    ScriptedModel::replies([Reply::text(text)]).when_used_up(WhenUsedUp::Repeat)
}

#[tokio::test]
async fn turns_keep_to_the_requests_per_minute_of_the_scope() {
    let model = saying("yes");
    let llm = llm(&model);
    // Ten at once, and then one every 0.1 s.
    let limiter = limiter(RateLimits::new().with_requests_per_minute(600));
    let began = Instant::now();
    let turns = join_all((0..12).map(|_| llm.completion("?").collect()));
    let answers = limiter.scope(turns).await;
    assert!(answers.iter().all(Result::is_ok));
    assert!(began.elapsed() >= Duration::from_millis(200), "{:?}", began.elapsed());
    let waited = limiter.waited();
    assert_eq!((waited.waits, waited.refused, waited.retried), (2, 0, 0));
    assert!(waited.limits >= Duration::from_millis(300) && waited.refusals.is_zero(), "{waited:?}");
    assert!(waited.elapsed <= began.elapsed() && waited.elapsed < waited.limits, "{waited:?}");
}

#[test]
fn waits_need_no_runtime() {
    let model = saying("yes");
    let limiter = limiter(RateLimits::new().with_requests_per_minute(1_200));
    let llm = llm(&model).with_rate_limiter(limiter.clone());
    let answers = block_on(join_all((0..21).map(|_| llm.completion("?").collect())));
    assert!(answers.iter().all(Result::is_ok));
    assert_eq!(limiter.waited().waits, 1);
}

#[tokio::test]
async fn tokens_that_were_not_used_are_there_for_the_next_turn() {
    let model = saying("yes");
    // 50 at once, and 49 a second; a turn may need 31 and uses fewer than 5.
    let limiter = limiter(RateLimits::new().with_tokens_per_minute(3_000));
    let llm = llm(&model).with_rate_limiter(limiter.clone());
    for _ in 0..4 {
        llm.completion("?").max_output_tokens(30).collect().await.unwrap();
    }
    assert!(limiter.waited().is_nothing(), "{}", limiter.waited());
}

#[tokio::test]
async fn a_refusal_keeps_all_turns_of_the_provider_waiting_as_long_as_it_says() {
    let wait = Duration::from_millis(60);
    let refusal = Fault::rate_limited().with_retry_after(wait);
    let model = ScriptedModel::from_fn(move |_, turn| {
        let reply = Reply::text("yes");
        if turn.number() == 0 { reply.with_fault(refusal.clone()) } else { reply }
    });
    let limiter = unlimited();
    let llm = llm(&model).with_rate_limiter(limiter.clone());
    let began = Instant::now();
    let first = tokio::spawn(llm.completion("?").collect());
    while limiter.waited().refused == 0 {
        tokio::task::yield_now().await;
    }
    let other = llm.completion("?").collect().await.unwrap();
    assert!(began.elapsed() >= wait && other.attempts == 1);
    assert_eq!(first.await.unwrap().unwrap().attempts, 2);
    let waited = limiter.waited();
    assert_eq!((waited.refused, waited.retried), (1, 1));
    assert!(waited.retries >= wait && waited.refusals > wait / 2, "{waited:?}");
    assert!(waited.limits.is_zero(), "{waited}");
}

#[tokio::test]
async fn overload_is_a_refusal_and_other_failures_are_none() {
    for (fault, refused) in [
        (Fault::status(429), 1),
        (Fault::status(529), 1),
        (Fault::status(503).with_retry_after(Duration::from_millis(1)), 1),
        (Fault::status(503), 0),
        (Fault::server_error(), 0),
        (Fault::connection_reset(), 0),
        (Fault::status(402), 0),
        (Fault::status(429).after_deltas(1), 1),
    ] {
        let broken = Reply::text("one two").with_fault(fault.clone());
        let model = ScriptedModel::replies([broken, Reply::text("well")]);
        let limiter = unlimited();
        let _ = limiter.scope(llm(&model).completion("?").collect()).await;
        assert_eq!(limiter.waited().refused, refused, "{fault:?}");
    }
}

#[tokio::test]
async fn the_wait_is_on_the_span_and_no_part_of_the_model_s_time() {
    let model = saying("yes");
    let limiter = limiter(RateLimits::new().with_requests_per_minute(600));
    let llm = llm(&model).with_rate_limiter(limiter);
    join_all((0..10).map(|_| llm.completion("?").collect())).await;
    let collected = capture(llm.completion("?").collect()).await;
    let (answer, span) = (collected.output.unwrap(), turn(&collected.trace));
    let waited =
        span.field("probity.rate_limit_wait_ms").and_then(probity_trace::ValueRef::as_u64).unwrap();
    assert!(waited > 10, "{waited}");
    let waited = Duration::from_millis(waited);
    assert!(answer.duration >= waited);
    assert!(answer.time_to_first_token.unwrap() + waited <= answer.duration);

    let free = capture(crate::support::llm(&saying("yes")).completion("?").collect()).await;
    assert_eq!(text(turn(&free.trace), "probity.rate_limit_wait_ms"), None);
}

#[tokio::test]
async fn the_limiter_of_the_context_goes_before_that_of_the_scope() {
    let model = saying("yes");
    let (own, around) = (unlimited(), limiter(RateLimits::new().with_requests_per_minute(1)));
    let llm = llm(&model).with_rate_limiter(own);
    let turns = async {
        llm.completion("?").collect().await?;
        llm.completion("?").collect().await
    };
    around.scope(turns).await.unwrap();
    assert!(around.waited().is_nothing());
}

#[tokio::test]
async fn a_turn_that_is_begun_in_the_scope_keeps_its_limiter_on_another_task() {
    let refusal = Fault::rate_limited().with_retry_after(Duration::ZERO);
    let model = ScriptedModel::replies([refusal.into(), Reply::text("well")]);
    let limiter = unlimited();
    let stream = limiter.scope(async { llm(&model).completion("?").stream() }).await;
    tokio::spawn(stream.count()).await.unwrap();
    assert_eq!(limiter.waited().refused, 1);
}

#[tokio::test]
async fn a_part_counts_for_itself_and_shares_the_queue() {
    let model = saying("yes");
    let whole = limiter(RateLimits::new().with_requests_per_minute(600));
    let parts = [whole.part(), whole.part()];
    let llm = llm(&model);
    let turns =
        |count| join_all((0..count).map(|_| llm.completion("?").collect()).collect::<Vec<_>>());
    parts[0].scope(turns(10)).await;
    parts[1].scope(turns(1)).await;
    assert!(parts[0].waited().is_nothing());
    assert_eq!((parts[1].waited().waits, whole.waited().waits), (1, 1));
    assert_eq!(parts[1].waited().limits, whole.waited().limits);
}

#[tokio::test]
async fn nobody_waits_for_a_call_that_the_budget_does_not_allow() {
    let model = saying("yes");
    let limiter = limiter(RateLimits::new().with_requests_per_minute(1));
    let llm =
        spending(&model, Budget::unlimited().max_requests(1)).with_rate_limiter(limiter.clone());
    llm.completion("?").collect().await.unwrap();
    let error = llm.completion("?").collect().await.unwrap_err();
    assert!(matches!(error, TurnError::Budget(_)), "{error}");
    assert!(limiter.waited().is_nothing());
}

#[tokio::test]
async fn what_waits_is_neither_sent_nor_charged_when_it_is_dropped() {
    let model = saying("yes");
    let limiter = limiter(RateLimits::new().with_requests_per_minute(1));
    let llm = llm(&model).with_rate_limiter(limiter.clone());
    llm.completion("?").collect().await.unwrap();
    assert!(llm.completion("?").collect().now_or_never().is_none());
    assert_eq!((llm.budget().spent().requests, model.requests().len()), (1, 1));
    assert_eq!(limiter.waited().waits, 1);
}

/// Asks another model for its answer, and looks whether a limiter is current meanwhile.
struct Relay(Llm);

#[async_trait]
impl Model for Relay {
    fn provider(&self) -> &'static str {
        "relay"
    }

    fn name(&self) -> &'static str {
        "relay"
    }

    async fn stream(&self, request: &ModelRequest) -> Result<ModelStream, ModelError> {
        assert!(RateLimiter::current().is_none());
        let model = self.0.model().unwrap();
        let stream = model.stream(request).await?;
        Ok(stream.inspect(|_| assert!(RateLimiter::current().is_none())).boxed())
    }
}

#[tokio::test]
async fn no_limiter_is_current_below_a_turn_that_was_admitted() {
    let model = saying("yes");
    let relay = Llm::new(Arc::new(Relay(llm(&model))), Budget::unlimited()).with_retry(soon());
    let limiter = unlimited();
    let scoped = limiter.scope(async {
        relay.completion("?").collect().await.unwrap();
        assert!(RateLimiter::current().is_some());
    });
    scoped.await;
}
