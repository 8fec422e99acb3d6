//! Captures under subscribers that are set for a scope, and several of them at once.

use futures::executor::block_on;
use probity_trace::{CaptureStatus, TraceSnapshot, capture, capture_sync};
use tracing::{
    Dispatch, Instrument as _, dispatcher, info, info_span, instrument::WithSubscriber as _,
};

use crate::{shape::shape, stack::with_layer, tasks::yield_now, under::captured_by};

fn without_layer() -> Dispatch {
    Dispatch::new(tracing_subscriber::registry())
}

async fn work() {
    async {
        info!("before");
        yield_now().await;
        info_span!("inner").in_scope(|| info!("after"));
    }
    .instrument(info_span!("outer"))
    .await;
}

const WORK: [&str; 4] = ["outer", "inner < outer", "'before' < outer", "'after' < inner"];

#[test]
fn it_does_not_matter_whether_the_subscriber_is_within_the_capture_or_around_it() {
    let within = block_on(capture(work().with_subscriber(with_layer())));
    let around = block_on(capture(work()).with_subscriber(with_layer()));

    assert_eq!(shape(&within.trace), WORK);
    assert_eq!(shape(&around.trace), WORK);
    assert_eq!(within.trace.status(), &CaptureStatus::Recorded);
    assert_eq!(around.trace.status(), &CaptureStatus::Recorded);
    assert!(within.trace.all_spans().all(|span| !span.is_open()));
    assert!(around.trace.all_spans().all(|span| !span.is_open()));
}

#[test]
fn subscribers_within_and_around_give_one_tree_in_order() {
    let collected = block_on(
        capture(async {
            info!("around");
            work().with_subscriber(with_layer()).await;
            info!("around again");
        })
        .with_subscriber(with_layer()),
    );

    let expected: [&str; 6] = [
        "outer",
        "inner < outer",
        "'around'",
        "'before' < outer",
        "'after' < inner",
        "'around again'",
    ];
    assert_eq!(shape(&collected.trace), expected);
}

#[test]
fn spans_of_two_subscribers_with_the_layer_hang_from_each_other() {
    let (first, second) = (with_layer(), with_layer());
    let trace = captured_by(&first, || {
        // Both registries begin to count at the same number, so identifiers collide all the way.
        let a = info_span!("a").entered();
        dispatcher::with_default(&second, || {
            let b = info_span!("b").entered();
            dispatcher::with_default(&first, || {
                info_span!("c").in_scope(|| info!("in c"));
                info!("in b");
            });
            info_span!("d").in_scope(|| info!("in d"));
            drop(b);
            info!("in a, by the second");
        });
        info_span!("e").in_scope(|| info!("in e"));
        drop(a);
        info!("in none");
    });

    assert_eq!(
        shape(&trace),
        [
            "a",
            "b < a",
            "c < b",
            "d < b",
            "e < a",
            "'in c' < c",
            "'in b' < b",
            "'in d' < d",
            "'in a, by the second' < a",
            "'in e' < e",
            "'in none'",
        ]
    );
    assert!(trace.all_spans().all(|span| !span.is_open()));
}

#[test]
fn many_spans_of_two_subscribers_keep_their_own_fields() {
    let (first, second) = (with_layer(), with_layer());
    let trace = captured_by(&first, || {
        let firsts: Vec<_> =
            (0..50).map(|n| info_span!("span", of = 1, n, late = tracing::field::Empty)).collect();
        let seconds: Vec<_> = dispatcher::with_default(&second, || {
            (0..50).map(|n| info_span!("span", of = 2, n, late = tracing::field::Empty)).collect()
        });
        for (n, (first, second)) in firsts.iter().zip(&seconds).enumerate() {
            second.in_scope(|| first.in_scope(|| info!(of = 1, n, "said")));
            first.in_scope(|| second.in_scope(|| info!(of = 2, n, "said")));
            first.record("late", n);
            second.record("late", n);
        }
    });

    assert_eq!((trace.len(), trace.all_events().len()), (100, 100));
    for span in trace.all_spans() {
        assert_eq!(span.field("late"), span.field("n"));
        assert!(span.parent().is_none() && !span.is_open());
        let event = span.events().next().unwrap();
        assert_eq!((event.field("of"), event.field("n")), (span.field("of"), span.field("n")));
    }
}

#[test]
fn a_part_under_a_subscriber_without_the_layer_is_left_out_and_breaks_nothing() {
    let trace = captured_by(&with_layer(), || {
        let _top = info_span!("top").entered();
        dispatcher::with_default(&without_layer(), || {
            let _unseen = info_span!("unseen").entered();
            info!("unseen");
            info_span!("unseen as well").in_scope(|| info!("unseen"));
        });
        info_span!("seen").in_scope(|| info!("seen"));
    });

    assert_eq!(shape(&trace), ["top", "seen < top", "'seen' < seen"]);
}

#[test]
fn a_task_under_a_subscriber_without_the_layer_leaves_the_rest_of_the_capture_whole() {
    let collected = block_on(
        capture(async {
            let unseen = work().with_subscriber(without_layer());
            futures::join!(unseen, work());
        })
        .with_subscriber(with_layer()),
    );

    assert_eq!(shape(&collected.trace), WORK);
}

#[test]
fn a_capture_within_a_part_without_the_layer_says_that_it_saw_none() {
    let mut inner = TraceSnapshot::default();
    let trace = captured_by(&with_layer(), || {
        dispatcher::with_default(&without_layer(), || {
            inner = capture_sync(|| info!("unseen")).trace;
        });
        info!("seen");
    });

    assert_eq!(inner.status(), &CaptureStatus::LayerNotSeen);
    assert_eq!(shape(&trace), ["probity.capture", "'seen'"]);
}

#[test]
fn one_subscriber_serves_captures_one_after_the_other() {
    let subscriber = with_layer();
    for n in 0..100_u64 {
        let trace = captured_by(&subscriber, || {
            info_span!("span", n).in_scope(|| info!(n, "event"));
        });
        assert_eq!(shape(&trace), ["span", "'event' < span"]);
        assert_eq!(trace.event("event").unwrap().field("n").unwrap(), n);
    }
}
