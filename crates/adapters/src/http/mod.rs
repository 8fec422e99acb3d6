//! What the adapters of providers share: from HTTP answers to typed errors and raw entries.
//!
//! One rule says what kind of error a refusal is: where the body names an error that says the money is
//! gone, that; else where there is an HTTP status of an error, the status; else the name of the
//! error in the body.

#[cfg(any(feature = "openai", feature = "rig"))]
mod admitted;
mod error_body;
mod failure;
mod headers;
#[cfg(feature = "openai")]
mod payloads;
#[cfg(any(feature = "genai", feature = "openai"))]
pub(crate) mod pending;
mod retry_after;
mod secrets;
mod transport;
mod wire_tap;

#[cfg(feature = "openai")]
pub(crate) use self::payloads::Payloads;
#[cfg(any(feature = "openai", feature = "rig"))]
pub(crate) use self::{admitted::Admitted, headers::request_id};
pub(crate) use self::{
    failure::{failed_in_stream, malformed, refused, truncated},
    secrets::Secrets,
    transport::{not_connected, not_read},
    wire_tap::WireTap,
};
