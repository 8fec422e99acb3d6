//! The libraries that are compared, behind one trait.

mod baseline;
mod fastrace;
mod install;
mod lutum;
mod opentelemetry;
mod peer;
mod probity;
mod tracing_capture;

pub(crate) use self::baseline::{Registry, UnderIdentity};
pub(crate) use self::fastrace::Fastrace;
pub(crate) use self::install::Setup;
pub(crate) use self::lutum::Lutum;
pub(crate) use self::opentelemetry::OpenTelemetry;
pub(crate) use self::peer::Peer;
pub(crate) use self::probity::{Filtered, Plain, Probity, Usual};
pub(crate) use self::tracing_capture::TracingCapture;
