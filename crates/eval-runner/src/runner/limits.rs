//! What one trial may use.

use std::time::Duration;

use probity_eval::{
    Prices,
    probe::{SpendLimit, spend_limit},
};

/// What one trial may use. An agent that needs more has failed.
///
/// Tokens and cost are counted when a model call ends, so a trial may exceed them by its last call. They are read
/// from its spans: what a provider does not report is not counted.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
#[non_exhaustive]
pub struct TrialLimits {
    /// How long the agent may take, without the time in which all that it does is to wait until a model call may be
    /// sent.
    pub time: Option<Duration>,
    /// How many tokens its model calls may use, of input and output together.
    pub tokens: Option<u64>,
    /// What its model calls may cost, in US dollars.
    pub cost_usd: Option<f64>,
}

impl TrialLimits {
    /// Returns what watches the spending of a trial; `None` if nothing does.
    pub(super) fn on_spending(self, prices: &Prices) -> Option<SpendLimit> {
        if self.tokens.is_none() && self.cost_usd.is_none() {
            return None;
        }
        let mut limit = spend_limit();
        if let Some(tokens) = self.tokens {
            limit = limit.max_tokens(tokens);
        }
        if let Some(dollars) = self.cost_usd {
            limit = limit.max_cost_usd(dollars, prices.clone());
        }
        Some(limit)
    }
}
