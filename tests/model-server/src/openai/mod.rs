//! Chat completions of OpenAI.

mod check;
mod failure;
mod fields;
mod message;
mod rate_limit;
mod stream;

use std::num::NonZeroUsize;

use axum::http::StatusCode;
use serde_json::Value;

use crate::{
    dialect::Dialect,
    frame::Frame,
    received::Received,
    reply::{Answer, Failure, RateLimit},
};

/// Speaks chat completions of OpenAI.
#[derive(Clone, Copy, Debug)]
pub(crate) struct OpenAi;

impl Dialect for OpenAi {
    fn request_id_header(&self) -> &'static str {
        "x-request-id"
    }

    fn has_key(&self, received: &Received) -> bool {
        received.has_bearer()
    }

    fn check(&self, received: &Received) -> Result<(), Failure> {
        check::check(received)
    }

    fn message(&self, answer: &Answer, received: &Received) -> Value {
        message::message(answer, received)
    }

    fn frames(&self, answer: &Answer, received: &Received, size: NonZeroUsize) -> Vec<Frame> {
        stream::frames(answer, received, size)
    }

    fn failure(&self, failure: &Failure, _request_id: &str) -> (StatusCode, Value) {
        failure::failure(failure)
    }

    fn frame(&self, _event: &str, data: &str) -> Frame {
        stream::frame(data)
    }

    fn rate_limit(&self, rate_limit: &RateLimit) -> Vec<(String, String)> {
        rate_limit::headers(rate_limit)
    }
}
