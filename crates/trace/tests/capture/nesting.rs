//! Which span a span or event hangs from.

use futures::executor::block_on;
use probity_trace::capture;
use tracing::{dispatcher, info, info_span, instrument::WithSubscriber as _};

use crate::{
    shape::shape,
    stack::with_layer,
    tasks::yield_now,
    under::{captured, captured_by},
};

#[test]
fn spans_and_events_hang_from_the_span_that_was_entered_last() {
    let trace = captured(|| {
        info!("before");
        let top = info_span!("top").entered();
        info_span!("first").in_scope(|| info!("within"));
        info_span!("second").in_scope(|| ());
        drop(top);
        info_span!("next").in_scope(|| info!("after"));
    });

    assert_eq!(
        shape(&trace),
        [
            "top",
            "first < top",
            "second < top",
            "next",
            "'before'",
            "'within' < first",
            "'after' < next",
        ]
    );
    assert!(trace.all_spans().all(|span| !span.is_open()));
}

#[test]
fn a_span_that_is_open_but_not_entered_is_no_parent() {
    let trace = captured(|| {
        let _open = info_span!("open");
        info_span!("other").in_scope(|| info!("said"));
    });

    assert_eq!(shape(&trace), ["open", "other", "'said' < other"]);
}

#[test]
fn what_was_entered_before_the_capture_is_not_in_it() {
    let subscriber = with_layer();
    let trace = dispatcher::with_default(&subscriber, || {
        let _around = info_span!("around").entered();
        captured_by(&subscriber, || {
            info_span!("inside").in_scope(|| info!("said"));
            info!("alone");
        })
    });

    assert_eq!(shape(&trace), ["inside", "'said' < inside", "'alone'"]);
}

#[test]
fn an_explicit_parent_inside_wins_over_the_entered_span() {
    let trace = captured(|| {
        let parent = info_span!("parent");
        let _entered = info_span!("entered").entered();
        let child = info_span!(parent: &parent, "child");
        info!(parent: &parent, "to the parent");
        info!(parent: &child, "to the child");
        child.in_scope(|| info_span!("grandchild").in_scope(|| ()));
    });

    assert_eq!(
        shape(&trace),
        [
            "parent",
            "entered",
            "child < parent",
            "grandchild < child",
            "'to the parent' < parent",
            "'to the child' < child",
        ]
    );
}

#[test]
fn an_explicit_parent_outside_the_capture_makes_a_root_of_it() {
    let subscriber = with_layer();
    let trace = dispatcher::with_default(&subscriber, || {
        let outside = info_span!("outside");
        captured_by(&subscriber, || {
            let _entered = info_span!("entered").entered();
            let child = info_span!(parent: &outside, "child");
            info!(parent: &outside, "said");
            child.in_scope(|| info!("below"));
        })
    });

    assert_eq!(shape(&trace), ["entered", "child", "'said'", "'below' < child"]);
}

#[test]
fn an_explicit_root_inside_a_span_is_a_root() {
    let trace = captured(|| {
        let _entered = info_span!("entered").entered();
        info!(parent: None, "alone");
        info_span!(parent: None, "root").in_scope(|| info!("below"));
        info!("in the span");
    });

    assert_eq!(
        shape(&trace),
        ["entered", "root", "'alone'", "'below' < root", "'in the span' < entered",]
    );
    let root_events: Vec<_> = trace.events().filter_map(probity_trace::EventRef::message).collect();
    assert_eq!(root_events, ["alone"]);
}

#[test]
fn a_span_entered_again_within_itself_is_left_as_often_as_it_was_entered() {
    let trace = captured(|| {
        let span = info_span!("span");
        let first = span.enter();
        let second = span.enter();
        info!("twice in");
        drop(second);
        info!("once in");
        drop(first);
        info!("out");
    });

    assert_eq!(shape(&trace), ["span", "'twice in' < span", "'once in' < span", "'out'"]);
    let span = trace.span("span").unwrap();
    assert!(span.busy() <= span.duration(), "an entry was counted twice");
}

#[test]
fn spans_may_be_left_in_another_order_than_they_were_entered_in() {
    let trace = captured(|| {
        let (outer, inner) = (info_span!("outer"), info_span!("inner"));
        let in_outer = outer.enter();
        let in_inner = inner.enter();
        drop(in_outer);
        info!("still in the inner one");
        info_span!("below").in_scope(|| ());
        drop(in_inner);
        info!("out of both");
        inner.in_scope(|| info!("in again"));
    });

    assert_eq!(
        shape(&trace),
        [
            "outer",
            "inner",
            "below < inner",
            "'still in the inner one' < inner",
            "'out of both'",
            "'in again' < inner",
        ]
    );
}

#[test]
fn a_parent_whose_handle_is_gone_closes_after_its_last_child() {
    let trace = captured(|| {
        let parent = info_span!("parent");
        let child = info_span!(parent: &parent, "child");
        drop(parent);
        info!(parent: &child, "orphan, but not here");
    });

    assert_eq!(shape(&trace), ["parent", "child < parent", "'orphan, but not here' < child",]);
    assert!(trace.all_spans().all(|span| !span.is_open()));
}

/// Holds a span entered across an await, which `tracing` warns of.
#[expect(clippy::future_not_send, reason = "an entered span stays on its thread")]
async fn holds_its_span(name: &'static str) {
    let _entered = info_span!("held", name).entered();
    yield_now().await;
    info_span!("after", name).in_scope(|| info!(name, "said"));
}

#[test]
fn a_span_held_across_an_await_takes_nothing_from_other_captures() {
    let joined = async {
        futures::join!(
            capture(holds_its_span("a")),
            capture(holds_its_span("b")),
            capture(holds_its_span("c")),
        )
    };
    let (a, b, c) = block_on(joined.with_subscriber(with_layer()));

    for (name, trace) in [("a", a.trace), ("b", b.trace), ("c", c.trace)] {
        // A capture that starts while the span is held starts within it, and leaves its marker there.
        let own = || trace.all_spans().filter(|span| span.name() != "probity.capture");
        assert_eq!(own().count(), 2, "capture {name}: {:?}", shape(&trace));
        assert_eq!(trace.all_events().len(), 1, "capture {name}");
        assert!(
            own().all(|span| span.field("name").unwrap() == name),
            "capture {name} has spans of another"
        );
    }
}
