//! Messages of Anthropic.

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

/// Speaks messages of Anthropic.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Anthropic;

impl Dialect for Anthropic {
    fn request_id_header(&self) -> &'static str {
        "request-id"
    }

    fn has_key(&self, received: &Received) -> bool {
        let key = received.header("x-api-key");
        key.is_some_and(|key| !key.is_empty()) || received.has_bearer()
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

    fn failure(&self, failure: &Failure, request_id: &str) -> (StatusCode, Value) {
        failure::failure(failure, request_id)
    }

    fn frame(&self, event: &str, data: &str) -> Frame {
        Frame::around(stream::text(event, data))
    }

    fn rate_limit(&self, rate_limit: &RateLimit) -> Vec<(String, String)> {
        rate_limit::headers(rate_limit)
    }
}
