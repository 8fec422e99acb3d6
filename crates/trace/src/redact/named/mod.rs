//! Secrets by their names in texts: in JSON at any depth, printed structs, headers, parameters of URLs.
//!
//! The text is read once, by the signs that part a name from its value, and not as a whole JSON: so
//! it may be cut, be a part of another text, or be JSON in a JSON string, and every other byte stays.

mod name;
mod value;

use std::borrow::Cow;

use self::{
    name::{Name, Quote},
    value::Masked,
};
use super::Redaction;

/// Masks the values whose name is secret.
///
/// It takes time in proportion to the text: what stands before a sign is looked at no further than a
/// name is long, and what was read as a value is not read again.
pub(super) fn scrub(text: &str, is_secret: impl Fn(&str) -> bool) -> Cow<'_, str> {
    let mut masked = Masked::of(text);
    let mut at = 0;
    while let Some(sign) = find_sign(text, at) {
        at = sign + 1;
        let Some(name) = Name::before(text, sign) else { continue };
        // A parameter that is called `key` is one only in a URL.
        if name.is_key_of_url() || is_secret(&name.text) {
            at = value(&mut masked, sign, &name).max(at);
        }
    }
    masked.finish()
}

fn find_sign(text: &str, from: usize) -> Option<usize> {
    let found = text.as_bytes().get(from..)?.iter().position(|byte| matches!(byte, b':' | b'='))?;
    Some(from + found)
}

/// Masks the value after a sign, and returns where to read on.
fn value(masked: &mut Masked<'_>, sign: usize, name: &Name<'_>) -> usize {
    let text = masked.text;
    let from = value::begin(text, sign + 1);
    let keeps_numbers = Redaction::is_harmless_number(&name.text);
    if let Some(quote) = Quote::at(text, from) {
        let end = quote.end(text, quote.after);
        if !is_piece_of_answer(text, &name.text, end) {
            masked.mask(quote.after..end);
        }
        return end;
    }
    let is_colon = text.as_bytes().get(sign) == Some(&b':');
    match text.as_bytes().get(from) {
        Some(b'[' | b'{') if is_colon => masked.nested(from, keeps_numbers),
        Some(b'0'..=b'9' | b'-') if is_colon && name.quote.is_some() => {
            masked.number(from, name.quote, keeps_numbers)
        }
        _ => match name.bare_value(text, sign) {
            Some(bare) => {
                let end = bare.end;
                masked.mask(bare);
                end
            }
            None => sign + 1,
        },
    }
}

/// Returns whether a value named `token` is a piece of a model's answer, listed with its probability.
fn is_piece_of_answer(text: &str, name: &str, end: usize) -> bool {
    let after = text.get(end..).unwrap_or_default();
    let after = after.trim_start_matches(['"', '\\', ',', ' ', '\n', '\t']);
    name == "token"
        && after.strip_prefix("logprob").is_some_and(|rest| rest.starts_with(['"', '\\']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let redaction = Redaction::new();
        assert_eq!(scrub(text, |name| redaction.is_secret(name)), expected, "{text}");
    }

    #[track_caller]
    fn check_same(text: &str) {
        check(text, text);
    }

    #[test]
    fn values_of_secret_names_are_masked_and_the_rest_stays_byte_for_byte() {
        check(
            r#"{ "model":"m", "api_key" : "hunter2",  "n":1 }"#,
            r#"{ "model":"m", "api_key" : "[redacted]",  "n":1 }"#,
        );
        check(r#"{"password":"a\"b\\","n":1}"#, r#"{"password":"[redacted]","n":1}"#);
        check(r#"{"password":"cut thr"#, r#"{"password":"[redacted]"#);
        check("{'api_key': 'hunter2'}", "{'api_key': '[redacted]'}");
        check(r#"{"api\u005fkey":"hunter2"}"#, r#"{"api\u005fkey":"[redacted]"}"#);
        check_same(r#"{"passwords":"x","password":"","secret":null,"text":"api_key"}"#);
        check_same(r#"{"password":"[redacted]","secret":true}"#);
    }

    #[test]
    fn lists_objects_and_numbers_under_secret_names_are_masked() {
        check(
            r#"{"headers":{"x-api-key":["hunter2", "b"]},"n":[1]}"#,
            r#"{"headers":{"x-api-key":["[redacted]", "[redacted]"]},"n":[1]}"#,
        );
        check(
            r#"{"api_key":{"value":"hunter2","n":[7,"x]"]},"b":"c"}"#,
            r#"{"api_key":{"value":"[redacted]","n":["[redacted]","[redacted]"]},"b":"c"}"#,
        );
        check(r#"{"password":12345678,"n":-1.5e3}"#, r#"{"password":"[redacted]","n":-1.5e3}"#);
        check(r#"{"a":"{\"password\":-12.5e3}"}"#, r#"{"a":"{\"password\":\"[redacted]\"}"}"#);
        check(r#"{"secret":["cut", "th"#, r#"{"secret":["[redacted]", "[redacted]"#);
        check_same(r#"{"token":7,"time_to_token":[1,2]}"#);
    }

    #[test]
    fn json_inside_json_strings_is_masked_at_any_depth() {
        check(
            r#"{"arguments":"{\"api_key\":\"hunter2\",\"n\":1}"}"#,
            r#"{"arguments":"{\"api_key\":\"[redacted]\",\"n\":1}"}"#,
        );
        for secret in ["hunter2", "pähunter2", "a\"hunter2", "hunter2\\", "\\\"hunter2\\\\\"", ""]
        {
            let mut text = serde_json::json!({"password": secret, "n": "b"}).to_string();
            let mut expected = text.clone();
            if !secret.is_empty() {
                expected = serde_json::json!({"password": "[redacted]", "n": "b"}).to_string();
            }
            for _ in 0..5 {
                check(&text, &expected);
                text = serde_json::json!({"arguments": text, "n": 1}).to_string();
                expected = serde_json::json!({"arguments": expected, "n": 1}).to_string();
            }
        }
        check(
            r#"{"arguments":"{\"password\":\"p\\u00e4hunter2\"}"}"#,
            r#"{"arguments":"{\"password\":\"[redacted]\"}"}"#,
        );
    }

    #[test]
    fn printed_structs_are_masked() {
        check(
            r#"Config { api_key: "hunter2", n: 1 }"#,
            r#"Config { api_key: "[redacted]", n: 1 }"#,
        );
        check(r#"C { api_key: Some("hunter2") }"#, r#"C { api_key: Some("[redacted]") }"#);
        check(
            r#"C { secret: Key { inner: "x" } }"#,
            r#"C { secret: Key { inner: "[redacted]" } }"#,
        );
        check(r#"api_key = "hunter2""#, r#"api_key = "[redacted]""#);
        check_same("struct C { api_key: String, token: Option<u8> }");
        check_same("let token = next(); fn f(password: &str) {}");
    }

    #[test]
    fn header_lines_are_masked() {
        check("x-api-key: hunter2\r\naccept: */*", "x-api-key: [redacted]\r\naccept: */*");
        check("curl -H 'x-api-key: hunter2' -d x", "curl -H 'x-api-key: [redacted]' -d x");
        check("a\nCookie: a=1; b=2\nb", "a\nCookie: [redacted]\nb");
        check("authorization: Bearer hunter", "authorization: Bearer [redacted]");
        check("Authorization: hunter2", "Authorization: [redacted]");
        check("x-functions-key: hunter2", "x-functions-key: [redacted]");
        check_same("Authorization: users log in first.");
        check_same("Cookie: the small cake. API key: see below. Secret: patience");
    }

    #[test]
    fn parameters_of_urls_and_of_environments_are_masked() {
        check(
            "GET https://x/y?api_key=hunter2&z=1&key=abc#a",
            "GET https://x/y?api_key=[redacted]&z=1&key=[redacted]#a",
        );
        check("OPENAI_API_KEY=hunter2 run", "OPENAI_API_KEY=[redacted] run");
        check_same("key=abc, token=next(1), password==x, /y?page_token=abc&q=key");
    }

    #[test]
    fn the_tokens_of_an_answer_with_probabilities_are_no_secrets() {
        check_same(r#"{"token":"Hello","logprob":-0.1}"#);
        check_same(r#"{"a":"{\"token\":\"Hello\",\"logprob\":-0.1}"}"#);
        check(r#"{"token":"x","logprob_hint":1}"#, r#"{"token":"[redacted]","logprob_hint":1}"#);
        check(r#"{"token":"hunter2"}"#, r#"{"token":"[redacted]"}"#);
    }
}
