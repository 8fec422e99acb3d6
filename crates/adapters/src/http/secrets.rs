//! The secrets of one request, and taking them out of what is told.

use std::borrow::Cow;

use http::HeaderMap;
use probity_trace::Redaction;

/// What stands in the place of a secret; as in the rest of a trace.
const MASK: &str = "[redacted]";

/// A shorter value would be found in texts that have nothing to do with it.
const SHORTEST: usize = 6;

/// The values of a request's secret headers, to be masked wherever a provider repeats them.
#[derive(Clone, Default)]
pub(crate) struct Secrets {
    values: Vec<String>,
    redaction: Redaction,
}

impl Secrets {
    /// Remembers the values of secret headers, such as `authorization` and `x-api-key`.
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        let mut secrets = Self::default();
        for (name, value) in headers {
            if secrets.redaction.is_secret(name.as_str())
                && let Ok(value) = value.to_str()
            {
                // The word before the blank names the scheme, as in `Bearer`.
                secrets.add(value.split_once(' ').map_or(value, |(_, value)| value));
            }
        }
        secrets
    }

    /// Remembers one more value, unless it is too short to be one.
    pub(crate) fn add(&mut self, value: &str) {
        let value = value.trim();
        if value.len() >= SHORTEST {
            self.values.push(value.to_owned());
        }
    }

    /// Masks the secrets of the request in a text. What is secret by its name or shape is masked
    /// wherever a text is kept.
    pub(crate) fn mask<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let mut masked = Cow::Borrowed(text);
        for value in &self.values {
            if masked.contains(value) {
                masked = Cow::Owned(masked.replace(value, MASK));
            }
        }
        masked
    }

    /// Masks the secrets of the request in a URL, and the values of secret parameters.
    pub(crate) fn mask_url(&self, url: &str) -> String {
        let url = self.mask(url);
        let Some((path, query)) = url.split_once('?') else {
            return url.into_owned();
        };
        let pairs: Vec<_> = query
            .split('&')
            .map(|pair| match pair.split_once('=') {
                Some((name, _)) if name == "key" || self.redaction.is_secret(name) => {
                    Cow::Owned(format!("{name}={MASK}"))
                }
                _ => Cow::Borrowed(pair),
            })
            .collect();
        format!("{path}?{}", pairs.join("&"))
    }
}

impl std::fmt::Debug for Secrets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Secrets").field("count", &self.values.len()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secrets() -> Secrets {
        let mut headers = HeaderMap::new();
        headers.insert("authorization", "Bearer planted-key".parse().unwrap());
        headers.insert("x-api-key", "another-key".parse().unwrap());
        headers.insert("cookie", "a=1".parse().unwrap());
        headers.insert("accept", "application/json".parse().unwrap());
        Secrets::of(&headers)
    }

    #[test]
    fn values_of_secret_headers_are_masked_and_other_values_are_not() {
        let text = "planted-key, another-key, a=1, application/json";
        assert_eq!(secrets().mask(text), "[redacted], [redacted], a=1, application/json");
    }

    #[test]
    fn secret_parameters_of_a_url_are_masked() {
        assert_eq!(
            secrets().mask_url("http://h/p?alt=sse&key=abc&api_key=def&x"),
            "http://h/p?alt=sse&key=[redacted]&api_key=[redacted]&x"
        );
        assert_eq!(secrets().mask_url("http://h/planted-key"), "http://h/[redacted]");
    }

    #[test]
    fn debug_output_holds_no_value() {
        assert_eq!(format!("{:?}", secrets()), "Secrets { count: 2, .. }");
    }
}
