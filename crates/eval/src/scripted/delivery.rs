//! How a reply comes: in which pieces, how fast, with what headers, and what goes wrong.

use std::time::Duration;

use super::{cut::Cut, fault::Fault, reply::Reply};

impl Reply {
    /// Streams texts and arguments in pieces of this many characters; 0 counts as 1.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::sync::Arc;
    ///
    /// use futures::StreamExt as _;
    /// use probity_eval::{
    ///     Budget, Llm,
    ///     model::ModelEvent,
    ///     scripted::{Reply, ScriptedModel},
    /// };
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), probity_eval::TurnError> {
    /// let model = ScriptedModel::replies([Reply::text("Paris").cut_by_characters(3)]);
    /// let llm = Llm::new(Arc::new(model), Budget::unlimited());
    /// let mut pieces = Vec::new();
    /// let mut answer = llm.completion("What is the capital of France?").stream();
    /// while let Some(event) = answer.next().await {
    ///     if let ModelEvent::TextDelta(piece) = event? {
    ///         pieces.push(piece);
    ///     }
    /// }
    /// assert_eq!(pieces, ["Par", "is"]);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn cut_by_characters(mut self, count: usize) -> Self {
        self.cut = Cut::Characters(count);
        self
    }

    /// Streams each text, and the arguments of each tool call, in one piece.
    ///
    /// # Examples
    ///
    /// ```
    /// use probity_eval::scripted::Reply;
    ///
    /// let reply = Reply::text("one two three").in_one_piece();
    /// # drop(reply);
    /// ```
    #[must_use]
    pub fn in_one_piece(mut self) -> Self {
        self.cut = Cut::Whole;
        self
    }

    /// Waits before the answer begins, or before the request fails. The timer needs no runtime.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use probity_eval::scripted::Reply;
    ///
    /// let slow = Reply::text("Paris").with_delay(Duration::from_millis(200));
    /// # drop(slow);
    /// ```
    #[must_use]
    pub fn with_delay(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }

    /// Waits before each piece of the answer but the first.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use probity_eval::scripted::Reply;
    ///
    /// let slow = Reply::text("one two three").with_delay_between(Duration::from_millis(20));
    /// # drop(slow);
    /// ```
    #[must_use]
    pub fn with_delay_between(mut self, delay: Duration) -> Self {
        self.delay_between = delay;
        self
    }

    /// Adds a header to the provider's answer, which a raw capture shows.
    ///
    /// # Examples
    ///
    /// ```
    /// use probity_eval::scripted::Reply;
    ///
    /// let reply = Reply::text("Paris").with_header("openai-processing-ms", "250");
    /// # drop(reply);
    /// ```
    #[must_use]
    pub fn with_header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.add(name, value);
        self
    }

    /// Sets what goes wrong.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::sync::Arc;
    ///
    /// use probity_eval::{
    ///     Budget, Llm, TurnError,
    ///     scripted::{Fault, Reply, ScriptedModel},
    /// };
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let bad = Reply::text("one two three").with_fault(Fault::malformed_json().after_deltas(2));
    /// let llm = Llm::new(Arc::new(ScriptedModel::replies([bad])), Budget::unlimited());
    /// let error = llm.completion("Count.").collect().await.unwrap_err();
    /// let TurnError::Model { partial: Some(partial), .. } = error else { panic!("{error}") };
    /// assert_eq!(partial.text, "one two");
    /// # }
    /// ```
    #[must_use]
    pub fn with_fault(mut self, fault: Fault) -> Self {
        self.fault = Some(fault);
        self
    }
}
