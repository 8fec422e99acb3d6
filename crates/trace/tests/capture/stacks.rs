//! The layer in every place of a subscriber.

use probity_trace::{CaptureLayer, CapturePolicy, CaptureStatus, layer};
use tracing::{Dispatch, Subscriber, info, info_span};
use tracing_subscriber::{
    Layer, Registry,
    filter::LevelFilter,
    layer::{Identity, SubscriberExt as _},
    registry, reload,
};

use crate::{shape::shape, under::captured_by};

/// Captures under `subscriber`, and asks that each record is there once.
#[track_caller]
fn check(subscriber: impl Subscriber + Send + Sync + 'static) {
    let trace = captured_by(&Dispatch::new(subscriber), || {
        let _top = info_span!("top").entered();
        info_span!("inner", n = 1).in_scope(|| info!("said"));
    });

    assert_eq!(shape(&trace), ["top", "inner < top", "'said' < inner"]);
    assert_eq!(trace.status(), &CaptureStatus::Recorded);
    assert!(trace.all_spans().all(|span| !span.is_open()));
}

#[test]
fn the_layer_works_below_and_above_others() {
    check(registry().with(layer()).with(Identity::new()));
    check(registry().with(Identity::new()).with(layer()));
    check(registry().with(Identity::new().and_then(layer())));
}

#[test]
fn the_layer_works_boxed_in_an_option_and_in_a_vec() {
    check(registry().with(layer().boxed()));
    check(registry().with(Some(layer())));
    check(registry().with(vec![layer()]));
    check(registry().with(vec![Some(layer().boxed()), None]));
    check(registry().with(layer().with_filter(LevelFilter::INFO).boxed()));
    check(registry().with(None::<CaptureLayer>).with(layer()));
}

#[test]
fn the_layer_works_where_it_can_be_reloaded() {
    let (reloadable, handle) = reload::Layer::new(layer());
    let subscriber = Dispatch::new(registry().with(reloadable));
    let trace = captured_by(&subscriber, || info_span!("span").in_scope(|| info!("said")));
    assert_eq!(shape(&trace), ["span", "'said' < span"]);
    assert_eq!(trace.status(), &CaptureStatus::Recorded);

    handle.reload(layer().with_policy(CapturePolicy::marked())).unwrap();
    let trace = captured_by(&subscriber, || info_span!("span").in_scope(|| info!("said")));
    assert!(trace.is_empty());
}

#[test]
fn a_layer_that_is_added_while_a_span_is_entered_sees_what_comes_then() {
    let (reloadable, handle) = reload::Layer::new(None::<CaptureLayer>);
    let subscriber = Dispatch::new(registry().with(reloadable));
    let trace = captured_by(&subscriber, || {
        let before = info_span!("before").entered();
        info!("before");
        handle.reload(Some(layer())).unwrap();
        info_span!("then").in_scope(|| info!("then"));
        drop(before);
        info!("at last");
    });

    assert_eq!(shape(&trace), ["then", "'then' < then", "'at last'"]);
}

#[test]
fn a_layer_that_is_replaced_while_a_span_is_entered_leaves_that_span_again() {
    let (reloadable, handle) = reload::Layer::new(layer());
    let subscriber = Dispatch::new(registry().with(reloadable));
    let trace = captured_by(&subscriber, || {
        let before = info_span!("before").entered();
        handle.reload(layer()).unwrap();
        drop(before);
        info!("outside of the span");
    });

    assert_eq!(shape(&trace), ["before", "'outside of the span'"]);
}

#[test]
fn of_two_layers_in_one_stack_one_is_silent() {
    check(registry().with(layer()).with(layer()));
    check(registry().with(layer()).with(Identity::new()).with(layer().boxed()));
    check(registry().with(layer().with_filter(LevelFilter::INFO)).with(layer()));
}

#[test]
fn of_two_layers_in_one_vec_one_is_silent() {
    check(registry().with(vec![layer(), layer()]));
}

#[test]
fn of_two_layers_in_one_layer_one_is_silent() {
    check(registry().with(Layer::<Registry>::and_then(layer(), layer())));
}

#[test]
fn of_two_layers_one_of_which_can_be_reloaded_one_is_silent() {
    let (reloadable, _handle) = reload::Layer::new(layer());
    check(registry().with(reloadable).with(layer()));
    let (reloadable, _handle) = reload::Layer::new(layer());
    check(registry().with(layer()).with(reloadable));
}
