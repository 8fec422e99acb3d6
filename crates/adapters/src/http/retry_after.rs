//! How long a provider asks to wait, and whether to come back at all.

use std::time::{Duration, SystemTime};

use http::HeaderMap;

/// The longest wait that is believed; what asks for more is told as this much.
const LONGEST: Duration = Duration::from_hours(365 * 24);

/// Returns how long the provider asks to wait: `retry-after-ms` before `retry-after`, which has seconds
/// or the date of the next try.
pub(super) fn retry_after(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let milliseconds = number(headers, "retry-after-ms").map(|ms| ms / 1_000.0);
    let seconds = milliseconds.or_else(|| number(headers, "retry-after"));
    if let Some(seconds) = seconds {
        return Some(Duration::try_from_secs_f64(seconds).unwrap_or(LONGEST).min(LONGEST));
    }
    let date = httpdate::parse_http_date(text(headers, "retry-after")?).ok()?;
    // A date that has passed allows to try again at once.
    Some(date.duration_since(now).unwrap_or_default().min(LONGEST))
}

/// Returns what the provider says itself about trying again, in `x-should-retry`.
pub(super) fn should_retry(headers: &HeaderMap) -> Option<bool> {
    match text(headers, "x-should-retry")? {
        "true" => Some(true),
        "false" => Some(false),
        _ => None,
    }
}

fn number(headers: &HeaderMap, name: &str) -> Option<f64> {
    let number: f64 = text(headers, name)?.parse().ok()?;
    (number >= 0.0).then_some(number)
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok().map(str::trim)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(headers: &[(&'static str, &'static str)], expected: Option<Duration>) {
        let now = httpdate::parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT").unwrap();
        let map = headers.iter().map(|(name, value)| {
            (name.parse::<http::HeaderName>().unwrap(), value.parse().unwrap())
        });
        assert_eq!(retry_after(&map.collect(), now), expected, "{headers:?}");
    }

    #[test]
    fn milliseconds_go_before_seconds_and_seconds_may_be_a_date() {
        check(&[("retry-after", "2")], Some(Duration::from_secs(2)));
        check(&[("retry-after", "1.5")], Some(Duration::from_millis(1_500)));
        check(&[("retry-after", "2"), ("retry-after-ms", "20")], Some(Duration::from_millis(20)));
        check(&[("retry-after", "2"), ("retry-after-ms", "?")], Some(Duration::from_secs(2)));
        let date = "Sun, 06 Nov 1994 08:49:47 GMT";
        check(&[("retry-after", date)], Some(Duration::from_secs(10)));
        check(&[("retry-after", "Sun, 06 Nov 1994 08:00:00 GMT")], Some(Duration::ZERO));
    }

    #[test]
    fn what_makes_no_sense_asks_for_nothing_and_what_is_huge_is_bounded() {
        for value in ["", "soon", "-1", "NaN"] {
            check(&[("retry-after", value)], None);
        }
        check(&[("retry-after", "1e300")], Some(LONGEST));
        check(&[("retry-after", "inf")], Some(LONGEST));
    }

    #[test]
    fn the_provider_may_say_itself_whether_to_come_back() {
        for (value, expected) in [("true", Some(true)), ("false", Some(false)), ("maybe", None)] {
            let headers = HeaderMap::from_iter([(
                http::HeaderName::from_static("x-should-retry"),
                value.parse().unwrap(),
            )]);
            assert_eq!(should_retry(&headers), expected);
        }
        assert_eq!(should_retry(&HeaderMap::new()), None);
    }
}
