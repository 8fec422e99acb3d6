//! JSON Web Tokens, which are known by how they begin and by what follows.

use std::{borrow::Cow, sync::OnceLock};

use regex::{Captures, Regex};

use super::MASK;

/// The head of a token and, if they are there, its later parts. What decides whether the head is that of a
/// token is looked at only after the match: were it a part of the expression, each head would be
/// searched for its end again and again, which takes quadratic time.
const TOKEN: &str =
    r"(?-u:\b)eyJ[A-Za-z0-9_-]{8,}(?P<more>\.eyJ[A-Za-z0-9_-]*(?:\.[A-Za-z0-9_-]*)?)?";

/// Masks the tokens in a text, also where one is cut and lacks its later parts.
pub(super) fn scrub(text: &str) -> Cow<'_, str> {
    // Never missing, as a test shows; but if it were, nothing must get out.
    let Some(token) = token() else { return Cow::Borrowed(MASK) };
    token.replace_all(text, |found: &Captures<'_>| {
        let whole = found.get_match();
        let rest = text.get(whole.end()..).unwrap_or_default();
        let is_token = found.name("more").is_some() || rest.is_empty() || rest == ".";
        if is_token { MASK.to_owned() } else { whole.as_str().to_owned() }
    })
}

fn token() -> Option<&'static Regex> {
    static REGEX: OnceLock<Option<Regex>> = OnceLock::new();
    REGEX.get_or_init(|| Regex::new(TOKEN).ok()).as_ref()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_masked_whole_or_cut_and_other_base64_stays() {
        for (text, expected) in [
            ("a eyJhbGciOiJI.eyJzdWIiOiIx.c2ln b", "a [redacted] b"),
            ("eyJhbGciOiJI.eyJz", "[redacted]"),
            ("eyJhbGciOiJIUzI1", "[redacted]"),
            ("cursor eyJvZmZzZXQiOjEwfQ, then", "cursor eyJvZmZzZXQiOjEwfQ, then"),
            ("eyJshort", "eyJshort"),
        ] {
            assert_eq!(scrub(text), expected);
        }
    }

    #[test]
    fn the_expression_is_valid() {
        assert!(token().is_some());
    }
}
