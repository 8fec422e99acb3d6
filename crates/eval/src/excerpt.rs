//! What a report shows of a text or of a JSON value: its beginning, without secrets.

use std::fmt;

use probity_trace::Redaction;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// How many characters of a text a report shows.
const MAX_CHARS: usize = 500;

/// What stands in the place of a secret text in JSON.
const MASK: &str = "\"[redacted]\"";

/// The beginning of a text, and how much of the text is left out.
///
/// Texts of up to 500 characters are there as a whole. Secrets that [`Redaction`] recognizes are masked
/// before the text is cut.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Excerpt {
    /// The beginning of the text.
    pub text: String,
    /// How many characters follow that are left out.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub omitted: usize,
}

impl Excerpt {
    /// Takes the beginning of a text.
    pub(crate) fn of(text: &str) -> Self {
        let text = Redaction::new().scrub(text);
        match text.char_indices().nth(MAX_CHARS) {
            None => Self { text: text.into_owned(), omitted: 0 },
            Some((end, _)) => {
                let (shown, rest) = text.split_at(end);
                Self { text: shown.to_owned(), omitted: rest.chars().count() }
            }
        }
    }

    /// Takes the beginning of a JSON value, written on one line.
    pub(crate) fn of_json(value: &Value) -> Self {
        Self::of(&value.to_string())
    }

    /// Takes the beginning of a JSON value under its name in an object, which may be that of a secret.
    pub(crate) fn of_named_json(name: &str, value: &Value) -> Self {
        if value.is_string() && Redaction::new().is_secret(name) {
            return Self { text: MASK.to_owned(), omitted: 0 };
        }
        Self::of_json(value)
    }

    /// Returns what prints the text in quotes, on one line.
    pub(crate) fn quoted(&self) -> impl fmt::Display + '_ {
        fmt::from_fn(|f| {
            write!(f, "{:?}", self.text)?;
            self.write_omitted(f)
        })
    }

    fn write_omitted(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.omitted {
            0 => Ok(()),
            omitted => write!(f, ".. ({omitted} more characters)"),
        }
    }
}

/// Prints the text and, if there is more of it, how much.
impl fmt::Display for Excerpt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)?;
        self.write_omitted(f)
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
pub(crate) fn is_zero(count: &usize) -> bool {
    *count == 0
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_short_text_is_there_as_a_whole() {
        for text in ["", "Paris", &"é".repeat(500)] {
            let excerpt = Excerpt::of(text);
            assert_eq!((excerpt.text.as_str(), excerpt.omitted), (text, 0));
            assert_eq!(excerpt.to_string(), text);
        }
    }

    #[test]
    fn a_long_text_is_cut_between_characters_and_says_so() {
        let excerpt = Excerpt::of(&"🦀".repeat(507));
        assert_eq!((excerpt.text.chars().count(), excerpt.omitted), (500, 7));
        assert!(excerpt.to_string().ends_with("🦀.. (7 more characters)"));
        assert!(excerpt.quoted().to_string().ends_with("🦀\".. (7 more characters)"));
    }

    #[test]
    fn a_secret_is_masked_even_where_the_cut_would_go_through_it() {
        let text = format!("{} sk-proj-abcdefghijklmnop1234", "x".repeat(490));
        let excerpt = Excerpt::of(&text);
        assert!(!excerpt.text.contains("sk-proj"), "{excerpt}");
    }

    #[test]
    fn secrets_in_json_are_masked_by_name_and_by_shape() {
        let value = json!({
            "api_key": "k1",
            "city": "Paris",
            "headers": [{"Authorization": "x"}, "Bearer abcdef1234567890"],
            "max_tokens": 5,
            "token": 7,
        });
        assert_eq!(
            Excerpt::of_json(&value).text,
            r#"{"api_key":"[redacted]","city":"Paris","headers":[{"Authorization":"[redacted]"},"Bearer [redacted]"],"max_tokens":5,"token":7}"#
        );
        assert_eq!(Excerpt::of_named_json("password", &json!("p")).text, r#""[redacted]""#);
        assert_eq!(Excerpt::of_named_json("city", &json!("p")).text, r#""p""#);
    }

    #[test]
    fn quotes_keep_a_text_on_one_line() {
        assert_eq!(Excerpt::of("a\n\"b\"").quoted().to_string(), r#""a\n\"b\"""#);
    }

    #[test]
    fn json_brings_an_excerpt_back() {
        for text in ["Paris".to_owned(), "x".repeat(600)] {
            let excerpt = Excerpt::of(&text);
            let json = serde_json::to_string(&excerpt).unwrap();
            assert_eq!(serde_json::from_str::<Excerpt>(&json).unwrap(), excerpt);
        }
    }
}
