//! Keeps secrets out of traces: by the name of a field, and by the shape of a value.

mod named;
mod web_token;

use std::{
    borrow::Cow,
    sync::{Arc, OnceLock},
};

use regex::{Captures, Regex};

use crate::value::ValueRef;

/// What stands in the place of a secret.
pub(crate) const MASK: &str = "[redacted]";

/// Which fields are secret by name and which texts by shape.
///
/// Names are compared word by word, where words end at `.`, `_`, `-` and before the capital letter that
/// begins the next word. A name is secret if its last words are `authorization`, `cookie`, `password`,
/// `passwd`, `secret`, `credential`, `credentials`, `token`, or one of `api`, `private`, `secret`,
/// `access`, `subscription` and `functions` before `key`; so `http.request.header.x-api-key` and
/// `accessToken` are secret, `gen_ai.usage.input_tokens` and `page_token` are not. A number or boolean
/// under a name ending in `token` is no secret.
///
/// Values under secret names are masked while they are recorded. Texts anywhere else are scanned when
/// they leave the process: by a listener, a printed tree, JSON. Masked in them are
///
/// - values under secret names: texts, numbers, and all of a list or an object in JSON, also in JSON
///   within JSON strings; quoted values of printed structs; header lines; parameters of URLs and of the
///   environment (`api_key=..`), in URLs also `key`;
/// - well-known shapes: keys of OpenAI, Anthropic, AWS, Google, GitHub, Slack, Stripe and Hugging Face,
///   bearer and basic credentials, JSON Web Tokens, private keys, passwords in URLs.
///
/// All else stays byte for byte. In memory a snapshot holds what the program recorded.
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
    &["subscription", "key"],
    &["functions", "key"],
];

/// Words before `token` that make it a token of text, or a place in a list, and not a credential.
const TEXT_TOKENS: &[&str] = &[
    "first",
    "last",
    "next",
    "stop",
    "eos",
    "bos",
    "pad",
    "per",
    "page",
    "continuation",
    "sync",
    "cursor",
];

/// Well-known shapes. Each is matched by one alternative of one expression, so that a text is read
/// once; what must stay of a match is in the groups `keep` and `scheme`. No alternative may look far
/// ahead and then fail, since what it looked at is searched again. Word boundaries are those of
/// ASCII: with those of Unicode, one letter such as `é` makes the search a hundred times slower.
const SHAPES: &str = concat!(
    r"(?P<keep>(?i:(?-u:\b)(?:bearer|basic)\s+))?",
    r"(?:",
    r"(?-u:\b)sk-[A-Za-z0-9_-]{16,}",
    r"|(?-u:\b)[sr]k_(?:live|test)_[A-Za-z0-9]{16,}",
    r"|(?-u:\b)(?:AKIA|ASIA)[0-9A-Z]{16}(?-u:\b)",
    r"|(?-u:\b)AIza[0-9A-Za-z_-]{35}",
    r"|(?-u:\b)gh[pousr]_[A-Za-z0-9]{20,}|(?-u:\b)github_pat_[A-Za-z0-9_]{20,}",
    r"|(?-u:\b)xox[abeoprs]-[A-Za-z0-9-]{10,}",
    r"|(?-u:\b)hf_[A-Za-z0-9]{20,}",
    r"|-----BEGIN [A-Z ]{0,32}PRIVATE KEY-----(?s:.*?)(?:-----END [A-Z ]{0,32}PRIVATE KEY-----|\z)",
    r")",
    r"|(?P<scheme>(?i:(?-u:\b)(?:bearer|basic))\s+)(?P<credential>[A-Za-z0-9._~+/=-]{12,})",
);

/// A password in a URL. An expression of its own, since it takes ten times as long to prepare as all others together,
/// and most programs never need it.
const PASSWORD: &str = r"(?P<user>://[^/\s:@]{0,64}:)[^/\s@]{1,256}@";

fn shapes() -> Option<&'static Regex> {
    static REGEX: OnceLock<Option<Regex>> = OnceLock::new();
    REGEX.get_or_init(|| Regex::new(SHAPES).ok()).as_ref()
}

/// Masks the passwords of the URLs in a text.
fn without_passwords(text: &str) -> Cow<'_, str> {
    static REGEX: OnceLock<Option<Regex>> = OnceLock::new();
    if !text.contains("://") {
        return Cow::Borrowed(text);
    }
    match REGEX.get_or_init(|| Regex::new(PASSWORD).ok()) {
        Some(password) => password.replace_all(text, |found: &Captures<'_>| {
            let user = found.name("user").map_or("", |user| user.as_str());
            format!("{user}{MASK}@")
        }),
        None => Cow::Borrowed(MASK),
    }
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

    /// Returns whether something in this text was masked, so that it cannot be compared with another.
    ///
    /// # Examples
    ///
    /// ```
    /// use probity_trace::Redaction;
    ///
    /// let scrubbed = Redaction::new().scrub("x-api-key: hunter2");
    /// assert!(Redaction::is_masked(&scrubbed));
    /// assert!(!Redaction::is_masked("x-api-key"));
    /// ```
    #[must_use]
    pub fn is_masked(text: &str) -> bool {
        text.contains(MASK)
    }

    /// Returns `text` with every recognized secret masked.
    #[must_use]
    pub fn scrub<'a>(&self, text: &'a str) -> Cow<'a, str> {
        if self.shapes.is_empty() && is_plain(text) {
            Cow::Borrowed(text)
        } else {
            self.search(text)
        }
    }

    /// Searches a text for secrets, and masks them.
    fn search<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let mut scrubbed = web_token::scrub(text);
        match shapes() {
            Some(shapes) => then(&mut scrubbed, |text| shapes.replace_all(text, MaskMatch)),
            // Never happens, as a test shows; but if it did, nothing must get out.
            None => scrubbed = Cow::Borrowed(MASK),
        }
        then(&mut scrubbed, without_passwords);
        then(&mut scrubbed, |text| named::scrub(text, |name| self.is_secret(name)));
        for shape in &self.shapes {
            then(&mut scrubbed, |text| shape.replace_all(text, MASK));
        }
        scrubbed
    }
}

/// Returns whether a text is too short for a secret to be recognized in it, as most texts of a trace are: names,
/// identifiers, small words. A name and its value are parted by `:` or `=`.
fn is_plain(text: &str) -> bool {
    text.len() < SHORTEST_SHAPE
        && !text.bytes().any(|byte| matches!(byte, b':' | b'='))
        && !text.contains("eyJ")
}

/// The length in bytes of the shortest well-known shape that has no `:` and is no JSON Web Token: a key of Slack.
const SHORTEST_SHAPE: usize = 15;

/// Takes the next step, if it changes the text.
fn then(text: &mut Cow<'_, str>, step: impl for<'s> FnOnce(&'s str) -> Cow<'s, str>) {
    if let Cow::Owned(changed) = step(text) {
        *text = Cow::Owned(changed);
    }
}

/// Replaces a match by the mask, but keeps what names the kind of secret.
struct MaskMatch;

impl regex::Replacer for MaskMatch {
    fn replace_append(&mut self, captures: &Captures<'_>, text: &mut String) {
        for group in ["keep", "scheme"] {
            text.push_str(captures.name(group).map_or("", |kept| kept.as_str()));
        }
        match captures.name("credential").map(|credential| credential.as_str()) {
            // It has no blank, so this goes no deeper.
            Some(word) if !is_credential(word) => {
                text.push_str(&shapes().map_or(MASK.into(), |s| s.replace_all(word, MaskMatch)));
            }
            _ => text.push_str(MASK),
        }
    }
}

/// Returns whether what follows `bearer` or `basic` is no English: it has a digit, a `=` or `+`, or a
/// capital letter after a small one.
fn is_credential(word: &str) -> bool {
    let mixes = |pair: (u8, u8)| pair.0.is_ascii_lowercase() && pair.1.is_ascii_uppercase();
    word.contains(|c: char| c.is_ascii_digit() || matches!(c, '=' | '+'))
        || word.bytes().zip(word.bytes().skip(1)).any(mixes)
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
    fn what_is_too_short_to_be_searched_has_nothing_that_a_search_finds() {
        let redaction = Redaction::new();
        let ends =
            ["0a1B2c3D4e5F6g7H8", "AAAAAAAAAAAAAAAAA", "-----------------", " .+/~ a1 b2 c3 d4"];
        for begin in [
            "",
            "sk-",
            "sk_live_",
            "AKIA",
            "AIza",
            "ghp_",
            "github_pat_",
            "xoxb-",
            "hf_",
            "bearer ",
            "Basic ",
            "eyJ",
            "token",
            "password",
            "api_key",
            "-----BEGIN ",
        ] {
            for text in ends.iter().flat_map(|end| {
                (0..=end.len()).map(move |length| format!("{begin}{}", &end[..length]))
            }) {
                assert!(!is_plain(&text) || redaction.search(&text) == text, "{text}");
            }
        }
        assert!(is_plain("invoke_agent") && redaction.search("xoxb-0a1B2c3D4e") == MASK);
    }

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
            "Ocp-Apim-Subscription-Key",
            "x-functions-key",
        ] {
            assert!(redaction.is_secret(name), "{name}");
        }
        for name in [
            "gen_ai.usage.input_tokens",
            "llm.token_count.prompt",
            "time_to_first_token",
            "max_tokens",
            "page_token",
            "nextPageToken",
            "continuation_token",
            "sync_token",
            "cursor_token",
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
            ("redis://:hunter2@host/0", "redis://:[redacted]@host/0"),
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
    fn english_after_bearer_and_basic_stays_and_credentials_do_not() {
        let redaction = Redaction::new();
        for text in
            ["a basic introduction to", "basic understanding-of", "Bearer of-bad-news-today"]
        {
            assert_eq!(redaction.scrub(text), text);
        }
        for secret in ["Basic dXNlcjpwYXNz", "bearer abcdefghijkl1", "bearer abcdefghijkl="] {
            let scheme = secret.split(' ').next().unwrap();
            assert_eq!(redaction.scrub(secret), format!("{scheme} [redacted]"));
        }
        assert_eq!(redaction.scrub("basic x-sk-abcdefghijklmnopqr"), "basic x-[redacted]");
    }

    #[test]
    fn hostile_texts_take_time_in_proportion_to_their_length() {
        let redaction = Redaction::new();
        let units = [
            "eyJaaaaaaaa-hf_aaaaaaaaaaaaaaaaaaaaa-",
            "eyJaaaaaaaa.",
            "-----BEGIN ",
            "-----BEGIN AKIAAAAAAAAAAAAAAAAA ",
            "basic aaaaaaaaaaaaaaa-",
            "bearer ",
            "://a:",
            "://",
            r#""a":"b","#,
            r#"{"secret":["#,
            r#"{"token":{"#,
            r#""secret":"x"#,
            "secret:",
            ":",
            "=",
            r"\\",
            r#"""#,
            "api_key: Some(",
            "x-api-key: 'x",
            "cookie: ",
            "a: ",
            "password=",
            "'secret': 'x\\",
            r#""secret":[\\\\"#,
            "x-api-key:   ",
            r#""token":"x",,,,"#,
        ];
        for unit in units {
            let text = unit.repeat(1_000_000 / unit.len()) + " x";
            let began = std::time::Instant::now();
            let length = redaction.scrub(&text).len();
            let took = began.elapsed();
            // Without optimization, on a busy machine; quadratic time would be minutes.
            assert!(took.as_secs() < 10, "{unit:?}: {took:?}, {length} bytes");
        }
    }

    #[test]
    fn the_known_shapes_are_a_valid_expression() {
        assert!(shapes().is_some() && Regex::new(PASSWORD).is_ok());
    }

    #[test]
    fn own_patterns_are_masked_and_wrong_ones_refused() {
        let redaction = Redaction::new().with_secret_pattern(r"\bcust-\d+").unwrap();
        assert_eq!(redaction.scrub("for cust-42"), "for [redacted]");
        let error = Redaction::new().with_secret_pattern("(").unwrap_err();
        assert!(error.to_string().contains("\"(\""));
    }
}
