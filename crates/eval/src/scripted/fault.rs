//! What can go wrong with an answer.

use std::time::Duration;

use super::headers::Headers;
use crate::model::{ModelError, ModelErrorKind};

/// What goes wrong with a request to a [`ScriptedModel`](super::ScriptedModel).
///
/// It stands in a list of replies, on a reply ([`Reply::with_fault`](super::Reply::with_fault)), or happens
/// at a rate ([`ScriptedModel::with_fault_rate`](super::ScriptedModel::with_fault_rate)). What can break
/// an answer while it streams does so after as many pieces as
/// [`after_deltas`](Fault::after_deltas) says.
///
/// # Examples
///
/// A rate limit, and the answer on the second attempt:
///
/// ```
/// use std::{sync::Arc, time::Duration};
///
/// use probity_eval::{
///     Budget, Llm,
///     scripted::{Fault, Reply, ScriptedModel},
/// };
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), probity_eval::TurnError> {
/// let limit = Fault::rate_limited().with_retry_after(Duration::from_millis(1));
/// let model = ScriptedModel::replies([Reply::from(limit), Reply::text("Paris")]);
/// let llm = Llm::new(Arc::new(model), Budget::unlimited());
///
/// let answer = llm.completion("What is the capital of France?").collect().await?;
/// assert_eq!((&*answer.text, answer.attempts), ("Paris", 2));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    pub(super) kind: FaultKind,
    /// After how many pieces of the answer; before its head if `None`.
    pub(super) after: Option<usize>,
    pub(super) body: String,
    pub(super) retry_after: Option<Duration>,
    pub(super) should_retry: Option<bool>,
    pub(super) headers: Headers,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FaultKind {
    /// The provider answers with this HTTP status.
    Status(u16),
    Timeout,
    Reset,
    /// The stream ends before the answer does.
    Truncated,
    /// A payload of the stream is no JSON.
    Malformed,
    /// The answer is a refusal in the words of the body.
    Refusal,
    /// The answer is empty.
    Empty,
}

impl Fault {
    fn new(kind: FaultKind, body: &str) -> Self {
        Self {
            kind,
            after: None,
            body: body.to_owned(),
            retry_after: None,
            should_retry: None,
            headers: Headers::default(),
        }
    }

    /// Answers with status 429. Set how long to wait by [`with_retry_after`](Fault::with_retry_after).
    ///
    /// # Examples
    ///
    /// See [`Fault`].
    pub fn rate_limited() -> Self {
        Self::new(FaultKind::Status(429), "too many requests")
    }

    /// Answers with status 500.
    ///
    /// # Examples
    ///
    /// ```
    /// use probity_eval::scripted::{Fault, Reply, ScriptedModel};
    ///
    /// let model = ScriptedModel::replies([Reply::from(Fault::server_error()), "Paris".into()]);
    /// # drop(model);
    /// ```
    pub fn server_error() -> Self {
        Self::new(FaultKind::Status(500), "internal error")
    }

    /// Answers with an HTTP status.
    ///
    /// # Examples
    ///
    /// ```
    /// use probity_eval::scripted::Fault;
    ///
    /// let no_key = Fault::status(401).with_body("the key is not valid");
    /// # drop(no_key);
    /// ```
    pub fn status(status: u16) -> Self {
        Self::new(FaultKind::Status(status), "")
    }

    /// Gives no answer in time. It does not wait for that time; set a
    /// [delay](super::Reply::with_delay) to make it.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use probity_eval::scripted::{Fault, Reply};
    ///
    /// let slow = Reply::from(Fault::timeout()).with_delay(Duration::from_millis(20));
    /// # drop(slow);
    /// ```
    pub fn timeout() -> Self {
        Self::new(FaultKind::Timeout, "the request timed out")
    }

    /// Breaks the connection: before an answer, or while it streams.
    ///
    /// # Examples
    ///
    /// ```
    /// use probity_eval::scripted::{Fault, Reply};
    ///
    /// let breaks = Reply::text("one two three").with_fault(Fault::connection_reset().after_deltas(2));
    /// # drop(breaks);
    /// ```
    pub fn connection_reset() -> Self {
        Self::new(FaultKind::Reset, "connection reset by peer")
    }

    /// Ends the stream before the answer is whole, after one piece unless
    /// [`after_deltas`](Fault::after_deltas) says otherwise.
    ///
    /// # Examples
    ///
    /// ```
    /// use probity_eval::scripted::{Fault, Reply};
    ///
    /// let cut = Reply::text("one two three").with_fault(Fault::truncated().after_deltas(2));
    /// # drop(cut);
    /// ```
    pub fn truncated() -> Self {
        Self::new(FaultKind::Truncated, "").after_deltas(1)
    }

    /// Puts a payload into the stream that is no JSON, after one piece unless
    /// [`after_deltas`](Fault::after_deltas) says otherwise.
    ///
    /// # Examples
    ///
    /// ```
    /// use probity_eval::scripted::{Fault, Reply};
    ///
    /// let bad = Fault::malformed_json().with_body(r#"{"text": "on"#);
    /// let reply = Reply::text("one two three").with_fault(bad);
    /// # drop(reply);
    /// ```
    pub fn malformed_json() -> Self {
        Self::new(FaultKind::Malformed, r#"{"type":"text_delta","text":"#).after_deltas(1)
    }

    /// Refuses in these words, whatever the reply says.
    ///
    /// # Examples
    ///
    /// ```
    /// use probity_eval::scripted::{Fault, ScriptedModel};
    ///
    /// let model = ScriptedModel::replies(["Yes.", "No."])
    ///     .with_fault_rate(0.1, Fault::refusal("I cannot judge that."));
    /// # drop(model);
    /// ```
    pub fn refusal(words: impl Into<String>) -> Self {
        Self::new(FaultKind::Refusal, &words.into())
    }

    /// Answers with nothing, whatever the reply says.
    ///
    /// # Examples
    ///
    /// ```
    /// use probity_eval::scripted::{Fault, ScriptedModel};
    ///
    /// let model = ScriptedModel::replies(["Yes.", "No."]).with_fault_rate(0.1, Fault::empty_answer());
    /// # drop(model);
    /// ```
    pub fn empty_answer() -> Self {
        Self::new(FaultKind::Empty, "")
    }

    /// Sets after how many pieces of the answer it happens: text, reasoning, parts of tool calls. If the
    /// answer has fewer, it happens after the last, in place of the end.
    ///
    /// A status in mid-stream is an error that the provider reports in the stream, whose own status was
    /// 200; so the error has its kind but no status. Of a refusal and an empty answer this changes nothing.
    ///
    /// # Examples
    ///
    /// See [`connection_reset`](Fault::connection_reset).
    #[must_use]
    pub fn after_deltas(mut self, deltas: usize) -> Self {
        self.after = Some(deltas);
        self
    }

    /// Sets what the provider says: the words of an error, or the payload that is no JSON.
    ///
    /// # Examples
    ///
    /// See [`status`](Fault::status).
    #[must_use]
    pub fn with_body(mut self, body: impl Into<String>) -> Self {
        self.body = body.into();
        self
    }

    /// Sets how long the provider asks to wait.
    ///
    /// # Examples
    ///
    /// See [`Fault`].
    #[must_use]
    pub fn with_retry_after(mut self, wait: Duration) -> Self {
        self.retry_after = Some(wait);
        self
    }

    /// Sets what the provider says itself about trying again.
    ///
    /// # Examples
    ///
    /// ```
    /// use probity_eval::scripted::Fault;
    ///
    /// let final_word = Fault::server_error().with_should_retry(false);
    /// # drop(final_word);
    /// ```
    #[must_use]
    pub fn with_should_retry(mut self, should: bool) -> Self {
        self.should_retry = Some(should);
        self
    }

    /// Adds a header to the provider's answer, which a raw capture shows.
    ///
    /// # Examples
    ///
    /// ```
    /// use probity_eval::scripted::Fault;
    ///
    /// let limited = Fault::rate_limited().with_header("x-ratelimit-remaining-requests", "0");
    /// # drop(limited);
    /// ```
    #[must_use]
    pub fn with_header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.add(name, value);
        self
    }

    /// Returns whether it leaves the answer as it is until it happens.
    pub(super) fn breaks(&self) -> bool {
        !matches!(self.kind, FaultKind::Refusal | FaultKind::Empty)
    }

    /// Returns the error that it makes: of a request without an answer, or of a stream.
    pub(super) fn error(&self, in_stream: bool) -> ModelError {
        let kind = match self.kind {
            FaultKind::Status(status) if !in_stream => {
                return self.complete(ModelError::from_status(status, &self.body));
            }
            FaultKind::Status(status) => ModelErrorKind::from_status(status),
            FaultKind::Timeout => ModelErrorKind::Timeout,
            FaultKind::Reset => ModelErrorKind::Connection,
            FaultKind::Truncated => ModelErrorKind::Truncated,
            FaultKind::Malformed => ModelErrorKind::Malformed,
            FaultKind::Refusal | FaultKind::Empty => ModelErrorKind::Other,
        };
        let message = match self.kind {
            FaultKind::Malformed => self.reading_error(),
            _ => self.body.clone(),
        };
        self.complete(ModelError::new(kind, message))
    }

    /// Returns what a reader of JSON says of the body.
    pub(super) fn reading_error(&self) -> String {
        match serde_json::from_str::<serde::de::IgnoredAny>(&self.body) {
            Err(error) => error.to_string(),
            Ok(_) => "no event of a stream".to_owned(),
        }
    }

    fn complete(&self, mut error: ModelError) -> ModelError {
        (error.retry_after, error.should_retry) = (self.retry_after, self.should_retry);
        error
    }
}
