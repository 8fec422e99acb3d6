//! Capturing code that blocks.

use super::{
    collected::{Collected, CollectedRaw},
    run::{Run, Setup},
};
use crate::{log::Settings, raw::RawTraceSnapshot, snapshot::TraceSnapshot};

/// Captures what `f` records on this thread, and what is handed on from it.
///
/// # Examples
///
/// ```
/// let collected = probity_trace::capture_sync(|| {
///     tracing::info!(tool = "calculator", "called");
///     6 * 7
/// });
/// assert_eq!(collected.output, 42);
/// assert!(collected.trace.has_event_message("called"));
/// ```
pub fn capture_sync<T>(f: impl FnOnce() -> T) -> Collected<T> {
    let (output, (trace, _)) = run(Setup::default(), f);
    Collected { output, trace }
}

/// Captures like [`capture_sync`], and keeps raw entries as well; see [`raw`](crate::raw).
pub fn capture_raw_sync<T>(f: impl FnOnce() -> T) -> CollectedRaw<T> {
    let settings = Settings { raw: true, ..Settings::default() };
    let (output, (trace, raw)) = run(Setup { settings, ..Setup::default() }, f);
    CollectedRaw { output, trace, raw }
}

fn run<T>(setup: Setup, f: impl FnOnce() -> T) -> (T, (TraceSnapshot, RawTraceSnapshot)) {
    let run = Run::start(setup);
    let scope = run.enter();
    let output = f();
    drop(scope);
    (output, run.finish())
}
