//! What a model answers.

use serde_json::Value;

use crate::reply::{Finish, Usage};

/// What a model answers: texts, reasoning, a refusal and tool calls in their order.
///
/// The default one says nothing: OpenAI's content is then an empty string, Anthropic's an empty list.
#[derive(Clone, Debug)]
pub struct Answer {
    parts: Vec<Part>,
    finish: Option<Finish>,
    usage: Option<Usage>,
    id: Option<String>,
    model: Option<String>,
}

#[derive(Clone, Debug)]
pub(crate) enum Part {
    Reasoning(String),
    Text(String),
    Refusal(String),
    ToolCall(ToolCall),
}

impl Default for Answer {
    fn default() -> Self {
        Self {
            parts: Vec::new(),
            finish: None,
            usage: Some(Usage::default()),
            id: None,
            model: None,
        }
    }
}

impl Answer {
    /// Answers nothing, as a base to add to.
    pub fn new() -> Self {
        Self::default()
    }

    /// Answers a text.
    pub fn text(text: impl Into<String>) -> Self {
        Self::new().with_text(text)
    }

    /// Answers JSON as text, as a model does that was given a schema.
    pub fn json(value: &Value) -> Self {
        Self::text(value.to_string())
    }

    /// Refuses to answer: OpenAI's `refusal`, Anthropic's stop reason of that name with a text.
    pub fn refusal(text: impl Into<String>) -> Self {
        Self::new().with_part(Part::Refusal(text.into()))
    }

    /// Adds a text.
    #[must_use]
    pub fn with_text(self, text: impl Into<String>) -> Self {
        self.with_part(Part::Text(text.into()))
    }

    /// Adds reasoning: Anthropic's thinking block, and `reasoning_content`, which is not OpenAI's own
    /// but that of servers which are compatible with it.
    #[must_use]
    pub fn with_reasoning(self, text: impl Into<String>) -> Self {
        self.with_part(Part::Reasoning(text.into()))
    }

    /// Adds a tool call.
    #[must_use]
    pub fn with_tool_call(self, call: ToolCall) -> Self {
        self.with_part(Part::ToolCall(call))
    }

    /// Sets why the answer ends, in place of what follows from its parts.
    #[must_use]
    pub fn with_finish(mut self, finish: Finish) -> Self {
        self.finish = Some(finish);
        self
    }

    /// Sets the usage, in place of the default one.
    #[must_use]
    pub fn with_usage(mut self, usage: Usage) -> Self {
        self.usage = Some(usage);
        self
    }

    /// Leaves the usage out, as some servers do that are only compatible.
    #[must_use]
    pub fn without_usage(mut self) -> Self {
        self.usage = None;
        self
    }

    /// Sets the id of the response, in place of one made from the number of the request.
    #[must_use]
    pub fn with_id(mut self, id: impl Into<String>) -> Self {
        self.id = Some(id.into());
        self
    }

    /// Sets the model that says to have answered, in place of the one that was asked.
    #[must_use]
    pub fn with_model(mut self, model: impl Into<String>) -> Self {
        self.model = Some(model.into());
        self
    }

    fn with_part(mut self, part: Part) -> Self {
        self.parts.push(part);
        self
    }

    pub(crate) fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// Returns why the answer ends.
    pub(crate) fn finish(&self) -> Finish {
        let has = |wanted: fn(&Part) -> bool| self.parts.iter().any(wanted);
        match &self.finish {
            Some(finish) => finish.clone(),
            None if has(|part| matches!(part, Part::ToolCall(_))) => Finish::ToolCalls,
            None if has(|part| matches!(part, Part::Refusal(_))) => Finish::Refusal,
            None => Finish::Stop,
        }
    }

    pub(crate) fn usage(&self) -> Option<Usage> {
        self.usage
    }

    pub(crate) fn id(&self) -> Option<&str> {
        self.id.as_deref()
    }

    pub(crate) fn model(&self) -> Option<&str> {
        self.model.as_deref()
    }
}

/// A tool that the model wants to be called.
#[derive(Clone, Debug)]
pub struct ToolCall {
    id: Option<String>,
    name: String,
    arguments: String,
}

impl ToolCall {
    /// Calls a tool with arguments.
    pub fn new(name: impl Into<String>, arguments: &Value) -> Self {
        Self::malformed(name, arguments.to_string())
    }

    /// Calls a tool with arguments that may be no JSON.
    ///
    /// A message of Anthropic that is not streamed cannot carry such arguments and has them as a
    /// string.
    pub fn malformed(name: impl Into<String>, arguments: impl Into<String>) -> Self {
        Self { id: None, name: name.into(), arguments: arguments.into() }
    }

    /// Sets the id of the call, in place of one made from the number of the request.
    #[must_use]
    pub fn with_id(mut self, id: impl Into<String>) -> Self {
        self.id = Some(id.into());
        self
    }

    pub(crate) fn id(&self) -> Option<&str> {
        self.id.as_deref()
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    pub(crate) fn arguments(&self) -> &str {
        &self.arguments
    }
}
