//! Estimates tokens from the size of a text.

use probity_trace::genai::{Message, Part};

/// How many bytes of text make a token, about: the rule of thumb that providers give for English.
const BYTES_PER_TOKEN: usize = 4;

/// Returns how many tokens the messages make, about.
pub(crate) fn tokens_of_messages(messages: &[Message]) -> u64 {
    tokens_of_bytes(messages.iter().map(size).sum())
}

/// Returns how many tokens a text of this size makes, about.
pub(crate) fn tokens_of_bytes(bytes: usize) -> u64 {
    bytes.div_ceil(BYTES_PER_TOKEN) as u64
}

/// Returns the size of a message in bytes, about.
fn size(message: &Message) -> usize {
    let sizes = message.parts.iter().map(|part| match part {
        Part::Text { content } | Part::Reasoning { content } => content.len(),
        other => serde_json::to_string(other).map_or(0, |json| json.len()),
    });
    sizes.sum()
}
