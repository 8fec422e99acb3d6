//! Running code under a capture.

mod anchor;
mod builder;
mod catch;
mod collected;
mod fallback;
mod future;
mod handle;
mod nested;
mod observe;
mod run;
mod running;
mod scope;
#[cfg(feature = "tokio")]
mod spawn;
mod sync;
mod try_capture;

#[cfg(feature = "tokio")]
pub use self::spawn::{spawn, spawn_blocking};
pub use self::{
    catch::{CaptureCatch, Panicked, capture_catch},
    collected::{Collected, CollectedRaw},
    future::{Capture, CaptureRaw, capture, capture_raw},
    handle::{CaptureHandle, InCapture},
    observe::{CollectedObserved, Observed, Observer, Stopped},
    sync::{capture_raw_sync, capture_sync},
    try_capture::{NotCaptured, TryCapture, try_capture},
};
pub(crate) use self::{
    run::{Run, Setup},
    running::Running,
};
