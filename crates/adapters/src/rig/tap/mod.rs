//! Sees what goes over the wire between rig and a provider.

mod answer;
mod call;
mod cause;
mod client;
mod exchange;
mod framing;
mod payloads;
mod progress;
mod span;

pub use self::client::TappedClient;
pub(super) use self::{
    call::{Call, InCall},
    cause::cause,
};
