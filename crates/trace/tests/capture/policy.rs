//! Which spans and events a capture keeps.

use std::{
    panic::catch_unwind,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use probity_trace::{CapturePolicy, TraceSnapshot, layer};
use tracing::{
    Dispatch, Level, debug, debug_span, error, error_span, field::Empty, info, info_span, trace,
    trace_span, warn, warn_span,
};
use tracing_subscriber::{layer::SubscriberExt as _, registry};

use crate::{shape::shape, under::captured_by};

fn by(policy: CapturePolicy, f: impl FnOnce()) -> TraceSnapshot {
    let subscriber = registry().with(layer().with_policy(policy));
    captured_by(&Dispatch::new(subscriber), f)
}

#[track_caller]
fn check(policy: CapturePolicy, f: impl FnOnce(), expected: &[&str]) {
    assert_eq!(shape(&by(policy, f)), expected);
}

fn all_levels() {
    error_span!("error").in_scope(|| error!("error"));
    warn_span!("warn").in_scope(|| warn!("warn"));
    info_span!("info").in_scope(|| info!("info"));
    debug_span!("debug").in_scope(|| debug!("debug"));
    trace_span!("trace").in_scope(|| trace!("trace"));
}

#[test]
fn by_default_everything_from_info_on_is_kept_whatever_its_target() {
    check(
        CapturePolicy::default(),
        || {
            all_levels();
            info!(target: "hyper::client", "from anywhere");
            debug!(target: "hyper::client", "too fine");
            info_span!(target: "my_app::agent", "of the application").in_scope(|| ());
        },
        &[
            "error",
            "warn",
            "info",
            "of the application",
            "'error' < error",
            "'warn' < warn",
            "'info' < info",
            "'from anywhere'",
        ],
    );
}

#[test]
fn by_default_what_says_that_it_belongs_to_an_agent_is_kept_below_info() {
    check(
        CapturePolicy::default(),
        || {
            debug_span!("chat", gen_ai.operation.name = "chat").in_scope(|| debug!("too fine"));
            trace_span!("marked", probity.capture = true).in_scope(|| trace!("too fine"));
            debug!(probity.capture = true, "marked");
            debug!(target: "rig::completion", "of rig");
            debug!(target: "rig_agent", "of a rig agent");
            trace!(target: "rig::completions", "a whole request");
            debug!(target: "genai::chat", "of genai");
            debug!(target: "probity", "of probity");
            debug!(target: "probity::anything", "of probity too");
            debug!(target: "rigging", "of another");
            debug!(target: "my_rig", "of another");
        },
        &[
            "chat",
            "marked",
            "'marked'",
            "'of rig'",
            "'of a rig agent'",
            "'of genai'",
            "'of probity'",
            "'of probity too'",
        ],
    );
}

#[test]
fn everything_is_kept_where_that_is_asked_for() {
    let trace = by(CapturePolicy::all(), all_levels);
    assert_eq!((trace.len(), trace.all_events().len()), (5, 5));
}

#[test]
fn only_what_is_marked_is_kept_where_that_is_asked_for() {
    check(
        CapturePolicy::marked(),
        || {
            all_levels();
            error_span!("unmarked").in_scope(|| {
                info_span!("marked", probity.capture = true).in_scope(|| {
                    error!("unmarked");
                    info_span!("chat", gen_ai.operation.name = "chat").in_scope(|| ());
                });
            });
            info_span!(target: "genai", "model").in_scope(|| ());
        },
        &["marked", "chat < marked", "model"],
    );
}

#[test]
fn a_level_is_a_bound() {
    check(
        CapturePolicy::default().with_level(Level::WARN),
        || {
            all_levels();
            info!(probity.capture = true, "marked");
        },
        &["error", "warn", "'error' < error", "'warn' < warn", "'marked'"],
    );
}

#[test]
fn the_longest_target_that_fits_decides() {
    let policy = CapturePolicy::default()
        .with_target("agent", Level::DEBUG)
        .with_target("agent::noise", Level::ERROR)
        .without_target("hyper");
    check(
        policy,
        || {
            debug!(target: "agent", "a");
            debug!(target: "agent::tools", "b");
            trace!(target: "agent", "too fine");
            warn!(target: "agent::noise", "noise");
            error!(target: "agent::noise::deep", "c");
            error!(target: "hyper", "left out");
            error!(target: "hyper::client", "left out");
            info!(target: "hyperactive", "d");
            info!(target: "agents", "e");
        },
        &["'a'", "'b'", "'c'", "'d'", "'e'"],
    );
}

#[test]
fn the_marker_has_the_last_word() {
    let policy = CapturePolicy::default()
        .without_target("hyper")
        .with_predicate(|metadata| metadata.name() != "refused");
    check(
        policy,
        || {
            info!(target: "hyper", { probity.capture = true }, "wanted");
            info!(target: "hyper", { probity.capture = false }, "unwanted");
            info_span!("refused", probity.capture = true).in_scope(|| ());
            info_span!("refused").in_scope(|| ());
            error!(probity.capture = false, "unwanted");
        },
        &["refused", "'wanted'"],
    );
}

#[test]
fn the_marker_is_a_value_and_not_a_matter_of_the_callsite() {
    check(
        CapturePolicy::default(),
        || {
            for wanted in [true, false, true, false] {
                info_span!("span", probity.capture = wanted).in_scope(|| info!(wanted, "in it"));
                debug!(probity.capture = wanted, "event");
            }
        },
        &[
            "span",
            "span",
            "'in it' < span",
            "'event'",
            "'in it'",
            "'in it' < span",
            "'event'",
            "'in it'",
        ],
    );
}

#[test]
fn a_marker_that_is_declared_but_not_given_keeps_the_span() {
    check(
        CapturePolicy::marked(),
        || {
            let span = info_span!("declared", probity.capture = Empty, value = Empty);
            span.record("value", 1);
        },
        &["declared"],
    );
}

#[test]
fn children_of_a_span_that_is_left_out_hang_from_the_nearest_kept() {
    check(
        CapturePolicy::default(),
        || {
            let top = info_span!("top").entered();
            let hidden = info_span!("hidden", probity.capture = false, value = 1).entered();
            let deeper = debug_span!("too fine").entered();
            info_span!("leaf").in_scope(|| info!("in the leaf"));
            info!("in the hidden one");
            hidden.record("value", 2);
            info!(parent: &hidden, "to the hidden one");
            let explicit = info_span!(parent: &deeper, "explicit");
            drop((explicit, deeper, hidden, top));
            info_span!("hidden root", probity.capture = false)
                .in_scope(|| info_span!("root").in_scope(|| info!("in the root")));
        },
        &[
            "top",
            "leaf < top",
            "explicit < top",
            "root",
            "'in the leaf' < leaf",
            "'in the hidden one' < top",
            "'to the hidden one' < top",
            "'in the root' < root",
        ],
    );
}

#[test]
fn a_span_that_is_left_out_leads_other_threads_to_its_capture() {
    let subscriber = Dispatch::new(registry().with(layer()));
    let trace = captured_by(&subscriber, || {
        let _top = info_span!("top").entered();
        let hidden = info_span!("hidden", probity.capture = false);
        let elsewhere = subscriber.clone();
        let work = move || {
            tracing::dispatcher::with_default(&elsewhere, || {
                hidden.in_scope(|| info_span!("leaf").in_scope(|| info!("in the leaf")));
            });
        };
        std::thread::spawn(work).join().unwrap();
    });

    assert_eq!(shape(&trace), ["top", "leaf < top", "'in the leaf' < leaf"]);
}

#[test]
fn a_predicate_is_asked_once_for_a_callsite_and_not_for_each_span() {
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    let policy = CapturePolicy::default().with_predicate(move |metadata| {
        count.fetch_add(1, Ordering::Relaxed);
        metadata.fields().field("wanted").is_some()
    });
    let trace = by(policy, || {
        for _ in 0..1_000 {
            info_span!("span", wanted = true).in_scope(|| info!("said"));
        }
    });

    assert_eq!((trace.len(), trace.all_events().len()), (1_000, 0));
    assert_eq!(asked.load(Ordering::Relaxed), 2, "once for the span, once for the event");
}

#[test]
fn a_predicate_that_panics_panics_at_the_caller_and_the_layer_goes_on() {
    let policy = CapturePolicy::default().with_predicate(|metadata| {
        assert!(metadata.target() != "panics", "cannot say");
        true
    });
    check(
        policy,
        || {
            info!("before");
            let caught = catch_unwind(|| info!(target: "panics", "lost"));
            assert!(caught.is_err());
            info_span!("after").in_scope(|| info!("after"));
        },
        &["after", "'before'", "'after' < after"],
    );
}

#[test]
fn two_layers_with_different_policies_each_follow_their_own() {
    let all = Dispatch::new(registry().with(layer().with_policy(CapturePolicy::all())));
    let marked = Dispatch::new(registry().with(layer().with_policy(CapturePolicy::marked())));
    let work = || trace_span!("fine").in_scope(|| debug!(probity.capture = true, "marked"));
    for _ in 0..3 {
        assert_eq!(shape(&captured_by(&all, work)), ["fine", "'marked' < fine"]);
        assert_eq!(shape(&captured_by(&marked, work)), ["'marked'"]);
    }
}
