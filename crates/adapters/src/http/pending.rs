//! Tells the events of an answer one by one, whatever is read of it at a time.

use std::collections::VecDeque;

use futures::{StreamExt as _, stream};
use probity_eval::model::{ModelError, ModelEvent, ModelStream};

/// What was read of an answer and is not told yet.
#[derive(Default)]
pub(crate) struct Pending {
    /// The events, in their order.
    pub(crate) events: VecDeque<ModelEvent>,
    /// What is told after the events that came before it.
    pub(crate) failed: Option<ModelError>,
    /// Whether there is nothing left to read.
    pub(crate) is_over: bool,
}

/// An answer that is read piece by piece.
pub(crate) trait Reading: Send + 'static {
    /// Reads the next piece, and adds to what is pending what it says.
    fn read_on(&mut self) -> impl Future<Output = ()> + Send;

    /// Returns what is not told yet.
    fn pending(&mut self) -> &mut Pending;
}

impl Pending {
    /// Ends the answer with an error.
    pub(crate) fn fail(&mut self, error: ModelError) {
        self.failed = Some(error);
        self.is_over = true;
    }
}

/// Returns the events of an answer, which is read as they are asked for.
pub(crate) fn events(reading: impl Reading) -> ModelStream {
    stream::unfold(reading, next).boxed()
}

async fn next<R: Reading>(mut reading: R) -> Option<(Result<ModelEvent, ModelError>, R)> {
    loop {
        let pending = reading.pending();
        if let Some(event) = pending.events.pop_front() {
            return Some((Ok(event), reading));
        }
        if let Some(error) = pending.failed.take() {
            return Some((Err(error), reading));
        }
        if pending.is_over {
            return None;
        }
        reading.read_on().await;
    }
}
