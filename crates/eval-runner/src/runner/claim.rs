//! The claim of a run: while it is held, no other process runs the run.

use std::{sync::Arc, time::Duration};

use tokio::{runtime::Handle, time::sleep};

use super::error::RunError;
use crate::store::{RunId, RunStore};

/// How often a run is claimed before another process has it for sure: a server may take a moment to find out that one
/// was killed.
const TRIES: u32 = 10;
const WAIT: Duration = Duration::from_millis(50);

/// The claim of a run, held in its store. Where it is dropped it is given back in the background.
#[derive(Debug)]
pub(super) struct Claim {
    held: Option<(Arc<dyn RunStore>, RunId)>,
}

impl Claim {
    /// Claims a run.
    pub(super) async fn of(store: &Arc<dyn RunStore>, run: RunId) -> Result<Self, RunError> {
        for _ in 0..TRIES {
            // It is there before the store is asked, so that it is given back where the answer comes to nobody.
            let mut claim = Self { held: Some((Arc::clone(store), run)) };
            if store.claim(run).await? {
                return Ok(claim);
            }
            claim.held = None;
            sleep(WAIT).await;
        }
        Err(RunError::UnderWay { run })
    }

    /// Gives it back.
    pub(super) async fn release(mut self) {
        if let Some((store, run)) = self.held.take() {
            release(&*store, run).await;
        }
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        if let (Some((store, run)), Ok(runtime)) = (self.held.take(), Handle::try_current()) {
            drop(runtime.spawn(async move { release(&*store, run).await }));
        }
    }
}

async fn release(store: &dyn RunStore, run: RunId) {
    if let Err(error) = store.release(run).await {
        tracing::debug!(%error, "the claim of the run ends with its store");
    }
}
