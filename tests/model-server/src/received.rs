//! A request that has arrived.

use std::time::Instant;

use axum::{
    body::Bytes,
    http::{HeaderMap, HeaderName, Method, Uri, header, request::Parts},
};
use serde_json::Value;

use crate::protocol::Protocol;

const SECRETS: [HeaderName; 4] = [
    header::AUTHORIZATION,
    header::COOKIE,
    HeaderName::from_static("x-api-key"),
    HeaderName::from_static("api-key"),
];

/// A request that has arrived, as the server saw it.
///
/// Its `Debug` output does not show keys: those headers are marked as sensitive.
#[derive(Clone, Debug)]
pub struct Received {
    number: usize,
    arrived: Instant,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    bytes: Bytes,
    body: Value,
}

impl Received {
    pub(crate) fn new(number: usize, arrived: Instant, head: Parts, bytes: Bytes) -> Self {
        let Parts { method, uri, mut headers, .. } = head;
        for name in SECRETS {
            if let Some(value) = headers.get_mut(name) {
                value.set_sensitive(true);
            }
        }
        let body = serde_json::from_slice(&bytes).unwrap_or_default();
        Self { number, arrived, method, uri, headers, bytes, body }
    }

    /// Returns the place of the request among all that arrived, from 0.
    pub fn number(&self) -> usize {
        self.number
    }

    /// Returns when the head of the request had arrived.
    pub fn arrived(&self) -> Instant {
        self.arrived
    }

    /// Returns the method.
    pub fn method(&self) -> &Method {
        &self.method
    }

    /// Returns the path, without the query.
    pub fn path(&self) -> &str {
        self.uri.path()
    }

    /// Returns the query, without the question mark.
    pub fn query(&self) -> Option<&str> {
        self.uri.query()
    }

    /// Returns the protocol that the request is answered in.
    pub fn protocol(&self) -> Protocol {
        Protocol::of_path(self.path())
    }

    /// Returns all headers.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// Returns the first value of a header; `None` as well where it is not text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// Returns the body as it came.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Returns the body as JSON; null where it is none.
    pub fn body(&self) -> &Value {
        &self.body
    }

    /// Returns the model that the request names.
    pub fn model(&self) -> Option<&str> {
        self.body.get("model")?.as_str()
    }

    /// Returns whether the request asks for a streamed answer.
    pub fn is_stream(&self) -> bool {
        self.body.get("stream").and_then(Value::as_bool).unwrap_or_default()
    }

    /// Returns whether the body has a field of the right kind.
    pub(crate) fn has(&self, field: &str, is_right: fn(&Value) -> bool) -> bool {
        self.body.get(field).is_some_and(is_right)
    }

    /// Returns whether the body has at least one message.
    pub(crate) fn has_messages(&self) -> bool {
        self.has("messages", |list| list.as_array().is_some_and(|list| !list.is_empty()))
    }

    /// Returns whether the request brings a bearer token.
    pub(crate) fn has_bearer(&self) -> bool {
        let token = self.header("authorization").and_then(|value| value.strip_prefix("Bearer "));
        token.is_some_and(|token| !token.trim().is_empty())
    }
}
