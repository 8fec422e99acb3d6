//! Headers of requests and answers, as far as they may be told.

use http::HeaderMap;

/// Headers that are told to nobody, not even with a mask in place of the value.
const LEFT_OUT: [&str; 2] = ["authorization", "proxy-authorization"];

/// Returns the provider's identifier of a request: OpenAI's `x-request-id`, Anthropic's `request-id`.
pub(crate) fn request_id(headers: &HeaderMap) -> Option<String> {
    ["x-request-id", "request-id"].iter().find_map(|name| {
        let id = headers.get(*name)?.to_str().ok()?.trim();
        (!id.is_empty()).then(|| id.to_owned())
    })
}

/// Returns names and values, without `authorization`. Bytes that are no text become `U+FFFD`.
pub(super) fn listed(headers: &HeaderMap) -> Vec<(String, String)> {
    let told = headers.iter().filter(|(name, _)| !LEFT_OUT.contains(&name.as_str()));
    told.map(|(name, value)| {
        (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned())
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn authorization_is_left_out_and_the_rest_is_listed_in_order() {
        let mut headers = HeaderMap::new();
        for (name, value) in [("authorization", "Bearer x"), ("accept", "*/*"), ("x-a", "1")] {
            headers.insert(name, value.parse().unwrap());
        }
        headers.append("x-a", "2".parse().unwrap());
        let pairs = [("accept", "*/*"), ("x-a", "1"), ("x-a", "2")];
        assert_eq!(listed(&headers), pairs.map(|(name, value)| (name.into(), value.into())));
    }

    #[test]
    fn both_names_of_the_request_id_are_known() {
        for name in ["x-request-id", "request-id"] {
            let mut headers = HeaderMap::new();
            assert_eq!(request_id(&headers), None);
            headers.insert(name, "req_1".parse().unwrap());
            assert_eq!(request_id(&headers).as_deref(), Some("req_1"));
        }
    }
}
