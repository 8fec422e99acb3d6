//! The subscribers that tests capture under.

use tracing::Dispatch;
use tracing_subscriber::layer::SubscriberExt as _;

/// Makes a subscriber with the layer and nothing else.
pub(crate) fn with_layer() -> Dispatch {
    Dispatch::new(tracing_subscriber::registry().with(probity_trace::layer()))
}
