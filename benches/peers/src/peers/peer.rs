//! The trait behind which the libraries are.

use tracing::Dispatch;

use super::install::Setup;
use crate::emit::Emit;
use crate::sample::Captured;

/// A library that captures spans, freshly set up for one sample.
pub(crate) trait Peer: Sized + 'static {
    /// The macros that feed it.
    type Emit: Emit;
    /// What one capture leaves behind; nothing where all captures share a store.
    type Part: Send + 'static;
    /// Everything that was captured, ready to be looked at.
    type Snapshot;

    /// Builds the subscriber and, where the library has one, the store.
    fn new(setup: Setup) -> Self;

    /// Returns the dispatch under which the work runs.
    fn dispatch(&self) -> &Dispatch;

    /// Runs `work` in a capture.
    fn capture(work: impl FnOnce()) -> Self::Part;

    /// Runs `work` in a capture.
    fn capture_future<F>(work: F) -> impl Future<Output = Self::Part> + Send + 'static
    where
        F: Future<Output = ()> + Send + 'static;

    /// Takes the snapshot and builds whatever index its queries need.
    fn snapshot(&self, parts: impl Iterator<Item = Self::Part>) -> Self::Snapshot;

    /// Moves what was captured so far into the store, where a library bounds what may wait.
    fn collect() {}

    /// Empties the store, where that can be done, for the capture that comes next.
    fn clear(&self) {}

    /// Counts the spans named `span`, and all events; `None` where there is nothing to look at.
    fn captured(snapshot: &Self::Snapshot, span: &str) -> Option<Captured>;

    /// Returns how many spans were captured, whatever their names, as cheaply as that is known.
    fn len(snapshot: &Self::Snapshot) -> Option<u64>;
}
