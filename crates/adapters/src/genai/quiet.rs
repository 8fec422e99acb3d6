//! Runs code whose spans and log lines nobody shall see.

use tracing::{instrument::WithSubscriber as _, subscriber::NoSubscriber};

/// Runs a future without a subscriber.
pub(super) async fn quietly<F: Future>(future: F) -> F::Output {
    future.with_subscriber(NoSubscriber::default()).await
}
