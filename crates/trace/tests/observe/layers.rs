//! What other layers see, and what is evaluated when no one looks.

use std::{
    cell::Cell,
    fmt,
    sync::{Arc, Mutex},
};

use futures::{Stream, StreamExt as _, executor::block_on, stream};
use probity_trace::{capture_sync, observe};
use serde::{Serialize, Serializer};
use tracing::{
    Subscriber,
    field::{Field, Visit},
    span,
};
use tracing_subscriber::{Layer, layer::Context, layer::SubscriberExt as _, registry::LookupSpan};

thread_local! {
    static WRITTEN: Cell<u32> = const { Cell::new(0) };
}

/// Counts how often it is written as JSON.
struct Counted;

impl Serialize for Counted {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        WRITTEN.set(WRITTEN.get() + 1);
        serializer.serialize_str("counted")
    }
}

#[observe(tool)]
fn look(given: Counted) -> Counted {
    given
}

/// Counts how often it is shown.
struct Failure;

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        WRITTEN.set(WRITTEN.get() + 1);
        f.write_str("failed")
    }
}

#[observe]
fn fail() -> Result<u8, Failure> {
    Err(Failure)
}

/// Keeps what spans record, as an exporter would.
#[derive(Clone, Default)]
struct Exporter(Arc<Mutex<Vec<(String, String)>>>);

impl Visit for Exporter {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.0.lock().unwrap().push((field.name().to_owned(), format!("{value:?}")));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.0.lock().unwrap().push((field.name().to_owned(), value.to_owned()));
    }
}

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Exporter {
    fn on_record(&self, _: &span::Id, values: &span::Record<'_>, _: Context<'_, S>) {
        values.record(&mut self.clone());
    }
}

#[test]
fn nothing_is_evaluated_where_nothing_looks() {
    look(Counted);
    assert_eq!(WRITTEN.get(), 0, "no subscriber");

    let subscriber = tracing_subscriber::registry().with(probity_trace::layer());
    tracing::subscriber::with_default(subscriber, || {
        look(Counted);
        assert_eq!(WRITTEN.get(), 0, "no capture");
        assert!(fail().is_err());
        assert_eq!(WRITTEN.get(), 0, "no capture");
        capture_sync(|| look(Counted));
        assert_eq!(WRITTEN.get(), 2, "once for the argument and once for the output");
    });
}

#[observe]
fn many(given: Counted) -> impl Stream<Item = Counted> {
    stream::iter([given, Counted])
}

#[test]
fn items_of_streams_are_not_evaluated_either_where_nothing_looks() {
    WRITTEN.set(0);
    let subscriber = tracing_subscriber::registry().with(probity_trace::layer());
    tracing::subscriber::with_default(subscriber, || block_on(many(Counted).count()));
    assert_eq!(WRITTEN.get(), 0);

    let exporter = Exporter::default();
    let subscriber = tracing_subscriber::registry().with(exporter.clone());
    tracing::subscriber::with_default(subscriber, || block_on(many(Counted).count()));
    let seen = exporter.0.lock().unwrap().clone();
    assert_eq!(seen[1], ("output.value".to_owned(), r#"["counted","counted"]"#.to_owned()));
}

#[test]
fn other_layers_see_what_is_recorded_without_a_capture() {
    let exporter = Exporter::default();
    let subscriber = tracing_subscriber::registry().with(exporter.clone());
    tracing::subscriber::with_default(subscriber, || look(Counted));
    let seen = exporter.0.lock().unwrap().clone();
    let seen: Vec<_> = seen.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
    assert_eq!(
        seen,
        [
            ("gen_ai.tool.call.arguments", r#"{"given":"counted"}"#),
            ("gen_ai.tool.call.result", "counted")
        ]
    );
}

#[test]
fn a_span_that_a_policy_leaves_out_is_not_written_for_the_capture() {
    let policy = probity_trace::CapturePolicy::default().without_target(module_path!());
    let layer = probity_trace::layer().with_policy(policy);
    let subscriber = tracing_subscriber::registry().with(layer);
    tracing::subscriber::with_default(subscriber, || {
        WRITTEN.set(0);
        let trace = capture_sync(|| look(Counted)).trace;
        assert!(trace.is_empty());
        assert_eq!(WRITTEN.get(), 0);
    });
}

#[test]
fn observed_functions_pass_a_policy_that_keeps_what_is_marked() {
    #[observe]
    fn plain(number: u8) -> u8 {
        number
    }
    let layer = probity_trace::layer().with_policy(probity_trace::CapturePolicy::marked());
    let subscriber = tracing_subscriber::registry().with(layer);
    tracing::subscriber::with_default(subscriber, || {
        assert!(capture_sync(|| plain(3)).trace.span_exists("plain"));
    });
}
