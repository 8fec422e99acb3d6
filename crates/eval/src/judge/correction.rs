//! What a judge is told whose reply does not have the shape that was asked for.

use std::borrow::Cow;

use probity_trace::genai::{FinishReason, Message, Role};
use serde_json::Value;

use crate::{answer_schema::InvalidAnswer, model::ModelInput, turn::TextTurnResult};

/// How many characters of a reply are sent back to the judge.
const MAX_REPLY: usize = 10_000;

/// Why a reply cannot be used, in a bounded number of characters.
pub(super) struct Wrong {
    /// In words that may quote the reply.
    pub(super) reason: String,
    /// In words that do not.
    pub(super) content_free: String,
}

impl Wrong {
    pub(super) fn of(invalid: &InvalidAnswer, turn: &TextTurnResult) -> Self {
        let told = |wrong: &str| {
            if turn.finish_reason == Some(FinishReason::Length) {
                format!("the reply was cut off at its limit of tokens ({wrong})")
            } else {
                wrong.to_owned()
            }
        };
        Self { reason: told(&invalid.reason), content_free: told(invalid.without_content()) }
    }
}

/// Adds the reply and what is wrong with it to the conversation.
pub(super) fn extend(input: &mut ModelInput, reply: &str, reason: &str, schema: &Value) {
    let correction = format!(
        "Your reply cannot be used: {reason}.\n\
         Reply again, whole, with nothing but JSON that follows this JSON Schema:\n{schema}"
    );
    input.messages.push(Message::text(Role::Assistant, bounded(reply)));
    input.messages.push(Message::text(Role::User, correction));
}

/// Keeps a reply within bounds, and from being empty, which some providers refuse.
fn bounded(reply: &str) -> Cow<'_, str> {
    if reply.trim().is_empty() {
        return Cow::Borrowed("(no text)");
    }
    match reply.char_indices().nth(MAX_REPLY) {
        None => Cow::Borrowed(reply),
        Some((end, _)) => {
            let (kept, cut) = reply.split_at(end);
            Cow::Owned(format!("{kept} [{} more characters]", cut.chars().count()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_reply_is_cut_between_characters_and_says_so() {
        let cut = bounded(&"é".repeat(MAX_REPLY + 3)).into_owned();
        assert!(cut.ends_with("é [3 more characters]"), "{cut}");
        assert_eq!(bounded("short"), "short");
    }

    #[test]
    fn an_empty_reply_is_sent_back_as_words() {
        assert_eq!(bounded(" \n"), "(no text)");
    }
}
