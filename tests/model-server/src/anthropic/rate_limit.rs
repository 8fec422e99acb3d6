//! The rate limits in Anthropic's headers.

use jiff::Timestamp;

use crate::reply::{RateLimit, Window};

/// Renders the headers that tell the rate limits.
pub(super) fn headers(rate_limit: &RateLimit) -> Vec<(String, String)> {
    let of_window = |(what, window): (&str, Window)| {
        [
            (format!("anthropic-ratelimit-{what}-limit"), window.limit().to_string()),
            (format!("anthropic-ratelimit-{what}-remaining"), window.remaining().to_string()),
            (format!("anthropic-ratelimit-{what}-reset"), reset(window)),
        ]
    };
    rate_limit.windows().into_iter().flat_map(of_window).collect()
}

/// Returns the second in which the window is full again, in RFC 3339.
fn reset(window: Window) -> String {
    let now = Timestamp::now();
    let reset = now.saturating_add(window.reset()).unwrap_or(Timestamp::MAX);
    format!("{reset:.0}")
}
