//! The warning that a trace is empty.
//!
//! This file stands alone because the warning comes once per process, on standard error, so that each
//! test needs a process of its own.

#[path = "support/child.rs"]
mod child;

use probity_trace::capture_sync;
use tracing::info;

use crate::child::in_child;

/// Returns the lines of standard error that are warnings of this crate.
fn warnings(stderr: &[u8]) -> Vec<String> {
    let said = String::from_utf8_lossy(stderr);
    said.lines().filter(|line| line.starts_with("probity: ")).map(str::to_owned).collect()
}

#[test]
fn an_empty_trace_warns_once_and_says_what_to_do() {
    let ran = in_child("an_empty_trace_warns_once_and_says_what_to_do", || {
        tracing::subscriber::set_global_default(tracing_subscriber::registry()).unwrap();
        for _ in 0..10 {
            assert!(capture_sync(|| info!("unseen")).trace.is_empty());
        }
        let other = std::thread::spawn(|| capture_sync(|| info!("unseen")).trace);
        assert!(other.join().unwrap().is_empty());
    });

    if let Some(output) = ran {
        assert!(output.status.success());
        let warnings = warnings(&output.stderr);
        assert_eq!(warnings.len(), 1, "{warnings:?}");
        assert!(warnings[0].contains("probity_trace::layer()"), "{warnings:?}");
    }
}

#[test]
fn a_filter_is_named_by_the_warning() {
    use tracing_subscriber::{filter::LevelFilter, layer::SubscriberExt as _};

    let ran = in_child("a_filter_is_named_by_the_warning", || {
        let subscriber =
            tracing_subscriber::registry().with(probity_trace::layer()).with(LevelFilter::ERROR);
        tracing::subscriber::set_global_default(subscriber).unwrap();
        assert!(capture_sync(|| info!("filtered")).trace.is_empty());
    });

    if let Some(output) = ran {
        let warnings = warnings(&output.stderr);
        assert_eq!(warnings.len(), 1, "{warnings:?}");
        assert!(warnings[0].to_lowercase().contains("error"), "{warnings:?}");
        assert!(warnings[0].contains("filter"), "{warnings:?}");
    }
}

#[test]
fn a_trace_with_something_in_it_warns_of_nothing() {
    let ran = in_child("a_trace_with_something_in_it_warns_of_nothing", || {
        assert!(!capture_sync(|| info!("said")).trace.is_empty());
        // One that was dropped before it was done has no trace that could be empty.
        drop(probity_trace::capture(async { info!("never said") }));
    });

    if let Some(output) = ran {
        assert!(output.status.success());
        assert_eq!(warnings(&output.stderr), [""; 0]);
    }
}
