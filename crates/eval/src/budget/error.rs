//! Why a budget refused a call.

use std::fmt;

/// A budget refused a call, which was not sent.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum BudgetError {
    /// The call might exceed a limit.
    #[error(
        "the budget of {limit} {what} does not allow this call: {spent} spent, {reserved} reserved by \
         calls under way, {needed} more needed"
    )]
    #[non_exhaustive]
    Exceeded {
        /// What is limited.
        what: BudgetLimit,
        /// The most that may be spent.
        limit: f64,
        /// What was spent before.
        spent: f64,
        /// What calls under way may yet spend.
        reserved: f64,
        /// What this call may need.
        needed: f64,
    },
    /// The budget limits cost, and the model has no price.
    #[error(
        "the budget limits cost, and there is no price for model {model:?}: add one with \
         `Llm::with_prices`"
    )]
    #[non_exhaustive]
    UnknownPrice {
        /// The model.
        model: String,
    },
}

/// What a budget limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum BudgetLimit {
    /// Requests.
    Requests,
    /// Tokens.
    Tokens,
    /// US dollars.
    Cost,
}

impl fmt::Display for BudgetLimit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Requests => "requests",
            Self::Tokens => "tokens",
            Self::Cost => "US dollars",
        })
    }
}
