//! Whether a run is to stop, and why.

use std::sync::OnceLock;

use tokio_util::sync::CancellationToken;

use crate::store::EndReason;

/// Whether a run is to stop, and why. The first reason counts.
#[derive(Debug)]
pub(super) struct Stop {
    /// Cancelled when no trial is to begin any more.
    begins: CancellationToken,
    /// Cancelled when trials under way are to be dropped.
    under_way: CancellationToken,
    reason: OnceLock<EndReason>,
}

impl Stop {
    /// Stops when a user says so: `drain` lets trials under way finish, `cancel` does not.
    pub(super) fn new(drain: &CancellationToken, cancel: &CancellationToken) -> Self {
        Self {
            begins: drain.child_token(),
            under_way: cancel.child_token(),
            reason: OnceLock::new(),
        }
    }

    /// Lets no trial begin any more; those under way finish.
    pub(super) fn drain(&self, reason: EndReason) {
        _ = self.reason.set(reason);
        self.begins.cancel();
    }

    /// Lets no trial begin any more, and drops those under way.
    pub(super) fn cancel(&self, reason: EndReason) {
        self.drain(reason);
        self.under_way.cancel();
    }

    /// Returns whether no trial is to begin any more.
    pub(super) fn is_draining(&self) -> bool {
        self.begins.is_cancelled() || self.under_way.is_cancelled()
    }

    /// Waits until no trial is to begin any more.
    pub(super) async fn draining(&self) {
        tokio::select! {
            () = self.begins.cancelled() => {}
            () = self.under_way.cancelled() => {}
        }
    }

    /// Waits until trials under way are to be dropped.
    pub(super) async fn cancelled(&self) {
        self.under_way.cancelled().await;
    }

    /// Returns why the run stopped; a user did it where nothing else did.
    pub(super) fn reason(&self) -> EndReason {
        self.reason.get().cloned().unwrap_or(EndReason::Interrupted)
    }
}
