//! The rate limits that a provider tells in headers.

use std::time::Duration;

/// The rate limits of a key, for requests and for tokens.
#[derive(Clone, Copy, Debug)]
pub struct RateLimit {
    requests: Window,
    tokens: Window,
}

impl RateLimit {
    /// Limits requests and tokens.
    pub fn new(requests: Window, tokens: Window) -> Self {
        Self { requests, tokens }
    }

    /// Returns the windows, each with what it counts.
    pub(crate) fn windows(&self) -> [(&'static str, Window); 2] {
        [("requests", self.requests), ("tokens", self.tokens)]
    }
}

/// How much of something is allowed until a time.
#[derive(Clone, Copy, Debug)]
pub struct Window {
    limit: u64,
    remaining: u64,
    reset: Duration,
}

impl Window {
    /// Allows `limit` of something; `remaining` of it is left, and all again after `reset`.
    pub fn new(limit: u64, remaining: u64, reset: Duration) -> Self {
        Self { limit, remaining, reset }
    }

    pub(crate) fn limit(&self) -> u64 {
        self.limit
    }

    pub(crate) fn remaining(&self) -> u64 {
        self.remaining
    }

    pub(crate) fn reset(&self) -> Duration {
        self.reset
    }
}
