//! Why a judge gave no verdict.

use std::{borrow::Cow, fmt};

use crate::{budget::BudgetError, excerpt::Excerpt, model::ModelError, turn::TurnError};

/// Why a judge gave no verdict.
///
/// Whatever the kind, the artifact was not graded, which is not the same as failed: nothing was found out
/// about it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum JudgeError {
    /// No reply had the shape that was asked for.
    #[error("{}; its last reply was {}", no_verdict(*tries, reason), last_reply.quoted())]
    #[non_exhaustive]
    Unparsed {
        /// How many replies there were: one, and one more for each correction.
        tries: u32,
        /// What is wrong with the last one. It may quote it.
        reason: String,
        /// The same without a word of the reply, for places that shall hold no content.
        content_free: String,
        /// The beginning of the last one.
        last_reply: Excerpt,
    },
    /// The judge refused, or the provider's filter ended its reply.
    #[error("the judge refused to judge: {reason}")]
    #[non_exhaustive]
    Refused {
        /// The judge's words, or those of the filter; empty if there are none.
        reason: Excerpt,
    },
    /// The budget does not allow to ask, or to ask again.
    #[error(transparent)]
    Budget(#[from] BudgetError),
    /// The context has no model, the model did not answer, or the schema is not one.
    #[error(transparent)]
    Model(TurnError),
}

impl JudgeError {
    /// Returns the error of the model, if it was the model that did not answer.
    pub fn model_error(&self) -> Option<&ModelError> {
        match self {
            Self::Model(error) => error.model_error(),
            _ => None,
        }
    }

    /// Returns what the judge's span records as `error.type`.
    pub fn error_type(&self) -> Cow<'static, str> {
        match self {
            Self::Unparsed { .. } => Cow::Borrowed("unparsed"),
            Self::Refused { .. } => Cow::Borrowed("refused"),
            Self::Budget(_) => Cow::Borrowed("budget_exceeded"),
            Self::Model(TurnError::NoModel) => Cow::Borrowed("no_model"),
            Self::Model(TurnError::Schema(_)) => Cow::Borrowed("invalid_schema"),
            Self::Model(error) => {
                error.model_error().map_or(Cow::Borrowed("_OTHER"), ModelError::error_type)
            }
        }
    }

    /// Returns what prints the error without a word of the judge, which is content and not for every span.
    pub(super) fn without_content(&self) -> impl fmt::Display + '_ {
        fmt::from_fn(move |f| match self {
            Self::Unparsed { tries, content_free, .. } => {
                write!(f, "{}", no_verdict(*tries, content_free))
            }
            Self::Refused { .. } => f.write_str("the judge refused to judge"),
            other => write!(f, "{other}"),
        })
    }
}

fn no_verdict(tries: u32, reason: &str) -> impl fmt::Display + '_ {
    fmt::from_fn(move |f| {
        let unit = if tries == 1 { "try" } else { "tries" };
        write!(f, "the judge gave no verdict in {tries} {unit}: {reason}")
    })
}

impl From<TurnError> for JudgeError {
    fn from(error: TurnError) -> Self {
        match error {
            TurnError::Budget(error) => Self::Budget(error),
            TurnError::Refused { reason, .. } => Self::Refused { reason: Excerpt::of(&reason) },
            TurnError::Invalid { invalid, turn } => Self::Unparsed {
                tries: 1,
                content_free: invalid.without_content().to_owned(),
                reason: invalid.reason,
                last_reply: Excerpt::of(&turn.text),
            },
            other => Self::Model(other),
        }
    }
}
