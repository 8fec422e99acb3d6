//! Captures within captures.

use std::{
    future,
    pin::Pin,
    sync::{Arc, Mutex},
    task::{Context, Poll},
};

use futures::executor::block_on;
use probity_trace::{
    CaptureHandle, CaptureLimits, Collected, TraceSnapshot, capture, capture_catch, capture_raw,
    capture_sync,
};
use tracing::{Instrument as _, dispatcher, info, info_span, instrument::WithSubscriber as _};

use crate::{
    shape::shape,
    stack::with_layer,
    tasks::{poll_once, yield_now},
    under::captured,
};

fn captured_async<F: Future>(future: F) -> Collected<F::Output> {
    block_on(capture(future).with_subscriber(with_layer()))
}

#[test]
fn the_inner_capture_gets_its_own_and_the_outer_one_a_marker() {
    let mut inner = TraceSnapshot::default();
    let outer = captured(|| {
        let _top = info_span!("top").entered();
        inner = capture_sync(|| {
            let _inner = info_span!("inner").entered();
            info!("in the inner one");
        })
        .trace;
        info!("in the outer one");
    });

    assert_eq!(shape(&inner), ["inner", "'in the inner one' < inner"]);
    assert_eq!(shape(&outer), ["top", "probity.capture < top", "'in the outer one' < top",]);
    let marker = outer.span("probity.capture").unwrap();
    let inner_id = inner.trace_id().unwrap().to_string();
    assert_eq!(marker.field("trace_id").unwrap(), inner_id.as_str());
    assert!(!marker.is_open());
    assert_ne!(inner.trace_id(), outer.trace_id());
}

#[test]
fn captures_nest_three_deep() {
    let outer = captured_async(async {
        let _a = info_span!("a").entered();
        let middle = capture(async {
            let _b = info_span!("b").entered();
            let inner = capture(async {
                let _c = info_span!("c").entered();
                info!("innermost");
            });
            let inner = inner.await;
            info!("middle");
            inner.trace
        });
        let middle = middle.await;
        info!("outermost");
        (middle.trace, middle.output)
    });

    let (middle, inner) = &outer.output;
    assert_eq!(shape(&outer.trace), ["a", "probity.capture < a", "'outermost' < a"]);
    assert_eq!(shape(middle), ["b", "probity.capture < b", "'middle' < b"]);
    assert_eq!(shape(inner), ["c", "'innermost' < c"]);
}

#[test]
fn an_outer_capture_sees_an_inner_one_that_is_made_visible() {
    let outer = captured_async(async {
        let inner = capture(async {
            let child = info_span!("child", n = 1);
            async { info!(n = 2, "said") }.instrument(child).await;
            info!("alone");
        });
        inner.visible_outside().instrument(info_span!("top")).await.trace
    });

    let inner = ["child", "'said' < child", "'alone'"];
    assert_eq!(shape(&outer.output), inner);
    assert_eq!(
        shape(&outer.trace),
        [
            "top",
            "probity.capture < top",
            "child < probity.capture",
            "'said' < child",
            "'alone' < probity.capture",
        ]
    );
    assert_eq!(outer.trace.span("child").unwrap().field("n").unwrap(), 1);
    assert_eq!(outer.trace.event("said").unwrap().field("n").unwrap(), 2);
    assert!(!outer.trace.span("child").unwrap().is_open());
}

#[test]
fn a_visible_capture_keeps_to_the_bounds_of_the_outer_one_and_says_what_was_cut() {
    let outer = block_on(
        capture(async {
            let inner = capture(async {
                for n in 0..10 {
                    info_span!("span", n).in_scope(|| info!(n, "event"));
                }
            });
            inner.visible_outside().await.trace
        })
        .limits(CaptureLimits::default().with_max_spans(5).with_max_events(5))
        .with_subscriber(with_layer()),
    );

    assert_eq!(outer.output.len(), 10);
    assert_eq!(outer.trace.len(), 5);
    assert_eq!(outer.trace.dropped().spans, 6, "ten spans and the marker");
    assert_eq!(outer.trace.all_events().len(), 5);
    assert_eq!(outer.trace.dropped().events, 5);
}

#[test]
fn captures_joined_in_one_task_do_not_mix() {
    async fn work(name: &'static str) {
        for n in 0..10 {
            let step = async {
                info!(name, n, "before");
                yield_now().await;
                info!(name, n, "after");
            };
            step.instrument(info_span!("step", name)).await;
        }
    }
    let outer = captured_async(async {
        futures::join!(capture(work("a")), capture(work("b")), work("outer"))
    });

    let (a, b, ()) = outer.output;
    let marker = |trace: &TraceSnapshot| trace.spans("probity.capture").count();
    for (name, trace) in [("a", &a.trace), ("b", &b.trace), ("outer", &outer.trace)] {
        assert_eq!(trace.spans("step").count(), 10, "{name}");
        assert_eq!(trace.all_events().len(), 20, "{name}");
        assert!(trace.spans("step").all(|span| span.field("name").unwrap() == name));
        assert!(trace.all_events().all(|event| event.field("name").unwrap() == name));
    }
    assert_eq!((marker(&a.trace), marker(&b.trace), marker(&outer.trace)), (0, 0, 2));
}

#[test]
fn a_span_of_the_outer_capture_leads_back_to_it() {
    let mut inner = TraceSnapshot::default();
    let outer = captured(|| {
        let of_outer = info_span!("of the outer one");
        inner = capture_sync(|| {
            let _of_inner = info_span!("of the inner one").entered();
            of_outer.in_scope(|| info!("outside"));
            info!("inside");
        })
        .trace;
    });

    assert_eq!(shape(&inner), ["of the inner one", "'inside' < of the inner one"]);
    assert_eq!(
        shape(&outer),
        ["of the outer one", "probity.capture", "'outside' < of the outer one"]
    );
}

#[test]
fn an_explicit_parent_of_the_outer_capture_leads_back_to_it() {
    let mut inner = TraceSnapshot::default();
    let outer = captured(|| {
        let of_outer = info_span!("of the outer one");
        inner = capture_sync(|| {
            let _of_inner = info_span!("of the inner one").entered();
            info_span!(parent: &of_outer, "child").in_scope(|| info!("in the child"));
            info!(parent: &of_outer, "to the outer one");
            info!("inside");
        })
        .trace;
    });

    assert_eq!(shape(&inner), ["of the inner one", "'inside' < of the inner one"]);
    assert_eq!(
        shape(&outer),
        [
            "of the outer one",
            "probity.capture",
            "child < of the outer one",
            "'in the child' < child",
            "'to the outer one' < of the outer one",
        ]
    );
}

#[test]
fn work_attached_to_one_capture_and_polled_within_another_belongs_to_its_own() {
    let outer = captured_async(async {
        let handle = CaptureHandle::current().unwrap();
        let attached = handle.attach(async {
            info_span!("attached").in_scope(|| info!("outside"));
            yield_now().await;
            info!("outside again");
        });
        capture(async {
            info!("inside");
            attached.await;
            info!("inside again");
        })
        .await
        .trace
    });

    assert_eq!(shape(&outer.output), ["'inside'", "'inside again'"]);
    assert_eq!(
        shape(&outer.trace),
        ["probity.capture", "attached", "'outside' < attached", "'outside again'"]
    );
}

#[test]
fn an_inner_capture_that_panics_leaves_the_outer_one_whole() {
    let outer = captured_async(async {
        let inner = capture_catch(async {
            let _span = info_span!("inner").entered();
            info!("so far");
            panic!("no further");
        });
        let inner = inner.instrument(info_span!("top")).await;
        info!("goes on");
        inner
    });

    let inner = outer.output;
    assert_eq!(inner.output.unwrap_err().message(), "no further");
    assert_eq!(shape(&inner.trace), ["inner", "'so far' < inner"]);
    assert_eq!(shape(&outer.trace), ["top", "probity.capture < top", "'goes on'"]);
    assert!(outer.trace.all_spans().all(|span| !span.is_open()));
}

/// Says something when it goes.
struct Farewell;

impl Drop for Farewell {
    fn drop(&mut self) {
        info_span!("cleaning up").in_scope(|| info!("farewell"));
    }
}

async fn waits_for_ever() {
    let _farewell = Farewell;
    info!("begun");
    future::pending::<()>().await;
}

#[test]
fn the_marker_of_a_capture_that_was_dropped_half_way_is_closed() {
    let outer = captured(|| {
        let mut inner = Box::pin(capture(waits_for_ever()));
        assert!(poll_once(inner.as_mut()).is_pending());
    });

    assert!(outer.span_exists("probity.capture"));
    assert!(
        !outer.span("probity.capture").unwrap().is_open(),
        "the inner capture is over, but its marker says that it still runs"
    );
}

#[test]
fn what_an_inner_future_says_when_it_is_dropped_half_way_is_not_the_outer_captures() {
    let outer = captured(|| {
        let mut inner = Box::pin(capture(waits_for_ever()));
        assert!(poll_once(inner.as_mut()).is_pending());
    });

    assert_eq!(shape(&outer), ["probity.capture"]);
}

#[test]
fn what_a_future_says_when_it_is_dropped_half_way_is_told_to_the_listeners() {
    let heard = Arc::new(Mutex::new(Vec::new()));
    let hear = Arc::clone(&heard);
    let mut waiting = Box::pin(
        capture(waits_for_ever())
            .listen_spans(move |span| hear.lock().unwrap().push(span.name.to_string()))
            .with_subscriber(with_layer()),
    );
    assert!(poll_once(waiting.as_mut()).is_pending());
    dispatcher::with_default(&with_layer(), || drop(waiting));

    assert_eq!(*heard.lock().unwrap(), ["cleaning up"]);
}

#[test]
fn what_a_future_says_when_it_is_dropped_at_its_end_is_in_its_capture() {
    /// Keeps its value after it is ready, as `Instrumented` keeps its span.
    struct Keeps(Option<Farewell>);
    impl Future for Keeps {
        type Output = bool;
        fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<bool> {
            Poll::Ready(self.0.is_some())
        }
    }

    let outer = captured_async(async { capture(Keeps(Some(Farewell))).await.trace });

    assert_eq!(shape(&outer.output), ["cleaning up", "'farewell' < cleaning up"]);
    assert_eq!(shape(&outer.trace), ["probity.capture"]);
}

#[test]
fn a_raw_capture_within_a_raw_capture_keeps_its_entries_to_itself() {
    let outer = block_on(
        capture_raw(async {
            tracing::debug!(target: "probity::raw", kind = "stream_event", body = "outer");
            let inner = capture_raw(async {
                tracing::debug!(target: "probity::raw", kind = "stream_event", body = "inner");
            });
            inner.await.raw
        })
        .with_subscriber(with_layer()),
    );

    assert_eq!(outer.output.entries.len(), 1);
    assert_eq!(outer.raw.entries.len(), 1);
    assert_ne!(outer.output.entries[0].payload, outer.raw.entries[0].payload);
}

#[test]
fn a_capture_that_is_never_polled_leaves_no_marker() {
    let outer = captured(|| {
        drop(capture(waits_for_ever()));
    });

    assert!(outer.is_empty(), "{:?}", shape(&outer));
}
