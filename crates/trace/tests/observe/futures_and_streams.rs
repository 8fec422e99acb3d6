//! Functions that return futures or streams.

use std::{future::Future, panic::AssertUnwindSafe, pin::Pin};

use futures::{
    FutureExt as _, Stream, StreamExt as _,
    executor::block_on,
    future::BoxFuture,
    stream::{self, BoxStream},
};
use probity_trace::{capture, observe};

use crate::support::check;

#[observe]
fn later(number: u32) -> impl Future<Output = u32> {
    let next = number + 1;
    async move { next }
}

#[observe]
fn later_or_not(name: &str) -> Pin<Box<dyn Future<Output = Result<usize, String>> + Send + '_>> {
    Box::pin(async move { if name.is_empty() { Err("empty".to_owned()) } else { Ok(name.len()) } })
}

#[observe(tool)]
fn boxed(name: &str) -> BoxFuture<'_, String> {
    async move { name.to_uppercase() }.boxed()
}

#[observe]
fn count_to(end: u32) -> impl Stream<Item = u32> {
    stream::iter(1..=end)
}

#[observe(llm)]
async fn tokens(prompt: String) -> impl Stream<Item = String> {
    futures::future::ready(()).await;
    stream::iter(prompt.split(' ').map(|word| format!("{word} ")).collect::<Vec<_>>())
}

#[observe]
fn borrowed(words: &[String]) -> BoxStream<'_, &str> {
    stream::iter(words).map(String::as_str).boxed()
}

#[observe]
fn failing(end: u32) -> Pin<Box<dyn Stream<Item = Result<u32, String>> + Send>> {
    Box::pin(stream::iter((0..end).map(|number| match number {
        1 => Err("one is bad".to_owned()),
        other => Ok(other),
    })))
}

#[observe]
async fn opened(ok: bool) -> Result<BoxStream<'static, u32>, String> {
    if ok { Ok(stream::iter([1, 2]).boxed()) } else { Err("closed".to_owned()) }
}

#[test]
fn a_future_that_is_returned_is_observed_until_it_ends() {
    let trace = block_on(capture(async {
        assert_eq!(later(1).await, 2);
        assert_eq!(later_or_not("ab").await, Ok(2));
        assert_eq!(boxed("ab").await, "AB");
    }))
    .trace;
    check(&trace, "later", &[("input.value", r#"{"number":1}"#), ("output.value", "2")]);
    check(&trace, "later_or_not", &[("output.value", "2")]);
    assert_eq!(trace.genai().tool_calls()[0].result, Some("AB".into()));

    let trace = block_on(capture(later_or_not(""))).trace;
    check(&trace, "later_or_not", &[("otel.status_description", "empty"), ("output.value", "-")]);
}

#[test]
fn a_future_begins_with_its_first_poll_where_the_body_is_an_async_block() {
    let early = later_or_not("ab");
    let trace = block_on(capture(early)).trace;
    assert!(trace.span_exists("later_or_not"));
    let early = boxed("ab");
    let trace = block_on(capture(early)).trace;
    assert!(!trace.span_exists("boxed"), "the body of this one runs when it is called");
}

#[test]
fn what_a_stream_yields_is_collected_in_order() {
    let collected = block_on(capture(count_to(4).collect::<Vec<_>>()));
    assert_eq!(collected.output, [1, 2, 3, 4]);

    let collected = block_on(capture(async { count_to(4).collect::<Vec<_>>().await }));
    check(
        &collected.trace,
        "count_to",
        &[("input.value", r#"{"end":4}"#), ("output.value", "[1,2,3,4]")],
    );

    let words = ["a".to_owned(), "b".to_owned()];
    let trace = block_on(capture(async { borrowed(&words).count().await })).trace;
    check(&trace, "borrowed", &[("output.value", r#"["a","b"]"#)]);
}

#[test]
fn pieces_of_text_from_a_model_are_one_answer() {
    let trace =
        block_on(capture(async { tokens("Paris it is".to_owned()).await.count().await })).trace;
    assert_eq!(trace.genai().llm_calls()[0].output[0].content(), "Paris it is ");
}

#[test]
fn an_error_in_a_stream_is_recorded_and_the_other_items_are_kept() {
    let trace = block_on(capture(async { failing(3).count().await })).trace;
    check(
        &trace,
        "failing",
        &[("otel.status_description", "one is bad"), ("output.value", "[0,2]")],
    );
}

#[test]
fn a_stream_in_a_result_is_collected_and_an_error_in_its_place_recorded() {
    let trace = block_on(capture(async {
        assert_eq!(opened(true).await.unwrap().count().await, 2);
        assert!(opened(false).await.is_err());
    }))
    .trace;
    let [opened, closed] = trace.spans("opened").collect::<Vec<_>>()[..] else { panic!("two") };
    assert_eq!(opened.field("output.value").unwrap(), "[1,2]");
    assert_eq!(closed.field("otel.status_description").unwrap(), "closed");
}

#[test]
fn a_stream_that_is_dropped_half_way_says_so() {
    let trace = block_on(capture(async {
        let mut numbers = Box::pin(count_to(4));
        assert_eq!(numbers.next().await, Some(1));
    }))
    .trace;
    check(&trace, "count_to", &[("output.value", "[1]"), ("probity.output.unfinished_after", "1")]);
}

#[test]
fn a_stream_is_collected_up_to_a_bound_and_says_what_is_missing() {
    #[observe]
    fn long() -> impl Stream<Item = String> {
        stream::iter((0..40).map(|_| "x".repeat(1 << 16)))
    }
    let collected = block_on(capture(async { long().count().await }));
    assert_eq!(collected.output, 40);
    check(&collected.trace, "long", &[("probity.output.dropped_items", "25")]);
}

#[test]
fn a_future_that_is_dropped_half_way_was_cancelled() {
    #[observe(tool)]
    async fn never() -> u8 {
        futures::future::pending().await
    }
    let trace = block_on(capture(async {
        assert!(never().now_or_never().is_none());
    }))
    .trace;
    let expected = [
        ("gen_ai.tool.call.result", "-"),
        ("error.type", "cancelled"),
        ("otel.status_code", "ERROR"),
        ("otel.status_description", "the future was dropped before it was ready"),
    ];
    check(&trace, "never", &expected);
    assert!(!trace.span("never").unwrap().is_open());
    let error = trace.genai().tool_calls()[0].error.clone();
    assert_eq!(error.unwrap().error_type, "cancelled");
}

#[test]
fn a_future_that_panicked_was_not_cancelled() {
    #[observe]
    async fn explode() -> u8 {
        futures::future::ready(()).await;
        panic!("boom")
    }
    let trace = block_on(capture(async {
        assert!(AssertUnwindSafe(explode()).catch_unwind().await.is_err());
    }))
    .trace;
    check(&trace, "explode", &[("error.type", "panic"), ("otel.status_description", "boom")]);
}

#[observe(llm, skip_output)]
fn quiet(prompt: String) -> Pin<Box<dyn Future<Output = BoxStream<'static, String>> + Send>> {
    Box::pin(async move { stream::iter([prompt]).boxed() })
}

#[observe]
fn found(count: u32) -> impl Future<Output = impl Stream<Item = u32>> {
    futures::future::ready(stream::iter(0..count))
}

#[observe]
fn tried(ok: bool) -> BoxFuture<'static, Result<BoxStream<'static, u32>, String>> {
    Box::pin(
        async move { if ok { Ok(stream::iter([1, 2]).boxed()) } else { Err("no".to_owned()) } },
    )
}

#[test]
fn a_stream_that_a_future_resolves_to_is_collected() {
    let trace = block_on(capture(async {
        let stream = quiet("a".to_owned()).await;
        tracing::info_span!("between").in_scope(|| ());
        assert_eq!(stream.count().await, 1);
        assert_eq!(found(2).await.count().await, 2);
        assert_eq!(tried(true).await.unwrap().count().await, 2);
        assert!(tried(false).await.is_err());
    }))
    .trace;
    let [quiet, between] = ["quiet", "between"].map(|name| trace.span(name).unwrap());
    assert!(quiet.started_at() + quiet.duration() > between.started_at());
    check(
        &trace,
        "quiet",
        &[("gen_ai.output.messages", "-"), ("probity.output.unfinished_after", "-")],
    );
    check(&trace, "found", &[("output.value", "[0,1]")]);
    check(&trace, "tried", &[("output.value", "[1,2]")]);
    let failed = trace.spans("tried").last().unwrap();
    assert_eq!(failed.field("otel.status_description").unwrap(), "no");
}
