//! A transcript to ask a model about.

use probity_trace::genai::{Message, Role};
use schemars::JsonSchema;
use serde::de::DeserializeOwned;

use crate::{
    llm::Llm,
    model::ModelInput,
    turn::{StructuredTurn, TextTurn, TextTurnResult},
};

/// A transcript: what was said, oldest first.
///
/// It is text and nothing else. Asking does not change it, so that many turns may be asked of one session
/// at once; the caller pushes the answer that is to stay.
///
/// # Examples
///
/// ```
/// use std::sync::Arc;
///
/// use probity_eval::{Budget, Llm, Session, scripted::ScriptedModel};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), probity_eval::TurnError> {
/// let model = ScriptedModel::replies(["Hello.", "You said: hi."]);
/// let llm = Llm::new(Arc::new(model), Budget::unlimited());
///
/// let mut session = Session::new();
/// session.push_user("hi");
/// let answer = session.text_turn(&llm).collect().await?;
/// session.push_assistant(&answer);
/// session.push_user("What did I say?");
/// assert_eq!(session.text_turn(&llm).collect().await?.assistant_text(), "You said: hi.");
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Session {
    pub(crate) input: ModelInput,
}

impl Session {
    /// Begins an empty transcript.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds instructions of the program.
    pub fn push_system(&mut self, text: impl Into<String>) {
        self.push(Message::text(Role::System, text));
    }

    /// Adds what the user says.
    pub fn push_user(&mut self, text: impl Into<String>) {
        self.push(Message::text(Role::User, text));
    }

    /// Adds an answer of the model, with the tool calls that it asks for.
    pub fn push_assistant(&mut self, answer: &TextTurnResult) {
        self.push(answer.message());
    }

    /// Adds what a tool answers to the call with this identifier.
    pub fn push_tool_response(
        &mut self,
        call_id: impl Into<String>,
        response: impl Into<serde_json::Value>,
    ) {
        self.push(Message::tool_response(call_id, response));
    }

    /// Adds a message.
    pub fn push(&mut self, message: Message) {
        self.input.messages.push(message);
    }

    /// Asks for an answer of text or tool calls. The session stays as it is.
    pub fn text_turn(&self, llm: &Llm) -> TextTurn {
        llm.completion(self.input.clone())
    }

    /// Asks for an answer of the shape of `T`. The session stays as it is.
    pub fn structured_turn<T: DeserializeOwned + JsonSchema>(
        &self,
        llm: &Llm,
    ) -> StructuredTurn<T> {
        llm.structured(self.input.clone())
    }

    /// Returns the messages, oldest first.
    pub fn messages(&self) -> &[Message] {
        &self.input.messages
    }
}

impl From<ModelInput> for Session {
    fn from(input: ModelInput) -> Self {
        Self { input }
    }
}
