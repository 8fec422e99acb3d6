//! Asks the rate limiter of a run before a program's own call is sent, and tells it what came of it.

use std::time::Duration;

use probity_eval::{ModelError, RateLimiter, rate_limit::Permit};
use serde_json::Value;

/// How many bytes of a body make a token, about; what the provider reports takes its place.
const BYTES_PER_TOKEN: usize = 4;

/// Where bodies say how many tokens an answer may have, in the dialects of OpenAI, of Anthropic and of Google.
const MAX_TOKENS: [&str; 4] = [
    "/max_completion_tokens",
    "/max_output_tokens",
    "/max_tokens",
    "/generationConfig/maxOutputTokens",
];

/// A call that was admitted; by nobody where no limiter is current. None is current below a turn of an `Llm`, which
/// has asked by itself.
#[derive(Debug, Default)]
pub(crate) struct Admitted(Option<Permit>);

impl Admitted {
    /// Waits until a call with this body may be sent.
    pub(crate) async fn admit(provider: &str, body: &[u8]) -> Self {
        match RateLimiter::current() {
            Some(limiter) => Self(Some(limiter.admit(provider, estimate(body)).await)),
            None => Self(None),
        }
    }

    /// Returns how many milliseconds the call waited, if it did.
    pub(crate) fn waited_ms(&self) -> Option<u64> {
        let waited = self.0.as_ref().map(Permit::waited).filter(|waited| *waited > Duration::ZERO);
        waited.map(|waited| u64::try_from(waited.as_millis()).unwrap_or(u64::MAX))
    }

    /// The provider has begun to answer.
    pub(crate) fn accepted(&mut self) {
        if let Some(permit) = &mut self.0 {
            permit.accepted();
        }
    }

    /// The call failed.
    pub(crate) fn failed(&mut self, error: &ModelError) {
        if let Some(permit) = &mut self.0 {
            permit.failed(error);
        }
    }

    /// The call is over. Where it is not known how many tokens it used, the estimate stays.
    pub(crate) fn end(&mut self, tokens: Option<u64>) {
        if let (Some(mut permit), Some(tokens)) = (self.0.take(), tokens) {
            permit.settle(tokens);
        }
    }
}

/// Estimates the tokens of a call from its body.
fn estimate(body: &[u8]) -> u64 {
    let read: Value = serde_json::from_slice(body).unwrap_or_default();
    let answer = MAX_TOKENS.iter().find_map(|place| read.pointer(place)?.as_u64()).unwrap_or(0);
    (body.len().div_ceil(BYTES_PER_TOKEN) as u64).saturating_add(answer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_estimate_is_the_body_and_the_longest_answer() {
        let padding = "x".repeat(4_000);
        assert_eq!(estimate(padding.as_bytes()), 1_000);
        for body in [
            r#"{"max_tokens":100}"#,
            r#"{"max_completion_tokens":100,"max_tokens":7}"#,
            r#"{"generationConfig":{"maxOutputTokens":100}}"#,
        ] {
            let size = body.len().div_ceil(4) as u64;
            assert_eq!(estimate(body.as_bytes()), size + 100, "{body}");
        }
        assert_eq!(estimate(b""), 0);
    }
}
