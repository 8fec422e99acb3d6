//! The rate limits in OpenAI's headers.

use std::time::Duration;

use crate::reply::{RateLimit, Window};

/// Renders the headers that tell the rate limits.
pub(super) fn headers(rate_limit: &RateLimit) -> Vec<(String, String)> {
    let of_window = |(what, window): (&str, Window)| {
        [
            (format!("x-ratelimit-limit-{what}"), window.limit().to_string()),
            (format!("x-ratelimit-remaining-{what}"), window.remaining().to_string()),
            (format!("x-ratelimit-reset-{what}"), duration(window.reset())),
        ]
    };
    rate_limit.windows().into_iter().flat_map(of_window).collect()
}

/// Writes a duration as OpenAI does: `12ms`, `1.5s`, `6m0s`, `1h2m3s`.
fn duration(duration: Duration) -> String {
    let seconds = duration.as_secs();
    if seconds == 0 {
        return format!("{}ms", duration.as_millis());
    }
    let thousandths = duration.subsec_millis();
    let rest = if thousandths == 0 {
        format!("{}s", seconds % 60)
    } else {
        let digits = format!("{thousandths:03}");
        format!("{}.{}s", seconds % 60, digits.trim_end_matches('0'))
    };
    match (seconds / 3600, seconds / 60 % 60) {
        (0, 0) => rest,
        (0, minutes) => format!("{minutes}m{rest}"),
        (hours, minutes) => format!("{hours}h{minutes}m{rest}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_written_as_the_provider_writes_them() {
        #[track_caller]
        fn check(milliseconds: u64, expected: &str) {
            assert_eq!(duration(Duration::from_millis(milliseconds)), expected);
        }
        check(0, "0ms");
        check(12, "12ms");
        check(1_000, "1s");
        check(1_500, "1.5s");
        check(8_064, "8.064s");
        check(360_000, "6m0s");
        check(3_723_000, "1h2m3s");
        check(3_600_000, "1h0m0s");
    }
}
