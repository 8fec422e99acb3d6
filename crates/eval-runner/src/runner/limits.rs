//! Watches that an attempt at a trial keeps within its limits.

use probity_eval::{
    Prices,
    probe::{SpendLimit, spend_limit},
};

use crate::trials::TrialLimits;

/// Returns what watches the spending of an attempt; `None` if nothing does.
pub(super) fn on_spending(limits: TrialLimits, prices: &Prices) -> Option<SpendLimit> {
    if limits.tokens.is_none() && limits.cost_usd.is_none() {
        return None;
    }
    let mut limit = spend_limit();
    if let Some(tokens) = limits.tokens {
        limit = limit.max_tokens(tokens);
    }
    if let Some(dollars) = limits.cost_usd {
        limit = limit.max_cost_usd(dollars, prices.clone());
    }
    Some(limit)
}
