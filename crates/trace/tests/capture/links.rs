//! Spans that follow from others.

use probity_trace::capture_sync;
use tracing::{dispatcher, info_span};

use crate::{
    stack::with_layer,
    under::{captured, captured_by},
};

#[test]
fn a_span_follows_from_an_open_one() {
    let trace = captured(|| {
        let (cause, other) = (info_span!("cause"), info_span!("other"));
        let effect = info_span!("effect");
        effect.follows_from(&cause);
        effect.follows_from(&other);
    });

    let effect = trace.span("effect").unwrap();
    let causes: Vec<_> = effect.follows_from().map(probity_trace::SpanRef::name).collect();
    assert_eq!(causes, ["cause", "other"]);
    assert_eq!(effect.parent(), None);
    assert_eq!(trace.span("cause").unwrap().follows_from().count(), 0);
}

#[test]
fn following_from_a_closed_span_links_to_it_or_to_nothing() {
    let trace = captured(|| {
        let cause = info_span!("cause");
        let id = cause.id().unwrap();
        drop(cause);
        let effect = info_span!("effect");
        effect.follows_from(id);
        effect.in_scope(|| info_span!("below").in_scope(|| ()));
    });

    let effect = trace.span("effect").unwrap();
    assert!(effect.follows_from().all(|span| span.name() == "cause"));
    assert_eq!(effect.children().len(), 1);
}

#[test]
fn a_link_that_leads_out_of_the_capture_is_left_out() {
    let subscriber = with_layer();
    let (other, trace) = dispatcher::with_default(&subscriber, || {
        let outside = info_span!("outside");
        let other = capture_sync(|| info_span!("in another capture"));
        let trace = captured_by(&subscriber, || {
            let effect = info_span!("effect");
            effect.follows_from(&outside);
            effect.follows_from(&other.output);
            // And the other way round.
            outside.follows_from(&effect);
            other.output.follows_from(&effect);
        });
        (other.trace, trace)
    });

    assert_eq!(trace.span("effect").unwrap().follows_from().count(), 0);
    assert_eq!(other.span("in another capture").unwrap().follows_from().count(), 0);
}
