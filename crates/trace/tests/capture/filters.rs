//! Filters of the subscriber: obeyed as they stand, and no more.

use std::{
    sync::{Arc, Mutex},
    thread,
};

use futures::executor::block_on;
use probity_trace::{TraceSnapshot, capture, layer};
use tracing::{
    Dispatch, Level, Subscriber, debug, debug_span, dispatcher, info, info_span,
    instrument::WithSubscriber as _, trace_span, warn,
};
use tracing_subscriber::{
    Layer,
    filter::{FilterFn, LevelFilter, Targets, filter_fn},
    layer::{Context, SubscriberExt as _},
    registry,
};

use crate::{shape::shape, under::captured_by};

fn work() {
    info_span!("top").in_scope(|| {
        trace_span!("fine").in_scope(|| info!("below the fine one"));
        debug!("detail");
        debug_span!("middle").in_scope(|| {
            info_span!("leaf").in_scope(|| info!("in the leaf"));
            info!("below the middle one");
        });
        warn!("loud");
    });
}

/// What is left of [`work`] at `INFO`.
const AT_INFO: [&str; 6] = [
    "top",
    "leaf < top",
    "'below the fine one' < top",
    "'in the leaf' < leaf",
    "'below the middle one' < top",
    "'loud' < top",
];

fn all() -> probity_trace::CaptureLayer {
    layer().with_policy(probity_trace::CapturePolicy::all())
}

#[test]
fn a_filter_of_the_whole_subscriber_is_obeyed() {
    let below = Dispatch::new(registry().with(LevelFilter::INFO).with(all()));
    let above = Dispatch::new(registry().with(all()).with(LevelFilter::INFO));

    assert_eq!(shape(&captured_by(&below, work)), AT_INFO);
    assert_eq!(shape(&captured_by(&above, work)), AT_INFO);
}

#[test]
fn a_filter_of_the_layer_itself_is_obeyed() {
    let subscriber = Dispatch::new(registry().with(all().with_filter(LevelFilter::INFO)));

    assert_eq!(shape(&captured_by(&subscriber, work)), AT_INFO);
}

#[test]
fn a_filter_that_lets_only_warnings_through_leaves_only_warnings() {
    let whole = Dispatch::new(registry().with(all()).with(LevelFilter::WARN));
    let own = Dispatch::new(registry().with(all().with_filter(LevelFilter::WARN)));

    assert_eq!(shape(&captured_by(&whole, work)), ["'loud'"]);
    assert_eq!(shape(&captured_by(&own, work)), ["'loud'"]);
}

#[test]
fn an_anchor_that_a_filter_takes_away_takes_nothing_with_it() {
    let subscriber = Dispatch::new(registry().with(all().with_filter(LevelFilter::WARN)));
    let collected =
        block_on(capture(async { warn!("loud") }).anchored("anchor").with_subscriber(subscriber));

    assert_eq!(shape(&collected.trace), ["'loud'"]);
}

/// A layer that notes what it sees.
#[derive(Clone, Default)]
pub(crate) struct Sibling {
    seen: Arc<Mutex<Vec<String>>>,
}

impl<S: Subscriber> Layer<S> for Sibling {
    fn on_new_span(
        &self,
        attributes: &tracing::span::Attributes<'_>,
        _: &tracing::Id,
        _: Context<'_, S>,
    ) {
        let name = attributes.metadata().name().to_owned();
        self.seen.lock().unwrap().push(name);
    }

    fn on_event(&self, event: &tracing::Event<'_>, _: Context<'_, S>) {
        let level = event.metadata().level().to_string();
        self.seen.lock().unwrap().push(level);
    }
}

impl Sibling {
    fn seen(&self) -> Vec<String> {
        self.seen.lock().unwrap().clone()
    }
}

const ALL: [&str; 4] = ["top", "fine < top", "middle < top", "leaf < middle"];

fn spans(trace: &TraceSnapshot) -> Vec<String> {
    shape(trace).into_iter().filter(|record| !record.starts_with('\'')).collect()
}

#[test]
fn a_filter_of_a_sibling_is_no_filter_of_the_layer() {
    let sibling = Sibling::default();
    let filtered = sibling.clone().with_filter(LevelFilter::WARN);
    let above = Dispatch::new(registry().with(all()).with(filtered));
    assert_eq!(spans(&captured_by(&above, work)), ALL);
    assert_eq!(sibling.seen(), ["WARN"]);

    let sibling = Sibling::default();
    let filtered = sibling.clone().with_filter(LevelFilter::WARN);
    let below = Dispatch::new(registry().with(filtered).with(all()));
    assert_eq!(spans(&captured_by(&below, work)), ALL);
    assert_eq!(sibling.seen(), ["WARN"]);
}

#[test]
fn a_filter_of_the_layer_is_no_filter_of_a_sibling() {
    let sibling = Sibling::default();
    let subscriber = registry()
        .with(all().with_filter(LevelFilter::INFO))
        .with(sibling.clone().with_filter(LevelFilter::DEBUG));
    let trace = captured_by(&Dispatch::new(subscriber), work);

    assert_eq!(shape(&trace), AT_INFO);
    let seen = sibling.seen();
    assert_eq!(seen.iter().filter(|seen| *seen == "DEBUG").count(), 1);
    assert!(seen.iter().any(|seen| seen == "middle"));
    assert!(!seen.iter().any(|seen| seen == "fine"));
}

#[test]
fn a_sibling_without_a_filter_sees_what_the_policy_leaves_out() {
    let sibling = Sibling::default();
    let subscriber = Dispatch::new(registry().with(layer()).with(sibling.clone()));
    let trace = captured_by(&subscriber, work);

    assert_eq!(shape(&trace), AT_INFO, "the default policy keeps what is at INFO or above");
    assert_eq!(sibling.seen().len(), 9);
}

#[test]
fn the_layer_hints_no_level_and_refuses_no_callsite() {
    let own: &dyn Layer<tracing_subscriber::Registry> = &layer();
    assert_eq!(own.max_level_hint(), None);

    // `never` from one layer would hide the callsite from all others, for good.
    let sibling = Sibling::default();
    let marked = layer().with_policy(probity_trace::CapturePolicy::marked());
    let subscriber = Dispatch::new(registry().with(sibling.clone()).with(marked));
    let trace = captured_by(&subscriber, || info!("kept by none but the sibling"));
    assert!(trace.is_empty());
    assert_eq!(sibling.seen(), ["INFO"]);
}

#[test]
fn targets_filter_by_the_applications_own_targets() {
    let targets =
        Targets::new().with_target("my_agent", Level::DEBUG).with_target("hyper", LevelFilter::OFF);
    let subscriber = Dispatch::new(registry().with(all().with_filter(targets)));
    let trace = captured_by(&subscriber, || {
        info_span!(target: "my_agent::loop", "agent").in_scope(|| {
            info_span!(target: "hyper::client", "connection").in_scope(|| {
                debug!(target: "my_agent", "kept");
                info!(target: "hyper", "left out");
                info!(target: "other", "left out");
            });
        });
    });

    assert_eq!(shape(&trace), ["agent", "'kept' < agent"]);
}

#[test]
fn a_filter_that_looks_at_the_fields_may_take_the_middle_out() {
    let not_hidden = filter_fn(|metadata| metadata.fields().field("hidden").is_none());
    let subscriber = Dispatch::new(registry().with(all().with_filter(not_hidden)));
    let trace = captured_by(&subscriber, || {
        let _top = info_span!("top").entered();
        let hidden = info_span!("middle", hidden = true);
        let _middle = hidden.enter();
        let leaf = info_span!("leaf");
        info!(parent: &leaf, "in the leaf");
        info!("in the middle");
        info!(hidden = true, "left out");
    });

    assert_eq!(
        shape(&trace),
        ["top", "leaf < top", "'in the leaf' < leaf", "'in the middle' < top"]
    );
}

#[test]
fn what_hangs_explicitly_from_a_filtered_span_is_in_its_capture() {
    let subscriber = Dispatch::new(
        registry().with(all().with_filter(LevelFilter::INFO)).with(Sibling::default()),
    );
    let trace = captured_by(&subscriber, || {
        let middle = debug_span!("middle");
        let leaf = info_span!(parent: &middle, "leaf");
        info!(parent: &leaf, "in the leaf");
    });

    assert_eq!(shape(&trace), ["leaf", "'in the leaf' < leaf"]);
}

fn no_middle() -> FilterFn {
    filter_fn(|metadata| metadata.name() != "middle")
}

/// A subscriber for which `middle` exists, though the layer does not see it.
fn hides_the_middle() -> Dispatch {
    Dispatch::new(registry().with(all().with_filter(no_middle())).with(Sibling::default()))
}

#[test]
fn a_filtered_span_leads_another_thread_to_its_nearest_kept_ancestor() {
    let subscriber = hides_the_middle();
    let trace = captured_by(&subscriber, || {
        let _top = info_span!("top").entered();
        let middle = info_span!("middle");
        let elsewhere = subscriber.clone();
        let worker = thread::spawn(move || {
            dispatcher::with_default(&elsewhere, || {
                middle.in_scope(|| info_span!("leaf").in_scope(|| info!("in the leaf")));
            });
        });
        worker.join().unwrap();
    });

    assert_eq!(shape(&trace), ["top", "leaf < top", "'in the leaf' < leaf"]);
}

#[test]
fn a_hidden_span_leads_out_of_no_capture() {
    let subscriber = hides_the_middle();
    dispatcher::with_default(&subscriber, || {
        let _outside = info_span!("outside").entered();
        let mut inner = TraceSnapshot::default();
        let outer = captured_by(&subscriber, || {
            let _around = info_span!("around").entered();
            inner = captured_by(&subscriber, || {
                let _middle = info_span!("middle").entered();
                info_span!("leaf").in_scope(|| info!("in the leaf"));
                info!("in the middle");
            });
        });

        assert_eq!(shape(&outer), ["around", "probity.capture < around"]);
        assert_eq!(shape(&inner), ["leaf", "'in the leaf' < leaf", "'in the middle'"]);
    });
}
