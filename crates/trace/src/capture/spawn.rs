//! Spawning on tokio without losing the capture.

use tokio::task::JoinHandle;

use super::handle::CaptureHandle;

/// Spawns a task that belongs to the current capture, span and subscriber; outside of captures, a
/// plain task.
///
/// `tokio::spawn` alone starts a task that knows nothing of where it came from. What it records is in
/// no capture, and under a scoped subscriber not even `in_current_span` helps.
///
/// # Panics
///
/// Outside of a tokio runtime, as [`tokio::spawn`] does.
pub fn spawn<F>(future: F) -> JoinHandle<F::Output>
where
    F: Future<Output: Send> + Send + 'static,
{
    match CaptureHandle::current() {
        Some(handle) => tokio::spawn(handle.attach(future)),
        None => tokio::spawn(future),
    }
}

/// Runs blocking code on tokio's pool as part of the current capture, span and subscriber.
///
/// # Panics
///
/// Outside of a tokio runtime, as [`tokio::task::spawn_blocking`] does.
pub fn spawn_blocking<T: Send + 'static>(f: impl FnOnce() -> T + Send + 'static) -> JoinHandle<T> {
    match CaptureHandle::current() {
        Some(handle) => tokio::task::spawn_blocking(move || handle.in_scope(f)),
        None => tokio::task::spawn_blocking(f),
    }
}
