//! Models of any provider that `genai` knows.
//!
//! [`GenAiModel`] is asked by evals and judges: a [`Model`](probity_eval::Model) over a `genai` client.
//!
//! # What `genai` does not tell
//!
//! Of an answer that is no refusal `genai` hands out neither status nor headers, so that the identifier
//! of the request is known only where a request fails, and the errors of streams have no status. It
//! does not hand out the request that it sends either: the raw capture gets the request as it is given
//! to `genai`, and the address without its path. Payloads of streams are there whole.
//!
//! # Two spans for one call
//!
//! While a request runs, what `genai` itself emits is kept quiet: its feature `otel` would open a second
//! span for each call of a turn, and its log lines quote the bodies of errors, whole. Agents that call
//! `genai` themselves are not touched by that: with `otel` their calls are spans of their own, which a
//! capture reads.

mod errors;
mod frames;
mod messages;
mod model;
mod provider;
mod quiet;
mod reading;
mod request;
mod tool_calls;

pub use self::model::GenAiModel;
