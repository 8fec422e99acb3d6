//! What a customer wants, as the stand-in for a model reads it.

/// What a customer wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wish {
    Refund,
    Replacement,
    News,
}

/// Reads what the customer wants, a wish a sentence.
pub(crate) fn wishes(letter: &str) -> Vec<(Wish, &str)> {
    let wish = |sentence: &str| match sentence {
        _ if sentence.contains("money back") => Some(Wish::Refund),
        _ if sentence.contains("new one") => Some(Wish::Replacement),
        _ if sentence.contains("Where") => Some(Wish::News),
        _ => None,
    };
    let sentences = letter.split_inclusive(['.', '?', '!']);
    sentences.filter_map(|sentence| Some((wish(sentence)?, sentence))).collect()
}
