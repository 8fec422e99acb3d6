//! Sees what goes over the wire between rig and a provider.

mod answer;
mod call;
mod cause;
mod client;
mod exchange;
mod framing;
mod host;
mod payloads;
mod progress;
mod span;
mod tokens;

pub use self::client::TappedClient;
pub(super) use self::{
    call::{Call, InCall},
    cause::cause,
};
