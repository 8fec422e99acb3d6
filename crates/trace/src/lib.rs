//! Runs code and gives what its `tracing` spans and events said, as a value.
//!
//! ```
//! use tracing_subscriber::layer::SubscriberExt as _;
//!
//! let subscriber = tracing_subscriber::registry().with(probity_trace::layer());
//! tracing::subscriber::with_default(subscriber, || {
//!     let collected = probity_trace::capture_sync(|| {
//!         let turn = tracing::info_span!("llm_turn", model = "small", tokens = 17);
//!         turn.in_scope(|| tracing::info!("answered"));
//!         "Paris"
//!     });
//!
//!     assert_eq!(collected.output, "Paris");
//!     let turn = collected.trace.span("llm_turn").unwrap();
//!     assert!(turn.field("tokens").unwrap() == 17);
//!     assert_eq!(turn.events().next().unwrap().message(), Some("answered"));
//! });
//! ```
//!
//! # How the pieces fit
//!
//! [`layer`] goes into the program's subscriber, beside others, once. [`capture`](capture()) wraps a
//! future, [`capture_sync`] a closure, and both give [`Collected`]: the output and a
//! [`TraceSnapshot`]. The snapshot is a value: ask it with [`span`](TraceSnapshot::span) and its
//! kin, navigate from [`SpanRef`] to [`SpanRef`], match and assert with [`matcher`], print it, compare
//! two with [`TraceDiff`], store it as JSON. Code that must see things while they happen listens
//! ([`Capture::listen_events`], [`Capture::listen_spans`]) or observes and may end the capture
//! ([`Capture::observe`]).
//!
//! # What to read
//!
//! - [`capturing`]: what belongs to a capture, on one page, case by case.
//! - [`mod@observe`]: functions that become spans with one attribute; sessions and projects.
//! - [`CapturePolicy`], [`CaptureLimits`], [`Redaction`]: what is kept, how much of it, and what not.
//! - [`genai`]: the model calls, tool calls and agents of a trace, whoever emitted them.
//! - [`mod@trajectory`]: what was said on each sample of a task, for programs that evaluate agents.
//! - [`matcher`] and [`testing`]: asking traces in tests.
//! - [`raw`]: what went over the wire.
//! - [`cost`]: what it costs, and why.
//!
//! # Features
//!
//! | name | what | default |
//! |---|---|---|
//! | `macros` | `#[observe]`, which turns a function into a span, and `#[trajectory]`, which captures one as a trajectory | no |
//! | `tokio` | `spawn` and `spawn_blocking`, which carry a capture into tasks of tokio | no |
//!
//! # Stability
//!
//! The JSON form is versioned (`probity-trace/1`), and later versions of this crate read it. The API
//! may change between minor versions until 1.0. Rust 1.95 or later is needed; raising that is a minor
//! version.
#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing,
        reason = "a test says what went wrong by panicking"
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

#[doc = include_str!("../docs/capturing.md")]
pub mod capturing {}

#[doc = include_str!("../docs/cost.md")]
pub mod cost {}

mod attributes;
mod capture;
mod clock;
mod flag;
pub mod genai;
mod ids;
mod layer;
mod limits;
mod local;
mod log;
pub mod matcher;
mod node;
pub mod observe;
mod policy;
pub mod raw;
mod redact;
mod snapshot;
mod status;
mod switches;
mod sync;
mod tell;
pub mod testing;
pub mod trajectory;
mod value;
mod wire;

pub use attributes::{
    CaptureSpanExt, add_tags, keys, set_attribute, set_attributes, set_project, set_session_id,
    set_user_id,
};
pub use capture::{
    Capture, CaptureCatch, CaptureHandle, CaptureRaw, Collected, CollectedObserved, CollectedRaw,
    InCapture, NotCaptured, Observed, Observer, Panicked, Stopped, TryCapture, capture,
    capture_catch, capture_raw, capture_raw_sync, capture_sync, try_capture,
};
#[cfg(feature = "tokio")]
pub use capture::{spawn, spawn_blocking};
pub use ids::{ParseIdError, SpanId, TraceId};
pub use layer::{CaptureFilter, CaptureLayer, layer};
pub use limits::{CaptureLimits, Dropped};
pub use node::{EventNode, FieldNode, SpanNode, TraceEvent};
pub use observe::{set_input, set_output};
pub use policy::CapturePolicy;
/// The options, and what is recorded, are told at [`mod@observe`].
///
/// # Examples
///
/// ```
/// use probity_trace::{capture, observe};
///
/// #[observe(tool, redact(key))]
/// async fn search(query: &str, key: &str) -> Result<Vec<String>, String> {
///     if key.is_empty() { Err("no key".to_owned()) } else { Ok(vec![query.to_uppercase()]) }
/// }
///
/// let trace = futures::executor::block_on(capture(search("lamps", "k-1"))).trace;
/// let calls = trace.genai();
/// let call = &calls.tool_calls()[0];
/// assert_eq!(call.arguments, Some(serde_json::json!({"query": "lamps", "key": "[redacted]"})));
/// assert_eq!(call.result, Some(serde_json::json!(["LAMPS"])));
/// ```
#[cfg(feature = "macros")]
pub use probity_macros::observe;
#[cfg(feature = "macros")]
pub use probity_macros::trajectory;
pub use raw::{RawEntry, RawPayload, RawTraceSnapshot};
pub use redact::{InvalidPattern, Redaction};
pub use snapshot::{
    Change, Descendants, EventRef, FieldRef, FromJsonError, Redacted, SpanOrEvent, SpanRef,
    ToJsonError, TraceDiff, TraceSnapshot,
};
pub use status::CaptureStatus;
pub use switches::Switches;
pub use trajectory::{NestedTrajectory, Tracer, Trajectory};
pub use value::{Value, ValueRef};
