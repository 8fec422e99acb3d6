//! Turns: one question to a model and its answer, with a span, a budget and retries.

mod admitted;
mod answer;
mod call;
mod charge;
mod collect;
mod engine;
mod error;
mod options;
mod probed;
mod result;
mod span;
mod stream;
mod structured;
mod text;

pub use self::{
    error::TurnError,
    result::{RequestedToolCall, TextTurnResult},
    stream::TurnStream,
    structured::{StructuredTurn, StructuredTurnResult},
    text::TextTurn,
};
pub(crate) use options::{TurnOptions, turn_options};
