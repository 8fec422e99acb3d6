//! The protocols that the server speaks.

/// A protocol that the server speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Protocol {
    /// Chat completions of OpenAI.
    OpenAi,
    /// Messages of Anthropic.
    Anthropic,
}

impl Protocol {
    /// Returns the protocol of a path; an unknown path is OpenAI's, as is most of what is compatible.
    pub(crate) fn of_path(path: &str) -> Self {
        if path.ends_with("/messages") { Self::Anthropic } else { Self::OpenAi }
    }
}
