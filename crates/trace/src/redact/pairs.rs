//! Secrets by their names in JSON text: `"api_key": "..."`, also where the JSON is inside a JSON string.

use std::{borrow::Cow, ops::Range, sync::OnceLock};

use regex::Regex;

/// A name and a text value of JSON. What is cut through has no end.
const PLAIN: &str = r#""(?P<name>[^"\\]{1,64})"\s*:\s*"(?P<value>(?:[^"\\]|\\.)*)"#;

/// The same, where the JSON is inside a JSON string, so that each quote is escaped.
const ESCAPED: &str = r#"\\"(?P<name>[^"\\]{1,64})\\"\s*:\s*\\"(?P<value>[^"\\]*)"#;

/// Replaces by `mask` the text values whose name is secret.
pub(super) fn scrub<'a>(
    text: &'a str,
    is_secret: impl Fn(&str) -> bool,
    mask: &str,
) -> Cow<'a, str> {
    let mut scrubbed = Cow::Borrowed(text);
    for form in forms() {
        let secrets: Vec<Range<usize>> = form
            .captures_iter(&scrubbed)
            .filter_map(|pair| Some((pair.name("name")?, pair.name("value")?)))
            .filter(|(name, value)| {
                is_secret(name.as_str()) && !is_token_of_text(&scrubbed, name.as_str(), value.end())
            })
            .map(|(_, value)| value.range())
            .filter(|range| !range.is_empty())
            .collect();
        if !secrets.is_empty() {
            scrubbed = Cow::Owned(replaced(&scrubbed, &secrets, mask));
        }
    }
    scrubbed
}

fn forms() -> &'static [Regex] {
    static FORMS: OnceLock<Vec<Regex>> = OnceLock::new();
    FORMS.get_or_init(|| [PLAIN, ESCAPED].iter().filter_map(|form| Regex::new(form).ok()).collect())
}

/// Returns whether a value named `token` is a piece of a model's answer, listed with its probability.
fn is_token_of_text(text: &str, name: &str, end: usize) -> bool {
    let after = text.get(end..).unwrap_or_default();
    name == "token"
        && after.trim_start_matches(['"', '\\', ',', ' ', '\n', '\t']).starts_with("logprob")
}

fn replaced(text: &str, ranges: &[Range<usize>], mask: &str) -> String {
    let mut replaced = String::with_capacity(text.len());
    let mut from = 0;
    for range in ranges {
        replaced.push_str(text.get(from..range.start).unwrap_or_default());
        replaced.push_str(mask);
        from = range.end;
    }
    replaced.push_str(text.get(from..).unwrap_or_default());
    replaced
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let is_secret = |name: &str| ["api_key", "password", "token"].contains(&name);
        assert_eq!(scrub(text, is_secret, "[-]"), expected);
    }

    #[test]
    fn both_forms_are_valid_expressions() {
        assert_eq!(forms().len(), 2);
    }

    #[test]
    fn values_of_secret_names_are_masked_and_the_rest_stays_as_it_is() {
        check(r#"{"model":"m", "api_key" : "hunter2"}"#, r#"{"model":"m", "api_key" : "[-]"}"#);
        check(r#"{"password":"a\"b\\","n":1}"#, r#"{"password":"[-]","n":1}"#);
        check(r#"{"password":"cut thr"#, r#"{"password":"[-]"#);
        check(r#"{"passwords":"x","password":""}"#, r#"{"passwords":"x","password":""}"#);
    }

    #[test]
    fn json_inside_a_json_string_is_read_as_well() {
        check(
            r#"{"arguments":"{\"api_key\":\"hunter2\",\"n\":1}"}"#,
            r#"{"arguments":"{\"api_key\":\"[-]\",\"n\":1}"}"#,
        );
    }

    #[test]
    fn the_tokens_of_an_answer_with_probabilities_are_no_secrets() {
        check(r#"{"token":"Hello","logprob":-0.1}"#, r#"{"token":"Hello","logprob":-0.1}"#);
        check(r#"{"token":"hunter2"}"#, r#"{"token":"[-]"}"#);
    }
}
