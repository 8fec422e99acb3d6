//! Calls that a rate limiter lets go, of models and of programs with a client of their own.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use async_openai::types::chat::CreateChatCompletionRequest;
use futures::{StreamExt as _, future::join_all, stream};
use probity_adapters::openai::{TraceLayer, traced_client};
use probity_eval::{Budget, Llm, RateLimiter, RateLimits, RetryPolicy, rate_limit::Waited};
use probity_model_server::{Answer, Failure, FailureKind, ModelServer, Reply, Script, Usage};
use probity_trace::{ValueRef, capture};
use tower::Layer as _;

use crate::{
    config,
    contract::serve,
    model,
    traced::{client, request},
};

/// Refuses every third call for a moment.
fn refusing_a_third() -> Script {
    Script::from_fn(|_, given| match given % 3 {
        1 => Failure::new(FailureKind::RateLimited).with_retry_after_ms(30).into(),
        _ => Reply::text("It is sunny."),
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_turn_succeeds_though_a_third_is_refused_and_the_server_dies_in_the_middle() {
    const TURNS: usize = 120;
    let server = serve(refusing_a_third()).await;
    let limits = RateLimits::new().with_requests_per_minute(("openai", 3_000));
    let limiter = RateLimiter::new(limits);
    let retry = RetryPolicy::default()
        .with_max_attempts(30)
        .with_waits(Duration::from_millis(20), Duration::from_millis(200));
    let llm = Llm::new(Arc::new(model(&server)), Budget::unlimited()).with_retry(retry);
    let began = Instant::now();
    let turns = stream::iter(0..TURNS).map(|_| {
        let turn = limiter.scope(llm.completion("How is the weather?").collect());
        async { tokio::spawn(turn).await.unwrap() }
    });
    let turns = turns.buffer_unordered(24).collect::<Vec<_>>();
    let dying = async {
        server.wait_for_requests(50).await;
        server.go_away_for(Duration::from_secs(1)).await
    };
    let (turns, died) = tokio::join!(turns, dying);
    died.unwrap();
    for turn in turns {
        assert_eq!(turn.unwrap().text, "It is sunny.");
    }
    let waited = limiter.waited();
    println!("{TURNS} turns in {:?}: {waited}", began.elapsed());
    check_pace(&server, began, 3_000.0);
    check_refusals(&server, &waited);
    assert!(waited.retries >= Duration::from_millis(500), "{waited}");
    assert!(waited.refusals > Duration::ZERO && waited.limits > Duration::ZERO, "{waited}");
}

/// At most a second's worth arrives at once, and then no more than the pace allows.
fn check_pace(server: &ModelServer, began: Instant, per_minute: f64) {
    for (number, request) in server.requests().iter().enumerate() {
        let seconds = request.arrived().duration_since(began).as_secs_f64();
        let allowed = per_minute / 60.0 * (seconds + 1.0);
        #[expect(clippy::cast_precision_loss, reason = "a few hundred")]
        let arrived = number as f64;
        assert!(arrived <= allowed, "{arrived} requests in {seconds} s");
    }
}

/// Each refusal is counted, and was followed by another attempt.
fn check_refusals(server: &ModelServer, waited: &Waited) {
    // Connections break in the middle, and with them perhaps a refusal on its way.
    let refused = server.requests().len() as u64 / 3;
    assert!((refused.saturating_sub(24)..=refused + 1).contains(&waited.refused), "{waited:?}");
    assert!(waited.retried > waited.refused, "{waited:?}");
}

#[tokio::test]
async fn a_program_s_own_client_keeps_to_the_limits_of_the_run() {
    let server = serve(Reply::text("It is sunny.")).await;
    let client = traced_client(config(&server));
    let limiter = RateLimiter::new(RateLimits::new().with_requests_per_minute(("openai", 600)));
    let calls = join_all((0..10).map(|_| async { client.chat().create(request()).await }));
    assert!(limiter.scope(calls).await.iter().all(Result::is_ok));
    let last = limiter.scope(async { client.chat().create(request()).await });
    let collected = capture(last).await;
    collected.output.unwrap();
    assert_eq!(limiter.waited().waits, 1, "{:?}", limiter.waited());
    let span = collected.trace.span("chat").unwrap();
    let waited = span.field("probity.rate_limit_wait_ms").and_then(ValueRef::as_u64).unwrap();
    assert!(waited > 0);
}

#[tokio::test]
async fn a_program_s_calls_wait_while_its_provider_is_not_to_be_asked() {
    let wait = Duration::from_millis(150);
    let refusal = Failure::new(FailureKind::RateLimited).with_retry_after_ms(150);
    let server = serve([refusal.into(), Reply::text("It is sunny.")]).await;
    // No retries, so that the refusal reaches the program.
    let client = client(&server);
    let limiter = RateLimiter::new(RateLimits::new());
    limiter
        .scope(async {
            let error = client.chat().create(request()).await.unwrap_err();
            assert!(error.to_string().contains("rate limit"), "{error}");
            client.chat().create(request()).await.unwrap();
        })
        .await;
    let requests = server.requests();
    let between = requests[1].arrived().duration_since(requests[0].arrived());
    assert!(between >= wait, "{between:?}");
    let waited = limiter.waited();
    assert_eq!((waited.refused, waited.waits), (1, 1));
    assert!(waited.refusals > Duration::ZERO && waited.limits.is_zero(), "{waited:?}");
}

#[tokio::test]
async fn tokens_of_a_program_s_call_that_were_not_used_are_given_back() {
    let answer = Answer::text("It is sunny.").with_usage(Usage::new(2, 1));
    let server = serve(Reply::from(answer)).await;
    let client = client(&server);
    // 100 at once and 97 a second. A call may need about 60.
    let limiter = RateLimiter::new(RateLimits::new().with_tokens_per_minute(6_000));
    let call = CreateChatCompletionRequest { max_completion_tokens: Some(30), ..request() };
    limiter
        .scope(async {
            for _ in 0..4 {
                client.chat().create(call.clone()).await.unwrap();
            }
        })
        .await;
    assert!(limiter.waited().is_nothing(), "{}", limiter.waited());
}

#[tokio::test]
async fn a_model_over_a_traced_service_asks_once() {
    let server = serve(Reply::text("It is sunny.")).await;
    let traced = TraceLayer::new()
        .with_provider("tap")
        .layer(async_openai::middleware::ReqwestService::default());
    let llm = Llm::new(Arc::new(model(&server).with_http_service(traced)), Budget::unlimited());
    let limiter = RateLimiter::new(RateLimits::new().with_requests_per_minute(("tap", 1)));
    limiter
        .scope(async {
            for _ in 0..2 {
                llm.completion("How is it?").collect().await.unwrap();
            }
        })
        .await;
    assert!(limiter.waited().is_nothing(), "{}", limiter.waited());
}
