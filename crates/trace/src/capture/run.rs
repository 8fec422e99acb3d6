//! One capture that runs, from its start to its snapshot.

use std::sync::{Arc, Once};

use tracing::{Dispatch, Span};

use super::{fallback, nested::Marker, scope::Scope};
use crate::{
    layer::CaptureLayer,
    local::{self, Site},
    log::{Ended, Log, Settings, record::SpanKey},
    raw::RawTraceSnapshot,
    snapshot::TraceSnapshot,
    status::CaptureStatus,
};

/// What a capture is set up with before it starts.
#[derive(Default)]
pub(crate) struct Setup {
    pub(crate) settings: Settings,
    pub(crate) anchor: Option<Box<dyn FnOnce() -> Span + Send>>,
    /// An enclosing capture sees what this one records.
    pub(crate) visible_outside: bool,
}

/// A capture that runs. Dropped before it is finished, it ends and keeps nothing.
pub(crate) struct Run {
    log: Arc<Log>,
    fallback: Option<&'static Dispatch>,
    anchor: Option<Span>,
    /// Stands for this capture in the one around it.
    marker: Option<Marker>,
}

impl Run {
    pub(crate) fn start(setup: Setup) -> Self {
        let mut settings = setup.settings;
        settings.trajectory =
            settings.trajectory.or_else(|| local::with(|local| local.trajectory()).flatten());
        // `get_current` says nothing while tracing hands over an event, where the thread only seems to
        // have no subscriber.
        let fallback = tracing_core::dispatcher::get_current(|current| {
            let Some(layer) = current.downcast_ref::<CaptureLayer>() else {
                return fallback::where_none_is_installed(current);
            };
            settings.redaction = Some(Arc::clone(layer.redaction()));
            settings.trace_id = settings.trace_id.or_else(|| layer.ambient_trace_id());
            None
        });
        let fallback = fallback.flatten();
        let log = Log::start(settings);
        let marker = Marker::open(log.trace_id, setup.visible_outside);
        let mut run = Self { log, fallback, anchor: None, marker };
        if let Some(anchor) = setup.anchor {
            let scope = run.enter();
            let span = anchor();
            drop(scope);
            run.anchor = Some(span);
        }
        run
    }

    pub(crate) fn log(&self) -> &Arc<Log> {
        &self.log
    }

    /// Makes this thread work for the capture, until the scope is dropped.
    pub(crate) fn enter(&self) -> Scope<'_> {
        let site = Site { log: Arc::clone(&self.log), parent: SpanKey::NONE };
        Scope::enter(site, fallback::enter(self.fallback), self.anchor.as_ref())
    }

    /// Returns the span around the captured code.
    pub(crate) fn anchor(&self) -> Option<&Span> {
        self.anchor.as_ref()
    }

    /// Closes the span around the future.
    pub(crate) fn drop_anchor(&mut self) {
        if let Some(anchor) = self.anchor.take() {
            let scope = self.enter();
            drop(anchor);
            drop(scope);
        }
    }

    /// Ends the capture and takes what it recorded.
    pub(crate) fn finish(mut self) -> (TraceSnapshot, RawTraceSnapshot) {
        self.drop_anchor();
        local::with(|local| local.forget_log(&self.log));
        let Some(ended) = self.log.end() else {
            return Default::default();
        };
        let dropped = ended.dropped.raw_entries;
        let raw = self.log.raw.as_ref().map(|raw| raw.take(dropped)).unwrap_or_default();
        let status = self.status(&ended, !raw.entries.is_empty());
        if !status.is_recorded() {
            warn_once(&status);
        }
        let trace = TraceSnapshot::of_log(&self.log, ended, status);
        if let Some(marker) = self.marker.take() {
            marker.close(&trace);
        }
        (trace, raw)
    }

    fn status(&self, ended: &Ended, has_raw: bool) -> CaptureStatus {
        // Without a layer there may be the marker of an inner capture, which is nothing of the program.
        let has_records = ended.layer_seen
            && ended.buffers.iter().any(|buffer| buffer.spans.len() + buffer.events.len() > 0);
        if has_raw || has_records {
            let by_fallback = self.fallback.is_some() && fallback::is_fallback(&ended.redaction);
            return if by_fallback { CaptureStatus::Fallback } else { CaptureStatus::Recorded };
        }
        let dropped = ended.dropped.spans + ended.dropped.events + ended.dropped.raw_entries;
        if dropped > 0 {
            CaptureStatus::NothingFits
        } else if ended.layer_seen || self.fallback.is_some() {
            CaptureStatus::nothing_recorded()
        } else {
            CaptureStatus::LayerNotSeen
        }
    }
}

impl Drop for Run {
    fn drop(&mut self) {
        // A capture that was dropped half way ends here; one that was finished has ended already.
        drop(self.log.end());
    }
}

/// Says on standard error, once per process, that a trace is empty and what to do.
#[expect(clippy::print_stderr, reason = "there is no working subscriber to tell")]
fn warn_once(status: &CaptureStatus) {
    static WARNED: Once = Once::new();
    WARNED.call_once(|| eprintln!("probity: a capture has {status}"));
}
