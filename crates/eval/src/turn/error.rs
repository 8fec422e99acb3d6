//! Why a turn has no result.

use std::borrow::Cow;

use super::result::TextTurnResult;
use crate::{
    answer_schema::{InvalidAnswer, InvalidSchema},
    budget::BudgetError,
    excerpt::Excerpt,
    model::ModelError,
    probe::StopReason,
};

/// Why a turn has no result.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TurnError {
    /// The context has no model.
    #[error("the context has no model: make it with `Llm::new` to ask one")]
    NoModel,
    /// The budget does not allow the call, which was not sent.
    #[error(transparent)]
    Budget(#[from] BudgetError),
    /// The shape that was asked for is no valid JSON Schema.
    #[error(transparent)]
    Schema(#[from] InvalidSchema),
    /// The model did not answer, or its answer broke off.
    #[error("{error}{}", after(*attempts))]
    #[non_exhaustive]
    Model {
        /// The error of the last attempt.
        error: ModelError,
        /// How many requests were sent.
        attempts: u32,
        /// What had come until then, if anything.
        partial: Option<Box<TextTurnResult>>,
    },
    /// The model refused to answer.
    #[error("the model refused to answer{}", in_words(reason))]
    #[non_exhaustive]
    Refused {
        /// The model's words, whole; empty if it said none. The error prints their beginning, without secrets.
        reason: String,
        /// The turn.
        turn: Box<TextTurnResult>,
    },
    /// A probe ended the turn before there was an answer of the shape that was asked for.
    #[error("{reason}")]
    #[non_exhaustive]
    Stopped {
        /// Why the probe ended it.
        reason: Box<StopReason>,
        /// The turn, as far as it came.
        turn: Box<TextTurnResult>,
    },
    /// The answer does not have the shape that was asked for.
    #[error("{invalid}")]
    #[non_exhaustive]
    Invalid {
        /// What is wrong with it.
        invalid: InvalidAnswer,
        /// The turn.
        turn: Box<TextTurnResult>,
    },
}

impl TurnError {
    /// Returns what a span records as `error.type`: the HTTP status, or a name of the kind.
    pub fn error_type(&self) -> Cow<'static, str> {
        match self {
            Self::Model { error, .. } => error.error_type(),
            Self::Budget(_) => "budget_exceeded".into(),
            Self::NoModel => "no_model".into(),
            Self::Schema(_) => "invalid_schema".into(),
            Self::Refused { .. } => "refused".into(),
            Self::Invalid { .. } => "invalid_answer".into(),
            Self::Stopped { .. } => "stopped".into(),
        }
    }

    /// Returns the error of the model, if it was the model.
    pub fn model_error(&self) -> Option<&ModelError> {
        match self {
            Self::Model { error, .. } => Some(error),
            _ => None,
        }
    }
}

fn after(attempts: u32) -> String {
    match attempts {
        0 | 1 => String::new(),
        attempts => format!(" (after {attempts} attempts)"),
    }
}

/// Shows the beginning of the words, without secrets.
fn in_words(reason: &str) -> String {
    if reason.is_empty() { String::new() } else { format!(": {}", Excerpt::of(reason)) }
}
