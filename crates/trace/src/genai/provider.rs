//! The names of providers.

/// The names that the conventions have, but for those that no other spelling is known of.
const KNOWN: &[&str] =
    &["anthropic", "cohere", "deepseek", "groq", "mistral_ai", "openai", "perplexity", "x_ai"];

/// What some emitters add to the name of a provider: the part of it that is asked.
const PARTS: &[&str] = &[".chat", ".completion", ".embedding", ".messages", ".responses"];

/// Returns the name of a provider in the words of the conventions where it is one that they know.
pub(super) fn name(written: String) -> String {
    let stem = PARTS.iter().find_map(|part| written.strip_suffix(part)).unwrap_or(&written);
    match KNOWN.iter().find(|known| known.eq_ignore_ascii_case(stem)) {
        Some(known) => (*known).to_owned(),
        None => written,
    }
}

/// Returns the name of the provider that a span is named after, as those of Judgment's wrappers around
/// clients are: `OPENAI_API_CALL`.
pub(super) fn of_span(name: &str) -> Option<String> {
    let client = name.strip_suffix("_API_CALL")?;
    let known = KNOWN.iter().find(|known| known.eq_ignore_ascii_case(client));
    known.map(|known| (*known).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_the_conventions_and_others_stay() {
        for (written, expected) in [
            ("openai", "openai"),
            ("openai.chat", "openai"),
            ("openai.responses", "openai"),
            ("Anthropic", "anthropic"),
            ("anthropic.messages", "anthropic"),
            ("azure.ai.openai", "azure.ai.openai"),
            ("My.chat", "My.chat"),
            ("", ""),
        ] {
            assert_eq!(name(written.to_owned()), expected);
        }
    }

    #[test]
    fn spans_are_named_after_known_providers_only() {
        assert_eq!(of_span("OPENAI_API_CALL").as_deref(), Some("openai"));
        assert_eq!(of_span("MY_API_CALL"), None);
        assert_eq!(of_span("openai"), None);
    }
}
