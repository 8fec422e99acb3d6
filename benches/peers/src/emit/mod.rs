//! What the workloads say, in the words of `tracing` and, once more, of `fastrace`.

mod debug_callsites;
mod emitter;
mod fastrace;
mod tracing;

pub(crate) use self::emitter::{DISABLED_CALLSITES, Emit, SPAN};
pub(crate) use self::fastrace::FastraceEmit;
pub(crate) use self::tracing::TracingEmit;
