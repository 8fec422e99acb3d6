//! What a model is told.

use probity_trace::genai::{Message, Role};

/// The messages that a model is sent.
///
/// # Examples
///
/// ```
/// use probity_eval::ModelInput;
///
/// let input = ModelInput::from_user("Is Paris in France?").with_system("Answer yes or no.");
/// assert_eq!(input.messages.len(), 2);
/// assert_eq!(input.messages[0].content(), "Answer yes or no.");
/// ```
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct ModelInput {
    /// The messages, oldest first.
    pub messages: Vec<Message>,
}

impl ModelInput {
    /// Says nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Makes an input of one message of the user.
    pub fn from_user(text: impl Into<String>) -> Self {
        Self::from(vec![Message::text(Role::User, text)])
    }

    /// Puts instructions in front of everything else.
    #[must_use]
    pub fn with_system(mut self, text: impl Into<String>) -> Self {
        self.messages.insert(0, Message::text(Role::System, text));
        self
    }

    /// Adds a message.
    #[must_use]
    pub fn with_message(mut self, message: Message) -> Self {
        self.messages.push(message);
        self
    }
}

impl From<Vec<Message>> for ModelInput {
    fn from(messages: Vec<Message>) -> Self {
        Self { messages }
    }
}

impl From<&str> for ModelInput {
    fn from(text: &str) -> Self {
        Self::from_user(text)
    }
}

impl From<String> for ModelInput {
    fn from(text: String) -> Self {
        Self::from_user(text)
    }
}
