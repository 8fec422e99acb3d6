//! Why an answer ends.

/// Why an answer ends.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Finish {
    /// The model had said all: `stop`, `end_turn`.
    Stop,
    /// The limit of output tokens was reached: `length`, `max_tokens`.
    Length,
    /// The model waits for its tools: `tool_calls`, `tool_use`.
    ToolCalls,
    /// The provider cut the answer off: `content_filter`, `refusal`.
    ContentFilter,
    /// The model refused: `stop`, `refusal`.
    Refusal,
    /// The model wrote this stop sequence: `stop`, `stop_sequence`.
    StopSequence(String),
    /// A reason that no client knows yet, as it is written.
    Other(String),
}
