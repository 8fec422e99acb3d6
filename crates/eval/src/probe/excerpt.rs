//! Cuts what a reason quotes.

/// The most characters that a reason quotes.
const LENGTH: usize = 200;

/// Returns the beginning of a text, and how much was cut off.
pub(super) fn excerpt(text: String) -> String {
    match text.char_indices().nth(LENGTH) {
        None => text,
        Some((end, _)) => {
            let (kept, cut) = text.split_at(end);
            format!("{kept} [{} more characters]", cut.chars().count())
        }
    }
}
