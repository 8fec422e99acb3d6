//! What a protocol has to know in order to be spoken.

use std::num::NonZeroUsize;

use axum::http::StatusCode;
use serde_json::Value;

use crate::{
    frame::Frame,
    received::Received,
    reply::{Answer, Failure, RateLimit},
};

/// What a protocol has to know in order to be spoken.
pub(crate) trait Dialect {
    /// The header that carries the id of a request.
    fn request_id_header(&self) -> &'static str;

    /// Returns whether the request brings a key.
    fn has_key(&self, received: &Received) -> bool;

    /// Returns what the real API would refuse the request for.
    fn check(&self, received: &Received) -> Result<(), Failure>;

    /// Renders an answer that is not streamed.
    fn message(&self, answer: &Answer, received: &Received) -> Value;

    /// Renders a streamed answer, in deltas of this many characters.
    fn frames(&self, answer: &Answer, received: &Received, size: NonZeroUsize) -> Vec<Frame>;

    /// Renders an error.
    fn failure(&self, failure: &Failure, request_id: &str) -> (StatusCode, Value);

    /// Renders a frame of a stream; a protocol without named events leaves the name out.
    fn frame(&self, event: &str, data: &str) -> Frame;

    /// Renders the headers that tell the rate limits.
    fn rate_limit(&self, rate_limit: &RateLimit) -> Vec<(String, String)>;
}
