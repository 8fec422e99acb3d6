//! In-process capture of `tracing` spans and events as a value.
#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing
    )
)]
#![warn(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::dbg_macro
)]

mod capture;
mod clock;
mod delivery;
mod ids;
mod layer;
mod limits;
mod local;
mod log;
mod node;
mod policy;
pub mod raw;
mod redact;
mod snapshot;
mod status;
mod value;
mod wire;

pub use capture::{
    Capture, CaptureCatch, CaptureHandle, CaptureRaw, Collected, CollectedObserved, CollectedRaw,
    InCapture, NotCaptured, Observed, Observer, Panicked, Stopped, TryCapture, capture,
    capture_catch, capture_raw, capture_raw_sync, capture_sync, try_capture,
};
#[cfg(feature = "tokio")]
pub use capture::{spawn, spawn_blocking};
pub use ids::{ParseIdError, SpanId, TraceId};
pub use layer::{CaptureLayer, layer};
pub use limits::{CaptureLimits, Dropped};
pub use node::{EventNode, FieldNode, SpanNode, TraceEvent};
pub use policy::CapturePolicy;
pub use raw::{RawEntry, RawPayload, RawTraceSnapshot};
pub use redact::{InvalidPattern, Redaction};
pub use snapshot::{Descendants, EventRef, FieldRef, SpanRef, TraceSnapshot};
pub use status::CaptureStatus;
pub use value::{Value, ValueRef};
