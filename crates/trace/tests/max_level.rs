//! The levels that a status names.
//!
//! This file stands alone because the most verbose active level is that of the whole process, which
//! every subscriber in it changes.

use probity_trace::{CaptureStatus, capture_sync};
use tracing::{info, level_filters::STATIC_MAX_LEVEL};
use tracing_subscriber::{filter::LevelFilter, layer::SubscriberExt as _, registry};

#[test]
fn the_status_of_an_empty_trace_names_the_active_and_the_static_level() {
    let subscriber = registry().with(probity_trace::layer()).with(LevelFilter::WARN);
    tracing::subscriber::set_global_default(subscriber).unwrap();
    let trace = capture_sync(|| info!("filtered")).trace;

    let CaptureStatus::NothingRecorded { max_level, static_max_level, .. } = trace.status() else {
        panic!("{:?}", trace.status());
    };
    assert_eq!(max_level.to_string().to_lowercase(), "warn");
    assert_eq!(
        static_max_level.to_string().to_lowercase(),
        STATIC_MAX_LEVEL.to_string().to_lowercase()
    );
    let said = trace.status().to_string();
    assert!(said.to_lowercase().contains("warn") && said.contains("filter"), "{said}");
}
