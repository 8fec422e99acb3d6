//! The frames of a stream.

use std::num::NonZeroUsize;

/// A frame of a stream.
#[derive(Clone, Debug)]
pub(crate) struct Frame {
    text: String,
    is_delta: bool,
}

impl Frame {
    /// A frame that begins, ends or accompanies the answer.
    pub(crate) fn around(text: String) -> Self {
        Self { text, is_delta: false }
    }

    /// A frame that carries a piece of the answer.
    pub(crate) fn delta(text: String) -> Self {
        Self { text, is_delta: true }
    }

    pub(crate) fn is_delta(&self) -> bool {
        self.is_delta
    }

    pub(crate) fn into_text(self) -> String {
        self.text
    }
}

/// Cuts a text into pieces of this many characters; an empty text has none.
pub(crate) fn pieces(text: &str, size: NonZeroUsize) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let end = rest.char_indices().nth(size.get()).map_or(rest.len(), |(end, _)| end);
        let (piece, after) = rest.split_at(end);
        rest = after;
        (!piece.is_empty()).then_some(piece)
    })
}
