//! Keeps secrets out of traces: by the name of a field, and by the shape of a value.

mod pairs;

use std::{
    borrow::Cow,
    sync::{Arc, OnceLock},
};

use regex::Regex;

use crate::value::ValueRef;

/// What stands in the place of a secret.
pub(crate) const MASK: &str = "[redacted]";

/// Which fields are secret by name and which texts by shape.
///
/// Names are compared word by word, where words end at `.`, `_`, `-` and before the capital letter that
/// begins the next word. A
/// name is secret if its last words are `authorization`, `cookie`, `password`, `passwd`, `secret`,
/// `credential`, `credentials`, `token`, `api_key`, `private_key`, `secret_key` or `access_key`; so
/// `http.request.header.x-api-key` and `accessToken` are secret, `gen_ai.usage.input_tokens` is
/// not. A number or boolean under a name ending in `token` is no secret.
///
/// Values under secret names are masked while they are recorded. Texts anywhere else are scanned for
/// texts under secret names in JSON (`"api_key": "..."`) and for well-known shapes (keys of OpenAI, Anthropic, AWS, Google, GitHub, Slack, Stripe and Hugging
/// Face, bearer and basic credentials, JSON Web Tokens, private keys, passwords in URLs) when they
/// leave the process: by a listener, a printed tree, JSON. In memory a snapshot holds what the
/// program recorded.
#[derive(Debug, Clone, Default)]
pub struct Redaction {
    names: Vec<Vec<String>>,
    shapes: Vec<Regex>,
}

/// Says why a pattern cannot be used to recognize secrets.
#[derive(Debug, Clone, thiserror::Error)]
#[error("the pattern {pattern:?} for secret values is not a valid regular expression")]
pub struct InvalidPattern {
    pattern: String,
    source: regex::Error,
}

const NAMES: &[&[&str]] = &[
    &["authorization"],
    &["cookie"],
    &["password"],
    &["passwd"],
    &["secret"],
    &["credential"],
    &["credentials"],
    &["token"],
    &["apikey"],
    &["api", "key"],
    &["private", "key"],
    &["secret", "key"],
    &["access", "key"],
];

/// Words before `token` that make it a token of text and not a credential.
const TEXT_TOKENS: &[&str] = &["first", "last", "next", "stop", "eos", "bos", "pad", "per"];

/// Well-known shapes. Each is matched by one alternative of one expression, so that a text is read
/// once; what must stay of a match is in the groups `keep` and `tail`. Word boundaries are those of
/// ASCII: with those of Unicode, one letter such as `é` makes the search a hundred times slower.
const SHAPES: &str = concat!(
    r"(?P<keep>(?i:(?-u:\b)(?:bearer|basic)\s+|://[^/\s:@]{1,64}:))?",
    r"(?:",
    r"(?-u:\b)sk-[A-Za-z0-9_-]{16,}",
    r"|(?-u:\b)[sr]k_(?:live|test)_[A-Za-z0-9]{16,}",
    r"|(?-u:\b)(?:AKIA|ASIA)[0-9A-Z]{16}(?-u:\b)",
    r"|(?-u:\b)AIza[0-9A-Za-z_-]{35}",
    r"|(?-u:\b)gh[pousr]_[A-Za-z0-9]{20,}|(?-u:\b)github_pat_[A-Za-z0-9_]{20,}",
    r"|(?-u:\b)xox[abeoprs]-[A-Za-z0-9-]{10,}",
    r"|(?-u:\b)hf_[A-Za-z0-9]{20,}",
    // A token that was cut through, or will be, may lack its later parts.
    r"|(?-u:\b)eyJ[A-Za-z0-9_-]{8,}(?:\.eyJ[A-Za-z0-9_-]*(?:\.[A-Za-z0-9_-]*)?|\.?\z)",
    r"|-----BEGIN [A-Z ]*PRIVATE KEY-----(?s:.*?)(?:-----END [A-Z ]*PRIVATE KEY-----|\z)",
    r")",
    r"|(?P<scheme>(?i:(?-u:\b)(?:bearer|basic))\s+)[A-Za-z0-9._~+/=-]{12,}",
    r"|(?P<user>://[^/\s:@]{1,64}:)[^/\s@]{1,256}@",
);

fn shapes() -> Option<&'static Regex> {
    static REGEX: OnceLock<Option<Regex>> = OnceLock::new();
    REGEX.get_or_init(|| Regex::new(SHAPES).ok()).as_ref()
}

impl Redaction {
    /// Recognizes what the type's documentation lists.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Returns what most captures use, without making it anew.
    pub(crate) fn shared_default() -> Arc<Self> {
        static DEFAULT: OnceLock<Arc<Redaction>> = OnceLock::new();
        Arc::clone(DEFAULT.get_or_init(Arc::default))
    }

    /// Adds a name: fields whose last words are the words of `name` are secret.
    #[must_use]
    pub fn with_secret_name(mut self, name: &str) -> Self {
        let words = words(name);
        if !words.is_empty() {
            self.names.push(words);
        }
        self
    }

    /// Adds a regular expression: what it matches in a text is masked when it leaves the process.
    ///
    /// # Errors
    ///
    /// If `pattern` is not a valid regular expression (syntax of the `regex` crate).
    pub fn with_secret_pattern(mut self, pattern: &str) -> Result<Self, InvalidPattern> {
        let shape = Regex::new(pattern)
            .map_err(|source| InvalidPattern { pattern: pattern.to_owned(), source })?;
        self.shapes.push(shape);
        Ok(self)
    }

    /// Returns whether a field of this name is secret.
    #[must_use]
    pub fn is_secret(&self, name: &str) -> bool {
        let words = words(name);
        let ends_with = |tail: &[String]| words.ends_with(tail);
        if self.names.iter().any(|name| ends_with(name)) {
            return true;
        }
        let known = NAMES.iter().any(|tail| {
            words.len() >= tail.len()
                && words.iter().rev().zip(tail.iter().rev()).all(|(word, tail)| word == tail)
        });
        known && !is_text_token(&words)
    }

    /// Returns whether this value is masked when it is recorded under this name.
    pub(crate) fn masks(&self, name: &str, value: ValueRef<'_>) -> bool {
        self.is_secret(name) && (value.as_str().is_some() || !Self::is_harmless_number(name))
    }

    /// Returns whether a number under this name is to be kept though a text would be masked.
    pub(crate) fn is_harmless_number(name: &str) -> bool {
        words(name).last().is_some_and(|word| word == "token")
    }

    /// Returns `text` with every recognized secret masked.
    #[must_use]
    pub fn scrub<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let mut scrubbed = match shapes() {
            Some(shapes) => shapes.replace_all(text, MaskMatch),
            // Never happens, as a test shows; but if it did, nothing must get out.
            None => Cow::Borrowed(MASK),
        };
        // Most texts are no JSON.
        if scrubbed.contains('"')
            && let Cow::Owned(replaced) = pairs::scrub(&scrubbed, |name| self.is_secret(name), MASK)
        {
            scrubbed = Cow::Owned(replaced);
        }
        for shape in &self.shapes {
            if let Cow::Owned(replaced) = shape.replace_all(&scrubbed, MASK) {
                scrubbed = Cow::Owned(replaced);
            }
        }
        scrubbed
    }
}

/// Replaces a match by the mask, but keeps what names the kind of secret.
struct MaskMatch;

impl regex::Replacer for MaskMatch {
    fn replace_append(&mut self, captures: &regex::Captures<'_>, text: &mut String) {
        for group in ["keep", "scheme", "user"] {
            text.push_str(captures.name(group).map_or("", |kept| kept.as_str()));
        }
        text.push_str(MASK);
        if captures.name("user").is_some() {
            text.push('@');
        }
    }
}

fn is_text_token(words: &[String]) -> bool {
    match words {
        [.., before, last] => last == "token" && TEXT_TOKENS.contains(&before.as_str()),
        _ => false,
    }
}

/// Splits a name into lowercase words.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut before = ' ';
    let mut rest = name.chars().peekable();
    while let Some(c) = rest.next() {
        let ends_acronym = before.is_uppercase() && rest.peek().is_some_and(|c| c.is_lowercase());
        let after_word = before.is_lowercase() || before.is_numeric();
        if !c.is_alphanumeric() || (c.is_uppercase() && (after_word || ends_acronym)) {
            words.push(String::new());
        }
        if c.is_alphanumeric()
            && let Some(word) = words.last_mut()
        {
            word.extend(c.to_lowercase());
        }
        before = c;
    }
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_secrets_are_recognized_and_counts_of_tokens_are_not() {
        let redaction = Redaction::new().with_secret_name("ssn");
        for name in [
            "authorization",
            "http.request.header.Authorization",
            "x-api-key",
            "OPENAI_API_KEY",
            "apiKey",
            "access_token",
            "sessionToken",
            "db.password",
            "set-cookie",
            "client_secret",
            "user.ssn",
            "DBPassword",
            "IDToken",
            "AWSSecretKey",
            "APIKey",
        ] {
            assert!(redaction.is_secret(name), "{name}");
        }
        for name in [
            "gen_ai.usage.input_tokens",
            "llm.token_count.prompt",
            "time_to_first_token",
            "max_tokens",
            "secretary",
            "key",
            "authorized",
            "",
            "...",
        ] {
            assert!(!redaction.is_secret(name), "{name}");
        }
    }

    #[test]
    fn secrets_are_masked_by_shape_and_the_rest_of_the_text_stays() {
        let redaction = Redaction::new();
        let cases = [
            ("key sk-proj-abcdefghijklmnop1234 end", "key [redacted] end"),
            ("Authorization: Bearer abcdef1234567890", "Authorization: Bearer [redacted]"),
            ("AKIAIOSFODNN7EXAMPLE", "[redacted]"),
            ("postgres://bob:hunter2@db/x", "postgres://bob:[redacted]@db/x"),
            ("ghp_0123456789abcdefghijABCDEFGHIJ", "[redacted]"),
            ("eyJhbGciOiJI.eyJzdWIiOiIx.c2ln", "[redacted]"),
            ("-----BEGIN RSA PRIVATE KEY-----\nabc", "[redacted]"),
            ("nothing here: task-force sk-1", "nothing here: task-force sk-1"),
        ];
        for (text, expected) in cases {
            assert_eq!(redaction.scrub(text), expected);
        }
    }

    #[test]
    fn the_known_shapes_are_a_valid_expression() {
        assert!(shapes().is_some());
    }

    #[test]
    fn own_patterns_are_masked_and_wrong_ones_refused() {
        let redaction = Redaction::new().with_secret_pattern(r"\bcust-\d+").unwrap();
        assert_eq!(redaction.scrub("for cust-42"), "for [redacted]");
        let error = Redaction::new().with_secret_pattern("(").unwrap_err();
        assert!(error.to_string().contains("\"(\""));
    }
}
