//! Masks the texts under secret names in JSON, and leaves every other byte as it is.
//!
//! It goes by the tokens and not by the tree, so that it also works on JSON that is cut off or broken, and
//! changes no order and no blank.

use std::borrow::Cow;

use probity_trace::Redaction;

use super::secrets::MASK;

/// Masks the texts under secret names.
pub(super) fn mask<'a>(text: &'a str, redaction: &Redaction) -> Cow<'a, str> {
    let mut masked = String::new();
    let mut kept_to = 0;
    let mut name: Option<Cow<'a, str>> = None;
    let mut at = 0;
    while let Some(begin) = find(text, at, '"') {
        let end = end_of_string(text, begin + 1);
        let inner = text.get(begin + 1..end).unwrap_or_default();
        at = end + 1;
        let is_value = name.as_ref().is_some_and(|_| follows_colon(text, begin));
        let replaced = match name.take().filter(|_| is_value) {
            Some(name) if redaction.is_secret(&name) => Some(MASK.to_owned()),
            _ => nested(inner, redaction),
        };
        if let Some(replaced) = replaced {
            masked.push_str(text.get(kept_to..=begin).unwrap_or_default());
            masked.push_str(&replaced);
            kept_to = end;
        } else if !is_value {
            name = Some(unescaped(inner));
        }
    }
    if kept_to == 0 {
        return Cow::Borrowed(text);
    }
    masked.push_str(text.get(kept_to..).unwrap_or_default());
    Cow::Owned(masked)
}

/// Masks JSON that is a text in JSON, as the arguments of tools are; `None` if there is nothing to mask.
fn nested(inner: &str, redaction: &Redaction) -> Option<String> {
    // An escaped quote and a colon are the least that a name needs.
    if !inner.contains("\\\"") || !inner.contains(':') {
        return None;
    }
    match mask(&unescaped(inner), redaction) {
        Cow::Borrowed(_) => None,
        Cow::Owned(masked) => {
            let quoted = serde_json::to_string(&masked).ok()?;
            Some(quoted.trim_start_matches('"').strip_suffix('"')?.to_owned())
        }
    }
}

fn unescaped(inner: &str) -> Cow<'_, str> {
    if !inner.contains('\\') {
        return Cow::Borrowed(inner);
    }
    match serde_json::from_str(&format!("\"{inner}\"")) {
        Ok(text) => Cow::Owned(text),
        Err(_) => Cow::Borrowed(inner),
    }
}

fn follows_colon(text: &str, begin: usize) -> bool {
    text.get(..begin).is_some_and(|before| before.trim_end().ends_with(':'))
}

/// Returns where the string that begins at `from` ends: at its quote, or at the end of the text.
fn end_of_string(text: &str, from: usize) -> usize {
    let mut is_escaped = false;
    for (at, byte) in text.bytes().enumerate().skip(from) {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' => is_escaped = true,
            b'"' => return at,
            _ => {}
        }
    }
    text.len()
}

fn find(text: &str, from: usize, what: char) -> Option<usize> {
    text.get(from..)?.find(what).map(|at| at + from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(mask(text, &Redaction::new()), expected);
    }

    #[test]
    fn texts_under_secret_names_are_masked_and_the_rest_stays_byte_for_byte() {
        check(
            r#"{ "api_key" : "abc",  "model":"m","n":1, "list":["api_key","x"]}"#,
            r#"{ "api_key" : "[redacted]",  "model":"m","n":1, "list":["api_key","x"]}"#,
        );
        check(
            r#"{"a":{"accessToken":"x\"y"},"b":"é"}"#,
            r#"{"a":{"accessToken":"[redacted]"},"b":"é"}"#,
        );
        check(r#"{"model":"m","text":"api_key"}"#, r#"{"model":"m","text":"api_key"}"#);
    }

    #[test]
    fn json_in_a_text_in_json_is_masked_too() {
        check(
            r#"{"arguments":"{\"api_key\":\"abc\",\"city\":\"Paris\"}"}"#,
            r#"{"arguments":"{\"api_key\":\"[redacted]\",\"city\":\"Paris\"}"}"#,
        );
    }

    #[test]
    fn broken_json_and_other_texts_are_masked_as_far_as_they_go() {
        check(r#"{"api_key":"abc"#, r#"{"api_key":"[redacted]"#);
        check(r#"{"api_key":"#, r#"{"api_key":"#);
        check(r#"data: {"password":"x"} and"#, r#"data: {"password":"[redacted]"} and"#);
        check("a \" b", "a \" b");
        check("", "");
        check("\"\\", "\"\\");
    }
}
