//! What a scripted model answers.

use std::time::Duration;

use probity_trace::genai::{FinishReason, Usage};
use serde::Serialize;
use serde_json::Value;

use super::{cut::Cut, fault::Fault, headers::Headers};
use crate::model::ResponseHead;

/// What a [`ScriptedModel`](super::ScriptedModel) answers to one request: text, reasoning, tool calls, a
/// refusal, a fault, and how it comes.
///
/// It streams in pieces, which together are exactly what was given: texts by words unless
/// [`cut_by_characters`](Reply::cut_by_characters) or [`in_one_piece`](Reply::in_one_piece) say otherwise.
/// What is not said is filled in: identifiers from the number of the request, the finish reason from
/// the kind of the answer, the usage from the sizes at four bytes a token.
///
/// # Examples
///
/// ```
/// use std::sync::Arc;
///
/// use probity_eval::{
///     Budget, Llm,
///     scripted::{Reply, ScriptedModel},
/// };
/// use probity_trace::genai::Usage;
/// use serde_json::json;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), probity_eval::TurnError> {
/// let reply = Reply::text("Let me look.")
///     .with_reasoning("I do not know the weather.")
///     .with_tool_call("weather", json!({"city": "Oslo"}))
///     .with_usage(Usage::new(900, 40).with_cache_read(800).with_reasoning(10))
///     .with_response_id("resp_42");
/// let llm = Llm::new(Arc::new(ScriptedModel::replies([reply])), Budget::unlimited());
///
/// let answer = llm.completion("How is the weather in Oslo?").collect().await?;
/// assert_eq!(answer.text, "Let me look.");
/// assert_eq!(answer.tool_calls[0].arguments["city"], "Oslo");
/// assert_eq!(answer.usage.cache_read_input_tokens, Some(800));
/// assert_eq!(answer.response_id.as_deref(), Some("resp_42"));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Reply {
    pub(super) text: String,
    pub(super) reasoning: String,
    pub(super) refusal: Option<String>,
    pub(super) tool_calls: Vec<ScriptedCall>,
    pub(super) finish: Option<FinishReason>,
    pub(super) usage: Reported,
    pub(super) head: ResponseHead,
    pub(super) headers: Headers,
    pub(super) delay: Duration,
    pub(super) delay_between: Duration,
    pub(super) cut: Cut,
    pub(super) fault: Option<Fault>,
    /// Why there is no reply.
    pub(super) unwritable: Option<String>,
}

/// A tool call to ask for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ScriptedCall {
    pub(super) id: Option<String>,
    pub(super) name: String,
    pub(super) arguments: String,
}

/// What is said of the tokens used.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Reported {
    #[default]
    Estimated,
    Given(Usage),
    Nothing,
}

impl Reply {
    /// Answers with a text.
    ///
    /// # Examples
    ///
    /// See [`Reply`].
    pub fn text(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }

    /// Answers with a value as JSON, as structured turns want it.
    ///
    /// If the value cannot be written as JSON, the request fails with an error that says so.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::sync::Arc;
    ///
    /// use probity_eval::{
    ///     Budget, Llm, schemars,
    ///     scripted::{Reply, ScriptedModel},
    /// };
    /// use serde::{Deserialize, Serialize};
    ///
    /// #[derive(Serialize, Deserialize, schemars::JsonSchema)]
    /// #[schemars(crate = "probity_eval::schemars")]
    /// struct Verdict {
    ///     score: f32,
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), probity_eval::TurnError> {
    /// let model = ScriptedModel::replies([Reply::json(&Verdict { score: 0.5 })]);
    /// let llm = Llm::new(Arc::new(model), Budget::unlimited());
    /// assert_eq!(llm.structured::<Verdict>("Judge this.").collect().await?.value.score, 0.5);
    /// # Ok(())
    /// # }
    /// ```
    pub fn json(value: &(impl Serialize + ?Sized)) -> Self {
        match serde_json::to_string(value) {
            Ok(text) => Self::text(text),
            Err(error) => Self { unwritable: Some(error.to_string()), ..Self::default() },
        }
    }

    /// Asks for a tool to be called.
    ///
    /// # Examples
    ///
    /// ```
    /// use probity_eval::scripted::{Reply, ScriptedModel};
    /// use serde_json::json;
    ///
    /// let model = ScriptedModel::replies([
    ///     Reply::tool_call("book_flight", json!({"to": "OSL"})),
    ///     Reply::text("Booked."),
    /// ]);
    /// # drop(model);
    /// ```
    pub fn tool_call(name: impl Into<String>, arguments: impl Into<Value>) -> Self {
        Self::default().with_tool_call(name, arguments)
    }

    /// Refuses in these words.
    ///
    /// # Examples
    ///
    /// ```
    /// use probity_eval::scripted::{Reply, ScriptedModel};
    ///
    /// let model = ScriptedModel::replies([Reply::refusal("I cannot help with that.")]);
    /// # drop(model);
    /// ```
    pub fn refusal(words: impl Into<String>) -> Self {
        Self { refusal: Some(words.into()), ..Self::default() }
    }

    /// Answers with nothing: no text, no tool call.
    ///
    /// # Examples
    ///
    /// ```
    /// use probity_eval::scripted::Reply;
    ///
    /// assert_eq!(Reply::empty(), Reply::text(""));
    /// ```
    pub fn empty() -> Self {
        Self::default()
    }

    /// Sets the text.
    ///
    /// # Examples
    ///
    /// ```
    /// use probity_eval::scripted::Reply;
    /// use serde_json::json;
    ///
    /// let reply = Reply::tool_call("weather", json!({"city": "Oslo"})).with_text("Let me look.");
    /// # drop(reply);
    /// ```
    #[must_use]
    pub fn with_text(mut self, text: impl Into<String>) -> Self {
        self.text = text.into();
        self
    }

    /// Sets what the model thinks before it answers.
    ///
    /// # Examples
    ///
    /// See [`Reply`].
    #[must_use]
    pub fn with_reasoning(mut self, text: impl Into<String>) -> Self {
        self.reasoning = text.into();
        self
    }

    /// Asks for a tool to be called, after those that were said before. Its identifier is made from the
    /// number of the request: `call_0_0`, `call_0_1`.
    ///
    /// # Examples
    ///
    /// See [`Reply`].
    #[must_use]
    pub fn with_tool_call(self, name: impl Into<String>, arguments: impl Into<Value>) -> Self {
        self.with_tool_call_text(name, arguments.into().to_string())
    }

    /// The same with arguments as the model wrote them, JSON or not.
    ///
    /// # Examples
    ///
    /// ```
    /// use probity_eval::scripted::Reply;
    ///
    /// let broken = Reply::empty().with_tool_call_text("weather", r#"{"city": "Os"#);
    /// # drop(broken);
    /// ```
    #[must_use]
    pub fn with_tool_call_text(
        mut self,
        name: impl Into<String>,
        arguments: impl Into<String>,
    ) -> Self {
        let (name, arguments) = (name.into(), arguments.into());
        self.tool_calls.push(ScriptedCall { id: None, name, arguments });
        self
    }

    /// Sets the identifier of the tool call that was said last; without one it changes nothing.
    ///
    /// # Examples
    ///
    /// ```
    /// use probity_eval::scripted::Reply;
    /// use serde_json::json;
    ///
    /// let reply = Reply::tool_call("weather", json!({})).with_tool_call_id("call_abc");
    /// # drop(reply);
    /// ```
    #[must_use]
    pub fn with_tool_call_id(mut self, id: impl Into<String>) -> Self {
        if let Some(last) = self.tool_calls.last_mut() {
            last.id = Some(id.into());
        }
        self
    }

    /// Sets why the model stops. Otherwise it is `ToolCall` if it asks for a tool, `ContentFilter` if it
    /// refuses, `Stop` else.
    ///
    /// # Examples
    ///
    /// ```
    /// use probity_eval::scripted::Reply;
    /// use probity_trace::genai::FinishReason;
    ///
    /// let cut_short = Reply::text("The capital of France is").with_finish_reason(FinishReason::Length);
    /// # drop(cut_short);
    /// ```
    #[must_use]
    pub fn with_finish_reason(mut self, reason: FinishReason) -> Self {
        self.finish = Some(reason);
        self
    }

    /// Sets the tokens that it reports, whatever the sizes of request and answer.
    ///
    /// # Examples
    ///
    /// See [`Reply`].
    #[must_use]
    pub fn with_usage(mut self, usage: Usage) -> Self {
        self.usage = Reported::Given(usage);
        self
    }

    /// Reports no usage, as some providers do.
    ///
    /// # Examples
    ///
    /// ```
    /// use probity_eval::scripted::Reply;
    ///
    /// let reply = Reply::text("Paris").without_usage();
    /// # drop(reply);
    /// ```
    #[must_use]
    pub fn without_usage(mut self) -> Self {
        self.usage = Reported::Nothing;
        self
    }

    /// Sets the provider's identifier of the answer; otherwise it is `resp_` and the number of the request.
    ///
    /// # Examples
    ///
    /// See [`Reply`].
    #[must_use]
    pub fn with_response_id(mut self, id: impl Into<String>) -> Self {
        self.head.response_id = Some(id.into());
        self
    }

    /// Sets the provider's identifier of the HTTP request; otherwise it is `req_` and the number of the
    /// request.
    ///
    /// # Examples
    ///
    /// ```
    /// use probity_eval::scripted::Reply;
    ///
    /// let reply = Reply::text("Paris").with_request_id("req_011CQ");
    /// # drop(reply);
    /// ```
    #[must_use]
    pub fn with_request_id(mut self, id: impl Into<String>) -> Self {
        self.head.request_id = Some(id.into());
        self
    }

    /// Sets the name of the model that answers; otherwise it is that of the model which was asked.
    ///
    /// # Examples
    ///
    /// ```
    /// use probity_eval::scripted::Reply;
    ///
    /// let reply = Reply::text("Paris").with_model("gpt-5-2025-08-07");
    /// # drop(reply);
    /// ```
    #[must_use]
    pub fn with_model(mut self, model: impl Into<String>) -> Self {
        self.head.model = Some(model.into());
        self
    }
}

impl From<&str> for Reply {
    fn from(text: &str) -> Self {
        Self::text(text)
    }
}

impl From<String> for Reply {
    fn from(text: String) -> Self {
        Self::text(text)
    }
}

impl From<Fault> for Reply {
    /// Makes an empty reply with this fault.
    fn from(fault: Fault) -> Self {
        Self { fault: Some(fault), ..Self::default() }
    }
}
