//! Agents of rig and models over rig, under the limits of a run.

use std::time::Duration;

use futures::future::join_all;
use probity_adapters::rig::TappedClient;
use probity_eval::{RateLimiter, RateLimits};
use probity_model_server::{Answer, Failure, FailureKind, ModelServer, Reply, Usage};
use probity_trace::capture;
use rig_core::{DynModel, operation::Completion};

use crate::{
    contract::serve,
    provider::{Provider, chat, client, messages},
};

/// A model of an agent's own, whose provider has a name for the limits.
fn tapped(provider: Provider, server: &ModelServer) -> DynModel<Completion> {
    let http = TappedClient::new(client()).with_provider("acme");
    match provider {
        Provider::OpenAi => chat(server, http).erase(),
        Provider::Anthropic => messages(server, http).erase(),
    }
}

async fn ask(model: &DynModel<Completion>, is_stream: bool) -> bool {
    if is_stream {
        model.stream("How is it?").unwrap().finish().await.is_ok()
    } else {
        model.call("How is it?").await.is_ok()
    }
}

#[tokio::test]
async fn an_agent_of_rig_keeps_to_the_limits_of_the_run() {
    for provider in Provider::ALL {
        let server = serve(Reply::text("It is sunny.")).await;
        let model = tapped(provider, &server);
        let limiter = RateLimiter::new(RateLimits::new().with_requests_per_minute(("acme", 600)));
        let calls = join_all((0..10).map(|number| ask(&model, number % 2 == 0)));
        assert!(limiter.scope(calls).await.into_iter().all(|answered| answered));
        let collected = capture(limiter.scope(ask(&model, true))).await;
        assert!(collected.output);
        assert_eq!(limiter.waited().waits, 1, "{provider:?}: {:?}", limiter.waited());
        let span = collected.trace.span("chat").unwrap();
        assert!(span.field("probity.rate_limit_wait_ms").is_some(), "{}", collected.trace);
    }
}

#[tokio::test]
async fn an_agent_of_rig_waits_while_its_provider_is_not_to_be_asked() {
    for (provider, is_stream) in Provider::ALL.into_iter().zip([true, false]) {
        let refusal = Failure::new(FailureKind::RateLimited).with_retry_after_ms(150);
        let server = serve([refusal.into(), Reply::text("It is sunny.")]).await;
        let model = tapped(provider, &server);
        let limiter = RateLimiter::new(RateLimits::new());
        limiter
            .scope(async {
                assert!(!ask(&model, is_stream).await);
                assert!(ask(&model, is_stream).await);
            })
            .await;
        let requests = server.requests();
        let between = requests[1].arrived().duration_since(requests[0].arrived());
        assert!(between >= Duration::from_millis(150), "{provider:?}: {between:?}");
        assert_eq!(limiter.waited().refused, 1, "{provider:?}");
    }
}

#[tokio::test]
async fn tokens_that_an_agent_s_call_used_beyond_the_estimate_are_waited_for() {
    // More than a second's worth, which is more than a call of the provider may need.
    for (provider, per_minute, used) in
        [(Provider::OpenAi, 60_000, 1_150), (Provider::Anthropic, 4_200_000, 80_000)]
    {
        for is_stream in [true, false] {
            let answer = Answer::text("Yes.").with_usage(Usage::new(used - 50, 50));
            let server = serve(Reply::from(answer)).await;
            let model = tapped(provider, &server);
            let limits = RateLimits::new().with_tokens_per_minute(("acme", per_minute));
            let limiter = RateLimiter::new(limits);
            let waits = limiter.scope(async {
                assert!(ask(&model, is_stream).await);
                let before = limiter.waited().waits;
                assert!(ask(&model, is_stream).await);
                (before, limiter.waited().waits)
            });
            assert_eq!(waits.await, (0, 1), "{provider:?} {is_stream}: {:?}", limiter.waited());
        }
    }
}

#[tokio::test]
async fn a_model_over_rig_asks_once() {
    for provider in Provider::ALL {
        let server = serve(Reply::text("It is sunny.")).await;
        let host = server.url().trim_start_matches("http://").to_owned();
        let limits = RateLimits::new().with_requests_per_minute((&*host, 1));
        let (llm, limiter) = (provider.llm(&server), RateLimiter::new(limits));
        limiter
            .scope(async {
                for _ in 0..2 {
                    llm.completion("How is it?").collect().await.unwrap();
                }
            })
            .await;
        assert!(limiter.waited().is_nothing(), "{provider:?}: {}", limiter.waited());
    }
}

#[tokio::test]
async fn an_unknown_host_stands_for_itself() {
    let server = serve(Reply::text("It is sunny.")).await;
    let host = server.url().trim_start_matches("http://").to_owned();
    let model = chat(&server, TappedClient::new(client())).erase();
    let limiter = RateLimiter::new(RateLimits::new().with_requests_per_minute((&*host, 600)));
    let calls = join_all((0..11).map(|_| ask(&model, false)));
    assert!(limiter.scope(calls).await.into_iter().all(|answered| answered));
    assert_eq!(limiter.waited().waits, 1);
}
