//! Spans that a capture opens around its future, where that is asked for.

use std::sync::{Arc, Mutex};

use futures::executor::block_on;
use probity_trace::{capture, layer};
use tracing::{
    Dispatch, Instrument as _, Subscriber, info, info_span, instrument::WithSubscriber as _,
};
use tracing_subscriber::{
    Layer,
    layer::{Context, SubscriberExt as _},
    registry,
};

use crate::{runtime::multi_thread, shape::shape, stack::with_layer, tasks::yield_now};

/// Notes the names of all spans.
#[derive(Clone, Default)]
struct Names(Arc<Mutex<Vec<&'static str>>>);

impl<S: Subscriber> Layer<S> for Names {
    fn on_new_span(
        &self,
        attributes: &tracing::span::Attributes<'_>,
        _: &tracing::Id,
        _: Context<'_, S>,
    ) {
        self.0.lock().unwrap().push(attributes.metadata().name());
    }
}

async fn work() {
    info!("before");
    yield_now().await;
    info_span!("inner").in_scope(|| info!("after"));
}

#[test]
fn a_capture_adds_no_span_of_its_own() {
    let names = Names::default();
    let subscriber = Dispatch::new(registry().with(layer()).with(names.clone()));
    let collected = block_on(capture(work()).with_subscriber(subscriber));

    assert_eq!(shape(&collected.trace), ["inner", "'before'", "'after' < inner"]);
    assert_eq!(*names.0.lock().unwrap(), ["inner"]);
}

#[test]
fn an_anchor_is_around_everything_and_closed_at_the_end() {
    let names = Names::default();
    let subscriber = Dispatch::new(registry().with(layer()).with(names.clone()));
    let collected = block_on(capture(work()).anchored("trial").with_subscriber(subscriber));

    assert_eq!(
        shape(&collected.trace),
        ["trial", "inner < trial", "'before' < trial", "'after' < inner"]
    );
    assert_eq!(*names.0.lock().unwrap(), ["trial", "inner"], "others see it too");
    let anchor = collected.trace.span("trial").unwrap();
    assert!(!anchor.is_open());
    assert_eq!(anchor.target(), "probity");
}

#[test]
fn an_anchor_may_have_fields_of_its_own() {
    let capture = capture(work()).anchored_with(|| info_span!("trial", case = "a", number = 3));
    let collected = block_on(capture.with_subscriber(with_layer()));

    let anchor = collected.trace.span("trial").unwrap();
    assert_eq!(anchor.field("case").unwrap(), "a");
    assert_eq!(anchor.field("number").unwrap(), 3);
    assert_eq!(anchor.children().len(), 1);
}

#[test]
fn work_spawned_directly_under_an_anchored_capture_carries_it() {
    let collected = multi_thread().block_on(
        capture(async {
            let task = work().in_current_span().with_current_subscriber();
            tokio::spawn(task).await.unwrap();
        })
        .anchored("trial")
        .with_subscriber(with_layer()),
    );

    assert_eq!(
        shape(&collected.trace),
        ["trial", "inner < trial", "'before' < trial", "'after' < inner"]
    );
    assert!(!collected.trace.span("trial").unwrap().is_open());
}

#[test]
fn anchors_of_many_captures_keep_apart() {
    let captures = (0..100_u64).map(|n| {
        capture(async move { info!(n, "said") }).anchored(if n % 2 == 0 { "even" } else { "odd" })
    });
    let all = block_on(futures::future::join_all(captures).with_subscriber(with_layer()));

    for (n, collected) in (0..100_u64).zip(all) {
        let anchor = if n % 2 == 0 { "even" } else { "odd" };
        assert_eq!(shape(&collected.trace), [anchor, &format!("'said' < {anchor}")]);
        assert_eq!(collected.trace.event("said").unwrap().field("n").unwrap(), n);
    }
}

#[test]
fn an_anchor_of_an_inner_capture_is_in_the_inner_one() {
    let outer = block_on(
        capture(async { capture(work()).anchored("inner anchor").await.trace })
            .anchored("outer anchor")
            .with_subscriber(with_layer()),
    );

    assert_eq!(shape(&outer.output)[..2], ["inner anchor", "inner < inner anchor"]);
    assert_eq!(shape(&outer.trace), ["outer anchor", "probity.capture < outer anchor"]);
}

#[test]
fn the_anchor_of_a_capture_dropped_half_way_is_closed_for_others() {
    #[derive(Clone, Default)]
    struct Open(Arc<Mutex<i32>>);
    impl<S: Subscriber> Layer<S> for Open {
        fn on_new_span(
            &self,
            _: &tracing::span::Attributes<'_>,
            _: &tracing::Id,
            _: Context<'_, S>,
        ) {
            *self.0.lock().unwrap() += 1;
        }
        fn on_close(&self, _: tracing::Id, _: Context<'_, S>) {
            *self.0.lock().unwrap() -= 1;
        }
    }

    let open = Open::default();
    let subscriber = Dispatch::new(registry().with(layer()).with(open.clone()));
    let mut capture = Box::pin(
        capture(std::future::pending::<()>()).anchored("trial").with_subscriber(subscriber),
    );
    assert!(crate::tasks::poll_once(capture.as_mut()).is_pending());
    assert_eq!(*open.0.lock().unwrap(), 1);
    drop(capture);
    assert_eq!(*open.0.lock().unwrap(), 0);
}
